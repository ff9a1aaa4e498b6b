"""Phones and their tokens: each adds to the record of one person, and reads that person's progress."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from lms import consent, intake, standings
from lms.locks import one_at_a_time
from lms.models.consent import ConsentEntry, Purpose
from lms.models.people import Device, Person, WayIn
from lms.models.record import Erased, HeldLine, RecordLine, Standing
from lms.wire import Told

LASTS = timedelta(days=400)  # from the last time the phone was heard of
NOTED_EVERY = timedelta(days=1)  # how exactly we know when that was


class UnknownToken(Exception):
    """Nobody was given this token, or too long ago."""


class RevokedToken(Exception):
    """The phone was taken off its person's list."""


class ForgottenPerson(Exception):
    """The person of this token asked to be forgotten."""


class NotAGuest(Exception):
    """What is on this phone belongs to somebody with a way in of their own."""


def begin(told: Told, *, token: str = "", label: str = "", now: datetime) -> str:
    """Make a guest whose phone has this token, or a new one. A phone that asks twice is one phone."""
    guest = Person()
    if told.locale in settings.READING:
        guest.reads = guest.hears = told.locale
    if told.voice in settings.HEARING:
        guest.hears = told.voice
    if told.time_zone in available_timezones():
        guest.time_zone = told.time_zone
    try:
        with transaction.atomic():
            guest.save()
            _, token = issue(guest, label=label, now=now, token=token)
    except IntegrityError:
        if not Device.objects.filter(token_digest=_digest(token)).exists():
            raise
    return token


def issue(
    person: Person,
    *,
    label: str = "",
    now: datetime,
    courses_only: bool = False,
    mark: str = "",
    token: str = "",
) -> tuple[Device, str]:
    """Give a phone its token. Here only the digest stays, so nobody can read the token from the database.

    A phone that is known by its mark already, from the way in, stays one phone. One that had no network yet
    may have made its token itself.
    """
    token = token or secrets.token_urlsafe(32)
    known = _known(person, mark).first()
    device = known or Device(person=person, made_at=now, courses_only=courses_only, mark=_marked(mark))
    device.token_digest, device.label, device.seen_at = _digest(token), label[:80], now
    device.save()
    return device, token


def device_of(token: str, *, now: datetime) -> Device:
    """The phone that holds a token. One query, and one more on the first call of a day."""
    digest = _digest(token)
    device = next(iter(Device.objects.filter(token_digest=digest)), None)
    if not device:
        raise ForgottenPerson if Erased.objects.filter(digest=digest).exists() else UnknownToken
    if device.revoked_at:
        raise RevokedToken
    if device.seen_at < now - LASTS:
        raise UnknownToken
    if device.seen_at < now - NOTED_EVERY:
        Device.objects.filter(pk=device.pk).update(seen_at=now)
    return device


def phones_of(person: Person) -> QuerySet[Device]:
    """For the person's list of phones: the one heard of last comes first."""
    return Device.objects.filter(person=person, revoked_at=None).order_by("-seen_at", "pk")


def person_of(token: str) -> Person | None:
    """Who learned on the phone that holds this token, unless it was taken off their list."""
    device = Device.objects.select_related("person").filter(token_digest=_digest(token)).first()
    return device.person if device and not device.revoked_at else None


# ── Known again by a mark, without a token ───────────────────────────────────────────────────────────────


def new_mark() -> str:
    """What a browser keeps in a cookie so that it is known again."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def remember(person: Person, mark: str, *, courses_only: bool, now: datetime) -> None:
    """Somebody came in on this phone, so their PIN opens their place here from now on."""
    one_at_a_time(person.pk)
    if not _known(person, mark).update(seen_at=now, courses_only=courses_only):
        nobody_has = _digest(secrets.token_urlsafe(32))
        Device.objects.create(
            person=person,
            token_digest=nobody_has,
            mark=_marked(mark),
            courses_only=courses_only,
            made_at=now,
            seen_at=now,
        )


def people_on(mark: str, *, now: datetime) -> list[Person]:
    """Whose phone this is: they came in here, and it was not taken off their list since."""
    devices = Device.objects.filter(mark=_marked(mark), revoked_at=None, seen_at__gt=now - LASTS)
    return list(Person.objects.filter(pk__in=devices.exclude(mark="").values("person"), merged_into=None))


def known_here(person: Person, mark: str) -> Device | None:
    """The phone of a person that a browser with this mark is."""
    return _known(person, mark).first()


@transaction.atomic
def settle(person: Person, token: str, mark: str) -> None:
    """The phone of a former guest, and the one that was remembered on the way in, are one phone."""
    here = Device.objects.filter(person=person, token_digest=_digest(token), revoked_at=None)
    if mark and here.exists():
        _known(person, mark).exclude(token_digest=_digest(token)).delete()
        here.update(mark=_marked(mark))


def _known(person: Person, mark: str) -> QuerySet[Device]:
    return Device.objects.filter(person=person, mark=_marked(mark), revoked_at=None).exclude(mark="")


def _marked(mark: str) -> str:
    return _digest(mark) if mark else ""


# ── From a list, to another person, into nothing ─────────────────────────────────────────────────────────


def revoke(person: Person, phone: UUID, *, now: datetime) -> None:
    """Take a phone off a person's list: from the next request on, its token opens nothing."""
    Device.objects.filter(pk=phone, person=person, revoked_at=None).update(revoked_at=now)


def let_go(people: Iterable[Person], *, on: date) -> None:
    """Before people are erased: their phones will hear that nothing is left, and clear themselves."""
    digests = Device.objects.filter(person__in=people).values_list("token_digest", flat=True)
    Erased.objects.bulk_create([Erased(digest=digest, on=on) for digest in digests], ignore_conflicts=True)


@transaction.atomic
def claim(guest: Person, person: Person, *, now: datetime) -> None:
    """Give all that a guest did, and their phones, to the person they turned out to be. Twice is once.

    What somebody answered about consent under their own name holds; the guest's answers fill in what they
    never answered. So where the person said no, nothing of the guest's record remains.
    """
    if guest.pk == person.pk:
        return
    one_at_a_time(guest.pk, person.pk)
    guest.refresh_from_db()
    if guest.merged_into_id == person.pk:
        return
    if guest.user_id or guest.merged_into_id or WayIn.objects.filter(person=guest).exists():
        raise NotAGuest
    if consent.last_answer(person, Purpose.RECORD) == ConsentEntry.Answer.NO:
        RecordLine.objects.filter(person=guest).delete()
    _fill_in_consent(guest, person)
    for model in (RecordLine, HeldLine, Device):
        model.objects.filter(person=guest).update(person=person)
    Person.objects.filter(Q(pk=guest.pk) | Q(merged_into=guest)).update(merged_into=person)
    Standing.objects.filter(person=guest).delete()
    intake.look_again(person, now=now)
    standings.rebuild(person, now=now)


def _fill_in_consent(guest: Person, person: Person) -> None:
    decided = [
        purpose
        for purpose in Purpose
        if consent.last_answer(person, purpose) in {ConsentEntry.Answer.YES, ConsentEntry.Answer.NO}
    ]
    ConsentEntry.objects.filter(person=guest).exclude(purpose__in=decided).update(person=person)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
