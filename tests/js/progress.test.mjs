import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { fold, join, nextLesson, of } from "../../lms/static/lms/progress.mjs";

const cases = JSON.parse(readFileSync(new URL("../shared/progress.json", import.meta.url), "utf-8"));

for (const { why, outline, lines, standings, of: done, next } of cases) {
  test(why, () => {
    assert.deepEqual(fold(outline, lines), standings);
    assert.deepEqual(of(outline, standings), done);
    assert.equal(nextLesson(outline, standings), next);
  });

  test(`${why}, in any order, twice, and in two halves`, () => {
    const mixed = shuffled([...lines, ...lines]);
    const half = Math.floor(lines.length / 2);
    const [one, other] = [fold(outline, lines.slice(0, half)), fold(outline, lines.slice(half))];
    const lessons = Object.keys({ ...one, ...other });

    assert.deepEqual(fold(outline, mixed), standings);
    assert.deepEqual(Object.fromEntries(lessons.map((lesson) => [lesson, join(one[lesson], other[lesson])])), standings);
  });
}

function shuffled(list) {
  for (let at = list.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1));
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}
