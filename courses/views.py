"""What is answered anew each time: lessons are found by picture or by word, and nobody writes down which."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from courses import find, on_phones
from courses.outline import CourseCard, LessonCard, for_everybody, shelf
from courses.sounds import FINDING, Sounds
from media import voices


@cache
def _worker() -> bytes:
    return Path(__file__).with_name("static").joinpath("courses", "sw.js").read_bytes()


@require_http_methods(["GET", "HEAD"])
def service_worker(request: HttpRequest) -> HttpResponse:
    """What gives kept pages without a network. Its address never changes, and it may speak for all others."""
    return HttpResponse(_worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@dataclass(frozen=True)
class Hit:
    """One lesson that was found, as a picture card."""

    lesson: LessonCard
    found: find.Found


@require_http_methods(["GET", "HEAD"])
def find_lessons(request: HttpRequest) -> HttpResponse:
    """All lessons as pictures; with `q`, those in which the word stands come first."""
    language = get_language() or settings.LANGUAGE_CODE
    courses = shelf(language)
    asked = request.GET.get("q", "").strip()[: find.LONGEST]
    values = {
        "asked": asked,
        "hits": _hits(asked, language, courses) if asked else [],
        "courses": for_everybody(courses),
        # The same list whatever was asked: a file for each question would tell what was looked for.
        "sounds": Sounds(language, _titles(courses), sentences=FINDING),
    }
    answer = render(request, "courses/find.html", values)
    answer["Cache-Control"] = "private, no-store" if asked else "private, no-cache"
    answer["Referrer-Policy"] = "no-referrer"  # the lesson that is opened next does not learn the word
    return answer


def _hits(asked: str, language: str, courses: list[CourseCard]) -> list[Hit]:
    cards = {lesson.key: lesson for course in courses for lesson in course.lessons}
    taught = [entry for entry in find.entries(language) if entry.key in cards]
    return [Hit(cards[found.key], found) for found in find.find(asked, taught)]


def _titles(courses: list[CourseCard]) -> list[str]:
    return [voices.title(lesson.key) for course in courses for lesson in course.lessons]


@require_http_methods(["GET"])
def what_phones_can_keep(request: HttpRequest) -> HttpResponse:
    """For those who write: each unit in each language, what it weighs, and what stops it."""
    return render(
        request, "courses/on_phones.html", {"rows": on_phones.rows(), "languages": settings.READING}
    )
