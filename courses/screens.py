"""What a phone turns through: the screens of a lesson, made of its blocks, and what each of them says.

A block is one screen. Where the trainer wants it step by step, each step of a story or how-to is one as well.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from wagtail.blocks import StreamValue

from assessments.models import Question
from courses.asked import Asked, ask
from courses.models import LessonPage
from courses.texts import is_shown, spoken
from courses.twice import Asking
from media import voices

IN_STEPS = {"story", "steps"}
OWN_TEMPLATES = {"steps", "question", "quiz", "checklist", "role_play", "recording", "film"}
# What a person says of something they did, and the answers that it can have. Nothing of it is marked.
TICKS = "ticks"
TOGETHER = ("me", "family")
DID_IT = ("yes", "not-yet", "not-for-me")


@dataclass(frozen=True)
class Part:
    """A step, a thing on a list, or a card: its place, its name in the record, what it shows and says."""

    number: int
    block: str
    value: object
    text_key: str
    spoken: str


@dataclass(frozen=True)
class Quiz:
    """Which questions belong to it, in the record's words, and its rules."""

    questions: list[str]
    pass_mark: int
    tries: int


@dataclass(frozen=True)
class Screen:
    """One screen of a lesson, as a template shows it."""

    number: int
    block: str  # what the record calls it
    kind: str
    value: object
    text_key: str = ""
    spoken: str = ""
    parts: tuple[Part, ...] = ()
    part: Part | None = None  # where the screen is one step of many
    asked: Asked | None = None
    quiz: Quiz | None = None  # to which a question belongs, or whose end this is

    @property
    def heard(self) -> list[str]:
        """The keys of all that can be heard here."""
        if self.asked:
            return self.asked.heard
        if self.kind == "quiz":
            return []
        return [self.text_key, *(part.text_key for part in [self.part, *self.parts] if part)]

    @property
    def key(self) -> dict | None:
        """What marking needs to know of what is asked here; None where nothing is."""
        if self.asked:
            return self.asked.key | ({"quiz": asdict(self.quiz)} if self.quiz else {})
        if options := self._ticks:
            return {"kind": TICKS, "use": Question.Use.PRACTICE, "options": options}
        return None

    @property
    def key_for_phones(self) -> dict | None:
        """The key as it may leave the server: without what is right, where the answer counts."""
        return self.asked.for_phones if self.asked else self.key

    @property
    def _ticks(self) -> list[str]:
        if self.kind == "checklist":
            return [part.block for part in self.parts]
        return [*{"family": TOGETHER, "this_week": DID_IT}.get(self.kind, ())]

    @property
    def talks(self) -> bool:
        """Is it one thing to hear, with a row to hear it again?"""
        return self.part is not None or self.kind == "recording" or self.kind not in OWN_TEMPLATES | {"story"}

    @property
    def template(self) -> str:
        """What shows it: the template of its kind, or the one of a spoken block."""
        name = {"story": "steps"}.get(self.kind, self.kind)
        return f"courses/{name if name in OWN_TEMPLATES else 'spoken'}.html"


def of(page: LessonPage) -> list[Screen]:
    """The screens between the first and the last, numbered from two."""
    shown = [block for block in page.body if is_shown(block, page.locale.language_code)]
    return _numbered(draft for block in shown for draft in _of_block(page, block))


def of_unit(page: Asking) -> list[Screen]:
    """The questions before or after a unit. Only the server marks them, however else they are asked."""
    return _numbered(
        _question(block.id, ask(block.value, page.unit, use=Question.Use.COUNTS))
        for block in page.unit.test
        if block.value
    )


def _numbered(drafts: Iterable[dict]) -> list[Screen]:
    return [Screen(number=number, **draft) for number, draft in enumerate(drafts, start=2)]


def _of_block(page: LessonPage, block: StreamValue.StreamChild) -> Iterator[dict]:
    if block.block_type == "question":
        yield _question(block.id, ask(block.value["question"], page))
        return
    if block.block_type == "quiz":
        yield from _quiz(page, block)
        return
    whole = {
        "block": block.id,
        "kind": block.block_type,
        "value": block.value,
        "text_key": voices.block(page.translation_key, block.id),
        "spoken": spoken(block.value),
    }
    parts = tuple(_parts(page, block))
    if block.block_type not in IN_STEPS or not page.step_by_step:
        yield {**whole, "parts": parts}
        return
    if block.value["text"]:
        yield {**whole, "kind": "idea"}
    for part in parts:
        here = {"block": part.block, "text_key": part.text_key, "spoken": part.spoken, "part": part}
        yield {**whole, **here, "parts": parts}


def _quiz(page: LessonPage, block: StreamValue.StreamChild) -> Iterator[dict]:
    """A screen for each question, and one that says how many were right."""
    asked = [part for part in block.value["questions"] if part.value]
    quiz = Quiz([part.id for part in asked], block.value["pass_mark"], block.value["tries"])
    for part in asked:
        yield {**_question(part.id, ask(part.value, page)), "quiz": quiz}
    yield {"block": block.id, "kind": "quiz", "value": block.value, "quiz": quiz}


def _parts(page: LessonPage, block: StreamValue.StreamChild) -> Iterator[Part]:
    for number, part in enumerate(block.value.get("parts") or (), start=1):
        key = voices.block(page.translation_key, part.id)
        yield Part(number, part.id, part.value, key, spoken(part.value))


def _question(block: str, asked: Asked) -> dict:
    return {
        "block": block,
        "kind": "question",
        "value": None,
        "text_key": voices.question(asked.question.translation_key, "prompt"),
        "spoken": asked.question.prompt,
        "asked": asked,
    }
