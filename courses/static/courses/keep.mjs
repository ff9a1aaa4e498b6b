// The page on which a unit is kept on this phone: what it costs before anything comes, how far it is, and the way back.

import { listener } from "../media/listen.mjs";
import { Changed, Full, packsHere } from "./packs.mjs";

const form = document.getElementById("keep");
const { way, keep, kb, mb, gb } = form.dataset;
const offers = [way, keep]; // first the pages that lead there
const part = (name) => document.querySelector(`[data-${name}]`);
const show = (...names) => {
  for (const name of ["cannot", "choice", "kept", "coming", "later", "full", "changed", "go", "stop", "remove", "room", "asks"]) {
    part(name).hidden = !names.includes(name);
  }
  part("lessons").className = names.includes("kept") && !names.includes("go") ? "go" : "way back";
};

if (navigator.serviceWorker && window.caches && window.crypto.subtle) {
  const packs = packsHere();
  begin(packs).catch(() => show("asks", "later"));
}

async function begin(packs) {
  const kept = (await packs.kept())[offers[1]];
  const lists = await Promise.all(offers.map((offer) => packs.offered(offer, listener.hears()))).catch(async (away) => {
    if (kept) return [];
    throw away;
  });
  const cost = async (sound) => sum(await packs.missing(lists.flatMap((list) => packs.files(list, sound))));
  const price = { yes: await cost(true), "": await cost(false) };
  const { free } = await packs.room();
  const asks = { yes: part("with"), "": part("without") };
  for (const sound of Object.keys(asks)) asks[sound].textContent = bytes(price[sound]);
  const newer = lists.length && (!kept || kept.list !== lists[1].address);
  if (newer) minutes(lists[1].seconds);
  if (free) part("free").textContent = bytes(free);
  const choose = () => (part("size").textContent = bytes(price[form.elements.sound.value]));
  form.addEventListener("change", choose);
  choose();
  rest(kept, newer, free);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetchAll(packs, lists, form.elements.sound.value, price[form.elements.sound.value]);
  });
  part("remove").addEventListener("click", async () => {
    await packs.remove(offers[1]);
    location.reload();
  });
}

function rest(kept, newer, free) {
  show(...(kept ? ["kept", "remove"] : []), ...(newer ? ["asks", "choice", "go"] : []), ...(newer && free ? ["room"] : []));
}

async function fetchAll(packs, lists, sound, price) {
  const cut = new AbortController();
  part("stop").onclick = () => cut.abort();
  const tell = progress(price);
  let before = 0;
  show("asks", "coming", "stop");
  tell(0);
  try {
    await packs.fits(lists, !!sound);
    await navigator.serviceWorker.register("/sw.js");
    for (const [at, list] of lists.entries()) {
      let come = 0;
      await packs.keep(offers[at], list, { sound: !!sound, signal: cut.signal, tell: (n) => tell(before + (come = n)) });
      before += come;
    }
    show("kept", "remove");
  } catch (trouble) {
    show("asks", "choice", "go", trouble instanceof Full ? "full" : trouble instanceof Changed ? "changed" : "later");
  }
}

function progress(price) {
  const bar = document.querySelector("progress");
  return (come) => {
    bar.value = price ? come / price : 1;
    const said = part("come").dataset.come;
    part("come").textContent = said.replace("{come}", bytes(come)).replace("{of}", bytes(price));
  };
}

function minutes(seconds) {
  part("minutes").textContent = part("minutes").dataset.minutes.replace("{n}", Math.max(1, Math.round(seconds / 60)));
}

const sum = (files) => files.reduce((all, { line }) => all + line, 0);

// As exact as somebody who pays for it would want it: three digits. They keep their order within any sentence.
function bytes(n) {
  const [unit, said] = n < 1e6 ? [1e3, kb] : n < 1e9 ? [1e6, mb] : [1e9, gb];
  const number = n / unit;
  return "\u2068" + said.replace("{n}", number.toFixed(unit === 1e3 || number >= 100 ? 0 : number < 10 ? 2 : 1)) + "\u2069";
}
