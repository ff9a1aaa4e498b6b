"""Many people at once: how far each is in each unit, and how often they came."""

import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from lms import consent
from mentors import circles, grid, meetings
from mentors.models.bonds import Look
from tests.cast import NOON, _bond, _learner
from tests.inside import come_in
from tests.mentors.circled import a_circle, a_meeting


@dataclass(frozen=True)
class _Unit:
    key: str
    title: str
    lessons: list = field(default_factory=list)


UNITS = [
    _Unit("u1", "Milk", [SimpleNamespace(key="a"), SimpleNamespace(key="b")]),
    _Unit("u2", "Calf", [SimpleNamespace(key="c")]),
]
STOOD = st.lists(
    st.builds(SimpleNamespace, lesson=st.sampled_from("abcz"), done_at=st.none() | st.just(NOON)),
    unique_by=lambda one: one.lesson,
)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@given(STOOD)
def test_nobody_did_more_lessons_than_there_are_and_who_did_one_has_begun(stood):
    for cell in grid.cells(grid.columns(UNITS, {}), stood):
        assert 0 <= cell.done <= cell.of
        assert cell.begun or not cell.done
        assert cell.state in {"", "begun", "done"}


def test_only_units_are_shown_that_somebody_began_or_that_a_circle_is_about():
    begun = {"amina": [SimpleNamespace(lesson="c", done_at=None)]}

    assert [one.key for one in grid.columns(UNITS, begun)] == ["u2"]
    assert [one.key for one in grid.columns(UNITS, begun, {"u1"})] == ["u1", "u2"]
    assert [one.key for one in grid.columns(UNITS, {})] == ["u1", "u2"]


def shown(who, address: str) -> dict[str, list[str]]:
    """Each person's row, in words."""
    rows = come_in(who).get(address).context["rows"]
    return {
        one.name: [f"{came.came}/{came.of}" if came else "-", *(f"{cell.done}/{cell.of}" for cell in cells)]
        for one, came, cells in rows
    }


def test_bilal_sees_two_of_three_and_who_came(bilal, home_programme, amina, lessons, did):
    circle = a_circle(bilal, home_programme, amina)
    for lesson in lessons[:2]:
        did(amina, lesson)
    for came in ("came", "told"):
        meetings.call_roll(a_meeting(circle), uuid.uuid4(), bilal, {amina.pk: came}, now=NOON)
    called_off = a_meeting(circle)
    meetings.call_roll(called_off, uuid.uuid4(), bilal, {amina.pk: "missed"}, now=NOON)
    meetings.call_off(called_off, now=NOON)
    Look.objects.all().delete()

    answer = come_in(bilal).get(f"/desk/circles/{circle.pk}/grid/")

    assert shown(bilal, f"/desk/circles/{circle.pk}/grid/") == {"Amina": ["1/2", "2/3"]}
    assert "2 of 3" in answer.text
    assert "%" not in answer.text.partition("<main>")[2]
    assert '<th scope="col">Clean milk</th>' in answer.text
    assert '<th scope="row">' in answer.text
    assert Look.objects.filter(by=bilal, person=amina, what="list").exists()


def test_tariq_sees_people_of_every_circle_and_nobody_who_is_in_none(
    bilal, tariq, home_programme, amina, other_programme, farid
):
    a_circle(bilal, home_programme, amina)
    _learner(home_programme, "Alone", "+923001230009", said={"coach": "yes"})

    assert set(shown(tariq, f"/desk/circles/grid/{home_programme.pk}/")) == {"Amina"}
    consent.answer(amina, "coach", "no", at=NOON, locale="ur")
    assert shown(tariq, f"/desk/circles/grid/{home_programme.pk}/") == {}
    for who, where in ((tariq, other_programme), (bilal, home_programme)):
        assert come_in(who).get(f"/desk/circles/grid/{where.pk}/", follow=True).status_code == 404


@pytest.mark.parametrize("who", ["bilal", "tariq"])
def test_a_grid_asks_as_often_for_many_people_as_for_one(
    who, request, bilal, tariq, home_programme, lessons, did, django_assert_max_num_queries
):
    desk, circle = come_in(request.getfixturevalue(who)), a_circle(bilal, home_programme, largest=25)
    of = {"bilal": f"{circle.pk}/grid", "tariq": f"grid/{home_programme.pk}"}
    counts = []
    for many in (range(1), range(1, 25)):
        for n in many:
            person = _learner(home_programme, f"P{n}", f"+9230012310{n:02}", said={"coach": "yes"})
            _bond(bilal, person, home_programme)
            circles.ask(circle, bilal, [person.pk], now=NOON)
            circles.join(person, circle.pk, now=NOON)
            did(person, lessons[n % 3])
            meetings.call_roll(a_meeting(circle), uuid.uuid4(), bilal, {person.pk: "came"}, now=NOON)
        with django_assert_max_num_queries(40) as asked:
            assert desk.get(f"/desk/circles/{of[who]}/").status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_25_people_stand_on_a_page(bilal, tariq, home_programme):
    for begins in (0, 15):
        numbers = [f"+923001231{n:03}" for n in range(begins, begins + 15)]
        people = [_learner(home_programme, one, one, said={"coach": "yes"}) for one in numbers]
        circle = a_circle(bilal, home_programme, largest=25)
        circles.ask(circle, tariq, [one.pk for one in people], now=NOON)
        for one in people:
            circles.join(one, circle.pk, now=NOON)
    address = f"/desk/circles/grid/{home_programme.pk}/"

    assert [len(shown(tariq, f"{address}?page={n}")) for n in (1, 2, "x")] == [25, 5, 25]
