import assert from "node:assert/strict";
import { test } from "node:test";

import { Upload } from "../../media/static/media/film_upload.mjs";

globalThis.FormData = class {};

// A form as Wagtail shows it: a file that may be chosen, a bar, a place for a sentence, and a button that waits.
function room(answer, { chosen = true } = {}) {
  const button = { dataset: { wProgressLoadingValue: "true" } };
  const file = { files: chosen ? [{}] : [] };
  const [bar, said] = [{ hidden: true }, { textContent: "" }];
  const listeners = {};
  const form = {
    action: "/add/",
    querySelector: () => file,
    querySelectorAll: () => [button],
    addEventListener: (name, listener) => (listeners[name] = listener),
  };
  const dataset = { sending: "Sending", unsent: "Not sent" };
  const place = { dataset, closest: () => form, querySelector: (what) => (what === "progress" ? bar : said), scrollIntoView() {} };
  const gone = [];
  const seen = [];
  const transmit = async (address, body, { told }) => {
    seen.push(address);
    told(0.5);
    seen.push(bar.value);
    return answer();
  };
  const upload = new Upload(place, { go: (address) => gone.push(address), transmit });
  const event = { prevented: false, preventDefault: () => (event.prevented = true) };
  return { upload, submit: () => listeners.submit(event), event, bar, said, gone, seen, button };
}

test("a film that was taken leads to the list, and the bar grew", async () => {
  const here = room(async () => ({ status: 200, said: { go: "/films/" } }));

  await here.upload.start();

  assert.deepEqual([here.seen, here.gone], [["/add/", 50], ["/films/"]]);
});

test("what is refused says why, the file stays chosen, and one may save again", async () => {
  const here = room(async () => ({ status: 422, said: { sentences: ["Too long.", "No words."] } }));

  await here.upload.start();

  assert.equal(here.said.textContent, "Too long. No words.");
  assert.deepEqual([here.bar.hidden, here.button.dataset.wProgressLoadingValue, here.gone], [true, "false", []]);
});

test("without a line it says so", async () => {
  const here = room(async () => { throw new Error("no network"); });

  await here.upload.start();

  assert.equal(here.said.textContent, "Not sent");
});

test("a second touch while it is sent sends nothing", async () => {
  let answer;
  const here = room(() => new Promise((done) => (answer = done)));

  here.submit();
  here.submit();
  await new Promise((done) => setTimeout(done));
  answer({ said: { go: "/films/" } });

  assert.equal(here.seen.filter((one) => one === "/add/").length, 1);
});

test("where only words change, the form goes as ever", () => {
  const here = room(async () => ({}), { chosen: false });

  here.submit();

  assert.deepEqual([here.event.prevented, here.seen], [false, []]);
});
