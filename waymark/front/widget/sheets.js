/* The two pages behind the chat: phone numbers, and settings. */

import { CarryOn } from "./carry_on.js";
import { el } from "./dom.js";
import { numberList } from "./resources.js";
import { STRINGS } from "./strings.js";

/** A part of the panel that takes the place of the chat while it is open. */
class Sheet {
  constructor(id, title, onClose) {
    this.heading = el("h3", { id: `wm-${id}-title`, tabindex: "-1" }, title);
    this.body = el("div", { class: "sheet-body" });
    this.node = el(
      "section",
      { class: `sheet sheet-${id}`, "aria-labelledby": `wm-${id}-title`, hidden: true },
      this.heading,
      this.body,
      el("button", { type: "button", class: "plain back", onclick: onClose }, STRINGS.back)
    );
  }
}

/** Numbers to call or text. */
export class NumbersSheet extends Sheet {
  constructor({ onClose, onChangeCountry }) {
    super("numbers", STRINGS.numbersTitle, onClose);
    this.onChangeCountry = onChangeCountry;
  }

  /** @param {{name: string, numbers: Object[]}} place */
  show(place) {
    this.body.replaceChildren(
      el("p", { class: "help" }, STRINGS.numbersFor(place.name)),
      numberList(place.numbers),
      el("button", { type: "button", class: "plain", onclick: this.onChangeCountry }, STRINGS.changeCountry)
    );
  }
}

/** Country, remembering, text size, carrying on elsewhere, clearing. */
export class SettingsSheet extends Sheet {
  /**
   * @param {{onClose: Function, onCountry: Function, onRemember: Function, onSize: Function, onAskCode: Function,
   *   onUseCode: Function, onClear: Function}} on
   */
  constructor(on) {
    super("settings", STRINGS.settings, on.onClose);
    this.on = on;
    this.country = el("select", {
      id: "wm-country",
      "aria-describedby": "wm-country-help",
      onchange: () => on.onCountry(this.country.value || null),
    });
    this.remember = el("input", {
      type: "checkbox",
      id: "wm-remember",
      "aria-describedby": "wm-remember-help",
      onchange: () => on.onRemember(this.remember.checked),
    });
    this.sizes = Object.entries(STRINGS.sizes).map(([size, words]) => this.sizeChoice(size, words));
    this.carryOn = new CarryOn({ onAsk: on.onAskCode, onUse: on.onUseCode });
    this.clearPart = el("div", { class: "clear-part" });
    this.body.append(
      el(
        "div",
        { class: "field" },
        el("label", { for: "wm-country" }, STRINGS.country),
        el("p", { class: "help", id: "wm-country-help" }, STRINGS.countryHelp),
        this.country
      ),
      el("fieldset", { class: "field sizes" }, el("legend", null, STRINGS.textSize), ...this.sizes),
      el(
        "div",
        { class: "field" },
        el("div", { class: "tick" }, this.remember, el("label", { for: "wm-remember" }, STRINGS.remember)),
        el("p", { class: "help", id: "wm-remember-help" }, STRINGS.rememberHelp)
      ),
      this.carryOn.node,
      this.clearPart
    );
    this.askClear(false);
  }

  /**
   * @param {{countries: [string, string][], country: string|null, remembered: boolean, size: string, telegram: boolean}} now
   */
  show(now) {
    this.country.replaceChildren(
      el("option", { value: "" }, STRINGS.countryUnknown),
      ...now.countries.map(([code, name]) => el("option", { value: code }, name))
    );
    this.country.value = now.country || "";
    this.remember.checked = now.remembered;
    this.sizes.forEach((choice) => {
      const input = choice.querySelector("input");
      input.checked = input.value === now.size;
    });
    this.carryOn.reset();
    this.carryOn.node.hidden = !now.telegram;
    this.askClear(false);
  }

  sizeChoice(size, words) {
    const id = `wm-size-${size}`;
    const input = el("input", { type: "radio", name: "wm-size", id, value: size, onchange: () => this.on.onSize(size) });
    return el("div", { class: "tick" }, input, el("label", { for: id }, words));
  }

  /** Clearing is asked for twice, because it cannot be undone; leaving in a hurry has its own button. */
  askClear(asked) {
    const button = (words, style, onclick) => el("button", { type: "button", class: style, onclick }, words);
    const buttons = asked
      ? [
          button(STRINGS.clearConfirm, "strong", () => this.on.onClear()),
          button(STRINGS.clearCancel, "plain", () => this.askClear(false)),
        ]
      : [button(STRINGS.clear, "plain", () => this.askClear(true))];
    const hadFocus = this.clearPart.contains(this.node.getRootNode().activeElement);
    this.clearPart.replaceChildren(el("p", { class: "help" }, STRINGS.clearHelp), ...buttons);
    if (hadFocus) buttons[buttons.length - 1].focus();
  }
}
