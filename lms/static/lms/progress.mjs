// How far a person is, folded from what they did. Twin of lms/progress.py: order and repeats make no difference.

// Every lesson of the outline that was begun, and how far it is.
export function fold(outline, lines) {
  const soFar = {};
  const blocks = new Map(outline.map((lesson) => [lesson.lesson, lesson.blocks]));
  for (const line of lines) {
    if (blocks.has(line.about)) soFar[line.about] = join(soFar[line.about], step(line, blocks.get(line.about)));
  }
  return soFar;
}

// What is true when both are: the earlier time, the better answer. Either may be missing.
export function join(one, other) {
  if (!one || !other) return one || other;
  const answers = { ...one.answers };
  for (const [block, score] of Object.entries(other.answers)) {
    const before = answers[block];
    answers[block] = before == null || (score != null && score > before) ? score : before;
  }
  return {
    begun_at: earlier(one.begun_at, other.begun_at),
    done_at: earlier(one.done_at, other.done_at),
    answers,
  };
}

// What the lines of a phone amount to, with what is known besides.
export function folded(rows, standings) {
  const lines = rows.map(({ line, mark }) => ({ ...line, score: mark }));
  const blocks = [...new Set(lines.map((line) => line.block))];
  const outline = lines.map((line) => ({ lesson: line.about, blocks }));
  return joined(fold(outline, lines), standings);
}

// Where the person is with every lesson, when both are true.
export function joined(one, other = {}) {
  const both = { ...other };
  for (const lesson of Object.keys(one)) both[lesson] = join(one[lesson], other[lesson]);
  return both;
}

// How many lessons are done, of how many.
export const of = (outline, standings) => [
  outline.filter(({ lesson }) => isDone(standings[lesson])).length,
  outline.length,
];

// The first lesson that is not done; null when all are.
export function nextLesson(outline, standings) {
  const next = outline.find(({ lesson }) => !isDone(standings[lesson]));
  return next ? next.lesson : null;
}

function step({ verb, block, score, at }, blocks) {
  return {
    begun_at: at,
    done_at: verb === "completed" ? at : null,
    answers: verb === "answered" && blocks.includes(block) ? { [block]: score } : {},
  };
}

const earlier = (one, other) => (one == null ? other : other == null ? one : one < other ? one : other);
const isDone = (soFar) => !!soFar && soFar.done_at != null;
