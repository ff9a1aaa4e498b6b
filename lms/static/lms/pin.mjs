// Typing a PIN with big digits, and what the phone itself remembers of it.
// It is a courtesy lock: who takes the phone apart can try all PINs in a while.

const ROUNDS = 200000;
const LONGEST = 6;
const TRIES = 5;
const WAITS = [30e3, 300e3]; // without a network; with one, the server counts

// How long the next try must wait, in milliseconds. Five are free, then five more.
export const wait = ({ tries = 0, at = 0 } = {}, now) => {
  if (!tries || tries % TRIES) return 0;
  return Math.max(0, at + WAITS[Math.min(tries / TRIES, WAITS.length) - 1] - now);
};

// The digits below the fields go into the field that was touched last; a keyboard works as ever.
export class Pad {
  constructor(pad, fields) {
    Object.assign(this, { pad, fields, field: fields[0], status: pad.querySelector("[data-typed]") });
  }

  start() {
    this.pad.hidden = false;
    for (const field of this.fields) {
      field.inputMode = "none"; // the phone's own keyboard would cover the digits
      field.addEventListener("focus", () => this.turnTo(field));
      field.addEventListener("input", () => this.write(field.value.replace(/\P{Nd}/gu, "")));
    }
    this.pad.addEventListener("click", ({ target }) => {
      const { value } = this.field;
      if (target.matches("[data-erase]")) this.write(value.slice(0, -1));
      else if (target.value) this.write(value + target.value);
    });
    this.turnTo(this.field);
    return this;
  }

  turnTo(field) {
    this.field = field;
    for (const one of this.fields) one.classList.toggle("turn", one === field && this.fields.length > 1);
  }

  write(value) {
    this.field.value = value.slice(0, LONGEST);
    this.status.textContent = this.status.dataset.typed.replace("{n}", this.field.value.length);
  }
}

// Name, picture and PIN in a form that opens nothing by itself: { salt, hash }
export async function lockOf(name, face, pin, { salt, crypto = globalThis.crypto } = {}) {
  if (!crypto.subtle) return null; // only pages that came over a secure line may
  const chance = salt || hex(crypto.getRandomValues(new Uint8Array(16)));
  const said = [plain(name), face, digits(pin)].join("\n");
  const bytes = (text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", bytes(said), "PBKDF2", false, ["deriveBits"]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt: bytes(chance), iterations: ROUNDS };
  return { salt: chance, hash: hex(new Uint8Array(await crypto.subtle.deriveBits(way, key, 256))) };
}

// Whose lock this opens; every lock is tried, so that nobody sees from the time who is there.
export async function whose(people, name, face, pin) {
  let found = null;
  for (const row of people) {
    const tried = row.lock && (await lockOf(name, face, pin, { salt: row.lock.salt }));
    if (tried && tried.hash === row.lock.hash) found = row;
  }
  return found;
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const plain = (name) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

// As 0 to 9, in whatever script they were typed.
export const digits = (pin) => Array.from(pin, digit).join("");

// ۷ and ٧ are 7: in every script the ten digits follow each other, and begin at a multiple of sixteen or six beyond.
function digit(sign) {
  let zero = sign.codePointAt(0);
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (sign.codePointAt(0) - zero) % 10;
}

// A form that ends in a place: its page may keep the lock (private.mjs), any other page lets it go.
export async function keepLock(form, name, face, memory = sessionStorage) {
  const lock = await lockOf(name, face, form.elements.pin.value);
  if (lock) memory.setItem("lock", JSON.stringify(lock));
}

function here(page) {
  sessionStorage.removeItem("lock");
  const pad = page.querySelector("[data-pad]");
  if (!pad) return;
  const fields = page.querySelectorAll("[data-pin]");
  new Pad(pad, [...fields]).start();
  const form = fields[0].form;
  if (form.matches("[data-pin-form]")) return; // who.mjs has it
  form.addEventListener("submit", async (event) => {
    if (event.submitter && event.submitter.name) return; // "later": there is no PIN
    event.preventDefault();
    const { called = "", face = "" } = page.documentElement.dataset;
    const { name, picture } = form.elements;
    await keepLock(form, name ? name.value : called, picture ? picture.value : face).catch(() => null);
    form.submit();
  });
}

if (typeof document !== "undefined") here(document);
