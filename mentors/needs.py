"""What people need of a coach: said by themselves, added to by staff; and where in the row it puts them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mentors.models.coaching import Gender, MatchNeeds

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

URGENT, FEW_CAN, LONG, ALL = 4, 3, 2, 1
LONG_WAIT = timedelta(weeks=12)


def tell(person: "Person", programme: "Programme", said: dict[str, object], *, now: datetime) -> MatchNeeds:
    """Write down what somebody needs. Their place in the row stays; after a change all coaches are new."""
    there = MatchNeeds.objects.filter(person=person).first()
    if there is None:
        return MatchNeeds.objects.create(
            person=person, programme=programme, at=now, waiting_since=now, **said
        )
    changed = [name for name, value in said.items() if getattr(there, name) != value]
    if changed or there.programme_id != programme.pk:
        for name, value in said.items():
            setattr(there, name, value)
        there.programme, there.at, there.version = programme, now, there.version + 1
        there.save()
    return there


def take_back(person: "Person") -> None:
    """They look for nobody any more."""
    MatchNeeds.objects.filter(person=person).delete()


def of(person: "Person") -> MatchNeeds | None:
    """What somebody needs, if they said it."""
    return MatchNeeds.objects.filter(person=person).select_related("programme").first()


def agree(needs: MatchNeeds, by: "User") -> None:
    """The safeguarding lead agrees that somebody of 16 or 17 may have a coach."""
    needs.agreed_by = by
    needs.save(update_fields=["agreed_by"])


def tier(needs: MatchNeeds, *, now: datetime) -> int:
    """4 urgent, 3 a must that few can meet, 2 waited long or lost a coach, 1 all others."""
    only_a_woman = needs.wish == MatchNeeds.Wish.WOMAN or (needs.gender == Gender.WOMAN and not needs.wish)
    if needs.urgent:
        return URGENT
    if only_a_woman or needs.trauma == MatchNeeds.Trauma.MUST:
        return FEW_CAN
    lost = needs.lost_coach_at is not None
    return LONG if lost or now - needs.waiting_since >= LONG_WAIT else ALL
