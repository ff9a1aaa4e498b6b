"""Something is not right with a coach: said on a person's phone, heard by the safeguarding lead alone."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from lms.requests import PlaceRequest
from lms.views.doors import whole_place
from mentors import safety
from mentors.models.bonds import Bond
from mentors.models.coaching import Exclusion
from mentors.models.complaints import LONGEST, Complaint

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

STILL = timedelta(days=90)  # so long after two parted somebody may still say it
PLEASE_CHOOSE = gettext_noop("Please choose what it is, or “something different”.")
KINDS = {
    Complaint.Kind.MONEY: gettext_noop("They want money, or want to sell me something"),
    Complaint.Kind.FEAR: gettext_noop("I do not feel safe with them"),
    Complaint.Kind.TALKS: gettext_noop("They tell others about me"),
    Complaint.Kind.AWAY: gettext_noop("They do not call"),
    Complaint.Kind.OTHER: gettext_noop("something different"),
}


class WrongForm(forms.Form):
    """What it is, and words if somebody likes."""

    uid = forms.UUIDField()
    kind = forms.ChoiceField(choices=Complaint.Kind.choices)
    words = forms.CharField(max_length=LONGEST, required=False)


# ── The person ───────────────────────────────────────────────────────────────────────────────────────────


def bond_of(person: "Person", *, now: datetime, named: str | None = None) -> Bond | None:
    """Of whom somebody may say it: who walks with them, or walked until lately; of two, the one named."""
    bonds = (
        Bond.objects.filter(person=person).select_related("programme", "coach").order_by("-began_at", "-pk")
    )
    if named and named.isdecimal() and (theirs := bonds.filter(ended_at=None, pk=int(named[:18])).first()):
        return theirs
    return bonds.filter(ended_at=None).first() or bonds.filter(ended_at__gte=now - STILL).first()


def tell(person: "Person", bond: Bond, form: UUID, said: dict[str, Any], *, now: datetime) -> Complaint:
    """Write it down for the safeguarding lead. The same form twice is once."""
    told = {**said, "programme": bond.programme, "person": person, "coach": bond.coach, "at": now}
    return Complaint.objects.get_or_create(uid=form, defaults=told)[0]


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: PlaceRequest) -> HttpResponse:
    """Ask what is not right; afterwards say who hears it, and that one may stop."""
    now = timezone.now()
    bond = bond_of(request.person, now=now, named=request.GET.get("with"))
    if bond is None:
        return redirect("looks:coach")
    form = WrongForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {"kind": form.cleaned_data["kind"], "words": form.cleaned_data["words"].strip()}
        tell(request.person, bond, form.cleaned_data["uid"], said, now=now)
        return render(
            request, "mentors/seeking/told_wrong.html", {"walks": bond.ended_at is None, "bond": bond}
        )
    values = {
        "form": form,
        "uid": form.cleaned_data.get("uid", uuid4()) if form.is_bound else uuid4(),
        "kinds": [(value, gettext(words), f"ui:{words}") for value, words in KINDS.items()],
        "trouble": gettext(PLEASE_CHOOSE) if form.errors else "",
        "trouble_key": f"ui:{PLEASE_CHOOSE}",
    }
    return render(request, "mentors/seeking/wrong.html", values, status=422 if form.errors else 200)


def spoken() -> list[tuple[str, str]]:
    """All that this screen says and no template holds."""
    return [(words, "") for words in (*KINDS.values(), PLEASE_CHOOSE)]


# ── The safeguarding lead ────────────────────────────────────────────────────────────────────────────────


def told_in(programme: "Programme") -> QuerySet[Complaint]:
    """Everything that was said in a programme: what nobody has heard first, the longest first."""
    told = Complaint.objects.filter(programme=programme).select_related("person", "coach", "heard_by")
    return told.order_by("heard_at", "at")


def waiting_in(programme: "Programme") -> int:
    """How many nobody has heard yet."""
    return Complaint.objects.filter(programme=programme, heard_at=None).count()


@transaction.atomic
def hear(complaint: Complaint, by: "User", *, now: datetime) -> None:
    """The safeguarding lead has it in hand; the two are never proposed to each other again. Twice is once."""
    fresh = Complaint.objects.filter(pk=complaint.pk, heard_at=None)
    if fresh.update(heard_by=by, heard_at=now):
        kind = Exclusion.Kind.COMPLAINT
        safety.keep_apart(complaint.programme, complaint.person, complaint.coach, kind, by=by, now=now)
