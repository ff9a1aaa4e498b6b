"""Who walks with somebody sees where they are on their way; a coordinator types the day that they say."""

from datetime import timedelta

import pytest

from lms import consent, way
from lms.journey import Dates, Plan
from lms.models.journey import Journey
from lms.models.people import Person
from mentors.models.bonds import Bond, Look
from tests.cast import NOON, _staff
from tests.inside import come_in

TODAY = NOON.date()


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def maryam(home_programme):
    return _staff(home_programme, "maryam", "coordinator")


def page(programme, person) -> str:
    return f"/desk/walks/{programme.pk}/{person.pk}/"


def home_since(person, days: int) -> Journey:
    return way.arrive(person, TODAY - timedelta(days=days), now=NOON)


def test_a_coach_sees_where_amina_is(amina, bilal):
    home_since(amina, 23)
    desk = come_in(bilal)

    for address in ("/desk/", f"/desk/people/{amina.pk}/"):
        assert "First 90 days, day 23" in desk.get(address).text


def test_what_somebody_said_of_themselves_is_on_no_desk(amina, bilal, maryam, home_programme):
    way.tell(home_since(amina, 23), trade="craft", part="alone", kind="forced")

    pages = [
        come_in(bilal).get(f"/desk/people/{amina.pk}/"),
        come_in(maryam).get(page(home_programme, amina)),
    ]

    assert all(one.status_code == 200 for one in pages)
    assert all("I had to go" not in one.text and "forced" not in one.text for one in pages)


def test_who_took_the_yes_back_is_on_no_board(gul, maryam, home_programme):
    home_since(gul, 23)
    desk = come_in(maryam)

    assert "day 23" not in desk.get(f"/desk/walks/{home_programme.pk}/").text
    assert desk.get(page(home_programme, gul)).status_code == 404


def test_a_coordinator_sets_the_day_together_with_amina_and_she_reads_who_looked(
    amina, maryam, home_programme
):
    desk = come_in(maryam)
    day = TODAY + timedelta(days=20)

    answer = desk.post(page(home_programme, amina), {"act": "leaves", "day": day.isoformat()}, follow=True)

    assert "Getting ready, 20 days to go" in answer.text
    assert Journey.objects.get(person=amina).departure_on == day
    assert Look.objects.filter(by=maryam, person=amina, what=Look.What.PROGRESS).exists()


def test_amina_has_arrived(amina, maryam, home_programme):
    way.say(amina, Dates(Plan.GOING, TODAY), now=NOON)

    come_in(maryam).post(page(home_programme, amina), {"act": "home", "day": TODAY.isoformat()})

    assert Journey.objects.get(person=amina).arrived_on == TODAY


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("leaves", "1.1.1970", "That day has passed."),
        ("leaves", "soon", "We could not read this day."),
        ("home", "2062-01-01", "That day has not come yet."),
    ],
)
def test_a_day_that_cannot_be_is_said_and_stays_typed(amina, maryam, home_programme, act, typed, said):
    answer = come_in(maryam).post(page(home_programme, amina), {"act": act, "day": typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed}"' in answer.text
    assert not Journey.objects.exists()


@pytest.mark.parametrize("ending", ["moved-on", "lost", "died", "nonsense"])
def test_a_way_ends_and_after_a_death_nobody_is_asked_to_call(amina, maryam, home_programme, ending):
    journey = home_since(amina, 23)

    come_in(maryam).post(page(home_programme, amina), {"act": "ends", "ending": ending})

    journey.refresh_from_db()
    assert journey.ending == ("" if ending == "nonsense" else ending)
    assert Bond.objects.filter(person=amina, ended_at=None).exists() is (ending != "died")


def test_a_coach_sets_no_days(amina, bilal, home_programme):
    answer = come_in(bilal).post(page(home_programme, amina), {"act": "home", "day": ""})

    assert (answer.status_code, Journey.objects.count()) == (404, 0)


@pytest.mark.parametrize("how_many", [1, 6])
def test_the_board_asks_once_for_all_ways(
    how_many, home_programme, bilal, maryam, django_assert_max_num_queries
):
    for number in range(how_many):
        person = Person.objects.create(name=f"P{number}")
        consent.answer(person, "coach", "yes", at=NOON, locale="ur")
        Bond.objects.create(coach=bilal, person=person, programme=home_programme, began_at=NOON)
        home_since(person, 40 + number)
    desk, address = come_in(maryam), f"/desk/walks/{home_programme.pk}/"
    desk.get(address)

    with django_assert_max_num_queries(20):
        assert f"day {39 + how_many}" in desk.get(address).text
