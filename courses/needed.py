"""What the pages that ask a question need of it: a quiz and the questions around a unit need a right answer.

A question may be changed after it was chosen. Whoever keeps it is told then, and by the name of the page.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Page

from assessments.models import Question
from courses.models import LessonPage, UnitPage
from courses.signals import pages_that_show


def check(question: Question) -> None:
    """Refuse what a quiz could not mark, or what would show no gain, where the question is asked already."""
    counts = question.use == Question.Use.COUNTS
    if not question.pk or (question.is_marked and not counts):
        return
    for page in sorted(pages_that_show(question), key=lambda page: page.path):
        if isinstance(page, LessonPage) and any(_in_quizzes(page, question)):
            _refuse(
                question,
                _("It stands in the quiz of “%(page)s”, which needs a right answer, for practice."),
                page,
            )
        if isinstance(page, UnitPage) and not question.is_marked:
            _refuse(question, _("It is asked before and after “%(page)s”, which needs a right answer."), page)


def _in_quizzes(page: LessonPage, question: Question) -> Iterator[bool]:
    for block in page.body:
        if block.block_type == "quiz":
            for part in block.value["questions"]:
                yield bool(part.value) and part.value.translation_key == question.translation_key


def _refuse(question: Question, sentence: str, page: Page) -> None:
    field = "kind" if question.kind == Question.Kind.SAY else "use"
    way_out = _("Take it out there first, or make a new question.")
    raise ValidationError({field: f"{sentence % {'page': page.title}} {way_out}"})
