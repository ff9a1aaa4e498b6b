"""What is opened every day costs the same, however much there is to learn."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import LessonPage, UnitPage
from tests.courses.conftest import catalogue, english, lesson, put, question, unit  # noqa: F401 - a course
from tests.inside import come_in

MOST = {"/en/": 0, "/en/mine/": 12}  # home is a file; one's own place asks who it is, and what is new


@pytest.fixture
def shelf(catalogue, unit, lesson, django_capture_on_commit_callbacks):  # noqa: F811
    """Fills the course with so many units of one lesson each."""

    def fill(units: int) -> None:
        course = unit.get_parent().specific
        for number in range(2, units + 1):
            more = course.add_child(
                instance=UnitPage(title=f"Unit {number}", slug=f"unit-{number}", locale=unit.locale)
            )
            more.add_child(instance=LessonPage(title=f"Lesson {number}", slug="lesson", locale=unit.locale))
        with django_capture_on_commit_callbacks(execute=True):
            for page in (catalogue, course, unit, lesson):
                put(page)

    return fill


@pytest.mark.parametrize("address", MOST)
@pytest.mark.parametrize("units", [1, 30])
def test_a_signed_in_person_is_at_home_after_few_questions(shelf, amina, units, address):
    shelf(units)
    client = come_in(amina)
    client.get(address)  # nobody is measured cold

    with CaptureQueriesContext(connection) as asked:
        page = client.get(address)

    assert page.status_code == 200
    assert len(asked) <= MOST[address], "\n".join(
        query["sql"][:60] + query["sql"].partition(" FROM ")[2][:60] for query in asked
    )
