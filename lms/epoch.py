"""Which incarnation of the server phones talk to, and until when its backups are known to hold everything.

A restored backup has forgotten what came after it, so it must get a new epoch: phones then offer again what
they still keep. They keep everything that was received after `kept_until`.
"""

import uuid
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import transaction

from lms.locks import one_at_a_time
from lms.models.record import ServerEpoch

SLOWEST = timedelta(minutes=5)  # a request takes no longer
ASKED_AGAIN_AFTER = 60  # seconds: who answers phones asks the database once a minute


class NoTimeOfABackup(ValueError):
    """Not a time at which a backup can have been made. It says why, in a sentence."""


def present(*, now: datetime) -> ServerEpoch:
    """The epoch of today; a new server makes its first one."""
    cache = caches["process"]
    if epoch := cache.get("epoch"):
        return epoch
    epoch = ServerEpoch.objects.order_by("-since").first() or _first(now)
    cache.set("epoch", epoch, ASKED_AGAIN_AFTER)
    return epoch


def safe_before(epoch: ServerEpoch) -> datetime:
    """What was received before this is in a backup for certain, so phones need not keep it."""
    return epoch.kept_until - SLOWEST


@transaction.atomic
def begin_anew(*, backup_of: datetime) -> ServerEpoch:
    """After a restore: phones see that this is not the server they knew, and what it may have forgotten."""
    one_at_a_time("epoch")
    ServerEpoch.objects.all().delete()
    caches["process"].delete("epoch")
    return ServerEpoch.objects.create(kept_until=backup_of)


def backed_up(until: datetime) -> bool:
    """A backup was verified that holds everything received before `until`. Was that news?"""
    news = ServerEpoch.objects.filter(kept_until__lt=until).update(kept_until=until)
    caches["process"].delete("epoch")
    return bool(news)


def time_of_backup(written: str, *, now: datetime) -> datetime:
    """A time as somebody writes it who looks after a server: with its zone, and in the past."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise NoTimeOfABackup(f"“{written}” is no time. Please write it as 2027-01-31T02:00Z.") from None
    if at.tzinfo is None:
        raise NoTimeOfABackup(f"{written} has no time zone. Please write it as 2027-01-31T02:00Z.")
    if at > now:
        raise NoTimeOfABackup(f"{written} is still to come; no backup holds what is not there yet.")
    return at


@transaction.atomic
def _first(now: datetime) -> ServerEpoch:
    one_at_a_time("epoch")
    epoch, _ = ServerEpoch.objects.get_or_create(defaults={"uid": uuid.uuid4(), "kept_until": now})
    return epoch
