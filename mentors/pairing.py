"""The coordinator's room: who could coach, what a run of the matching found, and whether people are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses import districts
from courses.spelling import shown
from lms.requests import StaffRequest
from mentors import access, coaches, runs, training
from mentors.models.coaching import CoachProfile
from mentors.models.matching import MatchRun, Proposal, ProposedCoach, Waits
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.programme import Programme

View = Callable[..., HttpResponse]
WHY = {
    "not_ready": _("No coach is approved, vetted and trained just now."),
    "safeguarding": _("The safeguarding lead has not agreed yet: 16 or 17 years old."),
    "gender": _("No coach of the gender that they asked for is there."),
    "language": _("No coach talks one of their languages."),
    "trauma": _("No coach has the training that they need."),
    "reach": _("Nobody is near enough, or talks by phone."),
    "time": _("Nobody has time when they have."),
    "village": _("Those who fit come from the same village."),
    "kept_for_women": _("Women's seats are kept for women who wait."),
    "reserved": _("Seats beside women wait a little for women who ask for one."),
}
HELD = _("A seat that fits is kept for a little while for somebody who is likely to come.")
FULL = _("Coaches who fit are full: {n}.")
NOT_TRAINED = _("This coach has not passed the check yet. Say where else they were trained, or wait for it.")
SAY_WHERE = _("Please write where they were trained.")
NOBODY = _("Nobody fits. The safeguarding lead may know more.")


class Refused(Exception):
    """What somebody wanted is not done; the sentence says why."""


@dataclass(frozen=True)
class Offering:
    """One coach as a coordinator sees them."""

    profile: CoachProfile
    seats: coaches.Seats
    is_ready: bool
    is_trained: bool
    way: training.Way


@dataclass(frozen=True)
class Row:
    """One pair as a coordinator sees it."""

    proposal: Proposal
    coaches: list[ProposedCoach]


def for_matching(view: View) -> View:
    """For coordinators and leads, with one of their programmes. For others there is no such page."""

    @for_staff
    @wraps(view)
    def guarded(request: StaffRequest, programme: UUID, *args: object) -> HttpResponse:
        there = next((one for one in access.matches_for(request.user) if one.pk == programme), None)
        if there is None:
            raise Http404
        return view(request, there, *args)

    return guarded


@for_matching
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Everything about pairs in one programme."""
    now = timezone.now()
    refused = ""
    if request.method == "POST":
        try:
            _ACTS.get(request.POST.get("act", ""), _nothing)(request, programme)
            return redirect("mentors:matching", programme.pk)
        except Refused as why:
            refused = str(why)
    run = runs.open_in(programme) or runs.last_in(programme)
    rows, waits = _found(run) if run else ([], [])
    people = [row.proposal.person_id for row in rows] + [one.person_id for one in waits]
    access.seen_in_a_run(request.user, people, now=now)
    values = {
        "programme": programme,
        "run": run,
        "rows": rows,
        "waits": [(one, _why(one)) for one in waits],
        "wanted": _wanted(run) if run else [],
        "coaches": _coaches(programme, now),
        "refused": refused,
        "may_begin": run is None or run.state not in runs.OPEN,
        "reads": settings.READING,
    }
    return render(request, "mentors/pairing/room.html", values, status=409 if refused else 200)


def _found(run: MatchRun) -> tuple[list[Row], list[Waits]]:
    proposals = Proposal.objects.filter(run=run).select_related("person").order_by("-tier", "person__name")
    of: dict[UUID, list[ProposedCoach]] = {}
    for one in ProposedCoach.objects.filter(proposal__run=run).select_related("coach").order_by("rank"):
        of.setdefault(one.proposal_id, []).append(one)
    waits = Waits.objects.filter(run=run).select_related("person").order_by("-tier", "person__name")
    return [Row(one, of.get(one.pk, [])) for one in proposals], list(waits)


def _why(waits: Waits) -> str:
    if waits.rule == "held":
        return str(HELD)
    if waits.suitable:
        return str(FULL).format(n=waits.suitable)
    return str(WHY.get(waits.rule, NOBODY))


def _wanted(run: MatchRun) -> list[dict[str, object]]:
    """Which coaches would help most; districts by their names."""
    language, found = get_language() or settings.LANGUAGE_CODE, run.stats.get("wanted", [])
    return [one | {"district": districts.name(one["district"], language)} for one in found]


def _coaches(programme: "Programme", now: datetime) -> list[Offering]:
    """All who offer, with their seats, whether new people may come, and how far they are trained."""
    taught, today = training.course(), now.date()
    training.look_at(programme, taught, now=now)
    found = CoachProfile.objects.filter(
        programme=programme, ended_at=None, coach__in=access.coaching_in(programme)
    ).select_related("coach", "approved_by", "brought_by")
    profiles = list(found.order_by("coach__first_name", "pk"))
    ways = training.ways(profiles, taught)
    return [
        Offering(
            one,
            coaches.seats(one),
            coaches.is_ready(one, today=today),
            coaches.is_trained(one, today=today),
            ways[one.pk],
        )
        for one in profiles
    ]


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _nothing(request: StaffRequest, programme: "Programme") -> None:
    """A button that nobody drew."""


def _begin(request: StaffRequest, programme: "Programme") -> None:
    try:
        runs.begin(programme, request.user, now=timezone.now())
    except runs.AlreadyOpen:
        return  # somebody else was quicker: the page shows theirs


def _leave(request: StaffRequest, programme: "Programme") -> None:
    """A coach cannot go on; said twice, by a tick and a button."""
    profile = get_object_or_404(CoachProfile, programme=programme, pk=_number(request.POST.get("coach")))
    if "sure" in request.POST:
        coaches.leave(profile, now=timezone.now())


def _decide(request: StaffRequest, programme: "Programme") -> None:
    run = runs.open_in(programme)
    if run is None:
        return
    try:
        if request.POST["act"] == "release":
            runs.release(run, request.user, now=timezone.now())
        else:
            runs.drop(run, now=timezone.now())
    except (runs.NotADraft, runs.NotProven):
        return  # the page says how it stands


def _change(request: StaffRequest, programme: "Programme") -> None:
    """Leave one pair out, with a reason; or put it back."""
    proposal = get_object_or_404(Proposal, run__programme=programme, uid=_uid(request.POST.get("pair")))
    reason = _reason(request)
    try:
        if request.POST["act"] == "put-back":
            runs.put_back(proposal, now=timezone.now())
        elif reason:
            runs.leave_out(proposal, request.user, reason, now=timezone.now())
    except runs.NotADraft:
        return


def _reason(request: StaffRequest) -> str:
    """As a human wrote it, without signs that no database keeps."""
    return shown(request.POST.get("reason", "")).strip()[: training.LONGEST_REASON]


def _approve(request: StaffRequest, programme: "Programme") -> None:
    profile = get_object_or_404(CoachProfile, programme=programme, pk=_number(request.POST.get("coach")))
    today = timezone.now().date()
    try:
        coaches.approve(profile, request.user, until=today + coaches.A_YEAR, today=today)
    except coaches.NotTheirOwn:
        return  # the button is not drawn for them
    except coaches.NotTrained:
        raise Refused(NOT_TRAINED) from None


def _trained(request: StaffRequest, programme: "Programme") -> None:
    """Somebody was trained elsewhere, and a human says where."""
    profile = get_object_or_404(
        CoachProfile, programme=programme, ended_at=None, pk=_number(request.POST.get("coach"))
    )
    reason = _reason(request)
    if not reason:
        raise Refused(SAY_WHERE)
    try:
        training.by_hand(profile, request.user, reason, now=timezone.now())
    except coaches.NotTheirOwn:
        return  # the form is not drawn for them


def _draft_lessons(request: StaffRequest, programme: "Programme") -> None:
    """One of two says that a coach may draft lessons; said twice by one it is said once."""
    profile = get_object_or_404(CoachProfile, programme=programme, pk=_number(request.POST.get("coach")))
    try:
        coaches.make_co_trainer(profile, request.user)
    except (coaches.NotTheirOwn, coaches.NotActive):
        return  # the button is not drawn for them


_ACTS: dict[str, Callable[[StaffRequest, "Programme"], None]] = {
    "begin": _begin,
    "release": _decide,
    "drop": _decide,
    "leave-out": _change,
    "put-back": _change,
    "approve": _approve,
    "trained": _trained,
    "leave": _leave,
    "co-trainer": _draft_lessons,
}


def _uid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None


def _number(text: str | None) -> int:
    if not (text or "").isdecimal():
        raise Http404
    return int((text or "")[:12])
