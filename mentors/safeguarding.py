"""The safeguarding lead's room: who of 16 and 17 may have a coach, whom to keep apart, who is urgent.

Everybody who stands on a page of it was looked at, and can read so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms.requests import StaffRequest, uid
from media import spoken
from mentors import access, complaints, messages, needs, safety
from mentors.models.coaching import Exclusion, MatchNeeds
from mentors.models.messages import ReportedMessage
from mentors.views import MOST_LOOKS, for_staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lms.models.people import Person, User
    from lms.models.programme import Programme

View = Callable[..., HttpResponse]
MOST_HITS = 20
MOST_ROWS = 100
CHOOSE_COACH = _("Please choose a coach of this programme.")
CHOOSE_WHY = _("Please choose why.")
CHOOSE_PERSON = _("Please look for a person of this programme first.")
NOT_YOUNG = _("This person does not wait for your yes just now.")
NOT_LOOKING = _("This person does not look for a coach just now.")
NOT_APART = _("These two are not kept apart any more.")
CONFIRM = _("Please say with the tick that these two should part.")
NO_BUTTON = _("Please press one of the buttons on this page.")


class Trouble(Exception):
    """What to do differently, in a sentence."""

    def __init__(self, words: Promise | str) -> None:
        super().__init__(str(words))


@dataclass(frozen=True)
class Young:
    """Somebody of 16 or 17 who would like a coach."""

    needs: MatchNeeds
    only_a_woman: bool
    agreed: bool
    walks: bool


@dataclass(frozen=True)
class Apart:
    """Two who are kept apart, and whether something goes on between them."""

    exclusion: Exclusion
    walk: bool
    asked: bool


class ApartForm(forms.Form):
    """From which coach to keep a person apart, and why."""

    coach = forms.ChoiceField(
        label=_("Coach"), error_messages={"required": CHOOSE_COACH, "invalid_choice": CHOOSE_COACH}
    )
    kind = forms.ChoiceField(
        label=_("Why"),
        choices=[("", "–"), *Exclusion.Kind.choices],
        error_messages={"required": CHOOSE_WHY, "invalid_choice": CHOOSE_WHY},
    )

    def __init__(self, *args: Any, coaches: "Iterable[User]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coaches = {str(one.pk): one for one in coaches}
        named = [(key, _called(one)) for key, one in self.coaches.items()]
        cast("forms.ChoiceField", self.fields["coach"]).choices = [("", "–"), *named]


def for_safeguarding(view: View) -> View:
    """For the safeguarding lead, with one of their programmes. For others there is no such page."""

    @for_staff
    @wraps(view)
    def guarded(request: StaffRequest, programme: UUID, *args: object, **kwargs: object) -> HttpResponse:
        there = next((one for one in access.watched_by(request.user) if one.pk == programme), None)
        if there is None:
            raise Http404
        return view(request, there, *args, **kwargs)

    return guarded


@for_safeguarding
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """What the safeguarding lead says in one programme. `find` looks for a name, `person` opens one."""
    if request.method == "POST":
        return _act(request, programme)
    person = _person(programme, request.GET.get("person", ""))
    if person is None and request.GET.get("person"):
        raise access.NotYours
    return _page(request, programme, request.GET, person)


@for_safeguarding
@require_http_methods(["GET", "HEAD"])
def reported(request: StaffRequest, programme: "Programme", told: UUID) -> HttpResponse:
    """A message that one of the two reported, and the few before it. Nothing else of what they wrote."""
    report = _reported(programme, told)
    read = messages.read_reported(request.user, report, now=timezone.now())
    values = {
        "programme": programme,
        "report": report,
        "messages": [(one, spoken.can_be_played(one.voice)) for one in read],
        "reads": settings.READING,
    }
    return render(request, "mentors/safeguarding/reported.html", values)


@for_safeguarding
@require_http_methods(["GET", "HEAD"])
def reported_sound(request: StaffRequest, programme: "Programme", told: UUID, message: UUID) -> HttpResponse:
    """A voice note among what was reported."""
    found = next((one for one in messages.with_it(_reported(programme, told)) if one.uid == message), None)
    if found is None:
        raise access.NotYours
    return spoken.give(request, found.voice)


def _reported(programme: "Programme", told: UUID) -> ReportedMessage:
    found = messages.reported_in(programme).filter(pk=told).first()
    if found is None:
        raise access.NotYours
    return found


def _act(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Do what the button says, and stay with who was open; or say what is the matter, and lose nothing."""
    said, person = request.POST, _person(programme, request.POST.get("person", ""))
    try:
        stopped = _ACTS.get(said.get("act", ""), _nothing)(request, programme)
    except Trouble as trouble:
        return _page(request, programme, said, person, str(trouble), status=422)
    told = {"find": said.get("find", ""), "person": person.pk if person else "", "stopped": stopped or ""}
    kept = urlencode({name: value for name, value in told.items() if value})
    address = reverse("mentors:safeguarding", args=[programme.pk])
    return redirect(f"{address}?{kept}" if kept else address)


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────


def _page(
    request: StaffRequest,
    programme: "Programme",
    said: QueryDict,
    person: "Person | None",
    trouble: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    find = said.get("find", "")
    nameless = "nameless" in said
    if nameless:
        hits = access.people_without_name(programme, most=MOST_HITS + 1)
    else:
        hits = access.people_called(programme, find, most=MOST_HITS + 1)
    shown = {
        "young": _young(programme),
        "apart": _apart(programme),
        "urgent": list(_looking(programme).filter(urgent=True)),
        "hits": hits[:MOST_HITS],
        "reported": list(messages.reported_in(programme)[:MOST_ROWS]),
        "paused": list(messages.paused_in(programme)[:MOST_ROWS]),
        "complaints": [(one, gettext(complaints.KINDS[one.kind])) for one in complaints.told_in(programme)],
    }
    _note(request.user, shown, person)
    values = {
        **shown,
        "numbers": messages.numbers_of(programme, now=timezone.now()),
        "programme": programme,
        "find": find,
        "nameless": nameless,
        "more_hits": len(hits) > MOST_HITS,
        "person": person,
        "trouble": trouble,
        "stopped": "stopped" in said,
        "reads": settings.READING,
        **(_about(request, programme, person, said) if person else {}),
    }
    return render(request, "mentors/safeguarding/room.html", values, status=status)


def _note(lead: "User", shown: dict[str, list], person: "Person | None") -> None:
    """Whoever is shown was looked at, once for each page."""
    seen = [one.needs.person_id for one in shown["young"]]
    seen += [one.exclusion.person_id for one in shown["apart"]]
    seen += [one.person_id for one in shown["urgent"]]
    seen += [one.person_id for one in (*shown["reported"], *shown["paused"])]
    seen += [one.person_id for one, _what in shown["complaints"]]
    seen += [one.pk for one in (*shown["hits"], *filter(None, [person]))]
    access.seen_by_safeguarding(lead, dict.fromkeys(seen), now=timezone.now())


def _young(programme: "Programme") -> list[Young]:
    """Those without a yes first, the longest first."""
    told = list(needs.young_in(programme).select_related("person", "agreed_by"))
    leads = set(access.watching(programme))
    walk = {person for person, _coach in safety.walking(programme, [one.person_id for one in told])}
    rows = [
        Young(one, needs.only_a_woman(one), one.agreed_by_id in leads, one.person_id in walk) for one in told
    ]
    return sorted(rows, key=lambda row: row.agreed or row.walks)


def _apart(programme: "Programme") -> list[Apart]:
    kept = safety.kept_in(programme)
    people = [one.person_id for one in kept]
    walk, asked = safety.walking(programme, people), safety.asked_about(programme, people)
    pairs = [(one, (one.person_id, one.coach_id)) for one in kept]
    return [Apart(one, pair in walk, pair in asked) for one, pair in pairs]


def _about(
    request: StaffRequest, programme: "Programme", person: "Person", said: QueryDict
) -> dict[str, object]:
    """What can be said of one person, and the last who looked at them."""
    tried = said if said.get("act") == "apart" else None
    return {
        "form": ApartForm(tried, coaches=access.coaches_of(programme)),
        "how_often": messages.how_often(programme, person),
        "looking": _looking(programme).filter(person=person.pk).first(),
        "looks": access.read_looks(request.user, person, now=timezone.now())[:MOST_LOOKS],
    }


def _looking(programme: "Programme") -> "QuerySet[MatchNeeds]":
    return needs.looking_in(programme).select_related("person")


def _called(coach: "User") -> str:
    """With the user name, since two may have one name."""
    name = coach.get_full_name()
    return f"{name} ({coach.get_username()})" if name else coach.get_username()


def _person(programme: "Programme", said: str) -> "Person | None":
    found = uid(said)
    return access.person_in(programme, found) if found else None


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _nothing(request: StaffRequest, programme: "Programme") -> int:
    """A button that nobody drew."""
    raise Trouble(NO_BUTTON)


def _agree(request: StaffRequest, programme: "Programme") -> int:
    told = _one(needs.young_in(programme), request, NOT_YOUNG)
    if told.agreed_by_id not in set(access.watching(programme)):
        needs.agree(told, request.user)
    return 0


def _take_back(request: StaffRequest, programme: "Programme") -> int:
    return safety.take_yes_back(_one(needs.young_in(programme), request, NOT_YOUNG), now=timezone.now())


def _urge(request: StaffRequest, programme: "Programme") -> int:
    told = _one(needs.looking_in(programme), request, NOT_LOOKING)
    needs.urge(told, urgent=request.POST["act"] == "urgent")
    return 0


def _keep_apart(request: StaffRequest, programme: "Programme") -> int:
    person = _person(programme, request.POST.get("person", ""))
    if person is None:
        raise Trouble(CHOOSE_PERSON)
    form = ApartForm(request.POST, coaches=access.coaches_of(programme))
    if not form.is_valid():
        raise Trouble("")  # each sentence stands beside its field
    coach, kind = form.coaches[form.cleaned_data["coach"]], form.cleaned_data["kind"]
    return safety.keep_apart(programme, person, coach, kind, by=request.user, now=timezone.now())


def _part(request: StaffRequest, programme: "Programme") -> int:
    exclusion = _exclusion(request, programme)
    if "sure" not in request.POST:
        raise Trouble(CONFIRM)
    safety.part(exclusion, now=timezone.now())
    return 0


def _withdraw(request: StaffRequest, programme: "Programme") -> int:
    return safety.stop(programme, _exclusion(request, programme).person_id, now=timezone.now())


def _let_meet(request: StaffRequest, programme: "Programme") -> int:
    """Twice is once: who is not kept apart any more is what was asked for."""
    for one in safety.kept_in(programme):
        if str(one.pk) == request.POST.get("pair"):
            safety.may_meet_again(one)
    return 0


def _hear(request: StaffRequest, programme: "Programme") -> int:
    """Twice is once, and so is what another lead has heard."""
    told = complaints.told_in(programme).filter(pk=uid(request.POST.get("told"))).first()
    if told is None:
        raise Trouble(NO_BUTTON)
    complaints.hear(told, request.user, now=timezone.now())
    return 0


def _hear_report(request: StaffRequest, programme: "Programme") -> int:
    """Twice is once, and so is what another lead has in hand."""
    told = messages.reported_in(programme).filter(pk=uid(request.POST.get("told"))).first()
    if told is None:
        raise Trouble(NO_BUTTON)
    messages.hear(told, request.user, now=timezone.now())
    return 0


def _one(those: "QuerySet[MatchNeeds]", request: StaffRequest, trouble: Promise | str) -> MatchNeeds:
    told = those.select_related("programme").filter(person=uid(request.POST.get("who"))).first()
    if told is None:
        raise Trouble(trouble)
    return told


def _exclusion(request: StaffRequest, programme: "Programme") -> Exclusion:
    said = request.POST.get("pair")
    found = next((one for one in safety.kept_in(programme) if str(one.pk) == said), None)
    if found is None:
        raise Trouble(NOT_APART)
    return found


_ACTS: dict[str, Callable[[StaffRequest, "Programme"], int]] = {
    "agree": _agree,
    "take-back": _take_back,
    "urgent": _urge,
    "not-urgent": _urge,
    "apart": _keep_apart,
    "part": _part,
    "withdraw": _withdraw,
    "let-meet": _let_meet,
    "heard": _hear,
    "heard-report": _hear_report,
}
