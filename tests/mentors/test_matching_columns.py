"""Pairs in columns are the pairs that are judged one by one, where numpy is installed."""

from dataclasses import replace
from importlib import util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.matching import match
from mentors.matching.answer import answer, seat
from mentors.matching.columns import Columns
from mentors.matching.pairs import Pairs
from tests.mentors.matching import COACH, FARMER, FEW, HOURS, ask, problems

pytestmark = pytest.mark.skipif(not util.find_spec("numpy"), reason="numpy is not installed here.")


def told(rows) -> list[dict[int, int]]:
    """Each person's offers, with what the pair weighs."""
    return [dict(zip(*row, strict=True)) for row in rows]


@given(problems(), st.integers(1, 40))
@settings(max_examples=150)
def test_every_pair_is_there_and_weighs_as_much_in_blocks_of_any_size(problem, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mentors.matching.columns.AT_ONCE", at_once)

        assert told(Columns(problem).rows()) == told(Pairs(problem).rows())


@given(problems(), st.data())
@settings(max_examples=150)
def test_the_best_pairs_are_worth_as_much_at_any_prices(problem, data):
    prices = [data.draw(st.integers(0, 3 * problem.base)) for _ in problem.coaches]
    above = [data.draw(st.integers(0, 3 * problem.base)) for _ in problem.looking]
    many = data.draw(st.integers(1, 3))

    def worth(pairs: Pairs) -> list[list[int]]:
        return [
            sorted(weight - prices[offer] for offer, weight in zip(*row, strict=True))
            for row in pairs.best(prices, many, above)
        ]

    assert worth(Columns(problem)) == worth(Pairs(problem))


@given(problems())
@FEW
def test_an_answer_from_columns_is_proven_and_has_the_same_prices(problem):
    ours = match(problem, engine="python")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mentors.matching.columns.MANY", -1)
        many = replace(problem)
        at, prices = seat(many, at_once=-1, best=1)
        theirs = answer(many, at, prices)

    assert isinstance(many.pairs, Columns)
    assert theirs.certificate == ours.certificate
    assert theirs.prices == ours.prices


@given(st.lists(HOURS, min_size=1, max_size=3), st.lists(HOURS, min_size=1, max_size=3))
@settings(max_examples=80)
def test_every_hour_of_a_week_counts(theirs, offered):
    people = [replace(FARMER, id=f"s{number}", slots=slots) for number, slots in enumerate(theirs)]
    problem = ask(
        people, [replace(COACH, id=f"o{number}", slots=slots) for number, slots in enumerate(offered)]
    )

    assert told(Columns(problem).rows()) == told(Pairs(problem).rows())
