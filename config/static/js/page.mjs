// What every page of a learner does: sound, the script of the voice, and how much is still on this phone.

import "../media/listen.mjs";
import { book, logOf, phone, storeHere } from "../lms/record.mjs";
import { showWaiting } from "../lms/waiting.mjs";

document.documentElement.dataset.js = "";
addEventListener("heard", heard);
addEventListener("click", chosen);
useNastaliq();
if (document.documentElement.lang === "ur" && /(^|; )digits=ur/.test(document.cookie)) import("./digits.mjs");
// In a place of somebody's, private.mjs finds out first whose record is open.
if (!/person|forgotten/.test(Object.keys(document.documentElement.dataset))) start();

// A browser that closes its store to us still shows every page and plays every sound.
export async function start() {
  const log = await phone().catch(() => null);
  if (!log) return;
  const stores = (await book.get("stores")) || []; // where there are some, a guest may be anybody
  for (const field of document.querySelectorAll("[data-guest]")) {
    field.value = (!stores.length && (await log.store.get("token"))) || "";
  }
  await show(log);
  await log.flush(true);
  await show(log);
  for (const name of stores) if (name !== log.store.name) await (await logOf(name)).flush(true);
}

// A page out of the browser's memory, and somebody else is here meanwhile.
addEventListener("pageshow", async ({ persisted }) => {
  if (persisted && (await storeHere()) !== (await phone()).store.name) location.reload();
});

const show = (log) => Promise.all([showProgress(log), showWaiting(document, log)]);

// Only lists of lessons show how far somebody is; a lesson goes without what does it.
async function showProgress(log) {
  if (!document.querySelector("[data-progress], [data-lesson], [data-continue]")) return;
  const mine = await import("../lms/mine.mjs");
  await mine.showProgress(document, log);
  const { showKept } = await import("../courses/kept.mjs");
  await showKept(document).catch(() => null); // a browser may close its caches to us
}

// Who has chosen a language is met in it where an address names none: at a key card, and in an error.
function chosen({ target }) {
  const link = target.closest("[data-reads]");
  if (link) document.cookie = `reads=${link.dataset.reads}; path=/; max-age=34560000; samesite=lax`;
}

// Consent says whether its sentence was heard to the end before the answer.
function heard({ detail }) {
  for (const field of document.querySelectorAll("[data-heard]")) {
    if (detail.key === field.dataset.heard) field.value = "yes";
  }
}

// Nastaliq is 103 kB. It is fetched once, after the first page was read and touched, and used from the next
// page on; never on a line that asks to be spared.
function useNastaliq() {
  if (document.documentElement.lang !== "ur") return;
  const sheet = document.querySelector("meta[name=nastaliq]");
  if (!sheet) return;
  if (stored("nastaliq") === sheet.content) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = sheet.content;
    document.head.append(link);
    return;
  }
  const line = navigator.connection || {};
  if (line.saveData || /2g/.test(line.effectiveType || "")) return;
  addEventListener("pointerup", () => setTimeout(() => fetchNastaliq(sheet).catch(() => null), 4000), { once: true });
}

async function fetchNastaliq(sheet) {
  await fetch(sheet.dataset.font, { mode: "cors" });
  await fetch(sheet.content);
  localStorage.setItem("nastaliq", sheet.content);
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch (blocked) {
    return null;
  }
}
