"""What the desk's tests have in common: something to learn, and people who learned some of it."""

import uuid
from datetime import datetime

import pytest
from wagtail.models import Locale, Page

from tests.cast import NOON


@pytest.fixture
def lessons(db):
    """Three lessons of one unit, in English."""
    return plant_lessons()


def plant_lessons():
    """The same, for those who stand on them longer than one test."""
    from courses.models import CataloguePage, CoursePage, LessonPage, UnitPage

    english = Locale.objects.get(language_code="en")
    catalogue = Page.get_first_root_node().add_child(
        instance=CataloguePage(title="Hamrah", slug="en-catalogue", locale=english)
    )
    course = catalogue.add_child(instance=CoursePage(title="Healthy animals", slug="animals", locale=english))
    unit = course.add_child(instance=UnitPage(title="Clean milk", slug="milk", locale=english))
    titles = ["Wash hands", "Cool the milk", "Look at the udder"]
    return [
        unit.add_child(instance=LessonPage(title=title, slug=f"lesson-{n}", locale=english))
        for n, title in enumerate(titles)
    ]


@pytest.fixture
def did():
    """Write down that somebody began, or finished, a lesson."""
    from lms.models.record import RecordLine, Standing

    def _did(person, page, *, at: datetime = NOON, done: bool = True, answers: dict | None = None) -> None:
        lesson = page.translation_key
        Standing.objects.create(
            person=person, lesson=lesson, begun_at=at, done_at=at if done else None, answers=answers or {}
        )
        RecordLine.objects.create(
            uid=uuid.uuid4(),
            person=person,
            seq=1,
            verb="completed" if done else "experienced",
            about=lesson,
            rev="0" * 64,
            locale="ur",
            said_at=at,
            happened_at=at,
            received_at=at,
            digest="0" * 64,
        )

    return _did
