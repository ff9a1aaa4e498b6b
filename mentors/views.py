"""The desk: a coach's people, a lead's numbers, a trainer's way to the lessons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from courses.outline import CourseCard, shelf
from lms.requests import PlaceRequest, Request, StaffRequest
from lms.views.doors import whole_place
from mentors import (
    access,
    asking,
    bonds,
    cadence,
    caseload,
    coaches,
    complaints,
    contacts,
    meetings,
    messages,
    needs,
)

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme
    from mentors.models.coaching import CoachProfile
    from mentors.models.contacts import Contact
    from mentors.models.matching import ProposedCoach

View = Callable[..., HttpResponse]

MOST_LOOKS = 100  # on one page; the copy of everything holds them all


@dataclass(frozen=True)
class Row:
    """One person in a coach's list."""

    person: "Person"
    walk: contacts.Walk
    way: caseload.Way | None
    quiet: str
    is_quiet: bool  # for so long that a call would be good
    new: int  # messages that the coach has not seen
    where: str  # on their way


@dataclass(frozen=True)
class Entry:
    """One thing on somebody's way: what they learned, or a talk."""

    on: date
    moment: caseload.Moment | None = None
    talk: "Contact | None" = None


def for_staff(view: View) -> View:
    """Staff sign in first. For everybody else there is no such page."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@for_staff
@require_http_methods(["GET", "HEAD"])
def home(request: StaffRequest) -> HttpResponse:
    roles = access.roles_of(request.user)
    people = list(_people(request)) if "coach" in roles else None
    values = {
        "people": people,
        "handing": bonds.handing_over(request.user, [row.person for row in people or []]),
        "handed": bonds.handed_over_lately(request.user, now=timezone.now()) if people is not None else 0,
        "numbers": access.programme_people_count(request.user) if "lead" in roles else None,
        "told": access.remarks_that_wait(request.user) if roles & {*access.WRITERS} else None,
        "asked": _asked(request.user) if "coach" in roles else [],
        "offers": _offers(request.user) if "coach" in roles else [],
        "leads": bool(roles & {*access.LEADING}),
        "circles": meetings.overview(access.circles_led_by(request.user), now=timezone.now()),
        "matches": access.matches_for(request.user),
        "receives": access.receives_for(request.user) if roles & {*access.RECEPTION} else [],
        "watches": _watched(request.user) if "safeguarding" in roles else [],
        "reads": settings.READING,
    }
    return render(request, "mentors/home.html", values)


@for_staff
@require_http_methods(["GET", "HEAD"])
def person(request: StaffRequest, uid: UUID) -> HttpResponse:
    now = timezone.now()
    someone = access.learner(request.user, uid, now=now)
    bond = access.bonds_of(request.user, [someone]).get()
    standings = access.progress_of([someone]).get(someone.pk, [])
    courses = _taught(someone, standings, shelf)
    values = {
        "person": someone,
        "way": caseload.way(courses, standings),
        "walk": contacts.in_touch([bond], now=now)[0],
        "entries": _timeline(caseload.timeline(courses, standings), contacts.of_bond(bond)),
        "quiet": _quiet(someone, now),
        "where": access.ways_of([someone], now=now).get(someone.pk, ""),
        "phone_waits": access.phone_waits(someone),
        "number": access.number_of(request.user, someone),
        "bond": bond,
        "new": messages.waiting_for_coach([bond]).get(bond.pk, 0),
        "other": bonds.beside(bond),
        "reads": settings.READING,
    }
    return render(request, "mentors/person.html", values)


@for_staff
@require_http_methods(["POST"])
def confirm_phone(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Whoever came in by key card is really the person: their coach says so."""
    access.confirm_phone(request.user, uid, now=timezone.now())
    return redirect("mentors:person", uid)


@for_staff
@require_http_methods(["POST"])
def language(request: HttpRequest) -> HttpResponse:
    """The language in which the desk is read."""
    return set_language(request)


@whole_place
@require_http_methods(["GET", "HEAD"])
def who_looked(request: PlaceRequest) -> HttpResponse:
    """For a person: who of the staff looked at them, and when."""
    looks = access.looks_at(request.person)[:MOST_LOOKS]
    return render(request, "mentors/who_looked.html", {"looks": looks, "zone": request.person.time_zone})


def _people(request: StaffRequest) -> Iterable[Row]:
    now = timezone.now()
    people, shelf_of = access.caseload(request.user, now=now), cache(shelf)
    progress, by_id = access.progress_of(people), {one.pk: one for one in people}
    ways = access.ways_of(people, now=now)
    walks = contacts.in_touch(contacts.first_to_call(access.bonds_of(request.user, people)), now=now)
    new = messages.waiting_for_coach(walk.bond for walk in walks)
    return [
        Row(
            one,
            walk,
            caseload.way(_taught(one, stood, shelf_of), stood),
            _quiet(one, now),
            is_quiet=(_days_since(one.learned_at, one, now) or 0) >= contacts.QUIET,
            new=new.get(walk.bond.pk, 0),
            where=ways.get(one.pk, ""),
        )
        for walk in walks
        for one, stood in [(by_id[walk.bond.person_id], progress.get(walk.bond.person_id, []))]
    ]


def _timeline(moments: Iterable[caseload.Moment], talks: Iterable["Contact"]) -> list[Entry]:
    """Lessons and talks in one row, the latest first."""
    entries = [
        *(Entry(talk.on, talk=talk) for talk in talks),
        *(Entry(moment.at.date(), moment=moment) for moment in moments),
    ]
    return sorted(entries, key=lambda entry: entry.on, reverse=True)


def _asked(coach: "User") -> "list[tuple[ProposedCoach, str]]":
    """Whom a coach is asked about, and until when, if it waits for days."""
    now = timezone.now()
    found = ((one, one.proposal.run.programme.time_zone) for one in asking.asked_of(coach, now=now))
    waits = ((one, asking.until(one.proposal, zone, now=now)) for one, zone in found)
    return [(one, _(until) if until else "") for one, until in waits]


def _offers(coach: "User") -> "list[tuple[Programme, CoachProfile | None]]":
    """Where somebody coaches, and what they offer there."""
    return [(where, coaches.profile_in(where, coach)) for where in access.coaches_for(coach)]


def _watched(lead: "User") -> "list[tuple[Programme, int, int, int]]":
    """Where somebody is the safeguarding lead: how many wait for a yes, to be heard, and to be read."""
    return [
        (
            where,
            needs.without_a_yes(where).count(),
            complaints.waiting_in(where),
            messages.waiting_in(where),
        )
        for where in access.watched_by(lead)
    ]


def _taught(
    one: "Person", standings: Iterable[caseload.Stood], shelf_of: Callable[[str], list[CourseCard]]
) -> list[CourseCard]:
    """What somebody can learn, called as in the desk's language: of the language that they read.

    Of other languages, too, as long as something that they did is not among it.
    """
    courses: list[CourseCard] = []
    missing = {str(one.lesson) for one in standings}
    for language in dict.fromkeys([one.reads, *settings.READING]):
        courses += shelf_of(language)
        missing -= {lesson.key for course in courses for lesson in course.lessons}
        if not missing:
            break
    return caseload.called(courses, shelf_of(get_language() or settings.LANGUAGE_CODE))


def _quiet(one: "access.Learner", now: datetime) -> str:
    """When somebody last learned, in days of the place where they are."""
    days = _days_since(one.learned_at, one, now)
    if days is None:
        return _("Nothing has arrived yet")
    return (
        ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days} if days > 0 else _("today")
    )


def _days_since(moment: datetime | None, one: "Person", now: datetime) -> int | None:
    """In days of the place where somebody is."""
    if moment is None:
        return None
    return (cadence.day(now, one.time_zone) - cadence.day(moment, one.time_zone)).days
