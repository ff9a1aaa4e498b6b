// A question for a number, on a pad of our own: large, and without letters.

import "../assessments/numbers.mjs";

document.querySelectorAll("[data-question=number]").forEach(count);

function count(form) {
  const field = form.elements.typed;
  const KEYS = {
    back: (typed) => typed.slice(0, -1),
    sign: (typed) => (typed.startsWith("-") ? typed.slice(1) : "-" + typed),
  };
  field.inputMode = "none"; // the phone's own pad would cover ours
  form.querySelector("[data-pad]").addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const change = KEYS[button.value] || ((typed) => typed + button.value);
    field.value = change(field.value).slice(0, field.maxLength);
  });
}
