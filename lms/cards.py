"""The key card: twelve digits on paper that open a person's courses once, when phone and number are gone."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import segno
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from lms import signin
from lms.models.people import KeyCard, Person
from lms.models.reception import CardBatch
from lms.numbers import digits

LENGTH = 12


class WrongCard(Exception):
    """No card has these digits."""


class UsedCard(Exception):
    """The card was used, or another one took its place."""


class NobodyYet(Exception):
    """The card was printed for a course room, and whoever holds it makes the place that it opens."""


@transaction.atomic
def issue(person: Person, *, now: datetime) -> str:
    """Make a card and say its digits, this once. An older card opens nothing any more."""
    KeyCard.objects.filter(person=person, used_at=None, replaced_at=None).update(replaced_at=now)
    code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"
    KeyCard.objects.create(person=person, digest=_digest(code), made_at=now)
    return code


def issue_first(person: Person, form: UUID, *, now: datetime) -> str:
    """The card that somebody is given at a desk together with their place."""
    code = of_form(form)
    KeyCard.objects.create(person=person, digest=_digest(code), made_at=now, first=True)
    return code


def issue_blank(batch: CardBatch, form: UUID, *, now: datetime) -> None:
    """Cards for a course room. Each waits for whoever uses it first."""
    codes = [of_form(form, nth) for nth in range(1, batch.how_many + 1)]
    KeyCard.objects.bulk_create(
        KeyCard(batch=batch, digest=_digest(code), made_at=now, first=True) for code in codes
    )


def of_form(form: UUID, nth: int = 0) -> str:
    """The digits that follow from a form's id, which is kept nowhere here, and from the site's secret."""
    drawn = salted_hmac("hamrah.first-card", f"{form}:{nth}", algorithm="sha256").digest()
    return f"{int.from_bytes(drawn) % 10**LENGTH:0{LENGTH}}"


def unused(codes: Iterable[str]) -> list[str]:
    """Those of these cards that still open."""
    digests = {_digest(code): code for code in codes}
    waiting = KeyCard.objects.filter(digest__in=digests, used_at=None, replaced_at=None)
    there = set(waiting.values_list("digest", flat=True))
    return [code for digest, code in digests.items() if digest in there]


@transaction.atomic
def open_with(typed: str, *, now: datetime) -> Person:
    """Use a card up. The person's other phones are told."""
    card = _found(typed, now)
    if not card.person:
        raise NobodyYet
    if not card.person.user_id:
        raise WrongCard
    if not KeyCard.objects.filter(pk=card.pk, used_at=None, replaced_at=None).update(used_at=now):
        raise UsedCard
    if card.first and not card.person.user.last_login:
        # Nobody has been there yet, so nothing is inside that a finder of the card could see.
        signin.confirm_phone(card.person, now=now)
    signin.tell_phones(card.person, "card-used")
    return card.person


def printed(typed: str, *, now: datetime) -> KeyCard:
    """The card from a course room with these digits. Looking uses nothing up."""
    card = _found(typed, now)
    if not card.batch:
        raise WrongCard
    return card


def belongs_to(card: KeyCard, person: Person, *, now: datetime) -> None:
    """A printed card has found its person, and is used up by it."""
    KeyCard.objects.filter(pk=card.pk).update(person=person, used_at=now)
    signin.confirm_phone(person, now=now)


def has_one(person: Person) -> bool:
    """Is there a card somewhere that opens?"""
    return KeyCard.objects.filter(person=person, used_at=None, replaced_at=None).exists()


def groups(code: str) -> list[str]:
    """Three groups of four, as they are read aloud."""
    return [code[at : at + 4] for at in range(0, LENGTH, 4)]


def address(code: str) -> str:
    """What the QR opens. The code stands after #, so no server ever sees it in an address."""
    return f"{settings.SITE_ADDRESS}/k#{code}"


def page() -> str:
    """Where the digits can be typed, as it is printed."""
    return f"{settings.SITE_ADDRESS}/k".partition("://")[2]


def qr(code: str) -> SafeString:
    """The address as a drawing without colours or sizes of its own."""
    return drawn(address(code))


def drawn(address: str) -> SafeString:
    """Any address of ours as such a drawing."""
    found = segno.make(address, error="m", micro=False)
    return mark_safe(found.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2))  # noqa: S308 - digits


def _found(typed: str, now: datetime) -> KeyCard:
    card = KeyCard.objects.select_related("person__user", "batch__programme")
    found = card.filter(digest=_digest(digits(typed))).first()
    if not found or (found.batch and not found.person and found.batch.ends_at <= now):
        raise WrongCard
    return found


def _digest(code: str) -> str:
    return salted_hmac("hamrah.card", code, algorithm="sha256").hexdigest()
