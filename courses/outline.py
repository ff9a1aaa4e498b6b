"""What there is to learn in one language: courses, their units, their lessons, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from wagtail.models import Page

from courses import twice
from courses.beside import BesideUnit
from courses.fixed import Fixed
from courses.models import CoursePage, LessonPage, UnitPage
from media.models import Picture

Shown = Page | BesideUnit | Fixed  # whatever phones are given as a page
Taught = TypeVar("Taught", CoursePage, UnitPage, LessonPage)


@dataclass(frozen=True)
class LessonCard:
    key: str  # translation_key: the same in every language
    title: str
    url: str
    picture: Picture | None = None
    minutes: int = 0


@dataclass(frozen=True)
class UnitCard:
    key: str
    title: str
    url: str
    picture: Picture | None = None
    lessons: list[LessonCard] = field(default_factory=list)
    asked: dict[str, LessonCard] = field(default_factory=dict)  # "before" and "after"; no lessons


@dataclass(frozen=True)
class CourseCard:
    key: str
    title: str
    url: str
    summary: str = ""
    picture: Picture | None = None
    units: list[UnitCard] = field(default_factory=list)
    for_coaches: bool = False

    @property
    def lessons(self) -> list[LessonCard]:
        """All lessons of the course, in order."""
        return [lesson for unit in self.units for lesson in unit.lessons]


def shelf(locale: str) -> list[CourseCard]:
    """Every live course in a language. Three queries at most, however many lessons there are."""
    courses = {page.path: _course(page) for page in _live(CoursePage, locale)}
    if not courses:
        return []
    units = {page.path: _put(_unit(page), courses.get(_parent(page))) for page in _live(UnitPage, locale)}
    for page in _live(LessonPage, locale):
        if unit := units.get(_parent(page)):
            unit.lessons.append(_lesson(page))
    return [course for course in courses.values() if course.lessons]


def for_everybody(courses: Iterable[CourseCard]) -> list[CourseCard]:
    """Those that stand as cards before everybody who learns; what coaches learn stands on their desk."""
    return [course for course in courses if not course.for_coaches]


def for_coaches(locale: str) -> CourseCard | None:
    """What coaches learn before they walk with people: the first such course of a language."""
    return next((course for course in shelf(locale) if course.for_coaches), None)


def address(page: Shown) -> str:
    """Where a page stands: the language, then the slugs below the catalogue."""
    slugs = page.url_path.strip("/").split("/")[1:]
    return "/".join(["", page.locale.language_code, *slugs, ""])


def _live(model: type[Taught], locale: str) -> Iterable[Taught]:
    live = model.objects.live()  # ty: ignore[missing-attribute] - Wagtail ships no types
    pages = live.filter(locale__language_code=locale).order_by("path")
    # The body of a lesson is long and no card shows it.
    return (
        pages.select_related("picture", "locale").defer("body", "sources")
        if model is LessonPage
        else (pages.select_related("picture", "locale"))
    )


def _parent(page: Page) -> str:
    return page.path[: -Page.steplen]


def _put(unit: UnitCard, course: CourseCard | None) -> UnitCard:
    if course:
        course.units.append(unit)
    return unit


def _course(page: CoursePage) -> CourseCard:
    return CourseCard(
        str(page.translation_key),
        page.title,
        address(page),
        page.summary,
        page.picture,
        for_coaches=page.for_coaches,
    )


def _unit(page: UnitPage) -> UnitCard:
    asked = {
        asking.moment: LessonCard(str(asking.translation_key), twice.TITLES[asking.moment], address(asking))
        for asking in twice.of(page)
    }
    return UnitCard(str(page.translation_key), page.title, address(page), page.picture, asked=asked)


def _lesson(page: LessonPage) -> LessonCard:
    return LessonCard(str(page.translation_key), page.title, address(page), page.picture, page.minutes)
