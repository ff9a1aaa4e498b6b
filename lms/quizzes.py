"""How somebody stands in a quiz of a lesson, from what the server has of their answers."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from assessments.marking import NotAnAnswer, mark
from assessments.quiz import Stand, stand
from courses.models import Rendering
from lms.models.people import Person
from lms.models.record import HeldLine, RecordLine, Verb

Came = tuple[datetime, str, float | None]  # when, which question, and its score


def stand_of(person: Person, rendering: Rendering, quiz: dict) -> Stand:
    """What waits for a yes counts too: somebody who just learns sees how many were right."""
    came = sorted([*_kept(person, rendering), *_held(person, rendering)], key=_when)
    answers = [(block, score) for _at, block, score in came]
    return stand(quiz["questions"], answers, pass_mark=quiz["pass_mark"], tries=quiz["tries"])


def passed_at(person: Person, lesson: UUID, quiz: dict, *, since: datetime | None = None) -> datetime | None:
    """When somebody first came through a quiz, in answers that were kept, and received from a time on.

    What waits for a yes to being remembered does not count here: others learn of it.
    """
    lines = RecordLine.objects.filter(person=person, about=lesson, verb=Verb.ANSWERED)
    came = (lines.filter(received_at__gte=since) if since else lines).order_by("received_at", "seq")
    answers = list(came.values_list("block", "score", "happened_at"))

    def is_through(first: int) -> bool:
        counted = ((block, score) for block, score, _at in answers[:first])
        return stand(quiz["questions"], counted, pass_mark=quiz["pass_mark"], tries=quiz["tries"]).through

    # Who is through stays it, whatever comes later: so half of what is left can be skipped each time.
    needed = bisect_left(range(len(answers) + 1), True, key=is_through)
    return max(at for _block, _score, at in answers[:needed]) if needed <= len(answers) else None


def _when(answer: Came) -> datetime:
    return answer[0]


def _kept(person: Person, rendering: Rendering) -> Iterator[Came]:
    lines = RecordLine.objects.filter(person=person, about=rendering.page_key, verb=Verb.ANSWERED)
    yield from lines.order_by("received_at", "seq").values_list("received_at", "block", "score")


def _held(person: Person, rendering: Rendering) -> Iterator[Came]:
    held = HeldLine.objects.filter(person=person, line__about=str(rendering.page_key)).order_by("received_at")
    for at, line in held.values_list("received_at", "line"):
        key = rendering.keys.get(line["block"]) if line["verb"] == Verb.ANSWERED else None
        try:
            yield at, line["block"], mark(key, line["response"]) if key else None
        except NotAnAnswer:
            continue
