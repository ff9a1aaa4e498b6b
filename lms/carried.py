"""Lines that came by hand: a file that somebody took along to where there is a network.

It is text, so that every messenger takes it: a first line that says what it is, then one seal (`lms.seal`) a
line. In each is what the phone would have sent: {"token", "device", "records"}. Whoever carries it learns how
much came, and no more. What the phone sends itself later is known then; what it sent before is known here.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import ValidationError

from lms import intake, phones, seal, wire
from lms.models.people import Device, Person

FIRST = "Hamrah 1"
MOST_BYTES = 4 * 1024 * 1024
MOST_SEALS = 200  # of fifty lines each


class NotCarried(ValueError):
    """This is no file of ours, or not a whole one."""


@dataclass(frozen=True)
class Came:
    """How many lines are in the record or held now, were there before, and could not be taken."""

    new: int = 0
    known: int = 0
    refused: int = 0

    def __add__(self, other: "Came") -> "Came":
        return Came(self.new + other.new, self.known + other.known, self.refused + other.refused)


class Part(Schema, extra="ignore"):
    """What is in a seal."""

    token: str = Field(pattern=r"^[0-9A-Za-z_-]{43,64}$")
    device: wire.Told | None = None  # of a phone that may never have had a network
    records: list[Any] = Field(max_length=wire.MOST_RECORDS)


def take(file: bytes, *, now: datetime, a_guest_more: Callable[[], bool] = lambda: True) -> Came:
    """Keep what is new in a file. Twice is once, and a seal that cannot be taken does not stop the others.

    `a_guest_more` counts each guest that a file makes, and says when there are too many.
    """
    parts = _parts(file)
    ended = Counter[str]()
    for part in parts:
        ended.update(_take(part, now, a_guest_more))
    new = ended[intake.Status.KEPT] + ended[intake.Status.HELD]
    return Came(new, ended[intake.Status.KNOWN], ended[intake.Status.REFUSED])


def _parts(file: bytes) -> list[Part]:
    """All of them are read before the first is taken: half a file is no file."""
    try:
        first, *seals = file.decode("ascii").splitlines() or [""]
    except ValueError:
        raise NotCarried from None
    if first != FIRST or not 0 < len(seals) <= MOST_SEALS:
        raise NotCarried
    return [_part(text) for text in seals]


def _part(text: str) -> Part:
    try:
        said = seal.open_sealed(seal.from_text(text))
        return Part.model_validate(wire.read_json(wire.unpack(said, coding=wire.coding_of(said))))
    except (seal.NotSealed, wire.TooMuch, wire.NotUnderstood, ValidationError):
        raise NotCarried from None


def _take(part: Part, now: datetime, a_guest_more: Callable[[], bool]) -> list[str]:
    try:
        device = _phone(part, now, a_guest_more)
        came = intake.receive(Person(pk=device.person_id), device, part.records, sent_at=None, now=now)
        return [str(outcome.status) for outcome in came.outcomes]
    except (phones.UnknownToken, phones.RevokedToken, phones.ForgottenPerson, intake.PersonGone):
        return [intake.Status.REFUSED] * len(part.records)


def _phone(part: Part, now: datetime, a_guest_more: Callable[[], bool]) -> Device:
    """The phone of this token; one that never had a network has told us nothing of itself yet."""
    try:
        return phones.device_of(part.token, now=now)
    except phones.UnknownToken:
        if part.device is None or not a_guest_more():
            raise
        phones.begin(part.device, token=part.token, now=now)
        return phones.device_of(part.token, now=now)
