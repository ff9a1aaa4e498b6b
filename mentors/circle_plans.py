"""The coordinator's room for circles: all there are, a plan of new ones, and whether people are asked."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.requests import StaffRequest
from mentors import access, circles, coaches, forming, meetings, needs
from mentors.pairing import for_matching

if TYPE_CHECKING:
    from lms.models.programme import Programme


@for_matching
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Everything about circles in one programme."""
    if request.method == "POST":
        _ACTS.get(request.POST.get("act", ""), _nothing)(request, programme)
        return redirect("mentors:circle-plans", programme.pk)
    now, draft = timezone.now(), forming.open_in(programme)
    plan = forming.planned(draft) if draft else []
    people = [seat.person_id for _circle, seats in plan for seat in seats]
    access.seen_in_a_run(request.user, people, now=now)
    values = {
        "programme": programme,
        "draft": draft,
        "plan": [
            (circle, seats, circles.slot(circle, now=now), settings.TONGUES[circle.language])
            for circle, seats in plan
        ],
        "seated": len(people),
        "offers": [(one, settings.TONGUES[one.language]) for one in coaches.circle_offers_in(programme)],
        "wanting": needs.for_circles(programme).count(),
        "rows": meetings.overview(access.circles_in(programme), now=now),
        "reads": settings.READING,
    }
    return render(request, "mentors/circles/plans.html", values)


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _nothing(request: StaffRequest, programme: "Programme") -> None:
    """A button that nobody drew."""


def _begin(request: StaffRequest, programme: "Programme") -> None:
    try:
        forming.begin(programme, request.user, now=timezone.now())
    except forming.AlreadyOpen:
        return  # somebody else was quicker: the page shows theirs


def _decide(request: StaffRequest, programme: "Programme") -> None:
    draft = forming.open_in(programme)
    if draft is None:
        return
    try:
        if request.POST["act"] == "release":
            forming.release(draft, request.user, now=timezone.now())
        else:
            forming.drop(draft, now=timezone.now())
    except forming.NotADraft:
        return  # the page says how it stands


_ACTS: dict[str, Callable[[StaffRequest, "Programme"], None]] = {
    "begin": _begin,
    "release": _decide,
    "drop": _decide,
}
