"""A coach cannot go on: nobody whom they leave is lost, and nobody is asked twice."""

from datetime import timedelta

import pytest

from lms.models.people import User
from mentors import access, asking, bonds, coaches, needs
from mentors.models.bonds import Bond
from mentors.models.coaching import CoachProfile, MatchNeeds
from mentors.models.matching import Proposal
from tests.cast import NOON
from tests.inside import come_in
from tests.mentors.matched import a_coach, a_draft, a_seeker, asked
from tests.mentors.test_pairing import OFFER

LATER = NOON + timedelta(days=60)


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf")


@pytest.fixture
def zara(home_programme, tariq, yusuf):
    """She walks with Yusuf."""
    person = a_seeker(home_programme, "Zara", "+923005550001")
    question = asked(home_programme, tariq, person)
    asking.choose(person, question, 0, now=NOON)
    asking.accept(yusuf.coach, question, now=NOON)
    return person


def test_who_is_left_hears_it_kindly_and_is_among_the_first(zara, yusuf, home_programme, tariq):
    assert coaches.leave(yusuf, now=NOON) == 1

    page = come_in(zara).get("/en/mine/coach/").text
    assert "It is not because of you" in page
    assert needs.tier(needs.of(zara), now=NOON) == needs.LONG

    a_coach(home_programme, "waqas")
    a_draft(home_programme, tariq)
    (first,) = asking.options(Proposal.objects.get(person=zara, state="drafted"))
    assert first.coach.username == "waqas"


def test_with_a_new_coach_she_is_not_among_the_first_any_more(zara, yusuf, home_programme, tariq):
    coaches.leave(yusuf, now=NOON)
    waqas = a_coach(home_programme, "waqas")
    question = asked(home_programme, tariq, zara)
    asking.choose(zara, question, 0, now=NOON)
    asking.accept(waqas.coach, question, now=NOON)

    assert MatchNeeds.objects.get(person=zara).lost_coach_at is None
    assert bonds.present(zara).coach == waqas.coach


def test_what_others_are_asked_about_them_is_withdrawn(zara, yusuf, home_programme, tariq):
    gulzar = a_seeker(home_programme, "Gulzar", "+923005550002")
    question = asked(home_programme, tariq, gulzar)
    asking.choose(gulzar, question, 0, now=NOON)

    coaches.leave(yusuf, now=NOON)

    question.refresh_from_db()
    assert question.state == "withdrawn"
    assert asking.asked_of(yusuf.coach, now=NOON) == []


def test_the_coach_sees_nobody_from_that_moment_and_leaving_twice_is_once(zara, yusuf):
    desk = come_in(yusuf.coach)
    for _ in range(2):
        desk.post(f"/desk/coach/{yusuf.programme_id}/", {"act": "leave", "sure": "yes"})

    assert list(access.learners_of(yusuf.coach)) == []
    assert coaches.leave(yusuf, now=LATER) == 0
    assert CoachProfile.objects.get(pk=yusuf.pk).ended_at == Bond.objects.get().ended_at < LATER


def test_without_the_tick_nobody_leaves(zara, yusuf, tariq, home_programme):
    come_in(yusuf.coach).post(f"/desk/coach/{yusuf.programme_id}/", {"act": "leave"})
    come_in(tariq).post(f"/desk/matching/{home_programme.pk}/", {"act": "leave", "coach": yusuf.pk})

    assert bonds.present(zara).coach == yusuf.coach


def test_tariq_ends_it_for_a_coach_who_cannot(zara, yusuf, tariq, home_programme):
    address = f"/desk/matching/{home_programme.pk}/"

    come_in(tariq).post(address, {"act": "leave", "coach": yusuf.pk, "sure": "yes"})

    assert bonds.present(zara) is None
    assert coaches.profile_in(home_programme, yusuf.coach) is None


def test_tariq_ends_nobody_of_another_programme(yusuf, other_programme, tariq, home_programme):
    far = a_coach(other_programme, "far")

    answer = come_in(tariq).post(
        f"/desk/matching/{home_programme.pk}/", {"act": "leave", "coach": far.pk, "sure": "yes"}, follow=True
    )

    assert answer.status_code == 404
    assert coaches.profile_in(other_programme, far.coach) == far


def test_who_comes_back_needs_two_yeses_again(yusuf, home_programme):
    coaches.leave(yusuf, now=NOON)

    desk = come_in(User.objects.get(pk=yusuf.coach_id))
    assert desk.post(f"/desk/coach/{home_programme.pk}/", OFFER).status_code == 302

    back = coaches.profile_in(home_programme, yusuf.coach)
    assert (back.state, back.approved_by, back.approved_too_by) == ("applied", None, None)
    assert coaches.active_in(home_programme) == []
