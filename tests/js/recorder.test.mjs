import assert from "node:assert/strict";
import { test } from "node:test";

import { Take, endingOf, follow, kindFor, loudness, send } from "../../media/static/media/recorder.mjs";

test("each browser records what it can", () => {
  assert.equal(kindFor({ isTypeSupported: (kind) => /webm/.test(kind) }), "audio/webm;codecs=opus");
  assert.equal(kindFor({ isTypeSupported: (kind) => /mp4/.test(kind) }), "audio/mp4");
  assert.equal(kindFor({ isTypeSupported: () => false }), "");
  assert.deepEqual(["audio/webm;codecs=opus", "audio/mp4", "audio/ogg"].map(endingOf), ["webm", "m4a", "ogg"]);
});

test("silence is nothing and a shout is one", () => {
  assert.equal(loudness(new Uint8Array(8).fill(128)), 0);
  assert.equal(loudness(new Uint8Array(8).fill(255)), 1);
  assert.equal(loudness([]), 0);
});

test("a take gives its sound and closes the microphone", async () => {
  const closed = [];
  const devices = { getUserMedia: async () => ({ getTracks: () => [{ stop: () => closed.push("microphone") }] }) };
  class Recorder {
    static isTypeSupported() { return true; }
    constructor(stream, options) { this.mimeType = options.mimeType; this.state = "inactive"; }
    start() { this.state = "recording"; this.ondataavailable({ data: new Blob(["one"]) }); }
    stop() { this.state = "inactive"; this.ondataavailable({ data: new Blob(["two"]) }); this.onstop(); }
  }
  const take = new Take({ devices, Recorder });

  await take.open();
  take.start();
  const sound = await take.stop();

  assert.equal(await sound.text(), "onetwo");
  assert.equal(sound.type, "audio/webm;codecs=opus");
  assert.deepEqual(closed, ["microphone"]);
});

class Wire {
  constructor() { this.upload = {}; this.heads = {}; Wire.last = this; }
  open(method, address) { this.to = `${method} ${address}`; }
  setRequestHeader(name, value) { this.heads[name] = value; }
  send() {
    this.upload.onprogress({ lengthComputable: true, loaded: 1, total: 2 });
    Object.assign(this, Wire.answer);
    (Wire.answer.cut ? this.onerror : this.onload)();
  }
}

test("sending tells how much has left, and what was answered", async () => {
  Wire.answer = { status: 200, response: { status: "/s/" } };
  const told = [];

  const answer = await send("/here/", "body", { Request: Wire, told: (part) => told.push(part) });

  assert.deepEqual(answer, { status: 200, said: { status: "/s/" } });
  assert.deepEqual(told, [0.5]);
  assert.equal(Wire.last.to, "POST /here/");
});

test("a cut line and an answer that is not ours are both no answer", async () => {
  Wire.answer = { cut: true };
  await assert.rejects(send("/here/", "body", { Request: Wire }));
  Wire.answer = { status: 200, response: null };
  await assert.rejects(send("/here/", "body", { Request: Wire }));
});

test("the page asks each second until there is an end, whatever happens between", async () => {
  const answers = [{ state: "waiting", percent: 0 }, null, { state: "converting", percent: 40 }, { state: "ready", percent: 100 }];
  const waits = [], told = [];
  const ask = async () => { const next = answers.shift(); if (!next) throw new Error("no network"); return next; };

  const end = await follow("/s/", { ask, wait: async (ms) => waits.push(ms), told: (now) => told.push(now.percent) });

  assert.equal(end.state, "ready");
  assert.deepEqual(told, [0, 40, 100]);
  assert.deepEqual(waits, [1000, 1000, 1000]);
});
