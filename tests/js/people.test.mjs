// A family on one phone: everybody's lines in a store of their own, and a list that hides whom it should.

import assert from "node:assert/strict";
import { test } from "node:test";

import { People, belong, leave } from "../../lms/static/lms/people.mjs";
import { asks } from "../../lms/static/lms/first.mjs";
import { Pad, lockOf, wait, whose } from "../../lms/static/lms/pin.mjs";

class Disk {
  constructor() {
    this.meta = {};
  }
  async get(name) {
    return this.meta[name];
  }
  async set(values) {
    Object.assign(this.meta, structuredClone(values));
  }
}

const AMINA = { place: "a", name: "Amina", face: "kite" };
const FARID = { place: "f", name: "Farid", face: "pot" };
const GUL = { place: "g", name: "Gul", face: "mango", hidden: true };

const phone = () => new People(new Disk());
const here = async (people) => people.disk.meta.here || people.disk.meta.guests || "hamrah";

// The logs of a phone, and what was asked of the server under which token.
function logs(people, end = "sent") {
  const stores = {};
  const asked = [];
  const requests = [];
  const offered = []; // what the server holds
  const open = async (name) => {
    name = name || open.at || (await here(people));
    open.at = name;
    const meta = (stores[name] = stores[name] || {});
    const store = {
      name,
      get: async (what) => meta[what],
      set: async (values) => void Object.assign(meta, values),
      clear: async () => void (stores[name] = {}),
      run: async (mode) => void offered.push(name + " " + mode),
    };
    const post = async (...request) => {
      asked.push(name);
      requests.push(request);
      return { status: 200, reply: { token: "mine" } };
    };
    return { store, flush: async () => end, post };
  };
  return { open, stores, asked, requests, offered };
}

// What a store remembers of a phone that belongs to somebody.
const claimed = (person) => ({ person, token: "mine", guest: false, asked: 0, rest: null });

test("three people have three stores, and each finds their own again", async () => {
  const people = phone();

  const first = [await people.enter(AMINA), await people.enter(FARID), await people.enter(GUL)];
  const again = [await people.enter(GUL), await people.enter(AMINA), await people.enter(FARID)];

  assert.equal(new Set(first).size, 3);
  assert.deepEqual(again, [first[2], first[0], first[1]]);
});

test("the first who gets a place takes along what was done as a guest; the next guest's lines lie elsewhere", async () => {
  const people = phone();

  assert.equal(await people.enter(AMINA), "hamrah");
  await people.leave();
  const guests = await here(people);

  assert.notEqual(guests, "hamrah");
  assert.equal(await people.enter(AMINA), "hamrah"); // what somebody did meanwhile stays the guests'
  assert.equal(await people.enter(FARID), guests);
});

test("a store of the time before belongs to whom it belonged to", async () => {
  const people = phone();

  const store = await people.enter(FARID, "a");

  assert.notEqual(store, "hamrah");
  assert.equal(await people.enter(AMINA), "hamrah");
});

test("who is hidden stands in no list and has no name in it", async () => {
  const people = phone();
  await people.enter(AMINA);
  await people.enter({ ...GUL, hidden: false });
  await people.enter(GUL);

  assert.deepEqual((await people.seen()).map(({ name }) => name), ["Amina"]);
  assert.ok(!JSON.stringify(people.disk.meta).includes("Gul"));
  assert.ok(!JSON.stringify(people.disk.meta).includes("mango"));
});

test("C25 whoever leaves leaves nobody here, and every store is still sent", async () => {
  const people = phone();
  const stores = [await people.enter(AMINA), await people.enter(FARID)];
  await people.leave();

  assert.ok(!stores.includes(await here(people)));
  for (const store of [...stores, await here(people)]) assert.ok(people.disk.meta.stores.includes(store));
});

test("who was removed is in no list any more", async () => {
  const people = phone();
  await people.enter(AMINA);
  await people.forget(await people.enter(FARID));

  assert.deepEqual((await people.all()).map(({ place }) => place), ["a"]);
  assert.notEqual(await here(people), "hamrah");
});

test("after signing in, the phone's token is the person's, and what it had to wait for is over", async () => {
  const people = phone();
  const { open, stores, requests, offered } = logs(people, "sign-in");
  const log = await open();
  await log.store.set({ token: "t1", guest: true, rest: { end: "sign-in" } });

  await belong({ person: "a", called: "Amina", face: "kite" }, people, open, "csrf");

  assert.deepEqual(requests, [["claim", { token: "t1" }, { "X-CSRFToken": "csrf" }, "same-origin"]]);
  assert.deepEqual(offered, ["hamrah readwrite"]);
  assert.deepEqual(stores.hamrah, claimed("a"));
});

test("changing person opens the other's record and leaves unsent lines where they are", async () => {
  const people = phone();
  const { open, stores, asked } = logs(people, "later");
  await belong({ person: "a", called: "Amina", face: "kite" }, people, open, "csrf");
  stores.hamrah.lines = ["unsent"];

  const log = await belong({ person: "f", called: "Farid", face: "pot" }, people, open, "csrf");

  assert.notEqual(log.store.name, "hamrah");
  assert.deepEqual(stores.hamrah, { ...claimed("a"), lines: ["unsent"] });
  assert.deepEqual(asked, ["hamrah", log.store.name]); // a token of their own each
  await belong({ person: "a", called: "Amina", face: "kite" }, people, open, "csrf");
  assert.equal(asked.length, 2);
});

test("who asked to be forgotten leaves an empty store, and the others theirs", async () => {
  const people = phone();
  const { open, stores } = logs(people);
  await belong({ person: "a", called: "Amina", face: "kite" }, people, open, "csrf");
  await belong({ person: "f", called: "Farid", face: "pot" }, people, open, "csrf");

  await belong({ forgotten: "" }, people, open);

  assert.deepEqual(stores["hamrah-1"], {});
  assert.deepEqual(stores.hamrah, claimed("a"));
  assert.deepEqual((await people.all()).map(({ place }) => place), ["a"]);
});

test("leaving closes the place at once, and remembers that the session is open while there is no network", async () => {
  for (const network of [true, false]) {
    const people = phone();
    await people.enter(AMINA);
    const memory = new Map();
    let went = 0;
    globalThis.FormData = class {};

    await leave({ action: "/ur/leave/" }, {
      people,
      since: "s1",
      fetch: network ? async () => ({}) : async () => Promise.reject(new Error("offline")),
      memory: { setItem: (...pair) => memory.set(...pair), removeItem: (name) => memory.delete(name) },
      go: () => went++,
      wait: () => new Promise(() => {}),
    });

    assert.equal(people.disk.meta.here, "");
    assert.equal(memory.get("left"), network ? undefined : "s1");
    assert.equal(went, 1);
  }
});

test("without a network the right PIN finds its person, in any script, and nothing else does", async () => {
  const rows = [
    { place: "a", lock: await lockOf("Amina", "kite", "7294") },
    { place: "f", lock: await lockOf("Farid", "pot", "5183") },
    { place: "n" },
  ];

  assert.equal((await whose(rows, " amina ", "kite", "۷۲۹۴")).place, "a");
  assert.equal((await whose(rows, "Farid", "pot", "5183")).place, "f");
  assert.equal(await whose(rows, "Amina", "kite", "5183"), null);
  assert.equal(await whose(rows, "Amina", "pot", "7294"), null);
  assert.ok(!JSON.stringify(rows).includes("7294"));
});

test("C22 without a network, five tries are free, then one waits, and longer the next time", () => {
  assert.equal(wait({}, 0), 0);
  assert.equal(wait({ tries: 4, at: 0 }, 1), 0);
  assert.equal(wait({ tries: 5, at: 0 }, 0), 30e3);
  assert.equal(wait({ tries: 5, at: 0 }, 30e3), 0);
  assert.equal(wait({ tries: 10, at: 0 }, 0), 300e3);
  assert.equal(wait({ tries: 25, at: 0 }, 0), 300e3);
});

test("the pad writes up to six digits into the field touched last, and says how many there are", () => {
  const status = { dataset: { typed: "{n} digits" }, textContent: "" };
  const pad = { querySelector: () => status, addEventListener: (name, tap) => (pad.tap = tap) };
  const field = () => ({ value: "", on: {}, classList: { toggle() {} }, addEventListener(name, then) { this.on[name] = then; } });
  const [old, next] = [field(), field()];
  const key = (value) => pad.tap({ target: { value, matches: () => !value } });
  new Pad(pad, [old, next]).start();

  for (const digit of "12345678") key(digit);
  next.on.focus();
  for (const digit of "729") key(digit);
  key("");

  assert.equal(old.value, "123456");
  assert.equal(next.value, "72");
  assert.equal(status.textContent, "2 digits");
  next.value = "7a۲";
  next.on.input();
  assert.equal(next.value, "7۲");
});

test("a phone asks who it is when it knows two, or when nobody is here; for a hidden one it never does", () => {
  assert.ok(asks([AMINA, FARID], "hamrah"));
  assert.ok(asks([AMINA], ""));
  assert.ok(!asks([AMINA], "hamrah"));
  assert.ok(!asks([], ""));
});
