"""What people need of a coach: said by themselves, added to by staff; and where in the row it puts them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet

from mentors import access
from mentors.models.bonds import Bond
from mentors.models.circles import CircleSeat
from mentors.models.coaching import Gender, MatchNeeds

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

URGENT, FEW_CAN, LONG, ALL = 4, 3, 2, 1
LONG_WAIT = timedelta(weeks=12)
YOUNG = "16-17"  # as a person says it


def tell(person: "Person", programme: "Programme", said: dict[str, object], *, now: datetime) -> MatchNeeds:
    """Write down what somebody needs. Their place in the row stays; after a change all coaches are new."""
    there = MatchNeeds.objects.filter(person=person).first()
    if there is None:
        return MatchNeeds.objects.create(
            person=person, programme=programme, at=now, waiting_since=now, **said
        )
    changed = [name for name, value in said.items() if getattr(there, name) != value]
    if changed or there.programme_id != programme.pk:
        _say(there, **said, programme=programme, at=now, version=there.version + 1)
    else:
        _say(there, at=now)
    return there


def take_back(person: "Person") -> None:
    """They look for nobody any more."""
    MatchNeeds.objects.filter(person=person).delete()


def of(person: "Person") -> MatchNeeds | None:
    """What somebody needs, if they said it."""
    return MatchNeeds.objects.filter(person=person).select_related("programme").first()


def said_since(person: "Person", moment: datetime) -> bool:
    """Did somebody say what they need, or that it is still so, since then?"""
    return MatchNeeds.objects.filter(person=person, at__gte=moment).exists()


def say_circle(needs: MatchNeeds, wish: str) -> None:
    """Whether somebody would like to meet others, too. Who was declined as a coach stays declined."""
    _say(needs, circle=wish)


def agree(needs: MatchNeeds, by: "User") -> None:
    """The safeguarding lead agrees that somebody of 16 or 17 may have a coach."""
    _say(needs, agreed_by=by)


def agree_no_more(needs: MatchNeeds) -> None:
    """The safeguarding lead takes that yes back. It ends no bond."""
    _say(needs, agreed_by=None)


def urge(needs: MatchNeeds, *, urgent: bool) -> None:
    """Somebody needs a coach before all others, or no more than others do."""
    _say(needs, urgent=urgent)


def told_in(programme: "Programme") -> QuerySet[MatchNeeds]:
    """What those need who learn in a programme; who waits longest comes first."""
    told = MatchNeeds.objects.filter(programme=programme, person__in=access.learning_in(programme))
    return told.order_by("waiting_since", "pk")


def for_circles(programme: "Programme", *, besides: UUID | None = None) -> QuerySet[MatchNeeds]:
    """Who may be asked into a circle: who said that they would like one, and who waits for a coach and said
    nothing about it; nobody who has a seat, besides those of one plan, or is too young without a yes."""
    alone = told_in(programme).exclude(person__in=Bond.objects.filter(ended_at=None).values("person"))
    yes = [MatchNeeds.Circle.SAME, MatchNeeds.Circle.ANY]
    seats = CircleSeat.objects.filter(ended_at=None, circle__ended_at=None, circle__programme=programme)
    if besides:
        seats = seats.exclude(circle__draft=besides)
    wanted = Q(circle__in=yes) | Q(circle=MatchNeeds.Circle.BLANK, pk__in=alone.values("pk"))
    found = told_in(programme).filter(wanted).exclude(person__in=seats.values("person"))
    return found.filter(~Q(person__age=YOUNG) | Q(agreed_by__in=access.watching(programme)))


def looking_in(programme: "Programme") -> QuerySet[MatchNeeds]:
    """Of those, who has no coach now, or is to be handed over to one near home."""
    walking = Bond.objects.filter(ended_at=None, handover_wanted_at=None)
    return told_in(programme).exclude(person__in=walking.values("person"))


def young_in(programme: "Programme") -> QuerySet[MatchNeeds]:
    """Those of 16 and 17, with a coach or without."""
    return told_in(programme).filter(person__age=YOUNG)


def districts_of(people: "Iterable[Person]") -> dict[UUID, str]:
    """Where people live, by the keys of districts: of those who said it."""
    said = MatchNeeds.objects.filter(person__in=people).exclude(district="")
    return dict(said.values_list("person", "district"))


def without_a_yes(programme: "Programme") -> QuerySet[MatchNeeds]:
    """Those of 16 and 17 who wait for a yes: of somebody who is the safeguarding lead now."""
    waiting = looking_in(programme).filter(person__age=YOUNG)
    return waiting.exclude(agreed_by__in=access.watching(programme))


def only_a_woman(needs: MatchNeeds) -> bool:
    """Did somebody ask for a woman? A woman's blank says so, too."""
    return needs.wish == MatchNeeds.Wish.WOMAN or (needs.gender == Gender.WOMAN and not needs.wish)


def lost_their_coach(people: Iterable[UUID], *, now: datetime) -> None:
    """A coach left them. What they need holds, and with it they are among the first. Some have another."""
    walking = Bond.objects.filter(ended_at=None).values("person")
    MatchNeeds.objects.filter(person__in=people).exclude(person__in=walking).update(lost_coach_at=now)


def have_a_coach(person: "Person") -> None:
    """Somebody walks with them, so they are not among the first any more."""
    MatchNeeds.objects.filter(person=person).update(lost_coach_at=None)


def tier(needs: MatchNeeds, *, now: datetime, long_wait: timedelta = LONG_WAIT) -> int:
    """4 urgent, 3 a must that few can meet, 2 waited long or lost a coach, 1 all others."""
    if needs.urgent:
        return URGENT
    lost = needs.lost_coach_at is not None
    return max(tier_on_arrival(needs), LONG if lost or now - needs.waiting_since >= long_wait else ALL)


def tier_on_arrival(needs: MatchNeeds) -> int:
    """Where somebody stands on the first day: what happened since puts nobody back."""
    few_can = only_a_woman(needs) or needs.trauma == MatchNeeds.Trauma.MUST
    return FEW_CAN if few_can else ALL


def arrived_in(programme: "Programme", since: datetime, until: datetime) -> QuerySet[MatchNeeds]:
    """What those needed who said it in these weeks and whose words are still kept, wherever they are now."""
    told = MatchNeeds.objects.filter(programme=programme, waiting_since__gte=since, waiting_since__lt=until)
    return told.order_by("waiting_since", "pk")


def _say(needs: MatchNeeds, **said: object) -> None:
    """Write this down and nothing else: staff may say something in the same moment as the person."""
    MatchNeeds.objects.filter(pk=needs.pk).update(**said)
    for name, value in said.items():
        setattr(needs, name, value)
