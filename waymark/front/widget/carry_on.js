/* Carrying on in another channel: a code to take along, and a field for a code from there. */

import { el } from "./dom.js";
import { STRINGS } from "./strings.js";

// A link that the server gives leads to the bot and nowhere else.
const TELEGRAM = "https://t.me/";

/** The part of the settings that joins this chat with the one in Telegram. */
export class CarryOn {
  /**
   * @param {{onAsk: () => Promise<import("./api.js").Answer>, onUse: (code: string) => Promise<import("./api.js").Answer>}} on
   */
  constructor({ onAsk, onUse }) {
    this.onAsk = onAsk;
    this.onUse = onUse;
    this.busy = false;
    this.given = el("div", { class: "given", role: "status" });
    this.problem = el("p", { class: "problem", id: "wm-code-problem", role: "status" });
    this.input = el("input", {
      type: "text",
      id: "wm-code",
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      enterkeyhint: "go",
      "aria-describedby": "wm-code-problem",
    });
    this.node = el(
      "fieldset",
      { class: "field carry-on" },
      el("legend", null, STRINGS.carryOn),
      el("p", { class: "help", id: "wm-telegram-help" }, STRINGS.telegramHelp),
      this.button("button", STRINGS.toTelegram, { "aria-describedby": "wm-telegram-help", onclick: () => this.ask() }),
      this.given,
      el(
        "form",
        { class: "code-form", novalidate: true, onsubmit: (event) => this.submit(event) },
        el("label", { for: "wm-code" }, STRINGS.codeLabel),
        this.problem,
        el("div", { class: "row" }, this.input, this.button("submit", STRINGS.useCode))
      )
    );
  }

  /** Show neither a code nor what was typed. */
  reset() {
    this.give();
    this.input.value = "";
    this.say("");
  }

  button(type, words, more) {
    return el("button", { type, class: "strong", ...more }, words);
  }

  /** Get a code and show it. */
  ask() {
    return this.once(async () => {
      const answer = await this.onAsk();
      if (answer.outcome !== "answered") {
        this.give(el("p", { class: "problem" }, wordsOf(answer)));
        return;
      }
      const { code, telegram } = answer.body;
      const words = el("p", null, STRINGS.sendCode, " ", el("strong", { class: "code" }, code));
      this.give(words, ...(telegram && telegram.startsWith(TELEGRAM) ? [telegramLink(telegram)] : []));
    });
  }

  give(...nodes) {
    this.given.replaceChildren(...nodes);
    if (nodes.length) this.given.scrollIntoView({ block: "nearest" });
  }

  submit(event) {
    event.preventDefault();
    const code = this.input.value.trim();
    if (!code) {
      this.say(STRINGS.codeMissing);
      this.input.focus();
      return null;
    }
    return this.once(async () => {
      this.say("");
      const answer = await this.onUse(code);
      if (answer.outcome !== "answered") this.say(wordsOf(answer));
    });
  }

  say(words) {
    this.problem.textContent = words;
    if (!words) {
      this.input.removeAttribute("aria-invalid");
      return;
    }
    this.input.setAttribute("aria-invalid", "true");
    this.problem.scrollIntoView({ block: "nearest" });
  }

  /** A second press while the first one is under way does nothing: a code counts once. */
  async once(work) {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
    }
  }
}

function telegramLink(address) {
  return el("a", { class: "number", href: address, target: "_blank", rel: "noreferrer noopener" }, STRINGS.openTelegram);
}

/** The server says in plain words why not; without a server there is one sentence of our own. */
function wordsOf(answer) {
  const words = answer.body && answer.body.message;
  return typeof words === "string" && words ? words : STRINGS.linkFailed;
}
