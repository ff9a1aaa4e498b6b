"""To write to each other: the page of a person, and that of their coach. Both work without a script."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses.spelling import shown
from lms import limits
from lms.requests import PlaceRequest, StaffRequest, uid, wants_json
from lms.views.doors import whole_place
from media import spoken
from mentors import access, messages
from mentors.models.bonds import Bond
from mentors.models.messages import LONGEST, Message, Side
from mentors.views import for_staff

LARGEST_NUMBER = 18  # digits of what a database calls a row
SAY_SOMETHING = _("Please speak, or write a few words.")
TOO_MANY_LETTERS = _("This is longer than 500 letters. Please send it in two parts.")
TOO_LONG = _("This is longer than one minute. Please say it in parts.")
TOO_LARGE = _("This recording is too large. Please make it shorter than one minute.")
TOO_MANY = _("You have written much in one hour. Please send this one later.")
ONCE_MORE = _("Something was sent with this page before. Please look, and then send this once more.")
PAUSED = _("Messages are paused.")
CLOSED = _("It was not sent: the two of you do not walk together now.")


class MessageForm(forms.Form):
    """What one of the two says."""

    uid = forms.UUIDField(error_messages={"required": ONCE_MORE, "invalid": ONCE_MORE})
    text = forms.CharField(required=False, strip=False)
    recording = spoken.SpokenField(
        longest=messages.SPOKEN, too_long=TOO_LONG, too_large=TOO_LARGE, required=False
    )

    def clean_text(self) -> str:
        """Without signs that would turn the lines of the other one around."""
        text = shown(self.cleaned_data["text"])
        if len(text) > LONGEST:
            raise forms.ValidationError(TOO_MANY_LETTERS)
        return text

    def clean(self) -> dict[str, Any]:
        """Something is said."""
        said = super().clean() or {}
        if not self.errors and not said.get("recording") and not said.get("text"):
            raise forms.ValidationError(SAY_SOMETHING)
        return said


@dataclass(frozen=True)
class Room:
    """Where one of the two is, and with whom."""

    request: PlaceRequest | StaffRequest
    bond: Bond
    side: Side
    is_open: bool
    templates: str

    def draw(self, page: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """One of this room's pages."""
        common = {
            "bond": self.bond,
            "person": self.bond.person,
            "here": self.request.path,
            "zone": self.bond.person.time_zone,
            "reads": settings.READING,
        }
        return render(
            self.request, f"mentors/messages/{self.templates}{page}.html", common | values, status=status
        )


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: PlaceRequest, bond: int | None = None) -> HttpResponse:
    """A person and who walks with them; afterwards it can be read, and nothing is written any more."""
    return _room(_own_room(request, bond))


@whole_place
@require_http_methods(["GET", "HEAD"])
def own_sound(request: PlaceRequest, message: UUID, bond: int | None = None) -> HttpResponse:
    """A voice note of one's own messages."""
    return spoken.give(request, messages.one_of(_own_room(request, bond).bond, message).voice)


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A coach and one of their people, as long as they may see each other."""
    return _room(_desk_room(request, uid))


@for_staff
@require_http_methods(["GET", "HEAD"])
def desk_sound(request: StaffRequest, uid: UUID, message: UUID) -> HttpResponse:
    """A voice note of a coach and one of their people."""
    return spoken.give(request, messages.one_of(_desk_room(request, uid).bond, message).voice)


def _own_room(request: PlaceRequest, which: int | None) -> Room:
    bond = messages.bond_of(request.person, which)
    if bond is None or not messages.is_there(bond):
        raise Http404
    return Room(request, bond, Side.PERSON, messages.is_open(bond), "own")


def _desk_room(request: StaffRequest, person: UUID) -> Room:
    someone = access.walks_with(request.user, person)
    bond = access.bonds_of(request.user, [someone]).select_related("coach").get()
    return Room(request, bond, Side.COACH, is_open=True, templates="desk")


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────


def _room(room: Room) -> HttpResponse:
    request = room.request
    if request.method == "POST":
        return _ACTS.get(request.POST.get("act", ""), _send)(room)
    if "report" in request.GET:
        return _ask(room, messages.one_of(room.bond, uid(request.GET["report"])))
    return _page(room)


def _page(room: Room, troubles: list[str] | None = None, *, status: int = 200) -> HttpResponse:
    request, bond, side = room.request, room.bond, room.side
    thread = messages.thread(bond, side, before=_number(request.GET.get("before", "")))
    if request.method == "GET" and thread.newest:
        messages.read(bond, side, thread.newest)
    values = {
        "thread": thread,
        "is_open": room.is_open,
        "i_paused": messages.is_paused_by(bond, side),
        "is_paused": messages.is_paused(bond),
        "may_write": room.is_open and not messages.is_paused(bond),
        "form_uid": uuid4(),
        "text": request.POST.get("text", ""),
        "troubles": troubles or [],
        "told": "told" in request.GET,
        "suffixes": spoken.endings(),
        "sentences": spoken.words(messages.SPOKEN),
    }
    return room.draw("", values, status=status)


def _ask(room: Room, message: Message) -> HttpResponse:
    """Before something is reported, it is said who will read it."""
    values = {"message": message, "playable": spoken.can_be_played(message.voice)}
    return room.draw("_report", values)


def _number(said: str) -> int | None:
    return int(said) if said.isdecimal() and len(said) <= LARGEST_NUMBER else None


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _send(room: Room) -> HttpResponse:
    request, now = room.request, timezone.now()
    if not room.is_open:
        return _not_sent(room, [CLOSED], status=422)
    whose = str(request.user.pk)
    if not limits.within("message", whose, most=messages.AN_HOUR, per=messages.HOUR, now=now):
        return _not_sent(room, [TOO_MANY], status=429)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _not_sent(room, [str(one) for found in form.errors.values() for one in found], status=422)
    said = messages.Said(form.cleaned_data["text"], form.cleaned_data["recording"])
    try:
        messages.send(room.bond, room.side, form.cleaned_data["uid"], said, now=now)
    except messages.Paused:
        return _not_sent(room, [PAUSED], status=422)
    except messages.Closed:
        return _not_sent(room, [CLOSED], status=422)
    except messages.UsedForm:
        return _not_sent(room, [ONCE_MORE], status=422)
    return JsonResponse({"next": request.path}) if wants_json(request) else _back(room)


def _not_sent(room: Room, sentences: list[str | Promise], *, status: int) -> HttpResponse:
    """Why not, and what was written is still there."""
    said = [str(sentence) for sentence in sentences]
    if wants_json(room.request):
        return JsonResponse({"sentences": said, "uid": str(uuid4())}, status=status)
    return _page(room, said, status=status)


def _pause(room: Room) -> HttpResponse:
    paused = room.request.POST["act"] == "pause"
    messages.pause(room.bond, room.side, paused=paused, now=timezone.now())
    return _back(room)


def _report(room: Room) -> HttpResponse:
    message = messages.one_of(room.bond, uid(room.request.POST.get("message")))
    messages.report(message, room.side, now=timezone.now())
    return redirect(f"{room.request.path}?told")


def _back(room: Room) -> HttpResponse:
    return redirect(f"{room.request.path}#last")


_ACTS = {"pause": _pause, "go-on": _pause, "report": _report}
