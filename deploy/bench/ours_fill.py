"""Fills our site beside the starter lessons: people with a phone each, and a question that five lessons use.

Prints what the runner must know as one line of JSON.
"""

import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from assessments.marking import CHOICES  # noqa: E402
from courses import outline, published  # noqa: E402
from courses.models import LessonPage, Publication, Wanted  # noqa: E402
from lms import consent, phones  # noqa: E402
from lms.models.consent import ConsentEntry, Purpose  # noqa: E402
from lms.models.people import Person  # noqa: E402

READS = "ur"
SHARED_BY = 5


def fill(learners: int) -> dict:
    """The lessons, their questions, and one token for each learner."""
    if undone := Wanted.objects.exclude(trouble="").first():
        sys.exit(f"{undone} could not be published: {undone.trouble}")
    asked = _asked()
    shared = _use_again(asked[0]["about"], asked[0]["block"])
    return {"asked": asked, "shared": shared, "tokens": [_learner() for _ in range(learners)]}


def _asked() -> list[dict]:
    """Every question of the Urdu lessons that is answered by one tap, in the order in which they are met."""
    lessons = [lesson for course in outline.shelf(READS) for lesson in course.lessons]
    return [question for lesson in lessons for question in _questions(lesson.url, lesson.title)]


def _questions(path: str, title: str) -> list[dict]:
    page = Publication.objects.select_related("rendering").get(path=path)
    about = {
        "path": path,
        "title": title,
        "about": str(page.page_key),
        "rev": page.rendering_id,
        "locale": READS,
    }
    asked = {block: key for block, key in page.rendering.keys.items() if key["kind"] in CHOICES}
    return [{**about, "block": block, "chosen": key["right"]} for block, key in asked.items()]


def _use_again(about: str, block: str) -> dict:
    """Have the question of a block in four more lessons, and say where it is met last."""
    lesson = LessonPage.objects.get(translation_key=about, locale__language_code=READS)
    chosen = next(one for one in lesson.body.get_prep_value() if one["id"] == block)
    for number in range(1, SHARED_BY):
        again = LessonPage(title=f"{lesson.title} {number}", slug=f"again-{number}", locale=lesson.locale)
        again.body = LessonPage._meta.get_field("body").to_python([{**chosen, "id": f"{number}{block[1:]}"}])
        lesson.get_parent().add_child(instance=again)
        again.save_revision().publish()
        published.publish(LessonPage.objects.get(pk=again.pk))
    return _questions(outline.address(again), again.title)[0]


def _learner() -> str:
    """Somebody who agreed to be remembered, and their phone's token."""
    now = timezone.now()
    person = Person.objects.create(reads=READS, hears=READS)
    consent.answer(person, Purpose.RECORD, ConsentEntry.Answer.YES, at=now, locale=READS)
    return phones.issue(person, label="bench", now=now)[1]


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
