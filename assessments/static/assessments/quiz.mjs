// How a quiz stands, from the answers to its questions. Twin of assessments/quiz.py, where it is told how.

// answers: [block, score] of each, as they came
export function stand(blocks, answers, { passMark, tries }) {
  const whole = [];
  let begun = new Map();
  for (const [block, score] of answers) {
    if (!blocks.includes(block)) continue;
    if (begun.has(block)) begun = new Map();
    begun.set(block, score);
    if (begun.size < blocks.length) continue;
    whole.push([...begun.values()].filter((one) => one === 1).length);
    begun = new Map();
  }
  const counted = whole.slice(0, tries);
  return {
    tried: counted.length,
    right: counted.length ? counted[counted.length - 1] : null,
    through: counted.some((right) => right >= passMark),
    left: tries - counted.length,
    open: begun.size || !counted.length ? blocks.filter((block) => !begun.has(block)) : [],
  };
}
