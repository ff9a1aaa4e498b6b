"""Every text of the courses that can be read aloud, for the trainers' list of voices."""

from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings
from django.utils.translation import gettext, override
from wagtail.blocks import StreamValue

from assessments.models import Question
from courses import fixed, keeping, notes, twice
from courses.models import LessonPage, TaughtPage, UnitPage
from courses.outline import shelf
from courses.sounds import FINDING, INTERFACE, NOBODY_READS, NOTHING_YET
from media import voices
from media.voices import Text


@voices.register_texts
def for_voice(voice: str) -> Iterable[Text]:
    """What this voice could read: its own language, or Urdu where nobody reads the language of the voice."""
    language = voice if voice in settings.READING else "ur"
    said = [*INTERFACE, NOBODY_READS, NOTHING_YET, *twice.SENTENCES, *keeping.SENTENCES]
    yield from _interface(language, said)
    for course in shelf(language):
        yield Text(voices.title(course.key), course.title, course.title, language)
        for unit in course.units:
            where = f"{course.title} · {unit.title}"
            yield Text(voices.title(unit.key), unit.title, where, language)
            if unit.asked:
                page = UnitPage.objects.get(translation_key=unit.key, locale__language_code=language)
                for block in page.test:
                    yield from _of_question(in_language(block.value, page), where)
            for card in unit.lessons:
                page = LessonPage.objects.get(translation_key=card.key, locale__language_code=language)
                yield from of_lesson(page, where)


@voices.register_texts
def for_finding(voice: str) -> Iterable[Text]:
    """What the page says on which lessons are found."""
    yield from _interface(voice if voice in settings.READING else "ur", FINDING)


@voices.register_texts
def for_fixed(voice: str) -> Iterable[Text]:
    """What the pages say that nobody writes."""
    yield from _interface(voice if voice in settings.READING else "ur", fixed.sentences())


def of_lesson(page: LessonPage, where: str = "") -> Iterator[Text]:
    """The texts of one lesson in the order in which they are heard."""
    language = page.locale.language_code
    here = " · ".join(filter(None, [where, page.title]))
    yield Text(voices.title(page.translation_key), page.title, here, language)
    if page.goal:
        yield Text(voices.goal(page.translation_key), page.goal, here, language)
    local = notes.of_lesson(page.translation_key, language)
    for block in page.body:
        if not is_shown(block, language):
            continue
        if block.block_type == "question":
            yield from _of_question(in_language(block.value["question"], page), here)
        elif block.block_type == "quiz":
            for part in block.value["questions"]:
                yield from _of_question(in_language(part.value, page), here)
        else:
            yield from _of_block(page, block, here)
        for part in [block, *_parts(block)]:
            for note in local.get(part.id, []):
                yield Text(note.text_key, note.spoken, here, note.language)


def _of_block(page: LessonPage, block: StreamValue.StreamChild, where: str) -> Iterator[Text]:
    language = page.locale.language_code
    for thing in [block, *_parts(block)]:
        key = voices.block(page.translation_key, thing.id)
        yield Text(key, spoken(thing.value), where, language)


def _parts(block: StreamValue.StreamChild) -> list[StreamValue.StreamChild]:
    return list(block.value.get("parts") or ())


def is_shown(block: StreamValue.StreamChild, language: str) -> bool:
    """Some blocks are for some languages only."""
    return not block.value["only_in"] or language in block.value["only_in"]


def spoken(value: Mapping | str) -> str:
    """What a block or a part of one says: its title and its sentences."""
    if isinstance(value, str):
        return value
    return " ".join(filter(None, [value.get("title"), value.get("text")]))


def in_language(question: Question, page: TaughtPage) -> Question:
    """The question in the language of the page, where somebody has translated it.

    A chooser in the Urdu page still holds the row of the language the page was translated from.
    """
    if question.locale_id == page.locale_id:
        return question
    return question.get_translation_or_none(page.locale) or question


def _of_question(question: Question, where: str) -> Iterator[Text]:
    key, language = question.translation_key, question.locale.language_code
    yield Text(voices.question(key, "prompt"), question.prompt, where, language)
    for option in question.options:
        text = option.value["left" if option.block_type == "pair" else "text"]
        yield Text(voices.question(key, option.id), text, where, language)
        if option.block_type == "pair":
            yield Text(right_half(question, option.id), option.value["right"], where, language)
    for part in ("reason", "hint"):
        if text := getattr(question, part):
            yield Text(voices.question(key, part), text, where, language)


def right_half(question: Question, pair: str) -> str:
    """The key of what belongs to the first of a pair."""
    return voices.question(question.translation_key, f"{pair}.right")


def _interface(language: str, sentences: Iterable[str]) -> Iterator[Text]:
    with override(language):
        for msgid in sentences:
            yield Text(voices.sentence(msgid), gettext(msgid), "Hamrah", language)
