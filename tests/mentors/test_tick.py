from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command

from lms.models.people import Person
from mentors.management.commands import tick
from tests.cast import NOON


def test_once_and_twice_is_the_same(amina, nadia):
    Person.objects.filter(pk=nadia.pk).update(made_at=NOON - timedelta(days=40))

    with time_machine.travel(NOON, tick=False):
        call_command("tick")
        call_command("tick")

    assert list(Person.objects.all()) == [amina]


def test_what_fails_does_not_stop_the_rest(db, monkeypatch):
    came_through = []

    def stumble(now):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(tick, "SWEEPS", [("walking", stumble), ("arriving", came_through.append)])

    with pytest.raises(CommandError, match="walking"):
        call_command("tick")

    assert len(came_through) == 1
