"""Taking people in at a desk: one form makes one person, however often it arrives, and a card for them.

Each form has an id, made where it is filled in. Only its digest stays here, and the digits of its cards
follow from the id itself. So whoever holds the form may ask for them again for a while, and nobody else can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from lms import cards, privacy, programmes, signin
from lms.locks import one_at_a_time
from lms.models.people import PICTURES, KeyCard, Person, User, WayIn
from lms.models.programme import Programme, Role
from lms.models.reception import MOST_CARDS, CardBatch, Enrolment

TOO_YOUNG = "under-16"
AGES = (TOO_YOUNG, *Person.Age.values)
AGAIN_FOR = timedelta(hours=1)  # a form may arrive again, on a bad line, and gets the same answer
UNUSED_FOR = timedelta(days=90)  # how long a card waits for its first use


class ShownBefore(Exception):
    """What came of this form was shown: too long ago, to somebody else, or the card is used by now."""


@dataclass(frozen=True)
class Said:
    """What somebody wants to be called, how they read and hear, and nothing that must be true but the age."""

    name: str
    picture: str
    age: str
    reads: str
    hears: str
    number: str = ""  # E.164; they prove it later, on their own phone
    with_pin: bool = False  # name, picture and PIN are to open the place; the PIN itself is never said here


@dataclass(frozen=True)
class TakenIn:
    """A person who has a place now, and the digits of their first card."""

    person: Person
    code: str
    is_new: bool


def heard(form: Mapping[str, str]) -> tuple[Said, set[str]]:
    """What stands in a form, and which of its questions are still open."""
    words = {key: form.get(key, "") for key in ("name", "picture", "age", "reads", "hears")}
    said = Said(**words, with_pin=form.get("way") == "pin")
    answers = {"picture": dict(PICTURES), "age": AGES, "reads": settings.READING, "hears": settings.HEARING}
    return said, {question for question, known in answers.items() if getattr(said, question) not in known}


# ── One person ───────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def enrol(form: UUID, said: Said, programme: Programme, *, by: User, now: datetime) -> TakenIn:
    """Make a place with its first card. If the form arrives again, what it says last holds."""
    one_at_a_time(form)
    there = _enrolment(form)
    if not there:
        person = _settle(said, None, now)
        _note(person, form, programme, by, said, now)
        return TakenIn(person, cards.issue_first(person, form, now=now), is_new=True)
    code = _still_shown(there, form, by, now)
    if there.programme_id != programme.pk:
        _move(there, programme, now)
    there.number, there.with_pin = said.number, said.with_pin
    there.save(update_fields=["programme", "number", "with_pin"])
    return TakenIn(_correct(there.person, said), code, is_new=False)


@transaction.atomic
def turn_away(form: UUID, *, by: User, now: datetime) -> None:
    """Too young for a place: whom this form took in a moment ago, before it was corrected, is not there."""
    one_at_a_time(form)
    if there := _enrolment(form):
        _still_shown(there, form, by, now)
        privacy.erase(there.person, now=now)


@transaction.atomic
def correct(person: Person, said: Said) -> bool:
    """What a list says now holds, until they were in their place: from then on they speak for themselves."""
    one_at_a_time(person.pk)
    there = Enrolment.objects.filter(person=person, person__user__last_login=None).select_related("person")
    if not (enrolment := there.first()):
        return False
    enrolment.number = said.number
    enrolment.save(update_fields=["number"])
    _correct(enrolment.person, said)
    return True


def first_cards(forms: Mapping[str, UUID], *, by: User, now: datetime) -> dict[str, str]:
    """The digits of whom these forms took in within the last hour, of cards that still open, by key."""
    digests = {_digest(form): key for key, form in forms.items()}
    mine = Enrolment.objects.filter(digest__in=digests, by=by, at__gt=now - AGAIN_FOR)
    codes = {
        digests[one]: cards.of_form(forms[digests[one]]) for one in mine.values_list("digest", flat=True)
    }
    still = set(cards.unused(codes.values()))
    return {key: codes[key] for key in forms if codes.get(key) in still}


def number_to_prove(person: Person) -> str:
    """The number that somebody said at the desk, until a number opens their place."""
    said = Enrolment.objects.filter(person=person).exclude(number="").first()
    return said.number if said and not WayIn.objects.filter(person=person).exists() else ""


def pin_to_choose(person: Person) -> bool:
    """Did they say at the desk that they want a PIN, and have chosen none yet?"""
    return not person.pin and Enrolment.objects.filter(person=person, with_pin=True).exists()


# ── A course room ────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def prepare(form: UUID, programme: Programme, how_many: int, *, by: User, now: datetime) -> CardBatch:
    """Make cards for people who are not there yet. If the form arrives again, they are the same cards."""
    one_at_a_time(form)
    there = CardBatch.objects.filter(digest=_digest(form)).first()
    if there:
        return _same_batch(there, by, now)
    batch = CardBatch.objects.create(
        programme=programme,
        by=by,
        digest=_digest(form),
        how_many=how_many,
        made_at=now,
        ends_at=now + UNUSED_FOR,
    )
    cards.issue_blank(batch, form, now=now)
    return batch


def how_many(typed: str, *, most: int = MOST_CARDS) -> int | None:
    """A number that somebody typed, if it may be so many; for cards, what one batch may have."""
    number = int(typed) if typed.strip().isdecimal() and len(typed) < 4 else 0
    return number if 1 <= number <= most else None


def sheet_of(form: UUID, *, by: User, now: datetime) -> tuple[CardBatch, list[str]]:
    """The digits of a batch that was made a moment ago, of cards that still wait."""
    batch = CardBatch.objects.filter(digest=_digest(form)).select_related("programme").first()
    if not batch:
        raise ShownBefore
    codes = (cards.of_form(form, nth) for nth in range(1, batch.how_many + 1))
    return _same_batch(batch, by, now), cards.unused(codes)


@transaction.atomic
def move_in(typed: str, form: UUID, said: Said, *, guest: Person | None, now: datetime) -> Person:
    """Make the place that a printed card opens. A second tap finds the same place; somebody else does not."""
    card = cards.printed(typed, now=now)
    one_at_a_time(card.pk)
    card.refresh_from_db(fields=["person"])
    if card.person_id:
        return _moved_in(card, form, now)
    person = _settle(said, guest, now)
    _note(person, form, card.batch.programme, card.batch.by, said, now)
    cards.belongs_to(card, person, now=now)
    return person


# ── Later ────────────────────────────────────────────────────────────────────────────────────────────────


def end_unused(*, now: datetime) -> None:
    """Cards that nobody used end, and so do places in which nobody has ever been."""
    KeyCard.objects.filter(person=None, batch__ends_at__lte=now).delete()
    never = Enrolment.objects.filter(at__lte=now - UNUSED_FOR, person__user__last_login=None)
    for enrolment in never.select_related("person"):
        privacy.erase(enrolment.person, now=now)


# ── Small things ─────────────────────────────────────────────────────────────────────────────────────────


def _settle(said: Said, guest: Person | None, now: datetime) -> Person:
    who = signin.Newcomer(said.name, said.picture, said.age, said.reads)
    person = signin.new_place(who, guest=guest, now=now)
    person.hears = said.hears
    person.save(update_fields=["hears"])
    return person


def _correct(person: Person, said: Said) -> Person:
    person.name, person.picture, person.age = signin.tidy(said.name), said.picture, said.age
    person.reads, person.hears = said.reads, said.hears
    person.save()
    return person


def _note(person: Person, form: UUID, programme: Programme, by: User, said: Said, now: datetime) -> None:
    programmes.join(person, programme, at=now)
    Enrolment.objects.create(
        person=person,
        programme=programme,
        by=by,
        digest=_digest(form),
        number=said.number,
        with_pin=said.with_pin,
        at=now,
    )


def _move(there: Enrolment, programme: Programme, now: datetime) -> None:
    if before := programmes.present(there.person, there.programme, Role.LEARNER):
        programmes.leave(before, at=now)
    programmes.join(there.person, programme, at=now)
    there.programme = programme


def _enrolment(form: UUID) -> Enrolment | None:
    found = Enrolment.objects.filter(digest=_digest(form))
    return found.select_related("person__user", "programme").first()


def _still_shown(there: Enrolment, form: UUID, by: User, now: datetime) -> str:
    code = cards.of_form(form)
    if there.by_id != by.pk or there.at <= now - AGAIN_FOR or not cards.unused([code]):
        raise ShownBefore
    return code


def _same_batch(batch: CardBatch, by: User, now: datetime) -> CardBatch:
    if batch.by_id != by.pk or batch.made_at <= now - AGAIN_FOR:
        raise ShownBefore
    return batch


def _moved_in(card: KeyCard, form: UUID, now: datetime) -> Person:
    there = _enrolment(form)
    if not there or there.person_id != card.person_id or there.at <= now - AGAIN_FOR:
        raise cards.UsedCard
    return there.person


def _digest(form: UUID) -> str:
    return salted_hmac("hamrah.form", str(form), algorithm="sha256").hexdigest()
