// Numbers as people type them. Twin of assessments/numbers.py; importing it adds them to what marking.mjs can mark.

import { NotAnAnswer, kinds, said } from "./marking.mjs";

kinds.number = {
  given: (form) => ({ typed: form.get("typed") }),
  read: ({ comma, unit }, response) => readNumber(said(response, "typed"), comma, unit),
  // 1.85 is not more than 0.1 away from 1.75, whatever binary fractions say.
  score: (given, { value, tolerance }) =>
    Math.abs(given - value) <= tolerance + 1e-9 * Math.max(1, Math.abs(value)) ? 1 : 0,
};

const GROUPED = /^[1-9][0-9]{0,2}([ ',.])(?:[0-9]{2,3}\1)*[0-9]{3}$/;
const DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹";
const SIGNS = { "٬": "'", "،": ",", "۔": ".", "−": "-", "–": "-", "’": "'" };
const SAME = ["لیٹر litres liters", "کلو کلوگرام kilos kg", "گرام grams gm", "دن days din tage", "ہفتے ہفتہ weeks hafte wochen"];

// The number that was typed. `comma`: the language writes decimals with one; `unit` may stand behind it.
export function readNumber(typed, comma = false, unit = "") {
  const [, sign, body, behind] = partsOf(typed);
  const [whole, fraction] = split(body.replace(/^ +| +$/g, ""), comma);
  const digits = (GROUPED.test(whole) ? whole.replace(/[ ',.]/g, "") : whole) + "." + fraction;
  if (!isUnit(behind, unit) || !/^[0-9]*\.[0-9]*$/.test(digits) || digits.length < 2 || digits.length > 16) unclear();
  return Number(`${sign}0${digits}0`) + 0; // -0 is 0
}

function partsOf(typed) {
  if (typeof typed !== "string" || [...typed].length > 40) unclear();
  const text = typed
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]/g, "")
    .replace(/[\t-\r \u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, " ")
    .replace(/^ | $/g, "")
    .replace(/[٠-٩۰-۹]/g, (digit) => DIGITS.indexOf(digit) % 10)
    .replace(/[٬،۔−–’]/g, (sign) => SIGNS[sign]);
  return /^([+-]?) ?([0-9.,٫' ]+)(.*)$/.exec(text) || unclear();
}

function isUnit(behind, unit) {
  const [told, whole] = [behind, unit].map((word) => word.replace(/^[ .]+|[ .]+$/g, "").toLowerCase());
  const same = SAME.map((names) => names.split(" ")).find((names) => names.includes(whole.split(" ")[0])) || [];
  return !told || [whole, ...same].some((name) => told === name || ([...name].length > 2 && name.startsWith(told)));
}

// What stands before and after the decimal mark; nothing after where there is none.
function split(body, comma) {
  const marks = body.match(/[.,٫]/g) || [];
  const last = marks.includes("٫") ? "٫" : marks[marks.length - 1];
  const groups = marks.length === 1 && last === (comma ? "." : ",") && GROUPED.test(body);
  if (!last || groups || (last !== "٫" && marks.indexOf(last) < marks.length - 1)) return [body, ""];
  const at = body.indexOf(last);
  return [body.slice(0, at), body.slice(at + 1)];
}

function unclear() {
  throw new NotAnAnswer("No number can be read.");
}
