// The kinds of questions that are more than a choice: order, pairs, say. Twin of assessments/marking.py; importing it
// adds them to what marking.mjs can mark.

import { NotAnAnswer, chosenFrom, isMap, kinds, said } from "./marking.mjs";

// The fields of a form that begin so and were filled: what follows in their name, and what they say.
const filled = (form, name) =>
  [...form].filter(([field, value]) => field.startsWith(name) && value).map(([field, value]) => [field.slice(name.length), value]);

kinds.order = {
  // The places are keys, so two in one place are one too few.
  given: (form) => ({ order: Object.values(Object.fromEntries(filled(form, "place:").map(([option, place]) => [place, option]))) }),
  read: ({ options }, response) => allOf(options, said(response, "order")),
  score: share,
  parts: inPlace,
};
kinds.pairs = {
  given: (form) => ({ pairs: Object.fromEntries(filled(form, "with:")) }),
  read: pairsOf,
  score: (given, right) => together(given, right).length / Object.keys(right).length,
  parts: together,
};
kinds.say = { given: () => ({ said: true }), read: saidOf };

function inPlace(given, right) {
  return given.filter((option, place) => option === right[place]);
}

function share(given, right) {
  return inPlace(given, right).length / right.length;
}

function together(given, right) {
  return Object.keys(right).filter((option) => given[option] === right[option]);
}

function allOf(offered = [], options) {
  if (chosenFrom(offered, options).length < offered.length) throw new NotAnAnswer("Something has no place yet.");
  return options;
}

function pairsOf({ options, partners }, response) {
  const pairs = said(response, "pairs");
  if (!isMap(pairs)) throw new NotAnAnswer("Nothing was paired.");
  allOf(options, Object.keys(pairs));
  allOf(partners, Object.values(pairs));
  return pairs;
}

function saidOf(key, response) {
  if (said(response, "said") === true && Object.keys(response).length === 1) return true;
  throw new NotAnAnswer("Only that something was said is told, never what.");
}
