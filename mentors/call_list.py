"""At the desk: a coach brings their list of calls onto their phone. What it does there, calls.mjs knows."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods

from courses import fixed
from courses.models import CATALOGUE, Publication
from lms.requests import StaffRequest
from mentors import access, calls
from mentors.views import for_staff

LONGEST_TOKEN = 100  # letters; a phone makes it of 64


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """The page; the list of now, for a phone that has one; and a new phone with its token."""
    if not access.coaches_for(request.user):
        raise Http404
    if request.method == "POST":
        token = request.POST.get("token", "")
        if not 0 < len(token) <= LONGEST_TOKEN:
            return JsonResponse({"code": "not_understood"}, status=400)
        access.phone_of(request.user, token, label="", now=timezone.now())
        return JsonResponse(_list(request, get_language() or "ur"))
    if (reads := request.GET.get("list", "")) in settings.READING:
        return JsonResponse(_list(request, reads))
    values = {"store": _store(request), "page": _where(get_language() or "ur")[0], "reads": settings.READING}
    return render(request, "mentors/calls/desk.html", values)


def _list(request: StaffRequest, reads: str) -> dict[str, Any]:
    page, offers = _where(reads)
    with override(reads):
        rows = calls.listed(request.user, now=timezone.now())
    return {"rows": rows, "page": page, "offers": offers, "store": _store(request)}


def _where(reads: str) -> tuple[str, list[str]]:
    """The page that opens the list, in this language or in Urdu; and what a phone keeps: the way, and it."""
    key = fixed.key(calls.PAGE)
    stands = Publication.objects.filter(page_key=key, locale=reads).exists()
    language = reads if stands else "ur"
    offers = [f"/packs/{language}/{one}.json" for one in (CATALOGUE, key)]
    return f"/{language}/{calls.PAGE}/", offers


def _store(request: StaffRequest) -> str:
    """The name of this coach's store on a phone that several may use."""
    return f"hamrah-calls-{request.user.pk}"
