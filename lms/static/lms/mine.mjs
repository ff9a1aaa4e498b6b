// What this phone knows of the person who holds it, shown on pages that are the same for everybody.

import { of } from "./progress.mjs";

export async function showProgress(page, log) {
  const standings = await log.soFar();
  const isDone = (lesson) => of([{ lesson }], standings)[0] === 1;
  for (const place of page.querySelectorAll("[data-progress]")) {
    const lessons = place.dataset.progress.trim().split(" ");
    const next = nextOf(lessons, standings);
    const path = place.querySelector(".path");
    lessons.forEach((lesson, n) => {
      path.children[n].className = isDone(lesson) ? "done" : lesson === next && n ? "now" : "";
    });
    const label = place.querySelector("[data-of]");
    const said = label.dataset.of.replace("{done}", lessons.filter(isDone).length);
    label.firstElementChild.textContent = said;
    path.setAttribute("aria-label", said);
  }
  for (const card of page.querySelectorAll("[data-lesson]")) {
    card.querySelector("[data-done]").hidden = !isDone(card.dataset.lesson);
  }
  for (const lead of page.querySelectorAll("[data-continue]")) showNext(page, lead, standings, isDone);
}

// The first lesson that is not done after the one done last, or the first of all that is not.
export function nextOf(lessons, standings) {
  const doneAt = (key) => (standings[key] && standings[key].done_at) || "";
  const last = lessons.reduce((at, key, n) => (doneAt(key) > (doneAt(lessons[at]) || "") ? n : at), -1);
  return [...lessons.slice(last + 1), ...lessons].find((key) => !doneAt(key));
}

// The big card on top.
function showNext(page, lead, standings, isDone) {
  const lessons = JSON.parse(page.getElementById("lessons").textContent);
  const coming = nextOf(lessons.map(({ key }) => key), standings);
  const next = lessons.find(({ key }) => key === coming);
  if (!next) return;
  const way = lead.querySelector("[data-way]");
  way.replaceChildren(...lessons.filter(({ unit }) => unit === next.unit).map(({ key }) => {
    const step = page.createElement("i");
    step.className = key === next.key ? "now" : isDone(key) ? "done" : "";
    return step;
  }));
  const title = lead.querySelector("h1");
  const go = lead.querySelector("[data-begin]");
  title.textContent = next.title;
  lead.querySelector("a.go").href = next.url;
  lead.querySelector("img").src = next.picture;
  Object.assign(lead.querySelector(".hear").dataset, { say: next.say, words: next.title });
  go.textContent = standings[next.key] ? go.dataset.goOn : go.dataset.begin;
}
