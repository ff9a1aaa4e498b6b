"""To be forgotten, and to take back a yes."""

from datetime import timedelta

from lms import consent, intake, privacy
from lms.models.people import Person, WayIn
from lms.models.record import HeldLine, RecordLine, Standing
from tests.cast import NOON
from tests.lms.phone import lesson, line
from tests.lms.ways import come_in


def remember(person, lesson="5f6d1c8e-7a34-4c0b-9d2f-3b1a60e4c9d7"):
    Standing.objects.create(person=person, lesson=lesson, begun_at=NOON)
    RecordLine.objects.create(
        uid="01970000-0000-7000-8000-000000000001", person=person, seq=1, verb="experienced", about=lesson,
        rev="a", locale="ur", said_at=NOON, happened_at=NOON, received_at=NOON, digest="d",
    )  # fmt: skip


def test_looking_at_the_question_forgets_nobody(client, amina):
    come_in(client, amina)

    assert client.get("/en/mine/data/forget/").status_code == 200
    assert Person.objects.filter(pk=amina.pk).exists()


def test_who_asks_to_be_forgotten_is_forgotten_and_signed_out(client, amina, farid):
    come_in(client, amina)
    remember(amina)
    key = amina.pk

    response = client.post("/en/mine/data/forget/")

    assert "data-forgotten" in response.content.decode()
    assert not Person.objects.filter(pk=key).exists()
    assert not RecordLine.objects.exists()
    assert not WayIn.objects.filter(person=key).exists()
    assert client.get("/en/mine/").status_code == 302
    assert Person.objects.filter(pk=farid.pk).exists()


def test_the_form_of_another_site_forgets_nobody(client, amina):
    come_in(client, amina)
    client.handler.enforce_csrf_checks = True

    assert client.post("/en/mine/data/forget/").status_code == 403
    assert Person.objects.filter(pk=amina.pk).exists()


def test_a_no_is_slept_over_for_a_month_and_then_nothing_is_left(amina):
    remember(amina)
    consent.answer(amina, "record", "no", at=NOON, locale="ur")

    privacy.expire(NOON + timedelta(days=29), real=True)
    assert RecordLine.objects.filter(person=amina).exists()

    privacy.expire(NOON + timedelta(days=31), real=True)
    assert not RecordLine.objects.filter(person=amina).exists()
    assert not Standing.objects.filter(person=amina).exists()


def test_who_says_yes_again_within_the_month_has_lost_nothing(amina):
    remember(amina)
    consent.answer(amina, "record", "no", at=NOON, locale="ur")
    consent.answer(amina, "record", "yes", at=NOON + timedelta(days=5), locale="ur")

    privacy.expire(NOON + timedelta(days=31), real=True)

    assert RecordLine.objects.filter(person=amina).exists()


def test_P01_what_waited_thirty_days_for_a_yes_is_gone(amina):
    consent.answer(amina, "record", "later", at=NOON, locale="ur")
    intake.receive(amina, None, [line(lesson())], sent_at=NOON, now=NOON)

    privacy.expire(NOON + timedelta(days=29), real=True)
    assert HeldLine.objects.count() == 1

    privacy.expire(NOON + timedelta(days=31), real=True)
    assert HeldLine.objects.count() == RecordLine.objects.count() == 0


def test_a_line_whose_yes_came_while_the_server_fell_over_gets_in_with_the_next_sweep(nadia):
    intake.receive(nadia, None, [line(lesson())], sent_at=NOON, now=NOON)
    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")

    assert intake.look_again_at_everybody(now=NOON) == 1
    assert RecordLine.objects.filter(person=nadia).count() == 1
