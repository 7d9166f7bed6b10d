/*
 * What the browser keeps. By default only in this tab (sessionStorage), so that closing it leaves nothing.
 * "Remember on this device" moves the token and the settings to localStorage; unsent messages and the phone
 * numbers always stay with the tab.
 */

const PREFIX = "waymark.";
const MOVABLE = ["session", "settings"];

/** Stands in where the browser refuses storage: the chat works, and is forgotten with the page. */
class MemoryArea {
  constructor() {
    this.values = new Map();
  }
  getItem(key) {
    return this.values.has(key) ? this.values.get(key) : null;
  }
  setItem(key, value) {
    this.values.set(key, value);
  }
  removeItem(key) {
    this.values.delete(key);
  }
}

function usable(name) {
  try {
    const area = window[name];
    area.setItem(PREFIX + "probe", "1");
    area.removeItem(PREFIX + "probe");
    return area;
  } catch (error) {
    return new MemoryArea();
  }
}

/** Small typed access to the two browser storages. */
export class Store {
  constructor() {
    this.tab = usable("sessionStorage");
    this.device = usable("localStorage");
  }

  /** Whether the person asked to be remembered on this device. */
  get remembered() {
    return this.device.getItem(PREFIX + "remember") === "1";
  }

  /**
   * Move what is kept to the device, or back to this tab only.
   * @param {boolean} wanted
   */
  remember(wanted) {
    const values = MOVABLE.map((key) => [key, this.get(key)]);
    MOVABLE.forEach((key) => this.remove(key));
    if (wanted) this.device.setItem(PREFIX + "remember", "1");
    else this.device.removeItem(PREFIX + "remember");
    values.forEach(([key, value]) => value !== null && this.set(key, value));
  }

  /**
   * @param {string} key
   * @returns {any} the stored value, or null
   */
  get(key) {
    for (const area of [this.tab, this.device]) {
      try {
        const raw = area.getItem(PREFIX + key);
        if (raw !== null) return JSON.parse(raw);
      } catch (error) {
        // A value we cannot read is as good as none.
      }
    }
    return null;
  }

  /**
   * @param {string} key
   * @param {any} value
   */
  set(key, value) {
    const area = this.remembered && MOVABLE.includes(key) ? this.device : this.tab;
    try {
      area.setItem(PREFIX + key, JSON.stringify(value));
    } catch (error) {
      // Full storage must not stop a message from being sent.
    }
  }

  /** @param {string} key */
  remove(key) {
    this.tab.removeItem(PREFIX + key);
    this.device.removeItem(PREFIX + key);
  }

  /** Forget everything the widget ever kept here. */
  clear() {
    ["session", "settings", "outbox", "resources", "remember"].forEach((key) => this.remove(key));
  }
}
