"""Where somebody is on the way home: stages, tasks and check-ins, from a few dates. Rules on plain values.

A day that cannot be is a `Problem` with a name, never an exception: the person is asked again, kindly.
Whatever the dates say, every day has a stage, and time alone never leads back.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

LAST_WEEK = 7  # days before leaving
FIRST_DAYS, FIRST_90 = 14, 90  # days after arriving, the last of each
ONE_YEAR, THREE_YEARS = 12, 36  # months after arriving
SOON = 14  # days before leaving from which the red things come first
FARTHEST = 24  # months: nobody knows a day that lies farther ahead
LONGEST_AGO = 120  # months: longer ago, the year is mistyped rather than true
BEFORE, AFTER = 14, 28  # days around the day of a check-in that are as good


class Plan(StrEnum):
    """What somebody says about going."""

    UNDECIDED = "undecided"
    GOING = "going"  # with a day, or without one yet
    HOME = "home"  # was there already: nothing was prepared


class Stage(StrEnum):
    """A part of the way, in order; `HOME` stands apart: at home, and nobody said since when."""

    UNDECIDED = "undecided"
    PREPARING = "preparing"
    DEPARTURE = "departure"
    ARRIVAL = "arrival"
    FIRST_90 = "first-90"
    YEAR_1 = "year-1"
    YEARS_2_3 = "years-2-3"
    BEYOND = "beyond"
    HOME = "home"


class Ending(StrEnum):
    """How a way ended. None of them is a failure, and nobody is asked anything afterwards."""

    STAYS = "stays"
    MOVED_ON = "moved-on"
    WITHDREW = "withdrew"
    LOST = "lost"
    DIED = "died"


class Problem(StrEnum):
    """Why days cannot be as they were said."""

    PAST = "past"  # leaving on a day that has passed
    TOO_FAR = "too-far"
    NOT_YET = "not-yet"  # arrived on a day to come
    LONG_AGO = "long-ago"
    WRONG_ORDER = "wrong-order"  # arrived before leaving
    TWICE = "twice"  # arrived, and leaves again


class Anchor(StrEnum):
    """From which day something is counted."""

    DEPARTURE = "departure"
    ARRIVAL = "arrival"


@dataclass(frozen=True)
class Dates:
    """All that the rules know of somebody's way."""

    plan: Plan = Plan.UNDECIDED
    departure_on: date | None = None
    arrived_on: date | None = None

    @property
    def home_since(self) -> date | None:
        """The day of arriving; until somebody says it, the day on which they wanted to leave."""
        if self.plan is Plan.UNDECIDED:
            return None
        return self.arrived_on or (self.departure_on if self.plan is Plan.GOING else None)


@dataclass(frozen=True)
class About:
    """What makes some tasks worth showing; all of it may stay unsaid."""

    trade: str = ""
    part: str = ""  # in the family
    kind: str = ""


@dataclass(frozen=True)
class Task:
    """One thing to do, and when: so many months and days from leaving or from arriving."""

    id: str
    said: Mapping[str, str]  # by language
    stages: tuple[Stage, ...]
    anchor: Anchor | None = None
    months: int = 0
    days: int = 0
    stays: bool = True  # in the list of later stages, as long as it is not done
    red: bool = False  # among the few that come first when there is little time
    icon: str = "yes"
    opens: str = ""  # what of this site helps with it
    source: str = ""  # who says so, where it is a fact and no advice of ours
    link: str = ""
    check_again_on: date | None = None
    trades: frozenset[str] = frozenset()  # only for these; empty: for everybody
    parts: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def due_on(self, dates: Dates) -> date | None:
        """By when, if the day from which it is counted is known."""
        return _from(self.anchor, dates, self.months, self.days)

    def is_for(self, about: About) -> bool:
        """What somebody says of themselves adds tasks, and takes none away."""
        said = ((self.trades, about.trade), (self.parts, about.part), (self.kinds, about.kind))
        return all(not meant or one in meant for meant, one in said)


@dataclass(frozen=True)
class Step:
    """A task as one person has it today."""

    task: Task
    due_on: date | None
    done: bool
    first: bool  # one of the red things, while there is little time


@dataclass(frozen=True)
class Wave:
    """A check-in that comes once: its day, and how many days around it are as good."""

    key: str
    anchor: Anchor
    months: int = 0
    days: int = 0
    before: int = BEFORE
    after: int = AFTER
    asks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Due:
    """A check-in of one person."""

    wave: Wave
    opens_on: date
    on: date
    closes_on: date


WAVES = (
    Wave("baseline", Anchor.DEPARTURE, days=-42, after=14, asks=("rfq", "who-5")),
    Wave("landing", Anchor.ARRIVAL, days=7, before=7, after=7, asks=("landing",)),
    Wave("week-2", Anchor.ARRIVAL, days=14, before=3, after=7, asks=("pulse",)),
    Wave("week-4", Anchor.ARRIVAL, days=28, before=6, after=14, asks=("pulse",)),
    Wave("month-2", Anchor.ARRIVAL, months=2, after=14, asks=("pulse",)),
    Wave("month-3", Anchor.ARRIVAL, months=3, asks=("rfq", "who-5", "numbers")),
    Wave("month-6", Anchor.ARRIVAL, months=6, asks=("rfq", "who-5", "satisfaction")),
    Wave("month-9", Anchor.ARRIVAL, months=9, asks=("pulse",)),
    Wave("month-12", Anchor.ARRIVAL, months=12, asks=("rfq", "who-5")),
    Wave("month-18", Anchor.ARRIVAL, months=18, asks=("pulse", "numbers")),
    Wave("month-24", Anchor.ARRIVAL, months=24, asks=("rfq", "who-5")),
    Wave("month-36", Anchor.ARRIVAL, months=36, asks=("rfq", "who-5")),
)  # what a country or a programme asks unless its file says otherwise

ROAD = (Stage.PREPARING, Stage.DEPARTURE, Stage.ARRIVAL, Stage.FIRST_90, Stage.YEAR_1, Stage.YEARS_2_3)
BEFORE_LEAVING = (Stage.UNDECIDED, Stage.PREPARING, Stage.DEPARTURE)


# ── Stages ───────────────────────────────────────────────────────────────────────────────────────────────


def starts(dates: Dates) -> list[tuple[Stage, date]]:
    """Every stage of this way with its first day, in order; the first has always been."""
    if dates.plan is Plan.UNDECIDED:
        return [(Stage.UNDECIDED, date.min)]
    home = dates.home_since
    if dates.plan is Plan.HOME:
        return [(Stage.HOME, date.min), *(_at_home(home) if home else [])]
    leaving = [_days(day, -LAST_WEEK) for day in (dates.departure_on,) if day]
    if not home:
        return [(Stage.PREPARING, date.min)]
    return [(Stage.PREPARING, date.min), (Stage.DEPARTURE, min([*leaving, home])), *_at_home(home)]


def stage_on(dates: Dates, today: date) -> Stage:
    """Where somebody is on a day."""
    return [stage for stage, first in starts(dates) if first <= today][-1]


def days_home(dates: Dates, today: date) -> int | None:
    """How many days somebody has been at home; None before that."""
    home = dates.home_since
    return (today - home).days if home and home <= today else None


def days_to_go(dates: Dates, today: date) -> int | None:
    """How many days are left before leaving."""
    left = dates.departure_on if dates.plan is Plan.GOING and not dates.arrived_on else None
    return (left - today).days if left and left >= today else None


def is_only_thought(dates: Dates, today: date) -> bool:
    """The day of leaving has passed, and nobody has said that they arrived."""
    return not dates.arrived_on and dates.plan is Plan.GOING and days_home(dates, today) is not None


def changes(dates: Dates, after: date, until: date) -> list[tuple[Stage, date]]:
    """Which stages began after one day and until another; where several begin on one day, the last."""
    begun = {first: stage for stage, first in starts(dates) if after < first <= until}
    return [(stage, first) for first, stage in sorted(begun.items())]


def _at_home(since: date) -> list[tuple[Stage, date]]:
    return [
        (Stage.ARRIVAL, since),
        (Stage.FIRST_90, _days(since, FIRST_DAYS + 1)),
        (Stage.YEAR_1, _days(since, FIRST_90 + 1)),
        (Stage.YEARS_2_3, _months(since, ONE_YEAR)),
        (Stage.BEYOND, _months(since, THREE_YEARS)),
    ]


# ── Days as people say them ──────────────────────────────────────────────────────────────────────────────


def problem(said: Dates, *, before: Dates, today: date) -> Problem | None:
    """Why these days cannot be, the first reason of all; what was true before is not questioned again."""
    left, here = said.departure_on, said.arrived_on
    if here and here != before.arrived_on:
        if here > today:
            return Problem.NOT_YET
        if here < _months(today, -LONGEST_AGO):
            return Problem.LONG_AGO
    if left and left != before.departure_on:
        if before.arrived_on and left > before.arrived_on:
            return Problem.TWICE
        if not here and left < today:
            return Problem.PAST
        if left < _months(today, -LONGEST_AGO):
            return Problem.LONG_AGO
        if left > _months(today, FARTHEST):
            return Problem.TOO_FAR
    return Problem.WRONG_ORDER if left and here and here < left else None


def arrived(dates: Dates, on: date) -> Dates:
    """Somebody is home since that day. Whoever wanted to leave later has left earlier."""
    if dates.plan is not Plan.GOING:
        return Dates(Plan.HOME, None, on)
    return replace(dates, departure_on=min(dates.departure_on or on, on), arrived_on=on)


# ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────


def in_a_hurry(dates: Dates, today: date) -> bool:
    """Is there so little time that the red things come first?"""
    left = days_to_go(dates, today)
    return left is not None and left <= SOON


def steps(
    tasks: Iterable[Task], dates: Dates, *, about: About, done: Collection[str], today: date
) -> list[Step]:
    """What is to do in this stage and was left of earlier ones: the red first, then by day, then as listed.

    Before leaving, only what is done before leaving; afterwards that is over.
    """
    stage, hurry = stage_on(dates, today), in_a_hurry(dates, today)
    found = [
        Step(task, task.due_on(dates), task.id in done, first=hurry and task.red)
        for task in tasks
        if task.is_for(about) and (_stands(task, stage) or (hurry and task.red))
    ]
    return sorted(found, key=lambda step: (not step.first, step.due_on or date.max))


def _stands(task: Task, stage: Stage) -> bool:
    """Does a task stand in the list of this stage?"""
    return stage in task.stages or (task.stays and bool(_reaches(stage) & set(task.stages)))


def _reaches(stage: Stage) -> set[Stage]:
    """Stages whose tasks stand in the list of this one."""
    order = list(Stage)
    if stage is Stage.HOME:
        return {Stage.HOME}
    begin = order.index(Stage.UNDECIDED if stage in BEFORE_LEAVING else Stage.ARRIVAL)
    return set(order[begin : order.index(stage) + 1])


# ── Check-ins ────────────────────────────────────────────────────────────────────────────────────────────


def calendar(waves: Iterable[Wave], dates: Dates, *, since: date) -> list[Due]:
    """Every check-in of this way by its day. None that was over before somebody came."""
    asked = (_due(wave, dates) for wave in waves)
    return sorted(
        (due for due in asked if due and due.closes_on >= since), key=lambda due: (due.on, due.opens_on)
    )


def _due(wave: Wave, dates: Dates) -> Due | None:
    on = _from(wave.anchor, dates, wave.months, wave.days)
    return Due(wave, _days(on, -wave.before), on, _days(on, wave.after)) if on else None


# ── Days ─────────────────────────────────────────────────────────────────────────────────────────────────


def _from(anchor: Anchor | None, dates: Dates, months: int, days: int) -> date | None:
    leaves = dates.departure_on if dates.plan is Plan.GOING else None
    day = {Anchor.DEPARTURE: leaves, Anchor.ARRIVAL: dates.home_since}.get(anchor) if anchor else None
    return _days(_months(day, months), days) if day else None


def _days(day: date, days: int) -> date:
    """So many days later; where the calendar ends, its end."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _months(day: date, months: int) -> date:
    """The same day so many months later; of a shorter month, its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
