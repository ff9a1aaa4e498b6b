"""What stands on each page that phones get: the values a template needs, and the keys that marking will need.

Nothing here knows a learner: the same bytes go to everybody.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.models import Page
from wagtail_localize.models import StringSegment, StringTranslation, TranslationSource

from courses import fixed, keeping, notes, screens, twice
from courses.asked import SCRIPTS
from courses.beside import BesideUnit
from courses.fixed import Fixed
from courses.keeping import Keeping
from courses.models import CATALOGUE, CataloguePage, CoursePage, LessonPage, Review, UnitPage
from courses.outline import CourseCard, LessonCard, Shown, UnitCard, address, for_everybody, shelf
from courses.screens import Screen
from courses.sounds import INTERFACE, NOTHING_YET, Sounds
from courses.texts import is_shown
from courses.twice import Asking
from media import shrink, voices

INDENTATION = re.compile(r"\n\s+")  # only people need it, and none of our pages shows it
NO_REV = "0" * 64  # stands where a page names itself, until its digest is known


@dataclass(frozen=True)
class Drawn:
    """One page as text, and the keys of its questions by block."""

    kind: str
    html: str
    keys: dict[str, dict]


def draw(page: Shown) -> Drawn:
    """Render one page of the catalogue in its own language."""
    page = page.specific
    with override(page.locale.language_code):
        return _ARTISTS[type(page)](page)


def _catalogue(page: CataloguePage) -> Drawn:
    locale = page.locale.language_code
    courses = for_everybody(shelf(locale))
    cards = [card for course in courses for card in [course, *course.lessons]]
    tasks = _tasks_of_the_week(page)
    sounds = Sounds(
        locale,
        [*(voices.title(card.key) for card in cards), *(task["say"] for task in tasks.values())],
        sentences=[*INTERFACE, NOTHING_YET],
    )
    values = {
        "courses": courses,
        "lessons": [
            _for_the_phone(lesson, unit.key, tasks.get(lesson.key))
            for course in courses
            for unit in course.units
            for lesson in unit.lessons
        ],
        "first": next((unit for course in courses for unit in course.units if unit.lessons), None),
        "nothing": NOTHING_YET,
        "apart": fixed.apart(),
        "elsewhere": [] if courses else _with_lessons(page),
        "languages": _other_languages(page),
        "sounds": sounds,
    }
    return Drawn("catalogue", _html(page, "courses/catalogue.html", values), {})


def _with_lessons(page: CataloguePage) -> list[tuple[str, str]]:
    """Other languages in which there is something to learn."""
    return [(code, url) for code, url in _other_languages(page) if for_everybody(shelf(code))]


def _for_the_phone(lesson: LessonCard, unit: str, week: dict | None) -> dict:
    """What the phone needs to put a lesson on top, or its task of the week."""
    files = shrink.addresses(lesson.picture) if lesson.picture else {}
    picture = files.get("svg") or files.get("jpeg", "")
    say = voices.title(lesson.key)
    task = {"week": week} if week else {}
    return {
        "key": lesson.key,
        "unit": unit,
        "title": lesson.title,
        "url": lesson.url,
        "picture": picture,
        "say": say,
        **task,
    }


def _tasks_of_the_week(page: CataloguePage) -> dict[str, dict]:
    """By lesson: what people take home from it, and where it stands."""
    locale = page.locale.language_code
    lessons = LessonPage.objects.live().filter(locale=page.locale).select_related("locale")  # ty: ignore[missing-attribute] - Wagtail ships no types
    return {
        str(lesson.translation_key): {
            "block": block.id,
            "title": block.value["title"] or block.value["text"],
            "say": voices.block(lesson.translation_key, block.id),
        }
        for lesson in lessons
        for block in lesson.body
        if block.block_type == "this_week" and is_shown(block, locale)
    }


def _course(page: CoursePage) -> Drawn:
    course = _card_of(page)
    return _list("course", page, course, course.units if course else [])


def _unit(page: UnitPage) -> Drawn:
    course = _card_of(page.get_parent())
    unit = _unit_in(course, page)
    return _list("unit", page, course, [unit] if unit else [])


def _list(kind: str, page: Page, course: CourseCard | None, units: list) -> Drawn:
    lessons = [lesson for unit in units for lesson in unit.lessons]
    keys = [voices.title(key) for key in [str(page.translation_key), *(lesson.key for lesson in lessons)]]
    values = {
        "course": course,
        "units": units,
        "languages": _other_languages(page),
        "sounds": Sounds(page.locale.language_code, keys, sentences=[*INTERFACE, *twice.TITLES.values()]),
    }
    return Drawn(kind, _html(page, "courses/course.html", values), {})


def _lesson(page: LessonPage) -> Drawn:
    locale = page.locale.language_code
    turned = screens.of(page)
    title_key, goal_key = voices.title(page.translation_key), voices.goal(page.translation_key)
    texts = [title_key, goal_key, *(key for screen in turned for key in screen.heard)]
    local = notes.of_lesson(page.translation_key, locale)
    texts += [note.text_key for told in local.values() for note in told]
    values = {
        "screens": turned,
        "of": len(turned) + 2,  # with the first and the last screen
        **_questions(turned),
        "local": local,
        "after": _after(page),
        "unit_url": address(page.get_parent()),
        "languages": _other_languages(page),
        "unfinished": _is_partly_translated(page),
        "read_by": set(Review.objects.filter(lesson=page).values_list("by", flat=True)),
        "sounds": Sounds(locale, texts, sealed=_sealed(turned)),
        "title_key": title_key,
        "goal_key": goal_key,
    }
    return Drawn("lesson", _html(page, "courses/lesson.html", values), _keys(turned))


def _asking(page: Asking) -> Drawn:
    locale = page.locale.language_code
    turned = screens.of_unit(page)
    unit = _unit_in(_card_of(page.unit.get_parent()), page.unit)
    values = {
        "screens": turned,
        "of": len(turned) + 2,  # with the first and the last screen
        **_questions(turned),
        "first": next(iter(unit.lessons), None) if unit else None,
        "unit_url": address(page.unit),
        "languages": [(code, _beside_in(page, code, twice.of)) for code in settings.READING],
        "sounds": Sounds(
            locale,
            [key for screen in turned for key in screen.heard],
            sentences=[*INTERFACE, *twice.SENTENCES],
            sealed=_sealed(turned),
        ),
        "title_key": voices.sentence(twice.TITLES[page.moment]),
        "how_key": voices.sentence(twice.HOW[page.moment]),
    }
    return Drawn(page.moment, _html(page, "courses/twice.html", values), _keys(turned))


def _beside_in(page: BesideUnit, language: str, of: Callable[[UnitPage], Iterable[BesideUnit]]) -> str:
    """Where such a page stands in another language; the unit or what is above it, where it does not."""
    twin = page.unit.get_translations(inclusive=True).live().filter(locale__language_code=language).first()
    found = [address(other) for other in of(twin) if other.name == page.name] if twin else []
    return found[0] if found else _address_in(page.unit, language)


def _keeping(page: Keeping) -> Drawn:
    unit = _unit_in(_card_of(page.unit.get_parent()), page.unit)
    values = {
        "unit": unit,
        "way": CATALOGUE,
        "unit_url": address(page.unit),
        "languages": [(code, _beside_in(page, code, keeping.of)) for code in settings.READING],
        "sounds": Sounds(
            page.locale.language_code,
            [voices.title(page.unit.translation_key)],
            sentences=[*INTERFACE, *keeping.SENTENCES],
        ),
        "title_key": voices.sentence(keeping.TITLE),
    }
    return Drawn("keep", _html(page, "courses/keep.html", values), {})


def _fixed(page: Fixed) -> Drawn:
    live = CataloguePage.objects.live().values_list("locale__language_code", flat=True)  # ty: ignore[missing-attribute] - Wagtail ships no types
    values = {
        **page.draft.values(),
        "languages": [
            (code, f"/{code}/{page.name}/" if code in live else f"/{code}/") for code in settings.READING
        ],
        "sounds": Sounds(page.locale.language_code, [], sentences=page.draft.sentences),
    }
    return Drawn(page.kind, _html(page, page.draft.template, values), {})


_ARTISTS: dict[type, Callable[..., Drawn]] = {
    CataloguePage: _catalogue,
    CoursePage: _course,
    UnitPage: _unit,
    LessonPage: _lesson,
    Asking: _asking,
    Keeping: _keeping,
    Fixed: _fixed,
}


def _html(page: Shown, template: str, values: dict) -> str:
    html = render_to_string(template, {"page": page, "rev": NO_REV, **values})
    return INDENTATION.sub("\n", html)


def _keys(turned: list[Screen]) -> dict[str, dict]:
    return {screen.block: key for screen in turned if (key := screen.key)}


def _sealed(turned: list[Screen]) -> dict[str, str]:
    return {key: name for screen in turned if screen.asked for key, name in screen.asked.sealed.items()}


def _questions(turned: list[Screen]) -> dict:
    """What a page says of all that it asks: the keys as phones may have them, and what else it needs."""
    kinds = {screen.asked.question.kind for screen in turned if screen.asked}
    return {
        "keys": {screen.block: _light(key) for screen in turned if (key := screen.key_for_phones)},
        "seals": any(screen.asked.seals for screen in turned if screen.asked),
        "quizzes": any(screen.quiz for screen in turned),
        "more_kinds": sorted({SCRIPTS[kind] for kind in kinds if kind in SCRIPTS}),
    }


def _light(key: dict) -> dict:
    """What a phone marks with: it has no use for the name of the question."""
    return {part: value for part, value in key.items() if part != "question"}


def _after(page: LessonPage) -> LessonCard | None:
    """The next lesson of the course."""
    course = _card_of(page.get_parent().get_parent())
    lessons = iter(course.lessons if course else [])
    key = str(page.translation_key)
    return next(lessons, None) if any(card.key == key for card in lessons) else None


def _unit_in(course: CourseCard | None, page: UnitPage) -> UnitCard | None:
    units = course.units if course else []
    return next((unit for unit in units if unit.key == str(page.translation_key)), None)


def _card_of(course: Page) -> CourseCard | None:
    key = str(course.translation_key)
    return next((card for card in shelf(course.locale.language_code) if card.key == key), None)


def _other_languages(page: Page) -> list[tuple[str, str]]:
    """Language and address of this page, or of the nearest one above it, in each language people read."""
    return [(language, _address_in(page, language)) for language in settings.READING]


def _address_in(page: Page, language: str) -> str:
    if language == page.locale.language_code:
        return address(page)
    twin = page.get_translations().live().filter(locale__language_code=language).first()
    if twin:
        return address(twin)
    parent = page.get_parent()
    return _address_in(parent.specific, language) if parent and parent.depth > 1 else f"/{language}/"


def _is_partly_translated(page: LessonPage) -> bool:
    """Wagtail Localize publishes what nobody has translated in the language of its source.

    A block that is not for this language needs no translation.
    """
    source = TranslationSource.objects.filter(object_id=page.translation_key).first()
    if not source or source.locale_id == page.locale_id:
        return False
    not_here = Q()
    for block in page.body:
        if not is_shown(block, page.locale.language_code):
            not_here |= Q(context__path__startswith=f"body.{block.id}")
    translated = StringTranslation.objects.filter(
        translation_of=OuterRef("string"), context=OuterRef("context"), locale=page.locale, has_error=False
    )
    missing = StringSegment.objects.filter(~Exists(translated), source=source)
    return missing.exclude(not_here).exists() if not_here else missing.exists()
