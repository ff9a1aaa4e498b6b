"""A yes to being remembered, taken back on a phone without a network, and told later."""

import pytest

from lms import consent, phones
from lms.models.consent import ConsentEntry, Purpose
from lms.models.record import HeldLine, RecordLine
from tests.cast import NOON
from tests.lms.phone import HOUR, answered, batch, lesson, line, post, send

pytestmark = pytest.mark.django_db


def test_P03_a_no_that_comes_later_holds_from_then_on(amina):
    one = lesson()
    device, _ = phones.issue(amina, now=NOON)
    assert send(amina, device, line(one)) == ["kept"]

    assert send(amina, device, line(one, "withdrew", at=NOON - HOUR)) == ["kept"]

    assert not consent.agreed(amina, Purpose.RECORD)
    entry = ConsentEntry.objects.filter(person=amina, purpose="record").latest("id")
    assert (entry.answer, entry.at, entry.locale, entry.channel) == ("no", NOON - HOUR, "ur", "self")
    assert send(amina, device, answered(one)) == ["refused consent_withdrawn"]
    assert RecordLine.objects.count() == 1


def test_told_three_times_it_is_one_answer_and_does_not_undo_a_later_yes(amina):
    one = lesson()
    device, _ = phones.issue(amina, now=NOON)
    no = line(one, "withdrew")
    assert send(amina, device, no, no) == ["kept", "kept"]
    consent.answer(amina, Purpose.RECORD, ConsentEntry.Answer.YES, at=NOON, locale="ur")

    assert send(amina, device, no) == ["known"]

    assert consent.agreed(amina, Purpose.RECORD)
    assert ConsentEntry.objects.filter(person=amina, answer="no").count() == 1


def test_what_was_held_goes_with_the_no(nadia):
    one = lesson()
    device, _ = phones.issue(nadia, now=NOON)
    assert send(nadia, device, line(one)) == ["held consent_pending"]

    assert send(nadia, device, line(one, "withdrew")) == ["kept"]

    assert not HeldLine.objects.exists()


def test_the_no_of_one_person_says_nothing_about_another(amina, gul):
    one = lesson()
    device, _ = phones.issue(gul, now=NOON)
    no = line(one, "withdrew")
    send(gul, device, no)

    phone, _ = phones.issue(amina, now=NOON)

    assert send(amina, phone, no) == ["refused id_conflict"]
    assert consent.agreed(amina, Purpose.RECORD)


def test_a_phone_is_told_whether_anything_is_remembered(client, amina):
    one = lesson()
    _, token = phones.issue(amina, now=NOON)

    assert post(client, "sync", batch(line(one)), token=token).json()["remember"] is True
    assert post(client, "sync", batch(line(one, "withdrew")), token=token).json()["remember"] is False
    assert post(client, "sync", batch(cursor=""), token=token).json()["remember"] is False
