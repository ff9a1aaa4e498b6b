"""Run as a program: a new database with a lesson and Amina. It says what she holds in her hands."""

import json
import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Locale, Page, Site  # noqa: E402

from courses import published  # noqa: E402
from courses.models import (  # noqa: E402
    CataloguePage,
    CoursePage,
    LessonPage,
    Publication,
    Rendering,
    UnitPage,
)
from lms import cards, phones  # noqa: E402
from tests.cast import _learner, _programme  # noqa: E402
from tests.roots import plant  # noqa: E402


def lesson() -> LessonPage:
    """One that can be opened."""
    english = Locale.objects.get(language_code="en")
    catalogue = CataloguePage(title="Lessons", slug="catalogue", locale=english)
    Page.get_first_root_node().add_child(instance=catalogue)
    Site.objects.create(is_default_site=True, hostname="127.0.0.1", root_page=catalogue)
    course = catalogue.add_child(instance=CoursePage(title="Healthy animals", slug="animals", locale=english))
    unit = course.add_child(instance=UnitPage(title="Every day", slug="every-day", locale=english))
    idea = {"title": "Water", "text": "Give her water all day.", "only_in": []}
    page = LessonPage(title="Water all day", slug="water", locale=english, body=[("idea", idea)])
    unit.add_child(instance=page)
    published.want_all()
    published.work_off()
    return page


def hands() -> dict:
    """A phone with its token, a key card, and a lesson that was seen."""
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    plant()
    page, now = lesson(), timezone.now()
    amina = _learner(_programme("Hand in hand"), "Amina", "+923001234567", said={"record": "yes"})
    seen = Rendering.objects.get(page_key=page.translation_key)
    return {
        "token": phones.issue(amina, now=now)[1],
        "card": cards.issue(amina, now=now),
        "address": Publication.objects.get(page_key=page.translation_key).path,
        "lesson": {"page_key": str(seen.page_key), "rev": seen.rev},
    }


if __name__ == "__main__":
    json.dump(hands(), sys.stdout)
