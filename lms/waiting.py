"""What waits for a person's answer, so that their own place says so first. Who asks people registers here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lms.models.people import Person


@dataclass(frozen=True)
class Waits:
    """One thing that somebody should see first: a sentence in English, heard too, and where it leads."""

    sentence: str
    address: str  # its name, as `reverse` knows it
    is_news: bool = False  # nothing is asked: it is only told


Finder = Callable[["Person", datetime], list[Waits]]
_FINDERS: list[Finder] = []


def register(find: Finder) -> Finder:
    """Ask this one, too, what waits for somebody."""
    _FINDERS.append(find)
    return find


def waits_for(person: "Person", *, now: datetime) -> list[Waits]:
    """Everything that waits for somebody now."""
    return [one for find in _FINDERS for one in find(person, now)]
