"""Who may walk with whom, and how well they fit. Each rule and each part of the score is written here once.

A rule or a part says which facts of the two it reads, and judges those. So the same lines answer for one pair
(`eligible`, `score`) and for all pairs at once (`problem.Pairs`), which asks once for equal facts.

Weights follow the literature as far as there is any (shared trade and experience before demographics, DuBois
2011; near and at the same hour, because what helped was meeting often). They are a programme's policy, not a
science.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import exp
from operator import attrgetter
from typing import Any, Literal, Protocol

from mentors.matching.people import URGENT, Offer, Policy, Seeker

RuleCode = Literal[
    "not_ready",
    "safeguarding",
    "gender",
    "language",
    "trauma",
    "reach",
    "time",
    "village",
    "excluded",
    "kept_for_women",
    "reserved",
]
ALL, HALF, NONE = 2, 1, 0  # shares of a part's points, in halves


class Given(Protocol):
    """What the rules know besides the two."""

    @property
    def policy(self) -> Policy: ...
    @property
    def exclusions(self) -> frozenset[frozenset[str]]: ...
    @property
    def kept_for_women(self) -> frozenset[str]: ...
    @property
    def reserve(self) -> bool: ...
    def km(self, one: str, other: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """A must: what it reads of each of the two, and whether these may meet."""

    code: RuleCode
    seeker: Callable[[Seeker], Any]
    offer: Callable[[Offer], Any]
    allows: Callable[[Given, Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: how many of its points these facts earn."""

    name: str
    seeker: Callable[[Seeker], Hashable]
    offer: Callable[[Offer], Hashable]
    earns: Callable[[Given, int, Any, Any], int]


@dataclass(frozen=True, slots=True)
class Score:
    """How well two people fit, 0 to 1000, and what of it each part earned."""

    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        return sum(points for _, points in self.parts)


def eligible(seeker: Seeker, offer: Offer, given: Given) -> tuple[RuleCode, ...]:
    """Which rules keep the two apart; none means that they may meet."""
    return tuple(
        rule.code for rule in RULES if not rule.allows(given, rule.seeker(seeker), rule.offer(offer))
    )


def score(seeker: Seeker, offer: Offer, given: Given) -> Score:
    """How well they fit. Says nothing about whether they may meet."""
    weights = given.policy.points
    return Score(
        tuple(
            (
                part.name,
                part.earns(given, getattr(weights, part.name), part.seeker(seeker), part.offer(offer)),
            )
            for part in PARTS
        )
    )


def choice(seeker: Seeker, offer: Offer, policy: Policy) -> int:
    """What somebody's own choice adds: it outweighs much of a score, and never a tier."""
    if offer.id not in seeker.choices:
        return 0
    return policy.pick if offer.id == seeker.choices[0] else policy.shortlisted


def is_near(seeker: Seeker, offer: Offer, given: Given) -> bool:
    """They can visit each other; who cannot talks by phone."""
    return _can_reach(given, (*_PLACE(seeker), False), (*_PLACE(offer), False))


# ── Musts ────────────────────────────────────────────────────────────────────────────────────────────────


def _is_ready(given: Given, _: object, ready: bool) -> bool:
    return ready


def _is_of_age(given: Given, seeker: tuple[bool, bool], _: object) -> bool:
    under_18, agreed = seeker
    return agreed or not under_18


def _suits_both(given: Given, seeker: tuple[str, str], offer: tuple[str, str]) -> bool:
    (gender, wish), (coach, walks_with) = seeker, offer
    if gender == "woman" and not wish:
        wish = "woman"
    return (wish not in ("woman", "man") or coach == wish) and (walks_with == "any" or coach == gender)


def _can_talk(given: Given, seeker: tuple[str, frozenset[str]], offer: tuple[str, frozenset[str]]) -> bool:
    (mother, others), (coach_mother, coach_others) = seeker, offer
    return (
        mother == coach_mother
        or mother in coach_others
        or coach_mother in others
        or not others.isdisjoint(coach_others)
    )


def _can_reach(given: Given, seeker: tuple[str, int, bool], offer: tuple[str, int, bool]) -> bool:
    (district, reach, remote), (coach_district, coach_reach, coach_remote) = seeker, offer
    if remote and coach_remote:
        return True
    km = given.km(district, coach_district)
    return km is not None and km <= reach and km <= coach_reach


def _have_time(given: Given, slots: int, coach_slots: int) -> bool:
    return slots & coach_slots != 0


def _is_trained(given: Given, trauma: str, informed: bool) -> bool:
    return informed or trauma != "must"


def _are_strangers(given: Given, seeker: tuple[str, bool], offer: tuple[str, bool]) -> bool:
    """A village that nobody told cannot be compared."""
    return not seeker[0] or seeker[0] != offer[0] or not (seeker[1] or offer[1])


def _may_meet(given: Given, seeker: str, offer: str) -> bool:
    return frozenset((seeker, offer)) not in given.exclusions


def _is_free_for(given: Given, gender: str, woman: str) -> bool:
    return gender != "man" or woman not in given.kept_for_women


def _is_not_reserved(given: Given, seeker: tuple[bool, int, int], gender: str) -> bool:
    """Who may walk with either waits a little before they take a seat beside a woman."""
    accepts_either, tier, weeks = seeker
    due = tier == URGENT or weeks >= given.policy.hold_weeks
    return not given.reserve or gender != "woman" or not accepts_either or due


_PLACE = attrgetter("district", "reach_km")
_REACH = attrgetter("district", "reach_km", "remote")
_TALK = attrgetter("mother", "languages")
_VILLAGE = attrgetter("village", "not_same_village")
_ID = attrgetter("id")
_SLOTS = attrgetter("slots")


def _nothing(_: object) -> None:
    return None


RULES = (
    Rule("not_ready", _nothing, attrgetter("ready"), _is_ready),
    Rule("safeguarding", attrgetter("under_18", "agreed_by_safeguarding"), _nothing, _is_of_age),
    Rule("gender", attrgetter("gender", "wish"), attrgetter("gender", "walks_with"), _suits_both),
    Rule("language", _TALK, _TALK, _can_talk),
    Rule("trauma", attrgetter("trauma"), attrgetter("trauma_informed"), _is_trained),
    Rule("reach", _REACH, _REACH, _can_reach),
    Rule("time", _SLOTS, _SLOTS, _have_time),
    Rule("village", _VILLAGE, _VILLAGE, _are_strangers),
    Rule("excluded", _ID, _ID, _may_meet),
    Rule(
        "kept_for_women",
        attrgetter("gender"),
        lambda offer: offer.id if offer.gender == "woman" else "",
        _is_free_for,
    ),
    Rule(
        "reserved",
        attrgetter("accepts_either", "tier", "weeks"),
        attrgetter("gender"),
        _is_not_reserved,
    ),
)


# ── Parts of a score ─────────────────────────────────────────────────────────────────────────────────────


def _trade(given: Given, most: int, trade: str, trades: tuple[tuple[str, int], ...]) -> int:
    theirs = {name for name, _ in trades}
    related = any(frozenset((trade, other)) in given.policy.related_trades for other in theirs)
    return _of(most, ALL if trade and trade in theirs else HALF if related else NONE)


def _language(
    given: Given, most: int, seeker: tuple[str, frozenset[str]], offer: tuple[str, frozenset[str]]
) -> int:
    mother = seeker[0] == offer[0] or seeker[0] in offer[1]
    return _of(most, ALL if mother else HALF if _can_talk(given, seeker, offer) else NONE)


def _place(given: Given, most: int, seeker: tuple[str, int], offer: tuple[str, int]) -> int:
    km = given.km(seeker[0], offer[0])
    if km is None or km > min(seeker[1], offer[1]):
        return 0
    return round(most * exp(-km / given.policy.far_km))


def _time(given: Given, most: int, slots: int, coach_slots: int) -> int:
    enough = given.policy.slots_enough
    return most * min((slots & coach_slots).bit_count(), enough) // enough


def _journey(given: Given, most: int, journey: str, coach_journey: str) -> int:
    return most if journey and journey == coach_journey else 0


def _stage(given: Given, most: int, stage: str, stages: frozenset[str]) -> int:
    return most if stage in stages else 0


def _trauma(given: Given, most: int, trauma: str, informed: bool) -> int:
    return most if informed or not trauma else 0


def _gender(given: Given, most: int, wish: str, gender: str) -> int:
    return most if wish in ("", "any") or wish.removeprefix("rather_") == gender else 0


def _known(given: Given, most: int, known: frozenset[str], coach: str) -> int:
    return most if coach in known else 0


def _of(most: int, halves: int) -> int:
    return most * halves // 2


PARTS = (
    Part("trade", attrgetter("trade"), attrgetter("trades"), _trade),
    Part("language", _TALK, _TALK, _language),
    Part("place", _PLACE, _PLACE, _place),
    Part("time", _SLOTS, _SLOTS, _time),
    Part("journey", attrgetter("journey"), attrgetter("journey"), _journey),
    Part("stage", attrgetter("stage"), attrgetter("stages"), _stage),
    Part("trauma", attrgetter("trauma"), attrgetter("trauma_informed"), _trauma),
    Part("gender", attrgetter("wish"), attrgetter("gender"), _gender),
    Part("known", attrgetter("known"), _ID, _known),
)
