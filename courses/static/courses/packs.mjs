// What this phone keeps of the lessons, so that they open without a network (sw.js gives it then).
// A file is kept by its address when its length and digest are right, and not before; so what is there is whole, a
// stopped download goes on where it was, and what two packs share is fetched once.

import { Store } from "../lms/record.mjs";

const PAGES = "hamrah-pages"; // what stands where, of packs that are complete
const FILES = "hamrah-files"; // by address, which says what is in them
const TRIES = 3;
const AT_ONCE = 4;
const ROOM = 1.2; // what must be free, as a multiple of what comes

export class Full extends Error {}
export class Changed extends Error {} // what came is not what was promised

export class Packs {
  // store: see lms/record.mjs; all others as a browser has them. opus: whether it plays Opus.
  constructor({ store, caches, fetch, digest, estimate, opus }) {
    Object.assign(this, { store, caches, fetch, digest, estimate, opus });
  }

  // Which packs are complete here: by the address of their offer, { list, sound, at }.
  async kept() {
    return (await this.store.get("kept")) || {};
  }

  // And which were begun: what has come of them stays.
  async begun() {
    return (await this.store.get("begun")) || {};
  }

  // The list of files that is offered now in a voice, or in the first one.
  async offered(offer, voice) {
    const { voices } = await (await this.whole(offer, { cache: "no-cache" })).json();
    return this.list(voice in voices ? voices[voice] : Object.values(voices)[0]);
  }

  async list(address) {
    const cache = await this.caches.open(FILES);
    const answer = (await cache.match(address)) || (await this.whole(address));
    return { address, ...(await answer.json()) };
  }

  // The files of a list, as this phone would fetch them: { address, digest, size, line }.
  files({ files, sounds }, sound = true) {
    const heard = sound ? sounds.map((pair) => (this.opus ? pair[0] : pair[pair.length - 1])) : [];
    return [...files, ...heard].map(([address, digest, size, line]) => ({ address, digest, size, line }));
  }

  // What is not here yet of some files, each once.
  async missing(files) {
    const cache = await this.caches.open(FILES);
    const here = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    return files.filter(({ address }) => !here.has(address) && here.add(address));
  }

  // How much room there is: { free, used }, in bytes; empty where the browser does not say.
  async room() {
    const { quota, usage } = this.estimate ? await this.estimate() : {};
    return quota ? { free: quota - usage, used: usage } : {};
  }

  // Throws Full where the phone has too little room for what is missing of some lists.
  async fits(lists, sound) {
    const missing = await this.missing(lists.flatMap((list) => this.files(list, sound)));
    const size = missing.reduce((sum, file) => sum + file.size, 0);
    const { free = Infinity } = await this.room();
    if (free < size * ROOM) throw new Full();
  }

  // Fetch what is missing. Resolves when all of it is here and right; tell(bytes) says how far it is.
  // Throws Full, Changed, or what fetch throws; what has come by then stays.
  async keep(offer, list, { sound = true, signal, tell = () => {} } = {}) {
    const missing = await this.missing(this.files(list, sound));
    const cache = await this.caches.open(FILES);
    const pack = { list: list.address, sound, at: Date.now() };
    await written(cache.put(list.address, new Response(JSON.stringify(list))));
    await this.store.set({ begun: { ...(await this.begun()), [offer]: pack } });
    let come = 0;
    const next = async () => {
      for (let file; (file = missing.shift()); ) {
        await this.fetchFile(cache, file, signal);
        tell((come += file.line));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await this.open(list.pages);
    const { [offer]: done, ...begun } = await this.begun();
    await this.store.set({ kept: { ...(await this.kept()), [offer]: pack }, begun });
    await this.sweep();
  }

  async remove(offer) {
    const { [offer]: gone, ...kept } = await this.kept();
    const { [offer]: half, ...begun } = await this.begun();
    await this.store.set({ kept, begun });
    await this.sweep();
  }

  async fetchFile(cache, { address, digest, size }, signal) {
    for (let tries = 1; ; tries++) {
      const answer = await this.whole(address, { signal, cache: tries === 1 ? "default" : "reload" });
      const content = await answer.arrayBuffer();
      if (content.byteLength === size && named(address) + digest === (await this.digest(content))) {
        const headers = new Headers(answer.headers);
        headers.delete("Content-Encoding"); // it is unpacked by now
        headers.delete("Content-Length");
        return written(cache.put(address, new Response(content, { headers })));
      }
      if (tries === TRIES) throw new Changed(address);
    }
  }

  async whole(address, options) {
    const answer = await this.fetch(address, options);
    if (answer.status !== 200) throw new Changed(address);
    return answer;
  }

  // From now on these pages open without a network.
  async open(pages) {
    const [cache, files] = [await this.caches.open(PAGES), await this.caches.open(FILES)];
    for (const path of Object.keys(pages)) await written(cache.put(path, await files.match(pages[path])));
  }

  // What no pack needs any more makes room.
  async sweep() {
    const used = { [PAGES]: new Set(), [FILES]: new Set() };
    const kept = Object.values(await this.kept());
    for (const { list: address, sound } of [...kept, ...Object.values(await this.begun())]) {
      const list = await this.list(address);
      [{ address }, ...this.files(list, sound)].forEach((file) => used[FILES].add(file.address));
      if (kept.some((pack) => pack.list === address)) Object.keys(list.pages).forEach((path) => used[PAGES].add(path));
    }
    for (const name of Object.keys(used)) {
      const cache = await this.caches.open(name);
      for (const request of await cache.keys()) {
        if (!used[name].has(new URL(request.url).pathname)) await cache.delete(request);
      }
    }
  }
}

// A file of /f/ is named by the beginning of its digest, and a list tells the rest.
const named = (address) => (/^\/f\/(\w+)/.exec(address) || ["", ""])[1];

const written = (put) =>
  put.catch((trouble) => {
    throw trouble.name === "QuotaExceededError" ? new Full() : trouble;
  });

// As this browser has it all.
export function packsHere() {
  const hex = (content) => Array.from(new Uint8Array(content), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return new Packs({
    store: new Store("hamrah-packs"),
    caches,
    fetch: (...request) => fetch(...request),
    digest: async (content) => hex(await crypto.subtle.digest("SHA-256", content)),
    estimate: navigator.storage && navigator.storage.estimate && (() => navigator.storage.estimate()),
    opus: !!new Audio().canPlayType("audio/ogg; codecs=opus"),
  });
}
