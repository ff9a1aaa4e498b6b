"""Meetings of a circle: when and where, who came, and what was recorded for those who could not."""

import functools
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from media import sound
from mentors import access, circles, ics
from mentors.models.circles import Attendance, Circle, CircleSeat, Meeting, RollCall

if TYPE_CHECKING:
    from lms.models.people import Person, User

logger = logging.getLogger("hamrah.circles")

LONGEST, LARGEST_MB = timedelta(minutes=30), 20
HALF_A_YEAR = timedelta(days=182)
FORGOTTEN = timedelta(minutes=10)
OVER = timedelta(hours=2)  # a meeting is the next one until so long after it began


@dataclass(frozen=True)
class Row:
    """One circle in a list: its next meeting, and when its hour of the week is next."""

    circle: Circle
    next: Meeting | None
    slot: datetime | None


@dataclass(frozen=True)
class Came:
    """How often somebody came, of the meetings of which that was written down."""

    came: int
    of: int


# ── When and where ───────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def plan(circle: Circle, form: UUID, said: dict[str, Any], *, now: datetime) -> Meeting:
    """The circle meets. The same form twice is one meeting."""
    values = {**said, "circle": circle, "time_zone": circle.time_zone, "changed_at": now}
    meeting, _ = Meeting.objects.get_or_create(uid=form, defaults=values)
    if meeting.circle_id != circle.pk:
        raise access.NotYours
    return meeting


@transaction.atomic
def change(meeting: Meeting, said: dict[str, Any], *, now: datetime) -> None:
    """Another time, place or agenda; calendars hear of it. Saying the same again is nothing."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    changed = [name for name, value in said.items() if getattr(meeting, name) != value]
    if changed:
        _tell(meeting, now, **{name: said[name] for name in changed})


@transaction.atomic
def call_off(meeting: Meeting, *, now: datetime) -> None:
    """It does not take place. Twice is once."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if meeting.called_off_at is None:
        _tell(meeting, now, called_off_at=now)


def of_circles(circles: Iterable[Circle]) -> dict[UUID, list[Meeting]]:
    """The meetings of each of these circles, the earliest first, in one query."""
    found = defaultdict(list)
    for meeting in Meeting.objects.filter(circle__in=circles).order_by("at", "pk"):
        found[meeting.circle_id].append(meeting)
    return found


def next_of(meetings: Iterable[Meeting], *, now: datetime) -> Meeting | None:
    """The next one that takes place, or goes on now."""
    coming = (one for one in meetings if one.called_off_at is None and one.at > now - OVER)
    return min(coming, key=lambda one: one.at, default=None)


def overview(found: QuerySet[Circle], *, now: datetime) -> list[Row]:
    """Circles with their people and their next meeting, in two queries."""
    some = list(circles.with_numbers(found))
    there = of_circles(some)
    return [Row(one, next_of(there[one.pk], now=now), circles.slot(one, now=now)) for one in some]


def for_person(person: "Person", uid: UUID) -> Meeting:
    """A meeting of a circle in which somebody is, since they are in it."""
    for seat in circles.of(person):
        if found := for_seat(seat).filter(pk=uid).first():
            return found
    raise access.NotYours


def for_seat(seat: CircleSeat) -> QuerySet[Meeting]:
    """What somebody may see of a circle's meetings: those since they are in it."""
    return Meeting.objects.filter(circle=seat.circle_id, at__gte=seat.joined_at).order_by("at", "pk")


def calendar(meeting: Meeting) -> bytes:
    """The meeting as calendars take it. Its title is the same for everybody, and names nobody."""
    return ics.calendar(
        ics.Event(
            uid=f"{meeting.pk}@hamrah",
            title=gettext("Hamrah: we meet"),
            begins=meeting.at,
            lasts=timedelta(minutes=meeting.minutes),
            where=meeting.place or meeting.link or meeting.phone,
            changes=meeting.changes,
            changed_at=meeting.changed_at,
            called_off=meeting.called_off_at is not None,
        )
    )


def _tell(meeting: Meeting, now: datetime, **said: object) -> None:
    meeting.changes += 1
    meeting.changed_at = now
    for name, value in said.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=["changes", "changed_at", *said])


# ── Who came ─────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def call_roll(
    meeting: Meeting, form: UUID, by: "User", said: Mapping[UUID, str], *, now: datetime
) -> RollCall:
    """Write down who came, of those who are in the circle. The same form again changes nothing more."""
    roll, is_new = RollCall.objects.get_or_create(
        uid=form, defaults={"meeting": meeting, "by": by, "at": now}
    )
    if roll.meeting_id != meeting.pk:
        raise access.NotYours
    if is_new:
        for person in access.members_of(meeting.circle).filter(pk__in=list(said)):
            told = {"came": said[person.pk], "by": by, "at": now}
            Attendance.objects.update_or_create(meeting=meeting, person=person, defaults=told)
    return roll


def attendance(meeting: Meeting) -> dict[UUID, str]:
    """What was written down about each person."""
    return dict(Attendance.objects.filter(meeting=meeting).values_list("person", "came"))


def came(circles: Iterable[Circle], people: Iterable[UUID]) -> dict[UUID, Came]:
    """How often each of these people came to meetings of these circles, in one query."""
    counts: dict[UUID, list[str]] = defaultdict(list)
    rows = Attendance.objects.filter(
        meeting__circle__in=circles, meeting__called_off_at=None, person__in=people
    )
    for person, one in rows.values_list("person", "came"):
        counts[person].append(one)
    return {
        person: Came(sum(one == Attendance.Came.CAME for one in all_of), len(all_of))
        for person, all_of in counts.items()
    }


# ── What was recorded ────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def keep_recording(meeting: Meeting, upload: UploadedFile, *, now: datetime) -> None:
    """Keep a recording, in place of one that was there, and have it made small."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = meeting.recording.name or ""
    suffix = sound.suffix_of(upload.name or "") or "ogg"
    meeting.recording.save(f"{meeting.pk.hex}.{suffix}", upload, save=False)
    _recorded(meeting, Meeting.Sound.WAITING, recorded_at=now)
    transaction.on_commit(functools.partial(_clear, meeting, before))
    transaction.on_commit(functools.partial(_queue, meeting.pk))


@transaction.atomic
def drop_recording(meeting: Meeting) -> None:
    """It is gone for everybody. Twice is once."""
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = meeting.recording.name or ""
    meeting.recording = ""
    _recorded(meeting, Meeting.Sound.NONE, recorded_at=None)
    transaction.on_commit(functools.partial(_clear, meeting, before))


def forget_recordings(now: datetime) -> int:
    """Half a year after it came a recording is gone, and that they met stays. Says how many."""
    old = list(Meeting.objects.filter(recorded_at__lt=now - HALF_A_YEAR))
    for meeting in old:
        drop_recording(meeting)
    return len(old)


def make_small(uid: UUID) -> None:
    """In the worker: speech, small and as loud as all others, in place of what came. Twice is once."""
    meeting = Meeting.objects.filter(pk=uid, sound=Meeting.Sound.WAITING).first()
    if not meeting:
        return
    try:
        small = sound.small_of(meeting.recording, longest=LONGEST)
    except sound.NotConverted as why:
        _keep_as_it_came(meeting, str(why))
    except Exception:
        logger.exception("The recording of meeting %s could not be made small", uid)
        _keep_as_it_came(meeting, sound.NOT_NOW)
    else:
        _exchange(meeting, small)


def catch_up(now: datetime) -> int:
    """Queue again what a lost task left behind. Says how many."""
    waiting = Meeting.objects.filter(sound=Meeting.Sound.WAITING, recorded_at__lt=now - FORGOTTEN)
    left = list(waiting.values_list("pk", flat=True))
    for uid in left:
        _queue(uid)
    return len(left)


def _recorded(meeting: Meeting, state: Meeting.Sound, *, recorded_at: datetime | None) -> None:
    meeting.sound, meeting.seconds, meeting.trouble = state, 0, ""
    meeting.recorded_at = recorded_at
    meeting.save(update_fields=["recording", "sound", "seconds", "trouble", "recorded_at"])


def _keep_as_it_came(meeting: Meeting, why: str) -> None:
    still = Meeting.objects.filter(pk=meeting.pk, recording=meeting.recording.name)
    still.update(sound=Meeting.Sound.FAILED, trouble=why[:200])


def _exchange(meeting: Meeting, small: sound.Small) -> None:
    came = meeting.recording.name or ""
    meeting.recording.save(f"{meeting.pk.hex}.mp3", ContentFile(small.mp3), save=False)
    with transaction.atomic():
        still_here = Meeting.objects.filter(
            pk=meeting.pk, sound=Meeting.Sound.WAITING, recording=came
        ).update(
            recording=meeting.recording.name,
            sound=Meeting.Sound.READY,
            seconds=round(small.milliseconds / 1000),
        )
        gone = came if still_here else meeting.recording.name or ""
        transaction.on_commit(functools.partial(_clear, meeting, gone))


def _clear(meeting: Meeting, name: str) -> None:
    if name:
        meeting.recording.storage.delete(name)


def _queue(uid: UUID) -> None:
    from mentors import tasks  # tasks call this module

    try:
        tasks.make_meeting_small.apply_async((str(uid),), retry=False)
    except (OperationalError, OSError):
        logger.warning("The recording of meeting %s could not be queued; the next tick finds it", uid)
