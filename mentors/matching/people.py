"""Who is matched, and what was agreed about how: plain values, as a programme knows them this week.

Slots are bits of an integer, one bit for each hour or part of a day of the coming week in UTC. Places are
latitude and longitude in degrees; distances are whole kilometres. Points are whole numbers. Ids are opaque.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from typing import Literal

Gender = Literal["woman", "man", "other"]
Who = Literal["women", "men", "mixed"]
Wish = Literal["", "woman", "man", "rather_woman", "rather_man", "any"]
TIERS = (4, 3, 2, 1)
URGENT = TIERS[0]
EARTH = 6371  # km


class Unsound(ValueError):
    """What was given cannot be matched as it is: something is said twice, or cannot be."""


@dataclass(frozen=True, slots=True)
class Seeker:
    """A person who would like a coach."""

    id: str
    gender: Gender
    mother: str  # the language they grew up with
    languages: frozenset[str] = frozenset()  # others that they can talk in
    wish: Wish = ""  # what a woman leaves blank means a woman
    district: str = ""
    village: str = ""
    not_same_village: bool = True
    reach_km: int = 0
    remote: bool = False
    slots: int = 0
    trade: str = ""
    stage: str = ""
    trauma: Literal["", "nice", "must"] = ""
    journey: str = ""  # how they came home, if they told
    known: frozenset[str] = frozenset()  # coaches whom they met, or named
    choices: tuple[str, ...] = ()  # from their short list: the first is their pick
    tier: int = 1  # 4 urgent, 3 a need that few can meet, 2 waited long, 1 all others
    weeks: int = 0  # since they said what they need
    under_18: bool = False
    agreed_by_safeguarding: bool = False
    mixed_group: bool = False  # would sit in a group of women and men
    shows: frozenset[str] = frozenset()  # names of the parts that a coach may hear about them

    @property
    def asks_for_woman(self) -> bool:
        """A woman who would rather wait than walk with a man."""
        return self.gender == "woman" and self.wish in ("", "woman")

    @property
    def accepts_either(self) -> bool:
        """Somebody who may walk with a woman and with a man."""
        return self.wish in ("any", "rather_woman", "rather_man") or not (self.wish or self.asks_for_woman)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a coach says of a group that they would run: who sits in it, and how many."""

    who: Who
    smallest: int
    largest: int

    def __post_init__(self) -> None:
        if not 1 <= self.smallest <= self.largest:
            raise Unsound("The smallest group is not larger than the largest.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A coach, and the seats beside them. The id is the coach's."""

    id: str
    gender: Gender
    mother: str
    languages: frozenset[str] = frozenset()
    walks_with: Literal["same", "any"] = "same"
    district: str = ""
    village: str = ""
    not_same_village: bool = True
    reach_km: int = 0
    remote: bool = False
    slots: int = 0
    trades: tuple[tuple[str, int], ...] = ()  # with the years in each
    stages: frozenset[str] = frozenset()
    trauma_informed: bool = False
    journey: str = ""
    ready: bool = False  # vetted and trained, today
    comfortable: int = 0  # seats
    largest: int = 0  # seats, the comfortable ones among them
    shows: frozenset[str] = frozenset()
    group: Terms | None = None  # None: any company, and the sizes of the policy


@dataclass(frozen=True, slots=True, order=True)
class Bond:
    """Both said yes. It takes a seat, and is never broken here."""

    seeker: str
    offer: str


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """Somebody was asked and has not answered. It takes a seat as a bond does."""

    seeker: str
    offer: str


@dataclass(frozen=True, slots=True)
class Points:
    """What each part of the score may earn: a programme's policy. No study says which numbers are right."""

    trade: int = 220
    language: int = 180
    place: int = 180
    time: int = 100
    journey: int = 80
    stage: int = 60
    trauma: int = 60
    gender: int = 60
    known: int = 60

    def __post_init__(self) -> None:
        each = [getattr(self, part.name) for part in fields(self)]
        if sum(each) != 1000 or min(each) < 0:
            raise Unsound("The points of all parts make 1000.")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a programme decided: every number here is signed by somebody, and may be another next year."""

    points: Points = Points()
    related_trades: frozenset[frozenset[str]] = frozenset()  # pairs that earn half
    far_km: int = 100  # where nearness has fallen to a third
    slots_enough: int = 4  # shared slots that earn all
    pick: int = 300  # for who was picked from a short list
    shortlisted: int = 150  # for the others whom somebody chose
    load: int = 120  # what a seat beyond the comfortable ones costs
    women_first: bool = True  # no man has a seat beside a woman for which a woman waits
    group_smallest: int = 4
    group_largest: int = 8
    long_wait_weeks: int = 12  # after so many somebody is in the second tier
    hold_weeks: int = 0  # nobody waits longer than so many for somebody who has not come yet
    ahead_weeks: int = 12  # so far ahead who came a year ago stands in for who will come

    def __post_init__(self) -> None:
        if min(self.pick, self.shortlisted, self.load, self.far_km - 1, self.slots_enough - 1) < 0:
            raise Unsound("What a choice earns or a seat costs is not below nothing.")
        if min(self.long_wait_weeks - 1, self.hold_weeks, self.ahead_weeks) < 0:
            raise Unsound("Weeks are counted from nothing, and a long wait is one at least.")
        if not 1 <= self.group_smallest <= self.group_largest:
            raise Unsound("The smallest group is not larger than the largest.")

    @property
    def most(self) -> int:
        """More than any two answers can differ by for one person, below the tiers."""
        return 1000 + max(self.pick, self.shortlisted) + self.load


@lru_cache(1 << 16)
def kilometres(one: tuple[float, float], other: tuple[float, float]) -> int:
    """How far two places are apart along the ground, as birds fly."""
    (north, east), (to_north, to_east) = (map(radians, place) for place in (one, other))
    half = sin((to_north - north) / 2) ** 2 + cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(half)))
