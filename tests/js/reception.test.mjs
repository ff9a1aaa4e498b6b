import assert from "node:assert/strict";
import { test } from "node:test";

import { newId, Reception, send } from "../../mentors/static/mentors/reception.mjs";

const answer = (status, text = "", type = "basic") => ({ status, type, text: async () => text });
const fetching = (...answers) => {
  const asked = [];
  const fetch = async (address, options) => {
    asked.push([options.method || "GET", address]);
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  return { fetch, asked };
};

test("every form has an id that no other form has", () => {
  const ids = new Set(Array.from({ length: 500 }, () => newId()));

  assert.equal(ids.size, 500);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a page that came is shown, whatever it says of the form", async () => {
  for (const status of [200, 409, 422]) {
    assert.deepEqual(await send("/", "", fetching(answer(status, "told"))), { page: "told" });
  }
});

test("what did not come, or is not ours, is a line that broke", async () => {
  for (const other of [new TypeError("no network"), answer(502), answer(500), answer(404)]) {
    assert.deepEqual(await send("/", "", fetching(other)), { why: "lost" });
  }
});

test("a line that says nothing is a line that broke, after a while", async () => {
  const fetch = (_address, { signal }) => new Promise((_yes, no) => signal.addEventListener("abort", () => no(signal.reason)));

  assert.deepEqual(await send("/", "", { fetch, patience: 5 }), { why: "lost" });
});

test("who was signed out is told so", async () => {
  assert.deepEqual(await send("/", "", fetching(answer(0, "", "opaqueredirect"))), { why: "out" });
  assert.deepEqual(await send("/", "", fetching(answer(403))), { why: "old" });
});

const field = (value = "") => ({ value });
function aForm() {
  const said = { textContent: "", hidden: true };
  const words = { textContent: "Make" };
  const sign = field("old");
  const parts = { "[data-said]": said, "[data-go] span": words, "[name=csrfmiddlewaretoken]": sign };
  const dataset = { lost: "It broke.", out: "Signed out.", again: "Again" };
  return { said, words, sign, dataset, action: "/desk/", setAttribute() {}, querySelector: (what) => parts[what] };
}

function aDesk(...answers) {
  const { fetch, asked } = fetching(...answers);
  const blank = { querySelector: () => field() };
  const page = { querySelector: () => ({ cloneNode: () => blank }) };
  const shown = [];
  const desk = new Reception(page, { fetch, parse: (text) => ({ querySelector: () => field(text) }) });
  desk.show = (told) => shown.push(told.querySelector("main").value);
  desk.sendOnce = (form) => send(form.action, "", desk);
  return { desk, asked, shown };
}

test("when the line breaks, the form says so and stays, and the button tries again", async () => {
  const form = aForm();
  const { desk, shown } = aDesk(new TypeError("no network"), answer(200, "card"));

  await desk.submit(form);
  assert.deepEqual([form.said.textContent, form.said.hidden, form.words.textContent], ["It broke.", false, "Again"]);
  await desk.submit(form);

  assert.deepEqual(shown, ["card"]);
  assert.equal(form.said.hidden, true);
});

test("a second tap while the first is under way sends nothing", async () => {
  const { desk, asked } = aDesk(answer(200, "card"));

  await Promise.all([desk.submit(aForm()), desk.submit(aForm())]);

  assert.equal(asked.length, 1);
});

test("after signing in again, the form gets the new sign by itself", async () => {
  const form = aForm();
  const { desk, asked, shown } = aDesk(answer(403), answer(200, "new"), answer(200, "card"));

  await desk.submit(form);

  assert.deepEqual(asked, [["POST", "/desk/"], ["GET", "/desk/"], ["POST", "/desk/"]]);
  assert.equal(form.sign.value, "new");
  assert.deepEqual(shown, ["card"]);
});
