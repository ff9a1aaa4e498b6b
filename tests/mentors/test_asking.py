"""Asking both: the person first, and nobody hears a no."""

from datetime import timedelta

import pytest

from mentors import asking, bonds, coaches
from mentors.models.bonds import Bond
from mentors.models.matching import Proposal
from tests.cast import NOON
from tests.lms.conftest import many_at_once  # noqa: F401 - threads that see one database
from tests.lms.phone import at_once
from tests.mentors.matched import a_coach, a_seeker, asked

DAY = timedelta(days=1)


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf", comfortable=1, largest=1)


@pytest.fixture
def zara(home_programme):
    return a_seeker(home_programme, "Zara", "+923005550001")


@pytest.fixture
def question(home_programme, tariq, yusuf, zara):
    return asked(home_programme, tariq, zara)


def test_two_yeses_make_a_bond_with_four_weeks_to_try(question, yusuf, zara):
    assert asking.asked_of(yusuf.coach, now=NOON) == []
    asking.choose(zara, question, 0, now=NOON)
    [waiting] = asking.asked_of(yusuf.coach, now=NOON)

    bond = asking.accept(yusuf.coach, waiting.proposal, now=NOON + DAY)

    assert bonds.present(zara) == bond
    assert bond.trial_until == NOON + DAY + timedelta(weeks=4)
    assert (bond.person_tells_number, bond.coach_tells_number) == (False, False)
    assert asking.asked(zara, now=NOON + DAY) is None
    assert asking.asked_of(yusuf.coach, now=NOON + DAY) == []


def test_choosing_twice_is_choosing_once(question, zara):
    asking.choose(zara, question, 0, now=NOON)
    assert asking.choose(zara, question, 0, now=NOON + DAY).at == NOON


def test_a_no_is_heard_by_no_coach_and_frees_the_seat(question, yusuf, zara):
    assert coaches.seats(yusuf).free == 0
    asking.decline(zara, question, now=NOON)

    assert asking.asked_of(yusuf.coach, now=NOON) == []
    assert coaches.seats(yusuf).free == 1
    with pytest.raises(asking.NotAskedNow):
        asking.choose(zara, question, 0, now=NOON)


def test_a_coachs_no_ends_it_and_she_is_asked_again_another_time(question, yusuf, zara):
    asking.choose(zara, question, 0, now=NOON)
    asking.refuse(yusuf.coach, question, now=NOON)

    assert asking.asked(zara, now=NOON) is None
    assert not Bond.objects.exists()
    assert Proposal.objects.get().state == "refused"


def test_a_coach_cannot_answer_before_the_person_has(question, yusuf):
    with pytest.raises(asking.NotAskedNow):
        asking.accept(yusuf.coach, question, now=NOON)


def test_nobody_answers_for_somebody_else(question, bilal, amina, zara):
    with pytest.raises(asking.NotAskedNow):
        asking.choose(amina, question, 0, now=NOON)
    asking.choose(zara, question, 0, now=NOON)
    with pytest.raises(asking.NotAskedNow):
        asking.accept(bilal, question, now=NOON)


@pytest.mark.parametrize("chosen", [False, True])
def test_after_a_week_without_an_answer_it_is_over(question, yusuf, zara, chosen):
    if chosen:
        asking.choose(zara, question, 0, now=NOON)
    later = NOON + timedelta(days=7)

    assert asking.asked(zara, now=later) is None
    assert asking.asked_of(yusuf.coach, now=later) == []
    with pytest.raises(asking.NotAskedNow):
        asking.choose(zara, question, 0, now=later)
    assert asking.expire(later - timedelta(seconds=1)) == 0
    assert asking.expire(later) == 1
    assert coaches.seats(yusuf).free == 1


def test_another_of_the_three_may_be_chosen_while_a_seat_is_free(home_programme, tariq, zara):
    first, other = (a_coach(home_programme, name, largest=1, comfortable=1) for name in ("bashir", "waqas"))
    question = asked(home_programme, tariq, zara)
    options = asking.options(question)
    assert [one.rank for one in options] == [0, 1]
    assert {one.coach for one in options} == {first.coach, other.coach}

    asking.choose(zara, question, 1, now=NOON)

    free = {
        one.coach_id: coaches.seats(coaches.profile_in(home_programme, one.coach)).free for one in options
    }
    assert free == {options[0].coach_id: 1, options[1].coach_id: 0}


def test_a_seat_that_was_given_away_meanwhile_is_said_to_be_taken(home_programme, tariq, zara):
    for name in ("bashir", "waqas"):
        a_coach(home_programme, name, largest=1, comfortable=1)
    question = asked(home_programme, tariq, zara)
    second = asking.options(question)[1]
    other = a_seeker(home_programme, "Hina", "+923005550009")
    bonds.begin(second.coach, other, home_programme, at=NOON)

    with pytest.raises(asking.SeatTaken):
        asking.choose(zara, question, 1, now=NOON)
    assert asking.choose(zara, question, 0, now=NOON).chosen == 0


def test_a_bond_from_elsewhere_ends_the_question_kindly(home_programme, question, yusuf, bilal, zara):
    asking.choose(zara, question, 0, now=NOON)
    bonds.begin(bilal, zara, home_programme, at=NOON)

    with pytest.raises(asking.NotAskedNow):
        asking.accept(yusuf.coach, question, now=NOON)
    assert Proposal.objects.get().state == "withdrawn"


def test_of_two_yeses_on_the_last_seat_one_becomes_a_bond(many_at_once, home_programme, tariq):  # noqa: F811
    yusuf = a_coach(home_programme, "yusuf", comfortable=2, largest=2)
    people = [a_seeker(home_programme, name, f"+92300555000{n}") for n, name in enumerate(["Zara", "Hina"])]
    questions = [asked(home_programme, tariq, people[0])]
    questions.append(Proposal.objects.get(person=people[1]))
    for person, question in zip(people, questions, strict=True):
        asking.choose(person, question, 0, now=NOON)
    type(yusuf).objects.filter(pk=yusuf.pk).update(comfortable=1, largest=1)
    outcomes = []

    def accept(question):
        try:
            asking.accept(yusuf.coach, question, now=NOON)
            outcomes.append("bond")
        except asking.SeatTaken:
            outcomes.append("taken")

    at_once(*(lambda question=question: accept(question) for question in questions))

    assert sorted(outcomes) == ["bond", "taken"]
    assert Bond.objects.filter(coach=yusuf.coach, ended_at=None).count() == 1
