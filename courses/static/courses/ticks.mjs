// What a person ticks: things on a list, a task done together, how the week went. Nothing is marked; the last
// tick holds, and it is there again when the lesson is opened again.

// keep: writes one line, and says whether the phone has it; log: a promise of what the phone knows.
export function ticks(form, keep, log) {
  const block = form.closest(".screen").dataset.block;
  const show = (name, yes) => (form.querySelector(`[data-${name}]`).hidden = !yes);
  let touched = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", async () => {
    touched = true;
    const chosen = new FormData(form).getAll("chosen");
    const kept = await keep({ verb: "answered", block, response: { chosen } });
    show("kept", kept);
    show("not-kept", !kept);
  });
  log.then((lines) => touched || fill(form, block, lines)).catch(() => null); // a closed store: nothing is ticked yet
}

function fill(form, block, lines) {
  const last = lines.filter((line) => line.block === block && line.response).pop();
  for (const box of form.elements.chosen || []) box.checked = !!last && last.response.chosen.includes(box.value);
  const week = form.closest("[data-week]");
  if (week && lines.some((line) => line.verb === "completed")) week.open = !last;
}
