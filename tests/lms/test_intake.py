import json
import logging
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms import consent, intake, phones, standings
from lms.intake import Status
from lms.lines import FORMS, happened
from lms.models.people import Person
from lms.models.record import HeldLine, RecordLine, Standing
from tests.cast import NOON
from tests.lms.phone import HOUR, YESTERDAY, answered, at_once, lesson, line, question, send, slowly, uuid7

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(amina):
    return phones.issue(amina, now=NOON)[0]


# ── Kept, and known ──────────────────────────────────────────────────────────────────────────────────────


def test_what_amina_did_is_kept_and_marked_here(amina, phone):
    milk = lesson()
    sent = answered(milk, "b", at=NOON - HOUR)

    assert send(amina, phone, sent) == ["kept"]

    kept = RecordLine.objects.get()
    assert (str(kept.uid), kept.person, kept.device, kept.score) == (sent["id"], amina, phone, 1.0)
    assert (kept.said_at, kept.happened_at, kept.received_at) == (NOON - HOUR, NOON - HOUR, NOON)
    assert Standing.objects.get(person=amina).answers == {"q1": 1.0}


def test_a_mark_from_the_phone_is_not_believed(amina, phone):
    milk = lesson()
    sent = answered(milk, "c")
    sent["response"]["mark"] = 1

    assert send(amina, phone, sent) == ["kept"]
    assert RecordLine.objects.get().score == 0.0
    assert send(amina, phone, {**answered(milk, "c"), "score": 1}) == ["refused schema"]


def test_C07_an_old_answer_is_marked_with_the_key_that_was_seen(amina, phone):
    old = lesson(q1=question(right="a"))
    lesson(key=old.page_key, q1=question(right="b"))

    send(amina, phone, answered(old, "a"))

    assert RecordLine.objects.get().score == 1.0


@pytest.mark.parametrize("times", [2, 3])
def test_S01_S02_S30_a_batch_that_comes_again_changes_nothing(amina, phone, times):
    milk = lesson()
    lines = [line(milk), answered(milk, "a"), answered(milk, "b"), line(milk, "completed")]
    send(amina, phone, *lines)
    before = list(RecordLine.objects.order_by("pk").values()), list(Standing.objects.values())

    for n in range(times):
        later = NOON + (n + 1) * HOUR
        assert send(amina, phone, *reversed(lines), sent_at=later, now=later) == ["known"] * 4

    assert (list(RecordLine.objects.order_by("pk").values()), list(Standing.objects.values())) == before


def test_S09_the_same_line_twice_in_one_batch_is_kept_once(amina, phone):
    sent = line(lesson())

    assert send(amina, phone, sent, sent) == ["kept", "known"]
    assert RecordLine.objects.count() == 1


def test_the_order_of_its_fields_makes_no_other_line(amina, phone):
    sent = line(lesson())

    assert send(amina, phone, sent, dict(reversed(sent.items()))) == ["kept", "known"]


def test_S17_a_gap_in_the_count_is_no_reason_to_refuse(amina, phone):
    milk = lesson()

    assert send(amina, phone, line(milk, seq=7), line(milk, seq=3), line(milk, seq=3)) == ["kept"] * 3


def test_S18_a_copied_phone_that_counts_on_twice_loses_nothing(amina, phone):
    milk = lesson()
    one, other = ([answered(milk, chosen, seq=n) for n in range(3)] for chosen in "bc")

    assert send(amina, phone, *one) == send(amina, phone, *other) == ["kept"] * 3

    assert RecordLine.objects.filter(device=phone).count() == 6


def test_S27_what_waited_on_a_phone_for_three_months_is_kept_with_its_own_time(amina, phone):
    milk, began = lesson(published=NOON - 100 * DAY), NOON - 90 * DAY
    lines = [answered(milk, "abc"[n % 3], seq=n, at=began + n * HOUR / 4) for n in range(5000)]

    answers = [send(amina, phone, *lines[at : at + 50]) for at in range(0, 5000, 50)]

    assert answers == [["kept"] * 50] * 100
    assert RecordLine.objects.count() == 5000
    standing = Standing.objects.get()
    assert (standing.begun_at, standing.answers) == (began, {"q1": 1.0})


def test_S25_two_phones_of_amina_both_count_and_the_better_answer_stays(amina, phone):
    milk, other = lesson(), phones.issue(amina, now=NOON)[0]

    assert send(amina, phone, answered(milk, "b")) == ["kept"]
    assert send(amina, other, answered(milk, "c")) == ["kept"]

    assert RecordLine.objects.filter(person=amina).count() == 2
    assert Standing.objects.get(person=amina).answers == {"q1": 1.0}


# ── The same id, another line ────────────────────────────────────────────────────────────────────────────


def test_S10_the_same_id_with_other_content_is_refused_and_the_first_stays(amina, phone, caplog):
    milk = lesson()
    first = answered(milk, "b")
    send(amina, phone, first)

    assert send(amina, phone, {**first, "ms": 5}) == ["refused id_conflict"]

    assert RecordLine.objects.get().milliseconds == 4000
    assert [record.name for record in caplog.records] == ["hamrah.security"]


def test_S10_two_contents_under_one_id_in_one_batch(amina, phone):
    first = line(lesson())

    assert send(amina, phone, first, {**first, "ms": 5}) == ["kept", "refused id_conflict"]


@pytest.mark.parametrize("said", ["yes", None])
def test_S11_the_id_of_somebody_elses_line_is_refused_and_tells_nothing(
    amina, phone, farid, nadia, said, caplog
):
    """Whether the other's line is kept or held, and whether the content is the same, the answer is one."""
    milk = lesson()
    theirs = answered(milk, "b")
    owner = farid if said else nadia
    send(owner, phones.issue(owner, now=NOON)[0], theirs)
    caplog.clear()

    same = send(amina, phone, theirs)
    other = send(amina, phone, {**theirs, "ms": 5})

    assert same == other == ["refused id_conflict"]
    assert RecordLine.objects.filter(person=amina).count() == 0
    log = caplog.text
    assert len(caplog.records) == 2
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert not any(secret in log for secret in (theirs["id"], str(owner.pk), str(amina.pk), theirs["about"]))


# ── Lines that are no lines ──────────────────────────────────────────────────────────────────────────────

POISON = {
    "a list": lambda sent: [1],
    "nothing": lambda sent: None,
    "a word": lambda sent: "line",
    "no id": lambda sent: {**sent, "id": None},
    "an id of version 4": lambda sent: {**sent, "id": str(uuid4())},
    "an id in braces": lambda sent: {**sent, "id": "{" + sent["id"] + "}"},
    "a field too many": lambda sent: {**sent, "person": "x"},
    "a field too few": lambda sent: {name: sent[name] for name in sent if name != "rev"},
    "a count below nought": lambda sent: {**sent, "seq": -1},
    "a huge count": lambda sent: {**sent, "seq": 2**64},
    "yes for a number": lambda sent: {**sent, "ms": True},
    "half a millisecond": lambda sent: {**sent, "ms": 0.5},
    "months of milliseconds": lambda sent: {**sent, "ms": 2**31},
    "infinity": lambda sent: {**sent, "ms": float("inf")},
    "not a number": lambda sent: {**sent, "response": {"chosen": [float("nan")]}},
    "a time without a zone": lambda sent: {**sent, "at": "2026-11-22T12:00:00"},
    "no time": lambda sent: {**sent, "at": "yesterday"},
    "before all time": lambda sent: {**sent, "at": "0001-01-01T00:00:00+14:00"},
    "a number for a time": lambda sent: {**sent, "at": 1_790_000_000},
    "a nul": lambda sent: {**sent, "response": {"chosen": ["a\x00"]}},
    "half a letter": lambda sent: {**sent, "response": {"chosen": ["\ud800"]}},
    "half a letter in a name": lambda sent: {**sent, "response": {"\ud800": 1}},
    "letters that turn around": lambda sent: {**sent, "verb": "\u202eanswered"},
    "a voice with a space": lambda sent: {**sent, "voice": "u r"},
    "a deep nest": lambda sent: {**sent, "response": [[[[[[[[[[1]]]]]]]]]]},
    "an answer that was not offered": lambda sent: {**sent, "response": {"chosen": ["z"]}},
    "an answer without a choice": lambda sent: {**sent, "response": None},
    "a response where none belongs": lambda sent: {**sent, "verb": "completed"},
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_S12_S15_a_line_that_is_none_is_refused_alone(amina, phone, poison):
    milk = lesson()
    before, after = line(milk), line(milk, "completed")

    assert send(amina, phone, before, poison(answered(milk)), after) == ["kept", "refused schema", "kept"]


def test_S12_a_line_that_is_too_big_is_refused_alone(amina, phone):
    milk = lesson()
    big = answered(milk)
    big["response"]["story"] = "x" * 5000

    assert send(amina, phone, line(milk), big, line(milk)) == ["kept", "refused too_big", "kept"]


@given(st.data())
def test_S12_whatever_word_is_understood_has_room_in_the_record(data):
    name = data.draw(st.sampled_from(sorted(FORMS)))

    word = data.draw(st.from_regex(FORMS[name], fullmatch=True))

    assert len(word) <= RecordLine._meta.get_field(name).max_length


def test_only_a_contact_may_name_another_person(amina, phone, gul):
    """And only a coach may send one; of whoever is none, it waits in its seal and goes."""
    milk, told = lesson(), {"kind": "call", "note": "He was at the market."}

    assert send(amina, phone, answered(milk, subject=str(gul.pk))) == ["refused type_forbidden"]
    assert send(amina, phone, line(milk, "contact")) == ["refused schema"]
    assert send(amina, phone, line(milk, "contact", subject=str(gul.pk), response=told)) == [
        "held subject_not_agreed"
    ]
    assert RecordLine.objects.count() == 0
    assert "market" not in json.dumps(HeldLine.objects.get().line)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.just("\ud800\x00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_S15_whatever_a_phone_sends_each_line_gets_its_answer(amina, phone, data):
    milk = Rendered.lesson()
    lines = []
    for _ in range(data.draw(st.integers(0, 4))):
        sent = answered(milk)
        for name in data.draw(st.sets(st.sampled_from([*sent, "subject", "more"]), max_size=3)):
            sent[name] = data.draw(json_values)
        lines.append(data.draw(st.just(sent) | json_values))

    outcomes = intake.receive(amina, phone, lines, sent_at=NOON, now=NOON).outcomes

    assert len(outcomes) == len(lines)
    assert intake.receive(amina, phone, lines, sent_at=NOON, now=NOON).changed == []


class Rendered:
    """Hypothesis runs many examples in one test: one lesson is enough for all of them."""

    @staticmethod
    def lesson():
        from courses.models import Rendering

        return Rendering.objects.first() or lesson()


# ── Held, and looked at again ────────────────────────────────────────────────────────────────────────────


def test_S13_what_is_not_known_is_held_and_the_phone_may_let_go(amina, phone):
    milk = lesson()
    lines = [
        line(milk, rev="00ff"),
        line(milk, "danced"),
        line(milk, about=str(uuid4())),
        answered(milk, block="q9"),
    ]

    assert send(amina, phone, *lines) == [
        "held unknown_rev", "held unknown_verb", "held unknown_item", "held unknown_item",
    ]  # fmt: skip
    assert send(amina, phone, *lines) == ["known"] * 4
    assert HeldLine.objects.count() == 4
    assert RecordLine.objects.count() == Standing.objects.count() == 0


def test_S13_a_rendering_that_arrives_late_lets_the_lines_in(amina, phone):
    milk = lesson()
    sent = answered(milk, "b")
    rev, keys = milk.rev, milk.keys
    milk.delete()
    send(amina, phone, sent)
    later = lesson(key=milk.page_key, **keys)
    type(later).objects.filter(pk=later.pk).update(rev=rev)

    assert intake.look_again_at_everybody(now=NOON + HOUR) == 1

    kept = RecordLine.objects.get()
    assert (kept.score, kept.happened_at, kept.received_at) == (1.0, NOON - HOUR, NOON)
    assert HeldLine.objects.count() == 0
    assert send(amina, phone, sent) == ["known"]


@pytest.mark.parametrize("said", [None, "later"])
def test_P01_before_nadia_agreed_nothing_is_in_the_record(nadia, said):
    milk, phone = lesson(), phones.issue(nadia, now=NOON)[0]
    if said:
        consent.answer(nadia, "record", said, at=NOON, locale="ur")

    assert send(nadia, phone, answered(milk), line(milk, "completed")) == ["held consent_pending"] * 2

    assert RecordLine.objects.count() == Standing.objects.count() == 0


def test_after_a_yes_what_was_held_is_kept_with_its_own_times(nadia):
    milk, phone = lesson(), phones.issue(nadia, now=NOON)[0]
    behind = timedelta(days=400)
    send(nadia, phone, answered(milk, at=NOON - HOUR - behind), sent_at=NOON - behind)
    consent.answer(nadia, "record", "yes", at=NOON + HOUR, locale="ur")

    seen = intake.look_again(nadia, now=NOON + HOUR)

    assert [one.status for one in seen.outcomes] == [Status.KEPT]
    assert [one.answers for one in seen.changed] == [{"q1": 1.0}]
    assert RecordLine.objects.get().happened_at == NOON - HOUR
    assert HeldLine.objects.count() == 0


def test_P02_after_a_no_nothing_of_it_remains_and_nothing_more_comes_in(nadia):
    milk, phone = lesson(), phones.issue(nadia, now=NOON)[0]
    sent = answered(milk)
    send(nadia, phone, sent)
    consent.answer(nadia, "record", "no", at=NOON, locale="ur")

    intake.look_again(nadia, now=NOON)

    assert HeldLine.objects.count() == RecordLine.objects.count() == 0
    assert send(nadia, phone, sent, line(milk)) == ["refused consent_withdrawn"] * 2
    assert HeldLine.objects.count() == 0


def test_looking_again_changes_nothing_that_still_waits(nadia):
    milk, phone = lesson(), phones.issue(nadia, now=NOON)[0]
    send(nadia, phone, answered(milk), line(milk, rev="00ff"))
    before = list(HeldLine.objects.order_by("pk").values())

    intake.look_again(nadia, now=NOON + HOUR)

    assert list(HeldLine.objects.order_by("pk").values()) == before


def test_what_waited_for_consent_may_go_on_to_wait_for_something_else(nadia):
    milk, phone = lesson(), phones.issue(nadia, now=NOON)[0]
    send(nadia, phone, line(milk, rev="00ff"))
    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")

    intake.look_again(nadia, now=NOON)

    assert HeldLine.objects.get().why == "unknown_rev"


def test_the_held_line_of_another_gives_way_to_the_one_that_was_kept_first(amina, phone, nadia):
    milk, other = lesson(), phones.issue(nadia, now=NOON)[0]
    sent = line(milk)
    send(nadia, other, sent)
    HeldLine.objects.update(uid=uuid7())  # as if both had come in the same moment
    send(amina, phone, sent)
    HeldLine.objects.update(uid=sent["id"])
    consent.answer(nadia, "record", "yes", at=NOON, locale="ur")

    assert [one.code for one in intake.look_again(nadia, now=NOON).outcomes] == ["id_conflict"]
    assert [kept.person for kept in RecordLine.objects.all()] == [amina]
    assert HeldLine.objects.count() == 0


# ── Clocks ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "off", [timedelta(0), timedelta(days=-2500), timedelta(days=5000), timedelta(minutes=9)]
)
def test_C15_S22_a_clock_that_is_years_off_is_put_right(amina, phone, off):
    send(amina, phone, line(lesson(), at=NOON - HOUR + off), sent_at=NOON + off)

    kept = RecordLine.objects.get()
    assert (kept.said_at, kept.happened_at) == (NOON - HOUR + off, NOON - HOUR)


def test_C15_a_clock_that_was_put_right_before_sending_does_no_harm(amina, phone):
    milk = lesson(published=YESTERDAY)
    never_set, child = datetime(1970, 1, 1, 0, 5, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

    send(amina, phone, line(milk, at=never_set, seq=1), line(milk, at=child, seq=2))
    send(amina, phone, line(milk, at=NOON - HOUR, seq=3), sent_at=never_set)

    assert list(RecordLine.objects.order_by("seq").values_list("happened_at", flat=True)) == [
        YESTERDAY, NOON, NOON - HOUR,
    ]  # fmt: skip


def test_only_what_no_clock_can_say_is_held(amina, phone):
    sent = line(lesson(), at=datetime(1066, 10, 14, tzinfo=UTC))

    assert send(amina, phone, sent) == ["held absurd_clock"]


moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(moments, st.none() | moments, moments, moments)
def test_a_line_happened_between_publication_and_receipt(at, sent_at, one, other):
    published, received = sorted([one, other])

    assert published <= happened(at, sent_at=sent_at, published=published, received=received) <= received


# ── At the same time ─────────────────────────────────────────────────────────────────────────────────────


def test_S16_the_same_batches_at_once_and_in_other_order_are_kept_once(many_at_once, amina):
    milk, phone = lesson(), phones.issue(amina, now=NOON)[0]
    lines = [answered(milk, "abc"[n % 3], seq=n, at=NOON - n * HOUR / 60) for n in range(30)]
    answers = []

    def take(batch):
        answers.extend(send(amina, phone, *batch))

    at_once(*[lambda b=b: take(b) for b in (lines, lines[::-1], lines[15:] + lines[:15])])

    assert sorted(answers) == ["kept"] * 30 + ["known"] * 60
    assert RecordLine.objects.count() == 30
    standing = Standing.objects.get()
    assert (standing.answers, standing.begun_at) == ({"q1": 1.0}, NOON - 29 * HOUR / 60)


def test_S25_two_phones_at_once_leave_the_better_answer(many_at_once, amina, monkeypatch):
    milk = lesson(q1=question(), q2=question())
    monkeypatch.setattr(standings, "_write", slowly(standings._write))
    answers = [answered(milk, "b", block=block) for block in ("q1", "q2")]

    at_once(*[lambda one=one: send(amina, None, one) for one in answers])

    assert Standing.objects.get().answers == {"q1": 1.0, "q2": 1.0}


def test_S16_two_people_with_the_same_ids_at_once_do_not_wait_for_ever(many_at_once, amina, farid):
    milk = lesson()
    lines = [answered(milk, seq=n) for n in range(20)]
    answers = {}

    def take(person, batch):
        answers[person.name] = send(person, None, *batch)

    at_once(lambda: take(amina, lines), lambda: take(farid, lines[::-1]))

    both = sorted([set(answers["Amina"]).pop(), set(answers["Farid"]).pop()])
    assert both == ["kept", "refused id_conflict"]
    assert RecordLine.objects.count() == 20


def test_who_was_forgotten_leaves_no_line_behind(nadia):
    gone = Person(pk=nadia.pk)
    nadia.delete()

    with pytest.raises(intake.PersonGone):
        send(gone, None, line(lesson()))
    assert HeldLine.objects.count() == 0
