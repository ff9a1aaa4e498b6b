"""Local notes: what is otherwise in one district, since somebody who lives there has told us.

They stand in the lesson for everybody, so nothing here knows who told it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from wagtail.models import Locale

from courses import districts
from courses.models import LocalNote
from courses.spelling import shown
from media import voices


@dataclass(frozen=True)
class Shown:
    """One note as it stands on a screen, in the language of the page where somebody has translated it."""

    text_key: str
    district: str
    place: str
    text: str
    language: str
    on: date

    @property
    def when(self) -> str:
        """Where and when, in the language of the note."""
        with override(self.language):
            month = date_format(self.on, "YEAR_MONTH_FORMAT")
            return gettext("In %(place)s, %(month)s:") % {"place": self.place, "month": month}

    @property
    def spoken(self) -> str:
        """What is heard."""
        return f"{self.when} {self.text}"


def of_lesson(lesson: UUID, language: str) -> dict[str, list[Shown]]:
    """By block, the newest first: every note that was not withdrawn. One query."""
    by_block: dict[str, list[Shown]] = defaultdict(list)
    for twins in _twins(LocalNote.objects.filter(lesson=lesson)):
        if not any(twin.withdrawn_on for twin in twins):
            note = next((twin for twin in twins if twin.locale.language_code == language), twins[0])
            by_block[note.block].append(_shown(note))
    return {block: sorted(notes, key=lambda note: note.on, reverse=True) for block, notes in by_block.items()}


def add(
    lesson: UUID, block: str, *, district: str, place: str, on: date, text: str, locale: str
) -> LocalNote:
    """Write down a note; every page that shows its lesson is rendered again."""
    return LocalNote.objects.create(
        locale=Locale.objects.get(language_code=locale),
        lesson=lesson,
        block=block,
        district=district,
        place=shown(place),
        on=on,
        text=shown(text),
    )


@transaction.atomic
def withdraw(key: UUID, *, on: date) -> None:
    """It is so no more, or never was: it leaves the lesson in every language."""
    for note in LocalNote.objects.filter(translation_key=key, withdrawn_on=None):
        note.withdrawn_on = on
        note.save(update_fields=["withdrawn_on"])


def place_name(district: str, place: str, language: str) -> str:
    """A district of the list by its name; any other place as it was written."""
    return districts.name(district, language) if district else place


def _twins(notes: QuerySet[LocalNote]) -> Iterable[list[LocalNote]]:
    """One note in its languages, the one that was written first at the head."""
    by_key: dict[UUID, list[LocalNote]] = defaultdict(list)
    for note in notes.select_related("locale").order_by("pk"):
        by_key[note.translation_key].append(note)
    return by_key.values()


def _shown(note: LocalNote) -> Shown:
    language = note.locale.language_code
    return Shown(
        voices.note(note.translation_key),
        note.district,
        place_name(note.district, note.place, language),
        note.text,
        language,
        note.on,
    )
