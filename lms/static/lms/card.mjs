// The key card, or an invitation, on screen: digits from the QR go into the form and out of the address bar; the print
// button prints.

/** Twelve digits of a card, or ten of an invitation, after #; or "". */
export function digitsIn(hash) {
  const found = /^#(\d{12}|\d{10})$/.exec(hash);
  return found ? found[1] : "";
}

/** Fill the field, and leave nothing for the browser's history. */
export function takeFromAddress(page, place, past) {
  const digits = digitsIn(place.hash);
  const field = page.querySelector("[data-card]");
  if (!field || !place.hash) return;
  past.replaceState(null, "", place.pathname);
  if (digits) field.value = inGroups(digits);
}

const inGroups = (digits) =>
  digits.length === 12 ? digits.replace(/(\d{4})(?=\d)/g, "$1 ") : digits.replace(/^(\d{3})(\d{3})/, "$1 $2 ");

/** A button for printing shows itself where something can print. */
export function offerPrint(page, print) {
  for (const button of page.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

if (typeof document !== "undefined") {
  takeFromAddress(document, location, history);
  offerPrint(document, () => print());
}
