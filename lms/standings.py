"""Where everybody is with every lesson, folded from the record and kept, so that lists are quick.

A standing holds the best answer to every question a person ever met in a lesson. What the present outline no
longer asks is left out by whoever reads it, so publishing a lesson again changes no standing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from assessments.models import Question
from courses import twice
from courses.models import Rendering
from lms.locks import one_at_a_time
from lms.models.people import Person
from lms.models.record import RecordLine, Standing, Verb
from lms.progress import SoFar, fold, join

OVERLAP = timedelta(minutes=5)  # two requests of one person may end in another order than they began


def add(person: Person, lines: Iterable[RecordLine], *, now: datetime) -> list[Standing]:
    """Bring up to date what new lines touch, and say what changed. Two queries, however many lines."""
    stands = _folded(line for line in lines if not line.subject_id)
    if not stands:
        return []
    before = {one.lesson: _so_far(one) for one in Standing.objects.filter(person=person, lesson__in=stands)}
    after = {lesson: join(before[lesson], new) if lesson in before else new for lesson, new in stands.items()}
    return _write(person, {lesson: new for lesson, new in after.items() if new != before.get(lesson)}, now)


def standings_of(person: Person) -> dict[str, SoFar]:
    """For the person's own pages, and for `lms.progress`: lesson -> how far."""
    return {str(one.lesson): _so_far(one) for one in Standing.objects.filter(person=person)}


def of_lessons() -> QuerySet[Standing]:
    """What others may see: not how it went before and after a unit, which is for the person alone."""
    asked_twice = Rendering.objects.filter(page_key=OuterRef("lesson"), kind__in=twice.SLUGS)
    return Standing.objects.exclude(Exists(asked_twice))


def news_for(person: Person, *, since: datetime | None) -> list[Standing]:
    """For a phone that asks: everything, or what changed since. A little may come twice."""
    mine = Standing.objects.filter(person=person)
    return list(mine.filter(changed_at__gte=since - OVERLAP) if since else mine)


def rebuild(person: Person | None = None, *, now: datetime) -> int:
    """Fold one person's record again, or everybody's; say how many standings were wrong.

    Whoever answered a question that was voided since has answered it rightly.
    """
    return sum(_rebuild(one, now) for one in ([person.pk] if person else _everybody()))


def wrong_ones(person: Person | None = None) -> list[tuple[UUID, UUID]]:
    """Person and lesson of every standing that the record does not bear out. Changes nothing."""
    wrong = []
    for one in [person.pk] if person else _everybody():
        kept, right = _kept_and_right(one)
        differ = (lesson for lesson in sorted({*kept, *right}) if kept.get(lesson) != right.get(lesson))
        wrong += [(one, lesson) for lesson in differ]
    return wrong


@transaction.atomic
def _rebuild(person: UUID, now: datetime) -> int:
    one_at_a_time(person)
    kept, right = _kept_and_right(person)
    gone = [lesson for lesson in kept if lesson not in right]
    Standing.objects.filter(person=person, lesson__in=gone).delete()
    wrong = {lesson: so_far for lesson, so_far in right.items() if so_far != kept.get(lesson)}
    return len(_write(Person(pk=person), wrong, now)) + len(gone)


def _everybody() -> list[UUID]:
    did, stand = (
        RecordLine.objects.filter(subject=None).values_list("person"),
        Standing.objects.values_list("person"),
    )
    return [person for (person,) in did.union(stand)]


def _kept_and_right(person: UUID) -> tuple[dict[UUID, SoFar], dict[UUID, SoFar]]:
    kept = {one.lesson: _so_far(one) for one in Standing.objects.filter(person=person)}
    lines = list(RecordLine.objects.filter(person=person, subject=None).defer("response"))
    voided = _voided(lines)
    for line in lines:
        if (line.rev, line.block) in voided:
            line.score = 1.0
    return kept, _folded(lines)


def _voided(lines: list[RecordLine]) -> set[tuple[str, str]]:
    """Where these lines met a question that does not count any more: rendering and block."""
    keys = Question.objects.exclude(voided_at=None).values_list("translation_key", flat=True)
    voided = {str(key) for key in keys}
    if not voided:
        return set()
    revs = {line.rev for line in lines if line.verb == Verb.ANSWERED}
    asked = [
        (rev, block, key)
        for rev, keys in Rendering.objects.filter(rev__in=revs).values_list("rev", "keys")
        for block, key in keys.items()
    ]
    return {(rev, block) for rev, block, key in asked if key.get("question") in voided}


def _folded(lines: Iterable[RecordLine]) -> dict[UUID, SoFar]:
    values = [_value(line) for line in lines]
    # No outline is left out here, so every block that was answered is in.
    asked: dict[UUID, set[str]] = {}
    for line in values:
        asked.setdefault(line["about"], set()).add(line["block"])
    return fold([{"lesson": lesson, "blocks": blocks} for lesson, blocks in asked.items()], values)


def _value(line: RecordLine) -> dict[str, Any]:
    return {
        "about": line.about,
        "verb": line.verb,
        "block": line.block,
        "score": None if line.counts else line.score,  # a standing is told to the phone
        "at": line.happened_at,
    }


def _so_far(standing: Standing) -> SoFar:
    return SoFar(standing.begun_at, standing.done_at, standing.answers)


def _write(person: Person, stands: dict[UUID, SoFar], now: datetime) -> list[Standing]:
    rows = [
        Standing(
            person_id=person.pk,
            lesson=lesson,
            begun_at=so_far.begun_at,
            done_at=so_far.done_at,
            answers=so_far.answers,
            changed_at=now,
        )
        for lesson, so_far in sorted(stands.items())
    ]
    return Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "lesson"],
        update_fields=["begun_at", "done_at", "answers", "changed_at"],
    )
