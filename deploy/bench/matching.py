"""How good and how quick the matching of people and coaches is, in an invented world.

Beside it stands what most would do: the best score first, under the same musts. Where both sides rank by the
same score, that is also the only stable marriage, so no package of that name is measured.
"""

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from bench.invented import world

from mentors.matching import Bond, MatchResult, Problem, Seeker, form_cohorts, match, shortlist
from mentors.matching.solver import NOBODY, solve

SIZES = ((200, 40), (2000, 300))
SEEDS = (1, 2, 3)
TASTE = 100  # points by which somebody's own taste differs from the score


@dataclass(frozen=True)
class Matched:
    """One size of world: sums over the seeds, and the slowest and largest of them."""

    people: int
    coaches: int
    seconds: float  # of processor time: finding all pairs, matching, proving
    megabytes: float  # of the whole process
    primal: int
    dual: int
    served: int
    possible: int
    women: int
    women_possible: int
    greedy_served: int
    greedy_women: int


@dataclass(frozen=True)
class Matching:
    """All that was measured."""

    sizes: tuple[Matched, ...]
    again: float  # milliseconds after one coach and one person in a hundred left, all other bonds kept
    broken: int  # bonds that were touched by it
    listed: float  # share of those with a coach whose coach stood on their short list
    cohorts: float  # weight of the plan of groups, in shares of the bound


def look() -> Matching:
    """Measure everything, each in a process of its own, one after another."""
    sizes = tuple(_together(_alone(partial(_match, *size, seed)) for seed in SEEDS) for size in SIZES)
    again, broken = _alone(_after_somebody_left)
    return Matching(sizes, again, broken, _alone(_listed), _alone(_groups))


def _alone(run: Callable[[], Any]) -> Any:
    """Memory is counted from the beginning of a process, so each run has its own."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run).result()


def _together(found: Iterable[Matched]) -> Matched:
    each = list(found)

    def total(name: str) -> int:
        return sum(getattr(one, name) for one in each)

    counted = (
        "primal",
        "dual",
        "served",
        "possible",
        "women",
        "women_possible",
        "greedy_served",
        "greedy_women",
    )
    return replace(
        each[0],
        seconds=max(one.seconds for one in each),
        megabytes=max(one.megabytes for one in each),
        **{name: total(name) for name in counted},
    )


def _match(people: int, coaches: int, seed: int) -> Matched:
    problem = world(people, coaches, seed=seed)
    begun = time.process_time()
    result = match(problem)
    seconds = time.process_time() - begun
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    greedy = _best_first(problem)
    return Matched(
        people,
        coaches,
        seconds,
        megabytes,
        result.certificate.primal,
        result.certificate.dual,
        result.stats.matched.served,
        _possible(problem),
        result.stats.women.served,
        result.stats.women_possible,
        len(greedy),
        sum(seeker.asks_for_woman for seeker in greedy),
    )


def _possible(problem: Problem) -> int:
    """How many could be served if nothing else mattered."""
    rows = [(offers, [1] * len(offers)) for offers, _ in problem.pairs.rows()]
    at, _ = solve(rows, [[0] * len(seats) for seats in problem.seats])
    return sum(offer != NOBODY for offer in at)


def _best_first(problem: Problem) -> list[Seeker]:
    """Whom the best score first would serve."""
    scores = [
        (weight % problem.base, person, offer)
        for person, row in enumerate(problem.pairs.rows())
        for offer, weight in zip(*row, strict=True)
    ]
    served: dict[int, int] = {}
    left = [len(seats) for seats in problem.seats]
    for _, person, offer in sorted(scores, reverse=True):
        if left[offer] and person not in served:
            served[person] = offer
            left[offer] -= 1
    return [problem.looking[person] for person in served]


def _after_somebody_left() -> tuple[float, int]:
    """All said yes; then one coach and one person in a hundred leave. Milliseconds, and bonds it touched."""
    problem, chance = world(2000, 300, seed=1), Random(1)
    bonds = {Bond(pair.seeker.id, pair.offer.id) for pair in match(problem).pairs}
    gone = {offer.id for offer in chance.sample(problem.offers, 3)}
    gone |= {seeker.id for seeker in chance.sample(problem.seekers, 20)}
    kept = frozenset(bond for bond in bonds if not gone & {bond.seeker, bond.offer})
    seekers = tuple(seeker for seeker in problem.seekers if seeker.id not in gone)
    offers = tuple(offer for offer in problem.offers if offer.id not in gone)
    took = []
    for _ in range(5):
        left = replace(problem, seekers=seekers, offers=offers, bonds=kept)
        begun = time.process_time()
        result = match(left)
        took.append(1000 * (time.process_time() - begun))
    bonded = {bond.seeker for bond in kept}
    moved = sum(pair.seeker.id in bonded for pair in result.pairs)
    if not result.pairs:
        raise AssertionError("Nobody took a seat that came free: this measures nothing.")
    return statistics.median(took), moved


def _listed() -> float:
    """Everybody orders their three by their own taste; whose coach stands on their list afterwards?"""
    problem, taste = world(2000, 300, seed=1), Random(1)
    result = match(problem)
    chosen = tuple(_choose(problem, result, seeker, taste) for seeker in problem.seekers)
    pairs = match(replace(problem, seekers=chosen)).pairs
    return sum(pair.offer.id in pair.seeker.choices for pair in pairs) / len(pairs)


def _choose(problem: Problem, result: MatchResult, seeker: Seeker, taste: Random) -> Seeker:
    liked = [
        (option.score.total + taste.gauss(0, TASTE), option.offer.id)
        for option in shortlist(problem, result, seeker.id)
    ]
    return replace(seeker, choices=tuple(offer for _, offer in sorted(liked, reverse=True)))


def _groups() -> float:
    plans = [form_cohorts(world(200, 40, seed=seed)) for seed in SEEDS]
    return sum(plan.weight for plan in plans) / sum(plan.bound for plan in plans)
