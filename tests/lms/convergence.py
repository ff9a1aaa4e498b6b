"""Phones, a network and the server, for Hypothesis: whatever goes wrong on the way, all of it ends well.

The server is the real one: its endpoint, its commands after a disaster, its ways to say no and to be
forgotten. A backup is a savepoint, and a restore a rollback to it. The phones are `tests.lms.twin`. What
somebody said last, and what their phones were told, is noted here and held against the database after every
step.
"""

import hashlib
import json
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from io import StringIO
from itertools import chain, count, product, repeat
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from uuid import UUID

import time_machine
from django.core.cache import caches
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from courses.models import Rendering
from lms import consent, epoch, intake, phones, privacy, wire
from lms.models.consent import ConsentEntry
from lms.models.people import Person
from lms.models.record import HeldLine, RecordLine, ServerEpoch, Standing
from tests.cast import NOON
from tests.lms.phone import post
from tests.lms.twin import Answer, Asked, Exchange, Log, Lost, Store

STEP = timedelta(seconds=40)
SLOW = timedelta(seconds=30)  # how long ago a request began when a backup comes between
MONTH = timedelta(days=31)
MOST_RECORDS = 4  # of one batch, so that phones meet the limit
MOST_REQUESTS = 60  # of one flush: a phone that needs more never ends
CLOCKS = {"old": timedelta(days=-2500), "new": timedelta(minutes=9)}  # how far those of the phones are off
LEARNERS = ("amina", "gul", "nadia")
PLACES = tuple(product(CLOCKS, LEARNERS))

Place = tuple[str, str]  # one learner on one phone


class Way(Enum):
    """What becomes of a request and its answer."""

    FINE = "both arrive"
    LOST = "the request is lost"
    UNHEARD = "the answer is lost"
    CUT = "the answer is cut short"
    PORTAL = "the network answers with a page of its own"
    TWICE = "the request comes twice"
    SLOW = "a backup begins while the server is at it"
    WAITS = "the request is still under way"
    HANGS = "the answer is still under way"


@dataclass(frozen=True)
class Fall:
    """The database goes away when it is asked for one thing."""

    at: str
    told: bool  # or the answer is lost as well, as when the machine falls over


STATEMENTS = [
    'INTO "lms_recordline"', 'INTO "lms_recordline"', 'INTO "lms_heldline"', 'INTO "lms_standing"',
    'FROM "lms_device"', 'FROM "lms_serverepoch"',
]  # fmt: skip
ways = st.sampled_from(Way) | st.builds(Fall, at=st.sampled_from(STATEMENTS), told=st.booleans())
deeds = st.sampled_from(["open", "a", "b", "c", "end", "newer page", "newer app", "broken"])
several_deeds = st.lists(deeds, min_size=1, max_size=6)
several_ways = st.lists(ways, min_size=1, max_size=3)
places = st.sampled_from(PLACES)
learners = st.sampled_from(LEARNERS)


@dataclass
class Flush:
    """What one page of a phone is sending."""

    steps: Exchange
    wire: deque[Asked]  # where its requests go
    asked: Asked | None = None  # waits for its answer
    answer: Answer | None = None  # is on its way back

    def go_on(self, answer: Answer | Lost | None) -> str | None:
        """With an answer, or without one; how it ended, if it did."""
        self.asked = self.answer = None
        try:
            self.asked = self.steps.throw(answer) if isinstance(answer, Lost) else self.steps.send(answer)
        except StopIteration as end:
            return end.value
        self.wire.append(self.asked)
        return None


@dataclass
class Backup:
    """A state of the database, and when the backup was begun."""

    savepoint: str
    begun: datetime
    good: bool


@dataclass
class Told:
    """One line that somebody wrote down on a phone, and what the phone heard of it last."""

    place: Place
    digest: str
    status: str = ""


@dataclass
class Learner:
    """The truth about somebody, as they themselves would tell it."""

    person: Person
    word: str | None  # the last answer about being remembered
    forgotten: bool = False
    agreed: set[UUID] = field(default_factory=set)  # lines that came into the record under a yes
    undone: set[UUID] = field(default_factory=set)  # lines that went with a no


class Row(NamedTuple):
    """What the server holds of one line."""

    person: UUID
    digest: str


@dataclass(frozen=True)
class Server:
    """All that the server holds about learning, and what it believes of people."""

    epoch: str
    people: set[UUID]
    words: dict[UUID, str]  # what each said last about being remembered
    record: dict[UUID, Row]
    waiting: dict[UUID, Row]
    stand: dict[tuple[UUID, UUID], tuple[Any, ...]]
    folded: dict[tuple[UUID, UUID], tuple[Any, ...]]  # what should stand, if the record is all there is

    @classmethod
    def now(cls) -> "Server":
        lines = list(RecordLine.objects.order_by("happened_at"))
        waiting = HeldLine.objects.values_list("uid", "person", "digest")
        said = ConsentEntry.objects.filter(purpose="record").order_by("id")
        stand = Standing.objects.values_list("person", "lesson", "begun_at", "done_at", "answers")
        return cls(
            epoch=str(ServerEpoch.objects.values_list("uid", flat=True).first()),
            people=set(Person.objects.values_list("uid", flat=True)),
            words=dict(said.values_list("person", "answer")),
            record={line.uid: Row(line.person_id, line.digest) for line in lines},
            waiting={uid: Row(*rest) for uid, *rest in waiting},
            stand={(person, lesson): tuple(rest) for person, lesson, *rest in stand},
            folded=_folded(lines),
        )

    @property
    def lines(self) -> dict[UUID, Row]:
        return self.record | self.waiting

    def of(self, person: Person) -> tuple[set[UUID], set[UUID]]:
        """What is in somebody's record, and what waits."""
        return (
            {uid for uid, row in self.record.items() if row.person == person.pk},
            {uid for uid, row in self.waiting.items() if row.person == person.pk},
        )


class Convergence(RuleBasedStateMachine):
    """Two phones, three learners, a bad network, and a server that is restored from its backups."""

    def __init__(self, people: Mapping[str, Person], lessons: Sequence[Rendering]) -> None:
        super().__init__()
        self.clock = NOON
        self.names = count(1)
        self.lessons = lessons
        self.learners = {
            name: Learner(person, consent.last_answer(person, "record")) for name, person in people.items()
        }
        self.logs = {place: Log(Store(), now=self._clock_of(place), name=self._name) for place in PLACES}
        self.under_way: dict[Place, Flush] = {}
        self.wire: deque[Asked] = deque(maxlen=12)  # what the network may bring once more
        self.holders: dict[str, str] = {}  # token -> learner
        self.written: dict[UUID, Told] = {}
        self.sent: set[tuple[UUID, UUID, str]] = set()  # id, whose token it was, and digest
        self.seen: Server | None = None
        self.news_for_backups = self.news_to_lose = False
        self.to_clear: set[Place] = set()  # whose people were forgotten while the server knew the phone
        self.backups: list[Backup] = []
        self.browser = Client()
        self.limits = patch.object(wire, "MOST_RECORDS", MOST_RECORDS)
        self.limits.start()
        self.all = transaction.atomic()
        self.all.__enter__()
        self._restart()

    def teardown(self) -> None:
        try:
            self.everything_arrives()
            self.a_month_later()
        finally:
            transaction.set_rollback(True)
            self.all.__exit__(None, None, None)
            self.limits.stop()

    # ── What people do ───────────────────────────────────────────────────────────────────────────────────

    @rule(place=places, what=several_deeds, about=st.integers(0, 1), through=several_ways)
    def learns(self, place: Place, what: list[str], about: int, through: list[Way | Fall]) -> None:
        """A phone writes down what somebody does, and tries to send it."""
        if self._signs_in(place):
            for deed in what:
                uid = self.logs[place].record(**self._line(deed, self.lessons[about]))
                self.written[UUID(uid)] = Told(place, _digest(self.logs[place].store.lines[uid]))
            self._carry(place, through)
        self._later()

    @precondition(lambda self: self._with_something_to_say())
    @rule(n=st.integers(0, 5), through=several_ways)
    def sends(self, n: int, through: list[Way | Fall]) -> None:
        speakers = self._with_something_to_say()
        self._carry(speakers[n % len(speakers)], through)
        self._later()

    @precondition(lambda self: self._with_something_to_say())
    @rule()
    def everybody_has_a_line(self) -> None:
        for place in self._with_something_to_say():
            self._carry(place, [])
        self._later()

    @precondition(lambda self: self.under_way)
    @rule()
    def closes_the_page(self) -> None:
        place, _ = self.under_way.popitem()
        self.logs[place] = Log(self.logs[place].store, now=self._clock_of(place), name=self._name)

    @rule(who=learners, word=st.sampled_from(["yes", "no", "later"]))
    def says(self, who: str, word: str) -> None:
        learner = self.learners[who]
        if not learner.forgotten:
            if word == "no":
                learner.undone |= self.server.of(learner.person)[1]
            learner.word = word
            self._something_happens()
            consent.answer(learner.person, "record", word, at=self.clock, locale="ur")
            if word != "later":
                intake.look_again(learner.person, now=self.clock)
        self._later()

    @precondition(lambda self: not any(learner.forgotten for learner in self.learners.values()))
    @rule(who=learners)
    def is_forgotten(self, who: str) -> None:
        self.learners[who].forgotten = True
        self.to_clear |= {place for place in PLACES if place[1] == who and self._is_known(place)}
        privacy.erase(self.learners[who].person, now=self.clock)
        self._something_happens()
        self._later()

    # ── What the network and others do ───────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.wire)
    @rule(n=st.integers(0, 11))
    def an_old_request_comes_again(self, n: int) -> None:
        self._serve(self.wire[n % len(self.wire)])

    @precondition(lambda self: self._on_the_server())
    @rule(place=places, n=st.integers(0, 50), change=st.sampled_from(["nothing", "ms", "subject"]))
    def sends_what_another_wrote(self, place: Place, n: int, change: str) -> None:
        if self._signs_in(place):
            there, me = self._on_the_server(), self.learners[place[1]].person.pk
            line = dict(there[n % len(there)])
            if change == "ms":
                line["ms"] += 1
            if change == "subject":
                line["subject"] = str(self.learners["amina"].person.pk)
            asked = Asked(self.logs[place].store.token, self.logs[place].batch([line]))
            theirs = self.server.lines[UUID(line["id"])] != (me, _digest(line))
            answer = self._serve(asked)
            if answer.status == 200 and theirs:
                assert [one.get("c") for one in answer.reply()["results"]] == ["id_conflict"]

    def _on_the_server(self) -> list[dict[str, Any]]:
        lines = [line for asked in self.wire for line in asked.batch["records"]]
        return [line for line in lines if UUID(line["id"]) in self.server.lines]

    # ── What whoever looks after the server does ─────────────────────────────────────────────────────────

    @initialize()
    def begins_with_a_backup(self) -> None:
        epoch.present(now=self.clock)
        self.backs_up(good=True)

    @precondition(lambda self: self.news_for_backups)
    @rule(good=st.booleans())
    def backs_up(self, good: bool) -> None:
        self.news_for_backups = False
        self.backups.append(Backup(transaction.savepoint(), self.clock, good))
        if good:
            self._command("backed_up", "--until", self.clock.isoformat())

    @rule(place=places, what=several_deeds, about=st.integers(0, 1))
    def backs_up_while_somebody_learns(self, place: Place, what: list[str], about: int) -> None:
        self.learns(place, what, about, [Way.SLOW])

    @precondition(lambda self: self.news_to_lose)
    @rule(newest=st.booleans())
    def restores(self, newest: bool) -> None:
        """The last backup, or the last that is known to be good; with the newest ledger."""
        nth = max(n for n, backup in enumerate(self.backups) if newest or backup.good)
        del self.backups[nth + 1 :]
        with tempfile.TemporaryDirectory() as folder:
            ledger = Path(folder) / "ledger.txt"
            ledger.write_text(self._command("privacy", "--ledger"))
            transaction.savepoint_rollback(self.backups[nth].savepoint)
            self._restart()
            begun = self.backups[nth].begun.isoformat()
            self._command("restored", "--backup-of", begun, "--ledger", str(ledger))
        for learner in self.learners.values():
            if not learner.forgotten and learner.word != "no":  # a yes that was forgotten is asked for again
                learner.word = consent.last_answer(learner.person, "record")
        self._later()

    @precondition(lambda self: self.server.waiting)
    @rule()
    def sweeps(self) -> None:
        self.clock += timedelta(hours=2)
        self._something_happens()
        intake.look_again_at_everybody(now=self.clock)

    # ── What holds at any time ───────────────────────────────────────────────────────────────────────────

    @invariant()
    def everything_holds(self) -> None:
        server = self.server
        self._every_line_is_accounted_for(server)
        self._nothing_is_remembered_against_somebodys_word(server)
        assert not server.record.keys() & server.waiting.keys()
        assert {(uid, *row) for uid, row in server.lines.items()} <= self.sent
        assert server.stand == server.folded

    def _every_line_is_accounted_for(self, server: Server) -> None:
        lines = server.lines
        for uid, told in self.written.items():
            learner, store = self.learners[told.place[1]], self.logs[told.place].store
            if learner.forgotten or str(uid) in store.lines:
                continue
            assert told.status, f"{uid} left the phone without an answer."
            if told.status == "refused" or uid in learner.undone:
                continue
            if lines.get(uid) != (learner.person.pk, told.digest):
                assert str(uid) in store.sent, f"{uid} was {told.status}, and is nowhere."
                assert store.epoch != server.epoch, f"{uid} was {told.status}, and no phone offers it again."

    def _nothing_is_remembered_against_somebodys_word(self, server: Server) -> None:
        for learner in self.learners.values():
            record, waiting = server.of(learner.person)
            if learner.forgotten:
                assert not record | waiting
                assert learner.person.pk not in server.people
                continue
            assert server.words.get(learner.person.pk) == learner.word
            if learner.word == "yes":
                learner.agreed |= record
            assert record <= learner.agreed
            assert not waiting or learner.word != "no"

    # ── What holds in the end ────────────────────────────────────────────────────────────────────────────

    def everything_arrives(self) -> None:
        """The network is well again: late requests come in, and every phone sends what it has."""
        for asked in self.wire:
            self._serve(asked)
        for place in PLACES:
            for _ in range(4):
                self.clock += timedelta(hours=2)
                if not self._has_said_all(place):
                    self._carry(place, [])
            store = self.logs[place].store
            assert self._has_said_all(place), f"{place} still has something to say."
            assert place not in self.to_clear or store == Store(), f"{place} still has what was forgotten."
        self.everything_holds()

    def a_month_later(self) -> None:
        """Nothing is left of what somebody took back, and nothing of it comes in again."""
        gone = [one.person.pk for one in self.learners.values() if one.word == "no" and not one.forgotten]
        if gone:
            privacy.expire(self.clock + MONTH, real=True)
            for asked in self.wire:
                self._serve(asked)
            for model in (RecordLine, HeldLine, Standing):
                assert not model.objects.filter(person__in=gone).exists()

    def _with_something_to_say(self) -> list[Place]:
        return [place for place in PLACES if self.logs[place].store.lines or place in self.under_way]

    def _has_said_all(self, place: Place) -> bool:
        store = self.logs[place].store
        if place in self.under_way:
            return False
        if self.learners[place[1]].forgotten:
            return not store.token or place not in self.to_clear
        return not store.lines and (not store.token or store.epoch == self.server.epoch)

    # ── The network ──────────────────────────────────────────────────────────────────────────────────────

    def _carry(self, place: Place, through: Sequence[Way | Fall]) -> None:
        """Bring what a phone asks to the server, and what the server says to the phone."""
        flush, end = self.under_way.pop(place, None), None
        if flush is None:
            flush = Flush(self.logs[place].flush(), self.wire)
            end = flush.go_on(None)
        for nth, way in enumerate(chain(through, repeat(Way.FINE))):
            if end:
                break
            assert nth < MOST_REQUESTS, "The phone never comes to an end."
            if way in (Way.WAITS, Way.HANGS):
                flush.answer = flush.answer or (self._serve(flush.asked) if way is Way.HANGS else None)
                self.under_way[place] = flush
                return
            end = self._pass_on(place, flush, way)
        if end == "sign-in" and not self.learners[place[1]].forgotten:
            self.logs[place].store.token = ""
            self._signs_in(place)

    def _pass_on(self, place: Place, flush: Flush, way: Way | Fall) -> str | None:
        asked = flush.asked
        answer = Lost() if way is Way.LOST else flush.answer or self._answer(asked, way)
        if isinstance(answer, Answer) and way is Way.CUT:
            answer = replace(answer, body=answer.body[: len(answer.body) // 2])
        elif isinstance(answer, Answer) and answer.status == 200 and answer.is_ours:
            self._note(place, asked, answer)
        return flush.go_on(answer)

    def _answer(self, asked: Asked, way: Way | Fall) -> Answer | Lost:
        if isinstance(way, Fall):
            answer = self._serve(asked, falls_at=way.at)
            return answer if way.told else Lost()
        if way is Way.PORTAL:
            return Answer(200, b"<p>Welcome to our hotel</p>", "text/html")
        if way is Way.TWICE:
            self._serve(asked)
        if way is Way.SLOW:
            self.backs_up(good=True)
        answer = self._serve(asked, began=self.clock - (SLOW if way is Way.SLOW else timedelta(0)))
        return Lost() if way is Way.UNHEARD else answer

    def _serve(self, asked: Asked, *, falls_at: str | None = None, began: datetime | None = None) -> Answer:
        me = self.learners[self.holders[asked.token]].person.pk
        self.sent |= {(UUID(line["id"]), me, _digest(line)) for line in asked.batch["records"]}
        self._something_happens()
        with time_machine.travel(began or self.clock, tick=False), _falling_over(falls_at):
            response = post(self.browser, "sync", asked.batch, token=asked.token)
        answer = Answer(
            response.status_code, response.content, response["Content-Type"], response.get("Retry-After")
        )
        assert answer.status in {200, 401, 410, 413} or falls_at is not None, answer
        if answer.status == 200:
            said = [one["id"] for one in answer.reply()["results"]]
            assert said == [line["id"] for line in asked.batch["records"]]
        return answer

    def _note(self, place: Place, asked: Asked, answer: Answer) -> None:
        for one in answer.reply()["results"]:
            told = self.written[UUID(one["id"])]
            assert told.place == place
            told.status = one["s"]

    # ── Small things ─────────────────────────────────────────────────────────────────────────────────────

    def _is_known(self, place: Place) -> bool:
        try:
            return bool(phones.device_of(self.logs[place].store.token, now=self.clock))
        except phones.UnknownToken:
            return False

    def _signs_in(self, place: Place) -> bool:
        """Who has a place gets a token; who was forgotten can no more."""
        store, learner = self.logs[place].store, self.learners[place[1]]
        if not store.token and not learner.forgotten:
            _, store.token = phones.issue(learner.person, now=self.clock)
            self._something_happens()
            self.holders[store.token] = place[1]
        return bool(store.token) and not learner.forgotten

    def _line(self, deed: str, lesson: Rendering) -> dict[str, Any]:
        line = {
            "verb": "answered",
            "about": str(lesson.page_key),
            "block": None,
            "rev": lesson.rev,
            "locale": "ur",
            "voice": "ur",
            "ms": 4000,
            "response": None,
        }
        changes: dict[str, dict[str, Any]] = {
            "open": {"verb": "experienced"},
            "end": {"verb": "completed"},
            "newer page": {"rev": "00ff"},
            "newer app": {"verb": "danced"},
            "broken": {"ms": -1},
        }
        return line | changes.get(deed, {"block": "q1", "response": {"chosen": [deed]}})

    @property
    def server(self) -> Server:
        """What is there now; looked up again only after something could have changed it."""
        self.seen = self.seen or Server.now()
        return self.seen

    def _command(self, *words: str) -> str:
        out = StringIO()
        with time_machine.travel(self.clock, tick=False):
            call_command(*words, stdout=out)
        return out.getvalue()

    def _restart(self) -> None:
        """What processes remember is gone."""
        self.seen, self.news_for_backups, self.news_to_lose = None, False, False
        caches["process"].clear()
        intake.read_once.clear()

    def _later(self) -> None:
        self.clock += STEP

    def _something_happens(self) -> None:
        self.seen, self.news_for_backups, self.news_to_lose = None, True, True

    def _clock_of(self, place: Place):
        return lambda: self.clock + CLOCKS[place[0]]

    def _name(self) -> UUID:
        """As a phone makes it, but the same in the same example."""
        return UUID(int=(int(NOON.timestamp() * 1000) << 80) | (0x7 << 76) | (0b10 << 62) | next(self.names))


@contextmanager
def _falling_over(at: str | None) -> Iterator[None]:
    """The database goes away when it is asked for this."""

    def perhaps(execute, sql, params, many, context):
        if at and at in sql:
            raise OperationalError("The database went away.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(perhaps):
        yield


def _digest(line: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _folded(lines: Iterable[RecordLine]) -> dict[tuple[UUID, UUID], tuple[Any, ...]]:
    """The first time, the first end, the best answers; lines come in the order in which it happened."""
    begun: dict[tuple[UUID, UUID], datetime] = {}
    done: dict[tuple[UUID, UUID], datetime] = {}
    answers: dict[tuple[UUID, UUID], dict[str, float]] = {}
    for line in lines:
        here = line.person_id, line.about
        begun.setdefault(here, line.happened_at)
        best = answers.setdefault(here, {})
        if line.verb == "completed":
            done.setdefault(here, line.happened_at)
        if line.verb == "answered":
            best[line.block] = max(best.get(line.block, 0.0), line.score)
    return {here: (begun[here], done.get(here), answers[here]) for here in begun}
