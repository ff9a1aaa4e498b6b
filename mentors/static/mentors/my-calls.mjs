// The page of a coach's calls. It is the same for everybody: whom it shows comes from this phone, when the PIN is right.

import { digits, wait } from "../lms/pin.mjs";
import { book, phone } from "../lms/record.mjs";
import { keepList, lists, logNamed, openList, removeList, writeDown, writtenOf } from "./calls.mjs";
import { daysBetween, today } from "./days.mjs";

const FRESH = "/desk/phone/";

export class MyCalls {
  constructor(page) {
    this.page = page;
    this.lock = page.querySelector("[data-lock]");
    this.talk = page.querySelector("[data-talk]");
  }

  async start() {
    for (const { store } of await lists()) (await logNamed(store)).flush(true);
    const any = (await lists()).some(({ box }) => box);
    this.show(any ? "lock" : "none");
    this.lock.addEventListener("submit", (event) => event.preventDefault() || this.open());
    this.talk.addEventListener("submit", (event) => event.preventDefault() || this.keep());
    this.part("close").addEventListener("click", () => this.show("list"));
    this.part("remove").addEventListener("click", () => this.remove());
  }

  part(name) {
    return this.page.querySelector(`[data-${name}]`);
  }

  show(name) {
    for (const part of ["none", "lock", "list", "talk"]) this.part(part).hidden = part !== name;
    scrollTo(0, 0);
  }

  say(where, words) {
    where.querySelector("[data-said]").textContent = words;
    where.querySelector("[data-says]").hidden = !words;
  }

  async open() {
    const { pin } = this.lock.elements;
    const tried = (await book.get("calls-tries")) || {};
    if (wait(tried, Date.now())) return this.say(this.lock, this.lock.dataset.wait);
    const typed = digits(pin.value);
    this.list = await openList(typed);
    await book.set({ "calls-tries": this.list ? {} : { tries: (tried.tries || 0) + 1, at: Date.now() } });
    if (!this.list) return this.say(this.lock, this.lock.dataset.wrong);
    this.say(this.lock, "");
    this.log = await logNamed(this.list.store);
    await this.draw();
    this.show("list");
    pin.value = "";
    await this.freshen(typed);
  }

  // With a line, and while the desk knows this browser, the list is that of now.
  async freshen(pin) {
    const answer = await fetch(FRESH + "?list=" + this.page.documentElement.lang, { redirect: "error", headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const list = await answer.json();
    if (list.store !== this.list.store) return; // another coach is at the desk
    await keepList(list.store, pin, list);
    this.list = { ...list, at: Date.now() };
    await this.draw();
  }

  async draw() {
    const written = await writtenOf(this.log);
    const { at, rows } = this.list;
    const as_of = this.part("as-of");
    as_of.textContent = as_of.dataset.asOf.replace("{when}", this.day(at));
    this.part("rows").replaceChildren(...rows.map((row) => this.row(row, written[row.uid])));
    this.part("nobody").hidden = rows.length > 0;
  }

  row(row, written) {
    const item = this.part("row").content.cloneNode(true);
    const fill = (name, words) => (item.querySelector(`[data-${name}]`).textContent = words);
    fill("who", row.who || "–");
    fill("where", row.where);
    fill("step", row.step);
    const { text, look } = this.due(row, written);
    fill("due", text);
    item.querySelector("[data-due]").classList.toggle("look", look);
    const sign = written ? (written.sent ? "sent" : "waits") : "";
    for (const one of item.querySelectorAll("[data-sign]")) one.hidden = one.dataset.sign !== sign;
    item.querySelector("button").addEventListener("click", () => this.write(row));
    return item;
  }

  due({ due, asks }, written) {
    const { dataset } = this.part("rows");
    if (written && +new Date(written.at) > this.list.at) return { text: dataset.written.replace("{when}", this.day(written.at)), look: false };
    if (asks) return { text: dataset.asks, look: true };
    if (!due) return { text: "", look: false };
    const late = daysBetween(due, today());
    if (late === 0) return { text: dataset.today, look: false };
    if (late < 0) return { text: dataset.by.replace("{when}", this.day(due)), look: false };
    return { text: (late === 1 ? dataset.lateOne : dataset.late).replace("{n}", late), look: true };
  }

  day(at) {
    return new Date(at).toLocaleDateString(this.page.documentElement.lang + "-u-nu-latn", { day: "numeric", month: "long" });
  }

  write(row) {
    this.row_now = row;
    this.talk.reset();
    this.say(this.talk, "");
    const { on, next_on } = this.talk.elements;
    const { next, ago } = this.talk.dataset;
    const away = (days) => today(new Date(Date.now() + days * 24 * 3600e3));
    Object.assign(on, { value: today(), max: today(), min: away(-ago) });
    Object.assign(next_on, { min: today(), max: away(+next) });
    this.part("with").textContent = [row.who, row.where].filter(Boolean).join(" · ");
    this.show("talk");
  }

  async keep() {
    const { talk } = this;
    const said = Object.fromEntries(new FormData(talk));
    if (!said.kind || !talk.checkValidity()) return this.say(talk, talk.dataset.how);
    const what = {
      kind: said.kind,
      topic: said.topic || "",
      mood: said.mood ? +said.mood : null,
      next_step: said.next_step.trim(),
      note: said.note.trim(),
      credit: +said.credit || 0,
      days_ago: Math.max(0, daysBetween(said.on, today())),
      next_in: said.next_on ? daysBetween(today(), said.next_on) : null,
    };
    const { about, rev } = this.page.documentElement.dataset;
    const line = { subject: this.row_now.uid, what, seal: talk.dataset.seal, about, rev, locale: this.page.documentElement.lang };
    if (!(await writeDown(this.log, line).catch(() => null))) return this.say(talk, talk.dataset.full);
    await this.draw();
    this.show("list");
    await this.log.flush(true);
    await this.draw();
  }

  async remove() {
    await removeList(this.list.store);
    this.show("none");
  }
}

if (typeof document !== "undefined") {
  phone().then((log) => log.flush()).catch(() => null); // whoever learns here, too
  new MyCalls(document).start().catch(() => (document.querySelector("[data-cannot]").hidden = false));
}
