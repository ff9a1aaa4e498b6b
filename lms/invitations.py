"""Invitations: ten digits, on paper or in a QR, with which people join a programme once they have a place.

The digits open nothing that is about anybody. Whoever has them may join, until they are used up or too old.
"""

import secrets
from datetime import datetime

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe

from lms import programmes
from lms.locks import one_at_a_time
from lms.models.people import Person, User
from lms.models.programme import OF_LEARNERS, Invitation, Membership, Programme, Role
from lms.numbers import digits

LENGTH = 10
GROUPS = (3, 3, 4)  # as they are read aloud


class NotInvited(Exception):
    """No invitation has these digits, or it is too old, or as many as it was for have joined."""


def make(programme: Programme, role: Role, uses: int, until: datetime, by: User | None) -> str:
    """Invite so many people to learn in a programme, and say the digits, this once."""
    code = f"{secrets.randbelow(10**LENGTH):0{LENGTH}}"
    Invitation.objects.create(
        programme=programme, role=role, uses=uses, until=until, made_by=by, digest=_digest(code)
    )
    return code


def find(code: str, *, now: datetime) -> Invitation:
    """The invitation behind these digits, for who has no place yet. Looking uses nothing up."""
    invitation = _open(now).filter(digest=_digest(digits(code))).select_related("programme").first()
    if not invitation:
        raise NotInvited
    return invitation


@transaction.atomic
def enter(code: str, person: Person, now: datetime) -> Membership:
    """Somebody with a place joins. Who learns there already stays as they are, and uses nothing up."""
    one_at_a_time(person.pk)
    invitation = find(code, now=now)
    for role in OF_LEARNERS:
        if there := programmes.present(person, invitation.programme, role):
            return there
    this = Invitation.objects.filter(pk=invitation.pk, uses__gt=0)
    if not this.update(uses=F("uses") - 1):
        raise NotInvited
    return programmes.join(person, invitation.programme, at=now, role=Role(invitation.role))


def still_open(programme: Programme, *, now: datetime) -> QuerySet[Invitation]:
    """For who works there: the invitations of a programme with which people may still join."""
    return _open(now).filter(programme=programme).select_related("made_by").order_by("until", "pk")


def take_back(programme: Programme, invitation: str, *, now: datetime) -> None:
    """From now on nobody joins with it. Who has joined stays."""
    _open(now).filter(programme=programme, pk=invitation).update(uses=0)


def groups(code: str) -> list[str]:
    """Three, three and four digits."""
    ends = [sum(GROUPS[: n + 1]) for n in range(len(GROUPS))]
    return [code[end - size : end] for size, end in zip(GROUPS, ends, strict=True)]


def address(code: str) -> str:
    """What the QR opens. The digits stand after #, so no server ever sees them in an address."""
    return f"{settings.SITE_ADDRESS}/i#{code}"


def qr(code: str) -> SafeString:
    """The address as a drawing without colours or sizes of its own."""
    drawn = segno.make(address(code), error="m", micro=False)
    return mark_safe(drawn.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2))  # noqa: S308 - digits


def _open(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(uses__gt=0, until__gt=now, programme__closed_on=None)


def _digest(code: str) -> str:
    return salted_hmac("hamrah.invitation", code, algorithm="sha256").hexdigest()
