"""Lines in which somebody tells of another person, as a coach does after a talk.

Here nobody knows what a coach is. Whoever walks beside people registers what takes such lines, and says of
each whether these two could tell of each other at that moment. What is told is open only while it is taken;
on the phone and while a line is held it lies in a seal.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from lms.models.record import Verb

CONTACT = str(Verb.CONTACT)
VERBS = {CONTACT, "check-in"}  # only these name a subject


class Told(NamedTuple):
    """What a line tells of somebody."""

    uid: UUID  # of the line, which comes as often as it likes
    author: UUID  # whose token it came with
    subject: UUID  # of whom it is told; perhaps nobody
    at: datetime  # when it happened: the phone's clock, corrected
    what: Any
    now: datetime


class NotTold(ValueError):
    """What is told is nothing that can be taken, now or ever."""


Takes = Callable[[Told], bool]  # writes it down, once; False where the two were not together then
_takers: dict[str, Takes] = {}


def register(verb: str, takes: Takes) -> None:
    """Have lines of this verb taken. May raise NotTold."""
    _takers[verb] = takes


def take(verb: str, told: Told) -> bool:
    """Write down what was told. False: these two may not, as far as we know now."""
    return verb in _takers and _takers[verb](told)
