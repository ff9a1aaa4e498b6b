import hashlib
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Rendering
from lms import consent, intake, phones, standings
from lms.models.people import Device, Person
from lms.models.record import HeldLine, RecordLine, Standing
from tests.cast import NOON
from tests.lms.phone import HOUR, answered, at_once, lesson, line, send, slowly

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# ── Tokens ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_opens_and_is_not_in_the_database(amina):
    device, token = phones.issue(amina, label="Android", now=NOON)

    assert phones.device_of(token, now=NOON) == device
    assert phones.person_of(token) == amina
    assert Device.objects.get().token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 43  # 256 bits
    assert token not in str(Device.objects.values().get())


def test_two_phones_of_amina_have_two_tokens(amina):
    (one, first), (two, second) = phones.issue(amina, now=NOON), phones.issue(amina, now=NOON + HOUR)

    assert first != second
    assert list(phones.phones_of(amina)) == [two, one]


@pytest.mark.parametrize("token", ["", "x", "x" * 500, "\u0000", "Straße"])
def test_what_is_no_token_opens_nothing(amina, token):
    phones.issue(amina, now=NOON)

    assert phones.person_of(token) is None
    with pytest.raises(phones.UnknownToken):
        phones.device_of(token, now=NOON)


def test_A18_a_phone_that_was_taken_off_the_list_opens_nothing_from_then_on(amina):
    device, token = phones.issue(amina, now=NOON)

    phones.revoke(amina, device.pk, now=NOON)

    assert list(phones.phones_of(amina)) == []
    assert phones.person_of(token) is None
    with pytest.raises(phones.RevokedToken):
        phones.device_of(token, now=NOON)


def test_nobody_can_shut_out_the_phone_of_another(amina, farid):
    device, token = phones.issue(amina, now=NOON)

    phones.revoke(farid, device.pk, now=NOON)

    assert phones.device_of(token, now=NOON) == device


def test_a_token_lasts_for_400_days_from_when_it_was_used_last(amina):
    _, token = phones.issue(amina, now=NOON)

    for used in (399, 798, 1197):
        assert phones.device_of(token, now=NOON + used * DAY).person == amina
    with pytest.raises(phones.UnknownToken):
        phones.device_of(token, now=NOON + 1598 * DAY)


def test_when_a_phone_was_heard_of_is_noted_once_a_day(amina, django_assert_num_queries):
    device, token = phones.issue(amina, now=NOON)

    with django_assert_num_queries(1):
        phones.device_of(token, now=NOON + HOUR)
    with django_assert_num_queries(2):
        phones.device_of(token, now=NOON + 2 * DAY)

    device.refresh_from_db()
    assert device.seen_at == NOON + 2 * DAY


def test_S08_the_phone_of_somebody_who_was_forgotten_hears_so(amina):
    _, token = phones.issue(amina, now=NOON)

    phones.let_go([amina], on=NOON.date())
    amina.delete()

    with pytest.raises(phones.ForgottenPerson):
        phones.device_of(token, now=NOON)


# ── From guest to person ─────────────────────────────────────────────────────────────────────────────────


def test_what_nadia_did_as_a_guest_is_hers_when_she_comes_in(nadia, amina):
    milk, feed = lesson(), lesson()
    device, token = phones.issue(nadia, now=NOON)
    lines = [answered(milk, "b"), line(milk, "completed"), line(feed)]
    send(nadia, device, *lines)
    send(amina, None, answered(milk, "c", at=NOON - 2 * HOUR))

    phones.claim(nadia, amina, now=NOON)

    assert {str(kept.uid) for kept in RecordLine.objects.filter(person=amina)} >= {one["id"] for one in lines}
    assert standings.standings_of(amina)[str(milk.page_key)].answers == {"q1": 1.0}
    assert standings.standings_of(amina)[str(milk.page_key)].begun_at == NOON - 2 * HOUR
    assert set(standings.standings_of(amina)) == {str(milk.page_key), str(feed.page_key)}
    assert HeldLine.objects.count() == Standing.objects.filter(person=nadia).count() == 0
    assert phones.device_of(token, now=NOON).person == amina
    assert send(amina, device, *lines) == ["known"] * 3
    nadia.refresh_from_db()
    assert nadia.merged_into == amina


def test_claiming_twice_is_claiming_once(nadia, amina):
    device, _ = phones.issue(nadia, now=NOON)
    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")
    send(nadia, device, answered(lesson()))
    phones.claim(nadia, amina, now=NOON)
    before = list(RecordLine.objects.values()), list(Standing.objects.values())

    phones.claim(nadia, amina, now=NOON + HOUR)
    phones.claim(amina, amina, now=NOON + HOUR)

    assert (list(RecordLine.objects.values()), list(Standing.objects.values())) == before


def test_nobody_with_a_way_in_can_be_claimed(amina, farid, nadia):
    send(farid, None, line(lesson()))

    with pytest.raises(phones.NotAGuest):
        phones.claim(farid, amina, now=NOON)

    assert RecordLine.objects.get().person == farid


def test_a_guest_who_was_claimed_cannot_be_claimed_by_another(nadia, amina, farid):
    device, _ = phones.issue(nadia, now=NOON)
    phones.claim(nadia, amina, now=NOON)

    with pytest.raises(phones.NotAGuest):
        phones.claim(Person(pk=nadia.pk), farid, now=NOON)

    device.refresh_from_db()
    assert device.person == amina


@pytest.mark.parametrize(
    ("own", "guest", "holds"),
    [
        (None, "yes", "yes"),
        (None, "no", "no"),
        ("later", "yes", "yes"),
        ("yes", "no", "yes"),
        ("yes", "later", "yes"),
        ("no", "yes", "no"),
        ("no", None, "no"),
        ("yes", None, "yes"),
        ("later", None, "later"),
    ],
)
def test_what_was_answered_under_the_own_name_holds(nadia, farid, own, guest, holds):
    """Farid never answered about being counted."""
    for person, said in ((farid, own), (nadia, guest)):
        if said:
            consent.answer(person, "count", said, at=NOON, locale="ur")

    phones.claim(nadia, farid, now=NOON)

    assert consent.last_answer(farid, "count") == holds


def test_after_amina_said_no_nothing_of_the_guests_record_remains(nadia, amina):
    milk = lesson()
    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")
    send(nadia, None, answered(milk))
    consent.answer(amina, "record", "no", at=NOON, locale="ur")

    phones.claim(nadia, amina, now=NOON)

    assert RecordLine.objects.count() == HeldLine.objects.count() == Standing.objects.count() == 0


def test_a_line_that_comes_for_the_guest_after_the_claim_finds_the_person(nadia, amina):
    _, token = phones.issue(nadia, now=NOON)
    stale = phones.device_of(token, now=NOON)
    phones.claim(nadia, amina, now=NOON)

    received = intake.receive(stale.person, stale, [answered(lesson())], sent_at=NOON, now=NOON)

    assert received.person == amina
    assert RecordLine.objects.get().person == amina


def test_guests_of_guests_all_end_with_the_person(nadia, amina):
    second = Person.objects.create()
    send(second, None, line(lesson()))
    phones.claim(second, nadia, now=NOON)

    phones.claim(nadia, amina, now=NOON)

    assert {one.merged_into for one in Person.objects.filter(pk__in=[second.pk, nadia.pk])} == {amina}
    assert RecordLine.objects.get().person == amina
    phones.claim(second, amina, now=NOON)


STEPS = st.lists(
    st.tuples(st.just("send"), st.lists(st.integers(0, 7), max_size=4))
    | st.sampled_from([("claim", []), ("agree", []), ("look", []), ("again", [])]),
    max_size=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_S19_whenever_the_claim_comes_between_nothing_is_lost(amina, steps):
    """The phone sends some of its lines in some order, some of them again, while its guest becomes amina."""
    guest = Person.objects.create()
    stale, _ = phones.issue(guest, now=NOON)
    milk = Rendering.objects.first() or lesson()
    verbs = ["experienced", "completed", "played"]
    todo = [
        answered(milk, "abc"[n % 3], seq=n) if n % 2 else line(milk, verbs[n % 3], seq=n) for n in range(8)
    ]
    sent: set[str] = set()

    for what, which in [*steps, ("claim", [])]:
        if what == "send":
            batch = [todo[n] for n in which]
            intake.receive(stale.person, stale, batch, sent_at=NOON, now=NOON)
            sent |= {one["id"] for one in batch}
        elif what == "agree":
            here = Person.objects.get(pk=guest.pk)
            consent.answer(here.merged_into or here, "record", "yes", at=NOON, locale="ur")
        elif what == "look":
            intake.look_again(guest, now=NOON)
        else:
            phones.claim(Person.objects.get(pk=guest.pk), amina, now=NOON)

    mine = RecordLine.objects.filter(person=amina, device=stale)
    assert {str(kept.uid) for kept in mine} == sent
    assert not HeldLine.objects.filter(device=stale).exists()
    assert standings.wrong_ones() == []


def test_lines_and_a_claim_at_once_lose_nothing(many_at_once, nadia, amina, monkeypatch):
    monkeypatch.setattr(intake, "_write", slowly(intake._write))
    milk = lesson()
    _, token = phones.issue(nadia, now=NOON)
    batches = [[answered(milk, "abc"[n % 3], seq=n) for n in range(at, at + 5)] for at in (0, 5, 10)]

    def take(batch):
        there = phones.device_of(token, now=NOON)
        intake.receive(there.person, there, batch, sent_at=NOON, now=NOON)

    at_once(
        *[lambda b=b: take(b) for b in batches], lambda: phones.claim(Person(pk=nadia.pk), amina, now=NOON)
    )

    assert RecordLine.objects.filter(person=amina).count() == 15
    assert HeldLine.objects.count() == 0
    assert standings.wrong_ones() == []
    assert Standing.objects.get().answers == {"q1": 1.0}
