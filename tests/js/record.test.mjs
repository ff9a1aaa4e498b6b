import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { offerHeld } from "../../lms/static/lms/answered.mjs";
import { Log, Store, uuid7 } from "../../lms/static/lms/record.mjs";
import { saidNo, takeBack } from "../../lms/static/lms/withdraw.mjs";

const NOON = Date.UTC(2026, 10, 22, 12);
const MILK = { about: "milk", rev: "00ff", locale: "ur" };

const MINUTE = 60e3;
const QUARTER = 15 * MINUTE;
const LATER = { server_time: "2026-11-23T12:00:00.000Z", kept_until: "2026-11-23T00:00:00.000Z" };

// The phone's disk, in memory: the real Store on shelves that behave as IndexedDB's do.
class Memory extends Store {
  constructor() {
    super("memory");
    this.shelves = { lines: new Shelf(), sent: new Shelf(), meta: new Shelf() };
  }
  get lines() {
    return this.shelves.lines.rows();
  }
  get sent() {
    return this.shelves.sent.rows();
  }
  get meta() {
    return Object.fromEntries(this.shelves.meta.kept);
  }
  set meta(values) {
    this.shelves.meta.kept = new Map(Object.entries(values));
  }
  async once(mode, work) {
    const shelves = Object.values(this.shelves);
    const before = shelves.map(({ kept }) => kept);
    if (mode === "readwrite") shelves.forEach((shelf) => (shelf.kept = new Map(shelf.kept)));
    try {
      return await work(...shelves, answer);
    } catch (trouble) {
      shelves.forEach((shelf, at) => (shelf.kept = before[at]));
      throw trouble;
    }
  }
}

const answer = (request) => new Promise((yes) => (request.onsuccess = () => yes(request.result)));

class Shelf {
  constructor() {
    Object.assign(this, { kept: new Map(), handed: 0 });
  }
  rows() {
    return [...this.kept.keys()].sort().map((key) => this.kept.get(key));
  }
  told(result) {
    const request = { result };
    queueMicrotask(() => request.onsuccess && request.onsuccess());
    return request;
  }
  put(value, key = value.id) {
    return this.told(this.kept.set(key, structuredClone(value)));
  }
  add(value) {
    if (this.kept.has(value.id)) throw new Error("ConstraintError");
    return this.put(value);
  }
  get(key) {
    return this.told(this.kept.get(key));
  }
  getAll(query, most = Infinity) {
    const rows = this.rows().slice(0, most);
    this.handed += rows.length;
    return this.told(rows);
  }
  delete(key) {
    return this.told(this.kept.delete(key));
  }
  count() {
    return this.told(this.kept.size);
  }
  index(field) {
    const found = (value) => this.rows().filter((row) => row[field] === value);
    return { count: (value) => this.told(found(value).length), getAll: (value) => this.told(found(value)) };
  }
  clear() {
    return this.told(this.kept.clear());
  }
}

// A server that keeps everything, unless a test answers for it.
class Server {
  constructor(answer = () => null) {
    Object.assign(this, { answer, requests: [] });
    this.fetch = async (url, request) => {
      const path = url.split("/").pop();
      const asked = { path, body: JSON.parse(unpacked(request)), headers: request.headers, request };
      this.requests.push(asked);
      const special = this.answer(asked, this.requests.length);
      if (special) return special;
      if (path !== "sync") return json({ token: "t" + this.requests.length }, 201);
      return json(reply(asked.body));
    };
  }
  get paths() {
    return this.requests.map(({ path }) => path);
  }
}

const unpacked = ({ body, headers }) => (headers["Content-Encoding"] === "gzip" ? gunzipSync(body).toString() : body);

const json = (value, status = 200, headers = {}) =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json; charset=utf-8", ...headers } });

const reply = (batch, changes = {}) => ({
  v: 1,
  nonce: batch.nonce,
  epoch: "e1",
  server_time: "2026-11-22T12:00:00.000Z",
  results: batch.records.map(({ id }) => ({ id, s: "kept" })),
  kept_until: "2026-11-22T00:00:00.000Z",
  progress: [],
  cursor: "c1",
  ...changes,
});

async function done(how_many, server, store = new Memory()) {
  let time = NOON;
  const log = new Log(store, { fetch: server.fetch, now: () => time, random: () => 1 });
  log.later = (ms) => (time += ms);
  for (let n = 0; n < how_many; n++, time++) await log.record({ ...MILK, verb: "completed" });
  return { log, store };
}

test("an id is a UUID of version 7, sorts by time, and is never made twice", () => {
  const ids = Array.from({ length: 500 }, (_, n) => uuid7(NOON + n));

  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, 500);
  assert.equal(parseInt(uuid7(NOON).replace("-", "").slice(0, 12), 16), NOON);
});

test("a line is what the server expects, and nothing else", async () => {
  const { log, store } = await done(0, new Server());

  const line = await log.record({ ...MILK, verb: "answered", block: "q1", ms: 3.7, response: { chosen: ["b"] } }, 1);

  const { id, ...rest } = line;
  assert.deepEqual(rest, {
    verb: "answered", about: "milk", block: "q1", rev: "00ff", locale: "ur", voice: "",
    at: "2026-11-22T12:00:00.000Z", ms: 4, response: { chosen: ["b"] }, seq: 1,
  });
  assert.deepEqual(store.lines, [{ id, line, mark: 1 }]);
});

test("C12 nothing is written down before the disk says so", async () => {
  const full = new Memory();
  full.add = async () => Promise.reject(new Error("QuotaExceededError"));
  const log = new Log(full, { fetch: new Server().fetch });

  await assert.rejects(log.record({ ...MILK, verb: "completed" }));
});

test("the first line asks for a token; lines are let go when they are answered", async () => {
  const server = new Server();
  const { log, store } = await done(2, server);

  assert.equal(await log.flush(), "sent");

  assert.deepEqual(server.paths, ["device", "sync"]);
  const { headers, request, body } = server.requests[1];
  assert.equal(headers.Authorization, "Device t1");
  assert.equal(headers["X-Requested-With"], "sync");
  assert.equal(request.credentials, "omit");
  assert.deepEqual(body.records.map(({ seq }) => seq), [1, 2]);
  assert.ok(!JSON.stringify(body).includes("mark"));
  assert.deepEqual(await log.counts(), { unsent: 0, sent: 2, refused: 0 });
  assert.equal(store.meta.epoch, "e1");
});

test("who did nothing is not heard of", async () => {
  const server = new Server();
  const { log } = await done(0, server);

  assert.equal(await log.flush(), "sent");
  assert.deepEqual(server.paths, []);
});

test("C30 a page that was closed before sending sends at the next one", async () => {
  const offline = new Server(() => Promise.reject(new TypeError("Failed to fetch")));
  const { log, store } = await done(3, offline);
  assert.equal(await log.flush(), "later");

  const next = await done(0, new Server(), store);
  assert.equal(await next.log.flush(true), "sent");

  assert.deepEqual(await next.log.counts(), { unsent: 0, sent: 3, refused: 0 });
});

test("P02 each line gets its own answer, and of a no to being remembered nothing stays", async () => {
  const answers = [{ s: "kept" }, { s: "known" }, { s: "held", c: "unknown_rev" }, { s: "refused", c: "schema" }, { s: "refused", c: "consent_withdrawn" }];
  const server = new Server(({ path, body }) =>
    path === "sync" && json(reply(body, { results: body.records.map(({ id }, n) => ({ id, ...answers[n] })) })),
  );
  const { log, store } = await done(5, server);

  await log.flush();

  assert.deepEqual(await log.counts(), { unsent: 0, sent: 3, refused: 1 });
  assert.ok(!store.sent.some(({ c }) => c === "consent_withdrawn"));
});

test("S03 a line that was not answered stays, and is offered again", async () => {
  const server = new Server(({ path, body }, nth) =>
    path === "sync" && nth === 2 && json(reply(body, { results: [{ id: body.records[1].id, s: "kept" }] })),
  );
  const { log } = await done(2, server);

  assert.equal(await log.flush(), "sent");

  assert.deepEqual(server.requests.slice(1).map(({ body }) => body.records.map(({ seq }) => seq)), [[1, 2], [1]]);
});

test("fifty at a time", async () => {
  const server = new Server();
  const { log } = await done(120, server);

  await log.flush();

  assert.deepEqual(server.requests.slice(1).map(({ body }) => body.records.length), [50, 50, 20]);
});

test("S03 half an answer is none", async () => {
  const half = () => new Response('{"v":1,"non', { headers: { "Content-Type": "application/json" } });
  const { log } = await done(1, new Server(({ path }) => path === "sync" && half()));

  assert.equal(await log.flush(), "later");
  assert.equal((await log.counts()).unsent, 1);
});

for (const status of [200, 401, 403, 410, 413, 426]) {
  test(`C29 the page of a hotel's network means nothing, even with status ${status}`, async () => {
    const page = () => new Response("<h1>Welcome", { status, headers: { "Content-Type": "text/html" } });
    const { log, store } = await done(2, new Server(({ path }) => path === "sync" && page()));

    assert.equal(await log.flush(), "later");
    assert.equal((await log.counts()).unsent, 2);
    assert.equal(store.meta.token, "t1");
  });
}

test("S28 an answer to something else is none", async () => {
  const { log } = await done(1, new Server(({ path, body }) => path === "sync" && json(reply(body, { nonce: "other" }))));

  assert.equal(await log.flush(), "later");
  assert.equal((await log.counts()).unsent, 1);
});

test("an answer about nothing that was sent does not go round for ever", async () => {
  const { log } = await done(1, new Server(({ path, body }) => path === "sync" && json(reply(body, { results: [] }))));

  assert.equal(await log.flush(), "later");
});

for (const [status, end] of [[400, "broken"], [403, "revoked"], [415, "broken"], [426, "update"], [500, "later"], [503, "later"]]) {
  test(`S04 S07 after ${status} everything stays on the phone`, async () => {
    const { log, store } = await done(2, new Server(({ path }) => path === "sync" && json({ code: "x" }, status)));

    assert.equal(await log.flush(), end);
    assert.equal((await log.counts()).unsent, 2);
    assert.equal(store.meta.token, "t1");
  });
}

test("S05 a person's unknown token is kept until they sign in again", async () => {
  const store = new Memory();
  store.meta = { token: "mine", guest: false, asked: NOON };
  const { log } = await done(1, new Server(({ path }) => path === "sync" && json({ code: "unknown_token" }, 401)), store);

  assert.equal(await log.flush(), "sign-in");
  assert.equal(store.meta.token, "mine");
  assert.equal((await log.counts()).unsent, 1);
});

test("many lines are packed, a few are not, and an old browser sends them as they are", async () => {
  const how = async (many) => {
    const server = new Server();
    const { log } = await done(many, server);
    assert.equal(await log.flush(), "sent");
    return server.requests.at(-1).request;
  };

  assert.equal((await how(3)).headers["Content-Encoding"], undefined);
  const fifty = await how(50);
  assert.equal(fifty.headers["Content-Encoding"], "gzip");
  assert.ok(fifty.body.length <= 2 * 1024, fifty.body.length);

  const { CompressionStream } = globalThis;
  delete globalThis.CompressionStream;
  try {
    assert.equal(typeof (await how(50)).body, "string");
  } finally {
    globalThis.CompressionStream = CompressionStream;
  }
});

test("a phone makes its token itself, once, so that asking twice makes one phone", async () => {
  const server = new Server(({ path }, nth) => path === "device" && nth === 1 && json({}, 503));
  const { log } = await done(1, server);

  assert.equal(await log.flush(), "later");
  log.later(QUARTER);
  assert.equal(await log.flush(), "sent");

  const [first, second] = server.requests.filter(({ path }) => path === "device").map(({ body }) => body.token);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(second, first);
});

test("P03 a yes taken back without a network: nothing more is written down, and the no goes alone", async () => {
  const server = new Server();
  const { log, store } = await done(3, server);

  await takeBack(store, MILK, NOON);

  assert.equal(await saidNo(store), true);
  assert.equal(await log.record({ ...MILK, verb: "completed" }), null);
  assert.deepEqual(store.lines.map(({ line }) => [line.verb, line.seq]), [["withdrew", 4]]);

  server.answer = ({ path, body }) => path === "sync" && json(reply(body, { remember: false }));
  assert.equal(await log.flush(), "sent");

  assert.deepEqual(server.requests.at(-1).body.records.map(({ verb }) => verb), ["withdrew"]);
  assert.deepEqual([store.lines, store.sent], [[], []]);
  assert.equal(await log.record({ ...MILK, verb: "completed" }), null);
});

test("a no is not forgotten for an answer that was on its way, and ends with a yes said there", async () => {
  const { log, store } = await done(0, new Server());
  await takeBack(store, MILK, NOON);

  await store.settle([{ id: "of-before", s: "kept" }], { no: false });
  assert.equal(await saidNo(store), true);

  await store.settle([{ id: store.lines[0].id, s: "kept" }], { no: true });
  assert.equal(await saidNo(store), true);

  await store.settle([], { no: false });
  assert.ok(await log.record({ ...MILK, verb: "completed" }));
});

test("S05 a guest's unknown token is replaced: nobody can sign in for it", async () => {
  const server = new Server(({ path, headers }) => path === "sync" && headers.Authorization === "Device t1" && json({ code: "unknown_token" }, 401));
  const { log } = await done(1, server);

  assert.equal(await log.flush(), "sent");
  assert.deepEqual(server.paths, ["device", "sync", "device", "sync"]);
});

for (const status of [401, 410]) {
  test(`S08 a stranger on the line who answers ${status} takes nothing away`, async () => {
    const { log, store } = await done(2, new Server(({ path }) => path === "sync" && json({ code: "gone" }, status)));

    assert.equal(await log.flush(), "later");

    assert.deepEqual(await log.counts(), { unsent: 2, sent: 0, refused: 0 });
    assert.ok(await store.get("token"));
  });
}

test("S08 after being forgotten the phone forgets, too", async () => {
  const { log, store } = await done(2, new Server(({ path }) => path === "sync" && json({ code: "forgotten" }, 410)));

  assert.equal(await log.flush(), "forgotten");
  assert.deepEqual([store.lines, store.sent, store.meta], [[], [], {}]);
});

test("S06 who is asked to wait waits, and no longer than a quarter of an hour", async () => {
  const server = new Server(({ path }, nth) => path === "sync" && nth === 2 && json({}, 429, { "Retry-After": "120" }));
  const { log } = await done(1, server);

  assert.equal(await log.flush(), "later");
  log.later(119e3);
  assert.equal(await log.flush(), "later");
  assert.equal(server.requests.length, 2);
  log.later(2e3);
  assert.equal(await log.flush(), "sent");
});

test("C15 a clock that was set back does not make the phone wait for years", async () => {
  const server = new Server(({ path }, nth) => path === "sync" && nth === 2 && json({}, 503));
  const { log } = await done(1, server);

  await log.flush();
  log.later(-3e11);
  assert.equal(await log.flush(), "sent");
});

test("S14 what is too much is sent in halves, and a single line that is too much is set aside", async () => {
  const heavy = 3;
  const server = new Server(({ path, body }) => path === "sync" && body.records.some(({ seq }) => seq === heavy) && json({}, 413));
  const { log } = await done(6, server);

  assert.equal(await log.flush(), "sent");
  assert.deepEqual(await log.counts(), { unsent: 0, sent: 5, refused: 1 });
});

test("S23 on a line that breaks, less is sent the next time", async () => {
  let broken = true;
  const server = new Server(({ path }) => path === "sync" && broken && Promise.reject(new TypeError("cut")));
  const { log } = await done(40, server);

  await log.flush(true);
  await log.flush(true);
  broken = false;
  await log.flush(true);

  assert.deepEqual(server.requests.slice(1).map(({ body }) => body.records.length), [40, 20, 10, 20, 10]);
});

test("C14 two tabs: one flushes, the other is told so", async () => {
  let held = false;
  const locks = {
    async request(name, { ifAvailable }, work) {
      if (held && ifAvailable) return work(null);
      held = true;
      try {
        return await work({ name });
      } finally {
        held = false;
      }
    },
  };
  const [server, store] = [new Server(), new Memory()];
  const [one, two] = [1, 2].map(() => new Log(store, { fetch: server.fetch, now: () => NOON, locks }));
  await one.record({ ...MILK, verb: "completed" });

  assert.deepEqual(await Promise.all([one.flush(), two.flush()]), ["sent", "busy"]);
  assert.deepEqual(server.paths, ["device", "sync"]);
});

test("without locks, one page still flushes once at a time", async () => {
  const server = new Server();
  const { log } = await done(1, server);

  assert.deepEqual(await Promise.all([log.flush(), log.flush()]), ["sent", "sent"]);
  assert.deepEqual(server.paths, ["device", "sync"]);
});

test("what was done on another phone is asked for once an hour, and joined with what was done here", async () => {
  const told = [{ lesson: "feed", begun_at: "2026-11-20T08:00:00.000Z", done: "2026-11-20T08:05:00.000Z", answers: { q9: 1 } }];
  const server = new Server(({ path, body }) => path === "sync" && "cursor" in body && json(reply(body, { progress: told })));
  const { log } = await done(0, server);
  await log.record({ ...MILK, verb: "answered", block: "q1", response: { chosen: ["b"] } }, 1);
  await log.flush();
  log.later(61 * 60e3);
  await log.flush();
  await log.flush();

  assert.deepEqual(server.requests.map(({ body }) => body.cursor), [undefined, undefined, ""]);
  assert.deepEqual(await log.soFar(), {
    milk: { begun_at: "2026-11-22T12:00:00.000Z", done_at: null, answers: { q1: 1 } },
    feed: { begun_at: "2026-11-20T08:00:00.000Z", done_at: "2026-11-20T08:05:00.000Z", answers: { q9: 1 } },
  });
});

test("only who asks with a session shows who they are to the server", async () => {
  const server = new Server();
  const { log } = await done(0, server);

  await log.post("claim", { token: "t1" }, { "X-CSRFToken": "csrf" }, "same-origin");

  const { body, headers, request } = server.requests[0];
  assert.deepEqual([body, headers["X-CSRFToken"], request.credentials], [{ token: "t1" }, "csrf", "same-origin"]);
});

// ── How long it waits ──────────────────────────────────────────────────────────────────────────────────────

test("S04 after each trouble in a row the phone waits twice as long, up to a quarter of an hour", async () => {
  let broken = true;
  const server = new Server(({ path }) => path === "sync" && broken && json({}, 503));
  const { log, store } = await done(1, server);
  const waits = [];
  for (let n = 0; n < 10; n++) {
    await log.flush();
    waits.push(Math.round((store.meta.rest.until - log.now()) / 1e3));
    log.later(QUARTER);
  }
  assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);

  broken = false;
  assert.equal(await log.flush(), "sent");
  await log.record({ ...MILK, verb: "completed" });
  broken = true;
  await log.flush();
  assert.equal(store.meta.rest.until - log.now(), 5e3);
});

test("S04 the wait is by chance, so that phones do not come back all at once", async () => {
  const { log, store } = await done(1, new Server(() => json({}, 503)));
  const waits = [];
  for (const random of [0, 0.25, 0.5]) {
    store.meta = {};
    log.random = () => random;
    await log.flush();
    waits.push(store.meta.rest.until - log.now());
  }

  assert.deepEqual(waits, [0, 1250, 2500]);
});

test("while it waits the phone asks nobody, and says what it waits for", async () => {
  const server = new Server(({ path }) => path === "sync" && json({ code: "revoked" }, 403));
  const { log } = await done(1, server);
  await log.flush();

  assert.equal(await log.flush(), "revoked");

  assert.equal(server.requests.length, 2);
});

test("S06 who opens a page need not wait, unless the server asked for that", async () => {
  const heads = [{}, { "Retry-After": "60" }];
  const server = new Server(({ path }) => path === "sync" && heads.length && json({}, 503, heads.shift()));
  const { log } = await done(1, server);

  assert.equal(await log.flush(), "later");
  assert.equal(await log.flush(true), "later");
  assert.equal(server.paths.filter((path) => path === "sync").length, 2);
  assert.equal(await log.flush(true), "later");
  assert.equal(server.paths.filter((path) => path === "sync").length, 2);
  log.later(MINUTE);
  assert.equal(await log.flush(), "sent");
});

test("S04 when the wait is over a page that is still open sends by itself", async () => {
  let broken = true;
  const { log } = await done(1, new Server(({ path }) => path === "sync" && broken && json({}, 503)));
  const timers = [];
  log.again = (work, wait) => timers.push({ work, wait });
  await log.flush();
  assert.deepEqual(timers.map(({ wait }) => wait), [5e3]);

  broken = false;
  log.later(5e3);
  assert.equal(await timers[0].work(), "sent");
});

test("without a network nobody is asked, and it does not count as a try", async () => {
  const server = new Server();
  const { log, store } = await done(1, server);
  log.alone = () => true;

  assert.equal(await log.flush(true), "alone");

  assert.deepEqual([server.paths, store.meta.rest], [[], undefined]);
});

test("S27 what was done in three months goes in a hundred batches, and none of it is read twice", async () => {
  const server = new Server();
  const { log, store } = await done(5000, server);
  store.shelves.lines.handed = 0;

  assert.equal(await log.flush(), "sent");

  assert.equal(server.paths.filter((path) => path === "sync").length, 100);
  assert.equal(store.shelves.lines.handed, 5000);
  assert.deepEqual(await log.counts(), { unsent: 0, sent: 5000, refused: 0 });
});

// ── What was answered, and a server that may lose it ───────────────────────────────────────────────────────

const seqs = (rows) => rows.map(({ line }) => line.seq).sort();
const sent = (server) => server.requests.filter(({ path }) => path === "sync").map(({ body }) => body.records.map(({ seq }) => seq));

// A server whose replies are as `told` says just then.
function telling(told) {
  const server = new Server(({ path, body }) => path === "sync" && json(reply(body, server.told)));
  server.told = told;
  return server;
}

test("S20 a server that was restored is offered everything again that it had answered", async () => {
  const answers = [{ s: "kept" }, { s: "known" }, { s: "held", c: "unknown_rev" }, { s: "refused", c: "schema" }];
  const server = new Server(({ path, body }, nth) => {
    if (path !== "sync") return null;
    const results = body.records.map(({ id }, n) => ({ id, ...(nth === 2 ? answers[n] : { s: "kept" }) }));
    return json(reply(body, { results, epoch: nth === 2 ? "e1" : "e2" }));
  });
  const { log, store } = await done(4, server);
  await log.flush();
  await log.record({ ...MILK, verb: "completed" });

  assert.equal(await log.flush(), "sent");

  assert.deepEqual(sent(server), [[1, 2, 3, 4], [5], [1, 2, 3]]);
  assert.deepEqual(await log.counts(), { unsent: 0, sent: 4, refused: 1 });
  assert.equal(store.meta.epoch, "e2");
});

test("S20 a phone that stops in the middle of offering again goes on from there", async () => {
  const server = telling({});
  const { log, store } = await done(60, server);
  await log.flush();
  await log.record({ ...MILK, verb: "completed" });
  let times = 0;
  server.told = { epoch: "e2" };
  server.answer = ({ path, body }) => (path === "sync" && (times++ ? Promise.reject(new TypeError("cut")) : json(reply(body, server.told))));
  assert.equal(await log.flush(), "later");
  assert.equal(store.lines.length, 60);
  server.answer = ({ path, body }) => path === "sync" && json(reply(body, server.told));

  assert.equal(await log.flush(true), "sent");

  assert.deepEqual(await log.counts(), { unsent: 0, sent: 61, refused: 0 });
});

test("S20 what a restored server still holds stays held, and is not taken for kept", async () => {
  const said = [{ s: "held", c: "consent_pending" }, { s: "known" }, { s: "kept" }];
  const server = new Server(({ path, body }) => {
    if (path !== "sync") return null;
    const { s, c, epoch } = server.told;
    return json(reply(body, { results: body.records.map(({ id }) => ({ id, s, ...(c && { c }) })), epoch }));
  });
  const { log, store } = await done(1, server);
  const shown = [];
  for (const [at, answer] of said.entries()) {
    server.told = { ...answer, epoch: "e" + at };
    log.later(61 * MINUTE);
    await log.flush();
    shown.push(store.sent.map(({ s, c }) => s + c));
  }

  assert.deepEqual(shown, [["heldconsent_pending"], ["heldconsent_pending"], ["kept"]]);
});

test("P01 what was held for a guest for too long is offered again when they get a place", async () => {
  const answers = [{ s: "held", c: "consent_pending" }, { s: "kept" }, { s: "refused", c: "schema" }];
  const server = new Server(({ path, body }, nth) => {
    if (path !== "sync" || nth > 2) return null;
    return json(reply(body, { results: body.records.map(({ id }, n) => ({ id, ...answers[n] })) }));
  });
  const { log, store } = await done(3, server);
  await log.flush();

  await offerHeld(store);
  assert.equal(await log.flush(), "sent");

  assert.deepEqual(sent(server), [[1, 2, 3], [1]]);
  assert.deepEqual(store.sent.map(({ s }) => s), ["kept", "kept", "refused"]);
});

test("S20 the first epoch that a phone hears of is nothing new", async () => {
  const server = telling({ epoch: "e7" });
  const { log } = await done(60, server);

  assert.equal(await log.flush(), "sent");

  assert.equal(sent(server).length, 2);
});

test("S21 a late reply of an epoch that is over means nothing", async () => {
  const server = telling({ epoch: "e1" });
  const { log, store } = await done(1, server);
  await log.flush();
  await log.record({ ...MILK, verb: "completed" });
  server.told = { epoch: "e2" };
  await log.flush();
  await log.record({ ...MILK, verb: "completed" });
  const before = store.sent;

  server.told = { epoch: "e1", progress: [{ lesson: "feed", begun_at: "2026-11-20T08:00:00.000Z", done: null, answers: {} }] };
  assert.equal(await log.flush(), "later");

  assert.deepEqual([seqs(store.lines), store.sent, store.meta.epoch], [[3], before, "e2"]);
  assert.ok(!("feed" in (await log.soFar())));
  server.told = { epoch: "e2" };
  log.later(QUARTER);
  assert.equal(await log.flush(), "sent");
});

test("S20 what a verified backup holds may go, and nobody sees a difference", async () => {
  const server = telling({ server_time: "2026-11-22T12:00:00.000Z" });
  const { log, store } = await done(0, server);
  await log.record({ ...MILK, verb: "experienced" });
  await log.record({ ...MILK, verb: "played", block: "q1" });
  await log.record({ ...MILK, verb: "answered", block: "q1", response: { chosen: ["b"] } }, 0.5);
  await log.record({ ...MILK, verb: "answered", block: "q1", response: { chosen: ["a"] } }, 1);
  await log.record({ ...MILK, about: "feed", verb: "experienced" });
  await log.flush();
  const [before, shown] = [await log.soFar(), await log.about("milk")];

  server.told = LATER;
  log.later(61 * MINUTE);
  await log.flush();

  assert.deepEqual(seqs(store.sent), [3, 4]);
  assert.equal(store.meta.gone, 3);
  assert.deepEqual(await log.soFar(), before);
  assert.deepEqual((await log.about("milk")), shown.filter(({ verb }) => verb === "answered"));
});

test("S20 what is younger than the backup, and what is not in the record, stays", async () => {
  const answers = [{ s: "held", c: "consent_pending" }, { s: "refused", c: "schema" }, { s: "kept" }];
  const server = new Server(({ path, body }, nth) => {
    if (path !== "sync") return null;
    const results = body.records.map(({ id }, n) => ({ id, ...(nth === 2 ? answers[n] : { s: "kept" }) }));
    return json(reply(body, { results, server_time: "2026-11-22T12:00:00.000Z", kept_until: nth === 2 ? "" : server.until }));
  });
  const { log, store } = await done(0, server);
  for (let n = 0; n < 3; n++, log.later(1)) await log.record({ ...MILK, verb: "experienced" });
  await log.flush();

  for (const [until, left] of [["2026-11-22T12:00:00.000Z", [1, 2, 3]], ["2026-11-22T12:00:00.001Z", [1, 2]]]) {
    server.until = until;
    log.later(61 * MINUTE);
    await log.flush();
    assert.deepEqual(seqs(store.sent), left);
  }
});

test("the browser is asked once, after the first line is kept, not to clear the store; its answer is remembered", async () => {
  const { log, store } = await done(0, new Server());
  const asked = [];
  log.persist = async () => !!asked.push(store.lines.length);

  for (let n = 0; n < 3; n++) await log.record({ ...MILK, verb: "completed" });
  await log.flush();

  assert.deepEqual([asked, store.meta.persisted], [[1], true]);
});

test("a browser that cannot promise to keep the store keeps the line all the same", async () => {
  const { log, store } = await done(0, new Server());
  log.persist = () => Promise.reject(new Error("not allowed"));

  await log.record({ ...MILK, verb: "completed" });

  assert.deepEqual([seqs(store.lines), "persisted" in store.meta], [[1], false]);
});

test("S23 who hears nothing for a minute gives up, and sends half the next time", async (t) => {
  const [later, waits] = [globalThis.setTimeout, []];
  t.after(() => (globalThis.setTimeout = later));
  globalThis.setTimeout = (give_up, ms) => later(give_up, 0 * waits.push(ms));
  const silence = (signal) => new Promise((_, no) => signal.addEventListener("abort", () => no(new Error("given up"))));
  let silent = true;
  const server = new Server(({ path, request }) => path === "sync" && silent && silence(request.signal));
  const { log } = await done(40, server);

  assert.equal(await log.flush(), "later");
  assert.equal((await log.counts()).unsent, 40);
  silent = false;
  await log.flush(true);

  assert.deepEqual([...new Set(waits)], [60e3]);
  assert.deepEqual(server.requests.slice(1).map(({ body }) => body.records.length), [40, 20, 20]);
});

test("S27 five thousand lines need a hundred requests, and one can learn meanwhile", async () => {
  const server = new Server();
  const { log } = await done(5000, server);

  const sending = log.flush();
  await log.record({ ...MILK, verb: "completed" });
  assert.notEqual((await log.counts()).unsent, 0);

  assert.equal(await sending, "sent");
  assert.deepEqual(await log.counts(), { unsent: 0, sent: 5001, refused: 0 });
  assert.equal(server.requests.filter(({ body }) => body.records && body.records.length === 50).length, 100);
});

test("C16 answers stay in their order when the clock goes back between them", async () => {
  const { log, store } = await done(0, new Server());
  store.all = async () => store.lines.sort((one, other) => (one.id < other.id ? -1 : 1)); // as a real disk gives them
  for (const chosen of ["a", "b", "c"]) {
    await log.record({ ...MILK, verb: "answered", block: "q1", response: { chosen: [chosen] } });
    log.later(-36e5);
  }

  const lines = await log.about("milk");

  assert.deepEqual(lines.map(({ response }) => response.chosen[0]), ["a", "b", "c"]);
  assert.deepEqual(lines.map(({ seq }) => seq), [1, 2, 3]);
});

test("S29 a token stands in no address", async () => {
  const store = new Memory();
  store.meta = { token: "mine" };
  const addresses = [];
  const server = new Server();
  const { log } = await done(1, { fetch: (url, request) => addresses.push(url) && server.fetch(url, request) }, store);

  await log.flush();
  await log.post("claim", { token: "mine" });

  assert.deepEqual(addresses, ["/api/v1/sync", "/api/v1/claim"]);
});

test("C29 S28 JSON of a stranger is no answer either", async () => {
  for (const stranger of [{ login: true }, [], null, { v: 1, results: null }]) {
    const { log, store } = await done(2, new Server(() => json(stranger, 201)));
    assert.equal(await log.flush(), "later");

    await store.set({ token: "mine", wait: 0 });
    log.fetch = new Server(() => json(stranger)).fetch;
    assert.equal(await log.flush(), "later");

    assert.equal((await log.counts()).unsent, 2);
    assert.equal(store.meta.token, "mine");
  }
});
