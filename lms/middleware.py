"""Who is here: staff with their second factor, or a person who learns."""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lms import staff
from lms.models.people import Person
from lms.requests import Request

Next = Callable[[HttpRequest], HttpResponse]
ROOMS = ("/cms/", "/desk/")
SECOND_FACTORS = "/staff/2fa/"
SHOW = {"totp": "mfa_reauthenticate", "webauthn": "mfa_reauthenticate_webauthn"}  # the app first, if both
WITHOUT_LANGUAGE = (*ROOMS, "/api/", "/staff/", "/f/")


class Languages(LocaleMiddleware):
    """The language of the address, else of the browser. What has none in its address is not sent to one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and request.path.startswith(WITHOUT_LANGUAGE):
            return response
        return super().process_response(request, response)


class SecondFactor:
    """Staff pages open only after password and second factor, or after a passkey."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.path.startswith(ROOMS) and (elsewhere := _elsewhere(request)):
            return elsewhere
        if (
            request.path.startswith(SECOND_FACTORS)
            and request.user.is_authenticated
            and not request.user.is_staff
        ):
            raise Http404
        return self.get_response(request)


class PersonHere:
    """`request.person`: the person of this session, guests included. A query only when it is asked for.

    It is lazy, as `request.user` is: ask `if request.person`, never `is None`. `request.courses_only`
    is true after coming in by card, until somebody confirms the phone. A browser in which somebody came in
    keeps a mark, so that it is known again.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.person = cast("Person | None", SimpleLazyObject(lambda: _person(request)))
        request.courses_only = cast("bool", SimpleLazyObject(lambda: _courses_only(request)))
        request.new_mark = ""
        response = self.get_response(request)
        if mark := getattr(request, "new_mark", ""):
            response.set_cookie(
                settings.MARK_COOKIE_NAME,
                mark,
                max_age=settings.SESSION_COOKIE_AGE,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response


def _elsewhere(request: Request) -> HttpResponse | None:
    """Where somebody must go before a staff room opens; None when they may enter."""
    user = request.user
    if not user.is_authenticated:
        return _ask("account_login", request)
    if not user.is_staff:
        raise Http404  # the same as for a room that does not exist
    if staff.day_is_over(request, now=timezone.now()):
        logout(request)
        return _ask("account_login", request)
    if staff.showed_second_factor(request):
        return None if _writes(request) else redirect("/desk/")
    has = staff.second_factors_of(user)
    return _ask(next((page for kind, page in SHOW.items() if kind in has), "mfa_index"), request)


def _writes(request: Request) -> bool:
    """Whether this room is theirs. Wagtail would send them to the door, and the door back to Wagtail."""
    return not request.path.startswith("/cms/") or request.user.has_perm("wagtailadmin.access_admin")


def _ask(page: str, request: HttpRequest) -> HttpResponse:
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    answer = redirect(page)
    answer["Location"] += f"?{urlencode(back)}" if back else ""
    answer["Cache-Control"] = "no-store"
    return answer


def _person(request: Request) -> Person | None:
    try:
        uid = UUID(request.session.get("person", ""))
    except ValueError:
        return None
    person = Person.objects.filter(pk=uid, merged_into=None).first()
    if person and person.user_id and person.user_id != request.user.pk:
        return None  # a place that was made since; this browser has only the guest's old mark
    return person


def _courses_only(request: Request) -> bool:
    since = request.session.get("courses_only")
    if not since or not request.person:
        return False
    confirmed_at = request.person.confirmed_at
    return not confirmed_at or confirmed_at < datetime.fromisoformat(since)
