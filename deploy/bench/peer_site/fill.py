"""Fills the peer's site: a course, one whose lessons share a question, and learners who are signed in.

Prints what the runner must know as one line of JSON.
"""

import io
import json
import sys

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.files import File  # noqa: E402
from django.core.files.images import ImageFile  # noqa: E402
from peer_site import reference  # noqa: E402
from wagtail.images.models import Image  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402
from wagtail.rich_text import RichText  # noqa: E402
from wagtail_lms.models import CourseEnrollment, CoursePage, H5PActivity, H5PLessonPage  # noqa: E402

LESSONS = 6
SHARED_BY = 5


def fill(learners: int) -> dict:
    """The addresses, the questions, and one session key for each learner."""
    home = _home()
    picture = _picture()
    own = CoursePage(title="Udder health", slug="udder", live=True)
    shared = CoursePage(title="One question in many lessons", slug="shared", live=True)
    home.add_child(instance=own)
    home.add_child(instance=shared)
    text_only = _lesson(own, "Lesson 1", picture, [])
    asking = [_lesson(own, f"Lesson {n}", picture, [_activity()]) for n in range(2, LESSONS + 1)]
    everywhere = _activity()
    for n in range(SHARED_BY):
        _lesson(shared, f"Again {n}", picture, [everywhere])
    return {
        "text_lesson": text_only.url,
        "lessons": [page.url for page in asking],
        "activities": [page.body[-1].value["activity"].pk for page in asking],
        "shared_activity": everywhere.pk,
        "sessions": [_learner(n, own, shared) for n in range(learners)],
    }


def _home() -> Page:
    """The page that a new Wagtail site begins with, emptied of its welcome."""
    site = Site.objects.get(is_default_site=True)
    site.hostname, site.port = "127.0.0.1", 80
    site.save()
    return site.root_page


def _picture() -> Image:
    return Image.objects.create(title="Field", file=ImageFile(io.BytesIO(reference.photo()), "field.jpg"))


def _activity() -> H5PActivity:
    package = File(io.BytesIO(reference.question()), "question.h5p")
    return H5PActivity.objects.create(title="True or false", package_file=package)


def _lesson(course: CoursePage, title: str, picture: Image, activities: list[H5PActivity]) -> H5PLessonPage:
    embed = f'<embed embedtype="image" id="{picture.pk}" format="fullwidth" alt="A field"/>'
    questions = [("h5p_activity", {"activity": activity}) for activity in activities]
    body = [("paragraph", RichText(reference.text() + embed)), *questions]
    return course.add_child(instance=H5PLessonPage(title=title, body=body, live=True))


def _learner(number: int, *courses: CoursePage) -> str:
    """A learner in these courses, signed in as the login form does it, without its slow password check."""
    learner = get_user_model().objects.create(username=f"learner{number}", password="!")  # noqa: S106
    for course in courses:
        CourseEnrollment.objects.create(user=learner, course=course)
    session = SessionStore()
    session[SESSION_KEY] = str(learner.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = learner.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
