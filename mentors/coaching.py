"""A coach's own room: what they offer, whom they are asked about, and the course they learn.

It works on their own phone.
"""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses import districts
from lms.numbers import CountryNotServed, NotANumber, normalise
from lms.requests import PlaceRequest, StaffRequest
from lms.signin import tidy
from lms.views.doors import whole_place
from mentors import access, asking, bonds, coaches, seeking, times, training
from mentors.models.bonds import Bond
from mentors.models.circles import FEW, LARGEST, MANY, SMALLEST, Company
from mentors.models.coaching import CoachProfile, Gender, Trade
from mentors.models.matching import Proposal
from mentors.views import for_staff

if TYPE_CHECKING:
    from lms.models.programme import Programme

MOST_PEOPLE = 20
AT_THE_OFFICE = "Europe/Berlin"  # many who coach from afar live where people learned
NOT_A_NUMBER = _("Please look at the number again. It is the number of a mobile phone.")
MORE_THAN_LARGEST = _("The smallest number cannot be more than the largest.")
MORE_THAN_MOST = _("What is comfortable cannot be more than the most.")


class OfferForm(forms.Form):
    """What a coach says of themselves."""

    gender = forms.ChoiceField(label=_("I am"), choices=Gender.choices)
    walks_with = forms.ChoiceField(label=_("I walk"), choices=CoachProfile.WalksWith.choices)
    mother = forms.ChoiceField(label=_("I grew up with"))
    languages = forms.MultipleChoiceField(
        label=_("I also talk"), required=False, widget=forms.CheckboxSelectMultiple
    )
    district = forms.ChoiceField(label=_("District"), required=False)
    village = forms.CharField(label=_("Village or town"), required=False, max_length=80)
    not_same_village = forms.BooleanField(label=_("Nobody from my village"), required=False)
    remote = forms.BooleanField(label=_("I talk by phone"), required=False)
    reach_km = forms.IntegerField(label=_("I would go so far to meet (km)"), min_value=0, max_value=300)
    time_zone = forms.ChoiceField(label=_("My clock"), choices=[])
    free = forms.MultipleChoiceField(label=_("I have time"), widget=forms.CheckboxSelectMultiple)
    trade = forms.ChoiceField(label=_("My work"), choices=Trade.choices)
    years = forms.IntegerField(label=_("Years in it"), min_value=0, max_value=70)
    comfortable = forms.IntegerField(
        label=_("So many people are comfortable"), min_value=0, max_value=MOST_PEOPLE
    )
    largest = forms.IntegerField(label=_("So many at most"), min_value=0, max_value=MOST_PEOPLE)
    away_until = forms.DateField(
        label=_("Nobody new until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    number = forms.CharField(label=_("My number"), required=False, max_length=20)
    brought_by = forms.ChoiceField(label=_("I came through"), required=False)

    def __init__(self, *args: Any, programme: "Programme", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = programme.country
        self.bodies = {str(one.pk): one for one in programme.partners.order_by("name")}
        tongues = [(code, settings.TONGUES[code]) for code in seeking.SPOKEN_THERE]
        choices = {
            "mother": tongues,
            "languages": tongues,
            "district": [("", "–"), *districts.choices()],
            "time_zone": [(zone, zone) for zone in dict.fromkeys((programme.time_zone, AT_THE_OFFICE))],
            "free": [(one, one) for one in seeking.ALL_TIMES],
            "brought_by": [("", "–"), *((key, one.name) for key, one in self.bodies.items())],
        }
        if not self.bodies:
            del self.fields["brought_by"], choices["brought_by"]
        for name, some in choices.items():
            cast("forms.ChoiceField", self.fields[name]).choices = some

    def clean_number(self) -> str:
        """As machines dial it."""
        if not self.cleaned_data["number"]:
            return ""
        try:
            return normalise(self.cleaned_data["number"], self.country)
        except (NotANumber, CountryNotServed):
            raise forms.ValidationError(NOT_A_NUMBER) from None

    def clean(self) -> dict[str, Any]:
        """What is comfortable is not more than the most."""
        said = super().clean() or {}
        if not self.errors and said["comfortable"] > said["largest"]:
            self.add_error("comfortable", MORE_THAN_MOST)
        return said

    @property
    def said(self) -> dict[str, Any]:
        """As a profile has it."""
        said = dict(self.cleaned_data)
        said["slots"] = times.bits(seeking.time_of(one) for one in said.pop("free"))
        said["trades"] = {said.pop("trade"): said.pop("years")}
        said["village"] = tidy(said["village"])
        said["brought_by"] = self.bodies.get(said.get("brought_by", ""))
        return said


class CircleOfferForm(forms.Form):
    """Which circle a coach would lead."""

    prefix = "circle"
    language = forms.ChoiceField(label=_("We talk"))
    day = forms.TypedChoiceField(label=_("Day of the week"), choices=list(WEEKDAYS.items()), coerce=int)
    hour = forms.TypedChoiceField(
        label=_("It begins at"), choices=[(hour, f"{hour:02}:00") for hour in range(6, 23)], coerce=int
    )
    company = forms.ChoiceField(label=_("Who sits together"), choices=Company.choices)
    smallest = forms.IntegerField(
        label=_("So many people at least"), min_value=SMALLEST, max_value=LARGEST, initial=FEW
    )
    largest = forms.IntegerField(
        label=_("So many at most"), min_value=SMALLEST, max_value=LARGEST, initial=MANY
    )

    def __init__(self, *args: Any, profile: CoachProfile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = [code for code in seeking.SPOKEN_THERE if code in {profile.mother, *profile.languages}]
        choices = [(code, settings.TONGUES[code]) for code in spoken]
        cast("forms.ChoiceField", self.fields["language"]).choices = choices

    def clean(self) -> dict[str, Any]:
        """The smallest circle is not larger than the largest."""
        said = super().clean() or {}
        if not self.errors and said["smallest"] > said["largest"]:
            self.add_error("smallest", MORE_THAN_LARGEST)
        return said


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: StaffRequest, programme: UUID) -> HttpResponse:
    """What I offer in one programme."""
    where = next((one for one in access.coaches_for(request.user) if one.pk == programme), None)
    if where is None:
        raise Http404
    profile, now = coaches.profile_in(where, request.user), timezone.now()
    act = request.POST.get("act", "")
    if do := _ACTS.get(act):
        return do(request, profile) if profile else redirect("mentors:home")
    circle = _circle_form(profile, request.POST if act == "circle" else None) if profile else None
    if profile and circle and act == "circle" and circle.is_valid():
        coaches.offer_circle(profile, circle.cleaned_data)
        return redirect("mentors:offer", programme)
    told = None if act == "circle" else request.POST or None
    form = OfferForm(told, programme=where, initial=_known(profile, where))
    if request.method == "POST" and form.is_valid():
        coaches.offer(request.user, where, form.said)
        return redirect("mentors:home")
    taught = training.course()
    if profile:
        training.look(profile, taught, now=now)
    chosen = set(form["free"].value() or [])
    values = {
        "form": form,
        "programme": where,
        "profile": profile,
        "circle": circle,
        "has_circle": profile is not None and coaches.circle_offer(profile) is not None,
        "week": seeking.week(chosen),
        "parts": seeking.parts(),
        "today": now.date(),
        "taught": taught,
        "way": training.ways([profile], taught)[profile.pk] if profile else None,
        "is_trained": bool(profile and coaches.is_trained(profile, today=now.date())),
        "reads": settings.READING,
    }
    wrong = form.errors or (circle and circle.errors)
    return render(request, "mentors/coaching/offer.html", values, status=422 if wrong else 200)


def _circle_form(profile: CoachProfile, told: Any) -> CircleOfferForm:
    there = coaches.circle_offer(profile)
    names = CircleOfferForm.base_fields
    alike = {Gender.WOMAN: Company.WOMEN, Gender.MAN: Company.MEN}.get(profile.gender, Company.MIXED)
    usual = {"day": 3, "hour": 19, "company": alike}
    known = {name: getattr(there, name) for name in names} if there else usual
    return CircleOfferForm(told, profile=profile, initial=known)


def _leave(request: StaffRequest, profile: CoachProfile) -> HttpResponse:
    if "sure" in request.POST:
        coaches.leave(profile, now=timezone.now())
    return redirect("mentors:home")


def _learn_as(request: StaffRequest, profile: CoachProfile) -> HttpResponse:
    """Off to their own place, which is another way in than the desk's."""
    code = training.code(profile)
    logout(request)
    return redirect("looks:trainee", code)


def _learn_unseen(request: StaffRequest, profile: CoachProfile) -> HttpResponse:
    training.end(profile)
    return redirect("mentors:offer", profile.programme_id)


def _no_circle(request: StaffRequest, profile: CoachProfile) -> HttpResponse:
    coaches.offer_no_circle(profile)
    return redirect("mentors:offer", profile.programme_id)


_ACTS = {"leave": _leave, "learn-as": _learn_as, "learn-unseen": _learn_unseen, "no-circle": _no_circle}


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def trainee(request: PlaceRequest, code: str) -> HttpResponse:
    """In their own place: may my programme see how far I am in the coach course, and only that?"""
    profile, taught = training.profile_of(code), training.course()
    if request.person.age != request.person.Age.ADULT or profile is None or taught is None:
        return render(request, "mentors/coaching/no_trainee.html", status=404)
    if request.method == "POST" and "yes" in request.POST:
        training.begin(profile, request.person, now=timezone.now())
        return redirect(taught.card.url)
    if request.method == "POST":
        return redirect("lms:mine")
    return render(request, "mentors/coaching/trainee.html", {"taught": taught})


@for_staff
@require_http_methods(["POST"])
def answer(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Yes or no to one person. Whoever is not asked hears that there is no such page."""
    now = timezone.now()
    proposal = get_object_or_404(
        Proposal, pk__in=[one.proposal_id for one in asking.asked_of(request.user, now=now)], uid=uid
    )
    try:
        if "yes" in request.POST:
            asking.accept(request.user, proposal, now=now)
        else:
            asking.refuse(request.user, proposal, now=now)
    except asking.SeatTaken:
        return render(request, "mentors/coaching/full.html", {"reads": settings.READING}, status=409)
    except asking.NotAskedNow:
        pass
    return redirect("mentors:home")


@for_staff
@require_http_methods(["POST"])
def tell_number(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Let one of my people see my number, or no more."""
    bond = get_object_or_404(Bond, coach=request.user, person=uid, ended_at=None)
    bonds.tell_number(bond, of="coach", told="yes" in request.POST)
    return redirect("mentors:person", uid)


def _known(profile: CoachProfile | None, programme: "Programme") -> dict[str, Any]:
    if profile is None:
        return {
            "walks_with": CoachProfile.WalksWith.SAME,
            "not_same_village": True,
            "remote": True,
            "reach_km": 0,
            "comfortable": 3,
            "largest": 5,
            "time_zone": programme.time_zone,
        }
    trade, years = next(iter(profile.trades.items()), ("", 0))
    known = {name: getattr(profile, name) for name in OfferForm.base_fields if hasattr(profile, name)}
    free = [f"{day}-{part}" for day, part in times.parts(profile.slots)]
    return known | {"trade": trade, "years": years, "free": free, "brought_by": profile.brought_by_id or ""}
