import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "../../assessments/static/assessments/kinds.mjs";
import { NotAnAnswer, mark, rightParts } from "../../assessments/static/assessments/marking.mjs";
import { readNumber } from "../../assessments/static/assessments/numbers.mjs";

const cases = (name) => JSON.parse(readFileSync(new URL(`../shared/${name}.json`, import.meta.url), "utf-8"));

for (const { why, key, response, mark: earned, parts } of cases("marking")) {
  test(why, () => {
    if (earned === "not an answer") assert.throws(() => mark(key, response), NotAnAnswer);
    else assert.equal(mark(key, response), earned);
    if (parts) assert.deepEqual(rightParts(key, response), parts);
  });
}

for (const { why, typed, comma, unit, read } of cases("numbers")) {
  test(`a number: ${why}`, () => {
    if (read === null) assert.throws(() => readNumber(typed, comma, unit), NotAnAnswer);
    else assert.ok(Object.is(readNumber(typed, comma, unit), read)); // -0 is not 0
  });
}
