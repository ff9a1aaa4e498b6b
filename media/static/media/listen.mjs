// Whatever is written can be heard: a person's recording, else the phone's own voice, else a machine's.
// Nothing plays by itself, and nothing is fetched before the first tap.

const LONG = 20e3; // milliseconds of a recording from which it goes on where one was
const languageOf = (element) => element.closest("[lang]").lang.split("-")[0];

export class Listener {
  // page: document; speech: speechSynthesis or undefined; Utterance, audio, fetch, store: as the browser has them
  constructor({ page, audio, speech, Utterance, fetch, store, online = () => true, wait = (...when) => setTimeout(...when), tell = () => {}, follow = () => {} }) {
    Object.assign(this, { page, audio, speech, Utterance, fetch, store, online, wait, tell, follow });
    this.tables = {};
    this.missing = []; // text keys that nobody and nothing here can say
    this.turn = 0;
    this.slow = false;
  }

  start() {
    this.page.addEventListener("click", (event) => {
      const hit = event.target.closest(".hear,[data-again],[data-slow]");
      if (!hit) return;
      event.preventDefault();
      if (hit.matches(".hear")) this.tap(hit);
      else if (hit.matches("[data-again]")) this.again();
      else this.pace(hit);
    });
    if (this.speech) this.speech.getVoices(); // some phones begin to look only when asked
  }

  hears() {
    const cookie = /(?:^|; )hears=([a-z]+)/.exec(this.page.cookie || "");
    let said = null;
    try {
      said = this.store.getItem("hears");
    } catch {
      // A browser may close its store to us.
    }
    return said || (cookie && cookie[1]) || languageOf(this.page.documentElement);
  }

  tap(button) {
    const same = this.now === button;
    this.stop();
    this.audio.anew = false;
    return same ? Promise.resolve() : this.say(button);
  }

  again() {
    const last = this.last || this.page.querySelector(".hear");
    this.stop();
    this.audio.anew = true;
    return last ? this.say(last) : Promise.resolve();
  }

  pace(button) {
    this.slow = !this.slow;
    button.setAttribute("aria-pressed", this.slow);
    this.audio.playbackRate = this.slow ? 0.8 : 1;
  }

  stop() {
    this.turn++;
    this.audio.pause();
    if (this.speech) this.speech.cancel();
    if (this.now) this.now.removeAttribute("data-playing");
    this.now = null;
  }

  async say(button) {
    const turn = this.turn;
    const reads = languageOf(button);
    this.now = this.last = button;
    this.known = false; // whether there may be a recording, though it cannot be had now
    button.setAttribute("data-playing", "");
    if (!this.audio.src) this.audio.load(); // Safari lets an element play later if a finger touched it once
    for (const attempt of this.attempts(button, reads, button.dataset.hears || this.hears())) {
      const voice = await attempt(turn);
      if (turn !== this.turn) return; // stopped, or another speaker was touched
      if (!voice) continue;
      this.stop();
      button.removeAttribute("aria-disabled");
      button.dispatchEvent(new CustomEvent("heard", { bubbles: true, detail: { key: button.dataset.say, voice } }));
      return;
    }
    this.stop();
    this.grey(button);
  }

  // In the language that is heard, then in the one that is read: person, phone, machine. The phone can only
  // say what is written, so it has no turn where the two differ.
  attempts(button, reads, hears) {
    const recorded = (voice, machine) => (turn) => this.play(button, voice, machine, turn);
    const own = (turn) => this.speak(button, reads, turn);
    const asRead = [recorded(reads, false), own, recorded(reads, true)];
    return hears === reads ? asRead : [recorded(hears, false), recorded(hears, true), ...asRead];
  }

  async table(voice) {
    const link = this.page.querySelector(`link[rel=sounds][data-voice="${voice}"]`);
    if (!link) return {};
    if (!this.tables[voice]) {
      try {
        this.tables[voice] = await (await this.fetch(link.href)).json();
      } catch {
        this.known = true; // perhaps: asked again at the next tap
        return {};
      }
    }
    return this.tables[voice];
  }

  async play(button, voice, machine, turn) {
    let sound = (await this.table(voice))[button.dataset.say];
    // A link that the server made stands for a recording in the language of the page.
    if (!sound && button.href && voice === languageOf(button)) sound = ["", button.href, 0, "machine" in button.dataset];
    if (!sound) return "";
    const audio = this.audio;
    const [opus, mp3, ms, byMachine] = sound;
    const address = opus && audio.canPlayType("audio/ogg; codecs=opus") ? opus : mp3;
    if (address) this.known = true; // Opus alone is nothing to an old iPhone
    if (!address || Boolean(byMachine) !== machine) return "";
    if (ms > LONG) await this.follow(audio);
    if (turn !== this.turn) return "";
    const good = await new Promise((done) => {
      audio.onended = () => done(true);
      audio.onerror = () => done(false);
      audio.src = address;
      audio.playbackRate = this.slow ? 0.8 : 1;
      audio.play().catch(() => done(false));
    });
    return good ? voice : "";
  }

  async speak(button, language, turn) {
    const words = this.words(button);
    const voice = words && this.speech && (await this.phoneVoice(language));
    if (!voice || turn !== this.turn) return "";
    const good = await new Promise((done) => {
      const said = new this.Utterance(words);
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = this.slow ? 0.8 : 1;
      said.onend = () => done(true);
      said.onerror = () => done(false);
      this.said = said; // Chrome forgets onend of what nobody holds
      this.speech.speak(said);
    });
    return good ? language : "";
  }

  async phoneVoice(language) {
    if (!this.speech.getVoices().length) await new Promise((done) => {
      this.speech.onvoiceschanged = done;
      this.wait(done, 500);
    });
    const able = this.speech.getVoices().filter((voice) => voice.lang.split(/[-_]/)[0].toLowerCase() === language);
    return able.find((voice) => voice.localService) || (this.online() && able[0]);
  }

  words(button) {
    const { words, text } = button.dataset;
    const from = !words && text && this.page.querySelector(text);
    return (words || (from ? from.textContent : "")).replace(/\s+/g, " ").trim();
  }

  grey(button) {
    const key = button.dataset.say;
    const { noVoice, noSound } = this.page.documentElement.dataset;
    if (!this.known && !this.missing.includes(key)) this.missing.push(key);
    button.setAttribute("aria-disabled", "true");
    this.tell(this.known ? noSound : noVoice);
  }
}

// One short sentence above everything, for as long as it takes to read it.
let note;
function tell(sentence) {
  if (!sentence) return;
  if (!note) {
    note = document.createElement("p");
    note.className = "strip says";
    note.setAttribute("role", "status");
    document.body.append(note);
  }
  note.textContent = sentence;
  note.hidden = false;
  clearTimeout(note.timer);
  note.timer = setTimeout(() => (note.hidden = true), 5000);
}

let store;
try {
  store = window.localStorage;
} catch {
  // Not here, or not for us.
}

export const listener = typeof document === "undefined" ? null : new Listener({
  page: document,
  audio: new Audio(),
  speech: window.speechSynthesis,
  Utterance: window.SpeechSynthesisUtterance,
  fetch: (address) => fetch(address),
  store,
  online: () => navigator.onLine,
  tell,
  follow: (audio) => import("./where.mjs").then(({ follow }) => follow(audio), () => null),
});
if (listener) {
  listener.start();
  addEventListener("pagehide", () => listener.stop());
}
