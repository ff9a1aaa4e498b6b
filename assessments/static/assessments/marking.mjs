// How an answer is marked, for the learner's eyes: the server marks it again. With kinds.mjs and numbers.mjs, which
// only pages load that ask so, it is the twin of assessments/marking.py. There it is told what each kind is answered.

export class NotAnAnswer extends Error {}

// given: the answer that a form holds, where it is not chosen; read: what an answer says, or NotAnAnswer; score: 0 to 1, missing where nothing is marked; parts: what is right of it.
export const kinds = { __proto__: null };
export const CHOICES = ["one", "picture", "true_false"]; // all that they need is here
for (const kind of CHOICES) {
  kinds[kind] = { read: chosen, score: (given, right) => (given.length === 1 && right.includes(given[0]) ? 1 : 0) };
}
kinds.many = {
  read: chosen,
  score: (given, right) => (given.length === right.length && right.every((option) => given.includes(option)) ? 1 : 0),
  parts: (given, right) => given.filter((option) => right.includes(option)),
};

kinds.ticks = { read: (key, response) => (isNone(said(response, "chosen")) ? [] : chosen(key, response)) };

// What a form answers, as it goes into the record. Twin of lms/views/answer.py.
export function answer(key, form) {
  const kind = kinds[key.kind];
  if (!kind) throw new NotAnAnswer("This phone cannot ask so yet.");
  return kind.given ? kind.given(form) : { chosen: form.getAll("chosen") };
}

// 0 to 1; null where this key cannot mark: it was stripped, its kind is new, or has no mark.
export function mark(key, response) {
  const kind = kinds[key.kind];
  if (!kind) return null;
  const given = kind.read(key, response);
  return kind.score && isThere(key.right) ? kind.score(given, key.right) : null;
}

// Which options of an answer are right already, so that nobody begins again from nothing.
export function rightParts(key, response) {
  const { parts, read } = kinds[key.kind] || {};
  return parts && isThere(key.right) ? parts(read(key, response), key.right) : [];
}

const isNone = (list) => Array.isArray(list) && !list.length;

const isThere = (right) => !!right && !!Object.keys(right).length;

export const isMap = (value) => value instanceof Object && !Array.isArray(value);

export const said = (response, part) => (isMap(response) && Object.keys(response).includes(part) ? response[part] : null);

export function chosenFrom(offered, options) {
  if (!Array.isArray(options) || !options.length) throw new NotAnAnswer("Nothing was chosen.");
  if (!options.every((option) => offered.includes(option))) {
    throw new NotAnAnswer("Something was chosen that was not offered.");
  }
  if (new Set(options).size < options.length) throw new NotAnAnswer("Something was chosen twice.");
  return options;
}

function chosen({ options = [] }, response) {
  return chosenFrom(options, said(response, "chosen"));
}
