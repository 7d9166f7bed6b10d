/* The <waymark-chat> element: a shadow root with the chat in it, in the page or behind a launcher. */

import { Chat } from "./chat.js";
import { el, icon, pause } from "./dom.js";
import { exitButton } from "./panel.js";
import { STRINGS } from "./strings.js";

// Separate links load side by side; one file that imports the others would make a phone wait twice.
const STYLES = ["widget.css", "widget/frame.css", "widget/conversation.css", "widget/sheets.css", "widget/screens.css"];
const NEUTRAL_PAGE = "https://www.bbc.co.uk/weather";
// A stylesheet that does not come must not hide the chat for good: unstyled is better than absent.
const STYLE_PATIENCE_MS = 4000;

class WaymarkChat extends HTMLElement {
  connectedCallback() {
    if (this.chat) return;
    const origin = this.getAttribute("origin");
    const inPage = this.getAttribute("mode") === "page";
    this.unread = 0;
    this.chat = new Chat(
      {
        origin,
        country: (this.getAttribute("country") || "").toUpperCase() || null,
        heading: this.getAttribute("heading") || STRINGS.title,
        exitUrl: this.getAttribute("exit-url") || NEUTRAL_PAGE,
        launcher: !inPage,
      },
      {
        onSize: (size) => this.box.setAttribute("data-size", size),
        onNew: () => this.countNew(),
        onClose: () => this.close(),
      }
    );
    this.build(origin, inPage);
    this.chat.start();
  }

  disconnectedCallback() {
    if (!this.chat) return;
    this.chat.stop();
    this.chat = null;
    window.removeEventListener("keydown", this.onEscape);
  }

  build(origin, inPage) {
    const styles = STYLES.map((path) => el("link", { rel: "stylesheet", href: `${origin}/${path}` }));
    this.box = el("div", { class: `waymark ${inPage ? "in-page" : "in-corner"}`, hidden: true }, this.chat.panel.node);
    const show = () => {
      this.box.hidden = false;
      document.querySelectorAll("[data-waymark-fallback]").forEach((node) => node.remove());
      this.chat && this.chat.log.toEnd();
    };
    const arrivals = styles.map((style) => new Promise((done) => (style.onload = style.onerror = done)));
    Promise.race([Promise.all(arrivals), pause(STYLE_PATIENCE_MS)]).then(show);
    (this.shadowRoot || this.attachShadow({ mode: "open" })).replaceChildren(...styles, this.box);
    if (inPage) this.linkSkip();
    else this.addLauncher();
    this.onEscape = (event) => event.key === "Escape" && !event.isComposing && this.escape(inPage);
    window.addEventListener("keydown", this.onEscape);
  }

  /** A skip link that adds nothing to the history, which Back would return to after a quick exit. */
  linkSkip() {
    document.querySelectorAll("[data-waymark-skip]").forEach((link) => {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.chat.panel.showChat(false);
        this.chat.composer.focus();
      });
    });
  }

  addLauncher() {
    this.launcherWords = el("span", null, STRINGS.open);
    this.launcher = el(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", onclick: () => this.open() },
      icon("cairn"),
      this.launcherWords
    );
    this.corner = el("div", { class: "corner" }, exitButton(() => this.chat.exit()), this.launcher);
    this.chat.panel.node.hidden = true;
    this.box.append(this.corner);
  }

  open() {
    this.unread = 0;
    this.launcherWords.textContent = STRINGS.open;
    this.chat.panel.node.hidden = false;
    this.corner.hidden = true;
    this.launcher.setAttribute("aria-expanded", "true");
    this.chat.log.toEnd();
    // On a touch screen the keyboard would cover the first words; there the title takes the focus.
    if (window.matchMedia("(pointer: coarse)").matches) this.chat.panel.title.focus();
    else this.chat.composer.focus();
  }

  close() {
    this.chat.panel.showChat(false);
    this.chat.panel.node.hidden = true;
    this.corner.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }

  escape(inPage) {
    if (!this.chat) return;
    if (this.chat.panel.open) this.chat.panel.showChat();
    else if (!inPage && !this.chat.panel.node.hidden && this.shadowRoot.activeElement) this.close();
  }

  /** A count on the launcher and nothing else: no text of a message shows on a closed chat. */
  countNew() {
    if (!this.launcher || !this.chat.panel.node.hidden) return;
    this.unread += 1;
    this.launcherWords.textContent = STRINGS.openNew(this.unread);
  }
}

if (!customElements.get("waymark-chat")) customElements.define("waymark-chat", WaymarkChat);
