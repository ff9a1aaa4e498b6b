"""The coordinator's room, and a coach's."""

import pytest

from mentors import coaches, needs, runs
from mentors.models.coaching import CoachProfile
from mentors.models.matching import MatchRun, Proposal
from tests.cast import NOON, _staff
from tests.inside import come_in
from tests.mentors.matched import A_NEED, a_coach, a_draft, a_seeker

OFFER = {
    "gender": "man", "walks_with": "any", "mother": "ur", "languages": ["pnb"], "district": "okara",
    "village": "Chak 9", "not_same_village": "on", "remote": "on", "reach_km": "30",
    "time_zone": "Asia/Karachi", "free": ["0-2", "6-0"], "trade": "dairy", "years": "4", "comfortable": "2",
    "largest": "4", "number": "0300 1234567",
}  # fmt: skip


@pytest.fixture
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def room(home_programme, tariq, time):
    return come_in(tariq), f"/desk/matching/{home_programme.pk}/"


@pytest.fixture
def zara(home_programme):
    return a_seeker(home_programme, "Zara", "+923005550001")


def test_a_run_is_begun_looked_at_and_released_by_a_human(
    room, home_programme, zara, django_capture_on_commit_callbacks
):
    browser, page = room
    a_coach(home_programme, "yusuf")
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(page, {"act": "begin"})
    shown = browser.get(page).content.decode()
    assert "Proven: there is no better answer" in shown
    assert "Zara" in shown
    assert "same language" in shown

    browser.post(page, {"act": "release"})

    assert Proposal.objects.get().state == "asked"
    assert "is asked" in browser.get(page).content.decode()


def test_a_pair_is_left_out_only_with_a_reason_and_can_be_put_back(room, home_programme, tariq, zara):
    browser, page = room
    a_coach(home_programme, "yusuf")
    a_draft(home_programme, tariq)
    pair = Proposal.objects.get()
    browser.post(page, {"act": "leave-out", "pair": pair.pk, "reason": " "})
    pair.refresh_from_db()
    assert pair.state == "drafted"

    browser.post(page, {"act": "leave-out", "pair": pair.pk, "reason": "Neighbours."})
    assert "Neighbours." in browser.get(page).content.decode()
    browser.post(page, {"act": "put-back", "pair": pair.pk})

    pair.refresh_from_db()
    assert (pair.state, pair.reason, pair.by) == ("drafted", "", None)


def test_who_waits_is_named_with_a_reason_that_asks_nobody_to_give_in(room, home_programme, tariq):
    browser, page = room
    a_coach(home_programme, "yusuf")
    a_seeker(home_programme, "Amber", "+923005550002", gender="woman", wish="")
    a_draft(home_programme, tariq)

    shown = browser.get(page).content.decode()
    assert "Amber" in shown
    assert "No coach of the gender that they asked for is there." in shown
    assert "needs what few can give" in shown


@pytest.mark.parametrize(
    "said",
    [
        {"act": "dance"},
        {"act": "release"},
        {"act": "leave-out", "pair": "x"},
        {"act": "approve", "coach": "x"},
        {"act": "approve", "coach": "99999999999999999999"},
        {},
    ],
)
def test_what_nobody_drew_changes_nothing(room, said):
    browser, page = room

    assert browser.post(page, said).status_code in {302, 404}
    assert not MatchRun.objects.exists()


def test_a_lead_of_another_programme_finds_no_such_room(other_programme, room):
    stranger = _staff(other_programme, "rehan", "lead")

    assert come_in(stranger).get(room[1]).status_code == 404


def test_a_draft_without_proof_cannot_be_released(room, home_programme, tariq, zara):
    browser, page = room
    a_coach(home_programme, "yusuf")
    a_draft(home_programme, tariq)
    MatchRun.objects.update(certified=False)

    assert "Ask these people" not in browser.get(page).content.decode()
    browser.post(page, {"act": "release"})
    assert MatchRun.objects.get().state == "draft"


def test_a_coach_says_what_they_offer_and_two_leads_say_yes(room, home_programme, bilal):
    own = f"/desk/coach/{home_programme.pk}/"
    desk = come_in(bilal)
    assert '<label for="id_village">' in desk.get(own).text
    assert desk.post(own, OFFER).status_code == 302
    profile = CoachProfile.objects.get()
    assert (profile.number, profile.slots.bit_count(), profile.trades) == ("+923001234567", 2, {"dairy": 4})
    assert "Two people of the programme say yes to you" in desk.get(own).content.decode()

    browser, page = room
    browser.post(page, {"act": "trained", "coach": profile.pk, "reason": "At the partner's."})
    browser.post(page, {"act": "approve", "coach": profile.pk})
    browser.post(page, {"act": "approve", "coach": profile.pk})
    profile.refresh_from_db()
    assert profile.state == "applied"
    other = _staff(home_programme, "maria", "coordinator")
    come_in(other).post(page, {"act": "approve", "coach": profile.pk})
    profile.refresh_from_db()
    assert profile.state == "active"
    assert coaches.is_ready(profile, today=NOON.date())


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"comfortable": "5"}, "What is comfortable cannot be more than the most."),
        ({"number": "12"}, "Please look at the number again."),
        ({"free": []}, "required"),
        ({"mother": "elvish"}, "elvish"),
        ({"largest": "2000"}, "20"),
    ],
)
def test_an_offer_that_cannot_be_is_said_and_nothing_is_lost(home_programme, bilal, wrong, sentence):
    answer = come_in(bilal).post(f"/desk/coach/{home_programme.pk}/", OFFER | wrong)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Chak 9" in answer.content.decode()


def test_a_full_coach_hears_it_kindly(time, home_programme, tariq, zara):
    from mentors import asking, bonds

    yusuf = a_coach(home_programme, "yusuf", comfortable=1, largest=1)
    run = a_draft(home_programme, tariq)
    runs.release(run, tariq, now=NOON)
    asking.choose(zara, asking.asked(zara, now=NOON), 0, now=NOON)
    bonds.begin(yusuf.coach, a_seeker(home_programme, "Hina", "+923005550009"), home_programme, at=NOON)

    answer = come_in(yusuf.coach).post(f"/desk/coach/asked/{Proposal.objects.get().pk}/", {"yes": "yes"})

    assert answer.status_code == 409
    assert "All your seats are taken" in answer.content.decode()


def test_the_room_costs_the_same_for_two_people_or_twelve(
    room, home_programme, tariq, django_assert_max_num_queries
):
    browser, page = room
    a_coach(home_programme, "yusuf", comfortable=12, largest=12)
    for n in range(2):
        needs.tell(a_seeker(home_programme, f"P{n}", f"+9230055502{n:02}"), home_programme, A_NEED, now=NOON)
    runs.drop(a_draft(home_programme, tariq), now=NOON)
    for n in range(2, 12):
        a_seeker(home_programme, f"P{n}", f"+9230055502{n:02}")
    a_draft(home_programme, tariq)
    assert Proposal.objects.count() == 12

    with django_assert_max_num_queries(22):
        browser.get(page)
