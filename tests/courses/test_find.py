"""To find a lesson by a word or by its picture."""

import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from courses.find import Entry, Found, find
from courses.models import LessonPage, Publication
from courses.spelling import words
from tests.courses.conftest import put

WATER = Entry("a", "Water all day", (("a:1", "Give her water. She drinks in the shade."),))
SHADE = Entry("b", "In the heat", (("b:1", "Shade first."), ("b:2", "Then watermelon, if you have it.")))
MILK = Entry("c", "Clean milk", (("c:1", "Wash your hands."),))
ALL = [SHADE, WATER, MILK]


def keys(found: list[Found]) -> list[str]:
    return [one.key for one in found]


def test_a_title_comes_before_a_sentence_and_a_whole_word_before_a_beginning():
    assert keys(find("water", ALL)) == ["a", "b"]
    assert keys(find("shade", ALL)) == ["b", "a"]


def test_the_sentence_in_which_the_word_stands_is_shown_and_marked():
    [_, found] = find("shad", ALL)

    assert found.sentence == "She drinks in the shade."
    assert [piece for piece, meant in found.pieces if meant] == ["shade."]
    assert found.text_key == "a:1"


def test_all_the_words_must_stand_there():
    assert keys(find("water shade", ALL)) == ["a", "b"]
    assert keys(find("water hands", ALL)) == []


def test_the_middle_of_a_word_is_not_a_word():
    assert find("melon", ALL) == []


@pytest.mark.parametrize(("typed", "written"), [("ٹیکہ", "ٹیکا"), ("ٹیکا", "ٹیکہ"), ("چارا", "چارہ")])
def test_who_hears_a_word_and_ends_it_as_others_do_finds_it(typed, written):
    entry = Entry("t", "سبق", (("t:1", f"{written} لگوائیں۔"),))

    [found] = find(typed, [entry])

    assert [piece for piece, meant in found.pieces if meant] == [written]


def test_who_types_urdu_in_latin_letters_finds_the_sentence_in_which_the_word_stands():
    entry = Entry("t", "گرمی میں", (("t:1", "سایہ دیں۔ پانی سارا دن دیں۔"),))

    [found] = find("paani sara", [WATER, entry])

    assert (found.key, [piece for piece, meant in found.pieces if meant]) == ("t", ["پانی", "سارا"])
    assert find("paanee", [WATER]) == []


def test_the_end_of_a_word_is_not_its_middle():
    assert find("پہنی", [Entry("t", "پانی")]) == []
    assert find("پہ", [Entry("t", "پانی")]) == []


def test_who_knows_the_word_in_another_language_finds_the_lesson():
    vaccines = Entry("v", "ٹیکے", elsewhere=("Vaccines",))

    assert find("vacc", [WATER, vaccines]) == [Found("v")]


@pytest.mark.parametrize("nothing", ["", "   ", "؟", "…", "\u200c"])
def test_who_asks_nothing_finds_nothing(nothing):
    assert find(nothing, ALL) == []


@given(st.lists(st.text("abcdeاآبپيی ك۱.؟", max_size=30), min_size=1, max_size=4), st.data())
def test_whoever_types_any_word_of_a_lesson_or_its_beginning_finds_the_lesson(said, data):
    entry = Entry("k", said[0], tuple((str(n), text) for n, text in enumerate(said[1:])))
    there = [word for text in said for word in words(text)]
    if not there:
        return
    word = data.draw(st.sampled_from(there))
    beginning = word[: data.draw(st.integers(1, len(word)))]

    assert keys(find(beginning, [entry])) == ["k"]


# ── On the page ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def live(lesson):
    put(lesson)
    return lesson


def page(client, asked: str = "", language: str = "en") -> str:
    answer = client.get(f"/{language}/find/", {"q": asked} if asked else {})
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_word_all_lessons_are_there_as_pictures(client, live):
    shown = page(client)

    assert "data-found" not in shown
    assert "data-nothing" not in shown
    assert "Water all day" in shown


def test_a_word_of_a_screen_finds_its_lesson(client, live):
    assert "<mark>her</mark>" in page(client, "her")


def test_a_word_of_a_question_finds_its_lesson_but_its_answers_do_not(client, live):
    assert "data-found" in page(client, "need")
    assert "data-nothing" in page(client, "tea")


def test_who_finds_nothing_is_told_kindly_and_sees_the_pictures(client, live):
    shown = page(client, "tractor")

    assert "data-nothing" in shown
    assert "Water all day" in shown


def test_what_is_asked_is_shown_as_words_and_never_as_code(client, live):
    assert "<script>x" not in page(client, "<script>x her")


def test_an_english_title_finds_the_lesson_in_urdu(client, live):
    copy = live.copy_for_translation(Locale.objects.get(language_code="ur"), copy_parents=True)
    LessonPage.objects.filter(pk=copy.pk).update(title="سارا دن پانی")
    Page.objects.filter(locale__language_code="ur").update(live=True)

    assert "سارا دن پانی" in page(client, "water", "ur").split("data-found")[1].split("</ul>")[0]


def test_a_draft_is_found_by_nobody(client, lesson):
    lesson.live = False
    lesson.save()

    assert "data-nothing" in page(client, "water")


def test_a_screen_for_other_languages_is_not_searched(client, lesson):
    lesson.body.append(("tip", {"title": "", "text": "Sharbat is sweet.", "only_in": ["ur"]}))
    put(lesson)

    assert "data-nothing" in page(client, "sharbat")


def test_the_catalogue_leads_here(client, live):
    answer = client.get("/en/")

    assert 'href="/en/find/"' in answer.content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_finding_costs_the_same_for_one_lesson_or_three(
    client, unit, question, english, how_many, django_assert_num_queries
):
    for n in range(how_many):
        body = [
            ("idea", {"title": "Water", "text": f"Give her water {n}.", "only_in": []}),
            ("question", {"question": question, "only_in": []}),
        ]
        put(unit.add_child(instance=LessonPage(title=f"Water {n}", slug=f"w{n}", locale=english, body=body)))

    # courses, units, lessons; questions, titles elsewhere and bodies; recordings
    with django_assert_num_queries(7):
        page(client, "water")


def test_a_search_is_kept_nowhere(client, live, settings, caplog):
    caplog.set_level(logging.DEBUG)
    page(client, "water")  # the list of sounds is made once
    before = _files(settings.PUBLISHED_ROOT), Publication.objects.count(), dict(client.session)

    answer = client.get("/en/find/", {"q": "zebu"})

    assert (_files(settings.PUBLISHED_ROOT), Publication.objects.count(), dict(client.session)) == before
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    assert "zebu" not in caplog.text


def _files(folder: Path) -> set[Path]:
    return {file for file in Path(folder).rglob("*") if file.is_file()}
