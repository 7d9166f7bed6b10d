/* The frame around the chat: header, notice, banner, and which of chat, numbers and settings is on view. */

import { el, icon } from "./dom.js";
import { numberList } from "./resources.js";
import { STRINGS } from "./strings.js";

/** The panel with its fixed parts. It shows; what happens is decided in chat.js. */
export class Panel {
  /**
   * @param {{heading: string, launcher: boolean}} config
   * @param {{log: HTMLElement, composer: HTMLElement, sheets: Object<string, {node: HTMLElement, heading: HTMLElement}>}} parts
   * @param {{onExit: Function, onClose: Function, onSheet: (name: string) => void}} on
   */
  constructor(config, parts, on) {
    this.parts = parts;
    this.on = on;
    this.open = null;
    this.openers = {
      numbers: this.opener("numbers", STRINGS.numbers),
      settings: this.opener("settings", STRINGS.settings),
    };
    this.title = el("h2", { tabindex: "-1" }, config.heading);
    this.banner = el("div", { class: "banner", role: "status" });
    this.writing = el("p", { class: "writing", "aria-hidden": "true" });
    this.announcer = el("p", { class: "quiet", role: "status" });
    this.chat = el("div", { class: "chat" }, parts.log, this.writing, parts.composer);
    this.node = el(
      "section",
      { class: "panel", "aria-label": config.heading },
      el(
        "header",
        { class: "top" },
        el("div", { class: "name" }, icon("cairn"), this.title),
        el("div", { class: "tools" }, this.openers.numbers, this.openers.settings),
        el(
          "div",
          { class: "ways-out" },
          exitButton(on.onExit),
          config.launcher ? el("button", { type: "button", class: "plain close", onclick: on.onClose }, STRINGS.close) : null
        )
      ),
      el("p", { class: "notice-line" }, STRINGS.notice),
      this.banner,
      this.chat,
      ...Object.values(parts.sheets).map((sheet) => sheet.node),
      this.announcer
    );
  }

  /**
   * Show numbers or settings in place of the chat.
   * @param {"numbers"|"settings"} name
   */
  showSheet(name) {
    this.on.onSheet(name);
    this.setOpen(name);
    this.parts.sheets[name].heading.focus();
  }

  /**
   * Back to the chat.
   * @param {boolean} [restoreFocus] to the button that opened the sheet
   */
  showChat(restoreFocus = true) {
    if (!this.open) return;
    const opener = this.openers[this.open];
    this.setOpen(null);
    if (restoreFocus) opener.focus();
  }

  /**
   * Say that there is no connection, with the numbers that help now; null takes it away.
   * @param {Object[]|null} numbers
   */
  showOffline(numbers) {
    if (!numbers) {
      // Said to screen readers too: they heard that the connection was gone.
      if (this.banner.hasChildNodes()) this.announce(STRINGS.connectedAgain);
      this.banner.replaceChildren();
      return;
    }
    this.banner.replaceChildren(
      el("p", null, el("strong", null, STRINGS.offlineTitle), ". ", STRINGS.offlineText),
      numberList(numbers),
      el("button", { type: "button", class: "plain", onclick: () => this.showSheet("numbers") }, STRINGS.allNumbers)
    );
  }

  /** @param {boolean} visible whether an answer is being worked on */
  showWriting(visible) {
    this.writing.textContent = visible ? STRINGS.writing : "";
  }

  /**
   * Say something to screen readers only.
   * @param {string} words
   */
  announce(words) {
    this.announcer.textContent = words;
  }

  opener(name, words) {
    return el(
      "button",
      {
        type: "button",
        class: "plain",
        "aria-expanded": "false",
        onclick: () => (this.open === name ? this.showChat() : this.showSheet(name)),
      },
      name === "numbers" ? icon("phone") : null,
      words
    );
  }

  setOpen(name) {
    this.open = name;
    this.chat.hidden = name !== null;
    for (const [other, sheet] of Object.entries(this.parts.sheets)) sheet.node.hidden = other !== name;
    for (const [other, button] of Object.entries(this.openers)) {
      button.setAttribute("aria-expanded", String(other === name));
    }
  }
}

/**
 * The button that leaves at once.
 * @param {Function} onExit
 * @returns {HTMLElement}
 */
export function exitButton(onExit) {
  return el(
    "button",
    { type: "button", class: "exit", title: STRINGS.exitHelp, onclick: onExit },
    icon("exit"),
    STRINGS.exit
  );
}
