"""The end of every way in: the place opens, what was done before comes along, and one goes on."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms import consent, invitations, phones, reception, signin
from lms.models.people import Person
from lms.requests import Request
from lms.views.doors import safe

A_WHILE = timedelta(minutes=10)
PROVEN_FOR = timedelta(hours=1)
FAMILY_FOR = timedelta(hours=1)
TRY_LATER = _("Many people are coming in just now. Please try again in a few minutes.")


def open_place(request: Request, person: Person, *, now: datetime, courses_only: bool = False) -> None:
    """Sign in, and give the person what a guest did in this browser."""
    guests = guests_here(request)
    signin.sign_in(request, person, now=now, courses_only=courses_only)
    take_along(request, person, guests, now=now)


def take_along(request: Request, person: Person, guests: list[Person], *, now: datetime) -> None:
    """To a place that is open: what guests did here, and the invitation that was shown before."""
    for guest in guests:
        with suppress(phones.NotAGuest):  # somebody else's by now: it stays theirs
            phones.claim(guest, person, now=now)
    if not request.courses_only and (code := request.session.pop("invited", "")):
        try:
            invitations.enter(code, person, now)
        except invitations.NotInvited:
            request.session["told"] = "not-invited"


def guests_here(request: Request) -> list[Person]:
    """Whoever learned here without a place: in this browser's session, and under the phone's own token."""
    token = request.POST.get("guest", "")
    there = phones.person_of(token) if token else None
    return [guest for guest in (request.person, there) if guest and not guest.user_id]


def onward(request: Request) -> str:
    """Where somebody goes who has just come in: first what was never asked, then where they wanted to."""
    if wants_a_pin(request):
        return reverse("lms:pin")
    if request.person and consent.still_to_ask(request.person) and not request.courses_only:
        return reverse("lms:consent")
    return safe(request.session.pop("next", "")) or reverse("lms:mine")


def wants_a_pin(request: Request) -> bool:
    """They said so at a desk, have chosen none yet, and have not said "later" in this session."""
    if not request.person or request.courses_only or "pin_later" in request.session:
        return False
    return reception.pin_to_choose(request.person)


def go_on(request: Request) -> HttpResponse:
    """Onward, as an answer."""
    return redirect(onward(request))


def remember(answer: HttpResponse, **chosen: str) -> HttpResponse:
    """Pages that are the same for everybody learn from these how somebody reads and hears."""
    for name, value in chosen.items():
        if not value:
            continue
        # Readable by the page's script, which chooses voice and digits; it says nothing about anybody.
        age = settings.SESSION_COOKIE_AGE
        answer.set_cookie(name, value, max_age=age, secure=settings.HTTPS, httponly=False, samesite="Lax")
    return answer


def proven(request: Request) -> str:
    """The number that was proven in this session, not long ago."""
    said = request.session.get("proven")
    if not said or datetime.fromisoformat(said["at"]) < timezone.now() - PROVEN_FOR:
        return ""
    return said["number"]


def household(request: Request) -> str:
    """The label of who has just asked somebody of their family to begin here."""
    said = request.session.get("household")
    if not said or datetime.fromisoformat(said["at"]) < timezone.now() - FAMILY_FOR:
        return ""
    return said["uid"]
