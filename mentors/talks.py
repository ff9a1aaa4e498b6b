"""A coach's form for a talk, and the coordinator's board of who is in touch. Both work on a phone."""

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms.requests import StaffRequest
from mentors import access, bonds, cadence, contacts
from mentors.models.bonds import Bond
from mentors.models.contacts import LONGEST_NOTE, LONGEST_STEP, MOST_CREDIT, Contact
from mentors.views import for_staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

ON_A_PAGE = 25
FARTHEST = timedelta(days=100)  # a talk that is agreed lies within a quarter
FACES = {1: _("very low"), 2: _("low"), 3: _("in between"), 4: _("good"), 5: _("very good")}
NOT_THAT_DAY = _("Please choose a day since you walk together, and not after today.")
NOT_SO_FAR = _("Please agree on a day from today on, within the next three months.")


class TalkForm(forms.Form):
    """What came of a talk. Only how it was is asked for; all else may stay empty."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Contact.Kind.choices)
    on = forms.DateField()
    topic = forms.ChoiceField(choices=Contact.Topic.choices, required=False)
    mood = forms.TypedChoiceField(choices=list(FACES.items()), coerce=int, required=False, empty_value=None)
    next_step = forms.CharField(max_length=LONGEST_STEP, required=False)
    next_on = forms.DateField(required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)
    credit = forms.IntegerField(min_value=0, max_value=MOST_CREDIT, required=False)

    def __init__(self, *args: Any, began: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began, self.today = began, today

    def clean_on(self) -> date:
        """A day since they walk together."""
        if not self.began <= self.cleaned_data["on"] <= self.today:
            raise forms.ValidationError(NOT_THAT_DAY)
        return self.cleaned_data["on"]

    def clean_next_on(self) -> date | None:
        """A day to come, and not so far that somebody is forgotten."""
        agreed = self.cleaned_data["next_on"]
        if agreed and not self.today <= agreed <= self.today + FARTHEST:
            raise forms.ValidationError(NOT_SO_FAR)
        return agreed

    @property
    def said(self) -> dict[str, Any]:
        """As a contact has it."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "uid"}
        return said | {
            "credit": said["credit"] or 0,
            "next_step": said["next_step"].strip(),
            "note": said["note"].strip(),
        }


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write down a talk with one of my people."""
    now, someone = timezone.now(), access.walks_with(request.user, uid)
    bond = access.bonds_of(request.user, [someone]).get()
    days = {
        "began": cadence.day(bond.began_at, someone.time_zone),
        "today": cadence.day(now, someone.time_zone),
    }
    form = TalkForm(
        request.POST or None, **days, initial={"uid": uuid.uuid4(), "on": days["today"].isoformat()}
    )
    if request.method == "POST" and form.is_valid():
        contacts.log(request.user, uid, form.cleaned_data["uid"], form.said, now=now)
        return redirect("mentors:person", uid)
    values = {
        "person": someone,
        "form": form,
        "faces": FACES,
        "reads": settings.READING,
        "farthest": days["today"] + FARTHEST,
        **days,
    }
    return render(request, "mentors/talks/talk.html", values, status=422 if form.errors else 200)


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: StaffRequest, programme: UUID) -> HttpResponse:
    """Who walks with whom in a programme, and whose talk is late. What was said stays between the two."""
    where = next((one for one in access.matches_for(request.user) if one.pk == programme), None)
    if where is None:
        raise Http404
    now, there = timezone.now(), access.walking_in(where)
    if request.method == "POST":
        _hand_over(request, there)
        return redirect(request.get_full_path())
    seen = contacts.board(there, today=cadence.day(now, where.time_zone))
    chosen, only_late = request.GET.get("coach", ""), bool(request.GET.get("late"))
    page = Paginator(seen.chosen(chosen, only_late=only_late), ON_A_PAGE).get_page(request.GET.get("page"))
    walks = contacts.in_touch(contacts.first_to_call(there.filter(pk__in=page.object_list)), now=now)
    people = [walk.bond.person for walk in walks]
    access.seen_in_a_list(request.user, people, now=now)
    ways = access.ways_of(people, now=now)
    values = {
        "programme": where,
        "board": seen,
        "walks": walks,
        "rows": [(walk, ways.get(walk.bond.person_id, "")) for walk in walks],
        "page": page,
        "chosen": chosen,
        "only_late": only_late,
        "reads": settings.READING,
    }
    return render(request, "mentors/talks/board.html", values)


def _hand_over(request: StaffRequest, there: "QuerySet[Bond]") -> None:
    """Somebody moves soon, or no more. Whoever is not among these is nobody."""
    said = request.POST.get("bond", "")
    bond = there.filter(pk=int(said)).first() if said.isdecimal() and len(said) < 19 else None
    if bond is None:
        raise Http404
    if request.POST.get("act") == "moves":
        bonds.want_handover(bond, by=request.user, now=timezone.now())
    elif request.POST.get("act") == "stays":
        bonds.want_no_handover(bond)
