/* Links to this very server in a text, such as the copy that a person asked for. No other address becomes one. */

import { el } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"“”]+/g;
// Belongs to the sentence around the address, not to the address.
const ENDING = /[.,;:!?)\]'’]+$/;

/**
 * A text as nodes in which addresses of one server are links.
 * @param {string} text
 * @param {string} origin of the server, such as https://chat.example
 * @returns {(string|HTMLElement)[]}
 */
export function withOwnLinks(text, origin) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(ENDING, "");
    if (!isOurs(address, origin)) continue;
    nodes.push(text.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function link(address) {
  return el("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, address);
}

function isOurs(address, origin) {
  try {
    const url = new URL(address);
    return url.origin === origin && !url.username && !url.password;
  } catch (error) {
    // What cannot be read as an address stays text.
    return false;
  }
}
