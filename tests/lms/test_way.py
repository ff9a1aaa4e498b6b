"""Somebody's way home, written down: what they say holds, and what is due comes once."""

import shutil
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lms import countries, way
from lms.journey import WAVES, Dates, Ending, Plan, Problem, Stage
from lms.models.journey import CheckIn, Journey, StageChange, TaskDone
from lms.models.people import Person, User
from tests.cast import NOON
from tests.house.test_words import found_in

TODAY = NOON.date()  # 22 November 2026, in Pakistan too


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def at(days: int):
    return NOON + timedelta(days=days)


def goes(person, days: int | None, *, now=NOON) -> Journey:
    return way.say(person, Dates(Plan.GOING, None if days is None else day(days)), now=now)


def stages(journey) -> list[tuple[str, date]]:
    return list(StageChange.objects.filter(journey=journey).order_by("pk").values_list("stage", "on"))


def waves(journey) -> dict[str, date]:
    return dict(
        CheckIn.objects.filter(journey=journey).order_by("due_on", "pk").values_list("wave", "due_on")
    )


# ── What a person says ───────────────────────────────────────────────────────────────────────────────────


def test_who_does_not_know_yet_is_on_a_way_without_a_day(amina):
    journey = way.say(amina, Dates(), now=NOON)

    here = way.here(journey, now=NOON)
    assert here.stage is Stage.UNDECIDED
    assert (journey.next_on, waves(journey)) == (None, {})
    assert [step.due_on for step in here.steps] == [None, None]


def test_the_programme_says_where_the_way_leads(amina, home_programme):
    journey = goes(amina, 40)

    assert (journey.programme, journey.country) == (home_programme, "PK")


def test_who_comes_alone_and_is_home_already_needs_no_programme(nadia):
    journey = way.arrive(nadia, day(-40), now=NOON)

    assert (journey.programme, journey.country, journey.stage) == (None, "PK", Stage.FIRST_90)
    assert way.here(journey, now=NOON).days_home == 40


def test_to_say_the_same_twice_is_to_say_it_once(amina):
    one, two = goes(amina, 40), goes(amina, 40)

    assert one.pk == two.pk
    assert stages(one) == [("preparing", TODAY)]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (Dates(Plan.GOING, day(-3)), Problem.PAST),
        (Dates(Plan.GOING, date(2099, 1, 1)), Problem.TOO_FAR),
        (Dates(Plan.HOME, None, day(9)), Problem.NOT_YET),
        (Dates(Plan.HOME, None, date(1970, 1, 1)), Problem.LONG_AGO),
        (Dates(Plan.GOING, day(-3), day(-9)), Problem.WRONG_ORDER),
    ],
)
def test_a_day_that_cannot_be_changes_nothing(amina, said, problem):
    before = goes(amina, 40)

    with pytest.raises(way.NotThatDay) as refused:
        way.say(amina, said, now=NOON)

    assert refused.value.problem is problem
    assert way.dates_of(way.of(amina)) == way.dates_of(before)


def test_who_arrived_does_not_leave_a_second_time_on_the_same_way(amina):
    goes(amina, 5)
    way.arrive(amina, None, now=at(5))
    with pytest.raises(way.NotThatDay) as refused:
        way.say(amina, Dates(Plan.GOING, day(200)), now=at(90))
    assert refused.value.problem is Problem.TWICE

    way.end(amina, Ending.MOVED_ON, now=at(90))
    way.say(amina, Dates(Plan.GOING, day(200)), now=at(91))

    ways = Journey.objects.order_by("begun_at").values_list("ending", "stage")
    assert list(ways) == [("moved-on", "arrival"), ("", "preparing")]


def test_who_left_earlier_than_planned_just_says_that_they_are_there(amina):
    goes(amina, 30)

    journey = way.arrive(amina, None, now=at(12))

    assert (journey.departure_on, journey.arrived_on, journey.stage) == (day(12), day(12), Stage.ARRIVAL)


def test_who_was_home_before_they_came_here_prepared_nothing(amina):
    goes(amina, 30)

    journey = way.arrive(amina, day(-200), now=NOON)

    assert (journey.plan, journey.departure_on, journey.stage) == ("home", None, Stage.YEAR_1)


def test_to_have_arrived_by_a_slip_can_be_taken_back(amina):
    goes(amina, 30)
    way.arrive(amina, None, now=at(1))

    journey = way.not_yet_there(amina, now=at(1))

    assert way.dates_of(journey) == Dates(Plan.GOING)  # the day of leaving has passed, and is forgotten
    assert stages(journey)[-1] == ("preparing", day(1))


def test_at_home_the_days_are_those_of_home(amina):
    Person.objects.filter(pk=amina.pk).update(time_zone="Europe/Berlin")
    amina.refresh_from_db()

    way.arrive(amina, None, now=NOON)

    amina.refresh_from_db()
    assert amina.time_zone == "Asia/Karachi"


def test_an_ending_stays_and_nothing_is_due_any_more(amina):
    goes(amina, 5)
    journey = way.of(amina)
    way.sweep(at(40))
    assert len(waves(journey)) > 2

    way.end(amina, Ending.DIED, now=at(40))
    way.end(amina, Ending.STAYS, now=at(50))

    journey.refresh_from_db()
    assert (journey.ending, way.of(amina), way.sweep(at(900))) == ("died", None, 0)
    assert not CheckIn.objects.filter(closes_on__gte=day(40)).exists()


# ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_task_is_done_once_and_can_be_taken_back(amina):
    journey = goes(amina, 30)
    for _ in range(2):
        way.tick_off(journey, "key-card", now=NOON)
    assert TaskDone.objects.count() == 1

    way.take_back(journey, "key-card", now=NOON)
    way.tick_off(journey, "key-card", now=NOON)

    assert TaskDone.objects.filter(undone_at=None).count() == 1
    assert {step.task.id for step in way.here(journey, now=NOON).steps if step.done} == {"key-card"}


def test_a_task_of_no_list_is_nothing(amina):
    way.tick_off(goes(amina, 30), "fly-to-the-moon", now=NOON)

    assert not TaskDone.objects.exists()


def test_who_leaves_earlier_has_five_red_things_first(amina):
    journey = goes(amina, 60)
    assert not any(step.first for step in way.here(journey, now=NOON).steps)

    journey = goes(amina, 6)

    steps = way.here(journey, now=NOON).steps
    assert [step.first for step in steps[:6]] == [True] * 5 + [False]
    assert {"key-card", "papers-at-hand"} <= {step.task.id for step in steps[:5]}


def test_milk_animals_add_a_vet_to_the_list(amina):
    journey = way.arrive(amina, None, now=NOON)
    before = {step.task.id for step in way.here(journey, now=NOON).steps}
    way.tell(journey, trade="dairy", part="", kind="forced")
    journey.refresh_from_db()

    after = {step.task.id for step in way.here(journey, now=NOON).steps}

    assert after - before == {"know-a-vet", "look-before-buying"}
    assert before <= after


# ── What time makes of it ────────────────────────────────────────────────────────────────────────────────


def test_three_years_go_by_and_each_stage_is_written_down_once(amina):
    journey = goes(amina, 60)
    for days in range(0, 1250, 7):
        way.sweep(at(days))
        assert way.sweep(at(days)) == 0

    home = day(60)
    assert stages(journey) == [
        ("preparing", TODAY),
        ("departure", day(53)),
        ("arrival", home),
        ("first-90", home + timedelta(days=15)),
        ("year-1", home + timedelta(days=91)),
        ("years-2-3", date(2028, 1, 21)),
        ("beyond", date(2030, 1, 21)),
    ]
    assert list(waves(journey)) == [wave.key for wave in WAVES]


def test_a_sweep_that_comes_after_two_years_catches_up_with_the_days_as_they_were(amina, farid):
    one, other = goes(amina, 10), goes(farid, 10)
    for days in range(0, 800, 5):
        way._catch_up([way.of(amina)], at(days))
    way.sweep(at(799))

    assert stages(one) == stages(other)
    assert waves(one) == waves(other)


def test_where_the_day_has_not_begun_yet_nothing_is_written(amina):
    Person.objects.filter(pk=amina.pk).update(time_zone="America/New_York")
    amina.refresh_from_db()
    journey = goes(amina, 8)

    way.sweep(NOON.replace(hour=1) + timedelta(days=1))
    assert [stage for stage, _ in stages(journey)] == ["preparing"]
    way.sweep(at(1))
    assert [stage for stage, _ in stages(journey)] == ["preparing", "departure"]


def test_a_moved_day_moves_what_is_due(amina):
    journey = goes(amina, 40)
    assert waves(journey) == {"baseline": day(-2)}

    goes(amina, 60)

    assert waves(journey) == {}  # its days begin in four days
    way.sweep(at(5))
    assert waves(journey) == {"baseline": day(18)}


@pytest.mark.parametrize("how_many", [1, 12])
def test_a_sweep_costs_the_same_for_one_or_twelve(how_many, home_programme, django_assert_max_num_queries):
    for number in range(how_many):
        person = Person.objects.create(user=User.objects.create(), name=str(number), age="18+")
        goes(person, 20)

    with django_assert_max_num_queries(14):
        assert way.sweep(at(30)) == how_many


class Laws(TestCase):
    """What holds for whatever days somebody says."""

    days = st.none() | st.dates(date(2024, 1, 1), date(2029, 1, 1))

    @settings(max_examples=25, deadline=None)
    @given(
        said=st.lists(st.tuples(st.sampled_from(Plan), days, days), max_size=4), later=st.integers(0, 1500)
    )
    def test_what_is_written_is_what_the_days_say(self, said, later):
        person = Person.objects.create()
        for plan, left, arrived in said:
            try:
                way.say(person, _possible(plan, left, arrived), now=NOON)
            except way.NotThatDay:
                continue
        way.sweep(at(later))

        journey = way.of(person)
        if journey:
            due = way.expected(journey, today=day(later))
            assert waves(journey) == {one.wave.key: one.on for one in due}
            assert journey.stage == way.here(journey, now=at(later)).stage
            assert stages(journey)[-1][0] == journey.stage


def _possible(plan: Plan, left: date | None, arrived: date | None) -> Dates:
    """As forms send them: who is undecided has no day, and who was home already did not leave."""
    if plan is Plan.UNDECIDED:
        return Dates()
    return Dates(plan, left if plan is Plan.GOING else None, arrived)


# ── What the database holds ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "wrong",
    [
        {"plan": "going", "departure_on": day(9), "arrived_on": day(3)},
        {"plan": "undecided", "departure_on": day(9)},
        {"plan": "home", "departure_on": day(9)},
        {"plan": "home", "ending": "lost"},
    ],
)
def test_the_database_refuses_a_way_that_cannot_be(amina, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Journey.objects.create(
            person=amina, country="PK", stage="home", begun_at=NOON, seen_on=TODAY, **wrong
        )


def test_nobody_is_on_two_ways(amina):
    goes(amina, 9)

    with pytest.raises(IntegrityError), transaction.atomic():
        Journey.objects.create(
            person=amina, country="PK", plan="home", stage="home", begun_at=NOON, seen_on=TODAY
        )


# ── Another country is a file ────────────────────────────────────────────────────────────────────────────

NEPAL = """
code = "NP"
name = { en = "Nepal" }
time_zone = "Asia/Kathmandu"
[task.greet]
stages = ["arrival"]
from = "arrival"
days = 2
said.en = "Greet your neighbours."
[[wave]]
key = "month-1"
from = "arrival"
months = 1
"""
RED = [f'[task.r{n}]\nstages = []\nred = true\nsaid.en = "{n}"\n' for n in range(6)]
OF_A_PROGRAMME = """
code = "NP"
programme = "Another road"
[task.visit]
stages = ["arrival"]
said.en = "Visit us."
"""


@pytest.fixture
def files(settings, tmp_path):
    """Files of a deployer, read as soon as they are written."""
    settings.COUNTRIES_DIR = str(tmp_path)

    def write(**texts: str) -> None:
        for name, text in texts.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        countries.load()

    yield write
    settings.COUNTRIES_DIR = ""
    countries.load()


def test_a_second_country_is_a_file_and_nothing_else(files, farid, other_programme):
    files(NP=NEPAL)
    other_programme.country = "NP"
    other_programme.save()

    journey = way.arrive(farid, day(-5), now=NOON)

    here = way.here(journey, now=NOON)
    assert here.country.name == "Nepal"
    assert [(step.task.id, step.due_on) for step in here.steps] == [("greet", day(-3))]
    way.sweep(at(25))
    assert list(waves(journey)) == ["month-1"]
    farid.refresh_from_db()
    assert farid.time_zone == "Asia/Kathmandu"


def test_a_programme_adds_to_its_country(files, farid, other_programme):
    files(NP=NEPAL, road=OF_A_PROGRAMME)
    other_programme.country = "NP"
    other_programme.save()

    steps = way.here(way.arrive(farid, day(-5), now=NOON), now=NOON).steps

    assert {step.task.id for step in steps} == {"greet", "visit"}


def test_who_is_alone_chooses_among_countries_only_where_there_are_several(files, nadia, amina):
    assert not way.may_choose(nadia)
    files(NP=NEPAL)

    assert way.may_choose(nadia)
    assert not way.may_choose(amina)
    assert way.arrive(nadia, None, country="NP", now=NOON).country == "NP"


def test_a_way_outlives_its_file(files, nadia, tmp_path):
    files(NP=NEPAL)
    journey = way.arrive(nadia, day(-5), country="NP", now=NOON)
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    countries.load()

    assert way.here(journey, now=NOON).steps == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code = ", "NP.toml: Invalid value"),
        ('name = { en = "Nepal" }', "needs a code"),
        (NEPAL.replace("Asia/Kathmandu", "Asia/Nowhere"), "Asia/Nowhere"),
        (NEPAL.replace("days = 2", "days = 2.5"), "days is 2.5"),
        (NEPAL.replace('stages = ["arrival"]', 'stages = ["heaven"]'), "heaven"),
        (NEPAL.replace("said.en", "said.ne"), "task greet"),
        (NEPAL.replace("days = 2", 'source = "a cousin"'), "check it again"),
        (NEPAL.replace("days = 2", 'opens = "the moon"'), "the moon"),
        (NEPAL.replace("days = 2", 'link = "javascript:alert()"'), "https"),
        (NEPAL + '[[wave]]\nkey = "month-1"\nfrom = "arrival"\n', "same key"),
        (OF_A_PROGRAMME, "no country"),
        ("".join([NEPAL.partition("[[")[0], *RED]), "red"),
    ],
)
def test_a_file_that_cannot_be_is_named_before_anybody_meets_it(files, text, said):
    with pytest.raises(countries.NotACountry, match=said):
        files(NP=text)


def test_a_folder_that_is_not_there_is_named(files, settings):
    settings.COUNTRIES_DIR = "/nowhere/at/all"

    with pytest.raises(countries.NotACountry, match="no folder /nowhere/at/all"):
        countries.load()


def test_what_is_shipped_says_everything_in_three_languages_and_tells_nothing():
    for task in countries.everywhere():
        assert set(task.said) == {"ur", "en", "de"}, task.id
        assert {words for language, text in task.said.items() for words in found_in(text, language)} == set()
    assert sum(task.red for task in countries.of("PK").tasks) == 5
