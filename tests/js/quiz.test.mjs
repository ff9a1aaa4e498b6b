import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { stand } from "../../assessments/static/assessments/quiz.mjs";

const cases = JSON.parse(readFileSync(new URL("../shared/quiz.json", import.meta.url), "utf-8"));

for (const { why, blocks, answers, pass_mark, tries, stand: expected } of cases) {
  test(why, () => assert.deepEqual(stand(blocks, answers, { passMark: pass_mark, tries }), expected));
}
