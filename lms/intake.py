"""The one door through which a phone's lines come in.

A phone may send late, twice, or out of order. Nothing here depends on that. Each line is answered by itself:

- kept     it is new, and in the record now
- known    it came before, the same, from the same person
- held     it cannot be judged yet; it is kept as it came and looked at again (`look_again`), for 30 days
- refused  it will never be taken: `schema`, `too_big`, `type_forbidden`, `id_conflict`, `consent_withdrawn`
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from assessments.marking import NotAnAnswer, mark
from assessments.models import Question
from courses.models import Rendering
from lms import about_others, consent, seal, standings
from lms.lines import Line, Sent, Unreadable, happened, is_a_clocks, is_sound, name_of, read
from lms.locks import one_at_a_time
from lms.models.consent import ConsentEntry, Purpose
from lms.models.people import Device, Person
from lms.models.record import HeldLine, RecordLine, Standing, Verb

security = logging.getLogger("hamrah.security")

CONFLICT = "id_conflict"
EVER = datetime(2000, 1, 1, tzinfo=UTC)  # before anything that a phone could tell
MOST_READ_ONCE = 2000  # renderings: some kilobytes of keys each
# The two questions that every batch asks are written out: building them took longer than answering them.
# A UUID goes in as 32 digits, which both databases understand.
WHO_IS_HERE = """
    SELECT uid, merged_into_id, (
        SELECT answer FROM lms_consententry
        WHERE person_id = lms_person.uid AND purpose = %s ORDER BY id DESC LIMIT 1
    ) AS said
    FROM lms_person WHERE uid = %s
"""
KNOWN_ALREADY = """
    SELECT uid, person_id, digest FROM lms_recordline WHERE uid IN ({places})
    UNION ALL SELECT uid, person_id, digest FROM lms_heldline WHERE uid IN ({places})
"""
TOOK_BACK = "withdrew"  # the yes to being remembered; it comes first and alone, and goes into the ledger


class Status(StrEnum):
    """What became of a line."""

    KEPT = "kept"
    KNOWN = "known"
    HELD = "held"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """The answer for one line."""

    id: str | None  # as the phone wrote it; None where there was none
    status: Status
    code: str = ""


@dataclass(frozen=True)
class Received:
    """The answers, in the order of the batch, and what changed for the person; a guest may be one by now."""

    person: Person
    outcomes: list[Outcome]
    changed: list[Standing]
    said: str | None = None  # about being remembered, at the end


class PersonGone(Exception):
    """Whoever the token was for has been forgotten."""


class Kept(NamedTuple):
    """It may be written down, with what the server adds."""

    line: Line
    score: float | None
    happened_at: datetime
    counts: bool = False


class Known(NamedTuple):
    """It came before, the same, from the same person."""


class TakenBack(NamedTuple):
    """A yes that is over: it is in the ledger."""


class Tells(NamedTuple):
    """It is about somebody else. What it tells is handed on; of the line, only that it came is kept."""

    line: Line
    subject: UUID
    happened_at: datetime


class Held(NamedTuple):
    """It waits for something."""

    line: Line
    why: HeldLine.Why


class Refused(NamedTuple):
    """It will never be taken."""

    code: str


class Seen(NamedTuple):
    """A rendering, as far as judging needs it."""

    page_key: UUID
    keys: dict[str, Any]
    published: datetime


Verdict = Kept | Known | TakenBack | Held | Refused
Owned = dict[UUID, tuple[UUID, str]]  # id -> whose, and the digest of what it says
Owners = Mapping[UUID, tuple[UUID, str]]


def receive(
    person: Person, device: Device | None, batch: Iterable[Sent], *, sent_at: datetime | None, now: datetime
) -> Received:
    """Keep what is new, and say of every line what became of it. `sent_at` is the phone's clock, if known.

    There is no device where somebody answers on a page without JavaScript.
    """
    lines, phone = [_understood(sent) for sent in batch], device.pk if device else None
    try:
        return _receive(person, phone, lines, sent_at, now)
    except IntegrityError:
        # Somebody else wrote one of these ids in the same moment; this time we see it.
        return _receive(person, phone, lines, sent_at, now)


def look_again(person: Person, *, now: datetime) -> Received:
    """Judge again what is held: after an answer about consent, or when a missing rendering has arrived.

    After a no, nothing of it remains.
    """
    try:
        return _look_again(person.pk, now)
    except _Moved as moved:
        return look_again(Person(pk=moved.to), now=now)


def look_again_at_everybody(*, now: datetime) -> int:
    """For the sweep: judge all but what waits for a person's answer; say how many lines got in."""
    answered = ConsentEntry.objects.filter(purpose=Purpose.RECORD).exclude(answer=ConsentEntry.Answer.LATER)
    can_be_judged = ~Q(why=HeldLine.Why.CONSENT) | Q(person__in=answered.values("person"))
    waiting = HeldLine.objects.filter(can_be_judged).values_list("person", flat=True).distinct()
    answers = [outcome for one in waiting for outcome in look_again(Person(pk=one), now=now).outcomes]
    return sum(outcome.status == Status.KEPT for outcome in answers)


# ── Coming in ────────────────────────────────────────────────────────────────────────────────────────────


class _Moved(Exception):
    """A guest became somebody in the meantime."""

    def __init__(self, to: UUID) -> None:
        self.to = to


class _Came(NamedTuple):
    """A line as it came, and what it says, or why it says nothing."""

    sent: Sent
    says: Line | Unreadable


def _understood(sent: Sent) -> _Came:
    try:
        return _Came(sent, read(sent))
    except Unreadable as trouble:
        return _Came(sent, trouble)


def _receive(
    person: Person, device: UUID | None, lines: list[_Came], sent_at: datetime | None, now: datetime
) -> Received:
    try:
        return _receive_for(person.pk, device, lines, sent_at, now)
    except _Moved as moved:
        return _receive(Person(pk=moved.to), device, lines, sent_at, now)


@transaction.atomic
def _receive_for(
    person: UUID, device: UUID | None, lines: list[_Came], sent_at: datetime | None, now: datetime
) -> Received:
    said = _here(person)
    readable = [came.says for came in lines if isinstance(came.says, Line)]
    known = _known([line.uid for line in readable])
    if back := {line.uid: line for line in readable if line.verb == TOOK_BACK}:
        said = _take_back(person, back, known, sent_at=sent_at, now=now) or said
    seen = _seen({line.rev for line in readable if line.uid not in known})
    outcomes, new, held = [], [], []
    for came in (_closed(came, seen) for came in lines):
        verdict = _judge(came.says, said, seen, known, person=person, sent_at=sent_at, received=now)
        verdict = _hand_on(verdict, person, now)
        outcomes.append(_outcome(name_of(came.sent), verdict))
        if isinstance(verdict, Kept):
            new.append(_line(verdict, person=person, device=device, received_at=now))
        elif isinstance(verdict, Held):
            held.append(_held(verdict, came.sent, person=person, device=device, sent_at=sent_at, now=now))
        if isinstance(verdict, Kept | Held):
            known[verdict.line.uid] = (person, verdict.line.digest)
    _write(new, held)
    _warn(device, outcomes)
    whose = Person(pk=person)
    return Received(whose, outcomes, standings.add(whose, new, now=now), said)


@transaction.atomic
def _look_again(person: UUID, now: datetime) -> Received:
    said = _here(person)
    waiting = list(HeldLine.objects.filter(person=person).order_by("uid"))
    came = {one.uid: _understood(one.line) for one in waiting}
    # Nothing, unless another person's line took an id in the moment in which this one was held.
    taken = RecordLine.objects.filter(uid__in=came).values_list("uid", "person", "digest")
    known = {uid: (owner, digest) for uid, owner, digest in taken}
    seen = _seen({line.says.rev for line in came.values() if isinstance(line.says, Line)})
    lines = {uid: _closed(line, seen).says for uid, line in came.items()}
    outcomes, new, over = [], [], []
    for one in waiting:
        clock = {"sent_at": one.sent_at, "received": one.received_at}
        verdict = _hand_on(_judge(lines[one.uid], said, seen, known, person=person, **clock), person, now)
        outcomes.append(_outcome(str(one.uid), verdict))
        if isinstance(verdict, Kept):
            kept = _line(verdict, person=person, device=one.device_id, received_at=one.received_at)
            kept.digest = one.digest  # as it came: a database may write numbers in its own way
            new.append(kept)
        if not isinstance(verdict, Held):
            over.append(one.uid)
        elif verdict.why != one.why:
            HeldLine.objects.filter(pk=one.pk).update(why=verdict.why)
    HeldLine.objects.filter(uid__in=over).delete()
    _write(new, [])
    whose = Person(pk=person)
    return Received(whose, outcomes, standings.add(whose, new, now=now))


def _closed(came: _Came, seen: Mapping[str, Seen]) -> _Came:
    """What nobody may read is sealed before anything is written down, wherever a browser could not do it."""
    line = came.says
    if not isinstance(line, Line) or seal.is_closed(line.response):
        return came
    asked = seen[line.rev].keys.get(line.block, {}) if line.rev in seen else {}
    if line.verb not in about_others.VERBS and not _is_sealed(asked):
        return came
    response = seal.close_answer(line.response)
    return _Came({**came.sent, "response": response}, replace(line, response=response))


def _here(person: UUID) -> str | None:
    """Hold the person for this transaction, and hear what they last said about being remembered."""
    one_at_a_time(person)
    row = next(iter(Person.objects.raw(WHO_IS_HERE, [Purpose.RECORD, person.hex])), None)
    if row is None:
        raise PersonGone
    if row.merged_into_id:
        raise _Moved(row.merged_into_id)
    return row.said  # ty: ignore[missing-attribute] - a column of the question, not of the table


def _take_back(
    person: UUID, told: dict[UUID, Line], known: Owned, *, sent_at: datetime | None, now: datetime
) -> str | None:
    """Write down each no of a phone once, let go of what was held, and say what holds after it.

    A no that comes late holds, too: whoever said yes again in the meantime is asked, and not overheard.
    """
    for uid, owner in consent.told_by(told).items():
        known[uid] = (owner, told[uid].digest)
    said = None
    for uid in told.keys() - known.keys():
        said, line = ConsentEntry.Answer.NO, told[uid]
        at = happened(line.at, sent_at=sent_at, published=EVER, received=now)
        consent.answer(
            Person(pk=person), Purpose.RECORD, said, at=at, locale=line.locale[:2], voice=line.voice, line=uid
        )
    if said:
        _look_again(person, now)
    return said


def _known(uids: list[UUID]) -> Owned:
    """Whose these ids are already, and with which content."""
    if not uids:
        return {}
    names = [uid.hex for uid in uids]
    places = ", ".join(["%s"] * len(names))
    rows = RecordLine.objects.raw(KNOWN_ALREADY.format(places=places), [*names, *names])
    return {row.uid: (row.person_id, row.digest) for row in rows}


def _seen(revs: set[str]) -> dict[str, Seen]:
    """The renderings of these names. One never changes and never goes, so a process asks for each once."""
    if asked := revs - read_once.keys():
        if len(read_once) > MOST_READ_ONCE:
            read_once.clear()
        found = Rendering.objects.filter(rev__in=asked).values_list("rev", "page_key", "keys", "made_at")
        read_once.update({rev: Seen(*rest) for rev, *rest in found})
    return {rev: read_once[rev] for rev in revs & read_once.keys()}


read_once: dict[str, Seen] = {}  # what this process has seen of them


# ── Judging ──────────────────────────────────────────────────────────────────────────────────────────────


def _judge(
    line: Line | Unreadable,
    said: str | None,
    seen: Mapping[str, Seen],
    known: Owners,
    *,
    person: UUID,
    sent_at: datetime | None,
    received: datetime,
) -> Verdict | Tells:
    if isinstance(line, Unreadable):
        return Refused(line.code)
    if line.uid in known:
        return Known() if known[line.uid] == (person, line.digest) else Refused(CONFLICT)
    if line.verb == TOOK_BACK:
        return TakenBack()
    if line.subject or line.verb in about_others.VERBS:
        return _about_another(line, sent_at, received)
    if said == ConsentEntry.Answer.NO:
        return Refused("consent_withdrawn")
    if said != ConsentEntry.Answer.YES:
        return Held(line, HeldLine.Why.CONSENT)
    if line.verb not in Verb.values:
        return Held(line, HeldLine.Why.VERB)
    if not is_a_clocks(line.at):
        return Held(line, HeldLine.Why.CLOCK)
    if line.rev not in seen:
        return Held(line, HeldLine.Why.REV)
    page = seen[line.rev]
    at = happened(line.at, sent_at=sent_at, published=page.published, received=received)
    if line.about != page.page_key or (line.verb == Verb.ANSWERED and line.block not in page.keys):
        return Held(line, HeldLine.Why.ITEM)
    if line.verb != Verb.ANSWERED:
        return Kept(line, None, at) if line.response is None else Refused("schema")
    try:
        key = page.keys[line.block]
        said = seal.open_answer(line.response) if _is_sealed(key) else line.response
        return Kept(line, mark(key, said), at, counts=key.get("use") == Question.Use.COUNTS)
    except seal.UnknownKey:
        return Held(line, HeldLine.Why.SEAL)
    except (NotAnAnswer, seal.NotSealed):
        return Refused("schema")


def _about_another(line: Line, sent_at: datetime | None, received: datetime) -> Verdict | Tells:
    """The yes or no of whoever tells is about what they learn, and does not matter here."""
    if line.verb not in about_others.VERBS:
        return Refused("type_forbidden")
    if not line.subject:
        return Refused("schema")
    if not is_a_clocks(line.at):
        return Held(line, HeldLine.Why.CLOCK)
    return Tells(line, line.subject, happened(line.at, sent_at=sent_at, published=EVER, received=received))


def _hand_on(verdict: Verdict | Tells, author: UUID, now: datetime) -> Verdict:
    """What is told of somebody else goes to whoever takes it, in this transaction."""
    if not isinstance(verdict, Tells):
        return verdict
    line, subject, at = verdict
    try:
        what = seal.open_answer(line.response)
        if not is_sound(what):
            return Refused("schema")
        told = about_others.Told(line.uid, author, subject, at, what, now)
        taken = about_others.take(line.verb, told)
    except seal.UnknownKey:
        return Held(line, HeldLine.Why.SEAL)
    except (about_others.NotTold, seal.NotSealed):
        return Refused("schema")
    return Kept(replace(line, response=None), None, at) if taken else Held(line, HeldLine.Why.SUBJECT)


def _is_sealed(key: Mapping[str, Any]) -> bool:
    return key.get("use") == Question.Use.SEALED


def _outcome(name: str | None, verdict: Verdict) -> Outcome:
    if isinstance(verdict, Kept | TakenBack):
        return Outcome(name, Status.KEPT)
    if isinstance(verdict, Known):
        return Outcome(name, Status.KNOWN)
    if isinstance(verdict, Held):
        return Outcome(name, Status.HELD, str(verdict.why))
    return Outcome(name, Status.REFUSED, verdict.code)


# ── Writing down ─────────────────────────────────────────────────────────────────────────────────────────


def _line(kept: Kept, *, person: UUID, device: UUID | None, received_at: datetime) -> RecordLine:
    line = kept.line
    return RecordLine(
        uid=line.uid,
        person_id=person,
        subject_id=line.subject,
        device_id=device,
        seq=line.seq,
        verb=line.verb,
        about=line.about,
        block=line.block,
        rev=line.rev,
        locale=line.locale,
        voice=line.voice,
        milliseconds=line.milliseconds,
        response=line.response,
        score=kept.score,
        counts=kept.counts,
        said_at=line.at,
        happened_at=kept.happened_at,
        received_at=received_at,
        digest=line.digest,
    )


def _held(
    held: Held, sent: Sent, *, person: UUID, device: UUID | None, sent_at: datetime | None, now: datetime
) -> HeldLine:
    return HeldLine(
        uid=held.line.uid,
        person_id=person,
        device_id=device,
        why=held.why,
        line=dict(sent),
        sent_at=sent_at,
        received_at=now,
        digest=held.line.digest,
    )


def _write(new: list[RecordLine], held: list[HeldLine]) -> None:
    # In the order of their ids, so that two batches never wait for each other crosswise. Without
    # ignore_conflicts: SQLite would then drop a line that breaks any other rule, and say nothing.
    RecordLine.objects.bulk_create(sorted(new, key=lambda line: line.uid))
    HeldLine.objects.bulk_create(sorted(held, key=lambda line: line.uid))


def _warn(device: UUID | None, outcomes: list[Outcome]) -> None:
    # No ids of lines and no people: whoever reads this must not learn whose line it was.
    if conflicts := sum(outcome.code == CONFLICT for outcome in outcomes):
        security.warning("Phone %s sent %s lines under ids that other lines have.", device, conflicts)
