"""Every element of a learner's screen in every state, for those who build and write. Staff only."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lms.requests import Request

STATES = [
    ("wait", "waiting", "Still on this phone"),
    ("sent", "sent", "Sent"),
    ("look", "attention", "Not yet"),
    ("", "locked", "Held for you"),
]
PATHS = [["done", "done", "now", "", "", ""], ["", "", "", "", ""], ["done"] * 4]


@never_cache
def gallery(request: Request) -> HttpResponse:
    """All of them in the language, and so the direction, of the address."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "gallery.html", {"states": STATES, "paths": [(path, _of(path)) for path in PATHS]})


def _of(path: list[str]) -> tuple[int, int]:
    return path.count("done"), len(path)
