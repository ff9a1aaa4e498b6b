"""Somebody's way, at the desk: a coordinator types the days that the person says, and how the way ended."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from lms import days, way
from lms.journey import Dates, Ending, Plan
from lms.requests import StaffRequest
from lms.views.way import NO_DAY, TROUBLES
from mentors import access, bonds
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.people import Person

ENDINGS = {
    Ending.STAYS: gettext_noop("stays, and needs no list any more"),
    Ending.MOVED_ON: gettext_noop("moved on to another place"),
    Ending.WITHDREW: gettext_noop("does not want it any more"),
    Ending.LOST: gettext_noop("could not be reached for long"),
    Ending.DIED: gettext_noop("has died"),
}


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, programme: UUID, uid: UUID) -> HttpResponse:
    """One person of the board; for everybody else there is no such page."""
    now = timezone.now()
    where, someone = access.on_the_way(request.user, programme, uid, now=now)
    trouble, typed = "", request.POST.get("day", "").strip()[: days.LONGEST]
    if request.method == "POST":
        try:
            _keep(someone, request.POST.get("act", ""), typed, request.POST.get("ending", ""), now)
            return redirect("mentors:walks", where.pk)
        except way.NotThatDay as refused:
            trouble = gettext(TROUBLES[refused.problem])
        except days.NotADay:
            trouble = gettext(NO_DAY)
    journey = way.of(someone)
    values = {
        "programme": where,
        "person": someone,
        "journey": journey,
        "words": way.in_words(journey, now=now) if journey else "",
        "trouble": trouble,
        "typed": typed,
        "act": request.POST.get("act", ""),
        "reads": settings.READING,
        "endings": [(ending.value, gettext(words)) for ending, words in ENDINGS.items()],
    }
    return render(request, "mentors/talks/way.html", values, status=422 if trouble else 200)


def _keep(person: "Person", act: str, typed: str, ending: str, now: datetime) -> None:
    day = days.read(typed) if typed else None
    if act == "leaves":
        _leaves(person, day, now)
    elif act == "home":
        way.arrive(person, day, now=now)
    elif act == "ends" and ending in {one.value for one in ENDINGS}:
        way.end(person, Ending(ending), now=now)
        # Whoever walked with somebody who died is asked for no further talk.
        if ending == Ending.DIED and (bond := bonds.present(person)):
            bonds.end(bond, at=now)


def _leaves(person: "Person", day: date | None, now: datetime) -> None:
    journey = way.of(person)
    way.say(person, Dates(Plan.GOING, day, journey.arrived_on if journey else None), now=now)
