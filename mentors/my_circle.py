"""A person's own page of circles: a question, and then when and where, who leads, and what it is about."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from courses.outline import UnitCard, shelf
from lms.requests import PlaceRequest
from lms.views.doors import whole_place
from mentors import access, circles, meetings, needs
from mentors.circle_room import give_calendar, give_recording, playable
from mentors.models.circles import CircleSeat, Meeting
from mentors.models.coaching import MatchNeeds

if TYPE_CHECKING:
    from lms.models.people import Person

WISHES = {
    MatchNeeds.Circle.SAME: gettext_noop("Yes: women with women, men with men"),
    MatchNeeds.Circle.ANY: gettext_noop("Yes, with women and men"),
    MatchNeeds.Circle.NO: gettext_noop("No, not now"),
}


@dataclass(frozen=True)
class Asked:
    """A circle into which somebody is asked."""

    seat: CircleSeat
    slot: datetime | None
    heard: str  # what it is called and who leads it, for the speaker
    may: bool  # else they say first who may see how far they are


@dataclass(frozen=True)
class Mine:
    """A circle in which somebody is."""

    seat: CircleSeat
    slot: datetime | None
    next: Meeting | None
    heard: str  # when and where, for the speaker
    unit: UnitCard | None
    coming: list[Meeting]  # after the next one
    recorded: list[tuple[Meeting, UnitCard | None]]  # the latest first


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PlaceRequest) -> HttpResponse:
    """What somebody is asked, their circles, and whether they would like one."""
    if request.method == "POST":
        return _ACTS.get(request.POST.get("act", ""), _nothing)(request)
    person, now = request.person, timezone.now()
    units = _units()
    asked = [_asked(seat, person, now) for seat in circles.asked(person, now=now)]
    told = needs.of(person)
    values = {
        "asked": asked,
        "mine": [_mine(seat, units, person.time_zone, now) for seat in circles.of(person)],
        "needs": told,
        "wishes": [(value, gettext(words), f"ui:{words}") for value, words in WISHES.items()],
        "zone": person.time_zone,
        "full": "full" in request.GET,
    }
    return render(request, "mentors/circles/mine.html", values)


@whole_place
@require_http_methods(["GET", "HEAD"])
def calendar(request: PlaceRequest, meeting: UUID) -> HttpResponse:
    """A meeting of one's own circle, for one's own calendar."""
    return give_calendar(meetings.for_person(request.person, meeting))


@whole_place
@require_http_methods(["GET", "HEAD"])
def recording(request: PlaceRequest, meeting: UUID) -> HttpResponse:
    """What was recorded of it."""
    return give_recording(request, meetings.for_person(request.person, meeting))


def spoken() -> list[tuple[str, str]]:
    """All that this screen says and no template holds."""
    return [(words, "") for words in WISHES.values()]


def _asked(seat: CircleSeat, person: "Person", now: datetime) -> Asked:
    slot = circles.slot(seat.circle, now=now)
    called = seat.circle.name or (_aloud(slot, person.time_zone, "l") if slot else "")
    heard = f"{called}. {seat.circle.led_by}"
    return Asked(seat, slot, heard, access.may_be_in(seat.circle, person))


def _mine(seat: CircleSeat, units: dict[str, UnitCard], zone: str, now: datetime) -> Mine:
    there = list(meetings.for_seat(seat))
    first = meetings.next_of(there, now=now)
    return Mine(
        seat,
        circles.slot(seat.circle, now=now),
        first,
        f"{_aloud(first.at, zone, 'l j F')}. {first.place}" if first else "",
        units.get(str(first.unit)) if first else None,
        [one for one in there if one.at > now and one != first],
        [(one, units.get(str(one.unit))) for one in reversed(there) if playable(one)],
    )


def _aloud(moment: datetime, zone: str, day: str) -> str:
    """A day, written like this, and the hour, by the clock of a place."""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(there, day)}, {date_format(there, 'H:i')}"


def _units() -> dict[str, UnitCard]:
    language = get_language() or settings.LANGUAGE_CODE
    return {unit.key: unit for course in shelf(language) for unit in course.units}


# ── What can be done on the one page ─────────────────────────────────────────────────────────────────────


def _nothing(request: PlaceRequest) -> HttpResponse:
    return redirect("looks:circle")


def _join(request: PlaceRequest) -> HttpResponse:
    if uid := _circle(request):
        try:
            circles.join(request.person, uid, now=timezone.now())
        except circles.Full:
            return redirect(f"{request.path}?full")
        except circles.NotAskedNow:
            pass  # answered, or too old: the page says how it stands
    return redirect("looks:circle")


def _leave(request: PlaceRequest) -> HttpResponse:
    if uid := _circle(request):
        circles.leave(request.person, uid, now=timezone.now())
    return redirect("looks:circle")


def _wish(request: PlaceRequest) -> HttpResponse:
    told, wish = needs.of(request.person), request.POST.get("wish", "")
    if told and wish in WISHES:
        needs.say_circle(told, wish)
    return redirect("looks:circle")


def _circle(request: PlaceRequest) -> UUID | None:
    with suppress(ValueError):
        return UUID(request.POST.get("circle", ""))
    return None


_ACTS: dict[str, Callable[[PlaceRequest], HttpResponse]] = {
    "join": _join,
    "not-now": _leave,
    "leave": _leave,
    "wish": _wish,
}
