/* The box to write in. */

import { el } from "./dom.js";
import { STRINGS } from "./strings.js";

export const LONGEST_TEXT = 4000;
const COUNT_FROM = 3600;

/** A labelled text area with a send button and a counter that appears near the limit. */
export class Composer {
  /** @param {(text: string) => void} onSend */
  constructor(onSend) {
    this.onSend = onSend;
    this.counter = el("span", { class: "counter", id: "wm-counter", hidden: true });
    // Spoken only when the limit is near, and politely: a number at every key press would drown the writing.
    this.spoken = el("span", { class: "quiet", role: "status" });
    this.input = el("textarea", {
      id: "wm-input",
      rows: "2",
      autocomplete: "off",
      enterkeyhint: "send",
      "aria-describedby": "wm-counter",
      oninput: () => this.changed(),
      onkeydown: (event) => this.key(event),
    });
    this.node = el(
      "form",
      { class: "composer", novalidate: true, onsubmit: (event) => this.submit(event) },
      el("div", { class: "above" }, el("label", { for: "wm-input" }, STRINGS.inputLabel), this.counter),
      this.spoken,
      el("div", { class: "row" }, this.input, el("button", { type: "submit", class: "send" }, STRINGS.send))
    );
  }

  /** Put the cursor in the box. */
  focus() {
    this.input.focus();
  }

  /**
   * Give a text back to the person, unless they are already writing another one.
   * @param {string} text
   */
  giveBack(text) {
    if (this.input.value.trim()) return;
    this.input.value = text;
    this.changed();
  }

  /** Leave nothing of what was being written. */
  clear() {
    this.input.value = "";
    this.changed();
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit(event);
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    // A text over the limit is sent all the same: the server looks at it for danger before it refuses it.
    this.clear();
    this.onSend(text);
    this.focus();
  }

  changed() {
    // Counted as the server counts: characters, where an emoji is one.
    const left = LONGEST_TEXT - Array.from(this.input.value).length;
    this.counter.hidden = left > LONGEST_TEXT - COUNT_FROM;
    this.counter.classList.toggle("over", left < 0);
    this.counter.textContent = left < 0 ? STRINGS.charactersOver(-left) : STRINGS.charactersLeft(left);
    const worthSaying = !this.counter.hidden && (left < 0 || left % 100 === 0);
    if (this.counter.hidden) this.spoken.textContent = "";
    else if (worthSaying) this.spoken.textContent = this.counter.textContent;
  }
}
