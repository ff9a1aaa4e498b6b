"""Groups: a coach, one language, one hour, and people who have both."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentors.matching import Policy, Problem, Seeker, Terms, eligible, form_cohorts
from tests.mentors.matching import COACH, FARMER, ask, problems, weight

SMALL = Policy(group_smallest=2, group_largest=3)
TERMS = st.builds(
    lambda who, smallest, more: Terms(who, smallest, smallest + more),
    st.sampled_from(["women", "men", "mixed"]),
    st.integers(1, 3),
    st.integers(0, 2),
)
FAIR = {"women": {"woman"}, "men": {"man"}, "mixed": {"woman", "man", "other"}}


def _heaviest(problem: Problem) -> int:
    """What the best plan weighs, by trying everything: who sits beside whom, with what in common."""
    free = [offer for offer, seats in zip(problem.coaches, problem.seats, strict=True) if seats]
    here = [None, *free]
    best = 0
    for seats in product(here, repeat=len(problem.looking)):
        pairs = [(seeker, offer) for seeker, offer in zip(problem.looking, seats, strict=True) if offer]
        if any(eligible(seeker, offer, problem) for seeker, offer in pairs):
            continue
        groups = [[seeker for seeker, there in pairs if there == offer] for offer in free]
        if all(not group or _could_meet(group, offer) for group, offer in zip(groups, free, strict=True)):
            best = max(best, sum(weight(problem, seeker, offer) for seeker, offer in pairs))
    return best


def _could_meet(group: list[Seeker], offer) -> bool:
    slots, languages = offer.slots, offer.languages | {offer.mother}
    for seeker in group:
        slots &= seeker.slots
        languages &= seeker.languages | {seeker.mother}
    genders = {seeker.gender for seeker in group}
    terms = offer.group
    alike = {"mixed": all(seeker.mixed_group for seeker in group)}
    alike |= {who: genders == FAIR[who] for who in ("women", "men")}
    smallest, largest = (terms.smallest, terms.largest) if terms else (2, 3)
    fits = alike[terms.who] if terms else any(alike.values())
    return bool(slots and languages and fits and smallest <= len(group) <= largest)


def _people(how_many: int, **more) -> Iterator[Seeker]:
    return (replace(FARMER, id=f"s{number}", **more) for number in range(how_many))


@given(problems(people=5, coaches=2, policy=SMALL))
@settings(max_examples=80)
def test_a_plan_is_never_better_than_the_bound_and_neither_is_the_best_plan(problem):
    result = form_cohorts(problem)

    assert result.weight <= _heaviest(problem) <= result.bound
    assert result.gap == result.bound - result.weight


@given(problems(people=5, coaches=2, policy=SMALL), st.lists(TERMS, min_size=2, max_size=2))
@settings(max_examples=80)
def test_what_a_coach_says_of_a_group_is_heeded_and_the_bound_holds(problem, terms):
    offers = tuple(replace(one, group=said) for one, said in zip(problem.offers, terms, strict=False))
    problem = replace(problem, offers=offers)
    result = form_cohorts(problem)

    assert result.weight <= _heaviest(problem) <= result.bound
    for cohort in result.cohorts:
        assert _could_meet(list(cohort.seekers), cohort.offer)
        assert cohort.who == cohort.offer.group.who


@given(problems(people=6, coaches=3, policy=SMALL))
@settings(max_examples=80)
def test_who_sits_in_a_group_has_its_language_its_hour_and_its_company(problem):
    result = form_cohorts(problem, budget=20)
    seated = [seeker.id for cohort in result.cohorts for seeker in cohort.seekers]

    assert len({cohort.offer.id for cohort in result.cohorts}) == len(result.cohorts)
    assert sorted([*seated, *result.waiting]) == sorted(seeker.id for seeker in problem.looking)
    assert result.weight == sum(
        weight(problem, seeker, cohort.offer) for cohort in result.cohorts for seeker in cohort.seekers
    )
    for cohort in result.cohorts:
        assert 2 <= len(cohort.seekers) <= 3
        for one in (cohort.offer, *cohort.seekers):
            assert cohort.language in one.languages | {one.mother}
            assert one.slots >> cohort.slot & 1
        for seeker in cohort.seekers:
            assert not eligible(seeker, cohort.offer, problem)
            assert seeker.gender in FAIR[cohort.who]
            assert seeker.mixed_group or cohort.who != "mixed"


@pytest.mark.parametrize(("people", "sizes"), [(3, []), (4, [4]), (8, [8]), (9, [8])])
def test_too_few_are_no_group_and_too_many_wait(people, sizes):
    result = form_cohorts(ask(_people(people), [COACH]))

    assert [len(cohort.seekers) for cohort in result.cohorts] == sizes
    assert len(result.waiting) == people - sum(sizes)
    assert result.gap == 0


def test_a_coach_runs_the_group_that_serves_most_although_another_hour_looks_better_at_first():
    early, late = (
        _people(4, slots=0b0001),
        (replace(one, id=f"l{one.id}") for one in _people(6, slots=0b0010)),
    )
    (cohort,) = form_cohorts(ask([*early, *late], [COACH])).cohorts

    assert (cohort.slot, len(cohort.seekers)) == (1, 6)


def test_two_coaches_do_not_run_the_same_group_when_they_could_serve_all():
    people = [*_people(8, slots=0b0001), *(replace(one, id=f"l{one.id}") for one in _people(8, slots=0b0010))]
    result = form_cohorts(ask(people, [COACH, replace(COACH, id="other")]))

    assert sorted((cohort.slot, len(cohort.seekers)) for cohort in result.cohorts) == [(0, 8), (1, 8)]


def test_nobody_sits_in_a_mixed_group_who_did_not_agree():
    women = [replace(one, id=f"w{one.id}", gender="woman") for one in _people(2, mixed_group=True)]
    men = list(_people(3, mixed_group=True))
    shy = replace(men[0], mixed_group=False)

    assert {cohort.who for cohort in form_cohorts(ask([*women, *men], [COACH])).cohorts} == {"mixed"}
    assert len(form_cohorts(ask([*women, shy, *men[1:]], [COACH])).waiting) == 1


def test_two_groups_that_need_the_same_people_are_not_both_open():
    one, other = COACH, replace(COACH, id="other")
    result = form_cohorts(ask(_people(6), [one, other]))

    assert [len(cohort.seekers) for cohort in result.cohorts] == [6]
