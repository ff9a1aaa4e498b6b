import json
import re

from courses import pages
from tests.courses.conftest import put


def translated(page, locale):
    """A copy of the page in another language, as a translator would find it."""
    for parent in page.get_ancestors().filter(depth__gt=1).specific():
        if not parent.has_translation(locale):
            parent.copy_for_translation(locale)
    return page.copy_for_translation(locale)


def test_one_language_can_have_a_block_that_others_lack(lesson, urdu):
    lesson.body[0].value["only_in"] = ["ur"]
    put(lesson)

    in_urdu = pages.draw(translated(lesson, urdu)).html

    assert "Give her water all day." not in pages.draw(lesson).html
    assert "Give her water all day." in in_urdu


def test_the_first_page_knows_the_unit_of_each_lesson_so_that_its_way_can_be_drawn(catalogue, unit, lesson):
    for page in (catalogue, unit.get_parent().specific, unit, lesson):
        put(page)

    html = pages.draw(catalogue).html

    lessons = json.loads(re.search(r'<script id="lessons" type="application/json">(.*?)</script>', html)[1])
    assert [one["unit"] for one in lessons] == [str(unit.translation_key)]


def test_a_question_nobody_has_translated_is_shown_as_it_is_and_says_so(lesson, urdu, question):
    put(lesson)

    html = pages.draw(translated(lesson, urdu)).html

    assert 'lang="en" dir="ltr"' in html
    assert question.prompt in html


def test_a_question_speaks_the_language_of_the_page(lesson, urdu, question):
    put(lesson)
    twin = question.copy_for_translation(urdu)
    twin.prompt = "اسے سارا دن کیا چاہیے؟"
    twin.save()

    html = pages.draw(translated(lesson, urdu)).html

    assert "اسے سارا دن کیا چاہیے؟" in html
    assert question.prompt not in html


def test_the_keys_in_a_page_are_those_that_marking_reads(lesson):
    put(lesson)
    drawn = pages.draw(lesson)

    in_page = json.loads(
        re.search(r'<script id="keys" type="application/json">(.*?)</script>', drawn.html)[1]
    )

    named = {block: {"question": drawn.keys[block]["question"], **key} for block, key in in_page.items()}
    assert named == drawn.keys  # a phone has no use for the name of a question


def test_a_page_in_a_right_to_left_language_says_so(lesson, urdu):
    put(lesson)

    assert '<html lang="ur" dir="rtl"' in pages.draw(translated(lesson, urdu)).html


def test_a_lesson_offers_itself_in_the_other_languages(lesson, urdu):
    put(lesson)
    put(translated(lesson, urdu))

    assert 'href="/ur/animals/every-day/water/"' in pages.draw(lesson).html


def test_a_language_without_the_lesson_is_offered_from_the_nearest_page_above(lesson):
    put(lesson)

    assert 'href="/de/"' in pages.draw(lesson).html


def test_a_lesson_without_screens_still_has_a_beginning_and_an_end(lesson):
    lesson.body = []
    put(lesson)

    assert pages.draw(lesson).html.count('class="screen') == 2


def test_the_screens_cost_the_same_queries_for_one_question_or_three(
    lesson, question, django_assert_max_num_queries
):
    block = {"question": question, "only_in": []}
    lesson.body = [("question", block)] * 3
    put(lesson)

    with django_assert_max_num_queries(45):
        pages.draw(lesson)
