"""How a coach's people are shown: how far each of them is, and what they did, in words instead of scores.

Rules on plain values: what people did comes from `mentors.access`, what is taught from `courses.outline`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from courses.outline import CourseCard, LessonCard, UnitCard


class Stood(Protocol):
    """Where a person is with one lesson."""

    lesson: UUID
    begun_at: datetime
    done_at: datetime | None
    answers: dict[str, float]


@dataclass(frozen=True)
class Way:
    """How far somebody is in the unit that they touched last: '2 of 6'."""

    title: str
    done: int
    steps: list[str]  # "done", "now" or "" for each lesson

    @property
    def of(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Moment:
    """A lesson on somebody's way: when it was done, or begun, and how many of its questions were tried."""

    lesson: LessonCard | None  # None: it is no longer taught
    at: datetime
    done: bool
    tried: int
    right: int


def called(courses: Iterable[CourseCard], shelf: Iterable[CourseCard]) -> list[CourseCard]:
    """The same courses; units and lessons that stand on the shelf are called as they are there."""
    units = [unit for course in shelf for unit in course.units]
    titles = {card.key: card.title for unit in units for card in [unit, *unit.lessons]}

    def _lesson(lesson: LessonCard) -> LessonCard:
        return replace(lesson, title=titles.get(lesson.key, lesson.title))

    def _unit(unit: UnitCard) -> UnitCard:
        return replace(unit, title=titles.get(unit.key, unit.title), lessons=[*map(_lesson, unit.lessons)])

    return [replace(course, units=[*map(_unit, course.units)]) for course in courses]


def way(courses: Iterable[CourseCard], standings: Iterable[Stood]) -> Way | None:
    """The unit of the latest step, as the first course has it; None for somebody who has not begun."""
    stood = {str(standing.lesson): standing for standing in standings}
    units = [unit for course in courses for unit in course.units]
    touched = [unit for unit in units if any(lesson.key in stood for lesson in unit.lessons)]
    if not touched:
        return None
    unit = max(touched, key=lambda unit: max(_at(stood[key]) for key in _keys(unit) if key in stood))
    done = {key for key in _keys(unit) if key in stood and stood[key].done_at}
    now = next((key for key in _keys(unit) if key not in done), None)
    steps = ["done" if key in done else "now" if key == now else "" for key in _keys(unit)]
    return Way(unit.title, len(done), steps)


def timeline(courses: Iterable[CourseCard], standings: Iterable[Stood]) -> list[Moment]:
    """What somebody did, the latest first."""
    lessons: dict[str, LessonCard] = {}
    for lesson in (lesson for course in courses for lesson in course.lessons):
        lessons.setdefault(lesson.key, lesson)  # as the first course has it
    moments = [
        Moment(
            lessons.get(str(standing.lesson)),
            _at(standing),
            standing.done_at is not None,
            len(standing.answers),
            sum(score == 1 for score in standing.answers.values()),
        )
        for standing in standings
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _keys(unit: UnitCard) -> list[str]:
    return [lesson.key for lesson in unit.lessons]


def _at(standing: Stood) -> datetime:
    return standing.done_at or standing.begun_at
