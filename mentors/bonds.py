"""Who walks with whom: a bond begins when both have said yes, and ends when either wants."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from mentors import access, cadence
from mentors.models.bonds import Bond

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme


OVERLAP = timedelta(days=30)  # so long both coaches walk with somebody who is handed over
LATELY = timedelta(days=14)  # so long it is told what has changed


class NotHere(Exception):
    """The coach, or the person, is not in the programme now."""


class AlreadyBonded(Exception):
    """Somebody else walks with this person now."""


class NeedsSafeguarding(Exception):
    """For people of 16 and 17 the safeguarding lead of the programme says who walks with them."""


@transaction.atomic
def begin(
    coach: "User",
    person: "Person",
    programme: "Programme",
    *,
    at: datetime,
    approved_by: "User | None" = None,
) -> Bond:
    """A coach and a person walk together from now on. Nothing is shown before the person agrees to it too."""
    if not (access.works_for(coach, programme, access.Role.COACH) and access.learns_in(person, programme)):
        raise NotHere
    if person.age == "16-17" and not (approved_by and access.watches_over(approved_by, programme)):
        raise NeedsSafeguarding
    if not may_begin(person.pk) or _open(person.pk).filter(coach=coach).exists():
        raise AlreadyBonded
    handed_over = {"handover_wanted_at": None, "handover_ends_at": at + OVERLAP}
    _open(person.pk).filter(handover_wanted_at__isnull=False).update(**handed_over)
    first = cadence.next_on(cadence.day(at, person.time_zone), None)
    return Bond.objects.create(coach=coach, person=person, programme=programme, began_at=at, due_on=first)


def may_begin(person: UUID) -> bool:
    """Has somebody nobody, or only a coach who is about to hand over?"""
    return not _open(person).filter(handover_wanted_at=None).exists()


def present(person: "Person") -> Bond | None:
    """Who walks with a person now; of two, who stays."""
    return next(iter(walking_with(person)), None)


def walking_with(person: "Person") -> list[Bond]:
    """Everybody who walks with a person now: one, or two while one hands over. Who stays comes first."""
    found = _open(person.pk).select_related("coach", "programme", "person")
    return list(found.order_by(F("handover_ends_at").asc(nulls_first=True), "pk"))


def beside(bond: Bond) -> Bond | None:
    """The other one of two, while one hands over to the other."""
    other = _open(bond.person_id).exclude(pk=bond.pk).select_related("coach")
    return other.first()


def now_and_before(person: "Person") -> tuple[Bond | None, Bond | None]:
    """Who walks with a person now, of two who stays; and the bond that ended last. One query."""
    found = Bond.objects.filter(person=person).order_by("ended_at", "pk")
    walk = [one for one in found if one.ended_at is None]
    ended = [one for one in found if one.ended_at is not None]
    stays = [one for one in walk if one.handover_ends_at is None] or walk
    return stays[0] if stays else None, ended[-1] if ended else None


def tell_number(bond: Bond, *, of: str, told: bool) -> None:
    """The person, or the coach, lets the other side see a number, or no more."""
    field = {"person": "person_tells_number", "coach": "coach_tells_number"}[of]
    setattr(bond, field, told)
    bond.save(update_fields=[field])


def ask_for_call(bond: Bond, *, wanted: bool, now: datetime) -> None:
    """The person would like to be called, since the first time that they said so; or no more."""
    bond.wants_call_at = (bond.wants_call_at or now) if wanted else None
    bond.save(update_fields=["wants_call_at"])


@transaction.atomic
def end(bond: Bond, *, at: datetime, why: str = Bond.Why.PARTED) -> None:
    """They part. What the coach could see closes with it. Twice is once.

    Was it the one near the new home, the one who was about to hand over stays, and another is looked for.
    """
    open_still = Bond.objects.filter(pk=bond.pk, ended_at=None)
    if open_still.update(ended_at=at, ended_why=why, handover_wanted_at=None):
        bond.refresh_from_db(fields=["ended_at", "ended_why", "handover_wanted_at"])
        left = _open(bond.person_id).filter(handover_ends_at__isnull=False)
        left.update(handover_ends_at=None, handover_wanted_at=at)


# ── Handing over ─────────────────────────────────────────────────────────────────────────────────────────


def want_handover(bond: Bond, *, by: "User | None", now: datetime) -> None:
    """Somebody moves: a coach near the new home is looked for. Till then, and 30 days more, nothing ends.

    While two walk with somebody nobody third is looked for. Twice is once.
    """
    alone = _open(bond.person_id).count() == 1
    if alone:
        wanted = Bond.objects.filter(
            pk=bond.pk, ended_at=None, handover_wanted_at=None, handover_ends_at=None
        )
        wanted.update(handover_wanted_at=now, handover_wanted_by=by)


def want_no_handover(bond: Bond) -> None:
    """They stay, or would rather keep the coach whom they have."""
    Bond.objects.filter(pk=bond.pk).update(handover_wanted_at=None, handover_wanted_by=None)


def handing_over(coach: "User", people: Iterable["Person"]) -> list[tuple[Bond, Bond]]:
    """Of these people of a coach, who walks with two now: the coach's own bond, and the other one."""
    of = list(Bond.objects.filter(person__in=people, ended_at=None).select_related("coach", "person"))
    own = {bond.person_id: bond for bond in of if bond.coach_id == coach.pk}
    pairs = ((own[bond.person_id], bond) for bond in of if bond.coach_id != coach.pk)
    return sorted(pairs, key=lambda pair: pair[0].person.name)


def handed_over_lately(coach: "User", *, now: datetime) -> int:
    """How many people a coach has lately brought to the one near home; who they are closed with the bond."""
    return Bond.objects.filter(coach=coach, ended_why=Bond.Why.HANDED_OVER, ended_at__gt=now - LATELY).count()


def hand_over(now: datetime) -> int:
    """End what has been handed over for 30 days, and say how many. Whoever came second goes on."""
    over = list(Bond.objects.filter(ended_at=None, handover_ends_at__lte=now))
    for bond in over:
        end(bond, at=now, why=Bond.Why.HANDED_OVER)
    return len(over)


def _open(person: UUID) -> QuerySet[Bond]:
    return Bond.objects.filter(person=person, ended_at=None)
