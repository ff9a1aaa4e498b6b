"""Many people at once: how far each of them is in each unit, as "2 of 6". Rules on plain values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Lesson(Protocol):
    """A lesson, known by its key."""

    @property
    def key(self) -> str: ...


class Unit(Protocol):
    """A unit as it is taught."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def lessons(self) -> Iterable[Lesson]: ...


class Stood(Protocol):
    """Where a person is with one lesson."""

    @property
    def lesson(self) -> object: ...
    @property
    def done_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Column:
    """One unit."""

    key: str
    title: str
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One person in one unit."""

    done: int
    of: int
    begun: bool

    @property
    def state(self) -> str:
        """Done, begun, or nothing yet."""
        return "done" if self.done == self.of else "begun" if self.begun else ""


def columns(
    units: Iterable[Unit], stood: Mapping[Any, Iterable[Stood]], agenda: Collection[str] = ()
) -> list[Column]:
    """The units that somebody began or that a circle is about, as they are taught; all, if that is none."""
    every: dict[str, Column] = {}
    for unit in units:  # as the first course has it
        every.setdefault(unit.key, Column(unit.key, unit.title, tuple(one.key for one in unit.lessons)))
    begun = {str(one.lesson) for standings in stood.values() for one in standings}
    touched = [
        column for column in every.values() if column.key in agenda or begun.intersection(column.lessons)
    ]
    return touched or list(every.values())


def cells(columns: Iterable[Column], stood: Iterable[Stood]) -> list[Cell]:
    """One person's row."""
    done_at = {str(one.lesson): one.done_at for one in stood}
    return [
        Cell(
            sum(done_at.get(lesson) is not None for lesson in column.lessons),
            len(column.lessons),
            any(lesson in done_at for lesson in column.lessons),
        )
        for column in columns
    ]
