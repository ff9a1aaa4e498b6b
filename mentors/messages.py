"""What two who walk together write to each other, who may pause it, and what the safeguarding lead reads.

Content is for the two alone. The safeguarding lead sees that people write, how often and whether it is
paused, and reads what one of the two reported, with a few messages before it.
"""

import functools
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from lms import waiting
from lms.locks import one_at_a_time
from media import spoken
from mentors import access
from mentors.contacts import WORDS
from mentors.models.bonds import Bond, Look
from mentors.models.messages import Message, ReportedMessage, Side

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

logger = logging.getLogger("hamrah.messages")

NEW = gettext_noop("Something new for you")
SPOKEN = timedelta(seconds=60)
SHOWN = 30  # on one page, the newest
BEFORE = 10  # so many messages before a reported one are read with it
AN_HOUR, HOUR = 60, timedelta(hours=1)  # from one sender
LATELY = timedelta(days=30)


class Closed(Exception):
    """They do not walk together now, or the person said no to it."""


class Paused(Exception):
    """One of the two paused the messages."""


class UsedForm(Exception):
    """With this form something else was sent."""


@dataclass(frozen=True)
class Said:
    """What stands in the form."""

    text: str = ""
    voice: UploadedFile | None = None

    @property
    def digest(self) -> str:
        """The same for the same words and the same sound."""
        found = hashlib.sha256(self.text.encode() + b"\0")
        for piece in self.voice.chunks() if self.voice else ():
            found.update(piece)
        return found.hexdigest()


@dataclass(frozen=True)
class Shown:
    """A message as one of the two sees it."""

    message: Message
    is_mine: bool
    is_new: bool  # the other one wrote it since this one was here last
    is_reported: bool  # by this one

    @property
    def can_be_played(self) -> bool:
        """Does a browser play its voice note?"""
        return spoken.can_be_played(self.message.voice)


@dataclass(frozen=True)
class Thread:
    """Some messages of a bond, the oldest first, as one of the two sees them."""

    shown: list[Shown]
    earlier: int | None  # from which one on there are more

    @property
    def newest(self) -> Message | None:
        """The last one that is shown."""
        return self.shown[-1].message if self.shown else None


@dataclass(frozen=True)
class Numbers:
    """How many write to each other in a programme, and how much lately. Nothing of what."""

    pairs: int
    lately: int


@dataclass(frozen=True)
class HowOften:
    """That two write to each other, and how often."""

    bond: Bond
    count: int
    last_at: datetime


# ── Between the two ──────────────────────────────────────────────────────────────────────────────────────


def bond_of(person: "Person", which: int | None = None) -> Bond | None:
    """Whose messages a person reads: of one of their bonds, else of the one now, else of the last."""
    bonds = Bond.objects.filter(person=person).select_related("person", "coach", "programme")
    if which is not None:
        bonds = bonds.filter(pk=which)
    wrote = Exists(Message.objects.filter(bond=OuterRef("pk")))
    there = bonds.filter(Q(ended_at=None) | wrote)
    return there.order_by(Case(When(ended_at=None, then=0), default=1), "-ended_at", "-pk").first()


def is_open(bond: Bond) -> bool:
    """May they write? They walk together now, where both of them are, and the person agrees to it."""
    return access.are_together(bond)


def is_there(bond: Bond) -> bool:
    """May the person see the page: do the two write to each other, or did they?"""
    return is_open(bond) or Message.objects.filter(bond=bond).exists()


@transaction.atomic
def send(bond: Bond, side: Side, form: UUID, said: Said, *, now: datetime) -> Message:
    """Keep what one of the two says to the other. The same form twice is one message."""
    one_at_a_time(form)
    held = Bond.objects.select_for_update().get(pk=bond.pk)  # so that messages follow each other by their ids
    digest = said.digest
    if there := Message.objects.filter(uid=form).first():
        if (there.bond_id, there.side, there.digest) == (held.pk, side, digest):
            return there
        raise UsedForm
    if held.ended_at:
        raise Closed
    if held.person_paused_at or held.coach_paused_at:
        raise Paused
    message = Message(uid=form, bond=held, person_id=held.person_id, side=side, text=said.text, at=now)
    message.digest = digest
    if said.voice:
        message.voice.save(spoken.name_for(form.hex, said.voice), said.voice, save=False)
        message.sound = Message.Sound.WAITING
    message.save(force_insert=True)
    if said.voice:
        transaction.on_commit(functools.partial(_queue, message.pk))
    return message


def thread(bond: Bond, side: Side, *, before: int | None = None) -> Thread:
    """The newest messages, or those before one of them."""
    rows = Message.objects.filter(bond=bond).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: SHOWN + 1])
    page = found[:SHOWN]
    told = ReportedMessage.objects.filter(message__in=[one.pk for one in page], side=side)
    reported = set(told.values_list("message", flat=True))
    read_to = getattr(bond, _read(side))
    shown = [
        Shown(
            one,
            is_mine=one.side == side,
            is_new=one.side != side and one.pk > read_to,
            is_reported=one.pk in reported,
        )
        for one in reversed(page)
    ]
    return Thread(shown, page[-1].pk if len(found) > SHOWN else None)


def read(bond: Bond, side: Side, newest: Message) -> None:
    """One of the two has seen everything up to here. Only they themselves see a difference."""
    field = _read(side)
    if newest.pk > getattr(bond, field):
        Bond.objects.filter(pk=bond.pk, **{f"{field}__lt": newest.pk}).update(**{field: newest.pk})


def one_of(bond: Bond, uid: UUID | None) -> Message:
    """One message of a bond; raises `access.NotYours` for others."""
    found = Message.objects.filter(bond=bond, uid=uid).first()
    if found is None:
        raise access.NotYours
    return found


def pause(bond: Bond, side: Side, *, paused: bool, now: datetime) -> None:
    """One of the two stops the messages, or goes on with them. Nobody's bond ends by it; twice is once."""
    field = _paused(side)
    there = Bond.objects.filter(pk=bond.pk)
    if paused:
        there.filter(**{field: None}).update(**{field: now})
    else:
        there.update(**{field: None})


def is_paused_by(bond: Bond, side: Side) -> bool:
    """Did this one stop the messages?"""
    return getattr(bond, _paused(side)) is not None


def is_paused(bond: Bond) -> bool:
    """Did one of the two stop the messages?"""
    return any(is_paused_by(bond, side) for side in Side)


def waiting_for_coach(bonds: Iterable[Bond]) -> dict[int, int]:
    """How many messages a coach has not seen yet, by bond, in one query."""
    new = Message.objects.filter(bond__in=list(bonds), side=Side.PERSON, pk__gt=F("bond__coach_read"))
    return dict(new.values("bond").annotate(many=Count("pk")).values_list("bond", "many"))


def waits_with(bond: Bond) -> bool:
    """Did this coach write since the person was here last?"""
    return Message.objects.filter(bond=bond, side=Side.COACH, pk__gt=bond.person_read).exists()


@waiting.register
def news_for(person: "Person", now: datetime) -> list[waiting.Waits]:
    """That something is new, and never what, nor from whom: others may look at the phone."""
    return [waiting.Waits(NEW, "looks:messages", is_news=True)] if waits_for(person) else []


def waits_for(person: "Person") -> bool:
    """Did their coach write since they were here last?"""
    new = Message.objects.filter(person=person, side=Side.COACH, pk__gt=F("bond__person_read"))
    return new.filter(bond__ended_at=None).exists()


# ── The safeguarding lead ────────────────────────────────────────────────────────────────────────────────


def report(message: Message, side: Side, *, now: datetime) -> ReportedMessage:
    """One of the two asks the safeguarding lead to read a message. Twice is once."""
    told = {"bond_id": message.bond_id, "person_id": message.person_id, "at": now}
    return ReportedMessage.objects.get_or_create(message=message, side=side, defaults=told)[0]


def reported_in(programme: "Programme") -> QuerySet[ReportedMessage]:
    """What was reported in a programme: what nobody has read first, the longest first."""
    told = ReportedMessage.objects.filter(bond__programme=programme)
    return told.select_related("person", "bond__coach", "heard_by").order_by(
        F("heard_at").asc(nulls_first=True), "at"
    )


def waiting_in(programme: "Programme") -> int:
    """How many reports nobody has taken care of yet."""
    return ReportedMessage.objects.filter(bond__programme=programme, heard_at=None).count()


def read_reported(lead: "User", told: ReportedMessage, *, now: datetime) -> list[Message]:
    """The reported message and the few before it, the oldest first. That they were read is noted."""
    Look.objects.create(by=lead, person_id=told.person_id, what=Look.What.MESSAGES, at=now)
    return list(reversed(with_it(told)))


def with_it(told: ReportedMessage) -> QuerySet[Message]:
    """What the safeguarding lead may read because of a report, the newest first."""
    if told.message_id is None:
        return Message.objects.none()
    there = Message.objects.filter(bond=told.bond_id, pk__lte=told.message_id)
    return there.order_by("-pk")[: BEFORE + 1]


def hear(told: ReportedMessage, by: "User", *, now: datetime) -> None:
    """The safeguarding lead has it in hand. Twice is once."""
    ReportedMessage.objects.filter(pk=told.pk, heard_at=None).update(heard_by=by, heard_at=now)


def numbers_of(programme: "Programme", *, now: datetime) -> Numbers:
    """That people write to each other, and how much."""
    there = Message.objects.filter(bond__programme=programme, bond__ended_at=None)
    found = there.aggregate(
        pairs=Count("bond", distinct=True), lately=Count("pk", filter=Q(at__gte=now - LATELY))
    )
    return Numbers(**found)


def paused_in(programme: "Programme") -> QuerySet[Bond]:
    """Who walks together and does not write just now, because one of the two wants it so."""
    bonds = Bond.objects.filter(programme=programme, ended_at=None)
    paused = bonds.filter(Q(person_paused_at__isnull=False) | Q(coach_paused_at__isnull=False))
    return paused.select_related("person", "coach").order_by("pk")


def how_often(programme: "Programme", person: "Person") -> HowOften | None:
    """How often somebody and who walks with them write to each other, if they do."""
    bond = (
        Bond.objects.filter(programme=programme, person=person, ended_at=None).select_related("coach").first()
    )
    found = Message.objects.filter(bond=bond).aggregate(count=Count("pk"), last_at=Max("at"))
    return HowOften(bond, **found) if bond and found["count"] else None


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────


def forget(now: datetime) -> int:
    """Words and voices go half a year after two parted; that something was reported stays."""
    old = Message.objects.filter(bond__ended_at__lt=now - WORDS)
    voices = [one.voice for one in old.exclude(voice="")]
    count = old.count()
    old.delete()
    for voice in voices:
        voice.storage.delete(voice.name or "")
    return count


def make_small(pk: int) -> None:
    """Make one voice note small. Twice is once."""
    spoken.make_small(Message, pk)


def catch_up(now: datetime) -> int:
    """Queue again what a lost task left behind. Says how many."""
    return spoken.catch_up(Message, _queue, now=now)


def _queue(pk: int) -> None:
    from mentors import tasks  # tasks call this module

    try:
        tasks.make_message_small.apply_async((pk,), retry=False)
    except (OperationalError, OSError):
        logger.warning("Message %s could not be queued; the next tick will find it", pk)


def _read(side: Side) -> str:
    return f"{side}_read"


def _paused(side: Side) -> str:
    return f"{side}_paused_at"
