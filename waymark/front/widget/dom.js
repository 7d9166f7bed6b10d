/* Building elements without ever parsing text as HTML, so that hostile text stays text. */

/**
 * Make an element.
 * @param {string} tag
 * @param {Object} [attributes] plain attributes; `onclick` and the like take functions; false and null are left out
 * @param {...(Node|string|null)} children strings become text nodes
 * @returns {HTMLElement}
 */
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SHAPES = {
  // A triangle with a mark: for danger, never for decoration.
  danger: ["M12 3.5 22 20.5H2Z", "M12 10v5", "M12 17.6v.4"],
  // A door with an arrow out of it.
  exit: ["M13 4H5v16h8", "M10 12h11", "M17.5 8.5 21 12l-3.5 3.5"],
  phone: ["M6 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 6 6l1.5-2 4.5 1.5v3a2 2 0 0 1-2 2A15.5 15.5 0 0 1 4 5.5a2 2 0 0 1 2-2Z"],
  // Three stones on each other, the way-mark of hill paths.
  cairn: [
    "M3.5 18.2c0-2 3.5-3 8.5-3s8.5 1 8.5 3-3.5 2.8-8.5 2.8-8.5-.8-8.5-2.8Z",
    "M6.2 12.2c0-1.7 2.5-2.5 5.8-2.5s5.8.8 5.8 2.5-2.5 2.5-5.8 2.5-5.8-.8-5.8-2.5Z",
    "M8.8 6.6c0-1.6 1.4-2.6 3.2-2.6s3.2 1 3.2 2.6-1.4 2.2-3.2 2.2-3.2-.6-3.2-2.2Z",
  ],
};

/**
 * A small line drawing, hidden from screen readers because a word always stands beside it.
 * @param {"danger"|"exit"|"phone"|"cairn"} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

/**
 * An id that no other message has.
 * @returns {string}
 */
export function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  // Pages without TLS have no randomUUID, but they do have random bytes.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * Wait.
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
