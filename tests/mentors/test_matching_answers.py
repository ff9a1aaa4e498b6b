"""The laws of an answer, for any small world, beside slow ways to know it."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.matching import Bond, Hold, Offer, Problem, Seeker, eligible, match
from mentors.matching.answer import seat
from tests.mentors.matching import COACH, FARMER, FEW, ask, heaviest, most, offers, problems

DEEP = settings(max_examples=120)
OTHERS = {"woman": "man", "man": "woman", "rather_woman": "rather_man", "rather_man": "rather_woman"}


def _who_with_whom(problem: Problem) -> dict[str, str]:
    return {pair.seeker.id: pair.offer.id for pair in match(problem).pairs}


def _may(one: Seeker, other: Offer, problem: Problem) -> bool:
    """The musts once more, in other words, by somebody who has not seen the rules."""
    wish = one.wish or ("woman" if one.gender == "woman" else "any")
    if wish in ("woman", "man") and other.gender != wish:
        return False
    if other.walks_with == "same" and one.gender != other.gender:
        return False
    if not {one.mother, *one.languages} & {other.mother, *other.languages}:
        return False
    if not (one.remote and other.remote):
        km = problem.km(one.district, other.district)
        if km is None or km > min(one.reach_km, other.reach_km):
            return False
    if not any(one.slots >> slot & other.slots >> slot & 1 for slot in range(168)):
        return False
    if one.trauma == "must" and not other.trauma_informed:
        return False
    if one.village and one.village == other.village and (one.not_same_village or other.not_same_village):
        return False
    if {one.id, other.id} in [set(pair) for pair in problem.exclusions]:
        return False
    return other.ready and (not one.under_18 or one.agreed_by_safeguarding)


# ── The best there is ────────────────────────────────────────────────────────────────────────────────────


@given(problems())
@DEEP
def test_no_answer_is_better_and_the_proof_says_so(problem):
    certificate = match(problem).certificate

    assert certificate.ok
    assert certificate.primal == certificate.dual == heaviest(problem)


@given(problems())
@DEEP
def test_no_tier_loses_anybody_to_a_lower_one_and_nobody_is_left_over_for_a_better_fit(problem):
    pairs = match(problem).pairs

    for tier in (1, 2, 3, 4):
        assert sum(pair.tier >= tier for pair in pairs) == most(problem, tier)


@given(problems())
@DEEP
def test_nobody_is_beside_somebody_whom_they_may_not_meet(problem):
    women = [seeker for seeker in problem.looking if seeker.gender == "woman"]
    for pair in match(problem).pairs:
        assert _may(pair.seeker, pair.offer, problem)
        if problem.policy.women_first and (pair.seeker.gender, pair.offer.gender) == ("man", "woman"):
            assert not any(_may(woman, pair.offer, problem) for woman in women)


@given(problems())
@DEEP
def test_nobody_has_two_coaches_and_no_coach_more_people_than_seats(problem):
    pairs = match(problem).pairs
    taken = Counter(seat.offer for seat in (*problem.bonds, *problem.holds))
    loads = Counter(pair.offer.id for pair in pairs)

    assert max(Counter(pair.seeker.id for pair in pairs).values(), default=0) <= 1
    assert all(loads[offer.id] <= max(0, offer.largest - taken[offer.id]) for offer in problem.offers)
    assert not {pair.seeker.id for pair in pairs} & {seat.seeker for seat in (*problem.bonds, *problem.holds)}


@given(problems())
@FEW
def test_everybody_has_a_coach_or_a_reason(problem):
    result = match(problem)
    there = Counter([*(pair.seeker.id for pair in result.pairs), *(one.seeker for one in result.waiting)])

    assert there == Counter(seeker.id for seeker in problem.looking)


# ── Prices ───────────────────────────────────────────────────────────────────────────────────────────────


@given(problems(bonds=frozenset(), holds=frozenset()))
@FEW
def test_a_price_is_what_one_more_seat_would_gain(problem):
    result = match(problem)
    for offer in (offer for offer in problem.offers if offer.largest):
        roomier = replace(offer, comfortable=offer.comfortable + 1, largest=offer.largest + 1)
        more = replace(problem, offers=tuple(roomier if one == offer else one for one in problem.offers))

        assert match(more).certificate.primal - result.certificate.primal == result.prices[offer.id]


@given(problems(coaches=3), offers)
@FEW
def test_another_coach_never_makes_it_worse(problem, another):
    more = replace(problem, offers=(*problem.offers, replace(another, id="o9")))
    if more.kept_for_women <= problem.kept_for_women:
        assert match(more).certificate.primal >= match(problem).certificate.primal


@given(problems())
@FEW
def test_looking_at_few_pairs_first_finds_the_same_prices_and_the_same_weight(problem):
    few, all_at_once = seat(problem, at_once=-1, best=1), seat(problem)
    served = [sum(offer >= 0 for offer in at) for at, _ in (few, all_at_once)]

    assert few[1] == all_at_once[1]
    assert served[0] == served[1]


def test_a_seat_beyond_the_comfortable_ones_is_used_when_somebody_would_wait_and_not_for_a_few_points():
    busy = replace(COACH, largest=2)
    other = replace(COACH, id="other", slots=0b0111)  # 25 points less for everybody
    people = [replace(FARMER, id=name) for name in "ab"]

    assert set(_who_with_whom(ask(people, [busy])).values()) == {"o"}
    assert len(_who_with_whom(ask(people, [busy]))) == 2
    assert set(_who_with_whom(ask(people, [busy, other])).values()) == {"o", "other"}


# ── Order, names, lots ───────────────────────────────────────────────────────────────────────────────────


@given(problems(), st.randoms())
@FEW
def test_the_order_in_which_people_come_changes_nothing(problem, chance):
    people, coaches = list(problem.seekers), list(problem.offers)
    chance.shuffle(people)
    chance.shuffle(coaches)
    shuffled = replace(problem, seekers=tuple(people), offers=tuple(coaches))

    assert match(shuffled) == match(problem)
    assert shuffled.digest == problem.digest


@given(problems(bonds=frozenset(), holds=frozenset(), exclusions=frozenset()))
@FEW
def test_a_name_is_no_reason(problem):
    plain = tuple(replace(seeker, known=frozenset(), choices=()) for seeker in problem.seekers)
    problem = replace(problem, seekers=plain)
    renamed = replace(
        problem,
        seekers=tuple(replace(seeker, id=f"zz-{seeker.id}") for seeker in plain),
        offers=tuple(replace(offer, id=f"aa-{offer.id}") for offer in problem.offers),
    )

    assert match(renamed).certificate.primal == match(problem).certificate.primal


@given(problems())
@FEW
def test_women_and_men_are_treated_alike_where_they_wish_alike(problem):
    def turn(one):
        return replace(one, gender=OTHERS.get(one.gender, one.gender))

    plain = tuple(replace(seeker, wish=seeker.wish or "any") for seeker in problem.seekers)
    problem = replace(problem, seekers=plain, policy=replace(problem.policy, women_first=False))
    turned = replace(
        problem,
        seekers=tuple(turn(replace(seeker, wish=OTHERS.get(seeker.wish, seeker.wish))) for seeker in plain),
        offers=tuple(turn(offer) for offer in problem.offers),
    )

    assert match(turned).certificate.primal == match(problem).certificate.primal


def test_lots_decide_between_equals_and_each_may_win():
    twins = [replace(FARMER, id=name) for name in ("amina", "gul", "farid")]
    won = Counter(next(iter(_who_with_whom(ask(twins, [COACH], seed=seed)))) for seed in range(30))

    assert set(won) == {"amina", "gul", "farid"}
    assert min(won.values()) >= 3


# ── What stands already ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "taken", [{"bonds": frozenset({Bond("x", "o")})}, {"holds": frozenset({Hold("x", "o")})}]
)
def test_a_seat_that_somebody_has_or_was_asked_about_is_not_given_away(taken):
    urgent = replace(FARMER, tier=4)

    assert match(ask([urgent], [COACH])).stats.matched.served == 1
    assert match(ask([urgent], [COACH], **taken)).stats.matched.served == 0


def test_who_has_a_bond_is_not_matched_again_even_if_they_are_named():
    assert _who_with_whom(ask([FARMER], [COACH], bonds=frozenset({Bond("s", "gone")}))) == {}


@given(problems(people=5))
@FEW
def test_who_said_no_is_not_proposed_again(problem):
    for seeker, offer in _who_with_whom(problem).items():
        said_no = replace(problem, exclusions=problem.exclusions | {frozenset((seeker, offer))})

        assert _who_with_whom(said_no).get(seeker) != offer


def test_a_seat_is_kept_for_somebody_urgent_who_is_expected():
    expected = replace(FARMER, id="expected", tier=3)
    result = match(ask([FARMER], [COACH], expected=(expected,)))

    assert [pair.seeker.id for pair in result.kept] == ["expected"]
    assert (result.pairs, [one.seeker for one in result.waiting]) == ((), ["s"])
    assert result.certificate.ok
    assert result.stats.matched.of == 1


# ── Women first ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_woman_has_the_seat_beside_a_woman_before_any_man_however_urgent_he_is():
    her = replace(COACH, gender="woman")
    woman = replace(FARMER, id="w", gender="woman", wish="")
    man = replace(FARMER, id="m", tier=4)
    problem = ask([man, woman], [her])

    assert _who_with_whom(problem) == {"w": "o"}
    assert _who_with_whom(replace(problem, policy=replace(problem.policy, women_first=False))) == {"m": "o"}


# ── What a coordinator sees first ────────────────────────────────────────────────────────────────────────


@given(problems())
@FEW
def test_the_numbers_of_a_run_add_up(problem):
    result = match(problem)
    stats = result.stats
    women = [seeker for seeker in problem.looking if seeker.asks_for_woman]

    assert stats.matched.served == len(result.pairs) == sum(tier.served for tier in stats.tiers.values())
    assert stats.matched.of == len(problem.looking) == sum(tier.of for tier in stats.tiers.values())
    assert stats.women_possible == most(replace(problem, seekers=tuple(women))) >= stats.women.served
    assert stats.fit == sum(pair.score.total for pair in result.pairs)


@given(problems())
@FEW
def test_whoever_changes_a_fact_changes_the_digest(problem):
    if problem.seekers:
        changed = replace(problem.seekers[0], reach_km=problem.seekers[0].reach_km + 1)
        assert replace(problem, seekers=(changed, *problem.seekers[1:])).digest != problem.digest
    assert replace(problem, seed=problem.seed + 1).digest != problem.digest
    assert replace(problem, places={}).digest != problem.digest
    assert replace(problem, policy=replace(problem.policy, pick=301)).digest != problem.digest


# ── Why somebody waits ───────────────────────────────────────────────────────────────────────────────────


def _why(seeker: Seeker, *coaches: Offer, **more) -> tuple:
    (waiting,) = match(ask([seeker], coaches, **more)).waiting
    return waiting.reason, waiting.suitable, waiting.rule, waiting.hint


def test_who_waits_because_all_are_full_hears_how_many_would_suit():
    full = replace(COACH, comfortable=0, largest=0)

    assert _why(FARMER, full, replace(full, id="p")) == ("all_full", 2, "", "")


@pytest.mark.parametrize(
    ("coach", "rule", "hint"),
    [
        ({"slots": 0b10000}, "time", "time"),
        ({"remote": False, "district": "lahore"}, "reach", "reach"),
        ({"gender": "woman", "walks_with": "same"}, "gender", ""),
        ({"village": "v1"}, "village", ""),
        ({"trauma_informed": False}, "trauma", ""),
    ],
)
def test_who_waits_because_nobody_suits_is_told_what_to_think_over_and_never_to_give_up_being_safe(
    coach, rule, hint
):
    seeker = replace(FARMER, trauma="must")

    assert eligible(seeker, COACH, ask([], [])) == ()
    assert _why(seeker, replace(COACH, **coach)) == ("none_suitable", 0, rule, hint)


def test_who_is_kept_apart_from_whom_is_nobodys_reason():
    assert _why(FARMER, COACH, exclusions=frozenset({frozenset("so")})) == ("none_suitable", 0, "", "")


def test_the_reason_is_the_must_that_alone_keeps_most_away():
    late = replace(COACH, slots=0b10000)
    coaches = [late, replace(late, id="p"), replace(COACH, id="q", ready=False)]

    assert _why(FARMER, *coaches) == ("none_suitable", 0, "time", "time")
