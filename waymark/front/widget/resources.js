/* Phone numbers to reach people: fetched once, kept with the tab, so that they are there without a network. */

import { el } from "./dom.js";
import { FALLBACK_NUMBERS, STRINGS } from "./strings.js";

/** The numbers of every country the site knows. */
export class Resources {
  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
    this.data = store.get("resources") || { countries: {}, unknown: {} };
  }

  /**
   * Fetch the list; an older or the built-in list stays when that fails.
   * @param {string} origin
   */
  async load(origin) {
    try {
      const response = await fetch(`${origin}/widget/resources.json`, { credentials: "omit" });
      if (!response.ok) return;
      this.data = await response.json();
      this.store.set("resources", this.data);
    } catch (error) {
      // No network: what is in memory serves.
    }
  }

  /** Countries as [code, name], by name. */
  get countries() {
    return Object.entries(this.data.countries || {})
      .map(([code, country]) => [code, country.name || code])
      .sort((a, b) => a[1].localeCompare(b[1]));
  }

  /**
   * @param {string|null} country
   * @returns {{name: string, numbers: Object[]}}
   */
  of(country) {
    const entry = (this.data.countries || {})[country] || this.data.unknown || {};
    const numbers = entry.numbers && entry.numbers.length ? entry.numbers : FALLBACK_NUMBERS;
    return { name: entry.name || STRINGS.unknownPlace, numbers };
  }

  /**
   * The few to show when there is little room: emergency first. Where the country is not known every
   * emergency number is shown, because only one of them is right.
   */
  mostUrgent(country) {
    const { numbers } = this.of(country);
    const urgent = numbers.filter((entry) => entry.kind === "emergency");
    const others = numbers.filter((entry) => entry.kind !== "emergency" && entry.how !== "web");
    return [...urgent, ...others.slice(0, Math.max(0, 3 - urgent.length))];
  }

  /**
   * A text as nodes in which the numbers we know are links. Only numbers from the list become links, so
   * that no reply can smuggle in another one.
   * @param {string} text
   * @param {string|null} country
   * @returns {(string|HTMLElement)[]}
   */
  linked(text, country) {
    const known = this.linkable(country);
    if (!known.size) return [text];
    const patterns = [...known.keys()]
      .sort((a, b) => b.length - a.length)
      .map((digits) => digits.split("").join("[\\s\\u00a0().-]*"));
    const finder = new RegExp(`(^|[^\\d+])(${patterns.join("|")})(?!\\d)`, "g");
    const nodes = [];
    let end = 0;
    for (let match = finder.exec(text); match; match = finder.exec(text)) {
      const start = match.index + match[1].length;
      const number = match[2];
      nodes.push(text.slice(end, start));
      const ways = known.get(digitsOf(number));
      nodes.push(el("a", { href: `${schemeFor(ways, text.slice(0, start))}:${digitsOf(number)}` }, number));
      end = start + number.length;
    }
    nodes.push(text.slice(end));
    return nodes.filter((node) => node !== "");
  }

  /** Digits of each number that may become a link, with the ways to reach it. */
  linkable(country) {
    const known = new Map();
    const own = this.of(country).numbers;
    const others = Object.values(this.data.countries || {}).flatMap((entry) => entry.numbers || []);
    const unknown = (this.data.unknown || {}).numbers || [];
    for (const entry of [...own, ...others, ...unknown, ...FALLBACK_NUMBERS]) {
      const digits = digitsOf(entry.number);
      // Two-digit numbers of other countries would turn "15 minutes" into a phone call.
      if (!digits || (digits.length < 3 && !own.includes(entry))) continue;
      if (!known.has(digits)) known.set(digits, new Set());
      known.get(digits).add(entry.how === "text" ? "sms" : "tel");
    }
    return known;
  }
}

function digitsOf(number) {
  return String(number).replace(/\D/g, "");
}

/** "Text SHOUT to 85258" is a text message; "call or text 988" is answered best by a call. */
function schemeFor(ways, before) {
  if (ways.size === 1) return [...ways][0];
  const lead = before.slice(-28).toLowerCase();
  return /\b(text|sms)\b/.test(lead) && !/\b(call|ring|phone|dial)\b/.test(lead) ? "sms" : "tel";
}

/**
 * A link that calls, texts or opens one entry of the list.
 * @param {{label: string, number: string, how: string}} entry
 * @returns {HTMLElement}
 */
export function numberLink(entry) {
  const number = String(entry.number);
  const digits = (number.startsWith("+") ? "+" : "") + digitsOf(number);
  // Short numbers read as one word are mistaken for an amount; the label says what the link is for.
  if (entry.how === "text") return el("a", { class: "number", href: `sms:${digits}` }, STRINGS.text(number));
  if (entry.how === "web" || !/\d/.test(number)) {
    const address = /^https:\/\//.test(number) ? number : `https://${number}`;
    return el("a", { class: "number", href: address, target: "_blank", rel: "noopener noreferrer" }, number);
  }
  return el("a", { class: "number", href: `tel:${digits}` }, STRINGS.call(number));
}

/**
 * A list of numbers with their labels.
 * @param {Object[]} numbers
 * @returns {HTMLElement}
 */
export function numberList(numbers) {
  const items = numbers.map((entry) =>
    el(
      "li",
      { class: entry.kind === "emergency" ? "entry urgent" : "entry" },
      el("span", { class: "label" }, entry.label, entry.note ? el("span", { class: "note" }, ` ${entry.note}`) : null),
      numberLink(entry)
    )
  );
  return el("ul", { class: "numbers", role: "list" }, ...items);
}
