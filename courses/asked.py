"""How a page asks a question: its parts with what they say, and the key that marking will need.

Where an answer counts, nothing on the page tells what is right: not the key, not the order of the parts, and
not the names under which the second halves of pairs are heard.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from assessments.models import TOLD, Question
from courses.models import TaughtPage
from courses.sounds import NOBODY_READS
from courses.texts import in_language, right_half
from media import voices

# What the phone needs besides for a kind that is more than a choice: how it is marked, and how it is tapped.
TAPS, NUMBERS, OWN_WORDS = "js/asking.mjs", "js/counting.mjs", "js/saying.mjs"
SCRIPTS = {"many": TAPS, "order": TAPS, "pairs": TAPS, "number": NUMBERS, "say": OWN_WORDS}


@dataclass(frozen=True)
class Choice:
    """Something that can be tapped, and the key of what it says."""

    id: str
    text: str
    say: str
    picture: Any = None


@dataclass(frozen=True)
class Asked:
    """A question on a page."""

    question: Question
    key: dict
    choices: list[Choice]
    partners: list[Choice] = field(default_factory=list)
    foreign: str = ""  # the language of a question that nobody has translated yet
    sealed: dict[str, str] = field(default_factory=dict)  # text key -> under which name the page has it

    @property
    def for_phones(self) -> dict:
        """The key as it may leave the server: without what is right, where the answer counts."""
        return {part: value for part, value in self.key.items() if part != "right" or not self.counts}

    @property
    def counts(self) -> bool:
        """Is only the server to mark it?"""
        return self.key["use"] == Question.Use.COUNTS

    @property
    def seals(self) -> bool:
        """Is only the server to read what is answered?"""
        return self.key["use"] == Question.Use.SEALED

    @property
    def heard(self) -> list[str]:
        """The keys of all its texts."""
        parts = [
            voices.question(self.question.translation_key, part) for part in ("prompt", "reason", "hint")
        ]
        parts += [voices.sentence(NOBODY_READS)] if self.seals else []
        return [*parts, *(choice.say for choice in self.choices), *self.sealed]


def ask(question: Question, page: TaughtPage, *, use: str = "") -> Asked:
    """The question as this page asks it, in its language where there is one. `use` may be stricter."""
    question = in_language(question, page)
    key = question.answer_key() | ({"use": use} if use else {})
    language = question.locale.language_code
    return Asked(
        question,
        key,
        _choices(question),
        [Choice(name, half.value["right"], _under(question, name)) for name, half in question.partners],
        "" if language == page.locale.language_code else language,
        {right_half(question, half.id): _under(question, name) for name, half in question.partners},
    )


def _choices(question: Question) -> list[Choice]:
    if question.kind == Question.Kind.TRUE_FALSE:
        return [Choice(name, gettext(said), voices.sentence(said)) for name, said in TOLD.items()]
    return [
        Choice(
            option.id,
            option.value["left" if option.block_type == "pair" else "text"],
            _under(question, option.id),
            option.value.get("picture"),
        )
        for option in question.asked
    ]


def _under(question: Question, name: str) -> str:
    return voices.question(question.translation_key, name)
