// What only the server may read: its other half is tests/lms/test_carried.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { contentOf } from "../../lms/static/lms/carry.mjs";
import { seal } from "../../lms/static/lms/seal.mjs";

const { subtle } = globalThis.crypto;
const CURVE = { name: "ECDH", namedCurve: "P-256" };

async function key() {
  const pair = await subtle.generateKey(CURVE, true, ["deriveBits"]);
  return { pair, to: new Uint8Array([1, 2, 3, 4, ...new Uint8Array(await subtle.exportKey("raw", pair.publicKey))]) };
}

test("the same words are sealed differently each time, and are not in the seal", async () => {
  const { to } = await key();
  const words = new TextEncoder().encode("thirty thousand rupees");

  const [one, other] = [await seal(words, to), await seal(words, to)];

  assert.equal(one.length, 1 + 4 + 65 + 12 + words.length + 16);
  assert.notDeepEqual(one, other);
  assert.deepEqual([...one.subarray(0, 5)], [1, 1, 2, 3, 4]);
  assert.ok(!Buffer.from(one).includes("rupees"));
});

test("fifty lines are in one seal, and a file says what it is", async () => {
  const { to } = await key();
  const rows = Array.from({ length: 120 }, (_, n) => ({ line: { id: "line " + n } }));
  const log = {
    device: { locale: "ur" },
    ownToken: async () => "t".repeat(43),
    store: { next: async () => rows, get: async () => null },
  };

  const [first, ...seals] = (await contentOf(log, Buffer.from(to).toString("base64"))).trim().split("\n");

  assert.equal(first, "Hamrah 1");
  assert.equal(seals.length, 3);
});
