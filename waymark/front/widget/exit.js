/*
 * Leaving at once. The order matters: first nothing is to be seen any more, then nothing is kept here, then
 * the page goes. Telling the server comes along the way and is never waited for.
 */

const PRESSES = 3;
const WITHIN_MS = 2000;

/**
 * Blank the page and go somewhere harmless, so that Back does not return here.
 * @param {string} address
 */
export function leave(address) {
  document.body.replaceChildren();
  // The next site must not learn which page was left.
  const referrer = document.createElement("meta");
  referrer.name = "referrer";
  referrer.content = "no-referrer";
  document.head.append(referrer);
  window.location.replace(address);
}

/**
 * Call `onThird` when Escape is pressed three times in a short time, wherever the cursor is.
 * @param {Function} onThird
 * @returns {Function} stops listening
 */
export function watchEscape(onThird) {
  let presses = [];
  const listen = (event) => {
    if (event.key !== "Escape" || event.repeat || event.isComposing) return;
    const now = Date.now();
    presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
    if (presses.length >= PRESSES) {
      presses = [];
      onThird();
    }
  };
  // In the capture phase, so that a page which swallows Escape cannot keep a person here.
  window.addEventListener("keydown", listen, true);
  return () => window.removeEventListener("keydown", listen, true);
}

/**
 * Tell and hear the other tabs of this browser. A browser without the means simply has tabs that do not talk.
 * @param {(note: Object) => void} onNote
 * @returns {{tell: (note: Object) => void, close: Function}}
 */
export function otherTabs(onNote) {
  if (typeof BroadcastChannel === "undefined") return { tell() {}, close() {} };
  const channel = new BroadcastChannel("waymark");
  channel.onmessage = (event) => onNote(event.data || {});
  return { tell: (note) => channel.postMessage(note), close: () => channel.close() };
}
