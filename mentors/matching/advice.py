"""What follows from an answer and its prices: short lists to choose from, and which coaches are missing.

A price says how much a seat beside a coach is wanted. Short lists that subtract it lead people to coaches
whom not everybody wants, so that nearly all get somebody of their list. And what a new coach would be worth
needs no new run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from mentors.matching.people import Offer
from mentors.matching.problem import Problem
from mentors.matching.result import MatchResult
from mentors.matching.rules import Score, score


@dataclass(frozen=True, slots=True)
class Option:
    """One coach on a short list."""

    offer: Offer
    score: Score
    worth: int  # weight, less the price of a seat


@dataclass(frozen=True, slots=True)
class Gap:
    """What one more coach of a kind would be worth, in weight, and for how many more people."""

    template: Offer
    first_seat: int  # exactly
    at_most: int  # all seats together
    people: int  # at most so many more


def shortlist(problem: Problem, result: MatchResult, seeker: str, k: int = 3) -> tuple[Option, ...]:
    """Coaches from whom somebody may choose: they may meet, and a seat is free or proposed to them."""
    looking = next(one for one in problem.looking if one.id == seeker)
    free = [
        (weight - result.prices[problem.coaches[number].id], -number)
        for number, weight in zip(*problem.pairs.row_of(looking), strict=True)
    ]
    chosen = ((worth, problem.coaches[-number]) for worth, number in nlargest(k, free))
    return tuple(Option(offer, score(looking, offer, problem), worth) for worth, offer in chosen)


def recruitment_gaps(problem: Problem, result: MatchResult, templates: Sequence[Offer]) -> tuple[Gap, ...]:
    """What coaches of these kinds would be worth, the most wanted first. Nobody is matched anew."""
    prices = [result.prices.get(offer.id, 0) for offer in problem.coaches]
    supposed = replace(problem, offers=tuple(templates))
    gains: dict[str, list[int]] = {template.id: [] for template in templates}
    for seeker in problem.looking:
        now = max(
            (weight - prices[number] for number, weight in zip(*problem.pairs.row_of(seeker), strict=True)),
            default=0,
        )
        for number, weight in zip(*supposed.pairs.row_of(seeker), strict=True):
            gains[supposed.coaches[number].id].append(weight - max(now, 0))
    gaps = [_gap(problem, template, gains[template.id]) for template in templates]
    return tuple(sorted(gaps, key=lambda gap: (-gap.at_most, -gap.first_seat, gap.template.id)))


def _gap(problem: Problem, template: Offer, gains: list[int]) -> Gap:
    costs = [0] * template.comfortable + [problem.policy.load] * (template.largest - template.comfortable)
    best = [max(0, gain - cost) for gain, cost in zip(nlargest(len(costs), gains), costs, strict=False)]
    tiers = (sum(best) + problem.base // 2) // problem.base
    return Gap(template, best[0] if best else 0, sum(best), min(len(best), tiers))
