"""Why two people are proposed to each other: codes of sentences that can be spoken, the heaviest first.

People hear only what the other one agreed to show, and never what is nobody's business: what somebody lived
through, how they came home, a village, who is kept apart, who said no. Nobody hears a number of points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mentors.matching.people import Offer, Seeker
from mentors.matching.result import Pair

Audience = Literal["seeker", "coach", "coordinator"]
RESTRICTED = frozenset({"trauma", "journey"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code that templates know in every language, and what to say in it."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def explain(pair: Pair, audience: Audience) -> tuple[Sentence, ...]:
    """What speaks for this pair, and how they would talk."""
    told = []
    for part, points in sorted(pair.score.parts, key=lambda part: -part[1]):
        sentence = _say(part, pair.seeker, pair.offer) if points else None
        if sentence and _may_hear(part, pair, audience):
            told.append(sentence)
    return tuple(told) if pair.near else (*told, Sentence("talk_by_phone"))


def _may_hear(part: str, pair: Pair, audience: Audience) -> bool:
    if audience == "coordinator":
        return True
    other = pair.offer if audience == "seeker" else pair.seeker
    return part in other.shows and part not in RESTRICTED


def _say(part: str, seeker: Seeker, offer: Offer) -> Sentence | None:
    if part == "trade":
        return _trade(seeker, offer)
    if part == "language":
        return _language(seeker, offer)
    if part == "place":
        return Sentence("same_district" if seeker.district == offer.district else "lives_near")
    if part == "time":
        shared = seeker.slots & offer.slots
        return Sentence("free_together", {"slot": (shared & -shared).bit_length() - 1})
    if part == "gender":
        return (
            Sentence("gender_as_wished") if seeker.wish not in ("", "any") or seeker.asks_for_woman else None
        )
    return Sentence({"stage": "knows_stage", "known": "have_met"}.get(part, f"fits_{part}"))


def _trade(seeker: Seeker, offer: Offer) -> Sentence:
    years = dict(offer.trades)
    if seeker.trade in years:
        return Sentence("same_trade", {"trade": seeker.trade, "years": years[seeker.trade]})
    return Sentence("related_trade", {"trade": offer.trades[0][0]})


def _language(seeker: Seeker, offer: Offer) -> Sentence:
    if seeker.mother == offer.mother:
        return Sentence("share_mother_tongue", {"language": seeker.mother})
    if seeker.mother in offer.languages:
        return Sentence("speaks_mother_tongue", {"language": seeker.mother})
    shared = (seeker.languages | {seeker.mother}) & (offer.languages | {offer.mother})
    return Sentence("share_language", {"language": min(shared)})
