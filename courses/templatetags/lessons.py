"""What lesson templates ask for."""

import math
from typing import cast

from django import template
from django.utils.translation import gettext
from wagtail.models import Page

from assessments.models import Question
from courses.notes import Shown
from courses.outline import CourseCard, LessonCard, UnitCard
from courses.screens import Screen
from courses.sounds import Sounds
from media import voices

register = template.Library()
LINE = 30  # letters of a sentence beside its speaker, on a small phone
FEW_LINES = 3  # they leave a picture all the room


@register.inclusion_tag("elements/hear.html")
def hear(sounds: Sounds, key: str, text: str, *, small: bool = False, lang: str = "") -> dict:
    """The mustard circle: hear this text."""
    return {"sound": sounds.get(key), "key": key, "text": text, "small": small, "lang": lang}


@register.inclusion_tag("elements/hear.html")
def hear_sentence(sounds: Sounds, msgid: str) -> dict:
    """Hear a sentence of the interface."""
    key = voices.sentence(msgid)
    return {"sound": sounds.get(key), "key": key, "text": gettext(msgid), "small": True}


@register.simple_tag
def heard_for(sounds: Sounds, key: str) -> str:
    """How long a recording is, such as 2:05; nothing where there is none."""
    sound = sounds.get(key)
    return clock(sound.ms) if sound else ""


@register.filter
def clock(ms: int) -> str:
    """Minutes and seconds, such as 2:05."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


@register.filter
def room(screen: Screen) -> int:
    """How much room the words leave for the picture, from 4, all that it wants, down to 1."""
    words = cast("dict[str, str]", screen.value)["text"]
    lines = math.ceil(len(words) / LINE) + (screen.kind != "idea")
    return min(max(FEW_LINES + 4 - lines, 1), 4)


@register.filter
def title_key(thing: Page | CourseCard | UnitCard | LessonCard) -> str:
    """The text key of a title: of a page, or of a card."""
    return voices.title(thing.translation_key if isinstance(thing, Page) else thing.key)


@register.filter
def on_screen(local: dict[str, list[Shown]], screen: Screen) -> list[Shown]:
    """The local notes of one screen, and of the steps that stand on it."""
    parts = [] if screen.part else screen.parts
    return [
        note for block in [screen.block, *(part.block for part in parts)] for note in local.get(block, [])
    ]


@register.filter
def places(told: list[Shown]) -> int:
    """From how many places something was told."""
    return len({note.place for note in told})


@register.filter
def part_key(question: Question, part: str) -> str:
    """The text key of a part of a question: prompt, reason or hint."""
    return voices.question(question.translation_key, part)
