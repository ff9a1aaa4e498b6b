"""Two solvers that know nothing of each other, where the second is installed."""

import pytest
from hypothesis import given, settings

from mentors.matching import fast, match
from mentors.matching.answer import seat
from mentors.matching.fast import NotInstalled
from tests.mentors.matching import COACH, FARMER, FEW, ask, problems

installed = pytest.mark.skipif(not fast.version(), reason="OR-tools is not installed here.")


@installed
@given(problems())
@settings(max_examples=80)
def test_both_find_answers_of_the_same_weight_at_the_same_prices(problem):
    ours, theirs = (match(problem, engine=engine) for engine in ("python", "ortools"))

    assert theirs.certificate == ours.certificate
    assert theirs.certificate.ok
    assert theirs.prices == ours.prices
    assert {tier: many.served for tier, many in theirs.stats.tiers.items()} == {
        tier: many.served for tier, many in ours.stats.tiers.items()
    }


@installed
@given(problems())
@FEW
def test_both_may_look_at_few_pairs_first(problem):
    assert seat(problem, fast.solve, at_once=-1, best=1)[1] == seat(problem)[1]


@installed
def test_it_is_chosen_by_itself_and_said_so():
    assert match(ask([FARMER], [COACH])).stats.engine == fast.version()


@pytest.mark.skipif(bool(fast.version()), reason="OR-tools is installed here.")
def test_without_it_ours_is_chosen_and_who_insists_is_told():
    assert match(ask([FARMER], [COACH])).stats.engine == "python"
    with pytest.raises(NotInstalled):
        match(ask([FARMER], [COACH]), engine="ortools")


def test_an_answer_says_who_found_it():
    assert match(ask([FARMER], [COACH]), engine="python").stats.engine == "python"
