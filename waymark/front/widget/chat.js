/* What happens: ties the calls, the stream, the outbox and the view together. */

import { Api } from "./api.js";
import { Composer } from "./composer.js";
import { leave, otherTabs, watchEscape } from "./exit.js";
import { MessageLog } from "./log.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Resources } from "./resources.js";
import { NumbersSheet, SettingsSheet } from "./sheets.js";
import { Store } from "./store.js";
import { EventStream } from "./stream.js";
import { STRINGS } from "./strings.js";

// Most answers come sooner than this; saying "is writing" for a moment would only flicker.
const WRITING_AFTER_MS = 700;
// A front that restarts is back within a retry or two and needs no banner.
const FAILURES_BEFORE_BANNER = 2;

/** One chat: its state and its panel. */
export class Chat {
  /**
   * @param {{origin: string, country: string|null, heading: string, exitUrl: string, launcher: boolean}} config
   * @param {{onSize: (size: string) => void, onNew: Function, onClose: Function}} host what the element around it does
   */
  constructor(config, host) {
    this.config = config;
    this.host = host;
    this.store = new Store();
    this.resources = new Resources(this.store);
    this.seen = new Set();
    this.lastId = null;
    this.keptTold = false;
    this.failures = 0;
    this.connected = true;
    this.busy = new Set();
    this.buildCalls();
    this.buildView();
  }

  buildCalls() {
    this.api = new Api(this.config.origin, this.store, {
      country: () => this.country,
      // Listening begins before the first message is answered: a safety reply may come by event.
      started: () => this.stream.start(),
    });
    this.outbox = new Outbox(this.store, this.api, {
      state: (item, state) => this.showState(item, state),
      replies: (replies, outcome) => this.receive(replies, { answers: outcome === "answered" }),
      settled: (item, state) => this.settled(item, state),
      connection: (reached) => this.setConnected(reached),
      newSession: () => this.sessionLost(),
    });
    this.stream = new EventStream(this.api, {
      event: (message) => this.receive([message], { answers: true }),
      opened: () => this.streamOpened(),
      failed: () => this.streamFailed(),
      lost: () => this.sessionLost(),
    });
    this.tabs = otherTabs((note) => this.heard(note));
  }

  buildView() {
    this.log = new MessageLog((text) => this.resources.linked(text, this.country), this.config.origin);
    this.composer = new Composer((text) => this.say({ text }));
    this.numbers = new NumbersSheet({
      onClose: () => this.panel.showChat(),
      onChangeCountry: () => this.panel.showSheet("settings"),
    });
    this.settings = new SettingsSheet({
      onClose: () => this.panel.showChat(),
      onCountry: (country) => this.setCountry(country),
      onRemember: (wanted) => this.store.remember(wanted),
      onSize: (size) => this.setSize(size),
      onAskCode: () => this.link(),
      onUseCode: (code) => this.carryOnHere(code),
      onClear: () => this.clear(),
    });
    this.panel = new Panel(
      this.config,
      { log: this.log.node, composer: this.composer.node, sheets: { numbers: this.numbers, settings: this.settings } },
      { onExit: () => this.exit(), onClose: this.host.onClose, onSheet: (name) => this.fillSheet(name) }
    );
  }

  /** Begin: fetch the numbers, take up an earlier chat if there is one, listen to the browser. */
  start() {
    this.stopEscape = watchEscape(() => this.exit());
    this.listeners = {
      online: () => this.lookAgain(),
      offline: () => this.setConnected(false),
      visibilitychange: () => document.visibilityState === "visible" && this.lookAgain(),
    };
    Object.entries(this.listeners).forEach(([name, listen]) => window.addEventListener(name, listen, true));
    this.host.onSize(this.size);
    this.resources.load(this.config.origin).then(() => this.showConnection());
    if (this.api.session || this.outbox.items.length) this.resume();
  }

  /** Stop everything that listens or waits. */
  stop() {
    this.stopEscape();
    Object.entries(this.listeners).forEach(([name, listen]) => window.removeEventListener(name, listen, true));
    this.stream.stop();
    this.tabs.close();
  }

  get country() {
    const settings = this.store.get("settings") || {};
    if (settings.country !== undefined) return settings.country;
    return this.config.country || this.resources.data.default_country || null;
  }

  get size() {
    return (this.store.get("settings") || {}).size || "normal";
  }

  // --- talking -------------------------------------------------------------------------------------------

  /** @param {{text: string, button?: string}} content */
  say(content) {
    this.panel.showChat(false);
    this.outbox.add(content, (item) => {
      this.seen.add(item.id);
      this.log.addOwn(item);
      this.tellTabs({ type: "said", item });
    });
  }

  choose(choice) {
    this.say({ text: choice.title, button: choice.value });
    // The button just pressed is now disabled and would drop the focus somewhere at the top of the page.
    this.log.node.focus({ preventScroll: true });
  }

  /**
   * Show what came, once, however often and by whatever way it comes.
   * @param {Object[]} messages
   * @param {{answers?: boolean, restored?: boolean}} how
   */
  receive(messages, { answers = false, restored = false } = {}) {
    for (const message of messages) {
      if (message.direction === "in" || message.author === "person") this.receiveOwn(message);
      else this.receiveReply(message, answers, restored);
    }
  }

  receiveOwn(message) {
    const id = message.message_id || message.id;
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const waiting = this.outbox.items.find((item) => item.id === id);
    this.log.addOwn(waiting || { key: id, text: message.text, at: message.at });
  }

  receiveReply(reply, answers, restored) {
    if (reply.id) {
      if (this.seen.has(reply.id)) return;
      this.seen.add(reply.id);
    }
    if (answers && reply.kind !== "safety") {
      this.log.answeredKept();
      this.keptTold = false;
    }
    // A hidden live region is not read out, and danger comes before settings.
    if (reply.kind === "safety" && !restored) this.panel.showChat(false);
    this.log.addReply(reply, { live: !restored, onChoose: (choice) => this.choose(choice) });
    if (!restored) this.host.onNew();
  }

  tell(text) {
    this.receiveReply({ kind: "notice", text, at: new Date().toISOString() }, false, false);
  }

  showState(item, state) {
    if (state === "sending") this.busy.add(item.key);
    else this.busy.delete(item.key);
    clearTimeout(this.writingTimer);
    if (!this.busy.size) this.panel.showWriting(false);
    else this.writingTimer = setTimeout(() => this.panel.showWriting(this.busy.size > 0), WRITING_AFTER_MS);
    this.log.setState(item.key, state, () => this.outbox.retry(item, state === "refused"));
    if (state === "unsent") this.panel.announce(STRINGS.unsent);
  }

  settled(item, state) {
    if (state === "kept") this.messageKept();
    if (state === "conflict") this.conflict(item);
    if (state === "button_lost") this.tell(STRINGS.buttonLost);
    if (state === "forbidden") this.tell(STRINGS.forbidden);
    if (state === "refused") this.panel.announce(STRINGS.refused);
    if (state === "too_long") {
      this.log.removeOwn(item.key);
      this.composer.giveBack(item.text);
      this.tell(STRINGS.tooLong);
    }
  }

  messageKept() {
    // Said once, not after every message, until an answer has come.
    if (!this.keptTold) this.tell(STRINGS.keptNotice);
    this.keptTold = true;
  }

  conflict(item) {
    if (item.button !== undefined) this.tell(STRINGS.questionClosed);
    // The id was taken by something else: the text itself is fine and may go again under a new one.
    else this.log.setState(item.key, "refused", () => this.outbox.retry(item, true));
  }

  // --- session and connection ------------------------------------------------------------------------------

  async resume() {
    await this.catchUp(true);
    this.outbox.items.forEach((item) => {
      if (this.seen.has(item.id)) return;
      this.seen.add(item.id);
      this.log.addOwn(item);
    });
    this.log.toEnd();
    this.outbox.flush();
    this.stream.start();
  }

  async catchUp(restored) {
    if (!this.api.session) return;
    const answer = await this.api.history(this.lastId);
    if (answer.outcome === "unreachable") this.setConnected(false);
    if (answer.outcome === "no_session") this.sessionLost();
    this.receive(answer.messages, { answers: true, restored });
    // Only the history moves this mark on: an answer or event may overtake a message not seen yet.
    const last = answer.messages[answer.messages.length - 1];
    if (last) this.lastId = last.id;
  }

  sessionLost() {
    // Several calls may find the same dead token; the first one has said it.
    if (this.api.session || this.lostTold) return;
    this.lostTold = true;
    setTimeout(() => (this.lostTold = false), 3000);
    this.stream.stop();
    this.lastId = null;
    this.log.closeChoices();
    this.tell(STRINGS.newChat);
  }

  streamOpened() {
    this.failures = 0;
    this.setConnected(true);
    if (this.countryUntold) this.tellCountry();
    // What came between the last look and now, also when the server no longer remembers old events.
    this.catchUp(false);
  }

  streamFailed() {
    this.failures += 1;
    if (this.failures >= FAILURES_BEFORE_BANNER) this.setConnected(false);
  }

  setConnected(connected) {
    // Shown once, not at every failed try: a screen reader would read the numbers again and again.
    if (connected === this.connected) return;
    this.connected = connected;
    this.showConnection();
    if (connected) this.lookAgain();
  }

  showConnection() {
    // The banner takes room from the log; the last message must not slide out of view because of it.
    const atEnd = this.log.isNearEnd();
    this.panel.showOffline(this.connected ? null : this.resources.mostUrgent(this.country));
    if (atEnd) this.log.toEnd();
  }

  lookAgain() {
    this.stream.hurry();
    this.outbox.flush();
  }

  // --- settings --------------------------------------------------------------------------------------------

  fillSheet(name) {
    if (name === "numbers") this.numbers.show(this.resources.of(this.country));
    else {
      this.settings.show({
        telegram: Boolean(this.resources.data.telegram),
        countries: this.resources.countries,
        country: this.country,
        remembered: this.store.remembered,
        size: this.size,
      });
    }
  }

  setCountry(country) {
    this.store.set("settings", { ...this.store.get("settings"), country });
    this.tellCountry();
    this.showConnection();
    this.panel.announce(STRINGS.saved);
  }

  /** Tell the server the country; without a connection, tell it later. */
  async tellCountry() {
    this.countryUntold = !(await this.api.setCountry(this.country));
  }

  setSize(size) {
    this.store.set("settings", { ...this.store.get("settings"), size });
    this.host.onSize(size);
  }

  async link(code) {
    const answer = await this.api.link(code);
    if (answer.outcome === "no_session") this.sessionLost();
    return answer;
  }

  /** This chat becomes part of the one that the code is from. */
  async carryOnHere(code) {
    const answer = await this.link(code);
    if (answer.outcome !== "answered" || !this.api.session) return answer;
    this.tellTabs({ type: "linked" });
    this.panel.showChat();
    await this.readAnew();
    this.tell(STRINGS.linked);
    return answer;
  }

  /** Show the whole chat from its beginning: there is more before and between what was shown. */
  readAnew() {
    this.stream.stop();
    this.seen.clear();
    this.lastId = null;
    this.log.clear();
    return this.resume();
  }

  /** Take the chat off this device and stay. */
  clear() {
    this.api.endSession();
    this.tellTabs({ type: "cleared" });
    this.forgetChat();
    this.panel.showChat(false);
    this.composer.focus();
    this.panel.announce(STRINGS.cleared);
  }

  forgetChat() {
    this.stream.stop();
    this.outbox.reset();
    this.api.forget();
    this.store.clear();
    this.seen.clear();
    this.lastId = null;
    this.busy.clear();
    this.panel.showWriting(false);
    this.log.clear();
    this.composer.clear();
    this.settings.carryOn.reset();
    this.host.onSize(this.size);
  }

  /** Quick exit: nothing to see, nothing kept, gone. */
  exit() {
    this.api.endSession();
    this.tellTabs({ type: "exit" });
    this.vanish();
  }

  vanish() {
    this.forgetChat();
    this.stop();
    leave(this.config.exitUrl);
  }

  // --- other tabs ------------------------------------------------------------------------------------------

  tellTabs(note) {
    const session = this.api.session;
    this.tabs.tell({ ...note, session: session && session.session_id });
  }

  heard(note) {
    const session = this.api.session;
    if (note.type === "exit") {
      // The other tab has ended its own session; one of this tab would stay open.
      if (session && note.session !== session.session_id) this.api.endSession();
      this.vanish();
    }
    else if (!session || note.session !== session.session_id) return;
    else if (note.type === "cleared") this.forgetChat();
    else if (note.type === "linked") this.readAnew();
    else if (note.type === "said" && !this.seen.has(note.item.id)) {
      this.seen.add(note.item.id);
      this.log.addOwn(note.item);
    }
  }
}
