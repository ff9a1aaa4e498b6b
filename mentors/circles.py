"""Circles: who leads one, who is asked into it, who says yes, and who leaves.

Nobody is put into a circle: everybody is asked on their own page, and a no stays with who said it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from lms.locks import one_at_a_time
from mentors import access, times
from mentors.models.circles import Circle, CircleSeat

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

A_WEEK = timedelta(days=7)
_IN = Q(joined_at__isnull=False, ended_at=None)


class NotAskedNow(Exception):
    """The question is answered, taken back or too old."""


class Full(Exception):
    """Somebody else took the last seat."""


class CannotLead(Exception):
    """Whoever it is does not lead circles there now."""


# ── Those who lead ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def make(
    leader: "User", programme: "Programme", form: UUID, said: dict[str, Any], *, now: datetime
) -> Circle:
    """A circle by hand; people are asked into it afterwards. The same form twice is one circle."""
    if leader not in access.could_lead(programme):
        raise CannotLead
    values = {"leader": leader, "programme": programme, "made_at": now, "asked_at": now, "began_at": now}
    circle, _ = Circle.objects.get_or_create(uid=form, defaults=said | values)
    if (circle.leader_id, circle.programme_id) != (leader.pk, programme.pk):
        raise access.NotYours
    return circle


@transaction.atomic
def ask(circle: Circle, by: "User", people: Iterable[UUID], *, now: datetime) -> int:
    """Ask people into a circle, as long as there is room, and say how many. Twice is once."""
    hold(circle)
    room = circle.largest - _seats(circle).filter(ended_at=None).count()
    wanted = access.could_join(circle, by, now=now).filter(pk__in=list(people))[: max(0, room)]
    seats = [CircleSeat(circle=circle, person=one, at=now, asked_at=now) for one in wanted]
    return len(CircleSeat.objects.bulk_create(seats))


@transaction.atomic
def hand_over(circle: Circle, to: "User", led_by: str) -> None:
    """Somebody else leads from now on. Whoever led before finds no such circle with the next request.

    It is no longer what was planned for one coach, so it goes on as if it had been made by hand.
    """
    if to not in access.could_lead(circle.programme):
        raise CannotLead
    Circle.objects.filter(pk=circle.pk).update(leader=to, led_by=led_by, draft=None)


@transaction.atomic
def end(circle: Circle, *, now: datetime) -> None:
    """They meet no more, and nobody sees it any more. Twice is once."""
    hold(circle)
    _seats(circle).filter(ended_at=None).update(ended_at=now)
    Circle.objects.filter(pk=circle.pk, ended_at=None).update(ended_at=now)


def with_numbers(circles: QuerySet[Circle]) -> QuerySet[Circle]:
    """With how many are in each, and how many of those who were asked lately that is."""
    return circles.annotate(
        people=Count("seats", filter=Q(seats__joined_at__isnull=False, seats__ended_at=None)),
        asked=Count("seats", filter=Q(seats__asked_at__isnull=False)),
    )


def slot(circle: Circle, *, now: datetime) -> datetime | None:
    """When a circle that was planned for an hour of the week meets again."""
    if circle.day is None or circle.hour is None:
        return None
    return times.next_of(circle.day, circle.hour, circle.time_zone, now=now)


# ── A person ─────────────────────────────────────────────────────────────────────────────────────────────


def asked(person: "Person", *, now: datetime) -> list[CircleSeat]:
    """Into which circles somebody is asked now."""
    return list(access.seats_of(person).filter(joined_at=None, asked_at__gt=now - A_WEEK))


def of(person: "Person") -> list[CircleSeat]:
    """In which circles somebody is."""
    return list(access.seats_of(person).filter(joined_at__isnull=False))


@transaction.atomic
def join(person: "Person", circle: UUID, *, now: datetime) -> CircleSeat:
    """Yes. With the yes that makes it large enough, a circle begins. Twice is once."""
    one_at_a_time(_key(circle))
    seat = access.seats_of(person).filter(circle=circle).first()
    if seat is None or not access.may_be_in(seat.circle, person):
        raise NotAskedNow
    if seat.joined_at:
        return seat
    if seat.asked_at is None or seat.asked_at <= now - A_WEEK:
        raise NotAskedNow
    there = _seats(seat.circle).filter(_IN).count()
    if there >= seat.circle.largest:
        raise Full
    seat.joined_at = now
    seat.save(update_fields=["joined_at"])
    if there + 1 >= seat.circle.smallest:
        Circle.objects.filter(pk=circle, began_at=None).update(began_at=now)
    return seat


@transaction.atomic
def leave(person: "Person", circle: UUID, *, now: datetime) -> None:
    """Not now, or no more: at once, and nobody asks why. Twice is once."""
    one_at_a_time(_key(circle))
    CircleSeat.objects.filter(circle=circle, person=person, ended_at=None, asked_at__isnull=False).update(
        ended_at=now
    )


# ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────


def expire(now: datetime) -> int:
    """What nobody answered within a week is over; so is a circle that by then is too small to begin."""
    old = CircleSeat.objects.filter(joined_at=None, ended_at=None, asked_at__lte=now - A_WEEK)
    over = old.update(ended_at=now)
    small = Circle.objects.filter(began_at=None, ended_at=None, asked_at__lte=now - A_WEEK)
    for circle in small:
        end(circle, now=now)
    return over


def hold(circle: Circle) -> None:
    """One at a time, whoever changes who is in it."""
    one_at_a_time(_key(circle.pk))


def _seats(circle: Circle) -> QuerySet[CircleSeat]:
    return CircleSeat.objects.filter(circle=circle)


def _key(circle: UUID) -> str:
    return f"circle {circle}"
