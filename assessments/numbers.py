"""Reads a number as people type it: "١٢٫٥", "12,5", "1,200", "12 l". Part of the twin marking.mjs.

A clear reading, or none. Where a language writes decimals with a point, a comma before exactly three digits
groups thousands ("1,200"), and any other single comma is a decimal one ("12,5"); where it writes them with a
comma, the point is meant so. Of two different marks the last one is the decimal one.
"""

import re

LONGEST = 40  # letters
MOST_DIGITS = 15  # that a phone and a server surely understand alike

_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_AS = {ord(digit): str(n % 10) for n, digit in enumerate(_DIGITS)} | str.maketrans("٬،۔−–’", "',.--'")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]")
_SPACES = re.compile("[\t-\r \u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_TYPED = re.compile(r"([+-]?) ?([0-9.,٫' ]+)(.*)")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([ ',.])(?:[0-9]{2,3}\1)*[0-9]{3}")
_SAME = (  # one unit, as people call and shorten it on whichever keyboard they have
    "لیٹر litres liters",
    "کلو کلوگرام kilos kg",
    "گرام grams gm",
    "دن days din tage",
    "ہفتے ہفتہ weeks hafte wochen",
)
_PLAIN = re.compile(r"[0-9]*")


class NotANumber(ValueError):
    """What was typed can be read in no way, or in more than one."""


def read_number(typed: object, *, comma: bool = False, unit: str = "") -> float:
    """What was typed. `comma`: the language writes decimals with one; `unit` may stand behind the number."""
    if not isinstance(typed, str) or len(typed) > LONGEST:
        raise NotANumber
    text = _SPACES.sub(" ", _UNSEEN.sub("", typed)).strip(" ")
    parts = _TYPED.fullmatch(text.translate(_AS))
    if not parts or not _is_unit(parts[3], unit):
        raise NotANumber
    whole, fraction = _split(parts[2].strip(" "), comma=comma)
    digits = _digits(whole) + "." + fraction
    if not _PLAIN.fullmatch(fraction) or not 1 < len(digits) <= MOST_DIGITS + 1:
        raise NotANumber
    return float(f"{parts[1]}0{digits}0") + 0.0  # -0 is 0


def _is_unit(said: str, unit: str) -> bool:
    """The unit that stands beside it, or the beginning of a longer one: "l" of "litres", not of "ml"."""
    said, unit = said.strip(" .").lower(), unit.strip(" .").lower()
    same = next((names for line in _SAME if unit.split(" ")[0] in (names := line.split(" "))), [])
    return not said or any(
        said == name or (len(name) > 2 and name.startswith(said)) for name in [unit, *same]
    )


def _split(body: str, *, comma: bool) -> tuple[str, str]:
    """What stands before and after the decimal mark; nothing after where there is none."""
    marks = [mark for mark in body if mark in ".,٫"]
    last = marks[-1] if marks else ""
    if "٫" in marks:
        last = "٫"
    elif marks.count(last) > 1 or (len(marks) == 1 and _groups(body, last, comma=comma)):
        return body, ""
    whole, _, fraction = body.partition(last) if last else (body, "", "")
    return whole, fraction


def _groups(body: str, mark: str, *, comma: bool) -> bool:
    return mark == ("." if comma else ",") and bool(_GROUPED.fullmatch(body))


def _digits(whole: str) -> str:
    if _PLAIN.fullmatch(whole):
        return whole
    if not _GROUPED.fullmatch(whole):
        raise NotANumber
    return re.sub(r"[ ',.]", "", whole)
