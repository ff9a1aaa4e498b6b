// Questions that are answered by more than one tap. The form holds the answer, as it does without this module; a tap
// changes the form, and what is shown follows from it.

import "../assessments/kinds.mjs";

const WAYS = { many: () => () => {}, order, pairs };
for (const form of document.querySelectorAll("[data-question]")) {
  const way = WAYS[form.dataset.question];
  if (way) keepParts(form, way(form));
}

// ── What is right already: told by name, and still there at the next try ───────────────────────────────────────────

function keepParts(form, draw) {
  let kept = [];
  const list = form.closest(".screen").querySelector("[data-parts]");
  form.addEventListener("told", ({ detail: parts }) => {
    const fields = [...form.elements].filter((field) => parts.includes(partOf(field)));
    kept = fields.map((field) => [field, field.value]);
    if (list) tellParts(list, fields);
  });
  form.addEventListener("anew", draw);
  form.addEventListener("again", () => {
    for (const [field, value] of kept) {
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    draw();
  });
}

const partOf = ({ name, value }) => (name === "chosen" ? value : name.slice(name.indexOf(":") + 1));
const wordOf = (field) => field.labels[0].querySelector(".word").textContent;

function tellParts(list, fields) {
  list.hidden = !fields.length;
  for (const item of list.querySelectorAll("[data-part]")) item.hidden = true;
  for (const field of fields.sort((one, other) => one.value - other.value)) {
    const item = list.querySelector(`[data-part="${partOf(field)}"]`);
    item.hidden = false;
    item.lastElementChild.textContent = said(field);
    item.parentElement.append(item);
  }
}

function said(field) {
  if (field.name.startsWith("place:")) return `${field.value} · ${wordOf(field)}`;
  return field.name.startsWith("with:") ? `${wordOf(field)} – ${field.selectedOptions[0].text}` : wordOf(field);
}

// ── Put in order: each tap gives the next number, a second one takes it away ───────────────────────────────────────

function order(form) {
  const fields = [...form.querySelectorAll("select")];
  const draw = () => fields.forEach((field) => place(field.labels[0], field.value));
  for (const field of fields) {
    onTap(field, () => {
      const next = fields.findIndex((other, at) => !fields.some(({ value }) => value === String(at + 1)));
      field.value = field.value ? "" : next + 1;
      draw();
    });
    field.addEventListener("change", draw);
  }
  draw();
  return draw;
}

// ── Find pairs: tap one, then what belongs to it; both get the same number ─────────────────────────────────────────

function pairs(form) {
  const fields = [...form.querySelectorAll("select")];
  const halves = [...form.querySelectorAll("[data-half]")];
  let now = null;
  const draw = () => {
    for (const [at, field] of fields.entries()) {
      place(field.labels[0], field.value && at + 1);
      field.labels[0].classList.toggle("now", field === now);
    }
    for (const half of halves) {
      const at = fields.findIndex(({ value }) => value === half.dataset.half);
      place(half, at < 0 ? "" : at + 1);
      half.setAttribute("aria-pressed", at >= 0);
    }
  };
  for (const field of fields) {
    onTap(field, () => {
      now = now === field ? null : field;
      field.value = "";
      draw();
    });
    field.addEventListener("change", draw);
  }
  for (const half of halves) half.addEventListener("click", () => {
    const held = fields.find(({ value }) => value === half.dataset.half);
    if (held) held.value = "";
    if (now) now.value = half.dataset.half;
    now = null;
    draw();
  });
  draw();
  return draw;
}

// The select stays for the keyboard and for who listens to the screen; fingers tap its label.
function onTap(field, act) {
  field.classList.add("hear-only");
  field.labels[0].addEventListener("click", (event) => {
    event.preventDefault();
    act();
  });
}

function place(card, number) {
  card.querySelector("[data-place]").textContent = number || "";
  card.classList.toggle("set", !!number);
}
