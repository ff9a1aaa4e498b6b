// At the desk: bring the list of calls onto this phone, sealed under a new PIN, with the page that opens it.

import { Full, packsHere } from "../courses/packs.mjs";
import { digits } from "../lms/pin.mjs";
import { keepList, logNamed, removeList } from "./calls.mjs";
import { isGood } from "./vault.mjs";

const form = document.querySelector("[data-bring]");
const notes = [...document.querySelectorAll("[data-note]")];
const show = (name) => notes.forEach((note) => (note.hidden = note.dataset.note !== name));
const can = navigator.serviceWorker && window.caches && window.crypto.subtle && window.indexedDB;

form.hidden = !can;
show(can ? "" : "cannot");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [pin, again] = ["pin", "again"].map((name) => digits(form.elements[name].value));
  if (!isGood(pin)) return show("pin");
  if (pin !== again) return show("differ");
  show("coming");
  form.hidden = true;
  const came = await bring(pin).then(() => "kept", (trouble) => (trouble instanceof Full ? "full" : trouble.why || "later"));
  show(came);
  form.hidden = came === "kept";
  if (form.hidden) form.reset();
});

async function bring(pin) {
  const { store } = form.dataset;
  const log = await logNamed(store);
  const body = new FormData(form);
  for (const name of ["pin", "again"]) body.delete(name); // they stay here
  body.set("token", await log.ownToken());
  const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
  if (!answer.ok) throw Object.assign(new Error("refused"), { why: answer.status === 403 ? "out" : "later" });
  const list = await answer.json();
  await log.store.set({ token: body.get("token"), guest: false, no: false });
  await keepList(store, pin, list);
  const packs = packsHere();
  await navigator.serviceWorker.register("/sw.js");
  for (const offer of list.offers) await packs.keep(offer, await packs.offered(offer), { sound: false });
  for (const way of document.querySelectorAll("[data-way]")) way.href = list.page;
}

document.querySelector("[data-remove]").addEventListener("click", async () => {
  await removeList(form.dataset.store);
  show("removed");
  form.hidden = false;
});
