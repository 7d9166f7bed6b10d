/*
 * Messages on their way. A message is written to sessionStorage before it is sent and taken out once the
 * server has an answer for it, so a reload or a dead network loses nothing. A repeat always carries the same
 * message id: the server then does nothing twice.
 */

import { newId, pause } from "./dom.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 20000;
const LONGEST_PATIENCE_S = 120;
// Messages written offline go out in the order they were written, close together: the second one may be the
// urgent one and must not wait for the answer to the first.
const GAP_MS = 150;

/**
 * @typedef {Object} Outgoing
 * @property {string} key how the widget knows the message; never changes
 * @property {string} id the message id that the server sees
 * @property {string} text what the person wrote, or the title of the button
 * @property {string} [button] the value of the button
 * @property {string} at ISO time
 */

/** Sends messages, again when needed, and reports what became of each. */
export class Outbox {
  /**
   * @param {import("./store.js").Store} store
   * @param {import("./api.js").Api} api
   * @param {{state: Function, replies: Function, settled: Function, connection: Function, newSession: Function}} on
   */
  constructor(store, api, on) {
    this.store = store;
    this.api = api;
    this.on = on;
    this.items = store.get("outbox") || [];
    this.busy = new Set();
    this.waiting = new Set();
    this.wait = FIRST_WAIT_MS;
    this.timer = null;
  }

  /**
   * Send something new.
   * @param {{text: string, button?: string}} content
   * @param {(item: Outgoing) => void} show called before anything is sent
   */
  add(content, show) {
    const id = newId();
    const item = { key: id, id, at: new Date().toISOString(), ...content };
    this.items.push(item);
    this.save();
    show(item);
    this.attempt(item);
  }

  /** Try again everything that is neither under way nor told to wait. */
  async flush() {
    this.unplan();
    for (const item of [...this.items]) {
      if (this.busy.has(item.key) || this.waiting.has(item.key) || !this.items.includes(item)) continue;
      this.attempt(item);
      await pause(GAP_MS);
    }
  }

  /**
   * Try one message again because the person asked for it.
   * @param {Outgoing} item
   * @param {boolean} fresh with a new id, after the server refused the old one for good
   */
  retry(item, fresh) {
    if (fresh) item.id = newId();
    if (!this.items.includes(item)) this.items.push(item);
    this.waiting.delete(item.key);
    this.save();
    this.attempt(item);
  }

  /** Send nothing of what waits, and forget it. Answers still under way find nobody to tell. */
  reset() {
    this.unplan();
    this.items = [];
    this.waiting.clear();
    this.wait = FIRST_WAIT_MS;
    this.save();
  }

  async attempt(item) {
    if (this.busy.has(item.key)) return;
    this.busy.add(item.key);
    this.on.state(item, "sending");
    const answer = await this.api.send(item);
    this.busy.delete(item.key);
    if (!this.items.includes(item)) return;
    // Replies first, whatever the outcome: a refusal may carry a safety reply.
    this.on.replies(answer.replies, answer.outcome);
    this.settle(item, answer);
    // Last, because a connection that is back makes everything unsettled go again.
    this.on.connection(answer.outcome !== "unreachable");
  }

  settle(item, answer) {
    switch (answer.outcome) {
      case "answered":
        this.done(item, "sent");
        break;
      case "too_fast":
        this.later(item, Math.min(answer.retryAfter, LONGEST_PATIENCE_S) * 1000);
        break;
      case "unreachable":
        this.on.state(item, "unsent");
        this.again();
        break;
      case "no_session":
        this.inNewSession(item);
        break;
      default:
        this.done(item, answer.outcome);
    }
    if (answer.outcome !== "unreachable" && this.items.length) {
      this.wait = FIRST_WAIT_MS;
      this.unplan();
      this.again();
    }
  }

  done(item, state) {
    this.items = this.items.filter((other) => other.key !== item.key);
    this.save();
    this.on.state(item, state);
    this.on.settled(item, state);
  }

  later(item, milliseconds) {
    this.waiting.add(item.key);
    this.on.state(item, "slow_down");
    setTimeout(() => {
      if (this.waiting.delete(item.key) && this.items.includes(item)) this.attempt(item);
    }, milliseconds);
  }

  /** Plan the next round, each time a little later. */
  again() {
    if (this.timer) return;
    this.timer = setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  unplan() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  /** The token was dead. What was written goes to a new session; a button means nothing there. */
  inNewSession(item) {
    this.on.newSession();
    if (item.button !== undefined || item.moved) {
      this.done(item, item.button !== undefined ? "button_lost" : "refused");
      return;
    }
    item.moved = true;
    this.save();
    this.attempt(item);
  }

  save() {
    if (this.items.length) this.store.set("outbox", this.items);
    else this.store.remove("outbox");
  }
}
