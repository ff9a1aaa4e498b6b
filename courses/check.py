"""The check at the end of what coaches learn, as it was published last."""

from dataclasses import dataclass
from uuid import UUID

from courses.models import Publication
from courses.outline import CourseCard


@dataclass(frozen=True)
class Check:
    """A quiz, and the lesson that ends with it."""

    lesson: UUID
    quiz: dict  # its questions, how many must be right, and how often it may be tried


def of(course: CourseCard) -> Check | None:
    """The last quiz of a course. Blocks have one name in all languages, so any of them tells."""
    keys = dict(
        Publication.objects.filter(page_key__in=[lesson.key for lesson in course.lessons])
        .order_by("pk")
        .values_list("page_key", "rendering__keys")
    )
    lessons = [UUID(lesson.key) for lesson in reversed(course.lessons)]
    asked = ((lesson, key) for lesson in lessons for key in keys.get(lesson, {}).values())
    return next((Check(lesson, key["quiz"]) for lesson, key in asked if "quiz" in key), None)
