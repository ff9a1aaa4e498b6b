"""Where somebody is on the way home: whatever the dates say, every day has a stage, and nothing raises."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.journey import (
    ROAD,
    WAVES,
    About,
    Anchor,
    Dates,
    Plan,
    Problem,
    Stage,
    Task,
    arrived,
    calendar,
    changes,
    days_home,
    days_to_go,
    in_a_hurry,
    is_only_thought,
    problem,
    stage_on,
    starts,
    steps,
)

FLIGHT = date(2026, 3, 10)
NOBODY = About()
any_day = st.dates()
maybe_day = st.none() | any_day
any_dates = st.builds(Dates, st.sampled_from(Plan), maybe_day, maybe_day)


def going(on: date | None = FLIGHT, arrived_on: date | None = None) -> Dates:
    return Dates(Plan.GOING, on, arrived_on)


def after(days: int, since: date = FLIGHT) -> date:
    return since + timedelta(days=days)


def task(name: str, stage: Stage, **rest) -> Task:
    return Task(name, {"en": name}, (stage,), **rest)


# ── Stages ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (-300, Stage.PREPARING),
        (-8, Stage.PREPARING),
        (-7, Stage.DEPARTURE),
        (-1, Stage.DEPARTURE),
        (0, Stage.ARRIVAL),
        (14, Stage.ARRIVAL),
        (15, Stage.FIRST_90),
        (90, Stage.FIRST_90),
        (91, Stage.YEAR_1),
        (364, Stage.YEAR_1),
        (365, Stage.YEARS_2_3),
        (1095, Stage.YEARS_2_3),
        (1096, Stage.BEYOND),  # 2028 has a day more
        (9000, Stage.BEYOND),
    ],
)
def test_a_way_has_its_stages(day, stage):
    assert stage_on(going(), after(day)) is stage


def test_who_knows_nothing_yet_needs_no_day():
    assert stage_on(Dates(), FLIGHT) is Stage.UNDECIDED
    assert stage_on(going(None), FLIGHT) is Stage.PREPARING


def test_who_is_home_already_was_never_preparing():
    assert stage_on(Dates(Plan.HOME), FLIGHT) is Stage.HOME
    assert stage_on(Dates(Plan.HOME, None, FLIGHT), after(20)) is Stage.FIRST_90
    assert {stage for stage, _ in starts(Dates(Plan.HOME, None, FLIGHT))} & {
        Stage.PREPARING,
        Stage.DEPARTURE,
    } == set()


def test_until_somebody_says_when_they_arrived_it_was_the_day_they_left():
    assert stage_on(going(), after(3)) is Stage.ARRIVAL
    assert is_only_thought(going(), after(3))
    assert not is_only_thought(going(FLIGHT, after(1)), after(3))
    assert days_home(going(FLIGHT, after(1)), after(3)) == 2


def test_days_are_counted_to_the_day_of_leaving_and_not_beyond():
    assert [days_to_go(going(), after(day)) for day in (-12, 0, 1)] == [12, 0, None]
    assert days_to_go(going(FLIGHT, after(-1)), after(-1)) is None


@given(any_dates, any_day)
def test_every_day_has_a_stage(dates, today):
    assert isinstance(stage_on(dates, today), Stage)
    days_home(dates, today), days_to_go(dates, today), in_a_hurry(dates, today)


@given(any_dates, any_day, any_day)
def test_time_alone_never_leads_back(dates, one, other):
    order = [stage for stage, _ in starts(dates)]
    early, late = sorted([one, other])

    assert order.index(stage_on(dates, early)) <= order.index(stage_on(dates, late))


@given(any_dates, any_day, any_day, any_day)
def test_to_look_seldom_finds_the_same_changes_as_to_look_daily(dates, one, two, three):
    first, between, last = sorted([one, two, three])

    assert changes(dates, first, last) == changes(dates, first, between) + changes(dates, between, last)


@given(any_dates, any_day, any_day)
def test_the_last_change_leads_to_the_stage_of_the_day(dates, one, other):
    early, late = sorted([one, other])
    found = changes(dates, early, late)

    assert (found[-1][0] if found else stage_on(dates, early)) is stage_on(dates, late)


# ── Days as people say them ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "before", "named"),
    [
        (going(after(-1)), Dates(), Problem.PAST),
        (going(date(2062, 3, 10)), Dates(), Problem.TOO_FAR),
        (Dates(Plan.HOME, None, after(1)), Dates(), Problem.NOT_YET),
        (Dates(Plan.HOME, None, date(1970, 1, 1)), Dates(), Problem.LONG_AGO),
        (going(after(-5), after(-9)), Dates(), Problem.WRONG_ORDER),
        (going(after(30), after(-9)), going(after(-10), after(-9)), Problem.TWICE),
        (going(after(30)), Dates(), None),
        (going(None), going(), None),
        (going(after(-5), after(-5)), going(after(-5)), None),
        (going(after(-5)), going(after(-5)), None),  # it passed by itself: that is no mistake
        (Dates(Plan.HOME, None, after(-900)), Dates(), None),
    ],
)
def test_a_day_that_cannot_be_is_named(said, before, named):
    assert problem(said, before=before, today=FLIGHT) is named


@given(any_dates, any_dates, any_day)
def test_whatever_is_said_nothing_raises(said, before, today):
    assert problem(said, before=before, today=today) in [None, *Problem]


@given(any_dates, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900))
def test_who_says_that_they_are_home_is_home_and_in_order(dates, today, ago):
    said = arrived(dates, today - timedelta(days=ago))

    assert problem(said, before=said, today=today) is None
    assert days_home(said, today) == ago


# ── Check-ins ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_calendar_is_that_of_three_years():
    due = calendar(WAVES, going(), since=after(-90))

    assert [(one.wave.key, one.on) for one in due] == [
        ("baseline", date(2026, 1, 27)),
        ("landing", date(2026, 3, 17)),
        ("week-2", date(2026, 3, 24)),
        ("week-4", date(2026, 4, 7)),
        ("month-2", date(2026, 5, 10)),
        ("month-3", date(2026, 6, 10)),
        ("month-6", date(2026, 9, 10)),
        ("month-9", date(2026, 12, 10)),
        ("month-12", date(2027, 3, 10)),
        ("month-18", date(2027, 9, 10)),
        ("month-24", date(2028, 3, 10)),
        ("month-36", date(2029, 3, 10)),
    ]
    assert {((one.on - one.opens_on).days, (one.closes_on - one.on).days) for one in due[5:]} == {(14, 28)}


def test_who_comes_in_the_second_year_is_not_asked_about_the_first():
    due = calendar(WAVES, Dates(Plan.HOME, None, FLIGHT), since=date(2027, 6, 1))

    assert [one.wave.key for one in due] == ["month-18", "month-24", "month-36"]


def test_who_knows_no_day_is_asked_nothing():
    assert calendar(WAVES, Dates(), since=FLIGHT) == []
    assert calendar(WAVES, going(None), since=FLIGHT) == []
    assert calendar(WAVES, Dates(Plan.HOME), since=FLIGHT) == []


def test_three_months_after_the_last_of_november_is_the_last_of_february():
    due = calendar(WAVES, going(date(2026, 11, 30)), since=FLIGHT)

    assert {one.wave.key: one.on for one in due}["month-3"] == date(2027, 2, 28)


@given(any_dates, any_day)
def test_every_check_in_lies_within_its_days(dates, since):
    assert all(one.opens_on <= one.on <= one.closes_on for one in calendar(WAVES, dates, since=since))


@given(any_day, any_day, any_day)
def test_another_day_of_leaving_moves_nothing_that_is_counted_from_arriving(one, other, arrived_on):
    def of_arriving(departure_on):
        due = calendar(WAVES, going(departure_on, arrived_on), since=date.min)
        return [wave for wave in due if wave.wave.anchor is Anchor.ARRIVAL]

    assert of_arriving(one) == of_arriving(other)


# ── Tasks ────────────────────────────────────────────────────────────────────────────────────────────────

TASKS = [
    task("ask", Stage.UNDECIDED),
    task("papers", Stage.PREPARING, anchor=Anchor.DEPARTURE, days=-42),
    task("card", Stage.PREPARING, anchor=Anchor.DEPARTURE, days=-14, red=True),
    task("bag", Stage.DEPARTURE, anchor=Anchor.DEPARTURE, days=-2, red=True),
    task("sim", Stage.ARRIVAL, anchor=Anchor.ARRIVAL, days=3),
    task("vet", Stage.ARRIVAL, anchor=Anchor.ARRIVAL, days=14, trades=frozenset({"dairy"})),
    task("refund", Stage.YEARS_2_3, anchor=Anchor.ARRIVAL, months=24),
]


def names(dates: Dates, today: date, about: About = NOBODY) -> list[str]:
    return [step.task.id for step in steps(TASKS, dates, about=about, done=(), today=today)]


def test_a_list_has_this_stage_and_what_was_left_of_those_before():
    assert names(Dates(), FLIGHT) == ["ask"]
    assert names(going(), after(-60)) == ["papers", "card", "ask"]
    assert names(going(), after(2)) == ["sim"]
    assert names(going(), after(800)) == ["sim", "refund"]


def test_what_is_over_with_its_time_leaves_the_list():
    ends = task("help on arrival", Stage.ARRIVAL, stays=False)

    def listed(days: int) -> bool:
        return bool(steps([ends], going(), about=NOBODY, done=(), today=after(days)))

    assert (listed(14), listed(15)) == (True, False)


def test_what_somebody_does_for_a_living_adds_tasks_and_takes_none_away():
    with_trade = names(going(), after(2), About(trade="dairy"))

    assert with_trade == ["sim", "vet"]
    assert set(names(going(), after(2))) <= set(with_trade)


def test_who_leaves_earlier_does_the_red_things_first():
    today = after(-60)
    assert names(going(), today) == ["papers", "card", "ask"]

    assert names(going(after(10, today)), today) == ["card", "bag", "papers", "ask"]


def test_what_is_done_says_so():
    found = steps(TASKS, going(), about=NOBODY, done={"sim"}, today=after(2))

    assert [(one.task.id, one.done, one.due_on) for one in found] == [("sim", True, after(3))]


@given(any_dates, maybe_day, any_day)
def test_another_day_of_leaving_moves_only_tasks_that_depend_on_it(dates, other, today):
    moved = replace(dates, departure_on=other)

    for one in TASKS:
        stays = one.anchor is not Anchor.DEPARTURE and (dates.arrived_on or one.anchor is None)
        assert not stays or one.due_on(dates) == one.due_on(moved)


@given(any_dates, any_day, st.sets(st.sampled_from([one.id for one in TASKS])))
def test_no_task_stands_in_a_list_twice(dates, today, done):
    found = [step.task.id for step in steps(TASKS, dates, about=NOBODY, done=done, today=today)]

    assert len(found) == len(set(found))


def test_the_road_that_is_drawn_is_in_order():
    assert [stage for stage, _ in starts(going())][:-1] == list(ROAD)
