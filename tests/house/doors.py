"""Every address of the site, and who is let in: what `doors.toml` says, read and filled with the cast."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

TABLE = Path(__file__).with_name("doors.toml")
KINDS = ["nobody", "nadia", "amina", "gul", "farid", "bilal", "sana", "tariq", "huma", "chief"]
GROUPS = {
    "everybody": KINDS,
    "guests": ["nobody", "nadia"],
    "learners": ["amina", "gul", "farid"],
    "staff": ["bilal", "sana", "tariq", "huma", "chief"],
}
ROOMS = {"cms/"}  # not ours: tried at their entrance
LANGUAGE = "ur"


@dataclass(frozen=True)
class Door:
    """One address, filled in, and the status that each kind of person gets for a GET."""

    pattern: str
    address: str
    gets: dict[str, int]
    posts_without_token: int  # what a form without its token gets


def patterns() -> set[str]:
    """Every address of the site as Django writes it, in one language."""
    with override(LANGUAGE):
        return set(_walk(get_resolver().url_patterns, ""))


def _walk(found: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for one in found:
        pattern = before + str(one.pattern)
        if pattern in ROOMS or isinstance(one, URLPattern):
            yield pattern
        else:
            yield from _walk(one.url_patterns, pattern)


def doors(cast: dict[str, object]) -> list[Door]:
    """The table, with people of the cast in place of their names."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["door"]
    return [_door(row, cast) for row in rows]


def listed() -> set[str]:
    """The addresses that the table knows."""
    return {row["pattern"] for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["door"]}


def _door(row: dict, cast: dict[str, object]) -> Door:
    filled = row.get("address", row["pattern"])
    for name, person in cast.items():
        filled = filled.replace(f"{{{name}}}", str(getattr(person, "pk", "")))
    return Door(row["pattern"], "/" + filled, _who(row["get"]), row.get("post", 403))


def _who(words: str) -> dict[str, int]:
    """'guests 302, learners 404, staff 200, sana 404': later words win."""
    gets: dict[str, int] = {}
    for rule in words.split(","):
        who, status = rule.split()
        gets |= dict.fromkeys(GROUPS.get(who, [who]), int(status))
    return gets


def status_of(browser: Client, address: str) -> int:
    """What a GET is answered with.

    LocaleMiddleware tries what is not there once more with a language before it: that is not there either.
    """
    answer = browser.get(address)
    tried_again = answer.status_code == 302 and answer["Location"].partition("?")[0] in {
        f"/{language}{address.partition('?')[0]}" for language in ("ur", "en", "de")
    }
    return browser.get(answer["Location"]).status_code if tried_again else answer.status_code
