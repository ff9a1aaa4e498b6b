"""How a quiz stands, from the answers to its questions. Its twin is static/assessments/quiz.mjs.

Nothing of it is stored: a try is every question answered once, in whatever order. Who answers a question anew
before the others are done has begun anew, and what was begun does not count as a try.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stand:
    """Where somebody is with a quiz."""

    tried: int
    right: int | None  # of the last whole try; None while there was none
    through: bool  # in any try
    left: int  # tries
    open: list[str]  # questions of the try that was begun; none just after one


def stand(
    blocks: Sequence[str], answers: Iterable[tuple[str, float | None]], *, pass_mark: int, tries: int
) -> Stand:
    """`answers`: block and score of each, as they came. Tries beyond the last one change nothing."""
    whole: list[int] = []
    begun: dict[str, float | None] = {}
    for block, score in answers:
        if block not in blocks:
            continue
        begun = {**({} if block in begun else begun), block: score}
        if len(begun) == len(blocks):
            whole.append(sum(one == 1 for one in begun.values()))
            begun = {}
    counted = whole[:tries]
    return Stand(
        tried=len(counted),
        right=counted[-1] if counted else None,
        through=any(right >= pass_mark for right in counted),
        left=tries - len(counted),
        open=[block for block in blocks if block not in begun] if begun or not counted else [],
    )
