"""Who walks with whom: a bond begins when both have said yes, and ends when either wants."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from mentors import access, cadence
from mentors.models.bonds import Bond

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme


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
    if Bond.objects.filter(person=person, ended_at=None).exists():
        raise AlreadyBonded
    first = cadence.next_on(cadence.day(at, person.time_zone), None)
    return Bond.objects.create(coach=coach, person=person, programme=programme, began_at=at, due_on=first)


def present(person: "Person") -> Bond | None:
    """Who walks with a person now."""
    return Bond.objects.filter(person=person, ended_at=None).select_related("coach", "programme").first()


def tell_number(bond: Bond, *, of: str, told: bool) -> None:
    """The person, or the coach, lets the other side see a number, or no more."""
    field = {"person": "person_tells_number", "coach": "coach_tells_number"}[of]
    setattr(bond, field, told)
    bond.save(update_fields=[field])


def ask_for_call(bond: Bond, *, wanted: bool, now: datetime) -> None:
    """The person would like to be called, since the first time that they said so; or no more."""
    bond.wants_call_at = (bond.wants_call_at or now) if wanted else None
    bond.save(update_fields=["wants_call_at"])


def end(bond: Bond, *, at: datetime) -> None:
    """They part. What the coach could see closes with it."""
    bond.ended_at = at
    bond.save(update_fields=["ended_at"])
