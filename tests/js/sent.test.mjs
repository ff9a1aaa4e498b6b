// The page that shows what is still on this phone and what was sent: what it says, and when.

import assert from "node:assert/strict";
import { test } from "node:test";

import { heldOf, inWords, nextOf } from "../../lms/static/lms/sent.mjs";

const WORDS = {
  today: "today",
  yesterday: "yesterday",
  weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  months: ["January", "", "", "", "", "", "", "", "", "", "November", "December"],
  date: "{date} {month}",
  at: "{day}, {time}",
};
const SUNDAY = [2026, 10, 22, 9, 5];
const now = +new Date(...SUNDAY);
const ago = (days, hours = 0) => +new Date(2026, 10, 22 - days, 9 - hours, 5);

test("a moment is said as people say it", () => {
  const said = [ago(0), ago(0, 9), ago(0, 10), ago(1), ago(2), ago(6), ago(7), +new Date(2025, 11, 31, 23, 59)];

  assert.deepEqual(said.map((then) => inWords(WORDS, then, now)), [
    "today, 9:05", "today, 0:05", "yesterday, 23:05", "yesterday, 9:05", "Friday, 9:05", "Monday, 9:05",
    "15 November, 9:05", "31 December 2025, 23:59",
  ]);
});

test("a moment that a clock set back has put into the future has its date", () => {
  assert.equal(inWords(WORDS, ago(-1), now), "23 November, 9:05");
});

const WAITING = { unsent: 3, sent: 4, refused: 0, full: false, alone: false, sending: false, rest: null };

for (const [next, told] of [
  ["sending", {}],
  ["sending", { sending: true, rest: { end: "later" } }],
  ["alone", { alone: true }],
  ["alone", { alone: true, rest: { end: "revoked" } }],
  ["later", { rest: { end: "later" } }],
  ["sign-in", { rest: { end: "sign-in" } }],
  ["revoked", { rest: { end: "revoked" } }],
  ["update", { rest: { end: "update" } }],
  ["broken", { rest: { end: "broken" } }],
  ["full", { full: true, alone: true }],
  ["all", { unsent: 0 }],
  ["all", { unsent: 0, alone: true, rest: { end: "later" } }],
  ["none", { unsent: 0, sent: 0 }],
  ["", { unsent: 0, sent: 4, refused: 1 }],
]) {
  test(`of what comes next it says "${next}" when ${JSON.stringify(told)}`, () => {
    assert.equal(nextOf({ ...WAITING, ...told }), next);
  });
}

test("what waits for a yes is counted until the server says where somebody stands", () => {
  const rows = [
    { line: { about: "milk" }, c: "consent_pending" },
    { line: { about: "feed" }, c: "consent_pending" },
    { line: { about: "feed" }, c: "unknown_rev" },
  ];

  assert.equal(heldOf(rows), 2);
  assert.equal(heldOf(rows, { milk: {} }), 1);
});
