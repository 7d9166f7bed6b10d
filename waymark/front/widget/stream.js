/*
 * Server-sent events read by fetch: EventSource cannot send the Authorization header, and a token in the
 * address would end up in logs and in the browser's history.
 */

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
// A phone that slept keeps a dead connection open; after this long without a byte we ask anew.
const SILENCE_MS = 75000;

/**
 * Turns pieces of an event stream into events.
 * @returns {(piece: string) => {id: string|null, data: string}[]}
 */
export function eventParser() {
  let rest = "";
  let id = null;
  let data = [];
  return (piece) => {
    const events = [];
    const lines = (rest + piece).split(/\r\n|\n|\r/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length) events.push({ id, data: data.join("\n") });
        data = [];
        continue;
      }
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (field === "data") data.push(value);
      else if (field === "id") id = value;
    }
    return events;
  };
}

/** Keeps one event stream open for as long as there is a session. */
export class EventStream {
  /**
   * @param {import("./api.js").Api} api
   * @param {{event: Function, opened: Function, failed: Function, lost: Function}} on
   */
  constructor(api, on) {
    this.api = api;
    this.on = on;
    this.lastEventId = null;
    this.running = null;
    this.wake = null;
  }

  /** Start unless already running. */
  start() {
    if (this.running || !this.api.session) return;
    this.running = { stopped: false, abort: null };
    this.run(this.running);
  }

  /** Close the stream and forget where it was. */
  stop() {
    if (!this.running) return;
    this.running.stopped = true;
    if (this.running.abort) this.running.abort.abort();
    this.running = null;
    this.lastEventId = null;
    this.hurry();
  }

  /** Cut the waiting time short: the network is back, or the person looks at the page again. */
  hurry() {
    if (this.wake) this.wake();
  }

  async run(run) {
    let wait = FIRST_WAIT_MS;
    while (!run.stopped) {
      const opened = await this.readOnce(run);
      if (run.stopped) return;
      if (!this.api.session) {
        this.stop();
        this.on.lost();
        return;
      }
      if (opened) wait = FIRST_WAIT_MS;
      await this.sleep(wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }

  /** Read until the stream ends; true when it had opened. */
  async readOnce(run) {
    run.abort = new AbortController();
    const token = this.api.session.token;
    let silence = null;
    let opened = false;
    try {
      const response = await this.api.openEvents(this.lastEventId, run.abort.signal);
      if (response.status === 401) this.api.dropSession(token);
      if (!response.ok) throw new Error(`events ${response.status}`);
      opened = true;
      this.on.opened();
      const parse = eventParser();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        clearTimeout(silence);
        silence = setTimeout(() => run.abort.abort(), SILENCE_MS);
        const { done, value } = await reader.read();
        if (done) break;
        for (const event of parse(decoder.decode(value, { stream: true }))) this.deliver(run, event);
      }
    } catch (error) {
      if (!run.stopped && !opened) this.on.failed();
    } finally {
      clearTimeout(silence);
    }
    return opened;
  }

  deliver(run, event) {
    if (run.stopped) return;
    if (event.id) this.lastEventId = event.id;
    try {
      this.on.event(JSON.parse(event.data));
    } catch (error) {
      // One event we cannot read must not end the stream.
    }
  }

  sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
