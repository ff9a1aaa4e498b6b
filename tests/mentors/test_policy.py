"""What a programme decides about matching: written by one, signed by two, and tried before it holds."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from mentors import matching, policy, policy_room, runs
from mentors.models.matching import MatchPolicy, MatchRun, Proposal, Waits
from tests.cast import NOON, _staff
from tests.inside import come_in
from tests.mentors.matched import a_coach, a_draft, a_seeker

OTHER = replace(policy.AS_IT_COMES, long_wait_weeks=8)


@pytest.fixture
def maria(home_programme):
    return _staff(home_programme, "maria", "coordinator")


@pytest.fixture
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def room(home_programme, tariq, time):
    return come_in(tariq), f"/desk/policy/{home_programme.pk}/"


def _form(**said) -> dict[str, object]:
    """What the form has at first, and what somebody typed."""
    flat = policy_room._flat(policy.AS_IT_COMES)
    return {"act": "write", **flat, "women_first": "on", **said}


# ── Two signatures ───────────────────────────────────────────────────────────────────────────────────────


def test_a_version_holds_when_another_has_signed_it_and_every_run_names_its_own(home_programme, tariq, maria):
    before = a_draft(home_programme, tariq)
    runs.drop(before, now=NOON)
    written = policy.write(home_programme, tariq, OTHER, now=NOON)
    assert policy.holds_in(home_programme) == (0, policy.AS_IT_COMES)
    between = a_draft(home_programme, tariq)
    runs.drop(between, now=NOON)

    policy.sign(written, maria, now=NOON)

    assert policy.holds_in(home_programme) == (1, OTHER)
    after = a_draft(home_programme, tariq)
    assert [run.policy for run in (before, between, after)] == [0, 0, 1]


def test_who_wrote_it_cannot_sign_it_too_not_even_past_the_code(home_programme, tariq):
    written = policy.write(home_programme, tariq, OTHER, now=NOON)

    with pytest.raises(policy.NotTheirOwn):
        policy.sign(written, tariq, now=NOON)
    for forged in ({"signed_too_by": tariq}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MatchPolicy.objects.update(holds_since=NOON, **forged)


def test_signing_and_writing_twice_is_once(home_programme, tariq, maria):
    written = [policy.write(home_programme, tariq, OTHER, now=NOON) for _ in range(2)]
    signed = [policy.sign(written[0], maria, now=NOON) for _ in range(2)]

    assert written[0] == written[1]
    assert signed[0].holds_since == signed[1].holds_since == NOON
    assert MatchPolicy.objects.count() == 1


def test_one_version_waits_at_a_time_and_a_dropped_one_keeps_its_number(home_programme, tariq, maria):
    first = policy.write(home_programme, tariq, OTHER, now=NOON)
    with pytest.raises(policy.OneWaits):
        policy.write(home_programme, maria, replace(OTHER, load=0), now=NOON)

    policy.drop(first, now=NOON)
    with pytest.raises(policy.NotWaiting):
        policy.sign(first, maria, now=NOON)
    second = policy.write(home_programme, maria, replace(OTHER, load=0), now=NOON)

    assert (first.version, second.version) == (1, 2)
    policy.drop(policy.sign(second, tariq, now=NOON), now=NOON)
    assert policy.holds_in(home_programme)[0] == 2


def test_a_policy_of_another_programme_holds_there(home_programme, other_programme, tariq, maria):
    policy.sign(policy.write(other_programme, tariq, OTHER, now=NOON), maria, now=NOON)

    assert policy.holds_in(home_programme)[0] == 0


@given(
    st.builds(
        matching.Policy,
        related_trades=st.just(policy.RELATED),
        load=st.integers(0, 1000),
        long_wait_weeks=st.integers(1, 52),
        hold_weeks=st.integers(0, 8),
        women_first=st.booleans(),
    )
)
def test_what_is_kept_of_a_policy_is_what_it_said(decided):
    assert policy.read(policy.values_of(decided)) == decided


def test_a_long_wait_is_as_long_as_the_programme_says(home_programme, tariq, maria, time_machine):
    from datetime import timedelta

    a_coach(home_programme, "yusuf")
    a_seeker(home_programme, "Zara", "+923005550001")
    later = NOON + timedelta(weeks=9)
    time_machine.move_to(later)
    tiers = []
    for sign in (False, True):
        if sign:
            policy.sign(policy.write(home_programme, tariq, OTHER, now=later), maria, now=later)
        run = runs.begin(home_programme, tariq, now=later)
        runs.work(run.pk, now=later)
        tiers.append(Proposal.objects.get(run=run).tier)
        run.refresh_from_db()
        runs.drop(run, now=later)

    assert tiers == [1, 2]


# ── A trial ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_trial_says_in_numbers_what_would_change_and_asks_nobody(home_programme, tariq):
    """Only the trade counts in the new version, so Zara would walk with the one who drives."""
    a_coach(home_programme, "near", trades={"shop": 4}, largest=1, comfortable=1)
    a_coach(home_programme, "same-work", trades={"driving": 4}, mother="pnb")
    a_seeker(home_programme, "Zara", "+923005550001", trade="driving", languages=["pnb"])
    points = dict.fromkeys([one.name for one in policy_room.POINTS], 0) | {"trade": 1000}
    language = dict.fromkeys(points, 0) | {"language": 1000}
    held = replace(policy.AS_IT_COMES, points=matching.Points(**language))
    maria = _staff(home_programme, "maria", "coordinator")
    policy.sign(policy.write(home_programme, maria, held, now=NOON), tariq, now=NOON)
    policy.write(home_programme, tariq, replace(held, points=matching.Points(**points)), now=NOON)

    run = runs.try_out(home_programme, tariq, now=NOON)
    runs.work(run.pk, now=NOON)

    run.refresh_from_db()
    assert (run.state, run.trial, run.policy, run.certified) == ("tried", True, 2, True)
    assert (run.stats["matched"]["served"], run.stats["differ"]) == (1, 1)
    assert run.stats["held"]["version"] == 1
    assert not Proposal.objects.exists()
    assert not Waits.objects.exists()
    assert runs.open_in(home_programme) is None


def test_a_trial_is_not_released_not_even_past_the_code(home_programme, tariq):
    policy.write(home_programme, tariq, OTHER, now=NOON)
    run = runs.try_out(home_programme, tariq, now=NOON)
    runs.work(run.pk, now=NOON)

    with pytest.raises(runs.NotADraft):
        runs.release(run, tariq, now=NOON)
    for state in ("draft", "released"):
        with pytest.raises(IntegrityError), transaction.atomic():
            MatchRun.objects.update(state=state, released_by=tariq, certified=True)


def test_a_trial_stands_in_nobodys_way(home_programme, tariq):
    policy.write(home_programme, tariq, OTHER, now=NOON)
    runs.begin(home_programme, tariq, now=NOON)
    runs.try_out(home_programme, tariq, now=NOON)

    with pytest.raises(runs.AlreadyOpen):
        runs.try_out(home_programme, tariq, now=NOON)
    MatchPolicy.objects.all().delete()
    with pytest.raises(runs.NothingToTry):
        runs.try_out(home_programme, tariq, now=NOON)


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────


def test_tariq_writes_tries_and_maria_signs(room, home_programme, maria, django_capture_on_commit_callbacks):
    browser, page = room
    assert "What holds now: version 0" in browser.get(page).text
    assert "Points: 1000 together" in browser.get(f"{page}?new=1").text

    assert browser.post(page, _form(trade="200", language="200")).status_code == 302
    shown = browser.get(page).text
    assert "Version 1 waits for a second signature" in shown
    assert 'value="sign"' not in shown
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(page, {"act": "try"})
    assert "0 people would have another coach" in browser.get(page).text
    own = browser.post(page, {"act": "sign", "version": "1"})
    assert (own.status_code, "You wrote this version." in own.text) == (422, True)

    assert come_in(maria).post(page, {"act": "sign", "version": "1"}).status_code == 302

    shown = browser.get(page).text
    assert "What holds now: version 1" in shown
    assert policy.holds_in(home_programme)[1].points.language == 200
    assert ">tariq<" in shown
    assert ">maria<" in shown


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"trade": "219"}, "All points together make 1000. These make 999."),
        ({"load": "many"}, "Please write a whole number."),
        ({"load": ""}, "Please write a whole number."),
        ({"hold_weeks": "9"}, "Please write a number from 0 to 8."),
        ({"trade": "-1"}, "Please write a number from 0 to 1000."),
        ({"far_km": "99999999999999999999999"}, "Please write a number from 1 to 1000."),
        ({"group_smallest": "9"}, "The smallest group cannot be larger than the largest."),
    ],
)
def test_numbers_that_cannot_be_are_said_and_nothing_is_lost(room, said, sentence):
    browser, page = room
    answer = browser.post(page, _form(pick="317", **said))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="317"' in answer.text
    assert all(f'value="{typed}"' in answer.text for typed in said.values())
    assert not MatchPolicy.objects.exists()


def test_what_was_written_while_another_was_quicker_is_not_lost(room, home_programme, maria):
    browser, page = room
    policy.write(home_programme, maria, OTHER, now=NOON)

    answer = browser.post(page, _form(pick="317"))

    assert answer.status_code == 422
    assert "Another version waits already." in answer.text
    assert 'value="317"' in answer.text


@pytest.mark.parametrize(
    "said",
    [{}, {"act": "dance"}, {"act": "sign"}, {"act": "sign", "version": "x"}, {"act": "sign", "version": "²"},
     {"act": "sign", "version": "9"}, {"act": "try"}],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(room, said):
    browser, page = room

    answer = browser.post(page, said)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_version_that_was_dropped_meanwhile_is_dropped_once(room, home_programme, maria):
    browser, page = room
    policy.write(home_programme, maria, OTHER, now=NOON)
    for _ in range(2):
        assert browser.post(page, {"act": "drop", "version": "1"}).status_code == 302

    answer = browser.post(page, {"act": "sign", "version": "1"})

    assert (answer.status_code, "does not wait any more" in answer.text) == (422, True)
    assert policy.waiting_in(home_programme) is None


def test_a_lead_of_another_programme_finds_no_such_page(room, other_programme):
    stranger = _staff(other_programme, "rehan", "lead")

    assert come_in(stranger).get(room[1]).status_code == 404
    assert come_in(stranger).post(room[1], _form()).status_code == 404
    assert not MatchPolicy.objects.exists()
