"""Who may walk with whom, and how well they fit."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from mentors.matching import Points, Unsound, eligible, score
from tests.mentors.matching import COACH, FARMER, HOURS, RELATED, ask, offers, problems, seekers, weight


def _apart(seeker: dict, offer: dict, **more) -> tuple[str, ...]:
    one, other = replace(FARMER, **seeker), replace(COACH, **offer)
    return eligible(one, other, ask([one], [other], **more))


@pytest.mark.parametrize(
    ("seeker", "offer", "codes"),
    [
        ({}, {}, ()),
        ({}, {"ready": False}, ("not_ready",)),
        ({"under_18": True}, {}, ("safeguarding",)),
        ({"under_18": True, "agreed_by_safeguarding": True}, {}, ()),
        ({"gender": "woman", "wish": ""}, {}, ("gender",)),
        ({"gender": "woman", "wish": ""}, {"gender": "woman"}, ()),
        ({"gender": "woman", "wish": "any"}, {}, ()),
        ({"gender": "woman", "wish": "rather_woman"}, {}, ()),
        ({"gender": "woman", "wish": "any"}, {"walks_with": "same"}, ("gender",)),
        ({"wish": "man"}, {}, ()),
        ({"wish": ""}, {}, ()),
        ({"wish": "woman"}, {}, ("gender",)),
        ({}, {"mother": "sd", "languages": frozenset({"ur"})}, ()),
        ({}, {"mother": "ur", "languages": frozenset()}, ()),
        ({}, {"mother": "sd", "languages": frozenset({"ps"})}, ()),
        ({}, {"mother": "sd", "languages": frozenset({"de"})}, ("language",)),
        ({"trauma": "must"}, {}, ()),
        ({"trauma": "must"}, {"trauma_informed": False}, ("trauma",)),
        ({"trauma": "nice"}, {"trauma_informed": False}, ()),
        ({"remote": False}, {}, ()),
        ({"remote": False}, {"district": "lahore"}, ("reach",)),
        ({"remote": False, "reach_km": 400}, {"district": "lahore", "reach_km": 400}, ()),
        ({"remote": False, "reach_km": 400}, {"district": "lahore"}, ("reach",)),
        ({"remote": False}, {"district": "nowhere"}, ("reach",)),
        ({"remote": False, "district": ""}, {"district": ""}, ("reach",)),
        ({}, {"district": "lahore"}, ()),
        ({}, {"slots": 0b10000}, ("time",)),
        ({}, {"village": "v1"}, ("village",)),
        ({"not_same_village": False}, {"village": "v1"}, ("village",)),
        ({"not_same_village": False}, {"village": "v1", "not_same_village": False}, ()),
        ({"village": ""}, {"village": ""}, ()),
    ],
)
def test_what_keeps_two_people_apart(seeker, offer, codes):
    assert _apart(seeker, offer) == codes


@pytest.mark.parametrize("pair", [("s", "o"), ("o", "s")])
def test_who_is_kept_apart_is_so_in_both_directions(pair):
    assert _apart({}, {}, exclusions=frozenset({frozenset(pair)})) == ("excluded",)


def test_what_somebody_left_blank_is_asked_for_as_if_they_had_said_yes():
    assert (FARMER.not_same_village, COACH.not_same_village) == (True, True)
    assert replace(FARMER, gender="woman", wish="").asks_for_woman
    assert not replace(FARMER, wish="").asks_for_woman


def test_no_man_has_a_seat_beside_a_woman_for_which_a_woman_waits():
    her = replace(COACH, id="her", gender="woman")
    woman = replace(FARMER, id="w", gender="woman", wish="")
    from_afar = replace(woman, slots=0b10000)

    assert eligible(FARMER, her, ask([FARMER, woman], [her])) == ("kept_for_women",)
    assert eligible(woman, her, ask([FARMER, woman], [her])) == ()
    assert eligible(FARMER, her, ask([FARMER], [her])) == ()
    assert eligible(FARMER, her, ask([FARMER, from_afar], [her])) == ()


def test_two_who_suit_each_other_in_everything_have_all_the_points():
    met = replace(FARMER, known=frozenset({"o"}))

    assert score(met, COACH, ask([met], [COACH])).total == 1000


@pytest.mark.parametrize(
    ("seeker", "offer", "part", "points"),
    [
        ({"trade": "grocery"}, {"trades": (("transport", 1),)}, "trade", 110),
        ({"trade": "grocery"}, {}, "trade", 0),
        ({"trade": ""}, {"trades": (("", 1),)}, "trade", 0),
        ({}, {"mother": "ur", "languages": frozenset({"ps"})}, "language", 180),
        ({}, {"mother": "ur"}, "language", 90),
        ({"reach_km": 400}, {"reach_km": 400, "district": "sahiwal"}, "place", 35),  # 163 km
        ({}, {"district": "lahore"}, "place", 0),
        ({}, {"slots": 0b0011}, "time", 50),
        ({}, {"journey": ""}, "journey", 0),
        ({"journey": ""}, {"journey": ""}, "journey", 0),
        ({"stage": "grow"}, {}, "stage", 0),
        ({"trauma": "nice"}, {"trauma_informed": False}, "trauma", 0),
        ({"wish": "rather_woman"}, {}, "gender", 0),
        ({"wish": "rather_man"}, {}, "gender", 60),
        ({}, {}, "known", 0),
    ],
)
def test_what_each_part_earns(seeker, offer, part, points):
    one, other = replace(FARMER, **seeker), replace(COACH, **offer)
    problem = ask([one], [other])
    problem = replace(problem, policy=replace(problem.policy, related_trades=RELATED))

    assert dict(score(one, other, problem).parts)[part] == points


@given(seeker=seekers, offer=offers)
def test_a_score_is_the_sum_of_its_parts_and_never_more_than_a_thousand(seeker, offer):
    found = score(seeker, offer, ask([seeker], [offer]))

    assert found.total == sum(points for _, points in found.parts)
    assert 0 <= found.total <= 1000
    assert all(0 <= points <= getattr(Points(), part) for part, points in found.parts)


@given(seeker=seekers, offer=offers)
def test_whoever_has_one_more_thing_in_common_never_fits_less(seeker, offer):
    before = score(seeker, offer, ask([seeker], [offer])).total
    closer = [
        (replace(seeker, slots=seeker.slots | offer.slots), offer),
        (replace(seeker, known=seeker.known | {offer.id}), offer),
        (seeker, replace(offer, languages=offer.languages | {seeker.mother})),
        (seeker, replace(offer, trades=(*offer.trades, (seeker.trade, 1)))),
        (seeker, replace(offer, stages=offer.stages | {seeker.stage})),
        (seeker, replace(offer, trauma_informed=True)),
        (seeker, replace(offer, journey=seeker.journey or offer.journey)),
        (seeker, replace(offer, district=seeker.district)),
    ]

    assert all(score(one, other, ask([one], [other])).total >= before for one, other in closer)


@given(problems(bonds=frozenset(), holds=frozenset()))
@settings(max_examples=80)
def test_asking_all_pairs_at_once_says_what_asking_one_by_one_says(problem):
    for seeker in problem.looking:
        expected = {
            offer.id: weight(problem, seeker, offer)
            for offer in problem.coaches
            if offer.largest and not eligible(seeker, offer, problem)
        }
        there, weights = problem.pairs.row_of(seeker)

        assert dict(zip([problem.coaches[number].id for number in there], weights, strict=True)) == expected


@given(HOURS, HOURS)
def test_every_hour_of_a_week_counts(theirs, offered):
    problem = ask([replace(FARMER, slots=theirs)], [replace(COACH, slots=offered)])
    [seeker], [offer] = problem.looking, problem.coaches
    expected = [] if eligible(seeker, offer, problem) else [weight(problem, seeker, offer)]

    assert list(problem.pairs.row_of(seeker)[1]) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Points(trade=221),
        lambda: Points(trade=-1, language=401),
        lambda: ask([FARMER, FARMER], []),
        lambda: ask([], [COACH, COACH]),
        lambda: ask([FARMER], [], expected=(FARMER,)),
        lambda: ask([replace(FARMER, tier=5)], []),
        lambda: ask([], [replace(COACH, comfortable=2)]),
    ],
)
def test_what_cannot_be_is_not_matched(wrong):
    with pytest.raises(Unsound):
        wrong()
