"""What coaches learn: eight short lessons and a check, as they are shipped."""

import shutil
import tomllib

import pytest
from django.test import Client

from courses import find, outline, pages, starter, tasks
from courses.models import CataloguePage, CoursePage, LessonPage

COURSE = starter.HERE / "walking-with-somebody"
UNITS = tomllib.loads((COURSE / "course.toml").read_text("utf-8"))["units"]
LESSONS = [name for unit in UNITS for name in unit["lessons"]]
MESSAGES = {"idea", "tip", "warning", "steps"}
A_SECOND = 2  # words that are said in it, slowly


@pytest.fixture
def there(transactional_db, monkeypatch, tmp_path):
    """This course alone; some of its drawings are another's."""
    folder = tmp_path / "starter"
    shutil.copytree(starter.HERE, folder, ignore=shutil.ignore_patterns("voices"))
    (folder / "healthy-animals" / "course.toml").unlink()
    monkeypatch.setattr(starter, "HERE", folder)
    monkeypatch.setattr(tasks.work_off_wanted, "delay", lambda: None)
    starter.load(say=print)


def about(lesson: str) -> dict:
    return tomllib.loads((COURSE / lesson / "lesson.toml").read_text("utf-8"))


def test_there_are_eight_lessons_and_then_the_check():
    quizzes = [block for lesson in LESSONS for block in about(lesson)["blocks"] if block["kind"] == "quiz"]

    assert len(LESSONS) == 9
    assert about(LESSONS[-1])["blocks"][-1] == quizzes[0]
    assert [(len(quiz["questions"]), quiz["pass"], quiz["tries"]) for quiz in quizzes] == [(8, 7, 5)]


@pytest.mark.parametrize("lesson", LESSONS[:-1])
def test_a_lesson_has_three_messages_two_questions_with_reasons_and_something_to_do(lesson):
    kinds = [block["kind"] for block in about(lesson)["blocks"]]

    assert sum(kind in MESSAGES for kind in kinds) in {2 + kinds.count("steps"), 3, 4}
    assert kinds.count("question") == 2
    assert kinds[-1] == "this_week"
    assert about(lesson)["sources"]
    for language in ("en", "ur"):
        asked = tomllib.loads((COURSE / lesson / f"questions.{language}.toml").read_text("utf-8"))
        assert [bool(words["reason"] and words["hint"]) for words in asked.values()] == [True, True]


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_heard_within_two_minutes_and_a_screen_says_one_thing(lesson, language):
    head, told = starter.read_prose(COURSE / lesson / f"lesson.{language}.md")
    said = [[head["title"], head["goal"]]]
    said += [[one.title, one.text] for block in told.values() for one in (block, *block.parts.values())]
    words = [len(" ".join(texts).split()) for texts in said]

    assert sum(words) <= 120 * A_SECOND
    assert max(words) <= 40


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_lesson_names_a_number_to_call_or_a_dose(lesson):
    for file in (COURSE / lesson).glob("*.*"):
        text = file.read_text("utf-8")
        assert [word for word in text.replace("-", "").split() if word.isdigit() and len(word) > 5] == []
        assert " ml" not in text
        assert " mg" not in text


@pytest.mark.django_db(transaction=True)
def test_it_is_the_same_in_both_languages_and_no_card_on_the_first_page(there):
    english = LessonPage.objects.filter(locale__language_code="en")
    assert english.count() == 9
    for page in english:
        urdu = page.get_translations().get(locale__language_code="ur")
        assert [block.id for block in urdu.body] == [block.id for block in page.body]
        assert pages.draw(urdu).keys.keys() == pages.draw(page).keys.keys()
        assert "state look" in pages.draw(urdu).html  # not yet read by a native speaker

    for code in ("ur", "en"):
        course = outline.for_coaches(code)
        assert len(course.lessons) == 9
        catalogue = pages.draw(CataloguePage.objects.get(locale__language_code=code)).html
        assert course.url not in catalogue
        assert course.lessons[0].key not in catalogue
        assert course.url not in Client().get(f"/{code}/find/").content.decode()
        assert Client().get(course.url).status_code == 200
    assert find.find("surety", find.entries("en"))
    assert "c9-the-check" in Client().get("/en/find/?q=surety").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_trainer_may_have_it_stand_among_the_cards(there):
    course = CoursePage.objects.get(locale__language_code="en")
    course.for_coaches = False
    course.save_revision().publish()

    assert [card.title for card in outline.for_everybody(outline.shelf("en"))] == ["Walking with somebody"]
