"""What somebody knew before a unit and knows after it, for their own eyes: the first answers count."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from assessments.models import Question
from courses import beside, twice
from courses.models import UnitPage
from lms.models.people import Person
from lms.models.record import RecordLine, Verb


@dataclass(frozen=True)
class Row:
    """One question, and whether the first answer to it was right; None where it was skipped."""

    question: Question
    before: bool | None
    after: bool | None

    @property
    def step(self) -> str:
        """How it stands now: known before, learned since, or still to come."""
        return "" if not self.after else "done" if self.before else "gained"


@dataclass(frozen=True)
class Learned:
    """All questions of a unit in their order."""

    rows: list[Row]

    @property
    def before(self) -> int | None:
        """How many were right before; None when nothing was answered then."""
        return _count([row.before for row in self.rows])

    @property
    def after(self) -> int | None:
        """How many are right now; None while nothing was answered after the unit."""
        return _count([row.after for row in self.rows])

    @property
    def gain(self) -> int:
        """How many more than before."""
        return (self.after or 0) - (self.before or 0) if self.before is not None else 0


def _count(answers: list[bool | None]) -> int | None:
    return None if all(answer is None for answer in answers) else answers.count(True)


def learned(person: Person, unit: UnitPage) -> Learned:
    """Before and after, question by question. Three queries, however many questions."""
    first = _first_scores(person, unit)
    blocks = [(block.id, block.value) for block in unit.test if block.value]
    spoken = _in_language([asked for _block, asked in blocks], unit)
    rows = [
        Row(
            spoken[asked.translation_key],
            _is_right(first.get((twice.BEFORE, block))),
            _is_right(first.get((twice.AFTER, block))),
        )
        for block, asked in blocks
        if not asked.voided_at
    ]
    return Learned(rows)


def _first_scores(person: Person, unit: UnitPage) -> dict[tuple[str, str], float]:
    """Moment and block -> how the first answer was marked."""
    moments = {beside.key(unit.translation_key, moment): moment for moment in twice.SLUGS}
    lines = RecordLine.objects.filter(person=person, about__in=moments, verb=Verb.ANSWERED)
    told = (
        lines.exclude(score=None)
        .order_by("happened_at", "received_at", "uid")
        .values_list("about", "block", "score")
    )
    first: dict[tuple[str, str], float] = {}
    for about, block, score in told:
        first.setdefault((moments[about], block), score)
    return first


def _is_right(score: float | None) -> bool | None:
    return None if score is None else score == 1


def _in_language(asked: Iterable[Question], unit: UnitPage) -> dict[UUID, Question]:
    """Each question in the language of the unit, or as it is where nobody has translated it."""
    found = {question.translation_key: question for question in asked}
    twins = Question.objects.filter(translation_key__in=found, locale=unit.locale_id).select_related("locale")
    return found | {question.translation_key: question for question in twins}
