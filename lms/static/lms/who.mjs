// The faces that this phone knows. Nobody is asked who lives here: the list is on the phone, and who is hidden is
// not in it.

import { People } from "./people.mjs";
import { keepLock, wait, whose } from "./pin.mjs";
import { book } from "./record.mjs";

export class Who {
  constructor(page, people, book) {
    Object.assign(this, { page, people, book });
    this.form = page.querySelector("[data-pin-form]");
  }

  async start() {
    this.rows = await this.people.seen();
    for (const row of this.rows) this.part("faces").append(this.face(row));
    this.part("else").addEventListener("click", () => this.afresh() || this.ask());
    this.part("all").addEventListener("click", () => this.afresh() || this.list());
    this.form.addEventListener("submit", (event) => this.submit(event));
    const { name, picture } = this.form.elements;
    const again = this.rows.find((row) => row.name === name.value && row.face === picture.value);
    if (!this.rows.length || (this.form.matches("[data-trouble]") && !again)) this.ask();
    else if (this.form.matches("[data-trouble]")) this.ask(again);
    else this.list();
  }

  part(name) {
    return this.page.querySelector(`[data-${name}]`);
  }

  face(row) {
    const item = this.part("face-of").content.cloneNode(true);
    const called = row.name || this.word(row.face);
    this.fill(item, row, called);
    item.querySelector(".hear").dataset.words = called;
    item.querySelector("button").addEventListener("click", () => this.ask(row));
    return item;
  }

  fill(where, row, called = row.name || this.word(row.face)) {
    const drawn = this.page.querySelector(`#p-${row.face} + label img`);
    if (drawn) where.querySelector(".face").src = drawn.src;
    where.querySelector(".voice").textContent = called;
  }

  word(face) {
    const label = this.page.querySelector(`#p-${face} + label .word`);
    return label ? label.textContent : "";
  }

  // Nothing of what somebody typed before.
  afresh() {
    for (const field of this.form.querySelectorAll("[name=name], [name=pin]")) field.value = "";
    for (const field of this.form.querySelectorAll("[name=picture]")) field.checked = false;
    this.form.elements.pin.removeAttribute("aria-invalid");
    for (const told of this.page.querySelectorAll("[data-told], [data-closed]")) told.hidden = true;
  }

  // Everybody's faces.
  list() {
    this.turn({ faces: true, who: true, others: true, else: true });
  }

  // The PIN of one of them; without one, name and picture as well.
  ask(row) {
    this.turn({ form: true, chosen: row, typedOut: !row, who: !row, others: !row && !this.rows.length, open: true, all: this.rows.length });
    const { name, pin } = this.form.elements;
    if (row) {
      name.value = row.name;
      this.page.querySelector(`#p-${row.face}`).checked = true;
      this.fill(this.part("chosen"), row);
    }
    (row ? pin : name).focus({ preventScroll: true });
  }

  turn(shown) {
    const parts = { faces: "faces", who: "who", others: "others", else: "else", form: "pin-form", chosen: "chosen" };
    Object.assign(parts, { typedOut: "typed-out", open: "open", all: "all" });
    for (const [name, part] of Object.entries(parts)) this.part(part).hidden = !shown[name];
  }

  async submit(event) {
    event.preventDefault();
    const { name, picture, pin } = this.form.elements;
    if (navigator.onLine === false) return this.openHere(name.value, picture.value, pin.value);
    await keepLock(this.form, name.value, picture.value).catch(() => null);
    this.form.submit();
  }

  // Without a network a PIN opens what is on the phone: this person's lessons and lines, and nothing of the server's.
  async openHere(name, face, pin) {
    const tried = (await this.book.get("tried")) || {};
    const here = this.part("closed");
    if (wait(tried, Date.now())) return this.say(here.dataset.wait);
    await this.book.set({ tried: { tries: (tried.tries || 0) + 1, at: Date.now() } });
    const row = await whose(await this.people.all(), name, face, pin);
    if (!row) return this.say(here.dataset.closed);
    const session = (await this.book.get("session")) || {};
    if (session.person !== row.place) localStorage.setItem("left", session.since || ""); // it ends with the next page
    await this.book.set({ tried: {} });
    await this.people.open(row);
    const { controller } = navigator.serviceWorker || {};
    if (controller) return location.replace(`/${this.page.documentElement.lang}/`);
    return this.say(here.dataset.opened); // no page can come now
  }

  say(words) {
    const trouble = this.part("closed");
    trouble.lastElementChild.textContent = words;
    trouble.hidden = false;
    this.form.elements.pin.value = "";
  }
}

if (typeof document !== "undefined") new Who(document, new People(book), book).start();
