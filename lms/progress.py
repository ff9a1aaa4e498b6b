"""How far a person is, folded from what they did. Its twin on the phone is static/lms/progress.mjs.

Order and repeats make no difference, and one more line never takes anything away. An outline is a list of
`{"lesson": key, "blocks": [ids of its questions]}`; a line is `{"about", "verb", "block", "score", "at"}`,
where `at` is anything that can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SoFar:
    """Where one person is with one lesson."""

    begun_at: Any
    done_at: Any = None
    answers: dict[str, float | None] = field(default_factory=dict)  # block -> best score; None: not marked


def fold(outline: Iterable[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]) -> dict[Any, SoFar]:
    """Every lesson of the outline that was begun, and how far it is."""
    blocks = {lesson["lesson"]: set(lesson["blocks"]) for lesson in outline}
    so_far: dict[Any, SoFar] = {}
    for line in lines:
        lesson = line["about"]
        if lesson in blocks:
            step = _step(line, blocks[lesson])
            so_far[lesson] = join(so_far[lesson], step) if lesson in so_far else step
    return so_far


def join(one: SoFar, other: SoFar) -> SoFar:
    """What is true when both are: the earlier time, the better answer."""
    return SoFar(
        begun_at=min(one.begun_at, other.begun_at),
        done_at=min((at for at in (one.done_at, other.done_at) if at is not None), default=None),
        answers={
            block: _best(one.answers.get(block), other.answers.get(block))
            for block in sorted({*one.answers, *other.answers})
        },
    )


def of(outline: Iterable[Mapping[str, Any]], standings: Mapping[str, SoFar]) -> tuple[int, int]:
    """How many lessons are done, of how many."""
    lessons = [lesson["lesson"] for lesson in outline]
    return sum(_is_done(lesson, standings) for lesson in lessons), len(lessons)


def next_lesson(outline: Sequence[Mapping[str, Any]], standings: Mapping[str, SoFar]) -> str | None:
    """The first lesson that is not done; None when all are."""
    return next((lesson["lesson"] for lesson in outline if not _is_done(lesson["lesson"], standings)), None)


def _step(line: Mapping[str, Any], blocks: set[str]) -> SoFar:
    done = line["verb"] == "completed"
    answered = line["verb"] == "answered" and line["block"] in blocks
    return SoFar(
        begun_at=line["at"],
        done_at=line["at"] if done else None,
        answers={line["block"]: line["score"]} if answered else {},
    )


def _best(one: float | None, other: float | None) -> float | None:
    return max((score for score in (one, other) if score is not None), default=None)


def _is_done(lesson: str, standings: Mapping[str, SoFar]) -> bool:
    return lesson in standings and standings[lesson].done_at is not None
