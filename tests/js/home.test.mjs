import assert from "node:assert/strict";
import { test } from "node:test";

import { newOf, taskOf } from "../../lms/static/lms/home.mjs";

const DAY = 24 * 3600e3;
const NOW = Date.parse("2026-11-22T10:00:00Z");
const ago = (days) => new Date(NOW - days * DAY).toISOString();
const lesson = (key) => ({ key, title: key, url: "/" + key + "/", week: { block: "w-" + key, title: "do " + key, say: key } });
const done = (days, answers = {}) => ({ begun_at: ago(days), done_at: ago(days), answers });
const LESSONS = [lesson("look"), lesson("milk"), lesson("water")];

test("who has finished nothing has no task", () => {
  assert.equal(taskOf(LESSONS, {}, NOW), null);
  assert.equal(taskOf(LESSONS, { look: { begun_at: ago(9), done_at: null, answers: {} } }, NOW), null);
});

test("the task that was taken home last is shown, and nobody asks how it went before a week is over", () => {
  const task = taskOf(LESSONS, { look: done(3), milk: done(1) }, NOW);

  assert.deepEqual([task.key, task.due], ["milk", false]);
});

test("after a week the one that waits longest is asked about", () => {
  const task = taskOf(LESSONS, { look: done(9), milk: done(20), water: done(1) }, NOW);

  assert.deepEqual([task.key, task.due], ["milk", true]);
});

test("whatever was answered is not asked again", () => {
  const task = taskOf(LESSONS, { milk: done(20, { "w-milk": null }) }, NOW);

  assert.equal(task, null);
});

test("a lesson without a task is no trouble", () => {
  assert.equal(taskOf([{ key: "look", title: "look", url: "/" }], { look: done(9) }, NOW), null);
});

test("what came after the first visit is new until it is opened", () => {
  assert.equal(newOf(LESSONS, {}, ["look", "milk"]).key, "water");
  assert.equal(newOf(LESSONS, { water: done(1) }, ["look", "milk"]), null);
  assert.equal(newOf(LESSONS, {}, ["look", "milk", "water"]), null);
});
