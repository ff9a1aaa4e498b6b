// ۰–۹ in place of 0–9, for whoever asked for them: in what is read, not in what is typed, dialled or copied.

const AS_IT_IS = "script, style, input, textarea, option, address, .code, .digits, .key, .qr, [dir=ltr]:not(.keys), [href^='tel:']";
const NUMBER = /[0-9]+(?:[.,][0-9]+)*/g;
const WITH_LETTERS = /[A-Za-z@/_#+]/; // MP3, an address: a name and not a number
const TO_DIAL = /(?:\+|\b0)[0-9][0-9 -]{6,}[0-9]/; // a phone number is pressed as it stands on the keys

// "1.5" becomes "۱٫۵" and "1,200" becomes "۱٬۲۰۰", as they are written in Urdu.
export function inUrdu(text) {
  if (TO_DIAL.test(text)) return text;
  return text.replace(/\S+/g, (word) => (WITH_LETTERS.test(word) ? word : word.replace(NUMBER, written)));
}

const written = (number) =>
  number
    .replace(/^([0-9]+)\.([0-9]+)$/, "$1٫$2")
    .replace(/,(?=[0-9]{3})/g, "٬")
    .replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + +digit));

export function change(text) {
  const { parentElement: place, data } = text;
  if (!/[0-9]/.test(data) || !place || place.closest(AS_IT_IS) || place.closest("[lang]").lang !== "ur") return;
  const said = inUrdu(data);
  if (said !== data) text.data = said;
}

function changeAll(root) {
  if (root.nodeType === Node.TEXT_NODE) return change(root);
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) change(texts.currentNode);
}

if (typeof document !== "undefined") {
  changeAll(document.body);
  const follow = (changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "characterData") change(target);
      else addedNodes.forEach(changeAll);
    }
  };
  new MutationObserver(follow).observe(document.body, { childList: true, characterData: true, subtree: true });
}
