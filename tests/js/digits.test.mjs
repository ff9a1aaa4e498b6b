import assert from "node:assert/strict";
import { test } from "node:test";

import { change, inUrdu } from "../../config/static/js/digits.mjs";

const CASES = {
  "2 of 6": "۲ of ۶",
  "6 میں سے 2": "۶ میں سے ۲",
  "1.5 لیٹر": "۱٫۵ لیٹر",
  "1,200 روپے": "۱٬۲۰۰ روپے",
  "2:05": "۲:۰۵",
  "1.2.3": "۱.۲.۳",
  "(3)": "(۳)",
  "40–45 دن": "۴۰–۴۵ دن",
  "2.3 MB": "۲٫۳ MB",
  "MP3 یا H5P": "MP3 یا H5P",
  "127.0.0.1/k": "127.0.0.1/k",
  "0300 0000001": "0300 0000001",
  "کال کریں: +92 300 0000001": "کال کریں: +92 300 0000001",
  "۱۲": "۱۲",
  "": "",
};

for (const [given, wanted] of Object.entries(CASES)) {
  test(`"${given}" is read as "${wanted}"`, () => assert.equal(inUrdu(given), wanted));
}

test("to change twice is to change once", () => {
  for (const given of Object.keys(CASES)) assert.equal(inUrdu(inUrdu(given)), inUrdu(given));
});

const placed = (data, { lang = "ur", asItIs = false } = {}) => ({
  data,
  parentElement: { closest: (what) => (what === "[lang]" ? { lang } : asItIs) },
});

test("what stands in another language, and a code, stays as it is", () => {
  for (const [text, wanted] of [
    [placed("2"), "۲"],
    [placed("2", { lang: "en" }), "2"],
    [placed("2", { asItIs: true }), "2"],
    [{ data: "2", parentElement: null }, "2"],
  ]) {
    change(text);
    assert.equal(text.data, wanted);
  }
});
