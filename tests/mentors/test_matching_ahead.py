"""Seats are kept for people who will come, and nobody who is there waits long because of it."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentors.matching import Bond, Policy, Problem, due_first, eligible, match
from mentors.matching.people import Seeker
from tests.mentors.matching import COACH, FARMER, FEW, ask, problems, seekers
from tests.mentors.test_matching_world import world  # noqa: F401 - a world as large as a programme

HOLD = Policy(hold_weeks=2)
WANTED = replace(FARMER, id="expected", tier=3)


# ── Who has waited long enough ───────────────────────────────────────────────────────────────────────────


def _served(seeker: Seeker, **policy) -> bool:
    problem = due_first(ask([seeker], [COACH], expected=(WANTED,), policy=replace(HOLD, **policy)))
    result = match(problem)
    assert result.certificate.ok
    return bool(result.pairs)


def test_a_seat_is_held_for_somebody_with_a_greater_need_for_two_weeks_and_no_longer():
    assert [_served(replace(FARMER, weeks=weeks)) for weeks in (0, 1, 2, 3)] == [False, False, True, True]


def test_the_urgent_never_wait_for_who_is_not_there():
    assert _served(replace(FARMER, tier=4))


def test_without_a_hold_nobody_waits_for_who_is_not_there():
    assert _served(FARMER, hold_weeks=0)


def test_who_is_held_hears_that_a_seat_is_kept_and_not_that_all_are_full():
    result = match(due_first(ask([FARMER], [COACH], expected=(WANTED,), policy=HOLD)))
    full = match(due_first(ask([FARMER], [COACH], bonds=frozenset({Bond("x", "o")}), policy=HOLD)))

    assert [one.reason for one in result.waiting] == ["held"]
    assert [one.reason for one in full.waiting] == ["all_full"]


def test_a_woman_who_may_come_shuts_no_door_by_rule():
    """She takes part by weight; the rule that keeps women's seats is about women who are there."""
    her = replace(COACH, gender="woman")
    amber = replace(FARMER, id="amber", gender="woman", wish="")

    assert not eligible(FARMER, her, ask([FARMER], [her], expected=(amber,)))
    assert eligible(FARMER, her, ask([FARMER, amber], [her])) == ("kept_for_women",)


SLOW_TO_DRAW = settings(FEW, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def _weeks_ahead(draw) -> Problem:
    problem = draw(problems(people=5))
    told = [draw(st.integers(0, 4)) for _ in problem.seekers]
    there = tuple(replace(one, weeks=weeks) for one, weeks in zip(problem.seekers, told, strict=True))
    stand_ins = draw(st.lists(seekers, max_size=3))
    expected = tuple(replace(one, id=f"e{number}", choices=()) for number, one in enumerate(stand_ins))
    decided = replace(problem.policy, hold_weeks=draw(st.sampled_from([0, 2, 3])))
    return replace(problem, seekers=there, expected=expected, policy=decided)


@given(_weeks_ahead())
@SLOW_TO_DRAW
def test_nobody_who_waited_long_enough_loses_a_coach_to_somebody_who_is_not_there(problem):
    without = match(replace(problem, expected=()))
    ahead = due_first(problem)
    result = match(ahead)

    assert result.certificate.ok
    due = {pair.seeker.id for pair in without.pairs if problem.is_due(pair.seeker)}
    assert due <= {pair.seeker.id for pair in result.pairs}


@given(_weeks_ahead())
@SLOW_TO_DRAW
def test_without_a_hold_just_as_many_of_each_tier_are_served_as_if_nobody_were_expected(problem):
    problem = replace(problem, policy=replace(problem.policy, hold_weeks=0))
    tiers = [
        sorted(pair.tier for pair in match(one).pairs)
        for one in (due_first(problem), replace(problem, expected=()))
    ]

    assert tiers[0] == tiers[1]


# ── Before there is a year to look back at ───────────────────────────────────────────────────────────────


def test_seats_beside_women_wait_two_weeks_for_women_who_ask_for_one():
    her = replace(COACH, gender="woman")
    woman = replace(FARMER, gender="woman", wish="any")

    def kept_from(seeker: Seeker) -> tuple[str, ...]:
        return eligible(seeker, her, ask([seeker], [her], policy=HOLD, reserve=True))

    assert kept_from(FARMER) == kept_from(woman) == ("reserved",)
    assert kept_from(replace(woman, wish="rather_woman")) == ("reserved",)
    assert kept_from(replace(FARMER, weeks=2)) == kept_from(replace(woman, tier=4)) == ()
    assert kept_from(replace(woman, wish="woman")) == kept_from(replace(woman, wish="")) == ()
    assert kept_from(replace(FARMER, wish="woman")) == ()
    assert eligible(FARMER, COACH, ask([FARMER], [COACH], policy=HOLD, reserve=True)) == ()
    assert eligible(FARMER, her, ask([FARMER], [her], policy=HOLD)) == ()


# ── Measured: a half-year in which people come week by week ──────────────────────────────────────────────

WEEKS = 20


def _half_a_year(
    small: Problem, last_year: Problem | None, *, hold: int, reserve: bool
) -> tuple[int, int, int]:
    """Of those who ask for a woman how many were served, of all how many, and the longest wait for a seat."""
    policy = replace(small.policy, hold_weeks=hold)
    coming = [small.seekers[week::WEEKS] for week in range(WEEKS)]
    came = [last_year.seekers[week::WEEKS] for week in range(WEEKS)] if last_year else [()] * WEEKS
    waiting: list[Seeker] = []
    bonds: set[Bond] = set()
    women = held = 0
    for week in range(WEEKS):
        waiting = [replace(one, weeks=one.weeks + 1) for one in waiting]
        waiting += [replace(one, weeks=0, tier=min(one.tier, 3), known=frozenset()) for one in coming[week]]
        rest = [
            replace(one, id=f"e{one.id}", weeks=0, known=frozenset())
            for some in came[week + 1 :]
            for one in some
        ]
        problem = replace(
            small, seekers=tuple(waiting), bonds=frozenset(bonds), expected=tuple(rest), policy=policy,
            reserve=reserve, exclusions=frozenset(),
        )  # fmt: skip
        result = match(due_first(problem))
        assert result.certificate.ok
        placed = {pair.seeker.id for pair in result.pairs}
        bonds |= {Bond(pair.seeker.id, pair.offer.id) for pair in result.pairs}
        women += sum(pair.seeker.asks_for_woman for pair in result.pairs)
        reasons = {one.seeker: one for one in result.waiting}
        waiting = [one for one in waiting if one.id not in placed]
        held = max([held, *(one.weeks for one in waiting if reasons[one.id].rule == "reserved")])
    return women, len(bonds), held


def test_more_women_who_ask_for_a_woman_are_served_when_seats_wait_for_them(world):  # noqa: F811
    small = replace(world, seekers=world.seekers[:200], offers=world.offers[:35])
    weekly = _half_a_year(small, None, hold=0, reserve=False)
    reserve = _half_a_year(small, None, hold=2, reserve=True)
    ahead = _half_a_year(small, replace(world, seekers=world.seekers[200:]), hold=2, reserve=False)

    assert reserve[0] >= weekly[0]
    assert ahead[0] > weekly[0]
    assert reserve[2] < 2
