/* The messages as people see and hear them. */

import { el, icon } from "./dom.js";
import { withOwnLinks } from "./own_links.js";
import { STRINGS } from "./strings.js";

const STATE_WORDS = {
  sending: STRINGS.sending,
  sent: STRINGS.sent,
  kept: STRINGS.kept,
  slow_down: STRINGS.slowDown,
  unsent: STRINGS.unsent,
  refused: STRINGS.refused,
  conflict: STRINGS.refused,
  button_lost: STRINGS.refused,
  forbidden: STRINGS.refused,
};
const CAN_RETRY = ["unsent", "refused"];
// Nearer to the end than this, and the log follows new messages; further up, the person is reading.
const NEAR_END_PX = 120;

/** The list of messages, a live region for screen readers. */
export class MessageLog {
  /**
   * @param {(text: string) => (Node|string)[]} linked turns a text into nodes with phone links
   * @param {string} origin of the server, whose own addresses become links
   */
  constructor(linked, origin) {
    this.linked = linked;
    this.origin = origin;
    this.states = new Map();
    this.lastDay = null;
    this.node = el("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-label": STRINGS.logLabel,
      tabindex: "0",
    });
    this.intro = el("p", { class: "intro" }, STRINGS.intro);
    this.clear();
  }

  /** Back to the first words. */
  clear() {
    this.states.clear();
    this.lastDay = null;
    this.node.replaceChildren(this.intro);
  }

  /**
   * Show what the person wrote or chose.
   * @param {{key: string, text: string, at: string}} message
   */
  addOwn(message) {
    this.closeChoices();
    const state = el("span", { class: "state", "aria-live": "off" });
    this.states.set(message.key, state);
    const article = el(
      "article",
      { class: "message own", "data-key": message.key },
      this.byline(STRINGS.you, message.at, state),
      el("p", { class: "text" }, message.text)
    );
    this.node.append(article);
    this.follow(article, true);
  }

  /**
   * Show a reply, a staff message or a notice.
   * @param {{id?: string, kind: string, text: string, buttons?: Object[], at: string, author?: string}} reply
   * @param {{live: boolean, onChoose: Function}} options live: it has just come, rather than being restored
   */
  addReply(reply, { live, onChoose }) {
    const safety = reply.kind === "safety";
    const staff = /^staff:(.+)$/.exec(reply.author || "");
    const article = el(
      "article",
      { class: `message ${staff ? "from-staff" : "from-waymark"} kind-${knownKind(reply.kind)}` },
      el(
        "div",
        // A safety reply is read out at once; the nearest live region wins, so it is not read twice.
        { role: safety && live ? "alert" : null },
        safety ? el("h3", { class: "danger" }, icon("danger"), STRINGS.danger) : null,
        this.byline(staff ? STRINGS.staff(staff[1]) : STRINGS.assistant, reply.at),
        el("p", { class: "text" }, ...this.textOf(reply))
      ),
      this.choices(reply.buttons || [], onChoose)
    );
    const nearEnd = this.isNearEnd();
    this.node.append(article);
    if (!live || nearEnd || safety) this.follow(article, !live);
  }

  /**
   * Say what became of a message.
   * @param {string} key
   * @param {string} state
   * @param {Function} [onRetry]
   */
  setState(key, state, onRetry) {
    const node = this.states.get(key);
    if (!node) return;
    const hadFocus = node.contains(node.getRootNode().activeElement);
    node.className = `state state-${state}`;
    node.replaceChildren(STATE_WORDS[state] || "");
    if (onRetry && CAN_RETRY.includes(state)) {
      node.append(" ", el("button", { type: "button", class: "retry", onclick: onRetry }, STRINGS.retry));
    }
    // The retry button was removed under the person's finger: stay in the log rather than lose the place.
    if (hadFocus) this.node.focus({ preventScroll: true });
  }

  /** What was kept has been answered. */
  answeredKept() {
    for (const [key, node] of this.states) {
      if (node.classList.contains("state-kept")) this.setState(key, "sent");
    }
  }

  /** @param {string} key */
  removeOwn(key) {
    const state = this.states.get(key);
    if (state) state.closest("article").remove();
    this.states.delete(key);
  }

  /** Choices stay readable but can no longer be taken: the conversation has moved on. */
  closeChoices() {
    this.node.querySelectorAll(".choices button:not(:disabled)").forEach((button) => {
      button.disabled = true;
    });
  }

  /** Where the log ends. */
  toEnd() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  byline(name, at, state) {
    const date = at ? new Date(at) : new Date();
    const day = date.toDateString();
    const clock = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const words = day === this.lastDay || (this.lastDay === null && day === new Date().toDateString());
    const shown = words ? clock : `${date.toLocaleDateString([], { day: "numeric", month: "short" })}, ${clock}`;
    this.lastDay = day;
    return el(
      "p",
      { class: "byline" },
      el("span", { class: "who" }, name),
      " ",
      el("time", { datetime: date.toISOString() }, shown),
      " ",
      state || null
    );
  }

  textOf(reply) {
    const hasNumbers = ["safety", "safety_question", "notice"].includes(reply.kind);
    const parts = withOwnLinks(reply.text, this.origin);
    return hasNumbers ? parts.flatMap((part) => (typeof part === "string" ? this.linked(part) : [part])) : parts;
  }

  choices(buttons, onChoose) {
    if (!buttons.length) return null;
    const group = el("div", { class: "choices", role: "group", "aria-label": STRINGS.choices });
    buttons.forEach((choice) => {
      const button = el("button", { type: "button", class: "choice" }, choice.title);
      button.addEventListener("click", () => {
        button.classList.add("chosen");
        onChoose(choice);
      });
      group.append(button);
    });
    return group;
  }

  /** Whether the person is reading the newest messages. */
  isNearEnd() {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < NEAR_END_PX;
  }

  /** Bring a message into view: its end, or its beginning when it is too long to fit. */
  follow(article, toEnd) {
    const log = this.node;
    if (log.scrollHeight <= log.clientHeight + 1) {
      // On very low screens the whole panel scrolls instead of the log.
      article.scrollIntoView({ block: "nearest" });
      return;
    }
    const top = article.offsetTop - 8;
    const end = log.scrollHeight - log.clientHeight;
    log.scrollTop = toEnd ? end : Math.min(top, end);
  }
}

function knownKind(kind) {
  return ["safety", "safety_question", "notice", "summary"].includes(kind) ? kind : "message";
}
