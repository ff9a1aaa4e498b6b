"""What whoever looks after the server says about its backups, and what follows."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms import consent, epoch, intake, phones, privacy, standings
from lms.models.consent import ConsentEntry
from lms.models.people import Person, User
from lms.models.record import Erased, HeldLine, RecordLine, ServerEpoch, Standing
from tests.cast import NOON
from tests.lms.phone import answered, lesson, line, send

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
WRONG_TIMES = ["yesterday", "2026-13-01T00:00Z", "", "2026-11-22T09:00", "2026-11-22T12:01Z"]


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    caches["process"].clear()


def said_by(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


# ── After a restore ──────────────────────────────────────────────────────────────────────────────────────


def test_S20_phones_keep_and_offer_again_what_came_after_the_backup():
    before = epoch.present(now=NOON)

    said_by("restored", "--backup-of", "2026-11-22T13:00+02:00")

    after = epoch.present(now=NOON)
    assert after.uid != before.uid
    assert after.kept_until == NOON - HOUR


def test_I11_whoever_was_forgotten_after_the_backup_is_forgotten_again(amina, farid, tmp_path):
    uid, user = amina.pk, amina.user_id
    privacy.erase(amina, now=NOON)
    ledger = tmp_path / "ledger"
    ledger.write_text(said_by("privacy", "--ledger"))
    Erased.objects.all().delete()  # the backup is older than the wish
    User.objects.create(pk=user, username="from the backup")
    Person.objects.create(pk=uid, user_id=user, age="18+")

    said = said_by("restored", "--backup-of", "2026-11-22T11:00Z", "--ledger", str(ledger))

    assert list(Person.objects.all()) == [farid]
    assert "People forgotten again: 1." in said


def restored_from(backup: Callable[[], None], tmp_path: Path) -> str:
    """What the command says when the database is as it was, and the ledger as it is."""
    ledger = tmp_path / "ledger"
    ledger.write_text(said_by("privacy", "--ledger"))
    backup()
    return said_by("restored", "--backup-of", "2026-11-22T11:00Z", "--ledger", str(ledger))


def test_P02_who_said_no_after_the_backup_has_still_said_no(amina, gul, tmp_path):
    """Gul's no about her coach is in the backup; Amina's, about being remembered, is not."""
    phone, milk = phones.issue(amina, now=NOON)[0], lesson()
    consent.answer(amina, "record", "no", at=NOON, locale="ur")
    noes = ConsentEntry.objects.filter(person=amina, answer="no")

    said = restored_from(noes.delete, tmp_path)

    assert "Answers of no written down again: 1." in said
    assert noes.get().purpose == "record"
    assert consent.last_answer(amina, "coach") == consent.last_answer(gul, "record") == "yes"
    assert send(amina, phone, line(milk)) == ["refused consent_withdrawn"]


def test_what_waited_for_an_answer_goes_with_a_no_that_is_heard_again(nadia, tmp_path):
    consent.answer(nadia, "record", "no", at=NOON, locale="ur")

    def backup():
        ConsentEntry.objects.all().delete()
        send(nadia, None, line(lesson()))

    restored_from(backup, tmp_path)

    assert not HeldLine.objects.exists()


def test_who_took_a_no_back_is_not_reminded_of_it(amina, tmp_path):
    consent.answer(amina, "coach", "no", at=NOON, locale="ur")
    consent.answer(amina, "coach", "yes", at=NOON, locale="ur")

    assert "Answers of no written down again: 0." in restored_from(lambda: None, tmp_path)
    assert consent.last_answer(amina, "coach") == "yes"


def test_S08_a_phone_that_came_after_the_backup_hears_that_its_person_was_forgotten(amina, tmp_path):
    _, token = phones.issue(amina, now=NOON)
    privacy.erase(amina, now=NOON)

    restored_from(Erased.objects.all().delete, tmp_path)

    with pytest.raises(phones.ForgottenPerson):
        phones.device_of(token, now=NOON)


def test_I11_without_a_ledger_the_backups_own_wishes_are_kept(amina):
    uid = amina.pk
    privacy.erase(amina, now=NOON)
    Person.objects.create(pk=uid)

    said_by("restored", "--backup-of", "2026-11-22T11:00Z")

    assert not Person.objects.exists()


def test_I11_progress_is_folded_again_and_the_next_step_is_named(amina):
    Standing.objects.create(person=amina, lesson=amina.pk, begun_at=NOON)  # no line bears it out

    said = said_by("restored", "--backup-of", "2026-11-22T11:00Z")

    assert not Standing.objects.exists()
    assert "manage.py publish" in said


def test_I11_S20_what_came_after_the_backup_comes_back_from_the_phones(amina):
    milk, phone = lesson(), phones.issue(amina, now=NOON)[0]
    before, after = answered(milk, "a"), answered(milk, "b")
    send(amina, phone, before)
    backup = list(RecordLine.objects.values_list("pk", flat=True))
    send(amina, phone, after)

    RecordLine.objects.exclude(pk__in=backup).delete()
    said_by("restored", "--backup-of", "2026-11-22T11:00Z")
    assert Standing.objects.get().answers == {"q1": 0.0}

    assert send(amina, phone, before, after) == ["known", "kept"]
    assert Standing.objects.get().answers == {"q1": 1.0}


class OnPhone:
    """What waits on a phone, and what was answered and is in no backup yet."""

    def __init__(self, person) -> None:
        self.person, self.device = person, phones.issue(person, now=NOON)[0]
        self.waiting, self.answered, self.epoch = {}, {}, None

    def send(self, some: int, fate: str, now) -> None:
        batch = list(self.waiting.values())[:some]
        for _ in range({"request lost": 0, "twice": 2}.get(fate, 1)):
            outcomes = intake.receive(self.person, self.device, batch, sent_at=now, now=now).outcomes
        if fate not in {"request lost", "reply lost"}:
            self.hear([one.id for one in outcomes], epoch.present(now=now), now)

    def hear(self, ids: list[str], server: ServerEpoch, now) -> None:
        if self.epoch not in {None, server.uid}:
            self.waiting = {uid: line for uid, (line, _) in self.answered.items()} | self.waiting
        self.epoch = server.uid
        self.answered |= {uid: (self.waiting.pop(uid), now) for uid in ids}
        self.answered = {uid: row for uid, row in self.answered.items() if row[1] >= server.kept_until}


FATES = st.sampled_from(["answered"] * 4 + ["request lost", "reply lost", "twice"])
STEPS = st.lists(
    st.tuples(st.just("learn"), st.integers(0, 1))
    | st.tuples(st.just("send"), st.integers(0, 1), st.integers(1, 3), FATES)
    | st.sampled_from([("back up",), ("restore",)]),
    min_size=5,
    max_size=20,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_S19_S20_whatever_is_lost_on_the_way_and_in_the_house_every_line_is_kept_in_the_end(amina, steps):
    for model in (RecordLine, Standing, ServerEpoch):
        model.objects.all().delete()
    caches["process"].clear()
    now, milk, done = NOON - timedelta(days=1), lesson(), set()
    both = [OnPhone(amina), OnPhone(amina)]
    backup, made = [], epoch.present(now=now).kept_until

    for what, *how in steps:
        now += timedelta(minutes=1)
        if what == "learn":
            one = answered(milk, "abc"[len(done) % 3])
            both[how[0]].waiting[one["id"]] = one
            done.add(one["id"])
        elif what == "send":
            both[how[0]].send(*how[1:], now)
        elif what == "back up":
            backup, made = list(RecordLine.objects.values_list("pk", flat=True)), now
            epoch.backed_up(made)
        else:
            RecordLine.objects.exclude(pk__in=backup).delete()
            said_by("restored", "--backup-of", made.isoformat())
    for phone in both:
        phone.send(0, "answered", now)  # it hears of a restore
        phone.send(len(done), "answered", now)

    assert {str(uid) for uid in RecordLine.objects.values_list("pk", flat=True)} == done
    assert standings.wrong_ones() == []


def test_a_second_time_changes_nothing_but_the_epoch(amina):
    said_by("restored", "--backup-of", "2026-11-22T11:00Z")

    said_by("restored", "--backup-of", "2026-11-22T11:00Z")

    assert ServerEpoch.objects.get().kept_until == NOON - HOUR
    assert list(Person.objects.all()) == [amina]


@pytest.mark.parametrize("time", WRONG_TIMES)
def test_a_time_at_which_no_backup_was_made_changes_nothing(time):
    before = epoch.present(now=NOON)

    with pytest.raises(CommandError) as trouble:
        said_by("restored", "--backup-of", time)

    assert str(trouble.value).endswith(".")
    assert list(ServerEpoch.objects.all()) == [before]


def test_a_ledger_that_cannot_be_read_changes_nothing(tmp_path):
    before = epoch.present(now=NOON)

    with pytest.raises(CommandError, match="cannot be read"):
        said_by("restored", "--backup-of", "2026-11-22T11:00Z", "--ledger", str(tmp_path / "nowhere"))

    assert list(ServerEpoch.objects.all()) == [before]


# ── After a backup ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two_hours_old():
    """A server of which only the first hours are in a backup."""
    return ServerEpoch.objects.create(kept_until=NOON - 2 * HOUR)


def test_phones_may_let_go_of_what_a_good_backup_holds(two_hours_old):
    said_by("backed_up", "--until", "2026-11-22T11:00Z")

    now = epoch.present(now=NOON)
    assert (now.uid, now.kept_until) == (two_hours_old.uid, NOON - HOUR)


def test_an_older_backup_takes_nothing_back(two_hours_old):
    said = said_by("backed_up", "--until", "2026-11-22T09:00Z")

    assert "Nothing has changed" in said
    assert epoch.present(now=NOON).kept_until == NOON - 2 * HOUR


@pytest.mark.parametrize("time", WRONG_TIMES)
def test_no_backup_holds_what_is_still_to_come(time, two_hours_old):
    with pytest.raises(CommandError):
        said_by("backed_up", "--until", time)

    assert epoch.present(now=NOON).kept_until == NOON - 2 * HOUR
