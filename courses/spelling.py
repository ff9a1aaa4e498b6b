"""One word, however it was typed: with Arabic or Urdu letters, with or without signs above and below it.

And what somebody wrote as it may be shown to others.
"""

import re
import unicodedata
from functools import lru_cache

# Keyboards for Arabic, Persian and Sindhi write letters that look like the Urdu ones and are others. The two
# kinds of Urdu h are one letter to somebody who learns to write.
LETTERS = str.maketrans(
    {
        "ي": "ی", "ى": "ی", "ۍ": "ی", "ك": "ک", "ڪ": "ک", "ه": "ہ", "ھ": "ہ", "ە": "ہ", "ة": "ہ", "ۃ": "ہ",
        "ـ": "",
    }
)  # fmt: skip
# How people who text in Latin letters write the Urdu ones. Short vowels stand in their spelling and not in
# Urdu's; a long one is written by some with one letter. Longer signs first.
LATIN = {
    "kh": "(?:خ|کہ)", "gh": "(?:غ|گہ)", "ch": "چہ?", "sh": "ش", "zh": "ژ", "th": "[تٹ]ہ",
    "dh": "[دڈ]ہ", "bh": "بہ", "ph": "(?:پہ|ف)", "jh": "جہ", "rh": "[رڑ]ہ", "b": "ب", "p": "پ", "t": "[تٹط]",
    "d": "[دڈ]", "s": "[سصث]", "z": "[زذضظژ]", "j": "ج", "k": "[کق]", "q": "[قک]", "g": "گ", "f": "(?:ف|پہ)",
    "l": "ل", "m": "م", "n": "[نں]", "r": "[رڑ]", "h": "[ہح]", "w": "و", "v": "و", "y": "ی", "c": "ک",
    "x": "کس",
}  # fmt: skip
VOWELS = {"a": "اع", "i": "یےع", "e": "یےع", "u": "وع", "o": "وع"}
LAST = {"a": "[اہع]", "i": "ی?[یے]", "e": "ی?[یے]", "u": "و", "o": "و"}  # what ends a word is written in both
SHORTEST_LATIN = 3
JOINERS = "\u200c\u200d"  # they hold Urdu words together; all other invisible signs go
_UNSEEN = {"Mn", "Me", "Cf"}  # signs on a letter, and what only tells a machine how to draw it
_WORD = re.compile(r"\w+")
_END = re.compile(r"(?<=[.!?…۔؟])\s+|\n+")


def plain(text: str) -> str:
    """The text as it is compared: two ways of typing one word become the same. Twice is once."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = "".join(_digit(letter) for letter in text if unicodedata.category(letter) not in _UNSEEN)
    return seen.translate(LETTERS)


def shown(text: str) -> str:
    """What somebody wrote, without signs that turn the rest of a line around or that nobody sees."""
    return "\n".join(_in_one_line(line) for line in text.splitlines()).strip()


def words(text: str) -> list[str]:
    """The words of a text, plain, in order."""
    return _WORD.findall(plain(text))


def begins(word: str, wanted: str) -> bool:
    """Is this how the plain word begins, or all of it, with an end that sounds the same?"""
    return word.startswith(wanted) or same(word, wanted)


def same(word: str, other: str) -> bool:
    """One plain word: whether it ends in ہ or ا is heard by nobody ("ٹیکہ", "ٹیکا"), nor in which letters."""
    if other.isascii() and not word.isascii():
        return other.isalpha() and len(other) >= SHORTEST_LATIN and bool(_in_urdu(other).fullmatch(word))
    return _sounding(word) == _sounding(other)


def sentences(text: str) -> list[str]:
    """The sentences of a text, as they were written."""
    return [sentence for part in _END.split(text) if (sentence := part.strip())]


def _digit(letter: str) -> str:
    """Digits of any script as 0 to 9; every other letter as it is."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _in_one_line(line: str) -> str:
    seen = (sign if sign in JOINERS or unicodedata.category(sign)[0] != "C" else " " for sign in line)
    return " ".join("".join(seen).split())


@lru_cache(maxsize=8)  # of one question; it says nothing about who asked
def _in_urdu(latin: str) -> re.Pattern[str]:
    """How a word that somebody typed in Latin letters may stand in Urdu: "pani" and "paani" are پانی."""
    once = re.sub(r"([^aeiou])\1", r"\1", latin)  # a sign above the letter says it, and few write that
    spelt = re.sub(r"(?<=[aeiou])h$", "", once)
    letters = re.findall(r"[aeiou]+|" + "|".join(sorted(LATIN, key=len, reverse=True)), spelt)
    return re.compile("".join(_one(sign, at, len(letters)) for at, sign in enumerate(letters)))


def _one(sign: str, at: int, of: int) -> str:
    if sign in LATIN:
        return LATIN[sign]
    if at == 0:
        return "[اع][ویےا]?"
    if at == of - 1:
        return f"[{''.join(VOWELS[vowel] for vowel in sign[:-1])}]?" * (len(set(sign)) > 1) + LAST[sign[-1]]
    return f"[{''.join(VOWELS[vowel] for vowel in sign)}]{{0,2}}"


def _sounding(word: str) -> str:
    return word[:-1] + "ا" if word.endswith("ہ") else word
