"""Somebody looks for a coach: eight small questions, then one page that says how it stands.

What was answered waits in the session until the last question, so that nothing half is ever matched.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from courses import districts
from lms.requests import PlaceRequest
from lms.signin import tidy
from lms.views.doors import whole_place
from mentors import access, asking, bonds, coaches, messages, needs, times, waits
from mentors.models.bonds import Bond
from mentors.models.coaching import MatchNeeds
from mentors.models.matching import Proposal, Waits

if TYPE_CHECKING:
    from lms.models.people import Person

NEAR = 40  # km: about an hour on a motorcycle
SPOKEN_THERE = (
    "ur",
    "pnb",
    "skr",
    "ps",
    "sd",
    "bal",
    "hno",
    "de",
    "en",
)  # languages that people grow up with
PLEASE_CHOOSE = gettext_noop("Please choose one.")
PLEASE_TIME = gettext_noop("Please choose at least one time.")
PARTS_OF_DAY = (gettext_noop("morning"), gettext_noop("afternoon"), gettext_noop("evening"))


@dataclass(frozen=True)
class Step:
    """One question on one screen."""

    name: str
    question: str
    more: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    many: bool = False


STEPS = (
    Step(
        "gender",
        gettext_noop("Who are you?"),
        gettext_noop("So that you get a coach who fits you."),
        (
            ("woman", gettext_noop("a woman")),
            ("man", gettext_noop("a man")),
            ("other", gettext_noop("I do not say")),
        ),
    ),
    Step(
        "wish",
        gettext_noop("With whom would you like to talk?"),
        "",
        (
            ("woman", gettext_noop("only a woman")),
            ("man", gettext_noop("only a man")),
            ("any", gettext_noop("both are fine")),
        ),
    ),
    Step("mother", gettext_noop("Which language did you grow up with?")),
    Step("languages", gettext_noop("In which others can you talk?"), many=True),
    Step(
        "where",
        gettext_noop("Where do you live?"),
        gettext_noop("A coach never sees your village. It is only so that you get nobody from there."),
    ),
    Step(
        "how",
        gettext_noop("How would you like to talk?"),
        "",
        (
            ("phone", gettext_noop("by phone")),
            ("meet", gettext_noop("meet near me")),
            ("both", gettext_noop("both are fine")),
        ),
    ),
    Step("time", gettext_noop("When do you have time?"), gettext_noop("Touch every time that is good.")),
    Step(
        "trade",
        gettext_noop("What do you live on, or want to?"),
        "",
        (
            ("dairy", gettext_noop("milk animals")),
            ("small", gettext_noop("goats, sheep or hens")),
            ("fields", gettext_noop("fields")),
            ("shop", gettext_noop("a shop")),
            ("driving", gettext_noop("driving")),
            ("craft", gettext_noop("a craft")),
            ("other", gettext_noop("something different")),
        ),
    ),
)
SAID = "needs"  # in the session, until the last answer


def spoken() -> list[tuple[str, str]]:
    """All that these screens say: each sentence, and what is heard after it."""
    steps = [(step.question, step.more) for step in STEPS]
    choices = [(words, "") for step in STEPS for _value, words in step.choices]
    return [*steps, *choices, *((words, "") for words in (PLEASE_CHOOSE, PLEASE_TIME, *PARTS_OF_DAY))]


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def coach(request: PlaceRequest) -> HttpResponse:
    """How it stands: nothing was said, somebody looks, is asked, has chosen, or walks with a coach."""
    if request.method == "POST":
        return _ACTS.get(request.POST.get("act", ""), _nothing)(request)
    person, now = request.person, timezone.now()
    proposal, walks = asking.asked(person, now=now), bonds.walking_with(person)
    if walks and not (proposal and "asked" in request.GET):
        return render(request, "mentors/seeking/coach.html", _walk_values(person, walks, proposal, now))
    if proposal:
        template = "chosen" if proposal.state == Proposal.State.CHOSEN else "asked"
        until = asking.until(proposal, person.time_zone, now=now) if template == "asked" else ""
        values = {
            "proposal": proposal,
            "options": asking.options(proposal),
            "taken": "taken" in request.GET,
            "until": gettext(until) if until else "",
            "until_key": f"ui:{until}",
        }
        return render(request, f"mentors/seeking/{template}.html", values)
    word, before = waits.news(person, now=now), messages.bond_of(person)  # what they wrote can be read again
    if told := needs.of(person):
        found = Waits.objects.filter(person=person).order_by("-at").first()
        values = {"needs": told, "waits": found, "before": before}
        return render(request, "mentors/seeking/waits.html", values)
    may = access.learns_where(person) is not None
    values = {"may": may, "word": gettext(word) if word else "", "word_key": f"ui:{word}", "before": before}
    return render(request, "mentors/seeking/begin.html", values)


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: PlaceRequest, number: int) -> HttpResponse:
    """One of the questions; the last answer keeps them all."""
    programme = access.learns_where(request.person)
    if programme is None or not 1 <= number <= len(STEPS):
        raise Http404
    asked = STEPS[number - 1]
    said = {**_known(needs.of(request.person)), **request.session.get(SAID, {})}
    if request.method != "POST":
        return _ask(request, number, said)
    answer, trouble = _ANSWERS.get(asked.name, _chosen)(asked, request)
    said |= answer
    if trouble:
        return _ask(request, number, said, trouble, status=422)
    request.session[SAID] = said
    if number < len(STEPS):
        return redirect("looks:step", number + 1)
    if missing := next((n for n, one in enumerate(STEPS, 1) if one.name not in said), 0):
        return redirect("looks:step", missing)
    needs.tell(request.person, programme, _as_needs(said), now=timezone.now())
    del request.session[SAID]
    return redirect("looks:coach")


# ── One question ─────────────────────────────────────────────────────────────────────────────────────────


def _ask(
    request: PlaceRequest, number: int, said: dict, trouble: str = "", *, status: int = 200
) -> HttpResponse:
    asked = STEPS[number - 1]
    value = said.get(asked.name, [] if asked.many else "")
    values = {
        "step": asked,
        "question": gettext(asked.question),
        "more": gettext(asked.more) if asked.more else "",
        "step_key": f"ui:{asked.question}",
        "before": number - 1,
        "number": number,
        "of": len(STEPS),
        "steps": ["done"] * (number - 1) + ["now"] + [""] * (len(STEPS) - number),
        "choices": _choices(asked, said),
        "chosen": value if asked.many else [value],
        "trouble": gettext(trouble) if trouble else "",
        "trouble_key": f"ui:{trouble}",
        **_WITH.get(asked.name, _with_nothing)(said),
    }
    return render(request, "mentors/seeking/step.html", values, status=status)


def _choices(asked: Step, said: dict) -> list[tuple[str, str, str]]:
    """Value, words and what names their sound; languages speak for themselves."""
    if asked.name in ("mother", "languages"):
        names = settings.TONGUES
        shown = [code for code in SPOKEN_THERE if asked.name == "mother" or code != said.get("mother")]
        return [(code, names[code], f"ui:{names[code]}") for code in shown]
    return [(value, gettext(words), f"ui:{words}") for value, words in asked.choices]


def _chosen(asked: Step, request: PlaceRequest) -> tuple[dict, str]:
    allowed = {value for value, _words, _key in _choices(asked, {})}
    if asked.many:
        return {asked.name: [one for one in request.POST.getlist(asked.name) if one in allowed]}, ""
    value = request.POST.get(asked.name, "")
    return ({asked.name: value}, "") if value in allowed else ({}, PLEASE_CHOOSE)


def _place(asked: Step, request: PlaceRequest) -> tuple[dict, str]:
    district = request.POST.get("district", "")
    place = {
        "district": district if districts.known(district) else "",
        "village": tidy(request.POST.get("village", ""))[:80],
        "not_same_village": "not_same_village" in request.POST,
    }
    return {asked.name: place}, ""


def _time(asked: Step, request: PlaceRequest) -> tuple[dict, str]:
    tapped = {time_of(one) for one in request.POST.getlist("time") if one in ALL_TIMES}
    return {asked.name: times.bits(tapped)}, "" if tapped else PLEASE_TIME


ALL_TIMES = [f"{day}-{part}" for day in range(7) for part in range(3)]


def time_of(value: str) -> tuple[int, int]:
    """The day and the part that a field of the week stands for."""
    day, part = value.split("-")
    return int(day), int(part)


def week(chosen: set[str]) -> list[tuple[object, list[tuple[str, str, bool]]]]:
    """Seven days with three fields each: name, words, and whether it is chosen."""
    cells = [(one, gettext(PARTS_OF_DAY[time_of(one)[1]]), one in chosen) for one in ALL_TIMES]
    return [(WEEKDAYS[day], cells[3 * day : 3 * day + 3]) for day in range(7)]


def parts() -> list[tuple[str, str]]:
    """Morning, afternoon, evening: the words, and what names their sound."""
    return [(gettext(words), f"ui:{words}") for words in PARTS_OF_DAY]


_ANSWERS: dict[str, Callable[[Step, PlaceRequest], tuple[dict, str]]] = {"where": _place, "time": _time}


def _with_nothing(said: dict) -> dict:
    return {}


def _with_districts(said: dict) -> dict:
    there = said.get("where") or {"not_same_village": True}
    return {"districts": districts.choices(), "there": there}


def _with_week(said: dict) -> dict:
    free = {f"{day}-{part}" for day, part in times.parts(said.get("time") or 0)}
    return {"week": week(free), "parts": parts()}


_WITH: dict[str, Callable[[dict], dict]] = {"where": _with_districts, "time": _with_week}


def _known(told: MatchNeeds | None) -> dict:
    """What was said before, as the questions have it."""
    if told is None:
        return {}
    how = "both" if told.remote and told.reach_km else "phone" if told.remote else "meet"
    return {
        "gender": told.gender,
        "wish": told.wish,
        "mother": told.mother,
        "languages": told.languages,
        "where": {
            "district": told.district,
            "village": told.village,
            "not_same_village": told.not_same_village,
        },
        "how": how,
        "time": told.slots,
        "trade": told.trade,
    }


def _as_needs(said: dict) -> dict:
    return {
        "gender": said["gender"],
        "wish": said["wish"],
        "mother": said["mother"],
        "languages": said["languages"],
        **said["where"],
        "remote": said["how"] != "meet",
        "reach_km": 0 if said["how"] == "phone" else NEAR,
        "slots": said["time"],
        "trade": said["trade"],
    }


# ── What can be done on the one page ─────────────────────────────────────────────────────────────────────


def _nothing(request: PlaceRequest) -> HttpResponse:
    return redirect("looks:coach")


def _choose(request: PlaceRequest) -> HttpResponse:
    rank = request.POST.get("rank", "")
    proposal = asking.asked(request.person, now=timezone.now())
    if proposal and rank.isdecimal():
        try:
            asking.choose(request.person, proposal, int(rank[:2]), now=timezone.now())
        except asking.SeatTaken:
            return redirect(f"{request.path}?taken")
        except asking.NotAskedNow:
            pass
    return redirect("looks:coach")


def _none(request: PlaceRequest) -> HttpResponse:
    if proposal := asking.asked(request.person, now=timezone.now()):
        with suppress(asking.NotAskedNow):  # answered meanwhile: the page says how it stands
            asking.decline(request.person, proposal, now=timezone.now())
    return redirect("looks:coach")


def _no_more(request: PlaceRequest) -> HttpResponse:
    needs.take_back(request.person)
    return redirect("looks:coach")


def _stop(request: PlaceRequest) -> HttpResponse:
    if bond := _bond(request):
        bonds.end(bond, at=timezone.now())
    return redirect("looks:coach")


def _move(request: PlaceRequest) -> HttpResponse:
    """They will live elsewhere: first they say where, then a coach there is looked for."""
    if bond := bonds.present(request.person):
        bonds.want_handover(bond, by=None, now=timezone.now())
        return redirect("looks:step", 1)
    return redirect("looks:coach")


def _stay(request: PlaceRequest) -> HttpResponse:
    if bond := bonds.present(request.person):
        bonds.want_no_handover(bond)
    return redirect("looks:coach")


def _bond(request: PlaceRequest) -> Bond | None:
    """The coach about whom a button says something; who stays, if it names none of theirs."""
    walks = bonds.walking_with(request.person)
    named = next((one for one in walks if str(one.pk) == request.POST.get("with")), None)
    return named or next(iter(walks), None)


def _call(request: PlaceRequest) -> HttpResponse:
    if bond := _bond(request):
        bonds.ask_for_call(bond, wanted="yes" in request.POST, now=timezone.now())
    return redirect("looks:coach")


def _number(request: PlaceRequest) -> HttpResponse:
    if bond := _bond(request):
        bonds.tell_number(bond, of="person", told="yes" in request.POST)
    return redirect("looks:coach")


_ACTS: dict[str, Callable[[PlaceRequest], HttpResponse]] = {
    "choose": _choose,
    "none": _none,
    "no-more": _no_more,
    "stop": _stop,
    "number": _number,
    "call-me": _call,
    "move": _move,
    "stay": _stay,
}


def _walk_values(person: "Person", walks: list[Bond], proposal: Proposal | None, now: datetime) -> dict:
    """What a person sees of who walks with them: one, or two while one hands over to the other."""
    stays, word = walks[0], waits.news(person, now=now)
    moves = stays.handover_wanted_at
    return {
        "walks": [{"bond": bond, **_bond_values(bond, now)} for bond in walks],
        "two": len(walks) > 1,
        "moves": moves,
        "has_said": moves is not None and needs.said_since(person, moves),
        "asked": proposal,
        "word": gettext(word) if word else "",
        "word_key": f"ui:{word}",
    }


def _bond_values(bond: Bond, now: datetime) -> dict:
    """What a person sees of one coach."""
    profile = coaches.profile_in(bond.programme, bond.coach)
    return {
        "trial": bond.trial_until is not None and bond.trial_until > now,
        "coach_number": profile.number if profile and bond.coach_tells_number else "",
        "zone": bond.person.time_zone,
        "writes": messages.is_there(bond),
        "news": messages.waits_with(bond),
    }
