"""What somebody has learned: before and now, for their own eyes."""

from datetime import timedelta

import pytest

from assessments.marking import right_answer
from courses import published, twice
from lms import intake
from lms.learned import learned
from tests.assessments.conftest import REASON, ask  # noqa: F401 - questions
from tests.cast import NOON
from tests.courses.conftest import catalogue, english, lesson, put, question, unit, urdu  # noqa: F401 - a course
from tests.lms import phone

ASKED = ["one", "many", "true_false", "order", "number"]


@pytest.fixture
def asking(lesson, ask):  # noqa: F811
    """A unit that asks five questions before and after."""
    taught = lesson.get_parent().specific
    taught.test = [("question", ask(kind)) for kind in ASKED]
    put(lesson)
    return put(taught)


@pytest.fixture
def answer(asking):
    """Somebody answers some questions at a moment, rightly or not."""

    def said(person, moment, right, *, but=(), at=NOON - timedelta(hours=2)) -> None:
        out = published.publish(twice.Asking(asking, moment))
        type(out).objects.filter(pk=out.pk).update(made_at=NOON - timedelta(days=9))
        lines = [
            phone.line(out, "answered", block=block, at=at, response=_response(key, key["kind"] in right))
            for block, key in out.keys.items()
            if key["kind"] not in but
        ]
        intake.receive(person, None, lines, sent_at=NOON, now=NOON)
        intake.read_once.clear()

    return said


def _response(key: dict, right: bool) -> dict:
    if right:
        return right_answer(key)
    if key["kind"] == "order":
        return {"order": key["right"][::-1]}
    if key["kind"] == "number":
        return {"typed": "99"}
    return {"chosen": [next(option for option in key["options"] if option not in key["right"])]}


@pytest.fixture
def at_home(client, amina):
    client.force_login(amina.user)
    session = client.session
    session["person"] = str(amina.pk)
    session.save()
    return client


def page_of(client, asking) -> str:
    answer = client.get(f"/en/mine/learned/{asking.translation_key}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_amina_sees_how_much_more_she_knows_and_why(at_home, amina, asking, answer):
    answer(amina, "before", {"one"})
    answer(amina, "after", {"one", "many", "true_false", "number"}, at=NOON - timedelta(hours=1))

    page = page_of(at_home, asking)

    assert "Before: 1 of 5." in page
    assert "Now: 4 of 5." in page
    assert "3 more than before" in page
    assert page.count(REASON) >= 5
    assert "1.75 litres" in page
    assert "1 · Wash your hands" in page


def test_nothing_is_told_before_she_has_answered_again(at_home, amina, asking, answer):
    answer(amina, "before", {"one"})

    page = page_of(at_home, asking)

    assert "you see what you have learned" in page
    assert REASON not in page
    assert "Before:" not in page


def test_only_the_first_answer_counts_at_each_moment(amina, asking, answer):
    answer(amina, "before", set(), at=NOON - timedelta(hours=5))
    answer(amina, "before", set(ASKED), at=NOON - timedelta(hours=4))
    answer(amina, "after", {"one"}, at=NOON - timedelta(hours=3))
    answer(amina, "after", set(ASKED), at=NOON - timedelta(hours=2))

    found = learned(amina, asking)
    assert (found.before, found.after, found.gain) == (0, 1, 1)


def test_what_was_skipped_is_not_yet_right_and_no_mistake(amina, asking, answer):
    answer(amina, "before", {"one"}, but={"number"})
    answer(amina, "after", set(ASKED))

    rows = learned(amina, asking).rows
    assert [row.before for row in rows] == [True, False, False, False, None]
    assert [row.step for row in rows] == ["done", "gained", "gained", "gained", "gained"]


def test_who_skipped_everything_before_is_told_only_how_it_is_now(at_home, amina, asking, answer):
    answer(amina, "after", set(ASKED))

    page = page_of(at_home, asking)
    assert "Now: 5 of 5." in page
    assert "You know all of it" in page
    assert "Before:" not in page


def test_a_question_that_was_a_mistake_counts_neither_time(amina, asking, answer):
    answer(amina, "before", set())
    answer(amina, "after", {"one"})
    wrong = asking.test[1].value
    wrong.voided_at = NOON
    wrong.save()

    assert len(learned(amina, type(asking).objects.get(pk=asking.pk)).rows) == 4


def test_what_farid_answered_is_not_aminas(amina, farid, asking, answer):
    answer(farid, "after", set(ASKED))

    assert learned(amina, asking).after is None


def test_it_asks_as_little_of_the_database_for_eight_questions_as_for_one(
    at_home, amina, asking, answer, ask, django_assert_num_queries, django_assert_max_num_queries  # noqa: F811
):  # fmt: skip
    answer(amina, "after", set(ASKED))
    page_of(at_home, asking)
    fresh = type(asking).objects.select_related("locale").get(pk=asking.pk)
    with django_assert_num_queries(3):
        learned(amina, fresh)
    with django_assert_max_num_queries(14):
        page_of(at_home, asking)


def test_who_has_no_place_is_shown_the_way_in_and_comes_back(client, asking):
    answer = client.get(f"/en/mine/learned/{asking.translation_key}/")

    assert answer.status_code == 302
    assert answer.url.startswith("/en/start/?next=")


def test_a_unit_that_asks_nothing_has_no_such_page(at_home, unit):  # noqa: F811
    put(unit)

    assert at_home.get(f"/en/mine/learned/{unit.translation_key}/").status_code == 404
