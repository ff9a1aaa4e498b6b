"""The answer to a problem: the best pairs there are, proven, and why the others wait."""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

from mentors.matching import fast, solver
from mentors.matching.certificate import verify
from mentors.matching.pairs import Row
from mentors.matching.people import TIERS, Offer, Seeker
from mentors.matching.problem import Problem
from mentors.matching.result import Hint, MatchResult, Pair, Served, Stats, Waiting
from mentors.matching.rules import choice, is_near, score

Solve = Callable[[Sequence[Row], Sequence[Sequence[int]]], tuple[list[int], list[int]]]

Engine = Literal["auto", "python", "ortools"]

ALL_AT_ONCE = (
    3_000_000  # pairs that are looked at in one go; with more of them each person begins with their best
)
BEST = 40  # pairs of each person to begin with
HINTS: dict[str, Hint] = {"reach": "reach", "time": "time"}  # all that anybody is ever asked to think over


def match(problem: Problem, *, engine: Engine = "auto") -> MatchResult:
    """Find the best answer there is, and prove it. Nothing may be released whose certificate is not ok.

    By itself it takes OR-tools where that is installed. The two may choose differently between equals.
    """
    quick = engine == "ortools" or (engine == "auto" and fast.version())
    at, prices = seat(problem, fast.solve if quick else solver.solve)
    return answer(problem, at, prices, engine=fast.version() if quick else "python")


def answer(
    problem: Problem, at: Sequence[int], prices: Sequence[int], *, engine: str = "python"
) -> MatchResult:
    """What it means that these people sit there, judged."""
    pairs = tuple(
        pair(problem, seeker, problem.coaches[offer])
        for seeker, offer in zip(problem.looking, at, strict=True)
        if offer != solver.NOBODY
    )
    standing_in = {seeker.id for seeker in problem.expected}
    placed = {pair.seeker.id for pair in pairs}
    waiting = (seeker for seeker in problem.looking if seeker.id not in placed | standing_in)
    left = _left_free(problem, pairs, standing_in) if standing_in else set()
    result = MatchResult(
        pairs=tuple(pair for pair in pairs if pair.seeker.id not in standing_in),
        waiting=tuple(_why(problem, seeker, left) for seeker in waiting),
        prices={
            offer.id: price
            for offer, price, free in zip(problem.coaches, prices, problem.seats, strict=True)
            if free
        },
        kept=tuple(pair for pair in pairs if pair.seeker.id in standing_in),
        stats=_count(problem, pairs, standing_in, engine),
    )
    return replace(result, certificate=verify(problem, result))


def seat(
    problem: Problem, solve: Solve = solver.solve, *, at_once: int = ALL_AT_ONCE, best: int = BEST
) -> tuple[list[int], list[int]]:
    """Where everybody sits, and what a seat costs. Leaving pairs out for speed never costs anybody a coach.

    A pair that was left out could help only if it is worth more than its person has, after the price of the
    seat. Such pairs are added until there are none, which proves the answer over all pairs.
    """
    pairs, seats = problem.pairs, problem.seats
    if len(pairs) * len(seats) <= at_once:
        return solve(list(pairs.rows()), seats)
    rows = [_held(row) for row in pairs.best([0] * len(seats), best, [0] * len(pairs))]
    while True:
        at, prices = solve(rows, seats)
        has = [
            0 if offer == solver.NOBODY else weights[offers.index(offer)] - prices[offer]
            for offer, (offers, weights) in zip(at, rows, strict=True)
        ]
        better = False
        for (offers, weights), more in zip(rows, pairs.best(prices, best, has), strict=True):
            better = better or len(more[0]) > 0
            offers.extend(more[0])
            weights.extend(more[1])
        if not better:
            return at, prices


def _held(row: Row) -> tuple[array, array]:
    """In as little room as there is: with very many people there are millions of pairs."""
    return array("q", row[0]), array("q", row[1])


def pair(problem: Problem, seeker: Seeker, offer: Offer) -> Pair:
    """What it would be if these two walked together."""
    return Pair(
        seeker,
        offer,
        score(seeker, offer, problem),
        choice(seeker, offer, problem.policy),
        is_near(seeker, offer, problem),
    )


def _left_free(problem: Problem, pairs: Sequence[Pair], standing_in: set[str]) -> set[int]:
    """The coaches beside whom a seat stays free for somebody who has not come yet."""
    taken = Counter(pair.offer.id for pair in pairs if pair.seeker.id not in standing_in)
    each = enumerate(zip(problem.coaches, problem.seats, strict=True))
    return {number for number, (offer, free) in each if taken[offer.id] < len(free)}


def _why(problem: Problem, seeker: Seeker, left: set[int]) -> Waiting:
    suitable = problem.pairs.suitable(seeker)
    if left and not left.isdisjoint(problem.pairs.row_of(seeker)[0]):
        return Waiting(seeker.id, "held", suitable)
    if suitable:
        return Waiting(seeker.id, "all_full", suitable)
    alone, all_told = problem.pairs.blocked_by(seeker)
    blame = alone if any(alone.values()) else all_told
    # Who is kept apart from whom is known to the safeguarding lead alone, so it is nobody's reason.
    rule = max((code for code in blame if code != "excluded"), key=blame.__getitem__)
    if not blame[rule]:
        return Waiting(seeker.id, "none_suitable", 0)
    return Waiting(seeker.id, "none_suitable", 0, rule, HINTS.get(rule, ""))


def _count(problem: Problem, pairs: Sequence[Pair], standing_in: set[str], engine: str) -> Stats:
    there = [seeker for seeker in problem.looking if seeker.id not in standing_in]
    served = [pair for pair in pairs if pair.seeker.id not in standing_in]
    women = [seeker for seeker in there if seeker.asks_for_woman]
    return Stats(
        matched=Served(len(served), len(there)),
        tiers={
            tier: Served(
                sum(pair.tier == tier for pair in served), sum(seeker.tier == tier for seeker in there)
            )
            for tier in TIERS
        },
        women=Served(sum(pair.seeker.asks_for_woman for pair in served), len(women)),
        women_possible=_most_of(problem, women),
        fit=sum(pair.score.total for pair in served),
        free_seats=sum(map(len, problem.seats)),
        engine=engine,
        seed=problem.seed,
        digest=problem.digest,
    )


def _most_of(problem: Problem, seekers: Sequence[Seeker]) -> int:
    """How many of them could be served if nobody else were there."""
    offers = [problem.pairs.row_of(seeker)[0] for seeker in seekers]
    at, _ = solver.solve(
        [(there, [1] * len(there)) for there in offers], [[0] * len(free) for free in problem.seats]
    )
    return sum(offer != solver.NOBODY for offer in at)
