"""The districts of each country, as its file in `courses/countries` lists them."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

COUNTRIES = Path(__file__).parent / "countries"
ALPHABET = "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہھءیئے"  # in the order in which Urdu counts its letters


def choices() -> list[tuple[str, str]]:
    """Key and name of every district in the language of now, in its alphabet."""
    language = get_language() or "en"
    named = [(key, name(key, language)) for key in _all()]
    return sorted(named, key=lambda one: [_place(letter) for letter in one[1]])


def known(key: str) -> bool:
    """Is this a district of the list?"""
    return key in _all()


def name(key: str, language: str) -> str:
    """What a district is called; of one that is no longer listed, its key."""
    names = _all().get(key, {})
    return names.get(language) or names.get("en") or key


def places() -> dict[str, tuple[float, float]]:
    """Where each district is: north and east, to a tenth of a degree."""
    return {key: (told["at"][0], told["at"][1]) for key, told in _all().items() if "at" in told}


def _place(letter: str) -> tuple[int, str]:
    return ALPHABET.find(letter), letter


@cache
def _all() -> dict[str, dict[str, Any]]:
    files = sorted(COUNTRIES.glob("*.toml"))
    read = [tomllib.loads(file.read_text(encoding="utf-8"))["districts"] for file in files]
    return {key: names for districts in read for key, names in districts.items()}
