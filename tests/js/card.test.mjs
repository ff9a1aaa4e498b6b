import assert from "node:assert/strict";
import { test } from "node:test";

import { digitsIn, offerPrint, takeFromAddress } from "../../lms/static/lms/card.mjs";

const page = (field, buttons = []) => ({ querySelector: () => field, querySelectorAll: () => buttons });

test("the digits of a card stand after the hash", () => {
  assert.equal(digitsIn("#482761539046"), "482761539046");
  for (const other of ["", "#", "#123", "#4827615390461", "#48276153904x", "482761539046"]) assert.equal(digitsIn(other), "");
});

test("they go into the field, in groups, and out of the address", () => {
  const field = { value: "" };
  const gone = [];
  takeFromAddress(page(field), { hash: "#482761539046", pathname: "/k" }, { replaceState: (...all) => gone.push(all[2]) });

  assert.equal(field.value, "4827 6153 9046");
  assert.deepEqual(gone, ["/k"]);
});

test("what is no card stays out of the field, and out of the history too", () => {
  const field = { value: "typed" };
  const gone = [];
  takeFromAddress(page(field), { hash: "#<script>", pathname: "/k" }, { replaceState: (...all) => gone.push(all[2]) });

  assert.equal(field.value, "typed");
  assert.deepEqual(gone, ["/k"]);
});

test("the print button shows itself and prints", () => {
  let printed = 0;
  const button = { hidden: true, addEventListener: (_what, then) => (button.press = then) };
  offerPrint(page(null, [button]), () => (printed += 1));
  button.press();

  assert.equal(button.hidden, false);
  assert.equal(printed, 1);
});
