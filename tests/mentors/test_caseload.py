from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from courses.outline import CourseCard, LessonCard, UnitCard
from mentors.caseload import timeline, way
from tests.cast import NOON


@dataclass
class Stood:
    lesson: UUID
    begun_at: datetime
    done_at: datetime | None = None
    answers: dict = field(default_factory=dict)


def _unit(title: str, how_many: int) -> UnitCard:
    lessons = [LessonCard(str(uuid4()), f"{title} {n}", "/") for n in range(how_many)]
    return UnitCard(str(uuid4()), title, "/", lessons=lessons)


MILK, MONEY = _unit("Milk", 4), _unit("Money", 2)
COURSES = [CourseCard("animals", "Animals", "/", units=[MILK, MONEY])]


def _done(unit: UnitCard, n: int, *, day: int) -> Stood:
    at = NOON + timedelta(days=day)
    return Stood(UUID(unit.lessons[n].key), at, at)


def test_who_has_not_begun_has_no_way_yet():
    assert way(COURSES, []) is None


def test_two_of_four_and_the_next_one_is_now():
    so_far = way(COURSES, [_done(MILK, 0, day=0), _done(MILK, 1, day=1)])

    assert (so_far.title, so_far.done, so_far.of) == ("Milk", 2, 4)
    assert so_far.steps == ["done", "done", "now", ""]


def test_a_lesson_that_was_left_out_is_the_next_one():
    assert way(COURSES, [_done(MILK, 0, day=0), _done(MILK, 2, day=1)]).steps == ["done", "now", "done", ""]


def test_the_unit_is_the_one_of_the_latest_step():
    assert way(COURSES, [_done(MILK, 0, day=3), _done(MONEY, 0, day=2)]).title == "Milk"
    assert way(COURSES, [_done(MILK, 0, day=3), _done(MONEY, 0, day=4)]).title == "Money"


def test_all_done_has_no_now():
    assert way(COURSES, [_done(MONEY, 0, day=0), _done(MONEY, 1, day=0)]).steps == ["done", "done"]


def test_a_lesson_that_is_no_longer_taught_stays_in_the_timeline_only():
    gone = Stood(uuid4(), NOON)

    assert way(COURSES, [gone]) is None
    assert [(moment.lesson, moment.done) for moment in timeline(COURSES, [gone])] == [(None, False)]


def test_the_timeline_tells_the_latest_first_and_what_was_tried():
    first = _done(MILK, 0, day=0)
    second = Stood(UUID(MILK.lessons[1].key), NOON + timedelta(days=1), answers={"a": 1.0, "b": 0.0})

    told = [
        (moment.lesson.title, moment.done, moment.tried, moment.right)
        for moment in timeline(COURSES, [first, second])
    ]

    assert told == [("Milk 1", False, 2, 1), ("Milk 0", True, 0, 0)]
