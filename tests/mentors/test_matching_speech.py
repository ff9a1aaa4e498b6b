"""What people hear about each other, and what nobody does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentors.matching import Sentence, explain, match
from mentors.matching.people import Offer, Seeker
from mentors.matching.result import Pair
from mentors.matching.speech import RESTRICTED
from tests.mentors.matching import ANYTHING, COACH, FARMER, FEW, ask, problems

TAINT = "taint"


def _pair(seeker: Seeker, offer: Offer) -> Pair:
    (pair,) = match(ask([seeker], [offer])).pairs
    return pair


def _codes(seeker: Seeker, offer: Offer, audience: str) -> list[str]:
    return [sentence.code for sentence in explain(_pair(seeker, offer), audience)]


def test_what_speaks_for_a_pair_is_said_the_heaviest_first():
    assert explain(_pair(FARMER, COACH), "seeker") == (
        Sentence("same_trade", {"trade": "dairy", "years": 4}),
        Sentence("share_mother_tongue", {"language": "ps"}),
        Sentence("same_district"),
        Sentence("free_together", {"slot": 0}),
        Sentence("knows_stage"),
    )


@pytest.mark.parametrize(
    ("seeker", "offer", "sentence"),
    [
        (
            {},
            {"mother": "ur", "languages": frozenset({"ps"})},
            Sentence("speaks_mother_tongue", {"language": "ps"}),
        ),
        ({}, {"mother": "ur", "languages": frozenset()}, Sentence("share_language", {"language": "ur"})),
        ({"slots": 0b1100}, {"slots": 0b0110}, Sentence("free_together", {"slot": 2})),
        ({"reach_km": 200}, {"district": "sahiwal", "reach_km": 200}, Sentence("lives_near")),
        ({}, {"district": "lahore"}, Sentence("talk_by_phone")),
        ({"known": frozenset({"o"})}, {}, Sentence("have_met")),
        ({"wish": "rather_man"}, {}, Sentence("gender_as_wished")),
    ],
)
def test_each_thing_in_common_has_a_sentence(seeker, offer, sentence):
    assert sentence in explain(_pair(replace(FARMER, **seeker), replace(COACH, **offer)), "seeker")


def test_trades_that_are_related_are_named_as_that():
    pair = _pair(replace(FARMER, trade="grocery"), replace(COACH, trades=(("transport", 2),)))
    parts = tuple((part, 110 if part == "trade" else points) for part, points in pair.score.parts)
    related = replace(pair, score=replace(pair.score, parts=parts))

    assert Sentence("related_trade", {"trade": "transport"}) in explain(related, "coordinator")


def test_nobody_hears_what_the_other_did_not_agree_to_show():
    shy = {"shows": frozenset({"language"})}

    assert _codes(FARMER, replace(COACH, **shy), "seeker") == ["share_mother_tongue"]
    assert _codes(replace(FARMER, **shy), COACH, "coach") == ["share_mother_tongue"]
    assert _codes(replace(FARMER, shows=frozenset()), COACH, "coach") == []
    assert (
        len(_codes(replace(FARMER, shows=frozenset()), replace(COACH, shows=frozenset()), "coordinator")) > 5
    )


@given(problems(bonds=frozenset(), holds=frozenset()), st.sampled_from(["seeker", "coach"]))
@FEW
def test_nobody_hears_what_is_nobodys_business(problem, audience):
    """Whatever stands in the restricted fields, what is said is the same, word for word."""
    for pair in match(problem).pairs:
        seeker = replace(pair.seeker, journey=TAINT, village=TAINT, trauma="nice", not_same_village=False)
        offer = replace(
            pair.offer, journey=TAINT, village=TAINT, trauma_informed=True, not_same_village=False
        )
        alone = ask([seeker], [replace(offer, comfortable=1, largest=1)], policy=problem.policy)
        tainted = match(replace(alone, exclusions=frozenset({frozenset((TAINT, offer.id))}))).pairs

        assert [explain(one, audience) for one in tainted] == [explain(pair, audience)]
        assert TAINT not in repr(explain(tainted[0], audience))


@given(problems(bonds=frozenset(), holds=frozenset()))
@FEW
def test_who_leaves_is_in_nobodys_explanation(problem):
    for pair in match(problem).pairs:
        for sentence in explain(pair, "seeker") + explain(pair, "coach"):
            said = {sentence.code, *map(str, sentence.values.values())}
            assert not said & {one.id for one in (*problem.seekers, *problem.offers)}
            assert not any("%" in word for word in said)


def test_there_is_something_to_hide():
    hidden = {"fits_trauma", "fits_journey"}

    assert hidden <= set(_codes(replace(FARMER, trauma="nice"), COACH, "coordinator"))
    assert not hidden & set(_codes(replace(FARMER, trauma="nice"), COACH, "seeker"))
    assert RESTRICTED <= ANYTHING == FARMER.shows
