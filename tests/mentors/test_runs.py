"""A run of the matching: from what people said to who is asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lms import programmes
from mentors import asking, bonds, coaches, matching, needs, runs, training
from mentors.models.coaching import CoachProfile, Exclusion, MatchNeeds
from mentors.models.matching import MatchPolicy, MatchRun, Proposal, ProposedCoach, Waits
from tests.cast import NOON, _staff
from tests.inside import come_in
from tests.mentors.matched import A_COACH, A_NEED, NEXT_YEAR, a_coach, a_draft, a_seeker

DAY = timedelta(days=1)


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf")


@pytest.fixture
def zara(home_programme):
    return a_seeker(home_programme, "Zara", "+923005550001", gender="woman", wish="any")


def test_who_fits_is_proposed_with_sentences_and_a_proof(home_programme, tariq, yusuf, zara):
    run = a_draft(home_programme, tariq)

    assert (run.state, run.certified) == ("draft", True)
    assert run.primal == run.dual != ""
    assert run.stats["matched"] == {"served": 1, "of": 1}
    proposal = Proposal.objects.get(run=run)
    assert (proposal.person, proposal.state) == (zara, "drafted")
    [coach] = ProposedCoach.objects.filter(proposal=proposal)
    assert coach.coach == yusuf.coach
    assert ["share_mother_tongue", {"language": "ur"}] in coach.told["seeker"]
    assert ["same_trade", {"trade": "dairy", "years": 4}] in coach.told["seeker"]


def test_a_coach_hears_nothing_of_where_somebody_lives(home_programme, tariq, yusuf, zara):
    a_draft(home_programme, tariq)

    [coach] = ProposedCoach.objects.all()
    assert {code for code, _ in coach.told["coach"]} == {"share_mother_tongue", "same_trade", "free_together"}
    assert "same_district" in {code for code, _ in coach.told["seeker"]}


def test_a_womans_blank_is_a_wish_for_a_woman_and_she_waits_rather_than_be_given_a_man(
    home_programme, tariq, yusuf
):
    amber = a_seeker(home_programme, "Amber", "+923005550002", gender="woman", wish="")
    run = a_draft(home_programme, tariq)

    assert not Proposal.objects.filter(run=run).exists()
    waits = Waits.objects.get(run=run)
    assert (waits.person, waits.tier, waits.rule, waits.hint) == (amber, needs.FEW_CAN, "gender", "")


@pytest.mark.parametrize(
    ("of_the_coach", "of_the_person"),
    [
        ({"village": "Chak 12"}, {"village": "chak 12 ", "not_same_village": True}),
        ({"mother": "ps"}, {"mother": "pnb"}),
        ({"slots": 1}, {"slots": 2}),
        ({"remote": False, "district": "rajanpur"}, {}),
        ({"walks_with": "same"}, {"gender": "woman"}),
    ],
)
def test_musts_keep_people_apart(home_programme, tariq, of_the_coach, of_the_person):
    a_coach(home_programme, "yusuf", **of_the_coach)
    a_seeker(home_programme, "Zara", "+923005550001", **of_the_person)

    run = a_draft(home_programme, tariq)

    assert run.certified
    assert Waits.objects.filter(run=run).count() == 1


def test_whom_the_safeguarding_lead_keeps_apart_is_nobodys_reason(home_programme, tariq, yusuf, zara):
    Exclusion.objects.create(
        programme=home_programme, person=zara, coach=yusuf.coach, kind="creditor", by=tariq, at=NOON
    )
    run = a_draft(home_programme, tariq)

    waits = Waits.objects.get(run=run)
    assert waits.rule == ""


def test_one_run_at_a_time(home_programme, tariq):
    runs.begin(home_programme, tariq, now=NOON)

    with pytest.raises(runs.AlreadyOpen):
        runs.begin(home_programme, tariq, now=NOON)


def test_nothing_is_released_without_proof_not_even_past_the_code(home_programme, tariq, yusuf, zara):
    run = a_draft(home_programme, tariq)
    MatchRun.objects.update(certified=False)

    with pytest.raises(runs.NotProven):
        runs.release(run, tariq, now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchRun.objects.update(state="released", released_by=tariq)


def test_a_released_run_is_released_once(home_programme, tariq, yusuf, zara):
    run = a_draft(home_programme, tariq)

    assert runs.release(run, tariq, now=NOON) == 1
    with pytest.raises(runs.NotADraft):
        runs.release(run, tariq, now=NOON)
    assert asking.asked(zara, now=NOON).state == "asked"


def test_who_is_left_out_is_not_asked_and_the_reason_stands_there(home_programme, tariq, yusuf, zara):
    run = a_draft(home_programme, tariq)
    proposal = Proposal.objects.get(run=run)
    runs.leave_out(proposal, tariq, "They quarrelled in the course.", now=NOON)

    assert runs.release(run, tariq, now=NOON) == 0
    proposal.refresh_from_db()
    assert (proposal.state, proposal.by, proposal.reason) == (
        "left-out", tariq, "They quarrelled in the course.",
    )  # fmt: skip


def test_a_dropped_draft_asks_nobody_and_another_run_may_begin(home_programme, tariq, yusuf, zara):
    runs.drop(a_draft(home_programme, tariq), now=NOON)

    assert not Proposal.objects.exists()
    assert a_draft(home_programme, tariq).state == "draft"


def test_a_bond_is_never_moved_and_takes_its_seat(home_programme, tariq, zara):
    full = a_coach(home_programme, "yusuf", comfortable=1, largest=1)
    there = a_seeker(home_programme, "Hina", "+923005550003", gender="woman", wish="any")
    bonds.begin(full.coach, there, home_programme, at=NOON)
    run = a_draft(home_programme, tariq)

    waits = Waits.objects.get(run=run)
    assert (waits.person, waits.suitable) == (zara, 1)
    assert bonds.present(there).coach == full.coach


def test_who_was_declined_is_not_proposed_again_until_the_needs_change(home_programme, tariq, yusuf, zara):
    first = a_draft(home_programme, tariq)
    runs.release(first, tariq, now=NOON)
    asking.decline(zara, asking.asked(zara, now=NOON), now=NOON)

    second = a_draft(home_programme, tariq)
    assert not Proposal.objects.filter(run=second).exists()
    runs.drop(second, now=NOON)

    needs.tell(zara, home_programme, A_NEED | {"gender": "woman", "wish": "any", "trade": "shop"}, now=NOON)
    assert Proposal.objects.filter(run=a_draft(home_programme, tariq), person=zara).exists()


def test_a_coach_whose_vetting_ends_gets_nobody_new(home_programme, tariq, yusuf, zara):
    CoachProfile.objects.update(vetted_until=(NOON - DAY).date())

    assert Waits.objects.get(run=a_draft(home_programme, tariq)).rule == "not_ready"


def test_two_say_yes_to_a_coach_and_neither_is_the_coach(home_programme, tariq):
    user = _staff(home_programme, "yusuf", "coach")
    profile = coaches.offer(user, home_programme, A_COACH)
    training.by_hand(profile, tariq, "With the partner.", now=NOON)
    yes = {"until": NEXT_YEAR, "today": NOON.date()}
    with pytest.raises(coaches.NotTheirOwn):
        coaches.approve(profile, user, **yes)
    profile = coaches.approve(profile, tariq, **yes)
    with pytest.raises(coaches.NotTheirOwn):
        coaches.approve(profile, tariq, **yes)
    assert profile.state == "applied"
    with pytest.raises(IntegrityError), transaction.atomic():
        CoachProfile.objects.update(state="active")


def test_somebody_of_16_waits_for_the_safeguarding_lead(home_programme, tariq, yusuf, zara):
    type(zara).objects.filter(pk=zara.pk).update(age="16-17")
    run = a_draft(home_programme, tariq)
    assert Waits.objects.get(run=run).rule == "safeguarding"
    runs.drop(run, now=NOON)

    huma = _staff(home_programme, "huma", "safeguarding")
    needs.agree(needs.of(zara), huma)
    runs.release(a_draft(home_programme, tariq), tariq, now=NOON)
    proposal = asking.choose(zara, asking.asked(zara, now=NOON), 0, now=NOON)
    assert asking.accept(yusuf.coach, proposal, now=NOON).person == zara


def test_who_left_the_programme_is_not_matched(home_programme, tariq, yusuf, zara):
    programmes.leave(programmes.present(zara, home_programme, programmes.Role.LEARNER), at=NOON)

    run = a_draft(home_programme, tariq)
    assert run.stats["matched"] == {"served": 0, "of": 0}


def test_a_killed_workers_run_is_done_by_the_sweep_and_a_hopeless_one_given_up(
    home_programme, tariq, yusuf, zara
):
    run = runs.begin(home_programme, tariq, now=NOON)
    MatchRun.objects.update(state="working")

    assert runs.catch_up(NOON + timedelta(minutes=4)) == 0
    assert runs.catch_up(NOON + timedelta(minutes=6)) == 1
    run.refresh_from_db()
    assert run.state == "draft"
    MatchRun.objects.update(state="working")
    assert runs.catch_up(NOON + timedelta(hours=2)) == 0
    run.refresh_from_db()
    assert run.state == "failed"


def test_what_a_programme_decided_is_used_and_named(home_programme, tariq, yusuf, zara):
    only_trade = dict.fromkeys(
        ["language", "place", "time", "journey", "stage", "trauma", "gender", "known"], 0
    )
    MatchPolicy.objects.create(
        programme=home_programme, version=3, values={"points": {"trade": 1000, **only_trade}},
        signed_by=tariq, at=NOON, holds_since=NOON,
        signed_too_by=_staff(home_programme, "maria", "coordinator"),
    )  # fmt: skip
    run = a_draft(home_programme, tariq)

    assert run.policy == 3
    assert ProposedCoach.objects.get().points == 1000


def test_the_same_input_has_the_same_name(home_programme, yusuf, zara):
    problems = [runs.gather(home_programme, matching.Policy(), 7, now=NOON) for _ in range(2)]

    assert problems[0].digest == problems[1].digest
    MatchNeeds.objects.update(trade="shop")
    assert runs.gather(home_programme, matching.Policy(), 7, now=NOON).digest != problems[0].digest


# ── Who has not come yet ─────────────────────────────────────────────────────────────────────────────────

A_YEAR_LATER = NOON + timedelta(weeks=52)


def test_from_the_second_year_on_who_came_a_year_ago_stands_in_for_who_will_come(home_programme, tariq, zara):
    MatchNeeds.objects.update(village="Chak 12")
    runs.drop(a_draft(home_programme, tariq), now=NOON)
    decided = runs.policy.AS_IT_COMES

    before = runs.gather(home_programme, decided, 1, now=A_YEAR_LATER - DAY)
    after = runs.gather(home_programme, decided, 1, now=A_YEAR_LATER)

    assert (before.expected, before.reserve, after.reserve) == ((), True, False)
    [stand_in] = after.expected
    assert (stand_in.id, stand_in.village, stand_in.tier) == ("expected 0", "", needs.ALL)
    assert str(zara.pk) not in repr(after.expected)
    off = runs.gather(home_programme, replace(decided, hold_weeks=0), 1, now=A_YEAR_LATER)
    assert (off.expected, off.reserve) == ((), False)
    far = runs.gather(home_programme, decided, 1, now=A_YEAR_LATER + timedelta(weeks=1))
    assert far.expected == ()


@pytest.mark.parametrize(("weeks", "proposed"), [(0, False), (1, False), (2, True)])
def test_who_is_there_waits_for_who_is_expected_two_weeks_at_most_and_hears_no_reason(
    home_programme, tariq, zara, time_machine, weeks, proposed
):
    """A year ago somebody needed what one coach alone can give; today Omar could have anybody."""
    runs.drop(a_draft(home_programme, tariq), now=NOON)
    MatchNeeds.objects.update(trauma="must")
    programmes.leave(programmes.present(zara, home_programme, programmes.Role.LEARNER), at=NOON)
    a_coach(home_programme, "yusuf", comfortable=1, largest=1)
    ready = (A_YEAR_LATER + timedelta(days=90)).date()
    CoachProfile.objects.update(trauma_informed_until=ready, vetted_until=ready, trained_until=ready)
    omar = a_seeker(home_programme, "Omar", "+923005550007")
    came = A_YEAR_LATER - timedelta(weeks=weeks)
    MatchNeeds.objects.filter(person=omar).update(waiting_since=came)
    time_machine.move_to(A_YEAR_LATER)

    run = runs.begin(home_programme, tariq, now=A_YEAR_LATER)
    runs.work(run.pk, now=A_YEAR_LATER)

    run.refresh_from_db()
    assert (run.state, run.certified, run.stats["expected"]) == ("draft", True, 1)
    assert Proposal.objects.filter(run=run, person=omar).exists() is proposed
    if not proposed:
        assert Waits.objects.get(run=run, person=omar).rule == "held"
        room = come_in(tariq).get(f"/desk/matching/{home_programme.pk}/").text
        assert "kept for a little while for somebody who is likely to come" in room
        page = come_in(omar).get("/en/mine/coach/").text
        assert "We are still looking who fits best." in page
