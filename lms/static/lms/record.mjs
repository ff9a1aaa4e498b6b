// What somebody does, written down on this phone first, and told to the server when there is a line.
// A line leaves "lines" only when the server has answered for it.

import { folded, joined } from "./progress.mjs";

const APP = "1.0";
const MOST = 50; // lines in one request, 2 kB packed
const SMALL = 1500; // letters that go as they are
const PATIENCE = 60e3; // until a request is given up
const SHORTEST_WAIT = 5e3;
const LONGEST_WAIT = 15 * 60e3;
const ENDS = { 400: "broken", 401: "sign-in", 403: "revoked", 410: "forgotten", 415: "broken", 426: "update" };
const MEANT = { 401: "unknown_token", 410: "forgotten" }; // nothing is given up for what a stranger on the line says
const NEWS_EVERY = 60 * 60e3; // how often to ask what was done on another phone

// The time, then chance: ids sort as they were made, and no two phones make the same.
export function uuid7(now = Date.now()) {
  const bytes = chance(16);
  for (let at = 5; at >= 0; at--, now = Math.floor(now / 256)) bytes[at] = now % 256;
  bytes[6] = (bytes[6] & 15) | 0x70;
  bytes[8] = (bytes[8] & 63) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Many lines are packed: a fifth of the bytes. What packs them is fetched when it is needed, or done without.
const packed = (said) => import("./packed.mjs").then(({ gzip }) => gzip(said)).catch(() => [said]);
const chance = (bytes) => crypto.getRandomValues(new Uint8Array(bytes));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Log {
  // store: see Store. The rest is what a browser has, and may lack: `alone` says that there is no network, `persist`
  // asks for the store not to be cleared, `again` does something later.
  constructor(store, browser) {
    const fetch = (...request) => globalThis.fetch(...request);
    Object.assign(this, { store, fetch, now: Date.now, random: Math.random, device: {}, size: MOST }, browser);
  }

  // Resolves when the line is on the disk, not before; null where somebody said no to being remembered. `mark` is for
  // the learner's eyes and is never sent.
  async record({ verb, about, block = null, rev, locale, voice = "", ms = 0, response = null, ...more }, mark = null) {
    const at = new Date(this.now()).toISOString();
    ms = Math.max(0, Math.min(Math.round(ms), 2 ** 31 - 1));
    const line = await this.store.add({ id: uuid7(this.now()), verb, about, block, rev, locale, voice, at, ms, response, ...more }, mark);
    if (line && line.seq === 1) this.stay().catch(() => null);
    return line;
  }

  // A browser may clear what nobody asked it to keep.
  async stay() {
    await this.store.set({ persisted: await this.persist?.() });
  }

  // { unsent, sent, refused }
  counts() {
    return this.store.counts();
  }

  // Where the person is with every lesson, from this phone and from what the server told of others.
  async soFar() {
    return folded(await this.store.all(), await this.store.get("standings"));
  }

  // What was done here about one lesson, in the order in which it was done.
  async about(lesson) {
    const lines = (await this.store.all()).map(({ line }) => line).filter((line) => line.about === lesson);
    return lines.sort((one, other) => one.seq - other.seq);
  }

  // Tell the server what it does not know yet; `at_once` does not wait until it is time, unless the server asked for
  // that. Never fails; says how it ended: "sent", "later", "alone" (no network), "busy" (another tab is at it),
  // "sign-in", "revoked", "forgotten", "update" or "broken".
  flush(at_once) {
    const send = () => this.send(at_once).catch(() => this.rest("later")).catch(() => "later");
    if (this.locks) return this.locks.request("flush-" + this.store.name, { ifAvailable: true }, (lock) => (lock ? send() : "busy"));
    if (!this.flushing) this.flushing = send().finally(() => (this.flushing = null));
    return this.flushing;
  }

  async send(at_once) {
    const { until, asked, end } = (await this.store.get("rest")) || {};
    const wait = until - this.now();
    if (wait > 0 && wait < LONGEST_WAIT && (asked || !at_once)) return end;
    if (this.alone?.()) return "alone";
    for (let end; ; ) {
      const rows = await this.store.next(this.size);
      const news = await this.wantsNews();
      if (!rows.length && !news) return "sent";
      const token = await this.token();
      if ((end = token ? await this.sendSome(rows, token, news) : "later")) return end;
    }
  }

  // Undefined when it may go on.
  async sendSome(rows, token, news) {
    const now = this.now();
    const batch = {
      v: 1,
      epoch: (await this.store.get("epoch")) || "",
      sent_at: new Date(now).toISOString(),
      app: APP,
      nonce: uuid7(now),
      records: rows.map((row) => row.line),
      ...(news && { cursor: (await this.store.get("cursor")) || "" }),
    };
    const half = Math.ceil(rows.length / 2) || 1;
    const size = this.size;
    this.size = half; // on a line this bad, less at a time may get through
    const answer = await this.post("sync", batch, { Authorization: "Device " + token });
    const { status, reply } = answer;
    if (status === 413 && rows.length > 1) return;
    if (status === 413) return this.store.settle(rows.map(({ id }) => ({ id, s: "refused", c: "too_big" })), {});
    this.size = Math.min(size * 2, MOST);
    if (status === 200) return this.took(rows, batch, reply);
    if (MEANT[status] && reply.code !== MEANT[status]) return this.rest("later", answer.after);
    if (status === 401 && (await this.store.get("guest"))) return this.store.set({ token: "", made: "" });
    const end = ENDS[status] || "later";
    if (status !== 410) return this.rest(end, answer.after);
    await this.store.clear();
    return end;
  }

  async took(rows, batch, reply) {
    const answers = reply.results.filter(({ id }) => rows.some((row) => row.id === id));
    if (reply.v !== 1 || reply.nonce !== batch.nonce || (rows.length && !answers.length)) {
      throw new Error("This answers something else.");
    }
    const told = {};
    for (const { lesson, done, ...rest } of reply.progress) told[lesson] = { ...rest, done_at: done };
    const { epoch, kept_until, server_time, notice = "", cursor, remember } = reply;
    const known = await this.store.get("epoch");
    if (known && (epoch !== known || kept_until > (await this.store.get("kept_until")))) {
      const { review } = await import("./answered.mjs");
      await review(this.store, reply);
    }
    const standings = joined(told, await this.store.get("standings"));
    const news = "cursor" in batch && { cursor, asked: this.now() };
    const last = answers.length && { last: this.now() };
    await this.store.settle(answers, { standings, epoch, kept_until, notice, no: remember === false, rest: null, ...news, ...last }, server_time);
  }

  // As long as the server asks; else by chance, and longer after each time in a row.
  async rest(end, after) {
    const { tries = 0 } = (await this.store.get("rest")) || {};
    const asked = after > 0;
    const most = asked ? after * 1e3 : SHORTEST_WAIT * 2 ** tries;
    const wait = Math.min(most, LONGEST_WAIT - 1) * (asked || this.random());
    await this.store.set({ rest: { end, asked, tries: tries + 1, until: this.now() + wait } });
    this.again?.(() => this.flush(), wait);
    return end;
  }

  async wantsNews() {
    const since = this.now() - ((await this.store.get("asked")) || 0);
    return !!(await this.store.get("token")) && (since < 0 || since > NEWS_EVERY);
  }

  async token() {
    const known = await this.store.get("token");
    if (known) return known;
    const answer = await this.post("device", { ...this.device, token: await this.ownToken() });
    if (answer.status !== 201) return void (await this.rest("later", answer.after));
    const { token } = answer.reply; // the same: a lost answer costs nothing
    await this.store.set({ token, guest: true, asked: this.now() });
    return token;
  }

  // What the server knows this phone by, or will: made here, so that lines can be carried to it before it knows.
  ownToken() {
    return this.store.run("readwrite", async (lines, sent, meta, asked) => {
      const token = (await asked(meta.get("token"))) || (await asked(meta.get("made"))) || hex(chance(32));
      meta.put(token, "made");
      return token;
    });
  }

  // Only JSON is an answer of ours: the page of a hotel's network may have any status, and means nothing.
  async post(path, body, headers = {}, credentials = "omit") {
    const said = JSON.stringify(body);
    const [content, coding] = said.length > SMALL ? await packed(said) : [said];
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), PATIENCE);
    try {
      const { fetch } = this;
      const answer = await fetch("/api/v1/" + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Requested-With": "sync", ...headers, ...coding },
        body: content,
        cache: "no-store",
        redirect: "error",
        signal: cut.signal,
        credentials,
      });
      if (!/^application\/json/.test(answer.headers.get("Content-Type"))) throw new Error("This is not our server.");
      return { status: answer.status, after: answer.headers.get("Retry-After"), reply: await answer.json() };
    } finally {
      clearTimeout(timer);
    }
  }
}

// The phone's disk: "lines" are unsent, "sent" are answered, "meta" is what must be remembered between pages.
export class Store {
  constructor(name) {
    this.name = name;
  }

  async run(mode, work) {
    try {
      return await this.once(mode, work);
    } catch (trouble) {
      if (trouble.name !== "InvalidStateError") throw trouble;
      this.db = null; // closed under us, as after clearing or an update: once more with a new one
      return this.once(mode, work);
    }
  }

  async once(mode, work) {
    this.db = this.db || (await open(this.name));
    return new Promise((yes, no) => {
      const tx = this.db.transaction(["lines", "sent", "meta"], mode, { durability: "strict" });
      let result;
      tx.oncomplete = () => yes(result); // not before it is on the disk
      tx.onabort = () => no(tx.error || new Error("Not written."));
      const of = (name) => tx.objectStore(name);
      work(of("lines"), of("sent"), of("meta"), asked).then(
        (value) => (result = value),
        () => tx.abort(),
      );
    });
  }

  add(line, mark) {
    return this.run("readwrite", async (lines, sent, meta) => {
      if ((await asked(meta.get("no"))) || (await asked(meta.get("withdrawal")))) return null;
      const seq = ((await asked(meta.get("seq"))) || 0) + 1;
      meta.put(seq, "seq");
      const whole = { ...line, seq };
      lines.add({ id: line.id, line: whole, mark });
      return whole;
    });
  }

  next(most) {
    return this.run("readonly", (lines) => asked(lines.getAll(null, most)));
  }

  all() {
    return this.run("readonly", async (lines, sent) => [...(await asked(sent.getAll())), ...(await asked(lines.getAll()))]);
  }

  // What was answered, when the server's clock said `ack`, is no longer unsent. Known is what it was before: kept, or
  // held. After a no to being remembered, nothing of it stays.
  settle(answers, remember, ack) {
    return this.run("readwrite", async (lines, sent, meta) => {
      for (const { id, s, c = "" } of answers) {
        const row = await asked(lines.get(id));
        if (row && row.line.verb === "withdrew" && s !== "refused") meta.delete("withdrawal");
        else if (row && c !== "consent_withdrawn") sent.put({ ...row, ...(row.s && s === "known" ? {} : { s, c }), ack });
        lines.delete(id);
      }
      for (const name of Object.keys(remember)) meta.put(remember[name], name);
    });
  }

  counts() {
    return this.run("readonly", async (lines, sent) => {
      const refused = await asked(sent.index("s").count("refused"));
      return { unsent: await asked(lines.count()), sent: (await asked(sent.count())) - refused, refused };
    });
  }

  get(name) {
    return this.run("readonly", (lines, sent, meta) => asked(meta.get(name)));
  }

  set(remember) {
    return this.settle([], remember);
  }

  clear() {
    return this.run("readwrite", async (...stores) => stores.slice(0, 3).forEach((store) => store.clear()));
  }
}

const asked = (request) =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

async function open(name) {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("lines", { keyPath: "id" });
    db.createObjectStore("sent", { keyPath: "id" }).createIndex("s", "s");
    db.createObjectStore("meta");
  };
  const db = await asked(request);
  db.onversionchange = () => db.close(); // another tab has a newer version of this page
  return db;
}

// Which store is open, and which there are besides: written by people.mjs.
export const book = new Store("hamrah-people");
export const storeHere = async () => (await book.get("here")) || (await book.get("guests")) || "hamrah";

// The one log of this page; with the name of a store, the page goes on with that one. What an earlier page could not
// send is sent when this one calls flush().
let here;
export function phone(name) {
  if (!here || name) {
    addEventListener("online", flush);
    addEventListener("visibilitychange", flush);
    here = name ? logOf(name) : storeHere().then(logOf);
    here.catch(() => (here = null));
  }
  return here;
}

const flush = ({ type }) => document.hidden || (here && here.then((log) => log.flush(type === "online")));

export async function logOf(name, store = new Store(name)) {
  const log = new Log(store, {
    locks: navigator.locks,
    alone: () => navigator.onLine === false,
    persist: () => navigator.storage?.persist?.(),
    again: (work, wait) => setTimeout(work, wait),
    device: {
      locale: document.documentElement.lang,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  });
  await log.counts(); // a browser that closes its store to us says so here
  return log;
}
