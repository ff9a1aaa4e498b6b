"""Answers that a family need not know: sealed on the phone, and in the record, too."""

import json

import pytest
from django.core.management import call_command

from lms import consent, intake, phones, privacy, seal
from lms.models.record import HeldLine, RecordLine, Standing
from tests.cast import NOON
from tests.lms.phone import lesson, line, question, send

OWES = {"chosen": ["a"]}


@pytest.fixture
def phone(amina):
    return phones.issue(amina, now=NOON)[0]


@pytest.fixture
def owing(db):
    """A lesson that asks what somebody owes; nothing is right."""
    key = question(use="sealed")
    del key["right"]
    return lesson(q1=key)


def answer(owing, response: object, **changes: object) -> dict:
    return line(owing, "answered", block="q1", response=response, **changes)


def all_that_is_stored_in(*models) -> str:
    return json.dumps([list(model.objects.values()) for model in models], default=str)


def test_what_was_sealed_on_the_phone_is_kept_sealed_and_without_a_mark(amina, phone, owing):
    closed = seal.close_answer(OWES)

    assert send(amina, phone, answer(owing, closed)) == ["kept"]

    kept = RecordLine.objects.get(person=amina)
    assert (kept.response, kept.score) == (closed, None)
    assert Standing.objects.filter(person=amina).exists()
    assert seal.open_answer(kept.response) == OWES


def test_no_table_holds_what_a_browser_without_ciphers_could_not_seal(amina, phone, owing):
    plain = answer(owing, OWES)

    assert send(amina, phone, plain) == ["kept"]
    assert send(amina, phone, plain) == ["known"]

    assert "chosen" not in all_that_is_stored_in(RecordLine, HeldLine)
    assert seal.open_answer(RecordLine.objects.get(person=amina).response) == OWES


def test_a_guests_answer_waits_sealed_and_is_kept_sealed_after_a_yes(nadia, owing):
    assert send(nadia, None, answer(owing, OWES)) == ["held consent_pending"]
    assert "chosen" not in all_that_is_stored_in(HeldLine)

    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")
    intake.look_again(nadia, now=NOON)

    assert seal.open_answer(RecordLine.objects.get(person=nadia).response) == OWES


@pytest.mark.parametrize("said", [{"chosen": ["z"]}, {"chosen": []}, {}, None, "a", {"said": True}])
def test_what_is_no_answer_is_none_in_a_seal_either(amina, phone, owing, said):
    assert send(amina, phone, answer(owing, seal.close_answer(said))) == ["refused schema"]
    assert send(amina, phone, answer(owing, said)) == ["refused schema"]


@pytest.mark.parametrize("sealed", ["", "AQ==", "no seal", 7, None, ["a"]])
def test_what_is_no_seal_is_refused(amina, phone, owing, sealed):
    assert send(amina, phone, answer(owing, {"sealed": sealed})) == ["refused schema"]


def test_a_seal_for_a_question_that_is_not_sealed_is_no_answer(amina, phone):
    open_one = lesson()

    assert send(amina, phone, answer(open_one, seal.close_answer(OWES))) == ["refused schema"]


def test_what_was_sealed_to_a_key_that_is_away_waits_until_it_is_back(amina, phone, owing, settings):
    settings.SEAL_KEYS = ["the key of the other house"]
    closed = seal.close_answer(OWES)
    settings.SEAL_KEYS = ["ours"]

    assert send(amina, phone, answer(owing, closed)) == ["held unknown_key"]

    settings.SEAL_KEYS = ["ours", "the key of the other house"]
    intake.look_again_at_everybody(now=NOON)
    assert RecordLine.objects.get(person=amina).response == closed


def test_her_own_copy_says_what_she_answered(amina, phone, owing, settings):
    send(amina, phone, answer(owing, seal.close_answer(OWES)))

    [row] = privacy.export(amina)["held"]["lms.RecordLine"]["rows"]
    assert row["response"] == OWES

    settings.SEAL_KEYS = ["only a new key"]
    [row] = privacy.export(amina)["held"]["lms.RecordLine"]["rows"]
    assert seal.is_closed(row["response"])


def test_the_standings_can_be_made_again_without_any_key(amina, phone, owing, settings):
    send(amina, phone, answer(owing, seal.close_answer(OWES)))
    before = list(Standing.objects.filter(person=amina).values("lesson", "answers", "done_at"))
    settings.SEAL_KEYS = ["only a new key"]

    call_command("standings")

    assert before == list(Standing.objects.filter(person=amina).values("lesson", "answers", "done_at"))
