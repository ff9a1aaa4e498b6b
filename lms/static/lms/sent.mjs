// What is still on this phone and what was sent, as its own store says, and what comes next. Only of whoever is here.

import { book, logOf, phone } from "./record.mjs";
import { showWaiting } from "./waiting.mjs";
import { saidNo, takeBack } from "./withdraw.mjs";

const DAY = 24 * 3600e3;
const LONG = 3 * DAY; // to wait unsent
const EVERY = 3000; // to look again: another tab sends, too
const PATIENCE = 300; // until sending is spoken of
const STOPS = ["sign-in", "revoked", "update", "broken"];

// The one thing that is said of what comes next.
export function nextOf({ unsent, sent, refused, full, alone, sending, rest }) {
  if (full) return "full";
  if (!unsent) return sent + refused ? (refused ? "" : "all") : "none";
  if (sending || (!rest && !alone)) return "sending";
  if (alone) return "alone";
  return STOPS.includes(rest.end) ? rest.end : "later";
}

// How many lines wait for a yes or no, as far as this phone has heard: a lesson in which the server says where
// somebody stands is in the record.
export const heldOf = (rows, standings = {}) =>
  rows.filter(({ line, c }) => c === "consent_pending" && !standings[line.about]).length;

// A moment in words: "today, 14:05", "Monday, 9:30", "12 November, 18:00".
export function inWords(words, then, now) {
  const [at, today] = [new Date(then), new Date(now)];
  const ago = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / DAY);
  const date = words.date.replace("{date}", at.getDate()).replace("{month}", words.months[at.getMonth()]);
  const year = at.getFullYear() === today.getFullYear() ? "" : " " + at.getFullYear();
  const day = [words.today, words.yesterday][ago] || (ago > 1 && ago < 7 ? words.weekdays[at.getDay()] : date + year);
  return words.at.replace("{day}", day).replace("{time}", clock(at));
}

const clock = (at) => at.getHours() + ":" + String(at.getMinutes()).padStart(2, "0");

export class Sent {
  constructor(page, log, words) {
    Object.assign(this, { page, log, words, others: [], full: false, sending: false });
  }

  async start() {
    const mine = this.log.store.name;
    const calls = ((await book.get("calls")) || []).map(({ store }) => store); // a coach's: mentors/calls.mjs
    const stores = [...((await book.get("stores")) || []), ...calls].filter((name) => name !== mine);
    this.others = await Promise.all(stores.map((name) => logOf(name)));
    this.part("send").addEventListener("click", () => this.send(true));
    this.part("make").addEventListener("click", () => this.carry());
    this.part("take-back").addEventListener("click", () => this.takeBack());
    await this.draw();
    await this.send(true);
    setInterval(() => document.hidden || this.send(false), EVERY);
  }

  // Made by hand and given to somebody: nothing here changes by it.
  async carry() {
    const { contentOf, handOver } = await import("./carry.mjs");
    const content = await contentOf(this.log, this.part("carry").dataset.carry);
    const day = new Date(this.log.now()).toISOString().slice(0, 10);
    if (await handOver(content, day, document, navigator)) this.part("made").hidden = false;
  }

  async takeBack() {
    const { about, rev } = document.documentElement.dataset;
    await takeBack(this.log.store, { about, rev, locale: document.documentElement.lang });
    await this.send(true);
  }

  part(name) {
    return this.page.querySelector(`[data-${name}]`);
  }

  // What another phone has told is asked for, too; a full disk shows when that is noted.
  async send(at_once) {
    const slow = setTimeout(() => this.turn(true), PATIENCE);
    if (at_once) this.full = await this.log.store.set({ asked: 0 }).then(() => false, () => true);
    const end = await this.log.flush(at_once);
    if (at_once) for (const other of this.others) await other.flush(true);
    clearTimeout(slow);
    await this.turn(end === "busy");
  }

  async turn(sending) {
    this.sending = sending;
    await this.draw();
  }

  async draw() {
    const { log } = this;
    const { store } = log;
    const [{ unsent, sent, refused }, rows, rest, last, gone] = await Promise.all([
      log.counts(), store.next(1), ...["rest", "last", "gone"].map((name) => store.get(name)),
    ]);
    const now = log.now();
    const since = rows.length && +new Date(rows[0].line.at);
    const whole = sent + (gone || 0);
    const { full, sending } = this;
    const next = nextOf({ unsent, sent: whole, refused, full, alone: log.alone(), sending, rest });
    const held = await this.held();
    this.say("waits", unsent, "unsent");
    this.say("went", whole, "sent");
    this.when("since", since, now);
    this.when("last", last, now);
    this.when("until", rest && rest.until, now);
    const late = ["alone", "later"].includes(next) && now - since > LONG;
    const no = await saidNo(this.log.store);
    this.part("yes").hidden = no;
    const others = await this.waitsElsewhere();
    const in_safari = navigator.standalone === false; // on an iPhone, and not from its home screen
    const said = { [next]: true, no, late, refused, held, "home-screen": in_safari, others };
    for (const note of this.page.querySelectorAll("[data-note]")) {
      const n = said[note.dataset.note];
      note.hidden = !n;
      if (note.querySelector("[data-n]")) note.querySelector("[data-n]").textContent = n;
    }
    this.part("send").hidden = !unsent;
    this.part("carry").hidden = !unsent || sending || !(globalThis.crypto && crypto.subtle);
    await showWaiting(this.page, log);
  }

  say(section, n, number) {
    this.part(section).hidden = !n;
    this.part(number).textContent = n;
  }

  when(name, then, now) {
    const place = this.part(name);
    place.hidden = !then;
    if (then) place.textContent = place.dataset[name].replace("{when}", inWords(this.words, then, now));
  }

  async held() {
    const rows = await this.log.store.run("readonly", (lines, sent, meta, asked) => asked(sent.index("s").getAll("held")));
    return heldOf(rows, await this.log.store.get("standings"));
  }

  // Without a number and without a name: it may be somebody's who is hidden.
  async waitsElsewhere() {
    const counts = await Promise.all(this.others.map((other) => other.counts()));
    return counts.some(({ unsent }) => unsent);
  }
}

if (typeof document !== "undefined") {
  const words = JSON.parse(document.getElementById("days").textContent);
  const closed = () => (document.querySelector("[data-note=closed]").hidden = false);
  phone().then((log) => new Sent(document, log, words).start()).catch(closed);
}
