/*
 * The web channel as calls. Every answer comes back as an outcome word, so that the rest of the widget never
 * looks at a status code. Any body, also of an error, may hold safety replies: they are always passed on.
 */

const PATIENCE_MS = 60000;
const COMMON = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };

/**
 * @typedef {Object} Answer
 * @property {"answered"|"kept"|"conflict"|"too_long"|"too_fast"|"no_session"|"forbidden"|"refused"|"unreachable"} outcome
 * @property {Object[]} replies
 * @property {number} retryAfter seconds to wait, when too fast
 * @property {Object|null} body
 */

function outcomeOf(status, body) {
  if (status >= 200 && status < 300) return "answered";
  const named = { 401: "no_session", 403: "forbidden", 409: "conflict", 413: "too_long", 429: "too_fast" }[status];
  if (named) return named;
  // A 503 of our own says so in JSON and has kept the message. A proxy's 503 has kept nothing.
  if (status === 503 && body && typeof body.error === "string") return "kept";
  return status >= 500 ? "unreachable" : "refused";
}

/** Calls to the front, with the bearer token of this person's session. */
export class Api {
  /**
   * @param {string} origin
   * @param {import("./store.js").Store} store
   * @param {{country: () => string|null, started: Function}} on the country to start a session with; told of a new one
   */
  constructor(origin, store, on) {
    this.origin = origin;
    this.store = store;
    this.on = on;
    this.starting = null;
  }

  /** The session in use, or null. */
  get session() {
    return this.store.get("session");
  }

  /**
   * Make a session when there is none. Nothing about a person is stored by this.
   * @returns {Promise<Answer>}
   */
  async ensureSession() {
    if (this.session) return { outcome: "answered", replies: [], retryAfter: 0, body: null };
    if (!this.starting) {
      const country = this.on.country();
      this.starting = this.call("POST", "/web/sessions", { body: country ? { country } : {}, anonymous: true });
    }
    const starting = this.starting;
    const answer = await starting;
    if (this.starting === starting) {
      this.starting = null;
      if (answer.outcome === "answered") {
        this.store.set("session", { token: answer.body.token, session_id: answer.body.session_id });
        this.on.started();
      }
    }
    // A session that could not be made has kept no message either.
    return answer.outcome === "kept" ? { ...answer, outcome: "unreachable" } : answer;
  }

  /**
   * Ask for a code to carry on with elsewhere, or carry on here with a code from there.
   * @param {string} [code]
   * @returns {Promise<Answer>}
   */
  async link(code) {
    const started = await this.ensureSession();
    if (started.outcome !== "answered") return started;
    return this.call("POST", "/web/link", { body: code === undefined ? {} : { code } });
  }

  /** Forget a token that the server no longer knows; a newer one is left alone. */
  dropSession(token) {
    if (this.session && this.session.token === token) this.store.remove("session");
  }

  /**
   * @param {{id: string, text?: string, button?: string}} message
   * @returns {Promise<Answer>}
   */
  async send(message) {
    const started = await this.ensureSession();
    if (started.outcome !== "answered") return started;
    const content = message.button === undefined ? { text: message.text } : { button: message.button };
    return this.call("POST", "/web/messages", { body: { message_id: message.id, ...content } });
  }

  /**
   * Messages of this session, oldest first.
   * @param {string|null} after id of the last one already shown
   * @returns {Promise<Answer & {messages: Object[]}>}
   */
  async history(after) {
    const query = after ? `?after=${encodeURIComponent(after)}` : "";
    const answer = await this.call("GET", `/web/history${query}`);
    const body = answer.body;
    const messages = Array.isArray(body) ? body : (body && body.messages) || [];
    return { ...answer, messages: answer.outcome === "answered" ? messages : [] };
  }

  /** Know of no session any more, also not of one that is just being made. */
  forget() {
    this.starting = null;
    this.store.remove("session");
  }

  /**
   * @param {string|null} country ISO code, or null for "rather not say"
   * @returns {Promise<boolean>} false when the server has yet to be told
   */
  async setCountry(country) {
    // A session made later begins with the country of that time.
    if (!this.session) return true;
    const answer = await this.call("PUT", "/web/session", { body: { country } });
    return answer.outcome !== "unreachable";
  }

  /** Make the token dead. Not awaited by a person in a hurry, so it must outlive the page. */
  endSession() {
    if (!this.session) return Promise.resolve();
    return this.call("DELETE", "/web/session", { keepalive: true });
  }

  /**
   * One request.
   * @returns {Promise<Answer>}
   */
  async call(method, path, { body, anonymous, keepalive } = {}) {
    const session = this.session;
    const headers = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (!anonymous && session) headers.Authorization = `Bearer ${session.token}`;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      const response = await fetch(this.origin + path, {
        ...COMMON,
        method,
        headers,
        keepalive: Boolean(keepalive),
        signal: patience.signal,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const answer = await readAnswer(response);
      if (answer.outcome === "no_session" && session) this.dropSession(session.token);
      return answer;
    } catch (error) {
      return { outcome: "unreachable", replies: [], retryAfter: 0, body: null };
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Open the stream of events.
   * @param {string|null} lastEventId
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  openEvents(lastEventId, signal) {
    const headers = { Accept: "text/event-stream", Authorization: `Bearer ${this.session.token}` };
    if (lastEventId) headers["Last-Event-ID"] = lastEventId;
    return fetch(`${this.origin}/web/events`, { ...COMMON, headers, signal });
  }
}

async function readAnswer(response) {
  let body = null;
  try {
    if (response.status !== 204) body = await response.json();
  } catch (error) {
    // A success whose body broke off is not a success: the same message id fetches the replies again.
    if (response.ok) return { outcome: "unreachable", replies: [], retryAfter: 0, body: null };
  }
  return {
    outcome: outcomeOf(response.status, body),
    replies: (body && Array.isArray(body.replies) && body.replies) || [],
    retryAfter: Number(response.headers.get("Retry-After")) || 5,
    body,
  };
}
