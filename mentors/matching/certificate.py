"""Proof that an answer is right and cannot be better. It knows nothing about how the answer was found.

Weak duality: whatever the prices of seats are, no answer can weigh more than what people would gain at these
prices plus what the seats would cost. Where an answer weighs just as much, it is one of the best, and the
prices prove it. Everything is counted anew from what was given: the musts and the score of each pair one by
one, as `rules` says them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from mentors.matching.problem import Problem
from mentors.matching.result import Certificate, MatchResult, Pair
from mentors.matching.rules import choice, eligible, score


def verify(problem: Problem, result: MatchResult) -> Certificate:
    """Judge an answer: nobody is where they may not be, and nothing better exists. O(pairs)."""
    pairs = (*result.pairs, *result.kept)
    problems = (
        *_wrong_pairs(problem, pairs),
        *_wrong_people(problem, result),
        *_wrong_prices(problem, result),
    )
    if problems:
        return Certificate(0, 0, problems)
    loads = Counter(pair.offer.id for pair in pairs)
    weights = sum(
        problem.base * problem.level(pair.seeker) + pair.score.total + pair.choice for pair in pairs
    )
    costs = sum(
        sum(seats[: loads[offer.id]]) for offer, seats in zip(problem.coaches, problem.seats, strict=True)
    )
    return Certificate(weights - costs, _bound(problem, result.prices), ())


def _bound(problem: Problem, told: Mapping[str, int]) -> int:
    prices = [told.get(offer.id, 0) for offer in problem.coaches]
    bound = sum(
        max(0, price - cost) for price, seats in zip(prices, problem.seats, strict=True) for cost in seats
    )
    for offers, weights in problem.pairs.best(prices, 1, [0] * len(problem.pairs)):
        bound += sum(weights) - sum(prices[offer] for offer in offers)
    return bound


def _wrong_pairs(problem: Problem, pairs: tuple[Pair, ...]) -> Iterator[str]:
    seekers = {seeker.id: seeker for seeker in problem.looking}
    offers = {offer.id: offer for offer in problem.coaches}
    for pair in pairs:
        seeker, offer = seekers.get(pair.seeker.id), offers.get(pair.offer.id)
        if seeker != pair.seeker or offer != pair.offer:
            yield "somebody_else"
            continue
        if broken := eligible(seeker, offer, problem):
            yield f"forbidden:{broken[0]}"
        if pair.score != score(seeker, offer, problem) or pair.choice != choice(
            seeker, offer, problem.policy
        ):
            yield "wrong_score"
    loads = Counter(pair.offer.id for pair in pairs)
    seats = {offer.id: len(free) for offer, free in zip(problem.coaches, problem.seats, strict=True)}
    if any(load > seats.get(offer, 0) for offer, load in loads.items()):
        yield "too_many"


def _wrong_people(problem: Problem, result: MatchResult) -> Iterator[str]:
    said = [pair.seeker.id for pair in (*result.pairs, *result.kept)] + [one.seeker for one in result.waiting]
    looking = {seeker.id for seeker in problem.looking}
    standing_in = {seeker.id for seeker in problem.expected}
    if len(set(said)) < len(said):
        yield "twice"
    if not looking - standing_in <= set(said) <= looking:
        yield "not_everybody"
    paired, kept = ({pair.seeker.id for pair in pairs} for pairs in (result.pairs, result.kept))
    if paired & standing_in or kept - standing_in:
        yield "stand_in"


def _wrong_prices(problem: Problem, result: MatchResult) -> Iterator[str]:
    free = {offer.id for offer, seats in zip(problem.coaches, problem.seats, strict=True) if seats}
    if set(result.prices) != free or min(result.prices.values(), default=0) < 0:
        yield "prices"
