import assert from "node:assert/strict";
import { test } from "node:test";

import { showKept } from "../../courses/static/courses/kept.mjs";
import { nextOf } from "../../lms/static/lms/mine.mjs";

const WAY = ["look", "milk", "water", "rains", "ticks"];
const begun = { begun_at: "2026-11-20T10:00:00Z", done_at: null, answers: {} };
const done = (day) => ({ ...begun, done_at: `2026-11-${day}T10:00:00Z` });

test("who has done nothing begins with the first lesson", () => {
  assert.equal(nextOf(WAY, {}), "look");
  assert.equal(nextOf(WAY, { water: begun }), "look");
});

test("what comes next follows what was done last, not what was left out before", () => {
  assert.equal(nextOf(WAY, { water: done(21), rains: done(22) }), "ticks");
  assert.equal(nextOf(WAY, { rains: done(21), look: done(22) }), "milk");
  assert.equal(nextOf(WAY, { look: done(22), milk: done(21) }), "water");
});

test("after the last lesson come those that were left out; after all, none", () => {
  assert.equal(nextOf(WAY, { look: done(20), ticks: done(22) }), "milk");
  assert.equal(nextOf(WAY, Object.fromEntries(WAY.map((key) => [key, done(20)]))), undefined);
});

function card(pathname) {
  const sign = { hidden: true };
  const classes = new Set();
  return {
    sign,
    classes,
    querySelector: (what) => (what === "a[href]" ? { pathname } : sign),
    classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) },
  };
}
const page = (...cards) => ({ querySelectorAll: (what) => (what === ".course" ? cards : []) });

test("a lesson that is kept has a sign, and only without a network do the others stand back", async () => {
  const [kept, other] = [card("/ur/a/"), card("/ur/b/")];
  await showKept(page(kept, other), ["/ur/a/"], false);
  assert.deepEqual([kept.sign.hidden, other.sign.hidden], [false, true]);
  assert.deepEqual([kept.classes.size, other.classes.size], [0, 0]);
  await showKept(page(kept, other), ["/ur/a/"], true);
  assert.deepEqual([[...kept.classes], [...other.classes]], [[], ["away"]]);
});
