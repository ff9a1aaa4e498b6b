// What this phone knows of the person who holds it, shown on pages that are the same for everybody.

import { of } from "./progress.mjs";

export async function showProgress(page, log) {
  const standings = await log.soFar();
  const isDone = (lesson) => of([{ lesson }], standings)[0] === 1;
  for (const place of page.querySelectorAll("[data-progress]")) {
    const lessons = place.dataset.progress.trim().split(" ");
    const next = lessons.find((lesson) => !isDone(lesson));
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

// The big card on top: the first lesson that is not done, or the first of all.
function showNext(page, lead, standings, isDone) {
  const lessons = JSON.parse(page.getElementById("lessons").textContent);
  const next = lessons.find(({ key }) => !isDone(key));
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
  go.textContent = Object.keys(standings).length ? go.dataset.goOn : go.dataset.begin;
}
