// The pages of a person's own place, on a phone that others hold as well: whose record is open, how one leaves, and
// that the way back leads past these pages.

import { start } from "./page.mjs";
import { People, belong, leave } from "../lms/people.mjs";
import { book, phone } from "../lms/record.mjs";

async function here(page) {
  const people = new People(book);
  const { dataset } = page.documentElement;
  const out = (form) => {
    page.body.hidden = true;
    return leave(form, {
      people,
      since: dataset.since,
      fetch: (...request) => fetch(...request),
      memory: localStorage,
      go: () => location.replace(`/${page.documentElement.lang}/`),
      wait: (ms) => new Promise((done) => setTimeout(done, ms)),
    });
  };
  const forms = page.querySelectorAll("[data-leave]");
  if (forms.length && localStorage.getItem("left") === dataset.since) return out(forms[0]);
  for (const form of forms) form.addEventListener("submit", (event) => event.preventDefault() || out(form));
  for (const form of page.querySelectorAll("[data-hand-over]")) form.addEventListener("submit", (event) => handOver(event, people));
  page.addEventListener("click", replace);
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  const csrf = page.querySelector("meta[name=csrf]");
  await belong(dataset, people, phone, csrf && csrf.content).catch(() => null); // no network: the next page asks again
  await remember(page, people, dataset);
  return start();
}

// The lines of whoever gets the phone are not written into this person's store.
async function handOver(event, people) {
  event.preventDefault();
  await people.leave().catch(() => null);
  event.target.submit();
}

// History is shallow here: another page takes the place of this one.
function replace(event) {
  const link = event.target.closest("a[href]");
  const other = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey;
  if (other || !link || link.matches(".hear") || link.origin !== location.origin) return;
  event.preventDefault();
  location.replace(link.href);
}

// The PIN that has just opened this place may do so without a network, too. A page with PIN fields is no success yet.
async function remember(page, people, { person, since }) {
  if (!person || page.querySelector("[data-pin]")) return;
  const lock = sessionStorage.getItem("lock");
  if (lock) await people.lock(person, JSON.parse(lock));
  sessionStorage.removeItem("lock"); // not before it is on the disk: the next page may come quickly
  await book.set({ session: { person, since } });
}

if (typeof document !== "undefined") here(document);
