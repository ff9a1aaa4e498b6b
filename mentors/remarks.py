"""The desk's list of what people told about lessons: hear it, then let it in, ask, or put it aside."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses import about, districts, notes
from courses.outline import shelf
from lms import remarks
from lms.requests import StaffRequest
from media import spoken
from mentors import access
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.people import User
    from lms.models.remarks import Remark

MOST = 100  # on one page, the newest first

DECIDED = gettext_lazy("Somebody has decided about this already.")


class NoteForm(forms.Form):
    """What the lesson will say, of which place, since when."""

    text = forms.CharField(max_length=400)
    locale = forms.ChoiceField(choices=[(code, code) for code in settings.READING])
    district = forms.CharField(required=False, max_length=40)
    place = forms.CharField(required=False, max_length=80)
    on = forms.DateField()

    def clean(self) -> dict:
        """A place, and a day that has been."""
        said = super().clean() or {}
        if not districts.known(said.get("district", "")):
            said["district"] = ""
        if not said["district"] and not said.get("place"):
            raise ValidationError(_("Please say for which district this is so."))
        if said.get("on") and said["on"] > timezone.localdate():
            raise ValidationError(_("Please choose a day that has been."))
        return said


class WordsForm(forms.Form):
    """A reason, or what a reviewer says."""

    words = forms.CharField(max_length=1000)


def _accept(told: "Remark", user: "User", said: dict[str, Any]) -> None:
    remarks.accept(told, by=user, **said)


def _ask(told: "Remark", user: "User", said: dict[str, Any]) -> None:
    remarks.ask_reviewer(told, by=user)


def _review(told: "Remark", user: "User", said: dict[str, Any]) -> None:
    remarks.review(told, by=user, words=said["words"])


def _put_aside(told: "Remark", user: "User", said: dict[str, Any]) -> None:
    remarks.put_aside(told, by=user, reason=said["words"])


def _withdraw(told: "Remark", user: "User", said: dict[str, Any]) -> None:
    remarks.withdraw(told, by=user, reason=said["words"], on=timezone.localdate())


@dataclass(frozen=True)
class Act:
    """One button: what must be written for it, who may press it, and what it does."""

    form: type[forms.Form]
    may: Callable[["User", "Remark"], bool]
    verb: Callable[["Remark", "User", dict[str, Any]], None]


ACTS = {
    "accept": Act(NoteForm, access.decides, _accept),
    "ask": Act(forms.Form, access.decides, _ask),
    "review": Act(WordsForm, access.reviews, _review),
    "aside": Act(WordsForm, access.decides, _put_aside),
    "withdraw": Act(WordsForm, access.decides, _withdraw),
}


@dataclass(frozen=True)
class Row:
    """One remark in the list."""

    remark: "Remark"
    lesson: str
    where: str


@for_staff
@require_http_methods(["GET", "HEAD"])
def index(request: StaffRequest) -> HttpResponse:
    """What waits, and with `all` what was decided as well. Nobody's name stands here."""
    if not access.roles_of(request.user) & {*access.WRITERS}:
        raise Http404
    found = access.remarks_for(request.user)
    everything = "all" in request.GET
    if not everything:
        found = found.filter(state__in=remarks.OPEN)
    language = get_language() or settings.LANGUAGE_CODE
    titles = {lesson.key: lesson.title for course in shelf(language) for lesson in course.lessons}
    rows = [
        Row(one, titles.get(str(one.lesson), ""), notes.place_name(one.district, one.place, language))
        for one in found.order_by("-at", "pk")[:MOST]
    ]
    return render(
        request, "mentors/remarks.html", {"rows": rows, "everything": everything, "reads": settings.READING}
    )


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: StaffRequest, uid: UUID) -> HttpResponse:
    """One remark with the screen that it is about, and what may be done with it."""
    told = access.remark(request.user, uid)
    if request.method != "POST":
        return _page(request, told)
    try:
        troubles = _do(request, told)
    except remarks.AlreadyDecided:
        troubles = [str(DECIDED)]
    if troubles:
        return _page(request, access.remark(request.user, uid), troubles, status=422)
    return redirect("mentors:remark", uid)


@for_staff
@require_http_methods(["GET", "HEAD"])
def voice(request: StaffRequest, uid: UUID) -> HttpResponse:
    """The voice note, for those who may see the remark, and kept by no cache."""
    told = access.remark(request.user, uid)
    return spoken.give(request, told.voice)


def _do(request: StaffRequest, told: "Remark") -> list[str]:
    """What the button says; the sentences are why not yet."""
    act = ACTS.get(request.POST.get("do", ""))
    if not act or not act.may(request.user, told):
        raise Http404
    form = act.form(request.POST)
    if not form.is_valid():
        return [f"{_named(field)}{one}" for field, found in form.errors.items() for one in found]
    act.verb(told, request.user, form.cleaned_data)
    return []


def _named(field: str) -> str:
    """Which field a sentence is about; Django's own sentences do not say."""
    names = {"text": _("What the lesson says"), "on": _("Told on"), "words": _("Your words")}
    return f"{names[field]}: " if field in names else ""


def _page(
    request: StaffRequest, told: "Remark", troubles: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    user, language = request.user, get_language() or settings.LANGUAGE_CODE
    values = {
        "remark": told,
        "screen": about.card_anywhere(told.lesson, told.block, told.locale, language, *settings.READING),
        "where": notes.place_name(told.district, told.place, language),
        "teller": access.who_told(user, told, now=timezone.now()),
        "decides": access.decides(user, told),
        "reviews": access.reviews(user, told),
        "has_reviewer": access.has_reviewer(told),
        "is_open": told.state in remarks.OPEN,
        "playable": spoken.can_be_played(told.voice),
        "trouble": _(told.trouble) if told.trouble else "",
        "troubles": troubles or [],
        "said": request.POST,
        "districts": districts.choices(),
        "today": timezone.localdate(),
        "reads": settings.READING,
    }
    return render(request, "mentors/remark.html", values, status=status)
