// The reception desk on a bad line: the form stays in the page until an answer has come, and may be sent again.
// Its id tells the server that it is the same person. Without this script it is a form like any other.

const PATIENCE = 20e3; // until somebody is told that the line broke
const ANSWERS = [200, 409, 422]; // a page of ours that says what came of it

/** An id that no other form has. */
export function newId(random = (bytes) => crypto.getRandomValues(bytes)) {
  const bytes = random(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 0x40;
  bytes[8] = (bytes[8] & 63) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Send what stands in a form once: { page } when an answer came, else { why: "lost" | "out" | "old" }. */
export async function send(address, body, { fetch, patience = PATIENCE }) {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), patience);
  try {
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", signal: cut.signal });
    if (answer.type === "opaqueredirect") return { why: "out" };
    if (answer.status === 403) return { why: "old" };
    return ANSWERS.includes(answer.status) ? { page: await answer.text() } : { why: "lost" };
  } catch {
    return { why: "lost" };
  } finally {
    clearTimeout(timer);
  }
}

export class Reception {
  // page: the document. parse turns text into a document.
  constructor(page, { fetch, parse, id = newId }) {
    Object.assign(this, { page, fetch, parse, id, busy: false });
    const form = page.querySelector("[data-reception]");
    this.blank = form && page.querySelector("main").cloneNode(true);
  }

  async submit(form) {
    if (this.busy) return;
    this.say(form, "");
    this.wait(form, true);
    let { page, why } = await this.sendOnce(form);
    if (why === "old" && (await this.freshen(form))) ({ page, why } = await this.sendOnce(form));
    this.wait(form, false);
    if (page) this.show(this.parse(page));
    else this.say(form, why === "lost" ? form.dataset.lost : form.dataset.out);
  }

  sendOnce(form) {
    this.kept = new FormData(form);
    return send(form.action, new URLSearchParams(this.kept), this);
  }

  // After signing in again in another window, the page's own sign is too old; the form is as good as before.
  async freshen(form) {
    const answer = await this.fetch(form.action, { redirect: "manual" }).catch(() => null);
    if (!answer || answer.status !== 200) return false;
    const sign = "[name=csrfmiddlewaretoken]";
    const found = this.parse(await answer.text()).querySelector(`main ${sign}`);
    if (found) for (const old of [form, this.blank]) old.querySelector(sign).value = found.value;
    return !!found;
  }

  show(answer) {
    this.put(answer.querySelector("main"));
    this.page.title = answer.title;
    const main = this.page.querySelector("main");
    offerPrint(main);
    const first = main.querySelector("[data-here], [role=alert]:not([hidden])");
    if (first) first.closest(".field, main").querySelector("[data-here], input").focus();
  }

  // The next person needs no network before the form is full.
  next() {
    const main = this.blank.cloneNode(true);
    const form = main.querySelector("form");
    form.elements.form.value = this.id();
    for (const name of ["reads", "hears", "programme"]) {
      if (form.elements[name] && this.kept.has(name)) form.elements[name].value = this.kept.get(name);
    }
    this.put(main);
    form.elements.name.focus();
  }

  put(main) {
    this.page.querySelector("main").replaceWith(main);
    this.page.defaultView.scrollTo(0, 0);
  }

  wait(form, busy) {
    this.busy = busy;
    form.setAttribute("aria-busy", busy);
  }

  say(form, words) {
    const place = form.querySelector("[data-said]");
    place.textContent = words;
    place.hidden = !words;
    if (words) form.querySelector("[data-go] span").textContent = form.dataset.again;
  }
}

/** Where a script runs, something can print. */
export function offerPrint(main) {
  for (const button of main.querySelectorAll("[data-print]")) button.hidden = false;
}

function sitDown() {
  const desk = new Reception(document, {
    fetch: (...request) => fetch(...request),
    parse: (text) => new DOMParser().parseFromString(text, "text/html"),
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-reception]")) return;
    event.preventDefault();
    desk.submit(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    if (!event.target.closest("[data-following]") || !desk.blank) return;
    event.preventDefault();
    desk.next();
  });
  offerPrint(document);
}

if (typeof document !== "undefined") sitDown();
