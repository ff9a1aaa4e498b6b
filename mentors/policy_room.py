"""The page of a programme's matching policy: what holds in plain words, what waits, and what was before."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms.requests import StaffRequest
from mentors import matching, policy, runs
from mentors.models.matching import MatchPolicy, MatchRun
from mentors.pairing import for_matching

if TYPE_CHECKING:
    from lms.models.programme import Programme

ALL_POINTS = 1000
WHOLE = _("Please write a whole number.")
RANGE = _("Please write a number from {least} to {most}.")
MAKE_1000 = _("All points together make 1000. These make {sum}.")
GROUPS = _("The smallest group cannot be larger than the largest.")
ONE_WAITS = _("Another version waits already. Sign it or drop it first; what you wrote is still here.")
OWN = _("You wrote this version. Somebody else of the programme signs it, too.")
GONE = _("This version does not wait any more.")
RUNS_ALREADY = _("A trial is under way.")
NO_BUTTON = _("Please press one of the buttons on this page.")


class Trouble(Exception):
    """What to do differently, in a sentence."""

    def __init__(self, words: Promise | str) -> None:
        super().__init__(str(words))


@dataclass(frozen=True)
class Number:
    """One number of a policy: what it is called, what it does, and how far it may go."""

    name: str
    label: Promise
    about: Promise
    least: int
    most: int


POINTS = [
    Number(name, label, about, 0, ALL_POINTS)
    for name, label, about in [
        ("trade", _("the same work"), _("Both do the same work. Related work earns half.")),
        (
            "language",
            _("the same language"),
            _("The coach talks what the person grew up with. Another shared language earns half."),
        ),
        ("place", _("near each other"), _("The nearer, the more; nothing where they can only phone.")),
        ("time", _("time together"), _("The more hours of the week both have, the more.")),
        ("journey", _("a similar way"), _("They came home in a similar way, if both told it.")),
        ("stage", _("knows this stage"), _("The coach has helped people who are where this one is.")),
        ("trauma", _("trained for hard memories"), _("The coach has the training that somebody would like.")),
        (
            "gender",
            _("the wish for a woman or a man"),
            _("What somebody would rather have, where it is no must."),
        ),
        ("known", _("know each other"), _("They met already, or the person named the coach.")),
    ]
]
WEEKS = [
    Number(
        "long_wait_weeks",
        _("a long wait, in weeks"),
        _("Who waits so long goes before others of the same need."),
        1,
        52,
    ),
    Number(
        "hold_weeks",
        _("longest hold, in weeks"),
        _("For so long a seat may stay free for somebody who is likely to come; 0 holds nothing."),
        0,
        8,
    ),
    Number(
        "ahead_weeks",
        _("look ahead, in weeks"),
        _("So far ahead last year tells who is likely to come."),
        0,
        26,
    ),
]
SEATS = [
    Number(
        "load",
        _("cost of a seat beyond the comfortable ones"),
        _("The higher, the more evenly people are spread over coaches."),
        0,
        ALL_POINTS,
    ),
    Number("far_km", _("what is far, in km"), _("At this distance nearness earns a third."), 1, 1000),
    Number("slots_enough", _("enough shared hours"), _("So many shared parts of the week earn all."), 1, 21),
    Number("pick", _("somebody's own choice"), _("Added for the coach whom somebody picked."), 0, ALL_POINTS),
    Number(
        "shortlisted",
        _("others of their choice"),
        _("Added for the other coaches whom somebody chose."),
        0,
        ALL_POINTS,
    ),
    Number("group_smallest", _("smallest group"), _("With fewer people no group begins."), 2, 20),
    Number("group_largest", _("largest group"), _("With more people another group begins."), 2, 20),
]
WOMEN_FIRST = _("Women's seats are for women who wait")
NUMBERS = [*POINTS, *WEEKS, *SEATS]


@dataclass(frozen=True)
class Change:
    """One number that a version changes."""

    label: Promise
    before: int | bool
    after: int | bool


@dataclass(frozen=True)
class Version:
    """A version as the page tells it."""

    signed: MatchPolicy
    changes: list[Change]


class PolicyForm(forms.Form):
    """A new version: every number of a policy."""

    women_first = forms.BooleanField(required=False, label=WOMEN_FIRST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in NUMBERS:
            wrong = str(RANGE).format(least=one.least, most=one.most)
            self.fields[one.name] = forms.IntegerField(
                label=cast("str", one.label),
                help_text=cast("str", one.about),
                min_value=one.least,
                max_value=one.most,
                error_messages={"required": WHOLE, "invalid": WHOLE, "min_value": wrong, "max_value": wrong},
            )

    def clean(self) -> dict[str, Any]:
        """Points make 1000, and groups have a size."""
        said = super().clean() or {}
        points = [said[one.name] for one in POINTS if one.name in said]
        if len(points) == len(POINTS) and sum(points) != ALL_POINTS:
            raise forms.ValidationError(str(MAKE_1000).format(sum=sum(points)))
        if said.get("group_smallest", 0) > said.get("group_largest", ALL_POINTS):
            self.add_error("group_smallest", GROUPS)
        return said

    @property
    def policy(self) -> matching.Policy:
        """As the matching takes it."""
        said = dict(self.cleaned_data)
        points = {one.name: said.pop(one.name) for one in POINTS}
        return policy.read({"points": points, **said})

    @property
    def points(self) -> list[forms.BoundField]:
        """The fields that make 1000 together."""
        return [self[one.name] for one in POINTS]

    @property
    def others(self) -> list[forms.BoundField]:
        """All other numbers."""
        return [self[one.name] for one in [*WEEKS, *SEATS]]


@for_matching
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """What holds, what waits for a second signature, what was; `new` opens the form."""
    if request.method != "POST":
        return _page(request, programme)
    if request.POST.get("act") == "write":
        return _write(request, programme)
    try:
        _ACTS.get(request.POST.get("act", ""), _nothing)(request, programme)
    except Trouble as trouble:
        return _page(request, programme, trouble=str(trouble), status=422)
    return redirect("mentors:policy", programme.pk)


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────


def _page(
    request: StaffRequest,
    programme: "Programme",
    form: PolicyForm | None = None,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    version, held = policy.holds_in(programme)
    waiting = policy.waiting_in(programme)
    trial = _trial(programme, waiting)
    if form is None and "new" in request.GET and not waiting:
        form = PolicyForm(initial=_flat(held))
    values = {
        "programme": programme,
        "version": version,
        "held": held,
        "bars": _bars(held),
        "waiting": _version(waiting, held) if waiting else None,
        "trial": trial,
        "tiers": _tiers(trial),
        "is_own": waiting is not None and waiting.signed_by_id == request.user.pk,
        "signed": _history(programme),
        "year": runs.has_a_year(programme, now=timezone.now()),
        "year_on": runs.year_is_full_on(programme),
        "form": form,
        "trouble": trouble,
        "reads": settings.READING,
    }
    return render(request, "mentors/policy/room.html", values, status=status)


def _bars(held: matching.Policy) -> list[tuple[Number, int]]:
    """The points, the most first."""
    bars = [(one, getattr(held.points, one.name)) for one in POINTS]
    return sorted(bars, key=lambda bar: -bar[1])


def _trial(programme: "Programme", waiting: MatchPolicy | None) -> MatchRun | None:
    return runs.tried(programme, waiting.version) if waiting else None


def _tiers(trial: MatchRun | None) -> list[tuple[int, int, int]]:
    """How many of each tier have a proposal: as it holds, and as it would be. The most urgent first."""
    if trial is None or trial.state != MatchRun.State.TRIED:
        return []
    then, held = trial.stats["tiers"], trial.stats["held"]["tiers"]
    return [(int(tier), held[tier]["served"], then[tier]["served"]) for tier in sorted(then, reverse=True)]


def _history(programme: "Programme") -> list[Version]:
    """Every version that ever held, with what it changed; the latest first."""
    signed = policy.signed_in(programme)
    before = [*(policy.read(one.values) for one in signed[1:]), policy.AS_IT_COMES]
    return [_version(one, held) for one, held in zip(signed, before, strict=False)]


def _version(one: MatchPolicy, held: matching.Policy) -> Version:
    before, after = _flat(held), _flat(policy.read(one.values))
    labels = {number.name: number.label for number in NUMBERS} | {"women_first": WOMEN_FIRST}
    changes = [
        Change(label, before[name], after[name])
        for name, label in labels.items()
        if before[name] != after[name]
    ]
    return Version(one, changes)


def _flat(held: matching.Policy) -> dict[str, Any]:
    """Every number by its name, as the form has them."""
    values = policy.values_of(held)
    return values.pop("points") | values


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _write(request: StaffRequest, programme: "Programme") -> HttpResponse:
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, programme, form, status=422)
    try:
        policy.write(programme, request.user, form.policy, now=timezone.now())
    except policy.OneWaits:
        return _page(request, programme, form, trouble=str(ONE_WAITS), status=422)
    return redirect("mentors:policy", programme.pk)


def _nothing(request: StaffRequest, programme: "Programme") -> None:
    """A button that nobody drew."""
    raise Trouble(NO_BUTTON)


def _sign(request: StaffRequest, programme: "Programme") -> None:
    there = MatchPolicy.objects.filter(programme=programme, version=_number(request)).first()
    if there is None:
        raise Trouble(GONE)
    try:
        policy.sign(there, request.user, now=timezone.now())
    except policy.NotTheirOwn:
        raise Trouble(OWN) from None
    except policy.NotWaiting:
        raise Trouble(GONE) from None


def _drop(request: StaffRequest, programme: "Programme") -> None:
    """Twice is once."""
    waiting = policy.waiting_in(programme)
    if waiting and waiting.version == _number(request):
        policy.drop(waiting, now=timezone.now())


def _try(request: StaffRequest, programme: "Programme") -> None:
    try:
        runs.try_out(programme, request.user, now=timezone.now())
    except runs.NothingToTry:
        raise Trouble(GONE) from None
    except runs.AlreadyOpen:
        raise Trouble(RUNS_ALREADY) from None


def _number(request: StaffRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 5 else 0


_ACTS: dict[str, Callable[[StaffRequest, "Programme"], None]] = {
    "sign": _sign,
    "drop": _drop,
    "try": _try,
}
