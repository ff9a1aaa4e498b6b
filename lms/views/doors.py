"""Who may open a page of somebody's own place. Whoever may not is shown the way in, kindly."""

from collections.abc import Callable
from functools import wraps
from typing import TypeGuard
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from lms import signin
from lms.requests import PlaceRequest, Request

View = Callable[..., HttpResponse]


def own_place(view: View) -> View:
    """Only for people with a place; the way in leads back here. Never kept by a browser or a cache."""

    @never_cache
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if not has_place(request):
            return redirect(f"{reverse('lms:start')}?{urlencode({'next': request.path})}")
        return view(request, *args, **kwargs)

    return guarded


def whole_place(view: View) -> View:
    """Not after coming in by card alone: whoever found the card sees lessons, and no more."""

    @own_place
    @wraps(view)
    def guarded(request: PlaceRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.courses_only:
            said = {"has_new_number": signin.has_new_number(request.person)}
            return render(request, "lms/waits.html", said, status=403)
        return view(request, *args, **kwargs)

    return guarded


def has_place(request: Request) -> TypeGuard[PlaceRequest]:
    """Is somebody here who is more than a guest?"""
    return bool(request.person and request.person.user_id)


def safe(address: str) -> str:
    """An address to go on to: on this site and without a host, or nothing."""
    fine = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if fine else ""
