"""What a request carries once our middleware has seen it. For the type check: at work it is Django's own."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from lms.models.people import Device, Person, User


class Request(HttpRequest):
    """What every view is given. See `lms.middleware.PersonHere`: person and mark are lazy."""

    user: User | AnonymousUser
    person: Person | None
    courses_only: bool
    new_mark: str  # to be kept by the browser; empty when it has one


class PlaceRequest(Request):
    """Behind `own_place`, where somebody is who is more than a guest."""

    user: User
    person: Person


class StaffRequest(Request):
    """Behind `for_staff`."""

    user: User


class PhoneRequest(Request):
    """Behind a phone's token."""

    auth: Device


def uid(said: str | None) -> UUID | None:
    """The id that a field or an address names, if it is one."""
    try:
        return UUID(said or "")
    except ValueError:
        return None


def wants_json(request: HttpRequest) -> bool:
    """Does a script ask, and not a browser that shows what comes?"""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
