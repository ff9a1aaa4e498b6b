"""Every kind of block becomes screens that a phone can turn, and says what it shows."""

import pytest
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.models import Locale

from assessments.marking import mark
from courses import pages, screens, starter
from courses.models import LessonPage
from courses.texts import for_voice
from tests.courses.conftest import put

STEPS = [("step", {"picture": None, "text": f"Step {n}."}) for n in (1, 2, 3)]
MILK_WELL = {"title": "Milk well", "text": "", "parts": STEPS, "only_in": []}
TO_BUY = {
    "title": "Look",
    "text": "",
    "parts": [("item", "Four teats"), ("item", "Clear eyes")],
    "only_in": [],
}
TRY_IT = {
    "title": "At the mandi",
    "text": "You talk about the price.",
    "picture": None,
    "parts": [
        ("card", {"title": "Buyer", "text": "You have a limit."}),
        ("card", {"title": "Seller", "text": "You hope for more."}),
    ],
    "only_in": [],
}
TELL = {"title": "Tell at home", "text": "Show it to somebody.", "picture": None, "only_in": []}


def with_blocks(lesson: LessonPage, *blocks: tuple) -> LessonPage:
    lesson.body = list(blocks)
    return put(lesson)


def kinds(lesson: LessonPage) -> list[str]:
    return [screen.kind for screen in screens.of(lesson)]


def test_step_by_step_each_step_is_a_screen_with_its_own_sound(lesson):
    turned = screens.of(with_blocks(lesson, ("steps", MILK_WELL)))

    assert [screen.spoken for screen in turned] == ["Step 1.", "Step 2.", "Step 3."]
    assert len({screen.text_key for screen in turned}) == 3
    assert [screen.number for screen in turned] == [2, 3, 4]


def test_an_opening_sentence_is_a_screen_before_the_steps(lesson):
    turned = screens.of(with_blocks(lesson, ("story", MILK_WELL | {"text": "Rubina milks."})))

    assert [screen.kind for screen in turned] == ["idea", "story", "story", "story"]
    assert turned[0].spoken == "Milk well Rubina milks."


def test_without_step_by_step_a_story_is_one_screen_and_no_screen_is_turned(lesson):
    lesson.step_by_step = False
    with_blocks(lesson, ("steps", MILK_WELL))

    html = pages.draw(lesson).html

    assert kinds(lesson) == ["steps"]
    assert "data-whole" in html
    for n in (1, 2, 3):
        assert f"Step {n}." in html


def test_every_part_that_is_shown_is_in_the_trainers_list_of_voices(lesson):
    put(lesson.get_parent().get_parent().specific)
    put(lesson.get_parent().specific)
    with_blocks(lesson, ("steps", MILK_WELL), ("checklist", TO_BUY), ("role_play", TRY_IT), ("family", TELL))

    heard = {key for screen in screens.of(lesson) for key in screen.heard}

    assert heard <= {text.key for text in for_voice("en")}


def test_a_list_is_answered_with_the_things_that_are_ticked(lesson):
    with_blocks(lesson, ("checklist", TO_BUY))
    [listed] = screens.of(lesson)

    key = pages.draw(lesson).keys[listed.block]

    assert key["options"] == [part.block for part in listed.parts]
    assert mark(key, {"chosen": key["options"]}) is None


def test_two_people_say_that_a_family_task_is_done_and_a_week_later_one_says_how_it_went(lesson):
    with_blocks(lesson, ("family", TELL), ("this_week", TELL))

    together, week = pages.draw(lesson).keys.values()

    assert together["options"] == ["me", "family"]
    assert week["options"] == ["yes", "not-yet", "not-for-me"]


def test_each_of_two_opens_one_card_without_a_script(lesson):
    html = pages.draw(with_blocks(lesson, ("role_play", TRY_IT))).html

    assert html.count(f'<details class="card pad" name="cards-{lesson.body[0].id}">') == 2


def test_a_picture_story_without_a_picture_is_not_saved_and_the_step_is_named(lesson):
    story = LessonPage.body.field.stream_block.child_blocks["story"]

    with pytest.raises(StructBlockValidationError) as refused:
        story.clean(story.to_python(_raw(MILK_WELL)))

    beside = refused.value.block_errors["parts"]
    assert isinstance(beside, StreamBlockValidationError)
    assert beside.block_errors.keys() == {0, 1, 2}


def _raw(value: dict) -> dict:
    return value | {"parts": [{"type": kind, "value": part} for kind, part in value["parts"]]}


# ── The prose files ──────────────────────────────────────────────────────────────────────────────────────
COURSE = """
key = "milk"
picture = "cow"
title = {en = "Milk", ur = "دودھ"}
summary = {en = "Clean milk.", ur = "صاف دودھ۔"}
[[units]]
key = "clean"
picture = "cow"
lessons = ["wash"]
title = {en = "Clean", ur = "صاف"}
"""
LESSON = """
key = "wash"
picture = "cow"
minutes = 3
review = []
sources = []
questions = []
[[blocks]]
key = "how"
kind = "steps"
steps = [{key = "hands"}, {key = "teats", picture = "cow"}]
[[blocks]]
key = "list"
kind = "checklist"
items = [{key = "cup"}, {key = "cloth"}]
[[blocks]]
key = "talk"
kind = "role_play"
picture = "cow"
cards = [{key = "buyer"}, {key = "seller"}]
[[blocks]]
key = "home"
kind = "family"
"""
WORDS = """+++
title = "{title}"
goal = "{title}"
+++

## how
{title} how

### hands
{title} hands.

### teats
![{title} cow]
{title} teats.

## list
{title} list

### cup
{title} cup

### cloth
{title} cloth

## talk
{title} talk

{title} happens.

### buyer
{title} buyer

{title} wants milk.

### seller
{title} seller

{title} has milk.

## home
{title} home

{title} tell them.
"""


@pytest.fixture
def milk(tmp_path, monkeypatch):
    """A small course in prose, in two languages, with one of each block that has parts."""
    folder = tmp_path / "milk"
    (folder / "drawings").mkdir(parents=True)
    (folder / "wash").mkdir()
    (folder / "course.toml").write_text(COURSE, "utf-8")
    (folder / "wash" / "lesson.toml").write_text(LESSON, "utf-8")
    (folder / "wash" / "lesson.en.md").write_text(WORDS.format(title="Wash"), "utf-8")
    (folder / "wash" / "lesson.ur.md").write_text(WORDS.format(title="دھونا"), "utf-8")
    (folder / "drawings" / "cow.svg").write_bytes(
        (starter.HERE / "healthy-animals" / "drawings" / "buffalo.svg").read_bytes()
    )
    monkeypatch.setattr(starter, "HERE", tmp_path)
    return folder


@pytest.mark.django_db(transaction=True)
def test_parts_are_written_as_prose_and_are_there_in_every_language(milk):
    starter.load(say=print)

    english, urdu = (
        LessonPage.objects.get(slug="wash", locale=Locale.objects.get(language_code=code))
        for code in ("en", "ur")
    )
    said = [screen.spoken for screen in screens.of(english)]
    assert said == [
        "Wash hands.",
        "Wash teats.",
        "Wash list",
        "Wash talk Wash happens.",
        "Wash home Wash tell them.",
    ]
    assert [screen.spoken for screen in screens.of(urdu)] == [text.replace("Wash", "دھونا") for text in said]
    assert [screen.block for screen in screens.of(urdu)] == [screen.block for screen in screens.of(english)]
    cards = next(screen for screen in screens.of(urdu) if screen.kind == "role_play").parts
    assert [card.spoken for card in cards] == [
        "دھونا buyer دھونا wants milk.",
        "دھونا seller دھونا has milk.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_questions_of_a_course_cannot_have_one_name(milk):
    lesson = milk / "wash" / "lesson.toml"
    twice = ", ".join(['{key = "q", kind = "say", use = "practice"}'] * 2)
    lesson.write_text(LESSON.replace("questions = []", f"questions = [{twice}]"), "utf-8")
    for language in ("en", "ur"):
        (milk / "wash" / f"questions.{language}.toml").write_text('[q]\nprompt = "Say it."\n', "utf-8")

    with pytest.raises(starter.ProseProblem, match="wash: another question of this course is called q"):
        starter.load(say=print)


@pytest.mark.django_db(transaction=True)
def test_loading_parts_twice_changes_nothing(milk):
    starter.load(say=print)
    before = LessonPage.objects.get(slug="wash", locale__language_code="en").latest_revision_id

    starter.load(say=print)

    assert LessonPage.objects.get(slug="wash", locale__language_code="en").latest_revision_id == before
