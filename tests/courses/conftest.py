"""A small course to try things with."""

import pytest
from wagtail.models import Locale, Page, Site

from assessments.models import Question
from courses.models import CataloguePage, CoursePage, LessonPage, UnitPage


@pytest.fixture
def english(db):
    return Locale.objects.get(language_code="en")


@pytest.fixture
def urdu(db):
    return Locale.objects.get(language_code="ur")


@pytest.fixture
def question(english):
    return Question.objects.create(
        locale=english,
        key="water",
        prompt="What does she need all day?",
        reason="With water all day she gives more milk.",
        hint="Think of a hot day.",
        options=[("option", {"text": "Tea", "right": False}), ("option", {"text": "Water", "right": True})],
    )


@pytest.fixture
def catalogue(english):
    page = CataloguePage(title="Lessons", slug="catalogue", locale=english)
    Page.get_first_root_node().add_child(instance=page)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "root_page": page}
    )
    return page


@pytest.fixture
def unit(catalogue, english):
    course = catalogue.add_child(instance=CoursePage(title="Healthy animals", slug="animals", locale=english))
    return course.add_child(instance=UnitPage(title="Every day", slug="every-day", locale=english))


@pytest.fixture
def lesson(unit, question, english):
    idea = {"title": "Water", "text": "Give her water all day.", "only_in": []}
    page = LessonPage(
        title="Water all day",
        slug="water",
        locale=english,
        body=[("idea", idea), ("question", {"question": question, "only_in": []})],
    )
    return unit.add_child(instance=page)


def put(page):
    """Publish, and let everything happen that follows."""
    page.save_revision().publish()
    return page
