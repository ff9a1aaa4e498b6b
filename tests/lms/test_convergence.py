"""Phones, a bad network and a server that falls over: in the end everything is there, once."""

import logging
import os
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from lms import epoch, intake, privacy, standings
from lms.progress import SoFar
from tests.lms import twin
from tests.lms.convergence import Convergence
from tests.lms.phone import lesson

pytestmark = pytest.mark.django_db

EXAMPLES = {"sqlite": 60, "postgresql": 300}  # `make soak` tries many more
STEPS = 25


# ── Mishaps: each is given what is right, and makes something of it that is wrong ────────────────────────


def deletes_when_it_sends(right: Callable) -> Callable:
    return lambda store, most: [store.lines.pop(line["id"]) for line in right(store, most)]


def writes_again(right: Callable) -> Callable:
    def judge(line, *rest, received, **more):
        verdict = right(line, *rest, received=received, **more)
        if isinstance(verdict, intake.Known) and line.verb == "answered":
            return intake.Kept(replace(line, uid=uuid4()), 1.0, received)
        return verdict

    return judge


def takes_the_last(right: Callable) -> Callable:
    def join(one, other):
        return SoFar(one.begun_at, one.done_at or other.done_at, one.answers | other.answers)

    return join


def passes_over(right: Callable) -> Callable:
    def write(*lines):
        try:
            with transaction.atomic():
                right(*lines)
        except DatabaseError:
            pass

    return write


def hears_a_yes(right: Callable) -> Callable:
    return lambda person: right(person) and "yes"


def asks_not_whose(right: Callable) -> Callable:
    def judge(line, said, seen, known, *, person, **clock):
        mine = {uid: (person, digest) for uid, (_, digest) in known.items()}
        return right(line, said, seen, mine, person=person, **clock)

    return judge


def does_nothing(right: Callable) -> Callable:
    return lambda *args, **named: 0


def believes_the_backup(right: Callable) -> Callable:
    return lambda here: here.kept_until


MISHAPS = {
    "a phone deletes a line when it sends it": (twin.Store, "next", deletes_when_it_sends),
    "a line that comes again is written again": (intake, "_judge", writes_again),
    "the answer that comes in last counts": (standings, "join", takes_the_last),
    "what could not be written is passed over": (intake, "_write", passes_over),
    "a no is heard as a yes": (intake, "_here", hears_a_yes),
    "nobody asks whose line it was": (intake, "_judge", asks_not_whose),
    "a restored backup remembers who was forgotten": (privacy, "replay_erasures", does_nothing),
    "a restored backup remembers a yes that was taken back": (privacy, "replay_noes", does_nothing),
    "a restored server looks like the one before": (epoch, "begin_anew", does_nothing),
    "a line came in while a backup began": (epoch, "safe_before", believes_the_backup),
}


# ── The laws ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(autouse=True)
def nobody_writes_a_log():
    """A server that falls over a hundred times has much to say."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(amina, gul, nadia):
    people, lessons = {"amina": amina, "gul": gul, "nadia": nadia}, [lesson(), lesson()]
    return lambda: Convergence(people, lessons)


def tried(examples: int, **more) -> settings:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, suppress_health_check=checks, **more
    )


def test_S19_whatever_happens_on_the_way_everything_is_there_once(world):
    examples = int(os.environ.get("EXAMPLES", EXAMPLES[connection.vendor]))
    run_state_machine_as_test(world, settings=tried(examples))


@pytest.mark.parametrize(("where", "name", "mishap"), MISHAPS.values(), ids=MISHAPS)
def test_S19_the_model_notices_when(world, monkeypatch, where, name, mishap):
    """The test of the test: a law that no mishap breaks would hold nothing."""
    monkeypatch.setattr(where, name, mishap(getattr(where, name)))

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            seed(19)(world),
            settings=tried(200, phases=[Phase.generate], report_multiple_bugs=False, database=None),
        )
