"""Countries and programmes as data: what there is to do on the way, and when to ask how it goes.

A file is a country; one that names a programme holds for that programme, on top of its country. What a file
cannot mean is said in a sentence when the server starts (`load`), so nobody meets it on a phone.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language

from lms.journey import AFTER, BEFORE, WAVES, Anchor, Stage, Task, Wave

SHIPPED = Path(__file__).parent
OPENS = ("card", "coach", "lessons", "number")  # parts of this site that help with a task
MOST_RED = 5
FARTHEST = 4000  # days


class NotACountry(ValueError):
    """A file says something that cannot be. It says what, in a sentence."""


@dataclass(frozen=True)
class Country:
    """Where a way leads, and what belongs to it."""

    code: str
    names: Mapping[str, str]
    time_zone: str
    tasks: tuple[Task, ...]
    waves: tuple[Wave, ...]

    @property
    def name(self) -> str:
        """In the language of now."""
        return said(self.names)


def choices() -> list[tuple[str, str]]:
    """Code and name of every country to which a way may lead, by name."""
    return sorted(((code, one.name) for code, one in _read()[0].items()), key=lambda one: one[1])


def of(code: str, programme: str = "") -> Country:
    """A country, as a programme of this name has it. One whose file is gone has nothing to do."""
    countries, special = _read()
    return (
        special.get((code, programme)) or countries.get(code) or Country(code, {"en": code}, "UTC", (), WAVES)
    )


def everywhere() -> list[Task]:
    """Every task of every file, for the list of voices."""
    return [task for files in _read() for one in files.values() for task in one.tasks]


def said(texts: Mapping[str, str], language: str = "") -> str:
    """Words in a language, by default that of now; in English where it has none."""
    return texts.get(language or get_language() or "en") or texts["en"]


def load() -> None:
    """Read the files anew. Raises NotACountry."""
    _read.cache_clear()
    _read()


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _read() -> tuple[dict[str, Country], dict[tuple[str, str], Country]]:
    told = [(path, _toml(path)) for folder in _folders() for path in sorted(folder.glob("*.toml"))]
    countries: dict[str, Country] = {}
    for path, found in told:
        if "programme" not in found:
            country = _country(path, found, Country(found.get("code", ""), {}, "", (), WAVES))
            countries[country.code] = country
    special = {}
    for path, found in told:
        if "programme" in found:
            base = countries.get(found.get("code", ""))
            if base is None:
                raise NotACountry(f"{path.name}: there is no country “{found.get('code', '')}”.")
            special[base.code, str(found["programme"])] = _country(path, found, base)
    return countries, special


def _folders() -> list[Path]:
    own = [Path(settings.COUNTRIES_DIR)] if settings.COUNTRIES_DIR else []
    if missing := [str(folder) for folder in own if not folder.is_dir()]:
        raise NotACountry(f"COUNTRIES_DIR: there is no folder {missing[0]}.")
    return [SHIPPED, *own]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise NotACountry(f"{path.name}: {trouble}") from None


def _country(path: Path, found: dict[str, Any], base: Country) -> Country:
    """What a file says on top of what was there: tasks of the same name, and all waves if it has any."""
    try:
        return _sound(
            replace(
                base,
                names=found.get("name", base.names),
                time_zone=found.get("time_zone", base.time_zone),
                tasks=_tasks(base, found.get("task", {})),
                waves=_waves(found["wave"]) if "wave" in found else base.waves,
            )
        )
    except (NotACountry, KeyError, TypeError, ValueError, AttributeError, OSError) as trouble:
        raise NotACountry(f"{path.name}: {trouble}") from None


def _sound(country: Country) -> Country:
    if len(country.code) != len("PK") or not country.names.get("en"):
        raise NotACountry("it needs a code of two letters and a name in English")
    ZoneInfo(country.time_zone)
    if sum(one.red for one in country.tasks) > MOST_RED:
        raise NotACountry(f"more than {MOST_RED} tasks are red")
    return country


def _tasks(base: Country, told: dict[str, Any]) -> tuple[Task, ...]:
    tasks = {one.id: one for one in base.tasks} | {name: _task(name, one) for name, one in told.items()}
    return tuple(tasks.values())


def _task(name: str, told: dict[str, Any]) -> Task:
    if len(name) > 40 or not told["said"].get("en"):
        raise NotACountry(f"task {name}: its id is too long, or it has no sentence in English")
    if told.get("opens", "") not in ("", *OPENS):
        raise NotACountry(f"task {name}: nothing here is called {told['opens']}")
    if "source" in told and not isinstance(told.get("check_again"), date):
        raise NotACountry(f"task {name}: a fact needs a day on which to check it again")
    return Task(
        id=name,
        said=told["said"],
        stages=tuple(Stage(one) for one in told["stages"]),
        anchor=Anchor(told["from"]) if "from" in told else None,
        months=_number(told, "months"),
        days=_number(told, "days"),
        stays=told.get("stays", True),
        red=told.get("red", False),
        icon=told.get("icon", "yes"),
        opens=told.get("opens", ""),
        source=told.get("source", ""),
        link=_link(told.get("link", "")),
        check_again_on=told.get("check_again"),
        trades=frozenset(told.get("trades", ())),
        parts=frozenset(told.get("parts", ())),
        kinds=frozenset(told.get("kinds", ())),
    )


def _waves(told: Iterable[dict[str, Any]]) -> tuple[Wave, ...]:
    waves = tuple(
        Wave(
            one["key"],
            Anchor(one["from"]),
            months=_number(one, "months"),
            days=_number(one, "days"),
            before=_number(one, "before", BEFORE),
            after=_number(one, "after", AFTER),
            asks=tuple(one.get("asks", ())),
        )
        for one in told
    )
    if len({one.key for one in waves}) < len(waves):
        raise NotACountry("two waves have the same key")
    if any(len(one.key) > 20 or min(one.before, one.after) < 0 for one in waves):
        raise NotACountry("a wave needs a short key, and days around it that are not below zero")
    return waves


def _number(told: dict[str, Any], name: str, default: int = 0) -> int:
    """So many months or days, within a few years."""
    number = told.get(name, default)
    if type(number) is not int or abs(number) > FARTHEST:
        raise NotACountry(f"{name} is {number!r}, and has to be a whole number of a few years")
    return number


def _link(said: str) -> str:
    if said and not said.startswith("https://"):
        raise NotACountry(f"{said} is no address that begins with https")
    return said
