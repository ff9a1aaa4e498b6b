"""What is asked of a person before something is kept about them, and what they said.

The ledger only grows: the last answer about a purpose is the one that holds.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lms.models.consent import ConsentEntry, Purpose
from lms.models.people import Person, User


@dataclass(frozen=True)
class Wording:
    """What a person hears before they answer. A new meaning gets a new version, and is asked again."""

    purpose: Purpose
    version: int
    sentence: Promise
    sees: Promise  # who will be able to see it
    at_first: bool = True  # asked as soon as somebody has a place; else they find it where it is of use


WORDINGS = {
    Purpose.RECORD: Wording(
        Purpose.RECORD,
        1,
        _("May we remember what you learn, so that you can go on with another phone?"),
        _("Only you see it."),
    ),
    Purpose.COACH: Wording(
        Purpose.COACH,
        1,
        _("May your coach see how far you are, so that they can help?"),
        _("You and your coach see it."),
    ),
    Purpose.COUNT: Wording(
        Purpose.COUNT,
        1,
        _("May we count you, without your name, to show what helps?"),
        _("Nobody sees you, only numbers of ten people and more."),
    ),
    Purpose.MESSAGE: Wording(
        Purpose.MESSAGE,
        1,
        _("May we send you a short message when something waits for you?"),
        _("Whoever holds your phone sees it. It says only Hamrah, and until which day."),
        at_first=False,
    ),
}


def answer(
    person: Person,
    purpose: Purpose,
    said: ConsentEntry.Answer,
    *,
    at: datetime,
    locale: str,
    voice: str = "",
    heard: bool = False,
    channel: ConsentEntry.Channel = ConsentEntry.Channel.SELF,
    asked_by: User | None = None,
    line: UUID | None = None,
) -> ConsentEntry:
    """Write down one answer in the words in which it was asked."""
    wording = WORDINGS[purpose]
    return ConsentEntry.objects.create(
        person=person,
        purpose=purpose,
        version=wording.version,
        wording=_digest(wording, locale),
        answer=said,
        locale=locale,
        voice=voice,
        heard=heard,
        channel=channel,
        asked_by=asked_by,
        at=at,
        line=line,
    )


def told_by(lines: Iterable[UUID]) -> dict[UUID, UUID]:
    """Which of these lines are in the ledger, and whose they are."""
    return dict(ConsentEntry.objects.filter(line__in=lines).values_list("line", "person"))


def agreed(person: Person, purpose: Purpose) -> bool:
    """Did they say yes, and not take it back?"""
    return last_answer(person, purpose) == ConsentEntry.Answer.YES


def last_answer(person: Person, purpose: Purpose) -> str | None:
    """Yes, no or later; None when they were never asked."""
    said = ConsentEntry.objects.filter(person=person, purpose=purpose).order_by("-id").values("answer")
    last = said.first()
    return last["answer"] if last else None


def agreed_then(person: UUID, purpose: Purpose, at: datetime) -> bool:
    """Had they said yes at that moment, and not taken it back by then?"""
    said = ConsentEntry.objects.filter(person=person, purpose=purpose, at__lte=at).order_by("-at", "-id")
    return said.values_list("answer", flat=True).first() == ConsentEntry.Answer.YES


def agreed_to(purpose: Purpose) -> Exists:
    """A filter for people: those whose last answer about this purpose is yes."""
    last = (
        ConsentEntry.objects.filter(person=OuterRef("person"), purpose=purpose)
        .order_by("-id")
        .values("id")[:1]
    )
    return Exists(
        ConsentEntry.objects.filter(
            person=OuterRef("pk"), purpose=purpose, answer=ConsentEntry.Answer.YES, id=Subquery(last)
        )
    )


def still_to_ask(person: Person) -> list[Wording]:
    """What is asked at first and was not yet, in its present wording, in the order in which it is asked."""
    first = [wording for wording in WORDINGS.values() if wording.at_first]
    asked = set(ConsentEntry.objects.filter(person=person).values_list("purpose", "version"))
    return [wording for wording in first if (wording.purpose, wording.version) not in asked]


def _digest(wording: Wording, locale: str) -> str:
    with override(locale):
        return hashlib.sha256(f"{wording.sentence}\n{wording.sees}".encode()).hexdigest()
