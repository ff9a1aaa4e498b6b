"""A world as large as a programme, invented: what the laws say of small worlds, seen in one of 400 people."""

import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from mentors.matching import Bond, Problem, match, shortlist
from mentors.matching.answer import seat
from mentors.matching.solver import NOBODY, solve
from tests.mentors.matching import most

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


@pytest.fixture(scope="module")
def world() -> Problem:
    """The one that `make bench` measures, smaller."""
    with pytest.MonkeyPatch.context() as path:
        path.setattr(sys, "path", [str(DEPLOY), *sys.path])
        from bench import invented

        assert invented.world(400, 60, seed=5) == invented.world(400, 60, seed=5)
        assert invented.world(400, 60, seed=5) != invented.world(400, 60, seed=6)
        return invented.world(400, 60, seed=5)


@pytest.fixture(scope="module")
def result(world):
    return match(world, engine="python")


def test_as_many_are_served_as_can_be_in_each_tier_and_that_is_proven(world, result):
    assert result.certificate.ok
    assert [sum(pair.tier >= tier for pair in result.pairs) for tier in (1, 2, 3)] == [
        most(world, tier) for tier in (1, 2, 3)
    ]
    assert 0 < len(result.waiting) < 200


def test_women_who_asked_for_a_woman_are_served_as_far_as_there_are_women(result):
    assert 0 < result.stats.women.served == result.stats.women_possible < result.stats.women.of


def test_looking_at_few_pairs_first_costs_nobody_a_coach(world, result):
    at, prices = seat(world, at_once=0, best=3)

    assert sum(offer != NOBODY for offer in at) == len(result.pairs)
    assert {offer.id: price for offer, price in zip(world.coaches, prices, strict=True)} == result.prices


def test_looking_at_few_pairs_only_would_cost_somebody_a_coach(world, result):
    best = [sorted(zip(*reversed(row), strict=True), reverse=True)[:3] for row in world.pairs.rows()]
    rows = [([offer for _, offer in pairs], [weight for weight, _ in pairs]) for pairs in best]
    at, _ = solve(rows, world.seats)

    assert sum(offer != NOBODY for offer in at) < len(result.pairs)


def test_nearly_everybody_with_a_coach_has_one_of_their_short_list(world, result):
    taste = Random(1)
    chosen = []
    for seeker in world.seekers:
        options = shortlist(world, result, seeker.id)
        liked = sorted(options, key=lambda option: -(option.score.total + taste.gauss(0, 100)))
        chosen.append(replace(seeker, choices=tuple(option.offer.id for option in liked)))
    pairs = match(replace(world, seekers=tuple(chosen)), engine="python").pairs

    assert len(pairs) == len(result.pairs)
    assert sum(pair.offer.id in pair.seeker.choices for pair in pairs) >= 0.98 * len(pairs)


def test_when_a_coach_leaves_only_their_people_and_who_waits_are_matched_anew(world, result):
    gone = result.pairs[0].offer
    bonds = frozenset(Bond(pair.seeker.id, pair.offer.id) for pair in result.pairs if pair.offer != gone)
    finished = next(iter(sorted(bonds)))
    left = replace(
        world,
        seekers=tuple(seeker for seeker in world.seekers if seeker.id != finished.seeker),
        offers=tuple(offer for offer in world.offers if offer != gone),
        bonds=bonds - {finished},
    )
    again = match(left, engine="python")

    assert again.certificate.ok
    assert [pair.offer.id for pair in again.pairs] == [finished.offer] or len(again.pairs) > 1
    assert not {pair.seeker.id for pair in again.pairs} & {bond.seeker for bond in left.bonds}
