"""What coaches write down of talks, and who is to be called first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from mentors import access, cadence
from mentors.models.bonds import Bond
from mentors.models.contacts import Contact

if TYPE_CHECKING:
    from lms.models.people import User

WORDS = timedelta(days=182)  # so long after two parted the words of their talks are kept
QUIET = 14  # days without a lesson after which somebody went quiet
_TALKS = Contact.objects.exclude(kind=Contact.Kind.MISSED)


@dataclass(frozen=True)
class Walk:
    """How a coach and one of their people are in touch, as of today where the person is."""

    bond: Bond
    last: Contact | None  # of those where they talked
    tried: int  # calls since then that nobody answered
    talked: int | None  # days since they talked
    late: int | None  # days since the next talk was due; below zero it is still to come

    @property
    def wants_call(self) -> bool:
        """Did the person ask to be called?"""
        return self.bond.wants_call_at is not None


class Short(NamedTuple):
    """A bond, as far as a board of thousands needs it."""

    pk: int
    coach: str
    name: str
    due_on: date | None

    def is_late(self, today: date) -> bool:
        """Should the two have talked before today?"""
        return self.due_on is not None and self.due_on < today


@dataclass
class ByCoach:
    """How many a coach walks with, and how many of their talks are late."""

    coach: str
    name: str
    people: int = 0
    late: int = 0


@dataclass(frozen=True)
class Board:
    """A programme's pairs, who needs a call first on top; its coaches, those with most late talks first."""

    bonds: list[Short]
    coaches: list[ByCoach]
    today: date

    @property
    def late(self) -> int:
        """How many talks are late in all."""
        return sum(one.late for one in self.coaches)

    def chosen(self, coach: str, *, only_late: bool) -> list[int]:
        """The bonds of one coach, or of all; all of them, or those whose talk is late."""
        return [
            one.pk
            for one in self.bonds
            if coach in ("", one.coach) and (one.is_late(self.today) or not only_late)
        ]


@transaction.atomic
def log(coach: "User", person: UUID, form: UUID, said: dict[str, Any], *, now: datetime) -> Contact:
    """Write down a talk. The same form twice is one talk; raises `access.NotYours` for other people's."""
    someone = access.walks_with(coach, person)
    bond = Bond.objects.select_for_update().get(coach=coach, person=someone, ended_at=None)
    contact = keep(bond, form, said, now=now)
    if contact is None:
        raise access.NotYours
    return contact


def keep(bond: Bond, form: UUID, said: dict[str, Any], *, now: datetime) -> Contact | None:
    """One talk of a pair whose bond is locked, however often it is told; None if another pair's has this id.

    What is told after the two parted stays a talk of theirs, and makes no next one due.
    """
    contact, is_new = Contact.objects.get_or_create(
        uid=form, defaults={**said, "bond": bond, "person": bond.person, "by": bond.coach, "at": now}
    )
    if contact.bond_id != bond.pk:
        return None
    if is_new and bond.ended_at is None:
        _fold(bond, contact)
    return contact


def of_bond(bond: Bond) -> list[Contact]:
    """What two talked about, the latest first."""
    return list(Contact.objects.filter(bond=bond).order_by("-on", "-pk"))


def in_touch(bonds: Iterable[Bond], *, now: datetime) -> list[Walk]:
    """How each of these pairs is in touch, in one query; the bonds come with their people."""
    bonds = list(bonds)
    later = _TALKS.filter(bond=OuterRef("bond"), on__gt=OuterRef("on"))
    since = defaultdict(list)  # the last day of talks, and what was tried from then on
    for one in Contact.objects.filter(~Exists(later), bond__in=bonds).order_by("pk"):
        since[one.bond_id].append(one)
    return [_walk(bond, since[bond.pk], now) for bond in bonds]


def first_to_call(bonds: "QuerySet[Bond]") -> "QuerySet[Bond]":
    """In the order in which they need a call: who asked for one, then whose talk is due longest."""
    asked = Case(When(wants_call_at__isnull=False, then=Value(0)), default=Value(1))
    return bonds.order_by(asked, F("due_on").asc(nulls_last=True), "began_at", "pk")


def board(bonds: "QuerySet[Bond]", *, today: date) -> Board:
    """All of a programme at once, in one query: who agreed to be seen is dear to ask for thousands."""
    fields = ("pk", "coach__username", "coach__first_name", "due_on")
    rows = [Short(*row) for row in first_to_call(bonds).values_list(*fields)]
    coaches: dict[str, ByCoach] = {}
    for row in rows:
        one = coaches.setdefault(row.coach, ByCoach(row.coach, row.name or row.coach))
        one.people += 1
        one.late += row.is_late(today)
    return Board(rows, sorted(coaches.values(), key=lambda one: (-one.late, -one.people, one.coach)), today)


def forget_words(now: datetime) -> int:
    """What was said goes half a year after two parted; that they talked stays."""
    old = Contact.objects.filter(bond__ended_at__lt=now - WORDS).exclude(
        note="", next_step="", topic="", mood=None
    )
    return old.update(note="", next_step="", topic="", mood=None)


def _fold(bond: Bond, contact: Contact) -> None:
    """What follows for the bond. A talk written down late does not move a later one; a try moves nothing."""
    if contact.kind == Contact.Kind.MISSED:
        return
    latest = _TALKS.filter(bond=bond).latest("on", "pk")
    began = cadence.day(bond.began_at, bond.person.time_zone)
    bond.due_on = cadence.next_on(began, latest.on, latest.next_on)
    if bond.wants_call_at and contact.on >= cadence.day(bond.wants_call_at, bond.person.time_zone):
        bond.wants_call_at = None
    bond.save(update_fields=["due_on", "wants_call_at"])


def _walk(bond: Bond, since: list[Contact], now: datetime) -> Walk:
    today = cadence.day(now, bond.person.time_zone)
    talks = [one for one in since if one.kind != Contact.Kind.MISSED]
    last = talks[-1] if talks else None
    return Walk(
        bond,
        last,
        len(since) - len(talks),
        (today - last.on).days if last else None,
        (today - bond.due_on).days if bond.due_on else None,
    )
