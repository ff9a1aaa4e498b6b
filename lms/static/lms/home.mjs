// What the first page says to one person: the task of this week, and what has come since they were here first.

const WEEK = 7 * 24 * 3600e3;

// One task, not all: the one that waits longest for "how did it go?", else the one taken home last.
export function taskOf(lessons, standings, now) {
  const taken = lessons
    .filter(({ key, week }) => week && standings[key] && standings[key].done_at && !(week.block in standings[key].answers))
    .map((lesson) => ({ ...lesson, done: +new Date(standings[lesson.key].done_at) }))
    .sort((one, other) => one.done - other.done);
  const due = taken.find(({ done }) => now - done >= WEEK);
  const task = due || taken[taken.length - 1];
  return task ? { ...task, due: !!due } : null;
}

// The first lesson that was not there at the first visit, and is not begun.
export function newOf(lessons, standings, first) {
  return lessons.find(({ key }) => !first.includes(key) && !standings[key]) || null;
}

export async function showWeek(page, log, lessons) {
  const task = taskOf(lessons, await log.soFar(), log.now());
  if (!task) return;
  const { block, title, say } = task.week;
  const card = page.querySelector("[data-week-card]");
  fill(card, { title, say, url: task.url + "#" + block });
  card.querySelector("[data-due]").hidden = !task.due;
}

export async function showNew(page, log, lessons) {
  const first = await log.store.get("first");
  if (!first) return log.store.set({ first: lessons.map(({ key }) => key) });
  const lesson = newOf(lessons, await log.soFar(), first);
  if (lesson) fill(page.querySelector("[data-new-card]"), lesson);
}

function fill(card, { title, say, url }) {
  const link = card.querySelector("a.title");
  link.textContent = title;
  link.href = url;
  Object.assign(card.querySelector(".hear").dataset, { say, words: title });
  card.hidden = false;
}
