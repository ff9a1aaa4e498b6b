"""The desk's rooms for circles: whoever leads one makes it, asks people, plans meetings and says who came."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.core.validators import MaxLengthValidator, MinLengthValidator, URLValidator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.outline import UnitCard, shelf
from courses.spelling import shown
from lms.numbers import CountryNotServed, NotANumber, normalise
from lms.requests import Request, StaffRequest
from media import files, sound
from mentors import access, circles, grid, meetings, seeking
from mentors.coaching import AT_THE_OFFICE
from mentors.models.circles import (
    LARGEST,
    LONGEST_AGENDA,
    LONGEST_PLACE,
    MANY,
    SMALLEST,
    Attendance,
    Circle,
    Company,
    Meeting,
)
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.people import Person
    from lms.models.programme import Programme

ON_A_PAGE = 25
PATIENCE = 20.0  # seconds to look into one recording while somebody waits
AHEAD, BACK = timedelta(days=366), timedelta(days=31)
WHERE = {
    "place": gettext_lazy("At a place"),
    "link": gettext_lazy("By a link"),
    "phone": gettext_lazy("By phone"),
}
EVENING = 19
HOW_LONG = (30, 45, 60, 90, 120, 180)
NOT_A_LINK = gettext_lazy("Please look at the link again. It begins with https://.")
SAY_WHERE = gettext_lazy("Please say where.")
FEWER_WORDS = gettext_lazy("Please say the place in fewer words.")
NOT_A_NUMBER = gettext_lazy("Please look at the number again. It is the number of a mobile phone.")
NOT_THAT_DAY = gettext_lazy("Please choose a day within the next year, or of the last month.")
TOO_LONG = gettext_lazy("This is longer than thirty minutes. Please send the part that matters.")
TOO_LARGE = gettext_lazy("This recording is too large. Please make it smaller than 20 MB.")
NOT_A_SOUND = gettext_lazy("We cannot hear this file. Please record it again, or save it as MP3.")
ASK_FIRST = gettext_lazy("Please ask everybody who can be heard, and tick it.")


class CircleForm(forms.Form):
    """A circle by hand."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the circle"), max_length=40)
    led_by = forms.CharField(label=gettext_lazy("Who leads it, as people hear it"), max_length=60)
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    company = forms.ChoiceField(label=gettext_lazy("Who sits together"), choices=Company.choices)
    time_zone = forms.ChoiceField(label=gettext_lazy("Clock"))
    largest = forms.IntegerField(
        label=gettext_lazy("So many people at most"), min_value=SMALLEST, max_value=LARGEST
    )

    def __init__(self, *args: Any, programme: "Programme", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = dict.fromkeys((programme.time_zone, AT_THE_OFFICE))
        choices = {
            "language": [(code, settings.TONGUES[code]) for code in seeking.SPOKEN_THERE],
            "time_zone": [(zone, zone) for zone in zones],
        }
        for field, some in choices.items():
            cast("forms.ChoiceField", self.fields[field]).choices = some

    def clean_name(self) -> str:
        """Without signs that nobody sees."""
        return _seen(self.cleaned_data["name"])

    def clean_led_by(self) -> str:
        """As the name."""
        return _seen(self.cleaned_data["led_by"])

    @property
    def said(self) -> dict[str, Any]:
        """As a circle has it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "uid"}


class MeetingForm(forms.Form):
    """When and where a circle meets, and about what."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    on = forms.DateField()
    time = forms.TimeField()
    minutes = forms.TypedChoiceField(choices=[(one, one) for one in HOW_LONG], coerce=int)
    how = forms.ChoiceField(choices=list(WHERE.items()))
    where = forms.CharField(max_length=300)
    unit = forms.UUIDField(required=False)
    agenda = forms.CharField(max_length=LONGEST_AGENDA, required=False)

    def __init__(
        self, *args: Any, circle: Circle, units: list[tuple[str, str]], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.circle, self.now, self.units = circle, now, units

    def clean_unit(self) -> UUID | None:
        """One that is taught; what was chosen before stays, though it may be gone."""
        unit, known = self.cleaned_data["unit"], {key for key, _title in self.units}
        return unit if str(unit) in known | {self.initial.get("unit")} else None

    def clean(self) -> dict:
        """A moment that is not far, and a place, a link or a number."""
        said = super().clean() or {}
        if "on" in said and "time" in said:
            zone = ZoneInfo(self.circle.time_zone)
            today = self.now.astimezone(zone).date()
            if not today - BACK <= said["on"] <= today + AHEAD:
                self.add_error("on", NOT_THAT_DAY)
            else:
                said["at"] = datetime.combine(said["on"], said["time"].replace(tzinfo=None), zone)
        if "how" in said and "where" in said:
            said["where"] = self._where(said["how"], _line(said["where"]))
        return said

    def _where(self, how: str, where: str) -> str:
        """As it is kept; what looked like nothing to the eye is nothing."""
        try:
            MinLengthValidator(1, SAY_WHERE)(where)
            if how == "phone":
                return normalise(where, self.circle.programme.country)
            if how == "link":
                URLValidator(schemes=["https"])(where)
            else:
                MaxLengthValidator(LONGEST_PLACE, FEWER_WORDS)(where)
        except (NotANumber, CountryNotServed):
            self.add_error("where", NOT_A_NUMBER)
        except ValidationError as why:
            self.add_error("where", NOT_A_LINK if how == "link" else why.messages)
        return where

    @property
    def said(self) -> dict[str, Any]:
        """As a meeting has it."""
        said = self.cleaned_data
        where = {"place": "", "link": "", "phone": "", said["how"]: said["where"]}
        kept = {name: said[name] for name in ("at", "minutes", "unit")}
        return {**where, **kept, "agenda": shown(said["agenda"]).strip()}


class RecordingForm(forms.Form):
    """What was recorded of a meeting, with the yes of everybody who can be heard."""

    recording = forms.FileField(error_messages={"empty": NOT_A_SOUND})
    agreed = forms.BooleanField(error_messages={"required": ASK_FIRST})

    def clean_recording(self) -> UploadedFile:
        """Small enough, short enough, and something to hear."""
        given = self.cleaned_data["recording"]
        if given.size > meetings.LARGEST_MB * 1024 * 1024:
            raise ValidationError(TOO_LARGE)
        if sound.suffix_of(given.name) is None:
            raise ValidationError(NOT_A_SOUND)
        try:
            sound.check(given, longest=meetings.LONGEST, patience=PATIENCE)
        except sound.TooLong:
            raise ValidationError(TOO_LONG) from None
        except sound.NotConverted as why:
            raise ValidationError(_(str(why))) from None
        return given


def _line(text: str) -> str:
    """On one line, without signs that nobody sees."""
    return " ".join(shown(text).split())


def _seen(text: str) -> str:
    if words := _line(text):
        return words
    raise ValidationError(forms.Field.default_error_messages["required"])


# ── All circles ──────────────────────────────────────────────────────────────────────────────────────────


@for_staff
@require_http_methods(["GET", "HEAD"])
def index(request: StaffRequest) -> HttpResponse:
    """What I lead, and where I may make a circle or look at all of them."""
    leads, runs = access.leads_in(request.user), access.matches_for(request.user)
    if not leads and not runs:
        raise Http404
    values = {
        "rows": meetings.overview(access.circles_led_by(request.user), now=timezone.now()),
        "leads": leads,
        "runs": runs,
        "reads": settings.READING,
    }
    return render(request, "mentors/circles/index.html", values)


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest, programme: UUID) -> HttpResponse:
    """Make a circle, to lead it."""
    where = next((one for one in access.leads_in(request.user) if one.pk == programme), None)
    if where is None:
        raise Http404
    initial = {
        "uid": uuid.uuid4(),
        "led_by": request.user.get_short_name() or request.user.get_username(),
        "language": "ur",
        "company": Company.MIXED,
        "time_zone": where.time_zone,
        "largest": MANY,
    }
    form = CircleForm(request.POST or None, programme=where, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            circle = circles.make(
                request.user, where, form.cleaned_data["uid"], form.said, now=timezone.now()
            )
        except circles.CannotLead:
            raise Http404 from None
        return redirect("mentors:circle", circle.pk)
    values = {"form": form, "programme": where, "reads": settings.READING}
    return render(request, "mentors/circles/new.html", values, status=422 if form.errors else 200)


# ── One circle ───────────────────────────────────────────────────────────────────────────────────────────


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A circle: its next meeting, who is in it, and whom to ask."""
    circle, now = access.circle(request.user, uid), timezone.now()
    act = request.POST.get("act", "")
    if request.method == "POST" and act != "plan":
        return _ACTS.get(act, _nothing)(request, circle)
    form = _meeting_form(circle, now, request.POST or None)
    if request.method == "POST" and form.is_valid():
        meeting = meetings.plan(circle, form.cleaned_data["uid"], form.said, now=now)
        return redirect("mentors:meeting", meeting.pk)
    people = list(access.members_of(circle))
    askable = [] if circle.draft_id else list(access.could_join(circle, request.user, now=now)[:ON_A_PAGE])
    access.seen_in_a_list(request.user, {one.pk: one for one in [*people, *askable]}.values(), now=now)
    of = meetings.of_circles([circle])[circle.pk]
    values = {
        "circle": circle,
        "slot": circles.slot(circle, now=now),
        "people": people,
        "askable": askable,
        "next": meetings.next_of(of, now=now),
        "meetings": of[::-1],
        "form": form,
        "units": _units(),
        "runs": circle.programme in access.matches_for(request.user),
        "leaders": access.could_lead(circle.programme),
        **_choices(),
    }
    return render(request, "mentors/circles/circle.html", values, status=422 if form.errors else 200)


def _meeting_form(
    circle: Circle, now: datetime, told: Any = None, meeting: Meeting | None = None
) -> MeetingForm:
    if meeting:
        there = meeting.at.astimezone(ZoneInfo(circle.time_zone))
        how = next(name for name in WHERE if getattr(meeting, name))
        initial = {"uid": meeting.pk, "minutes": meeting.minutes, "how": how, "where": getattr(meeting, how)}
        initial |= {"unit": str(meeting.unit or ""), "agenda": meeting.agenda}
    else:
        there = circles.slot(circle, now=now) or now.astimezone(ZoneInfo(circle.time_zone)) + timedelta(
            days=7
        )
        there = there if circle.hour is not None else there.replace(hour=19, minute=0)
        initial = {"uid": uuid.uuid4(), "minutes": 60, "how": "place"}
    initial |= {"on": there.date().isoformat(), "time": f"{there:%H:%M}"}
    return MeetingForm(told, circle=circle, units=_units(), now=now, initial=initial)


def _units() -> list[tuple[str, str]]:
    """Every unit that is taught, called as in the desk's language."""
    return list({unit.key: unit.title for unit in _taught()}.items())


def _taught() -> list[UnitCard]:
    language = get_language() or settings.LANGUAGE_CODE
    return [unit for course in shelf(language) for unit in course.units]


def _choices() -> dict[str, Any]:
    return {"where": list(WHERE.items()), "how_long": HOW_LONG, "reads": settings.READING}


def _nothing(request: StaffRequest, circle: Circle) -> HttpResponse:
    return redirect("mentors:circle", circle.pk)


def _ask(request: StaffRequest, circle: Circle) -> HttpResponse:
    people = [uid for text in request.POST.getlist("person")[:LARGEST] if (uid := _uid(text))]
    circles.ask(circle, request.user, people, now=timezone.now())
    return redirect("mentors:circle", circle.pk)


def _end(request: StaffRequest, circle: Circle) -> HttpResponse:
    """Said twice, by a tick and a button."""
    if "sure" not in request.POST:
        return redirect("mentors:circle", circle.pk)
    circles.end(circle, now=timezone.now())
    return redirect("mentors:circles")


def _hand_over(request: StaffRequest, circle: Circle) -> HttpResponse:
    """To somebody else, by whoever runs the programme."""
    if circle.programme not in access.matches_for(request.user):
        raise Http404
    to = next(
        (one for one in access.could_lead(circle.programme) if str(one.pk) == request.POST.get("to")), None
    )
    if to is not None:
        led_by = _line(request.POST.get("led_by", ""))[:60] or to.get_short_name() or to.get_username()
        circles.hand_over(circle, to, led_by)
    return redirect("mentors:circle", circle.pk)


_ACTS: dict[str, Callable[[StaffRequest, Circle], HttpResponse]] = {
    "ask": _ask,
    "end": _end,
    "hand-over": _hand_over,
}


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# ── One meeting ──────────────────────────────────────────────────────────────────────────────────────────


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: StaffRequest, uid: UUID) -> HttpResponse:
    """A meeting: who came, what was recorded, and another time or place."""
    there, now, act = access.meeting(request.user, uid), timezone.now(), request.POST.get("act", "")
    form = _meeting_form(there.circle, now, request.POST if act == "change" else None, there)
    kept = RecordingForm(request.POST, request.FILES) if act == "record" else RecordingForm()
    if request.method == "POST" and _done(request, there, form, kept, now):
        return redirect("mentors:meeting", uid)
    people = list(access.members_of(there.circle))
    access.seen_in_a_list(request.user, people, now=now)
    said = meetings.attendance(there)
    values = {
        "meeting": there,
        "circle": there.circle,
        "rows": [(one, said.get(one.pk, "")) for one in people],
        "came": Attendance.Came.choices,
        "roll": uuid.uuid4(),
        "form": form,
        "kept": kept,
        "units": _units(),
        "title": dict(_units()).get(str(there.unit), ""),
        "over": there.at <= now,
        "leads": access.leads(request.user, there.circle),
        "playable": playable(there),
        "trouble": _(there.trouble) if there.trouble else "",
        "suffixes": ",".join(f".{suffix}" for suffix in sorted(sound.SUFFIXES)),
        **_choices(),
    }
    status = 422 if form.errors or kept.errors else 200
    return render(request, "mentors/circles/meeting.html", values, status=status)


def _done(
    request: StaffRequest, there: Meeting, form: MeetingForm, kept: RecordingForm, now: datetime
) -> bool:
    """Do what the button says; False where a form has to be looked at again."""
    act = request.POST.get("act", "")
    if act == "roll":
        form_uid = _uid(request.POST.get("uid", ""))
        if form_uid:
            meetings.call_roll(there, form_uid, request.user, _said(request), now=now)
    elif act == "change":
        if not form.is_valid():
            return False
        meetings.change(there, form.said, now=now)
    elif act == "call-off":
        if "sure" in request.POST:
            meetings.call_off(there, now=now)
    elif act == "record":
        if not access.leads(request.user, there.circle):
            raise Http404
        if not kept.is_valid():
            return False
        meetings.keep_recording(there, kept.cleaned_data["recording"], now=now)
    elif act == "drop":
        if not access.leads(request.user, there.circle):
            raise Http404
        meetings.drop_recording(there)
    return True


def _said(request: StaffRequest) -> dict[UUID, str]:
    """What was tapped beside each person."""
    found = {}
    for name, value in request.POST.items():
        uid = _uid(name.removeprefix("p-")) if name.startswith("p-") else None
        if uid and value in Attendance.Came.values:
            found[uid] = str(value)
    return found


@for_staff
@require_http_methods(["GET", "HEAD"])
def recording(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The recording, for whoever leads the circle."""
    there = access.meeting(request.user, uid)
    if not access.leads(request.user, there.circle):
        raise Http404
    return give_recording(request, there)


@for_staff
@require_http_methods(["GET", "HEAD"])
def calendar(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The meeting as a file for a calendar."""
    return give_calendar(access.meeting(request.user, uid))


def playable(there: Meeting) -> bool:
    """Is there a recording that browsers play?"""
    return (there.recording.name or "").rpartition(".")[2] in files.TYPES


def give_recording(request: Request, there: Meeting) -> HttpResponse:
    """Kept by no cache. What no browser plays, and nobody made small, is not given."""
    if not playable(there):
        raise Http404
    name = there.recording.name or ""
    try:
        with there.recording.storage.open(name) as file:
            return files.give(request, file.read(), name.rpartition(".")[2])
    except FileNotFoundError:
        raise Http404 from None


def give_calendar(there: Meeting) -> HttpResponse:
    """A file whose name says nothing."""
    heads = {
        "Content-Disposition": 'attachment; filename="meeting.ics"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(meetings.calendar(there), content_type="text/calendar; charset=utf-8", headers=heads)


# ── Many people at once ──────────────────────────────────────────────────────────────────────────────────


@for_staff
@require_http_methods(["GET", "HEAD"])
def circle_grid(request: StaffRequest, uid: UUID) -> HttpResponse:
    """People and units of one circle."""
    circle = access.circle(request.user, uid)
    return _grid(request, circle.programme, access.members_of(circle), [circle], circle)


@for_staff
@require_http_methods(["GET", "HEAD"])
def programme_grid(request: StaffRequest, programme: UUID) -> HttpResponse:
    """People and units of all circles of a programme, for whoever runs it."""
    where = next((one for one in access.matches_for(request.user) if one.pk == programme), None)
    if where is None:
        raise Http404
    return _grid(request, where, access.members_in(where), list(access.circles_in(where)))


def _grid(
    request: StaffRequest,
    programme: "Programme",
    found: Any,
    some: list[Circle],
    circle: Circle | None = None,
) -> HttpResponse:
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    people: list[Person] = list(page.object_list)
    access.seen_in_a_list(request.user, people, now=timezone.now())
    stood = access.progress_of(people)
    agenda = {str(one.unit) for there in meetings.of_circles(some).values() for one in there if one.unit}
    columns = grid.columns(_taught(), stood, agenda)
    came = meetings.came(some, [one.pk for one in people])
    values = {
        "programme": programme,
        "circle": circle,
        "columns": columns,
        "rows": [(one, came.get(one.pk), grid.cells(columns, stood.get(one.pk, []))) for one in people],
        "page": page,
        "reads": settings.READING,
    }
    return render(request, "mentors/circles/grid.html", values)
