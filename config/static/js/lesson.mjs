// A lesson on a phone: one screen at a time, answers marked at once, each thing done written down.

// All modules are named here, so that a slow line asks for them in one breath.
import "./page.mjs";
import "../lms/progress.mjs";
import { CHOICES, answer, mark, rightParts } from "../assessments/marking.mjs";
import { phone } from "../lms/record.mjs";
import { showWaiting } from "../lms/waiting.mjs";
import { listener } from "../media/listen.mjs";
import { Screens } from "../courses/screens.mjs";

const page = document.documentElement;
const lesson = { about: page.dataset.about, rev: page.dataset.rev, locale: page.lang };
const published = !/^0+$/.test(lesson.rev); // a trainer's preview is nobody's record
const keys = JSON.parse(document.getElementById("keys").textContent);
const back = document.querySelector("[data-back]");
const unit = back.getAttribute("href");
const on = document.querySelector("[data-on]");
const choose = document.querySelector("[data-choose]");
const waits = document.querySelector("[data-keeping]");
const SILENT = ["experienced", "played"]; // nobody waits for these
let since = Date.now();
let keeping = false;
let more; // being fetched
let whole = false; // what reads answers is here

// A second tap while the disk still takes its time is the first one.
addEventListener("submit", (event) => keeping && (event.preventDefault(), event.stopImmediatePropagation()), true);

if (on) turn(new Screens(document, { onTurn }));
else fetchMore(); // all of the lesson stands on one page
document.querySelectorAll("[data-question]").forEach(ask);
const done = phone().then((log) => log.about(lesson.about));
document.querySelectorAll("[data-end]").forEach(finish);
addEventListener("heard", ({ target, detail }) => {
  const { block = null } = (target.closest(".screen") || target).dataset;
  keep({ verb: "played", block, voice: detail.voice });
});
addEventListener("click", film);
if ((navigator.connection || {}).saveData) page.dataset.spare = "";
keep({ verb: "experienced" });
near();

function turn(screens) {
  on.addEventListener("click", (event) => {
    event.preventDefault();
    screens.on();
  });
}

// What only some screens need. It is asked for once somebody goes on, and is here before an answer is read.
function fetchMore() {
  const fetched = (name) => Promise.all([...document.getElementsByName(name)].map(({ content }) => import(content)));
  if (more) return more;
  lists().catch(() => null);
  more = fetched("more").catch(() => null).then(() => {
    whole = true;
    fetched("quizzes").catch(() => null);
  });
  return more;
}

// An answer that was quicker than what reads it is given once more.
async function answerAgain(form) {
  keeping = true;
  await fetchMore();
  keeping = false;
  form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}

const closed = (response) =>
  import("./sealing.mjs").then(({ close }) => close(response)).catch(() => null);

async function lists() {
  const forms = document.querySelectorAll("[data-ticks]");
  if (!forms.length) return;
  const { ticks } = await import("../courses/ticks.mjs");
  forms.forEach((form) => ticks(form, keep, done));
}

// A film, only its sound, or sharper: a link, until the first touch fetches what plays it.
function film(event) {
  const link = event.target.closest("[data-plays]");
  if (!link) return;
  event.preventDefault();
  import("../media/film.mjs").then(({ play }) => play(link), () => (location = link.href));
}

function onTurn(screen, at) {
  listener.stop();
  since = Date.now();
  if (at) fetchMore();
  back.href = at ? "#s" + at : unit;
  const kind = screen.dataset.screen;
  const form = kind === "question" && screen.querySelector("form");
  showFoot(form && !form.hidden ? form : null, kind === "last");
}

// What is different where this phone is at home stands open, and first.
async function near() {
  const log = await phone().catch(() => null);
  const district = log && (await log.store.get("district"));
  if (!district) return;
  for (const told of [...document.querySelectorAll(`[data-district="${district}"]`)].reverse()) {
    told.parentElement.prepend(told);
    told.closest("details").open = true;
  }
}

// One big button at the foot: to choose while a question is open, else to go on; none at the end.
function showFoot(form, atEnd) {
  if (!on) return;
  choose.hidden = !form;
  if (form) {
    choose.setAttribute("form", form.id);
    choose.innerHTML = form.querySelector("button.go.no-script").innerHTML;
  }
  on.hidden = !!form || atEnd;
}

// One line for the record. True when the phone has it for sure; the tick is shown only then. Null: nothing is kept,
// because somebody said no.
async function keep(line, mark = null) {
  if (!published) return true;
  const done = SILENT.includes(line.verb) ? () => {} : patience();
  try {
    const log = await phone();
    if (!(await log.record({ ...lesson, voice: listener.hears(), ms: Date.now() - since, ...line }, mark))) return null;
    showWaiting(document, log);
    log.flush().then(() => showWaiting(document, log));
    return true;
  } catch (trouble) {
    return false;
  } finally {
    done();
  }
}

// A slow disk is named, and one that does not answer at all; what is called when it has answered.
function patience() {
  const say = (words) => () => ((waits.textContent = words), (waits.hidden = false));
  const timers = [setTimeout(say(waits.dataset.keeping), 400), setTimeout(say(waits.dataset.stuck), 4000)];
  keeping = true;
  return () => {
    keeping = false;
    timers.forEach(clearTimeout);
    waits.hidden = true;
  };
}

function ask(form) {
  const screen = form.closest(".screen");
  const told = screen.querySelector("[data-told]");
  const part = (name) => told.querySelector(`[data-${name}]`);
  const block = screen.dataset.block;
  const unclear = form.querySelector("[data-unclear]");

  form.addEventListener("click", () => (unclear.hidden = true));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!whole && !CHOICES.includes(keys[block].kind)) return answerAgain(form);
    let response, score, parts;
    try {
      response = answer(keys[block], new FormData(form));
      score = mark(keys[block], response);
      parts = rightParts(keys[block], response);
    } catch (none) {
      unclear.hidden = false;
      return unclear.scrollIntoView({ block: "center" });
    }
    if (keys[block].use === "sealed") response = await closed(response);
    const kept = !!response && (await keep({ verb: "answered", block, response }, score));
    tell(score, kept);
    form.dispatchEvent(new CustomEvent("told", { detail: parts }));
    show("kept", kept);
    show("not-kept", kept === false);
  });
  part("try-again").addEventListener("click", () => {
    form.reset();
    form.dispatchEvent(new Event("again"));
    form.hidden = false;
    told.hidden = true;
    showFoot(form, false);
    since = Date.now();
    form.querySelector("fieldset").querySelector("input, select").focus();
  });

  function show(name, yes) {
    if (part(name)) part(name).hidden = !yes;
  }

  function tell(score, kept) {
    show("right", score === 1);
    show("not-yet", score !== null && score < 1);
    show("later", score === null);
    show("hint", score !== null && score < 1);
    show("reason", score !== null);
    show("try-again", kept === false || (score !== null && score < 1));
    form.hidden = true;
    told.hidden = false;
    showFoot(null, false);
    told.focus();
  }
}

// The next lesson is offered once this one is done, so that nobody loses it.
function finish(form) {
  const after = document.querySelector("[data-after]") || {};
  after.hidden = true;
  done.then((lines) => lines.some(({ verb }) => verb === "completed"), () => true).then((yes) => yes && (after.hidden = false));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kept = await keep({ verb: "completed" });
    form.querySelector("[data-kept]").hidden = !kept;
    form.querySelector("[data-not-kept]").hidden = kept !== false;
    after.hidden = false;
    if (kept === false) return;
    form.querySelector("[data-finish]").hidden = true;
    after.className = "go"; // one big button: the next lesson
  });
}
