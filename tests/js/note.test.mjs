import assert from "node:assert/strict";
import { test } from "node:test";

import { Note } from "../../media/static/media/note.mjs";

class Wire {
  constructor() { this.upload = {}; }
  open() {}
  setRequestHeader() {}
  send() {
    Object.assign(this, Wire.answer);
    (Wire.answer.cut ? this.onerror : this.onload)();
  }
}

class Body {
  set(name, value, file) { Body.last = { name, value, file }; }
}

function page(answer) {
  Wire.answer = answer;
  const parts = {};
  const form = {
    elements: { uid: { value: "old" } },
    querySelector: (name) => (parts[name] ||= { scrollIntoView() {} }),
  };
  const went = [];
  Object.assign(globalThis, {
    XMLHttpRequest: Wire,
    FormData: Body,
    location: { href: "/mine/coach/messages/", replace: (address) => went.push(address) },
  });
  const message = new Note(form, { sending: "…", unsent: "It was not sent." });
  message.blob = new Blob(["salaam"], { type: "audio/webm" });
  return { message, form, went, said: () => parts["[data-said]"].textContent };
}

test("what was spoken goes as a file, and another page takes the place of this one", async () => {
  const { message, went } = page({ status: 200, response: { next: "/mine/coach/messages/" } });

  await message.keep();

  assert.equal(Body.last.file, "told.webm");
  assert.equal(message.blob, null);
  assert.deepEqual(went, ["/mine/coach/messages/"]);
});

test("what cannot be sent is said, and the next try is a message of its own", async () => {
  const { message, form, went, said } = page({ status: 422, response: { sentences: ["Too long.", "Sorry."], uid: "new" } });

  await message.keep();

  assert.equal(said(), "Too long. Sorry.");
  assert.equal(form.elements.uid.value, "new");
  assert.ok(message.blob);
  assert.deepEqual(went, []);
});

test("without a network nothing is lost, and the next try is the same message", async () => {
  const { message, form, said } = page({ cut: true });

  await message.keep();

  assert.equal(said(), "It was not sent.");
  assert.equal(form.elements.uid.value, "old");
  assert.ok(message.blob && !message.busy);
});
