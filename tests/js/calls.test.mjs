// A coach's list of calls: sealed under a PIN, and days that do not depend on the hour.

import assert from "node:assert/strict";
import { test } from "node:test";

import { daysBetween, today } from "../../mentors/static/mentors/days.mjs";
import { isGood, locked, opened } from "../../mentors/static/mentors/vault.mjs";

test("the PIN opens the list", async () => {
  const box = await locked("704913", { rows: ["Z B"] });

  assert.deepEqual(await opened("704913", box), { rows: ["Z B"] });
});

test("another PIN opens nothing, and the list is not in the box", async () => {
  const box = await locked("704913", { rows: ["Z B"] });

  assert.equal(await opened("704914", box), null);
  assert.ok(!Buffer.from(box.content).toString("latin1").includes("Z B"));
});

test("the same list is never sealed in the same way twice", async () => {
  const [one, other] = [await locked("704913", 1), await locked("704913", 1)];

  assert.notDeepEqual([one.salt, one.iv], [other.salt, other.iv]);
});

test("a PIN has six digits that nobody tries first", () => {
  for (const pin of ["70491", "7049133", "111111", "123456", "987654", "70a913", ""]) assert.ok(!isGood(pin), pin);
  assert.ok(isGood("704913"));
});

test("days between dates are whole, over a change of clocks as well", () => {
  assert.equal(daysBetween("2026-10-24", "2026-10-26"), 2);
  assert.equal(daysBetween("2026-11-23", "2026-11-22"), -1);
});

test("today is the phone's own day, also just before midnight", () => {
  assert.equal(today(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});
