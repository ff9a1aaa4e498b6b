"""Lessons by a word: by all of it, or by how it begins. What somebody looked for is kept nowhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from wagtail.blocks import Block, CharBlock, ListBlock, StreamBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from assessments.models import Question
from courses.models import LessonPage
from courses.spelling import begins, same, sentences, words
from media import voices

LONGEST = 80  # letters of what is asked; nobody means more
MOST_WORDS = 6
NOT_THERE = (2, 0)  # a rank behind all others


@dataclass(frozen=True)
class Entry:
    """One lesson as it is searched: its texts in the order in which they are heard, each with its key."""

    key: str
    title: str
    texts: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[str, ...] = ()  # its titles in other languages


@dataclass(frozen=True)
class Found:
    """One lesson, and the sentence in which the word stands: piece by piece, with what is marked."""

    key: str
    pieces: tuple[tuple[str, bool], ...] = ()
    text_key: str = ""

    @property
    def sentence(self) -> str:
        """The words alone."""
        return " ".join(piece for piece, _ in self.pieces)


def find(asked: str, entries: Iterable[Entry]) -> list[Found]:
    """Every lesson in which each asked word stands or begins another; titles first, whole words next."""
    wanted = words(asked[:LONGEST])[:MOST_WORDS]
    if not wanted:
        return []
    ranked = sorted(((_rank(entry, wanted), entry) for entry in entries), key=lambda one: one[0])
    return [_found(entry, wanted) for rank, entry in ranked if rank < NOT_THERE]


def _rank(entry: Entry, wanted: list[str]) -> tuple[int, int]:
    """What comes first is small: the title says it all, then how many words are only begun."""
    title = words(entry.title)
    said = [*entry.elsewhere, *(text for _, text in entry.texts)]
    there = {*title, *(word for text in said for word in words(text))}
    if not all(_stands(one, there) for one in wanted):
        return NOT_THERE
    begun = sum(not any(same(word, one) for word in there) for one in wanted)
    return int(not all(_stands(one, title) for one in wanted)), begun


def _stands(wanted: str, there: Iterable[str]) -> bool:
    return any(begins(word, wanted) for word in there)


def _found(entry: Entry, wanted: list[str]) -> Found:
    """The first of the sentences that hold the most of what was asked; none where only the title does."""
    said = [(sentence, key) for key, text in entry.texts for sentence in sentences(text)]
    scored = [(sum(_stands(one, words(sentence)) for one in wanted), sentence, key) for sentence, key in said]
    score, sentence, key = max(scored, key=lambda one: one[0], default=(0, "", ""))
    if not score:
        return Found(entry.key)
    return Found(entry.key, tuple((piece, _is_meant(piece, wanted)) for piece in sentence.split()), key)


def _is_meant(piece: str, wanted: list[str]) -> bool:
    return any(begins(word, one) for word in words(piece) for one in wanted)


# ── What there is to find ────────────────────────────────────────────────────────────────────────────────


def entries(locale: str) -> list[Entry]:
    """Every live lesson in a language with what it says. Three queries, however many there are."""
    prompts, elsewhere = _prompts(locale), _elsewhere(locale)
    return [
        Entry(
            str(page.translation_key),
            page.title,
            tuple(_texts(page, locale, prompts)),
            tuple(elsewhere[page.translation_key]),
        )
        for page in _live().filter(locale__language_code=locale).order_by("path")
    ]


def _live() -> QuerySet[LessonPage]:
    # Wagtail ships no types, so its managers seem to lack `live`.
    return LessonPage.objects.live()  # ty: ignore[missing-attribute]


def _elsewhere(locale: str) -> dict[UUID, list[str]]:
    """By lesson: what it is called in other languages, for whoever knows the word in one of them."""
    titles: dict[UUID, list[str]] = defaultdict(list)
    others = _live().exclude(locale__language_code=locale).order_by("path")
    for key, title in others.values_list("translation_key", "title"):
        titles[key].append(title)
    return titles


def _texts(page: LessonPage, locale: str, prompts: dict[int, str]) -> Iterator[tuple[str, str]]:
    """From the stream as it is stored: to open its blocks would ask for each picture and question."""
    if page.goal:
        yield voices.goal(page.translation_key), page.goal
    blocks = page.body.stream_block.child_blocks
    for block in page.body.raw_data:
        only_in = block["value"].get("only_in") or [locale]
        if locale in only_in and block["type"] in blocks:
            key = voices.block(page.translation_key, block["id"])
            for text in _written(blocks[block["type"]], block["value"], prompts):
                yield key, text


def _written(kind: Block, value: Any, prompts: dict[int, str]) -> Iterator[str]:
    """Whatever somebody wrote into a block, at any depth, and the prompt of a question that was chosen."""
    match kind:
        case CharBlock() | TextBlock():
            if value:
                yield value
        case SnippetChooserBlock():
            if value in prompts:
                yield prompts[value]
        case ImageBlock():
            return  # what a picture shows is not what the lesson says
        case StructBlock():
            for name, child in kind.child_blocks.items():
                yield from _written(child, value.get(name), prompts)
        case ListBlock():
            for item in value or ():
                yield from _written(kind.child_block, item["value"], prompts)
        case StreamBlock():
            for item in value or ():
                yield from _written(kind.child_blocks[item["type"]], item["value"], prompts)


def _prompts(locale: str) -> dict[int, str]:
    """The prompt in this language of every question, under the number of the row that a page may point to."""
    rows = list(Question.objects.values_list("pk", "translation_key", "locale__language_code", "prompt"))
    here: dict[UUID, str] = {key: prompt for _, key, language, prompt in rows if language == locale}
    return {pk: here.get(key, prompt) for pk, key, _, prompt in rows}
