"""“Not like this here”: what people tell us is different where they live, and what becomes of it.

A remark belongs to whoever told it, and goes with them. What comes of it is a local note of the lesson
(`courses.notes`), which knows nobody, and stays.
"""

import functools
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from kombu.exceptions import OperationalError

from courses import notes
from courses.models import LocalNote
from lms.models.people import Person, User
from lms.models.programme import OF_LEARNERS, Membership, Programme
from lms.models.remarks import Remark
from media import spoken

logger = logging.getLogger("hamrah.remarks")

LONGEST = timedelta(minutes=2)
HOUR = timedelta(hours=1)
AN_HOUR = 10  # from one phone
AN_HOUR_FROM_ONE_ADDRESS = 300  # a training centre shares one, and so does a whole mobile network
OPEN = (Remark.State.NEW, Remark.State.ASKED)


class AlreadyDecided(Exception):
    """Somebody else was quicker."""


@dataclass(frozen=True)
class Told:
    """What stands in the form."""

    lesson: UUID
    block: str
    locale: str
    district: str = ""
    place: str = ""
    text: str = ""
    voice: UploadedFile | None = None
    may_ask: bool = False


# ── From a phone ─────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def tell(told: Told, *, person: Person | None, now: datetime) -> Remark:
    """Keep what somebody tells us, for the trainers of their programme; of a guest, for all trainers."""
    remark = Remark(
        person=person,
        programme=_programme(person) if person else None,
        lesson=told.lesson,
        block=told.block,
        locale=told.locale,
        district=told.district,
        place="" if told.district else told.place,
        text=told.text,
        may_ask=told.may_ask and person is not None,
        at=now,
    )
    if told.voice:
        remark.voice.save(spoken.name_for(remark.uid.hex, told.voice), told.voice, save=False)
        remark.sound = Remark.Sound.WAITING
        transaction.on_commit(functools.partial(_queue, remark.pk))
    remark.save(force_insert=True)
    return remark


def _programme(person: Person) -> Programme | None:
    learns = Membership.objects.filter(person=person, role__in=OF_LEARNERS, ended_at=None)
    first = learns.select_related("programme").order_by("since", "pk").first()
    return first.programme if first else None


# ── In the worker ────────────────────────────────────────────────────────────────────────────────────────


def make_small(uid: UUID) -> None:
    """Make one voice note small. Twice is once."""
    spoken.make_small(Remark, uid)


def catch_up(now: datetime) -> int:
    """Queue again what a lost task left behind. Says how many."""
    return spoken.catch_up(Remark, _queue, now=now)


def _queue(uid: UUID) -> None:
    from lms import tasks  # tasks call this module

    try:
        tasks.make_remark_small.apply_async((str(uid),), retry=False)
    except (OperationalError, OSError):
        logger.warning("Remark %s could not be queued; the next tick will find it", uid)


# ── At the desk ──────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def accept(
    remark: Remark, *, by: User, text: str, locale: str, district: str, place: str, on: date
) -> LocalNote:
    """It is so: from now on the lesson says it, in the trainer's words, to everybody."""
    _decide(remark, OPEN, state=Remark.State.ACCEPTED, decided_by=by)
    note = notes.add(
        remark.lesson, remark.block, district=district, place=place, on=on, text=text, locale=locale
    )
    remark.note = note.translation_key
    remark.save(update_fields=["note"])
    return note


def ask_reviewer(remark: Remark, *, by: User) -> None:
    """Somebody who knows the subject says whether it is so; the trainer decides."""
    _decide(remark, [Remark.State.NEW], state=Remark.State.ASKED, asked_by=by)


def review(remark: Remark, *, by: User, words: str) -> None:
    """What somebody who knows the subject says to it. It goes back to the trainers."""
    _decide(remark, [Remark.State.ASKED], state=Remark.State.NEW, review=words, reviewed_by=by)


def put_aside(remark: Remark, *, by: User, reason: str) -> None:
    """It does not come into the lesson, and why."""
    _decide(remark, OPEN, state=Remark.State.ASIDE, reason=reason, decided_by=by)


@transaction.atomic
def withdraw(remark: Remark, *, by: User, reason: str, on: date) -> None:
    """What came of it leaves the lesson again."""
    _decide(remark, [Remark.State.ACCEPTED], state=Remark.State.ASIDE, reason=reason, decided_by=by)
    if remark.note:
        notes.withdraw(remark.note, on=on)


def _decide(remark: Remark, states: Iterable[str], **becomes: object) -> None:
    if not Remark.objects.filter(pk=remark.pk, state__in=states).update(**becomes):
        raise AlreadyDecided
    remark.refresh_from_db()
