"""My way: where I am, the next small step, and what is to do until when. It works without a day, too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop, ngettext, override
from django.views.decorators.http import require_http_methods

from lms import countries, days, plans, road, way
from lms import journey as rules
from lms.journey import Dates, Ending, Plan, Problem, Stage, Step
from lms.models.journey import STAGES, Journey
from lms.requests import PlaceRequest
from lms.views.doors import whole_place
from media import voices

WEEK, MONTHS_FROM = 7, 60  # days: below it is this week; from then on it is said in months
EARLIER = (3, 7, 14)  # days from now, of who must leave earlier
NO_DAY = gettext_noop("We could not read this day. Please write it like 24.12.2026.")
TROUBLES = {
    Problem.PAST: gettext_noop(
        "That day has passed. Are you there already? Then go back and touch “I am already home”."
    ),
    Problem.TOO_FAR: gettext_noop("That day is more than two years away. Please look at the year."),
    Problem.NOT_YET: gettext_noop("That day has not come yet. Please choose a day until today."),
    Problem.LONG_AGO: gettext_noop("That day is more than ten years ago. Please look at the year."),
    Problem.WRONG_ORDER: gettext_noop(
        "So you would have arrived before you left. Please look at the day again."
    ),
    Problem.TWICE: gettext_noop(
        "You have arrived already. Is this a new way? Then first end the one of before: “My way ends here”."
    ),
}
ENDS = {
    Ending.STAYS: gettext_noop("I stay, and need no list any more"),
    Ending.MOVED_ON: gettext_noop("I go on to another place"),
    Ending.WITHDREW: gettext_noop("I do not want this page any more"),
}
ROADS = {  # what is drawn, for who prepared here and for who was home already
    True: (*rules.ROAD,),
    False: (Stage.ARRIVAL, Stage.FIRST_90, Stage.YEAR_1, Stage.YEARS_2_3),
}


@dataclass(frozen=True)
class Line:
    """A task as it stands in somebody's list."""

    step: Step
    words: str
    key: str
    when: str
    is_late: bool
    is_old: bool  # a fact that should have been looked at again
    opens: str


@dataclass(frozen=True)
class Part:
    """A stage as the whole way lists it."""

    name: str
    state: str
    since: date | None


def spoken() -> list[tuple[str, str]]:
    """All that these screens say and no template holds."""
    with override(None):
        stages = [str(words) for _stage, words in STAGES]
    return [(words, "") for words in (*stages, *TROUBLES.values(), *ENDS.values(), NO_DAY)]


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def my_way(request: PlaceRequest) -> HttpResponse:
    """The road, the next small step, the list; of whom nobody knows it yet, how it is with them."""
    now, journey = timezone.now(), way.of(request.person)
    if request.method == "POST":
        return _act(request, journey, now)
    if not journey:
        return render(request, "lms/way/begin.html")
    return render(request, "lms/way/way.html", _shown(way.here(journey, now=now)))


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def going(request: PlaceRequest) -> HttpResponse:
    """The day of leaving, which nobody has to know."""
    return _day_page(request, "lms/way/going.html", "departure_on", _leave)


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: PlaceRequest) -> HttpResponse:
    """Since when somebody is home, about."""
    return _day_page(request, "lms/way/home.html", "arrived_on", _arrive)


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: PlaceRequest) -> HttpResponse:
    """What adds to the list; nothing has to be said."""
    journey = way.of(request.person)
    if not journey:
        return redirect("lms:way")
    asked = {"trade": Journey.Trade, "part": Journey.Part, "kind": Journey.Kind}
    if request.method != "POST":
        choices = {f"{name}s": one.choices for name, one in asked.items()}
        return render(request, "lms/way/about.html", {"journey": journey, **choices})
    said = {name: request.POST.get(name, "") for name in asked}
    known = {name: value if value in asked[name].values else "" for name, value in said.items()}
    way.tell(journey, **known)
    return redirect("lms:way")


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def ends(request: PlaceRequest) -> HttpResponse:
    """A way ends, in one of the words that a person has for it; nobody asks why."""
    ending = request.POST.get("ending", "")
    if request.method == "POST" and ending in {one.value for one in ENDS}:
        way.end(request.person, Ending(ending), now=timezone.now())
        request.session["told"] = "way-ended"
        return redirect("lms:mine")
    if not way.of(request.person):
        return redirect("lms:way")
    choices = [(one.value, gettext(words), f"ui:{words}") for one, words in ENDS.items()]
    return render(request, "lms/way/ends.html", {"choices": choices})


@whole_place
@require_http_methods(["GET", "HEAD"])
def plan(request: PlaceRequest) -> HttpResponse:
    """The list on one page of paper."""
    journey = way.of(request.person)
    if not journey:
        return redirect("lms:way")
    here = way.here(journey, now=timezone.now())
    drawn = plans.draw(
        get_language() or "en",
        stage=way.in_words(journey, now=timezone.now()),
        lines=[(line.words, _by(line.step.due_on)) for line in _lines(here) if not line.step.done],
    )
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return answer


# ── My way ───────────────────────────────────────────────────────────────────────────────────────────────


def _act(request: PlaceRequest, journey: Journey | None, now: datetime) -> HttpResponse:
    said = request.POST
    if journey and "done" in said:
        way.tick_off(journey, said["done"], now=now)
    elif journey and "undo" in said:
        way.take_back(journey, said["undo"], now=now)
    elif "undecided" in said:
        _say(request, Dates(), now)
    elif "not-yet" in said:
        way.not_yet_there(request.person, now=now)
    return redirect("lms:way")


def _shown(here: way.Here) -> dict:
    lines = _lines(here)
    following = next((line for line in lines if not line.step.done), None)
    states = _states(here.dates, here.today)
    return {
        "here": here,
        "journey": here.journey,
        "stage": dict(STAGES)[here.stage.value],
        "stage_key": _stage_key(here.stage),
        "road": road.draw(states.values()),
        "place": list(states.values()).index("now") + 1 if "now" in states.values() else 0,
        "of": len(states),
        "parts": _parts(here, states),
        "following": following,
        "to_do": [line for line in lines if not line.step.done and line is not following],
        "done": [line for line in lines if line.step.done],
        "hurry": rules.in_a_hurry(here.dates, here.today),
        "earlier": _earlier(here),
    }


def _stage_key(stage: Stage) -> str:
    with override(None):
        return voices.sentence(str(dict(STAGES)[stage.value]))


def _states(dates: Dates, today: date) -> dict[Stage, str]:
    """Each stage of the road that is drawn: done, now or to come."""
    places, stage, order = ROADS[dates.plan is not Plan.HOME], rules.stage_on(dates, today), list(Stage)
    if stage is Stage.HOME:
        return dict.fromkeys(places, "")
    before = order[: order.index(stage)]
    return {one: "now" if one is stage else "done" if one in before else "" for one in places}


def _parts(here: way.Here, states: dict[Stage, str]) -> list[Part]:
    first, names = dict(rules.starts(here.dates)), dict(STAGES)
    known = {one: day for one, day in first.items() if day > date.min}
    return [Part(str(names[one.value]), state, known.get(one)) for one, state in states.items()]


def _lines(here: way.Here) -> list[Line]:
    opens = {
        "card": reverse("lms:card"),
        "coach": reverse("looks:coach"),
        "lessons": f"/{get_language()}/",
        "number": reverse("lms:own-number"),
    }
    return [_line(step, here.today, opens) for step in here.steps]


def _line(step: Step, today: date, opens: dict[str, str]) -> Line:
    task, due = step.task, step.due_on
    return Line(
        step,
        countries.said(task.said),
        voices.sentence(task.said["en"]),
        "" if step.done else _when(due, today),
        is_late=bool(due and due < today),
        is_old=bool(task.check_again_on and task.check_again_on < today),
        opens=opens.get(task.opens, ""),
    )


def _when(due: date | None, today: date) -> str:
    """Until when, in the words of a neighbour. What is late is no fault."""
    if due is None:
        return ""
    left = (due - today).days
    if left < 0:
        return gettext("as soon as you can")
    if left <= 1:
        return gettext("tomorrow") if left else gettext("today")
    if left < WEEK:
        return gettext("this week")
    if left <= MONTHS_FROM:
        return ngettext("in %(days)s day", "in %(days)s days", left) % {"days": left}
    months = round(left / 30.4)
    return ngettext("in %(months)s month", "in %(months)s months", months) % {"months": months}


def _by(due: date | None) -> str:
    """On paper, a day does not move on."""
    return date_format(due, "SHORT_DATE_FORMAT") if due else ""


def _earlier(here: way.Here) -> list[date]:
    left = here.days_to_go
    return [here.today + timedelta(days=ahead) for ahead in EARLIER if left is not None and ahead < left]


# ── A day ────────────────────────────────────────────────────────────────────────────────────────────────

Keep = Callable[[PlaceRequest, date | None, datetime], object]


def _day_page(request: PlaceRequest, template: str, field: str, keep: Keep) -> HttpResponse:
    """Ask for a day and keep it. One that cannot be is said in a sentence, with what was typed."""
    now, journey = timezone.now(), way.of(request.person)
    typed, trouble = request.POST.get("day", "").strip()[: days.LONGEST], ""
    if request.method == "POST":
        try:
            said = "" if "unknown" in request.POST else request.POST.get("on") or typed
            keep(request, days.read(said) if said else None, now)
            return redirect("lms:way")
        except way.NotThatDay as refused:
            trouble = TROUBLES[refused.problem]
        except days.NotADay:
            trouble = NO_DAY
    values = {
        "journey": journey,
        "day": getattr(journey, field) if journey else None,
        "typed": typed,
        "trouble": gettext(trouble) if trouble else "",
        "trouble_key": voices.sentence(trouble),
        "today": way.today_of(request.person, now),
        "countries": countries.choices() if not journey and way.may_choose(request.person) else [],
    }
    return render(request, template, values, status=422 if trouble else 200)


def _leave(request: PlaceRequest, day: date | None, now: datetime) -> None:
    journey = way.of(request.person)
    arrived_on = journey.arrived_on if journey else None
    if arrived_on and not day:
        way.not_yet_there(request.person, now=now)
    else:
        _say(request, Dates(Plan.GOING, day, arrived_on), now)


def _arrive(request: PlaceRequest, day: date | None, now: datetime) -> None:
    way.arrive(request.person, day, country=request.POST.get("country", ""), now=now)


def _say(request: PlaceRequest, said: Dates, now: datetime) -> None:
    way.say(request.person, said, country=request.POST.get("country", ""), now=now)
