"""Somebody moves home: the coach of before and the one there walk with them together for 30 days."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mentors import access, asking, bonds, coaches, complaints, needs, runs
from mentors.models.bonds import Bond
from mentors.models.coaching import MatchNeeds
from mentors.models.matching import Proposal
from tests.cast import NOON
from tests.inside import come_in
from tests.mentors.matched import A_COACH, A_NEED, a_coach, a_draft, approved

DAY = timedelta(days=1)
PAGE = "/en/mine/coach/"


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def waqas(home_programme):
    """A coach where Amina will live."""
    return a_coach(home_programme, "waqas", largest=1, comfortable=1)


@pytest.fixture
def moving(amina, home_programme):
    """Amina walks with Bilal, moves soon, and has said where she will live."""
    bonds.want_handover(bonds.present(amina), by=None, now=NOON)
    needs.tell(amina, home_programme, A_NEED, now=NOON)
    return amina


@pytest.fixture
def handed_over(moving, waqas, home_programme, tariq):
    """Both have said yes."""
    question = _asked(moving, home_programme, tariq)
    asking.choose(moving, question, 0, now=NOON)
    return asking.accept(waqas.coach, question, now=NOON)


def _asked(person, programme, lead) -> Proposal:
    run = a_draft(programme, lead)
    runs.release(run, lead, now=NOON)
    return Proposal.objects.get(run=run, person=person)


def _sees(coach) -> list:
    return list(access.learners_of(coach))


# ── Thirty days together ─────────────────────────────────────────────────────────────────────────────────


def test_a_second_coach_is_found_as_always_and_for_30_days_both_see_her(handed_over, moving, bilal, waqas):
    assert _sees(bilal) == _sees(waqas.coach) == [moving]
    assert bonds.present(moving) == handed_over
    assert [one.coach for one in bonds.walking_with(moving)] == [waqas.coach, bilal]


def test_on_the_30th_day_the_first_bond_ends_by_itself_and_the_second_goes_on(
    handed_over, moving, bilal, waqas
):
    assert bonds.hand_over(NOON + 30 * DAY - timedelta(seconds=1)) == 0
    assert [bonds.hand_over(NOON + 30 * DAY), bonds.hand_over(NOON + 31 * DAY)] == [1, 0]

    first = Bond.objects.get(coach=bilal)
    assert (first.ended_at, first.ended_why) == (NOON + 30 * DAY, "handed-over")
    assert (_sees(bilal), _sees(waqas.coach)) == ([], [moving])
    assert needs.of(moving).lost_coach_at is None


def test_she_is_told_warmly_and_both_coaches_are_too(handed_over, moving, bilal, waqas, time):
    theirs, old, new = come_in(moving), come_in(bilal), come_in(waqas.coach)
    page = theirs.get(PAGE).text
    assert "Two coaches walk with you" in page
    assert "with you until 22 December" in page
    assert "who goes on from 22 December" in old.get("/desk/").text
    assert "Then you go on alone" in new.get("/desk/").text
    assert "who goes on from 22 December" in old.get(f"/desk/people/{moving.pk}/").text

    time.move_to(NOON + 30 * DAY)
    bonds.hand_over(NOON + 30 * DAY)

    for address in (PAGE, "/en/mine/"):
        assert "your new coach goes on with you alone" in come_in(moving).get(address).text
    desk = come_in(bilal).get("/desk/").text
    assert "Thank you for the first part of it." in desk
    assert "Amina" not in desk
    time.move_to(NOON + 45 * DAY)
    assert "goes on with you alone" not in come_in(moving).get(PAGE).text
    assert "Thank you for the first part" not in come_in(bilal).get("/desk/").text


def test_nothing_ends_before_both_have_said_yes(moving, waqas, home_programme, tariq, bilal):
    question = _asked(moving, home_programme, tariq)
    asking.choose(moving, question, 0, now=NOON)
    asking.refuse(waqas.coach, question, now=NOON)

    assert [one.coach for one in bonds.walking_with(moving)] == [bilal]
    assert bonds.hand_over(NOON + 90 * DAY) == 0


# ── Only as a handover ───────────────────────────────────────────────────────────────────────────────────


def test_two_walk_with_somebody_only_as_a_handover_not_even_past_the_code(amina, waqas, home_programme):
    with pytest.raises(bonds.AlreadyBonded):
        bonds.begin(waqas.coach, amina, home_programme, at=NOON)
    second = {"coach": waqas.coach, "person": amina, "programme": home_programme, "began_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        Bond.objects.create(**second)


def test_never_three_not_even_past_the_code(handed_over, moving, home_programme):
    third = a_coach(home_programme, "third").coach
    bonds.want_handover(bonds.present(moving), by=None, now=NOON)
    with pytest.raises(bonds.AlreadyBonded):
        bonds.begin(third, moving, home_programme, at=NOON)
    for ends in (None, NOON + DAY):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bond.objects.create(
                coach=third, person=moving, programme=home_programme, began_at=NOON, handover_ends_at=ends
            )


@pytest.mark.parametrize(
    "forged", [{"ended_why": "handed-over"}, {"ended_why": "handed-over", "ended_at": NOON}]
)
def test_nothing_is_called_handed_over_that_was_not(amina, forged):
    with pytest.raises(IntegrityError), transaction.atomic():
        Bond.objects.update(**forged)


def test_she_is_not_handed_over_to_the_coach_whom_she_has(moving, home_programme, tariq, bilal):
    approved(home_programme, bilal)

    assert not Proposal.objects.filter(run=a_draft(home_programme, tariq)).exists()


def test_before_she_has_said_where_she_will_live_nobody_is_looked_for(amina, waqas, home_programme, tariq):
    needs.tell(amina, home_programme, A_NEED, now=NOON - 90 * DAY)
    bonds.want_handover(bonds.present(amina), by=tariq, now=NOON)
    run = a_draft(home_programme, tariq)
    assert not Proposal.objects.filter(run=run).exists()
    runs.drop(run, now=NOON)
    assert "say where you will live" in come_in(amina).get("/en/mine/").text

    needs.tell(amina, home_programme, A_NEED, now=NOON)

    assert Proposal.objects.filter(run=a_draft(home_programme, tariq), person=amina).exists()


def test_the_seat_beside_the_coach_of_before_stays_taken_until_the_end(handed_over, home_programme, bilal):
    before = runs.gather(home_programme, runs.policy.AS_IT_COMES, 1, now=NOON)
    assert sum(bond.offer == str(bilal.pk) for bond in before.bonds) == 1

    bonds.hand_over(NOON + 30 * DAY)

    after = runs.gather(home_programme, runs.policy.AS_IT_COMES, 1, now=NOON)
    assert sum(bond.offer == str(bilal.pk) for bond in after.bonds) == 0


# ── Somebody changes their mind, or leaves ───────────────────────────────────────────────────────────────


def test_if_the_new_one_leaves_she_keeps_the_coach_of_before_and_another_is_looked_for(
    handed_over, moving, bilal, waqas
):
    coaches.leave(waqas, now=NOON + DAY)

    [there] = bonds.walking_with(moving)
    assert (there.coach, there.handover_ends_at, there.handover_wanted_at) == (bilal, None, NOON + DAY)
    assert needs.of(moving).lost_coach_at is None
    assert bonds.hand_over(NOON + 40 * DAY) == 0


def test_if_the_coach_of_before_leaves_early_the_new_one_goes_on(handed_over, moving, bilal, home_programme):
    coaches.leave(coaches.offer(bilal, home_programme, A_COACH), now=NOON + DAY)

    assert [one.coach.username for one in bonds.walking_with(moving)] == ["waqas"]
    assert MatchNeeds.objects.get(person=moving).lost_coach_at is None
    assert Bond.objects.get(coach=bilal).ended_why == "coach-left"


def test_she_can_stop_with_either_of_the_two(handed_over, moving, bilal, waqas):
    old = Bond.objects.get(coach=bilal)

    come_in(moving).post(PAGE, {"act": "stop", "with": old.pk})

    assert [one.coach for one in bonds.walking_with(moving)] == [waqas.coach]


def test_she_can_say_of_either_of_the_two_that_something_is_not_right(handed_over, moving, bilal, waqas):
    old = Bond.objects.get(coach=bilal)

    assert complaints.bond_of(moving, now=NOON, named=str(old.pk)) == old
    assert complaints.bond_of(moving, now=NOON).coach == waqas.coach
    other = Bond.objects.create(coach=bilal, person=_somebody_else(), programme=old.programme, began_at=NOON)
    assert complaints.bond_of(moving, now=NOON, named=str(other.pk)).coach == waqas.coach


def _somebody_else():
    from lms.models.people import Person

    return Person.objects.create(name="Hina", age="18+")


# ── How it begins ────────────────────────────────────────────────────────────────────────────────────────


def test_she_begins_it_herself_says_where_and_can_take_it_back(amina, waqas):
    browser = come_in(amina)
    answer = browser.post(PAGE, {"act": "move"})
    assert answer["Location"] == "/en/mine/coach/1/"
    assert "say where you will live" in browser.get(PAGE).text

    browser.post(PAGE, {"act": "stay"})

    assert "say where you will live" not in browser.get(PAGE).text
    assert bonds.present(amina).handover_wanted_at is None


def test_what_she_is_asked_stands_beside_the_coach_whom_she_has(moving, waqas, home_programme, tariq):
    browser = come_in(moving)
    assert "We look for a coach near your new home." in browser.get(PAGE).text
    _asked(moving, home_programme, tariq)
    page = browser.get(PAGE).text
    assert "We found a coach near your new home." in page
    assert "Please call me" in page
    assert "Who should be your coach?" in browser.get(f"{PAGE}?asked=1").text

    browser.post(PAGE, {"act": "choose", "rank": "0"})

    assert "Now we ask the coach near your new home." in browser.get(PAGE).text


def test_tariq_begins_it_on_the_board_and_whoever_is_not_there_is_nobody(amina, gul, tariq, home_programme):
    board, page = come_in(tariq), f"/desk/walks/{home_programme.pk}/"
    bond, hidden = bonds.present(amina), bonds.present(gul)

    board.post(page, {"act": "moves", "bond": bond.pk})

    bond.refresh_from_db()
    assert (bond.handover_wanted_at.date(), bond.handover_wanted_by) == (NOON.date(), tariq)
    assert "a coach there is looked for" in board.get(page).text
    for nobody in (hidden.pk, "", "x", "99999999999999999999"):
        assert board.post(page, {"act": "moves", "bond": nobody}).status_code == 404
    board.post(page, {"act": "stays", "bond": bond.pk})
    assert bonds.present(amina).handover_wanted_at is None


def test_wishing_twice_is_wishing_once(moving):
    bonds.want_handover(bonds.present(moving), by=None, now=NOON + DAY)

    assert bonds.present(moving).handover_wanted_at == NOON


# ── A coach leaves, and nobody follows ───────────────────────────────────────────────────────────────────


def test_who_never_said_what_they_need_hears_it_warmly_too_when_a_coach_leaves(amina, bilal, home_programme):
    coaches.leave(coaches.offer(bilal, home_programme, A_COACH), now=NOON)

    for address in (PAGE, "/en/mine/"):
        assert "It is not because of you." in come_in(amina).get(address).text
