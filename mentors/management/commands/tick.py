"""manage.py tick: catch up on what is due, every minute. To miss an hour, or run twice, is no harm."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses import published
from lms import intake, privacy, reception, remarks, way
from media import films, sound
from mentors import (
    asking,
    bonds,
    circles,
    contacts,
    forming,
    meetings,
    messages,
    runs,
    training,
)

logger = logging.getLogger("hamrah.tick")


def _forget(now: datetime) -> None:
    privacy.expire(now, real=True)


def _judge_what_was_held(now: datetime) -> None:
    intake.look_again_at_everybody(now=now)


def _end_unused_cards(now: datetime) -> None:
    reception.end_unused(now=now)


SWEEPS: list[tuple[str, Callable[[datetime], object]]] = [
    ("publishing lessons", published.catch_up),
    ("making recordings small", sound.catch_up),
    ("making voice notes small", remarks.catch_up),
    ("making spoken messages small", messages.catch_up),
    ("making recordings of meetings small", meetings.catch_up),
    ("making films small", films.catch_up),
    ("judging lines that were held", _judge_what_was_held),
    ("ending cards that nobody used", _end_unused_cards),
    ("writing down who passed the check", training.catch_up),
    ("writing down where people are on their way", way.sweep),
    ("looking for pairs", runs.catch_up),
    ("planning circles", forming.catch_up),
    ("ending what nobody answered", asking.expire),
    ("reminding who has not answered", asking.remind),
    ("handing over to who came second", bonds.hand_over),
    ("ending what nobody answered about circles", circles.expire),
    ("forgetting old recordings of meetings", meetings.forget_recordings),
    ("forgetting what was said to coaches long ago", contacts.forget_words),
    ("forgetting what two wrote to each other long ago", messages.forget),
    ("forgetting what was kept for long enough", _forget),
]


class Command(BaseCommand):
    help = "Catch up on everything that is due. What fails does not stop the rest."

    def handle(self, **options: object) -> None:
        now = timezone.now()
        failed = [what for what, sweep in SWEEPS if not _done(what, sweep, now)]
        if failed:
            raise CommandError(f"This did not work, the log says why: {', '.join(failed)}.")


def _done(what: str, sweep: Callable[[datetime], object], now: datetime) -> bool:
    try:
        sweep(now)
    except Exception:
        logger.exception("The sweep did not get through: %s", what)
        return False
    return True
