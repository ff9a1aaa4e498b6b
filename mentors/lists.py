"""Lists as table programs write them: bytes become lines, each with what it says or what is wrong with it.

It asks no database and keeps nothing. A file that is no list is refused in a sentence, and in no other way.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import districts
from lms.numbers import CountryNotServed, NotANumber, normalise
from lms.signin import LONGEST_NAME, tidy
from mentors.models.coaching import Gender
from mentors.models.lists import LONGEST_KEY, ListKey

LARGEST = 10 * 1024 * 1024  # bytes
MOST_LINES = 100_000
MOST_COLUMNS = 100
MOST_BESIDE = 20  # people beside one coach
SEPARATORS = ",;\t"

NO_FILE = _("Please choose a file. There is nothing in this one.")
TOO_LARGE = _("This file is too large. 10 MB are the most; please make two of it.")
TOO_MANY = _("This list is too long. 100,000 lines are the most; please make two of it.")
NO_TEXT = _("This is not a CSV file. Please save the table as “CSV UTF-8” and try again.")
NO_LINES = _("There are no lines below the names of the columns.")

NO_KEY = _("Please give this line a key: it says next time that it is the same person.")
LONG_KEY = _("This key is too long. 60 signs are the most.")
NO_NAME = _("Please write a name. Any name that they like.")
LONG_NAME = _("This name is too long. 60 letters are the most.")
AGE = _("Please write the age as 18+ or 16-17.")
TOO_YOUNG = _("Under 16 there is no place. All lessons stay open to them.")
READS = _("Please write the language as ur, en or de.")
NUMBER = _("Please look at this number with the person at the desk.")
MORE_CELLS = _("There are more cells in this line than columns.")
USERNAME = _("Please write a user name of small letters, digits, dots and dashes.")
GENDER = _("Please write woman, man or other.")
TONGUE = _("Please write each language in its short form, like ur, pnb or de.")
DISTRICT = _("Please look at the district: it is not in our list.")
SEATS = _("Please write how many people: from 0 to 20, and what is comfortable not more than the largest.")


class NotAList(ValueError):
    """It cannot be read as a list; why stands in a sentence."""


class _Trouble(ValueError):
    """What is the matter with one line."""

    def __init__(self, words: Promise) -> None:
        super().__init__()
        self.words = words


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it says, or what is the matter with it."""

    number: int  # as a table program counts, in which the columns are line 1
    key: str
    called: str
    said: dict[str, Any]
    trouble: Promise | str = ""


@dataclass(frozen=True)
class Read:
    """A list as it was read."""

    lines: list[Line]
    left_out: list[str]  # columns that nobody knows
    guessed: bool  # no certain sign of how its letters are written


@dataclass(frozen=True)
class Kind:
    """Which columns a list has, what else they may be called, and what becomes of a line."""

    columns: dict[str, tuple[str, ...]]  # the first of the words is the one we write
    needed: set[str]
    called: str
    rule: Callable[[dict[str, str], str], dict[str, Any]]


def read(content: bytes, kind: str, *, country: str) -> Read:
    """Read a list of one kind; numbers without a country are read as people of this one write them."""
    if len(content) > LARGEST:
        raise NotAList(TOO_LARGE)
    text, guessed = _text(content)
    rows = _rows(text)
    heads, wanted = next(rows, (1, []))[1], KINDS[kind]
    places = _places(heads, wanted)
    lines = list(_lines(rows, len(heads), places, wanted, country))
    if not lines:
        raise NotAList(NO_LINES)
    left_out = [head for at, head in enumerate(map(_shown, heads)) if head and at not in places.values()]
    return Read(lines, left_out, guessed)


def heading(kind: str, column: str) -> str:
    """What a column is called at the top of a list: the first of its words."""
    return next(iter(KINDS[kind].columns[column]))


# ── From bytes to cells ──────────────────────────────────────────────────────────────────────────────────


def _text(content: bytes) -> tuple[str, bool]:
    """The letters of a file, and whether they had to be guessed."""
    if not content.strip():
        raise NotAList(NO_FILE)
    known = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text, guessed = content.decode(known), False
    except UnicodeDecodeError:
        text, guessed = content.decode(_guess(content), errors="replace"), True
    if "\0" in text or (guessed and known == "utf-16"):
        raise NotAList(NO_TEXT)
    return text, guessed


def _guess(content: bytes) -> str:
    """How an older table program wrote it: Urdu letters stand side by side, German ones alone or in pairs."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", content)]
    return (
        "cp1256" if sum(run for run in runs if run > 2) > sum(run for run in runs if run <= 2) else "cp1252"
    )


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the number of the line in which it begins."""
    head, _end, rest = text.partition("\n")
    told = re.fullmatch(r"sep=([,;\t])\s*", head)  # a line that Excel understands
    separator = told[1] if told else max(SEPARATORS, key=head.count)
    begins = 2 if told else 1
    reader = csv.reader(io.StringIO(rest if told else text, newline=""), delimiter=separator, strict=True)
    first = begins
    try:
        for row in reader:
            if any(cell and not cell.isspace() for cell in row):
                yield first, row
            first = begins + reader.line_num
    except csv.Error:
        words = gettext('Please look at line {n}: a quote (") does not end, or a cell is too long.')
        raise NotAList(words.format(n=first)) from None


def _places(heads: list[str], kind: Kind) -> dict[str, int]:
    """Where each column stands."""
    if len(heads) > MOST_COLUMNS:
        raise NotAList(NO_TEXT)
    places: dict[str, int] = {}
    for at, head in enumerate(heads):
        word = " ".join(head.casefold().replace("_", " ").split())
        name = next((name for name, words in kind.columns.items() if word in words), None)
        if name in places:
            raise NotAList(gettext("The column “{name}” is there twice.").format(name=_shown(head)))
        if name:
            places[name] = at
    if missing := [words[0] for name, words in kind.columns.items() if name in kind.needed - set(places)]:
        words = gettext("The first line names the columns. These are missing: {names}.")
        raise NotAList(words.format(names=", ".join(missing)))
    return places


# ── From cells to people ─────────────────────────────────────────────────────────────────────────────────


def _lines(
    rows: Iterator[tuple[int, list[str]]], width: int, places: dict[str, int], kind: Kind, country: str
) -> Iterator[Line]:
    seen: dict[Any, int] = {}
    for count, (number, row) in enumerate(rows, start=1):
        if count > MOST_LINES:
            raise NotAList(TOO_MANY)
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        yield _line(number, cells, kind, country, seen, spills=any(row[width:]))


def _line(
    number: int, cells: dict[str, str], kind: Kind, country: str, seen: dict[Any, int], *, spills: bool
) -> Line:
    key, called = _shown(cells["key"]), _shown(cells[kind.called])
    try:
        _check(cells["key"], spills=spills)
        said = kind.rule(cells, country)
    except _Trouble as trouble:
        return Line(number, key, called, {}, trouble.words)
    before = [seen.setdefault(one, number) for one in _same(key, said)]
    words = ""
    if before[0] != number:
        words = gettext("This key stands in line {n} already.").format(n=before[0])
    elif before[-1] != number:
        words = gettext("This looks the same as line {n}.").format(n=before[-1])
    return Line(number, key, called, {} if words else said, words)


def _same(key: str, said: dict[str, Any]) -> list[object]:
    """By what two lines would be the same: the key; a user name; a name with its number."""
    if "username" in said:
        return [("key", key), said["username"]]
    return [("key", key), (said["name"].casefold(), said["number"])] if said["number"] else [("key", key)]


def _check(key: str, *, spills: bool) -> None:
    if spills:
        raise _Trouble(MORE_CELLS)
    if not _shown(key):
        raise _Trouble(NO_KEY)
    if len(key) > LONGEST_KEY:
        raise _Trouble(LONG_KEY)


def _person(cells: dict[str, str], country: str) -> dict[str, Any]:
    return {
        "name": _name(cells["name"]),
        "age": _age(cells["age"]),
        "reads": _choice(cells.get("reads") or settings.READING[0], LANGUAGES, READS),
        "number": _number(cells.get("number", ""), country),
    }


def _name(typed: str) -> str:
    if len(typed) > LONGEST_NAME:
        raise _Trouble(LONG_NAME)
    if not (name := tidy(typed)):
        raise _Trouble(NO_NAME)
    return name


def _age(typed: str) -> str:
    word = re.sub(r"\s*[-–—]\s*", "-", typed.replace(" +", "+"))
    if word in ("18+", "16-17"):
        return word
    if not (word.isdecimal() and len(word) <= 3):
        raise _Trouble(AGE)
    if int(word) < 16:
        raise _Trouble(TOO_YOUNG)
    return "18+" if int(word) >= 18 else "16-17"


def _number(typed: str, country: str) -> str:
    try:
        return normalise(typed, country) if typed else ""
    except (NotANumber, CountryNotServed):
        raise _Trouble(NUMBER) from None


def _coach(cells: dict[str, str], country: str) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,59}", cells["username"]):
        raise _Trouble(USERNAME)
    languages = [one for one in re.split(r"[\s,;/|+]+", cells.get("languages", "").casefold()) if one]
    comfortable, largest = _seats(cells.get("comfortable") or "3"), _seats(cells.get("largest") or "5")
    if comfortable > largest:
        raise _Trouble(SEATS)
    return {
        "username": cells["username"],
        "first_name": _name(cells["first_name"]),
        "gender": _choice(cells["gender"], dict(zip(Gender.values, Gender.values, strict=True)), GENDER),
        "mother": _choice(cells["mother"], TONGUES, TONGUE),
        "languages": list(dict.fromkeys(_choice(one, TONGUES, TONGUE) for one in languages)),
        "district": _district(cells.get("district", "")),
        "comfortable": comfortable,
        "largest": largest,
    }


def _choice(typed: str, known: dict[str, str], words: Promise) -> str:
    if (chosen := known.get(typed.casefold())) is None:
        raise _Trouble(words)
    return chosen


def _seats(typed: str) -> int:
    number = int(typed) if typed.isdecimal() and len(typed) < 4 else MOST_BESIDE + 1
    if number > MOST_BESIDE:
        raise _Trouble(SEATS)
    return number


def _district(typed: str) -> str:
    """A district by its key or by its name in one of our languages."""
    word = typed.casefold()
    if not word or districts.known(word):
        return word
    for key in districts.places():
        if word in {districts.name(key, language).casefold() for language in settings.READING}:
            return key
    raise _Trouble(DISTRICT)


def _shown(cell: str) -> str:
    """As much of a cell as a page shows."""
    return tidy(cell[: 2 * LONGEST_KEY])


LANGUAGES = {
    "ur": "ur",
    "en": "en",
    "de": "de",
    "urdu": "ur",
    "english": "en",
    "german": "de",
    "deutsch": "de",
}
TONGUES = {code: code for code in settings.TONGUES} | LANGUAGES | {"punjabi": "pnb", "pashto": "ps"}
KINDS = {
    ListKey.Kind.PEOPLE.value: Kind(
        {
            "key": ("key", "id", "external key"),
            "name": ("name", "called"),
            "age": ("age",),
            "reads": ("reads", "language"),
            "number": ("number", "mobile", "phone", "mobile number"),
        },
        {"key", "name", "age"},
        "name",
        _person,
    ),
    ListKey.Kind.COACHES.value: Kind(
        {
            "key": ("key", "id", "external key"),
            "username": ("username", "user name"),
            "first_name": ("first name", "name"),
            "gender": ("gender", "woman/man/other"),
            "mother": ("mother tongue", "mother"),
            "languages": ("languages", "also talks"),
            "district": ("district",),
            "comfortable": ("comfortable",),
            "largest": ("largest",),
        },
        {"key", "username", "first_name", "gender", "mother"},
        "first_name",
        _coach,
    ),
}
