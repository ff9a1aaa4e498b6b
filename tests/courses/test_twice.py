"""The questions before and after a unit, as phones get them."""

import gzip
import json
import re

import pytest
from django.core.exceptions import ValidationError

from courses import outline, pages, published, twice
from courses.models import Publication
from courses.texts import for_voice
from tests.assessments.conftest import KINDS, REASON, ask  # noqa: F401 - questions
from tests.courses.conftest import put
from tests.courses.test_pages import translated

MARKED = sorted({*KINDS} - {"say"})


@pytest.fixture
def asking(lesson, ask):  # noqa: F811
    """A unit with a lesson, and a question of every kind before and after it."""
    unit = lesson.get_parent().specific
    unit.test = [("question", ask(kind)) for kind in MARKED]
    put(lesson)
    return put(unit)


def keys_in(html: str) -> dict:
    return json.loads(re.search(r'<script id="keys" type="application/json">(.*?)</script>', html)[1])


def test_the_same_questions_are_asked_before_and_after(asking):
    before, after = [pages.draw(page) for page in twice.of(asking)]

    assert list(before.keys) == list(after.keys) == [block.id for block in asking.test]
    assert (before.kind, after.kind) == ("before", "after")
    assert twice.of(asking)[0].translation_key != twice.of(asking)[1].translation_key


def test_only_the_server_can_mark_them_though_they_are_for_practice_elsewhere(asking):
    for page in twice.of(asking):
        drawn = pages.draw(page)

        assert {key["use"] for key in drawn.keys.values()} == {"counts"}
        assert all(key["right"] for key in drawn.keys.values())
        assert [block for block, key in keys_in(drawn.html).items() if "right" in key] == []
        assert REASON not in drawn.html


def test_they_stand_below_the_unit_and_go_with_it(client, asking, django_capture_on_commit_callbacks):
    addresses = ["/en/animals/every-day/questions-before/", "/en/animals/every-day/questions-after/"]
    with django_capture_on_commit_callbacks(execute=True):
        published.want(asking)
    assert set(addresses) <= set(Publication.objects.values_list("path", flat=True))
    assert [client.get(address).status_code for address in addresses] == [200, 200]

    with django_capture_on_commit_callbacks(execute=True):
        asking.test = []
        put(asking)
    assert not Publication.objects.filter(path__in=addresses).exists()
    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_unit_that_is_taken_back_asks_nothing(asking, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        published.want(asking)
    with django_capture_on_commit_callbacks(execute=True):
        asking.unpublish()

    assert not Publication.objects.filter(path__contains="/questions-").exists()


def test_who_comes_first_gets_them_though_nothing_was_rendered_yet(client, asking):
    Publication.objects.all().delete()

    assert client.get("/en/animals/every-day/questions-before/").status_code == 200
    assert client.get("/en/animals/every-day/questions-other/").status_code == 404


def test_they_have_one_name_in_all_languages(asking, urdu):
    in_urdu = translated(asking, urdu)
    in_urdu.save_revision().publish()

    assert [page.translation_key for page in twice.of(in_urdu.specific)] == [
        page.translation_key for page in twice.of(asking)
    ]
    assert pages.draw(twice.of(in_urdu)[0]).keys.keys() == pages.draw(twice.of(asking)[0]).keys.keys()
    assert 'href="/ur/animals/every-day/questions-before/"' in pages.draw(twice.of(asking)[0]).html


def test_the_list_of_a_course_shows_them_and_does_not_count_them(asking):
    course = asking.get_parent()
    html = pages.draw(course).html

    assert html.count("/questions-") == 2
    assert [len(card.lessons) for card in outline.shelf("en")] == [1]
    [unit] = outline.shelf("en")[0].units
    assert not {card.key for card in unit.asked.values()} & {lesson.key for lesson in unit.lessons}
    [counted] = re.findall(r'data-progress="([^"]*)"', html)
    assert counted.split() == [lesson.key for lesson in unit.lessons]


def test_they_can_be_heard(asking):
    texts = {text.text for text in for_voice("en")}

    assert {block.value.prompt for block in asking.test} <= texts
    assert {"What do you know already?", "What do you know now?"} <= texts


def test_a_question_that_nobody_marks_cannot_show_what_was_learned(asking, ask):  # noqa: F811
    asking.test = [("question", ask("say"))]

    with pytest.raises(ValidationError, match="a right answer"):
        asking.clean()


def test_a_changed_question_is_asked_anew(asking, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        published.want(asking)
    question = asking.test[0].value
    question.prompt = "A better question?"
    with django_capture_on_commit_callbacks(execute=True):
        question.save()

    key = twice.of(asking)[0].translation_key
    page = published.read(Publication.objects.get(page_key=key).path)
    assert "A better question?" in gzip.decompress(page.body).decode()
