from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from assessments.models import Question
from courses.models import Rendering
from lms import consent, standings
from lms.models.people import Person
from lms.models.record import RecordLine, Standing
from tests.cast import NOON
from tests.lms.phone import HOUR, answered, lesson, line, question, send

pytestmark = pytest.mark.django_db


def test_a_standing_holds_the_first_time_and_the_best_answer(amina):
    milk = lesson(q1=question(), q2=question(right="a"))
    send(amina, None, line(milk, at=NOON - 3 * HOUR), answered(milk, "c", at=NOON - 2 * HOUR))
    send(amina, None, answered(milk, "b"), answered(milk, "b", block="q2"), line(milk, "completed"))

    standing = Standing.objects.get()
    assert (standing.person, standing.lesson) == (amina, milk.page_key)
    assert (standing.begun_at, standing.done_at) == (NOON - 3 * HOUR, NOON - HOUR)
    assert standing.answers == {"q1": 1.0, "q2": 0.0}


@pytest.mark.parametrize("how_many", [1, 30])
def test_new_lines_cost_two_queries_for_one_lesson_or_thirty(amina, how_many, django_assert_num_queries):
    pages = [lesson() for _ in range(how_many)]
    send(amina, None, *[line(page) for page in pages])
    more = [RecordLine(about=page.page_key, verb="completed", happened_at=NOON) for page in pages]

    with django_assert_num_queries(2):
        changed = standings.add(amina, more, now=NOON)

    assert {one.lesson for one in changed} == {page.page_key for page in pages}


def test_what_teaches_nothing_new_changes_nothing(amina, django_assert_num_queries):
    milk = lesson()
    send(amina, None, answered(milk, "b"))
    before = Standing.objects.values().get()

    with django_assert_num_queries(1):
        worse = RecordLine(about=milk.page_key, verb="answered", block="q1", score=0.0, happened_at=NOON)
        assert standings.add(amina, [worse], now=NOON + HOUR) == []

    assert Standing.objects.values().get() == before


def test_all_standings_can_be_made_again_from_the_record(amina, farid):
    milk, feed = lesson(), lesson()
    for person in (amina, farid):
        send(person, None, answered(milk, "b"), line(feed, "completed"))
    before = list(
        Standing.objects.order_by("person", "lesson").values("person", "lesson", "begun_at", "answers")
    )
    Standing.objects.filter(person=amina).delete()
    Standing.objects.filter(person=farid, lesson=milk.page_key).update(answers={"q1": 0.0})
    Standing.objects.create(person=farid, lesson=farid.pk, begun_at=NOON)

    assert len(standings.wrong_ones()) == 4
    assert standings.rebuild(now=NOON) == 4

    again = Standing.objects.order_by("person", "lesson").values("person", "lesson", "begun_at", "answers")
    assert list(again) == before
    assert standings.wrong_ones() == []
    assert standings.rebuild(now=NOON) == 0


def test_one_persons_standings_are_made_again_without_touching_anothers(amina, farid):
    milk = lesson()
    for person in (amina, farid):
        send(person, None, line(milk))
    Standing.objects.all().delete()

    assert standings.rebuild(amina, now=NOON) == 1

    assert [one.person for one in Standing.objects.all()] == [amina]


def test_who_answered_a_question_that_was_voided_answered_it_rightly(amina, farid):
    asked = Question.objects.create(
        prompt="When?", reason="So.", locale=Locale.objects.get(language_code="en")
    )
    milk = lesson(q1=question(key=asked.translation_key), q2=question())
    send(amina, None, answered(milk, "a"), answered(milk, "a", block="q2"))
    send(farid, None, answered(milk, "a", block="q2"))
    Question.objects.update(voided_at=NOON)

    standings.rebuild(now=NOON)

    assert Standing.objects.get(person=amina).answers == {"q1": 1.0, "q2": 0.0}
    assert Standing.objects.get(person=farid).answers == {"q2": 0.0}
    assert RecordLine.objects.filter(block="q1").get().score == 0.0
    send(amina, None, answered(milk, "c"))
    assert Standing.objects.get(person=amina).answers == {"q1": 1.0, "q2": 0.0}


def test_a_phone_that_asks_hears_what_is_new(amina, farid):
    milk, feed = lesson(), lesson()
    send(amina, None, line(milk), now=NOON - 2 * HOUR)
    send(amina, None, line(feed), now=NOON)
    send(farid, None, line(lesson()))

    assert {one.lesson for one in standings.news_for(amina, since=None)} == {milk.page_key, feed.page_key}
    assert [one.lesson for one in standings.news_for(amina, since=NOON - HOUR)] == [feed.page_key]


def test_the_command_says_what_is_wrong_and_puts_it_right(amina):
    send(amina, None, line(lesson()))
    Standing.objects.all().delete()
    said = StringIO()

    with pytest.raises(CommandError, match="1 standings are wrong"):
        call_command("standings", "--check")
    call_command("standings", stdout=said)
    call_command("standings", "--check", stdout=said)

    assert said.getvalue() == "1 standings were made again.\nAll standings are right.\n"


steps = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["q1", "q2"]), st.integers(0, 9)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.randoms())
def test_S19_in_whatever_order_lines_come_the_standings_are_what_the_record_says(db, steps, random):
    milk = Rendering.objects.first() or lesson(q1=question(), q2=question(right="a"))
    lines = [answered(milk, chosen, block=block, at=NOON - n * HOUR) for chosen, block, n in steps]
    seen = []
    for _ in range(2):
        person = Person.objects.create()
        consent.answer(person, "record", "yes", at=NOON, locale="ur")
        fresh = [{**one, "id": answered(milk)["id"]} for one in lines]
        random.shuffle(fresh)
        while fresh:
            some = random.randint(1, len(fresh))
            send(person, None, *fresh[:some])
            fresh = fresh[some:]
        assert standings.wrong_ones(person) == []
        seen.append(standings.standings_of(person))

    assert seen[0] == seen[1]
