// A trainer reads a text aloud: count down, record, listen, keep. Without a microphone the form still sends a file.

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const kindFor = (Recorder) => KINDS.find((kind) => Recorder.isTypeSupported(kind)) || "";

export const endingOf = (kind) => (/mp4/.test(kind) ? "m4a" : /ogg/.test(kind) ? "ogg" : "webm");

// How loud a moment is, from 0 to 1. Speech at arm's length is near the middle.
export function loudness(samples) {
  let sum = 0;
  for (const sample of samples) sum += ((sample - 128) / 128) ** 2;
  return Math.min(1, 3 * Math.sqrt(sum / (samples.length || 1)));
}

// One take: from the open microphone to a blob. Closes the microphone when it ends.
export class Take {
  constructor({ devices, Recorder, Context }) {
    this.devices = devices;
    this.Recorder = Recorder;
    this.Context = Context;
    this.pieces = [];
  }

  async open() {
    this.stream = await this.devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false } });
    if (!this.Context) return;
    this.context = new this.Context();
    this.ear = this.context.createAnalyser();
    this.ear.fftSize = 1024;
    this.context.createMediaStreamSource(this.stream).connect(this.ear);
    this.samples = new Uint8Array(this.ear.fftSize);
  }

  start() {
    const kind = kindFor(this.Recorder);
    this.recorder = new this.Recorder(this.stream, kind ? { mimeType: kind, audioBitsPerSecond: 64000 } : {});
    this.recorder.ondataavailable = (event) => event.data.size && this.pieces.push(event.data);
    this.ended = new Promise((done) => { this.recorder.onstop = done; });
    this.recorder.start(1000); // a piece each second: a browser that dies loses one
  }

  level() {
    if (!this.ear) return 0;
    this.ear.getByteTimeDomainData(this.samples);
    return loudness(this.samples);
  }

  async stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.ended;
    this.close();
    return new Blob(this.pieces, { type: this.recorder.mimeType || kindFor(this.Recorder) });
  }

  close() {
    for (const track of this.stream ? this.stream.getTracks() : []) track.stop();
    if (this.context) this.context.close();
    this.context = null;
  }
}

// Send a form and say how much of it has left. `fetch` cannot tell that yet.
export function send(address, body, { Request = XMLHttpRequest, told = () => {} } = {}) {
  return new Promise((done, failed) => {
    const request = new Request();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.onload = () => (request.response ? done({ status: request.status, said: request.response }) : failed(new Error("no answer")));
    request.onerror = request.ontimeout = request.onabort = () => failed(new Error("no network"));
    request.send(body);
  });
}

// Ask each second until the worker has an end. A lost answer is asked again.
export async function follow(address, { ask, wait, told = () => {}, patience = 600 }) {
  for (let turn = 0; turn < patience; turn++) {
    try {
      const now = await ask(address);
      told(now);
      if (now.state === "ready" || now.state === "failed") return now;
    } catch {
      // The next second may have a network.
    }
    await wait(1000);
  }
  return null;
}

export class Studio {
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.part = (name) => form.querySelector(`[data-${name}]`);
    this.file = form.querySelector("[type=file]");
    this.wait = (ms) => new Promise((done) => setTimeout(done, ms));
  }

  open() {
    const devices = navigator.mediaDevices;
    if (devices && devices.getUserMedia && window.MediaRecorder) {
      this.part("microphone").hidden = false;
      this.part("record").addEventListener("click", () => this.record());
      this.part("retake").addEventListener("click", () => this.record());
      this.part("stop").addEventListener("click", () => this.stop());
    }
    this.file.addEventListener("change", () => this.hear(this.file.files[0]));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
    window.addEventListener("beforeunload", (event) => this.blob && event.preventDefault());
  }

  say(sentence) {
    this.part("said").textContent = sentence;
  }

  show(...names) {
    for (const name of ["record", "stop", "level", "left", "take", "retake"]) this.part(name).hidden = !names.includes(name);
  }

  async record() {
    if (this.take) return;
    const take = new Take({ devices: navigator.mediaDevices, Recorder: MediaRecorder, Context: window.AudioContext });
    this.take = take;
    this.part("take").pause();
    this.say(this.words.ask);
    try {
      await take.open();
    } catch {
      this.take = null;
      this.say(this.words.refused);
      return;
    }
    this.show("stop", "level", "left");
    this.part("stop").focus();
    for (let left = 3; left && this.take === take; left--) {
      this.say(this.words.soon.replace("%(seconds)s", left));
      await this.wait(700);
    }
    if (this.take !== take) return; // stopped before it began
    take.start();
    this.began = Date.now();
    this.loudest = 0;
    this.say(this.words.speak);
    this.watch();
  }

  watch() {
    if (!this.take || !this.take.recorder) return;
    const level = this.take.level();
    const seconds = (Date.now() - this.began) / 1000;
    const left = Math.max(0, this.words.longest - Math.floor(seconds));
    this.loudest = Math.max(this.loudest, level);
    this.part("level").value = level;
    this.part("left").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (seconds > 3 && this.loudest < 0.02 && this.take.ear) this.say(this.words.quiet);
    if (left === 0) this.stop();
    else requestAnimationFrame(() => this.watch());
  }

  async stop() {
    const take = this.take;
    this.take = null;
    if (!take) return;
    if (!take.recorder) {
      take.close();
      this.show("record");
      this.say("");
      this.part("record").focus();
      return;
    }
    this.blob = await take.stop();
    this.file.value = "";
    this.hear(this.blob);
    this.say(this.words.taken);
    this.part("take").focus();
  }

  hear(sound) {
    if (!sound) return;
    if (sound === this.file.files[0]) this.blob = null;
    if (this.heard) URL.revokeObjectURL(this.heard);
    this.heard = URL.createObjectURL(sound);
    this.part("take").src = this.heard;
    this.show("take", "retake");
    this.part("microphone").hidden = false;
    if (!window.MediaRecorder) this.part("retake").hidden = true;
  }

  async keep() {
    if (this.busy || this.take) return;
    this.busy = true;
    const bar = this.part("progress");
    const body = new FormData(this.form);
    if (this.blob) body.set("recording", this.blob, `take.${endingOf(this.blob.type)}`);
    bar.value = 0;
    bar.hidden = false;
    this.say(this.words.sending);
    try {
      const answer = await send(this.form.action, body, { told: (part) => { bar.value = 100 * part; } });
      if (answer.status === 200) await this.shrink(answer.said.status, bar);
      else this.say((answer.said.sentences || [this.words.unsent]).join(" "));
    } catch {
      this.say(this.words.unsent);
    }
    bar.hidden = true;
    this.busy = false;
  }

  async shrink(address, bar) {
    this.blob = null; // it is safe now
    this.say(this.words.shrinking);
    const ask = async (where) => (await fetch(where, { headers: { Accept: "application/json" } })).json();
    const end = await follow(address, { ask, wait: this.wait, told: (now) => { bar.value = now.percent; } });
    if (!end) return;
    if (end.state === "ready") this.part("take").src = end.sounds[end.sounds.length - 1];
    this.say(end.state === "ready" ? this.words.ready : end.sentence);
    const next = this.part("following");
    if (next) next.focus();
  }
}

if (typeof document !== "undefined") {
  const form = document.querySelector("[data-studio]");
  if (form) new Studio(form, JSON.parse(document.getElementById("studio-words").textContent)).open();
}
