"""How far each unit is on its way to phones: what can be kept, what is on its way, what stops it and why."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.models import CATALOGUE, Pack, Wanted
from courses.outline import CourseCard, UnitCard, shelf

MEANT, MOST = (
    2_000_000,
    3_000_000,
)  # bytes of a unit with one voice: what we aim at, and what a prepaid line can bear
LIGHT, HEAVY, TOO_HEAVY = "light", "heavy", "too-heavy"
TOLD = {  # the exceptions that stop a unit, in a trainer's words
    "KeyTold": _("A page would tell what is right in a question that counts. Phones keep what they had."),
    "Missing": _("A file that a page names is not here. Please look at its pictures and recordings."),
}
UNFORESEEN = _("Something went wrong, and it is tried again by itself. Phones keep what they had.")


@dataclass(frozen=True)
class Offered:
    """One pack: a unit in one language with one voice. Bytes: to a phone that has nothing of it yet."""

    voice: str
    bytes: int
    seconds: int

    @property
    def minutes(self) -> int:
        """Of listening, rounded up."""
        return -(-self.seconds // 60)

    @property
    def weight(self) -> str:
        """Light, heavy or too heavy for a prepaid line."""
        return LIGHT if self.bytes <= MEANT else HEAVY if self.bytes <= MOST else TOO_HEAVY


@dataclass(frozen=True)
class There:
    """A unit in one language."""

    locale: str
    stands: bool  # is it published in this language?
    offered: list[Offered]
    built_at: datetime | None
    since: datetime | None  # it is on its way
    cause: str = ""  # why it does not arrive, for whoever looks after the server

    @property
    def trouble(self) -> str | Promise:
        """Why it does not arrive, for whoever writes."""
        return TOLD.get(self.cause.partition("(")[0], UNFORESEEN) if self.cause else ""


@dataclass(frozen=True)
class Row:
    """A unit in every language that people read."""

    course: str
    title: str
    there: list[There]


def rows() -> list[Row]:
    """All that phones are given, first the pages that lead to units. As many queries for one as for fifty."""
    shelves = {locale: shelf(locale) for locale in settings.READING}
    packs, wanted = _packs(), {(one.unit_key, one.locale): one for one in Wanted.objects.all()}
    stand = {(UUID(unit.key), locale) for locale in shelves for _, unit in _units(shelves[locale])}
    stand |= {(CATALOGUE, locale) for key, locale in packs if key == CATALOGUE}
    titles = {CATALOGUE: ("", "")}
    for locale in sorted(shelves, key=lambda locale: locale != get_language()):
        for course, unit in _units(shelves[locale]):
            titles.setdefault(UUID(unit.key), (course.title, unit.title))

    def there(place: tuple[UUID, str]) -> There:
        built, on_its_way = packs.get(place, []), wanted.get(place)
        return There(
            place[1],
            place in stand,
            [Offered(one.voice, one.bytes, one.seconds) for one in built],
            max((one.built_at for one in built), default=None),
            on_its_way.since if on_its_way else None,
            on_its_way.trouble if on_its_way else "",
        )

    return [Row(*title, [there((key, locale)) for locale in shelves]) for key, title in titles.items()]


def _units(courses: Iterable[CourseCard]) -> Iterator[tuple[CourseCard, UnitCard]]:
    return ((course, unit) for course in courses for unit in course.units if unit.lessons)


def _packs() -> dict[tuple[UUID, str], list[Pack]]:
    found = defaultdict(list)
    for pack in Pack.objects.order_by("voice"):
        found[pack.unit_key, pack.locale].append(pack)
    return found
