import assert from "node:assert/strict";
import { test } from "node:test";

import { Listener } from "../../media/static/media/listen.mjs";

globalThis.CustomEvent ??= class extends Event {
  constructor(name, { detail, ...rest }) { super(name, rest); this.detail = detail; }
};

class Element {
  constructor(lang, data = {}, more = {}) {
    this.attributes = {};
    this.dataset = data;
    this.events = [];
    this.lang = lang;
    Object.assign(this, more);
  }
  closest() { return this; }
  setAttribute(name, value) { this.attributes[name] = String(value); }
  removeAttribute(name) { delete this.attributes[name]; }
  dispatchEvent(event) { this.events.push([event.type, event.detail]); }
}

// A phone: which recordings its pages name, which voices it has itself, what its store says.
function phone({ tables = {}, voices = [], hears = null, lang = "ur", cookie = "", opus = true, broken = [], online = true } = {}) {
  const did = [], told = [];
  let ends = () => {};
  const audio = {
    src: "", playbackRate: 1,
    load() {},
    pause() { did.push("pause"); },
    canPlayType: () => (opus ? "probably" : ""),
    play() {
      if (broken.includes(this.src)) return Promise.reject(new Error("gone"));
      did.push(`play ${this.src} ${this.playbackRate}`);
      ends = () => this.onended();
      if (!held) queueMicrotask(() => this.onended());
      return Promise.resolve();
    },
  };
  let held = false;
  const speech = {
    getVoices: () => voices,
    cancel() {},
    speak(said) { did.push(`say ${said.lang} ${said.text} ${said.rate}`); queueMicrotask(() => said.onend()); },
  };
  const page = {
    cookie,
    documentElement: new Element(lang, { noVoice: "No voice for this yet.", noSound: "Please try again." }),
    addEventListener() {},
    querySelector(wanted) {
      const voice = /data-voice="(\w+)"/.exec(wanted);
      if (voice) return voice[1] in tables ? { href: `/f/${voice[1]}.json` } : null;
      return wanted === "#words" ? { textContent: "  two\n words " } : null;
    },
  };
  const fetched = [];
  const fetch = async (address) => {
    fetched.push(address);
    if (!online) throw new Error("no network");
    return { json: async () => tables[/\/f\/(\w+)/.exec(address)[1]] };
  };
  class Utterance { constructor(text) { this.text = text; } }
  const store = { getItem: () => hears };
  const listener = new Listener({ page, audio, speech, Utterance, fetch, store, online: () => online, wait: (done) => done(), tell: (sentence) => told.push(sentence) });
  return { listener, did, told, fetched, page, audio, hold: () => { held = true; }, end: () => ends(), network: (on) => { online = on; } };
}

const SPEAKER = { say: "k:1", words: "cool box" };
const heard = (did) => did.filter((one) => one !== "pause");
const person = ["/f/p.opus", "/f/p.mp3", 900];
const machine = ["/f/m.opus", "/f/m.mp3", 900, 1];
const shipped = ["/f/s.opus", "", 900, 1]; // a machine's, without MP3
const OWN = [{ lang: "ur-PK", localService: true }];

for (const [why, given, expected] of [
  ["a person's recording comes first", { tables: { ur: { "k:1": person } }, voices: OWN }, "play /f/p.opus 1"],
  ["the phone's own voice comes before a machine's recording", { tables: { ur: { "k:1": machine } }, voices: OWN }, "say ur-PK cool box 1"],
  ["a machine's recording is better than nothing", { tables: { ur: { "k:1": machine } } }, "play /f/m.opus 1"],
  ["what is read in Urdu is heard in Punjabi", { hears: "pnb", tables: { pnb: { "k:1": person }, ur: { "k:1": machine } }, voices: OWN }, "play /f/p.opus 1"],
  ["a machine in the language that is heard comes before a person in another", { hears: "pnb", tables: { pnb: { "k:1": machine }, ur: { "k:1": person } } }, "play /f/m.opus 1"],
  ["a phone cannot say Urdu words in Punjabi, so it says them in Urdu", { hears: "pnb", voices: [...OWN, { lang: "pnb-PK" }] }, "say ur-PK cool box 1"],
  ["the cookie says what is heard when the store is silent", { cookie: "a=1; hears=pnb", tables: { pnb: { "k:1": person } } }, "play /f/p.opus 1"],
  ["an old browser gets MP3", { opus: false, tables: { ur: { "k:1": person } } }, "play /f/p.mp3 1"],
  ["a recording without MP3 is played by whoever plays Opus", { tables: { ur: { "k:1": shipped } } }, "play /f/s.opus 1"],
  ["an old browser leaves a recording without MP3 to the phone", { opus: false, tables: { ur: { "k:1": shipped } }, voices: OWN }, "say ur-PK cool box 1"],
  ["a recording that cannot be fetched leaves the word to the phone", { tables: { ur: { "k:1": person } }, broken: ["/f/p.opus"], voices: OWN }, "say ur-PK cool box 1"],
  ["a voice that lives on the network is not asked without one", { online: false, voices: [{ lang: "ur-PK", localService: false }] }, undefined],
]) {
  test(why, async () => {
    const { listener, did } = phone(given);

    await listener.tap(new Element("ur", SPEAKER));

    assert.deepEqual(heard(did), expected ? [expected] : []);
  });
}

test("nothing is fetched before the first tap, and each table once", async () => {
  const { listener, fetched } = phone({ tables: { ur: { "k:1": person } } });
  listener.start();
  assert.deepEqual(fetched, []);

  await listener.tap(new Element("ur", SPEAKER));
  await listener.tap(new Element("ur", SPEAKER));

  assert.deepEqual(fetched, ["/f/ur.json"]);
});

test("a table that could not be fetched is asked for again", async () => {
  const { listener, did, told, network } = phone({ tables: { ur: { "k:1": person } }, online: false });
  const speaker = new Element("ur", SPEAKER);
  await listener.tap(speaker);
  assert.deepEqual(told, ["Please try again."]);
  assert.equal(speaker.attributes["aria-disabled"], "true");
  assert.deepEqual(listener.missing, []);

  network(true);
  await listener.tap(speaker);

  assert.deepEqual(heard(did), ["play /f/p.opus 1"]);
  assert.deepEqual(speaker.attributes, {});
});

test("a speaker without any voice turns grey, says so, and is counted once", async () => {
  const { listener, told } = phone({ tables: { ur: {} } });
  const speaker = new Element("ur", SPEAKER);

  await listener.tap(speaker);
  await listener.tap(speaker);

  assert.equal(speaker.attributes["aria-disabled"], "true");
  assert.deepEqual(told, ["No voice for this yet.", "No voice for this yet."]);
  assert.deepEqual(listener.missing, ["k:1"]);
});

test("a recording that is only out of reach is not counted as missing", async () => {
  const { listener } = phone({ tables: { ur: { "k:1": person } }, broken: ["/f/p.opus"] });

  await listener.tap(new Element("ur", SPEAKER));

  assert.deepEqual(listener.missing, []);
});

test("a second tap stops, and what was stopped was not heard", async () => {
  const { listener, did, hold } = phone({ tables: { ur: { "k:1": person } } });
  hold();
  const speaker = new Element("ur", SPEAKER);
  listener.tap(speaker);
  await new Promise((done) => setTimeout(done, 5));
  assert.equal(speaker.attributes["data-playing"], "");

  await listener.tap(speaker);

  assert.equal(did.at(-1), "pause");
  assert.deepEqual(speaker.attributes, {});
  assert.deepEqual(speaker.events, []);
});

test("one sound at a time: another speaker ends the first", async () => {
  const { listener, hold, end } = phone({ tables: { ur: { "k:1": person, "k:2": person } } });
  hold();
  const [first, second] = [new Element("ur", SPEAKER), new Element("ur", { say: "k:2" })];
  listener.tap(first);
  await new Promise((done) => setTimeout(done, 5));
  const later = listener.tap(second);
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(first.attributes, {});
  assert.equal(second.attributes["data-playing"], "");

  end();
  await later;

  assert.deepEqual(first.events, []);
  assert.deepEqual(second.events, [["heard", { key: "k:2", voice: "ur" }]]);
});

test("whoever stops while a long recording is still being looked up hears nothing", async () => {
  const { listener, did } = phone({ tables: { ur: { "k:1": ["/f/p.opus", "/f/p.mp3", 40_000] } } });
  let found;
  listener.follow = () => new Promise((go) => (found = go));
  const button = new Element("ur", SPEAKER);

  const saying = listener.tap(button);
  while (!found) await new Promise((go) => setImmediate(go));
  listener.tap(button);
  found();
  await saying;

  assert.deepEqual(heard(did), []);
});

test("again repeats the last one, and slowly when asked", async () => {
  const { listener, did } = phone({ tables: { ur: { "k:1": person } } });
  const button = new Element("ur");
  await listener.tap(new Element("ur", SPEAKER));

  listener.pace(button);
  await listener.again();

  assert.deepEqual(heard(did), ["play /f/p.opus 1", "play /f/p.opus 0.8"]);
  assert.equal(button.attributes["aria-pressed"], "true");
});

test("words may stand in another element", async () => {
  const { listener, did } = phone({ voices: OWN });

  await listener.tap(new Element("ur", { say: "k:1", text: "#words" }));

  assert.deepEqual(heard(did), ["say ur-PK two words 1"]);
});

test("a link that works without JavaScript is played in its place", async () => {
  const { listener, did } = phone();

  await listener.tap(new Element("ur", { say: "k:1" }, { href: "/f/l.mp3" }));

  assert.deepEqual(heard(did), ["play /f/l.mp3 1"]);
});

test("a link to a machine's recording waits for the phone's own voice", async () => {
  const speaker = () => new Element("ur", { say: "k:1", words: "cool box", machine: "" }, { href: "/f/l.opus" });
  const able = phone({ voices: OWN });
  const unable = phone();

  await able.listener.tap(speaker());
  await unable.listener.tap(speaker());

  assert.deepEqual(heard(able.did), ["say ur-PK cool box 1"]);
  assert.deepEqual(heard(unable.did), ["play /f/l.opus 1"]);
});

test("a recording that this phone can never play is no voice: its speaker is grey and counted", async () => {
  const { listener, did } = phone({ opus: false, tables: { ur: { "k:1": shipped } } });
  const speaker = new Element("ur", SPEAKER);

  await listener.tap(speaker);

  assert.deepEqual(heard(did), []);
  assert.equal(speaker.attributes["aria-disabled"], "true");
  assert.deepEqual(listener.missing, ["k:1"]);
});

test("a speaker beside the name of a language speaks that language, whatever else is heard here", async () => {
  const { listener, did } = phone({ hears: "ur", tables: { ur: { "k:1": person }, en: { "k:1": machine } } });

  await listener.tap(new Element("en", { ...SPEAKER, hears: "en" }));

  assert.deepEqual(heard(did), ["play /f/m.opus 1"]);
});

test("a closed store is no obstacle", async () => {
  const { listener } = phone();
  listener.store = { getItem() { throw new Error("closed"); } };

  assert.equal(listener.hears(), "ur");
});
