"""The reception desk: a person is taken in while they wait, on a bad line, with the keyboard alone.

The form has an id of its own. It may be sent twice, or again after the line broke: one person comes of it.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms import cards, invitations, reception, sheets
from lms.numbers import CountryNotServed, NotANumber, normalise
from lms.requests import StaffRequest, uid
from mentors import access
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.programme import Programme

View = Callable[..., HttpResponse]
ROOM = 25  # cards for a usual course room

MOST_INVITED = 200
DAYS = ("1", "7", "30", "90")  # how long an invitation is open

NOT_A_NUMBER = _("Please look at the number again. It is the number of a mobile phone, like 0300 1234567.")
NOT_SERVED = _("We cannot send messages to this country yet. Leave the number out.")
MANY_INVITED = _("Please choose a programme and a number from 1 to 200.")
HOW_MANY = _("Please choose a number from 1 to 50.")


def for_reception(view: View) -> View:
    """For coordinators and leads, with the programmes that are theirs. For others there is no such page."""

    @for_staff
    @wraps(view)
    def guarded(request: StaffRequest) -> HttpResponse:
        programmes = access.receives_for(request.user)
        if not programmes:
            raise Http404
        return view(request, programmes)

    return guarded


@for_reception
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: StaffRequest, programmes: "list[Programme]") -> HttpResponse:
    """One form, one person, one card."""
    form = uid(request.POST.get("form"))
    if not form:
        return _ask(request, programmes, uuid4())
    said, still_open = reception.heard(request.POST)
    if said.age == reception.TOO_YOUNG:
        return _turn_away(request, form)
    programme = _chosen(request, programmes)
    number, trouble = _number(request.POST.get("number", ""), programme)
    if still_open or trouble or not programme:
        return _ask(request, programmes, form, still_open=still_open, trouble_number=trouble)
    said = replace(said, number=number)
    try:
        taken = access.take_in(request.user, form, said, programme.pk, now=timezone.now())
    except reception.ShownBefore:
        return _tell(request, "before", {}, status=409)
    card = {"groups": cards.groups(taken.code), "qr": cards.qr(taken.code), "address": cards.page()}
    return _tell(request, "card", {"person": taken.person, "with_pin": said.with_pin, **card})


@for_reception
@require_http_methods(["GET", "HEAD", "POST"])
def room_cards(request: StaffRequest, programmes: "list[Programme]") -> HttpResponse:
    """Cards for people who are not there yet."""
    form, programme = uid(request.POST.get("form")), _chosen(request, programmes)
    asked = {"programmes": programmes, "form": form or uuid4(), "room": ROOM, "most": reception.MOST_CARDS}
    if request.method != "POST" or not form:
        return _render(request, "room", asked)
    how_many = reception.how_many(request.POST.get("how_many", ""))
    if not how_many or not programme:
        said = {"room": request.POST.get("how_many", ""), "trouble": HOW_MANY, "programme": programme}
        return _render(request, "room", asked | said, status=422)
    try:
        batch = access.print_cards(request.user, form, programme.pk, how_many, now=timezone.now())
    except reception.ShownBefore:
        return _render(request, "room", asked | {"form": uuid4(), "before": True}, status=409)
    return _render(request, "room_made", {"batch": batch, "form": form})


@for_reception
@require_http_methods(["POST"])
def sheet(request: StaffRequest, programmes: "list[Programme]") -> HttpResponse:
    """The cards of a batch that was made a moment ago, to print. A name in the file's name tells nothing."""
    form = uid(request.POST.get("form"))
    try:
        batch, codes = reception.sheet_of(form or uuid4(), by=request.user, now=timezone.now())
    except reception.ShownBefore:
        raise Http404 from None
    drawn = sheets.draw(codes, room=batch.programme.name, ends_on=batch.ends_at.date())
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="key-cards.pdf"'
    return answer


@for_reception
@require_http_methods(["GET", "HEAD", "POST"])
def invitations_page(request: StaffRequest, programmes: "list[Programme]") -> HttpResponse:
    """Digits with which many people join a programme, each with a place of their own."""
    if request.method != "POST":
        return _list_invitations(request, programmes)
    programme, days = _chosen(request, programmes), request.POST.get("days", "")
    uses = reception.how_many(request.POST.get("how_many", ""), most=MOST_INVITED)
    if not (programme and uses and days in DAYS):
        return _list_invitations(request, programmes, trouble=MANY_INVITED)
    until = timezone.now() + timedelta(days=int(days))
    code = access.invite(request.user, programme.pk, uses, until=until)
    shown = {
        "groups": invitations.groups(code),
        "qr": invitations.qr(code),
        "address": invitations.address("").partition("://")[2].rstrip("#"),
    }
    return _render(request, "invitation", {"programme": programme, "uses": uses, "until": until, **shown})


@for_staff
@require_http_methods(["POST"])
def end_invitation(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Nobody joins with it any more. What is not theirs to end stays, and looks the same."""
    access.end_invitation(request.user, uid, now=timezone.now())
    return redirect("mentors:invitations")


def _list_invitations(
    request: StaffRequest, programmes: "list[Programme]", *, trouble: Promise | None = None
) -> HttpResponse:
    values = {
        "programmes": programmes,
        "programme": _chosen(request, programmes),
        "open": access.open_invitations(request.user, now=timezone.now()),
        "days": DAYS,
        "most": MOST_INVITED,
        "room": request.POST.get("how_many", ROOM),
        "chosen": request.POST.get("days", DAYS[1]),
        "trouble": trouble,
    }
    return _render(request, "invitations", values, status=422 if trouble else 200)


def _ask(
    request: HttpRequest,
    programmes: "list[Programme]",
    form: UUID,
    *,
    still_open: Collection[str] = (),
    trouble_number: Promise | None = None,
) -> HttpResponse:
    """The form. What was written stays in it; for the next person, the languages and the programme do."""
    sent = request.method == "POST"
    programme = _chosen(request, programmes)
    asked = {
        "said": {
            "reads": settings.READING[0],
            "hears": settings.HEARING[0],
            **(request.POST if sent else request.GET).dict(),
        },
        "form": form,
        "programmes": programmes,
        "programme": programme,
        "pictures": reception.PICTURES,
        "read_in": settings.READING,
        "hear_in": settings.HEARING,
        "still_open": still_open,
        "trouble_number": trouble_number,
        "trouble_programme": sent and not programme,
    }
    return _render(request, "desk", asked, status=422 if sent else 200)


def _turn_away(request: StaffRequest, form: UUID) -> HttpResponse:
    """Under 16 there is no place; nothing that was said is kept."""
    try:
        reception.turn_away(form, by=request.user, now=timezone.now())
    except reception.ShownBefore:
        return _tell(request, "before", {}, status=409)
    return _tell(request, "young", {})


def _tell(request: HttpRequest, what: str, values: dict[str, object], *, status: int = 200) -> HttpResponse:
    """What came of a form, and the way to the next one."""
    kept = {key: request.POST[key] for key in ("reads", "hears", "programme") if key in request.POST}
    following = f"{reverse('mentors:reception')}?{urlencode(kept)}"
    return _render(request, what, {"following": following, **values}, status=status)


def _render(request: HttpRequest, what: str, values: dict[str, object], *, status: int = 200) -> HttpResponse:
    frame = {"reads": settings.READING, "receives": True}
    return render(request, f"mentors/reception/{what}.html", frame | values, status=status)


def _chosen(request: HttpRequest, programmes: "list[Programme]") -> "Programme | None":
    """Who works for one programme is not asked which."""
    if len(programmes) == 1:
        return programmes[0]
    said = request.POST.get("programme") or request.GET.get("programme")
    return next((programme for programme in programmes if str(programme.pk) == said), None)


def _number(typed: str, programme: "Programme | None") -> tuple[str, Promise | None]:
    """A number as it is kept, or what is the matter with it. It may be left out."""
    if not typed.strip():
        return "", None
    try:
        return normalise(typed, programme.country if programme else "PK"), None
    except NotANumber:
        return "", NOT_A_NUMBER
    except CountryNotServed:
        return "", NOT_SERVED
