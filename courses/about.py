"""One screen of a lesson, looked at from outside: enough to know it again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from courses import screens
from courses.models import LessonPage
from courses.outline import address
from media.models import Picture


@dataclass(frozen=True)
class ScreenCard:
    """Where it stands, what it shows and what it says."""

    lesson: str
    url: str
    title: str  # where the screen has none, what it says
    words: str
    picture: Picture | None
    language: str


def card(lesson: UUID, block: str, language: str) -> ScreenCard | None:
    """The screen as it is now in a live lesson of this language; None when it is not there."""
    pages = LessonPage.objects.live()  # ty: ignore[missing-attribute] - Wagtail ships no types
    page = pages.filter(translation_key=lesson, locale__language_code=language).first()
    turned = screens.of(page) if page else []
    return next((_card(page, screen) for screen in turned if screen.block == block), None)


def card_anywhere(lesson: UUID, block: str, *languages: str) -> ScreenCard | None:
    """The same, in the first of these languages that has it."""
    return next((found for language in languages if (found := card(lesson, block, language))), None)


def _card(page: LessonPage, screen: screens.Screen) -> ScreenCard:
    picture = next((found for value in _values(screen) if (found := _get(value, "picture"))), page.picture)
    url = f"{address(page)}#s{screen.number}"
    title = ("" if screen.part else _get(screen.value, "title")) or screen.spoken
    return ScreenCard(page.title, url, title, screen.spoken, picture, page.locale.language_code)


def _values(screen: screens.Screen) -> list[Any]:
    """What may hold a picture: the step that is shown, the block itself, then its first steps."""
    return [
        *([screen.part.value] if screen.part else []),
        screen.value,
        *(part.value for part in screen.parts),
    ]


def _get(value: Any, name: str) -> Any:
    """A field of a block, where it has fields."""
    return value.get(name) if hasattr(value, "get") else None
