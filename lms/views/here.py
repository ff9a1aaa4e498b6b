"""“Not like this here”: somebody says by voice or in writing what is different where they live."""

from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import about, districts
from courses.spelling import shown
from lms import limits, remarks
from lms.models.people import Person
from lms.remarks import Told
from lms.requests import Request, wants_json
from lms.views.doors import has_place
from media import spoken

SAY_SOMETHING = gettext_lazy("Please speak, or write a few words.")
SAY_WHERE = gettext_lazy("Please choose your district, or write where you live.")
TOO_LONG = gettext_lazy("This is longer than two minutes. Please say it in parts.")
TOO_LARGE = gettext_lazy("This recording is too large. Please make it shorter than two minutes.")
TOO_MANY = gettext_lazy("Thank you for telling so much. Please come again in an hour.")


class HereForm(forms.Form):
    """What is different, and where."""

    recording = spoken.SpokenField(
        longest=remarks.LONGEST, too_long=TOO_LONG, too_large=TOO_LARGE, required=False
    )
    text = forms.CharField(required=False, max_length=1000)
    district = forms.CharField(required=False, max_length=40)
    place = forms.CharField(required=False, max_length=80)
    may_ask = forms.BooleanField(required=False)

    def clean_text(self) -> str:
        """Without signs that would turn the lines of a trainer around."""
        return shown(self.cleaned_data["text"])

    def clean_place(self) -> str:
        """As the words."""
        return shown(self.cleaned_data["place"])

    def clean_district(self) -> str:
        """One of the list, or none."""
        district = self.cleaned_data["district"]
        return district if districts.known(district) else ""

    def clean(self) -> dict:
        """Something is said, and it is said where."""
        said = super().clean() or {}
        if not self.errors and not said.get("recording") and not said.get("text"):
            raise ValidationError(SAY_SOMETHING)
        if not said.get("district") and not said.get("place"):
            raise ValidationError(SAY_WHERE)
        return said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: Request, lesson: UUID, block: str) -> HttpResponse:
    """The form for one screen of a lesson, and what was sent with it."""
    card = about.card(lesson, block, get_language())
    if not card:
        raise Http404
    if request.method != "POST":
        if "sent" in request.GET:
            return render(request, "lms/here_sent.html", {"card": card})
        return _form(request, card, HereForm())
    if not _within_limits(request):
        return _not_yet(request, card, HereForm(request.POST), [TOO_MANY], status=429)
    form = HereForm(request.POST, request.FILES)
    if not form.is_valid():
        return _not_yet(request, card, form, _sentences(form), status=422)
    _keep(request, lesson, block, form.cleaned_data)
    thanks = f"{request.path}?sent"
    return JsonResponse({"next": thanks}) if wants_json(request) else redirect(thanks)


def _keep(request: Request, lesson: UUID, block: str, said: dict) -> None:
    told = Told(
        lesson=lesson,
        block=block,
        locale=get_language(),
        district=said["district"],
        place=said["place"],
        text=said["text"],
        voice=said["recording"],
        may_ask=said["may_ask"],
    )
    remarks.tell(told, person=_whoever(request), now=timezone.now())


def _whoever(request: Request) -> Person | None:
    """Who has a place, and opened all of it. What a guest tells belongs to nobody."""
    return request.person if has_place(request) and not request.courses_only else None


def _within_limits(request: Request) -> bool:
    """A few an hour from one phone, which is known by its person, else by the token of its forms."""
    now = timezone.now()
    phone = str(request.person.pk) if request.person else request.META.get("CSRF_COOKIE", "")
    return limits.within("remark", phone, most=remarks.AN_HOUR, per=remarks.HOUR, now=now) and limits.within(
        "remark-from",
        limits.address(request),
        most=remarks.AN_HOUR_FROM_ONE_ADDRESS,
        per=remarks.HOUR,
        now=now,
    )


def _form(
    request: Request,
    card: about.ScreenCard,
    form: HereForm,
    *,
    troubles: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {
        "card": card,
        "form": form,
        "troubles": troubles or [],
        "districts": districts.choices(),
        "can_be_asked": _whoever(request) is not None,
        "suffixes": spoken.endings(),
        "sentences": spoken.words(remarks.LONGEST),
    }
    return render(request, "lms/here.html", values, status=status)


def _not_yet(
    request: Request, card: about.ScreenCard, form: HereForm, sentences: list[str | Promise], *, status: int
) -> HttpResponse:
    said = [str(sentence) for sentence in sentences]
    if wants_json(request):
        return JsonResponse({"sentences": said}, status=status)
    return _form(request, card, form, troubles=said, status=status)


def _sentences(form: HereForm) -> list[str | Promise]:
    return [str(one) for found in form.errors.values() for one in found]
