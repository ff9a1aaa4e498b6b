"""Somebody's way home: what they say of it, what they did, and what time makes of it.

The person speaks; `lms.journey` knows what follows. A stage that has begun and a check-in whose days came are
written down once, by the person's own change or by the sweep, which catches up on what was missed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from lms import countries
from lms import journey as rules
from lms.countries import Country
from lms.journey import About, Dates, Ending, Plan, Problem, Stage, Step
from lms.locks import one_at_a_time
from lms.models.journey import STAGES, CheckIn, Journey, StageChange, TaskDone
from lms.models.people import Person, User
from lms.models.programme import OF_LEARNERS, Membership, Programme

AT_ONCE = 500  # ways in one transaction of the sweep
FARTHEST_EAST = timedelta(hours=14)  # where a day begins first
ALONE = "PK"  # where a way leads of whom nobody asked, while there is one country


class NotThatDay(ValueError):
    """The days that somebody said cannot be. The problem says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Here:
    """Where somebody is today, and what there is to do."""

    journey: Journey
    country: Country
    dates: Dates
    today: date
    stage: Stage
    steps: list[Step]

    @property
    def following(self) -> Step | None:
        """The next small step."""
        return next((step for step in self.steps if not step.done), None)

    @property
    def days_home(self) -> int | None:
        return rules.days_home(self.dates, self.today)

    @property
    def days_to_go(self) -> int | None:
        return rules.days_to_go(self.dates, self.today)

    @property
    def is_only_thought(self) -> bool:
        """The day of leaving has passed, and nobody has said that they arrived."""
        return rules.is_only_thought(self.dates, self.today)


# ── What a person says ───────────────────────────────────────────────────────────────────────────────────


def of(person: Person) -> Journey | None:
    """The way on which somebody is now."""
    return Journey.objects.filter(person=person, ended_at=None).select_related("person", "programme").first()


def here(journey: Journey, *, now: datetime) -> Here:
    """Where somebody is on their way, and their list, in one query."""
    country, dates, today = country_of(journey), dates_of(journey), today_of(journey.person, now)
    done = set(TaskDone.objects.filter(journey=journey, undone_at=None).values_list("task", flat=True))
    about = About(journey.trade, journey.part, journey.kind)
    steps = rules.steps(country.tasks, dates, about=about, done=done, today=today)
    return Here(journey, country, dates, today, rules.stage_on(dates, today), steps)


def in_words(journey: Journey, *, now: datetime) -> str:
    """A stage, and which day it is in it: "First 90 days, day 23"."""
    dates, today = dates_of(journey), today_of(journey.person, now)
    stage = dict(STAGES)[rules.stage_on(dates, today).value]
    if (at_home := rules.days_home(dates, today)) is not None:
        return gettext("%(stage)s, day %(day)s") % {"stage": stage, "day": at_home}
    if (left := rules.days_to_go(dates, today)) is not None:
        still = ngettext("%(days)s day to go", "%(days)s days to go", left) % {"days": left}
        return gettext("%(stage)s, %(still)s") % {"stage": stage, "still": still}
    return str(stage)


@transaction.atomic
def say(person: Person, said: Dates, *, country: str = "", now: datetime) -> Journey:
    """Somebody says when they leave or since when they are home; their way begins with it. Twice is once.

    Raises NotThatDay, and nothing has changed then.
    """
    one_at_a_time(person.pk)
    journey, today = _held(person), today_of(person, now)
    before = dates_of(journey) if journey else Dates()
    if problem := rules.problem(said, before=before, today=today):
        raise NotThatDay(problem)
    if not journey:
        return _begin(person, said, country, today, now)
    if said != before:
        journey.plan, journey.departure_on, journey.arrived_on = said.plan, said.departure_on, said.arrived_on
        journey.programme = journey.programme or _programme_of(person)  # who began alone may have joined
        _turn(journey, today, now)
    return journey


def arrive(person: Person, on: date | None, *, country: str = "", now: datetime) -> Journey:
    """Somebody is home, since a day or they do not say which. Raises NotThatDay."""
    journey, today = of(person), today_of(person, now)
    before = dates_of(journey) if journey else Dates()
    if journey and before.plan is Plan.GOING:
        on = on or min(before.home_since or today, today)
        came = _day(journey.begun_at, person)
        said = rules.arrived(before, on) if on >= came else Dates(Plan.HOME, None, on)
    else:
        said = Dates(Plan.HOME, None, on)
    journey = say(person, said, country=country, now=now)
    zone = country_of(journey).time_zone
    if person.time_zone != zone:
        Person.objects.filter(pk=person.pk).update(time_zone=zone)
    return journey


def not_yet_there(person: Person, *, now: datetime) -> Journey | None:
    """It was a slip, or the day has moved: somebody has not arrived. A day that has passed is forgotten."""
    journey = of(person)
    if not journey or journey.plan != Plan.GOING:
        return journey
    dates, today = dates_of(journey), today_of(person, now)
    leaves = dates.departure_on if dates.departure_on and dates.departure_on > today else None
    return say(person, Dates(Plan.GOING, leaves, None), now=now)


def tell(journey: Journey, *, trade: str, part: str, kind: str) -> None:
    """What somebody lives on, their part in the family, how it came about; each may be empty."""
    Journey.objects.filter(pk=journey.pk).update(trade=trade, part=part, kind=kind)


def tick_off(journey: Journey, task: str, *, now: datetime, by: User | None = None) -> None:
    """A task is done. Twice is once; a task that is in no list is nothing."""
    if any(one.id == task for one in country_of(journey).tasks):
        TaskDone.objects.get_or_create(
            journey=journey, task=task, undone_at=None, defaults={"at": now, "by": by}
        )


def take_back(journey: Journey, task: str, *, now: datetime) -> None:
    """It is not done after all."""
    TaskDone.objects.filter(journey=journey, task=task, undone_at=None).update(undone_at=now)


@transaction.atomic
def end(person: Person, ending: Ending, *, now: datetime) -> None:
    """A way ends, however it does: nothing more is asked. Twice is once, and the first ending stays."""
    one_at_a_time(person.pk)
    if not (journey := _held(person)):
        return
    journey.ended_at, journey.ending, journey.next_on = now, ending.value, None
    journey.save(update_fields=["ended_at", "ending", "next_on"])
    CheckIn.objects.filter(journey=journey, closes_on__gte=today_of(person, now)).delete()


# ── What time makes of it ────────────────────────────────────────────────────────────────────────────────


def sweep(now: datetime) -> int:
    """Write down the stages that have begun and the check-ins whose days have come; say for how many ways.

    What was written is not written again; what was missed is caught up on, with the days when it happened.
    """
    written, last = 0, None
    while True:
        with transaction.atomic():
            batch = _next_batch(now, last)
            written += _catch_up(batch, now)
        if not batch:
            return written
        last = batch[-1].pk


def expected(journey: Journey, *, today: date) -> list[rules.Due]:
    """The check-ins whose days have come by a day."""
    return [due for due in _calendar(journey) if due.opens_on <= today]


def _next_batch(now: datetime, after: object) -> list[Journey]:
    somewhere = (now + FARTHEST_EAST).date()
    due = Journey.objects.filter(ended_at=None, next_on__lte=somewhere).order_by("pk")
    due = due.filter(pk__gt=after) if after else due
    return list(due.select_for_update(of=("self",)).select_related("person", "programme")[:AT_ONCE])


def _catch_up(batch: Iterable[Journey], now: datetime) -> int:
    """These ways as of today, where each person is; in four queries for all of them."""
    moved, changes, asked = [], [], []
    for journey in batch:
        today = today_of(journey.person, now)
        if journey.next_on and journey.next_on > today:
            continue  # the day has begun further east
        dates = dates_of(journey)
        begun = rules.changes(dates, journey.seen_on, today)
        changes += [StageChange(journey=journey, stage=stage, on=on, at=now) for stage, on in begun]
        due = _calendar(journey)
        asked += [_check_in(journey, one, now) for one in due if journey.seen_on < one.opens_on <= today]
        _stand(journey, dates, due, today)
        moved.append(journey)
    StageChange.objects.bulk_create(changes)
    CheckIn.objects.bulk_create(asked, ignore_conflicts=True)
    Journey.objects.bulk_create(  # an update: quicker by far than that of many rows in one statement
        moved, update_conflicts=True, unique_fields=["uid"], update_fields=["stage", "seen_on", "next_on"]
    )
    return len(moved)


def _held(person: Person) -> Journey | None:
    """The way on which somebody is, for a change: the sweep waits meanwhile."""
    ways = Journey.objects.select_for_update(of=("self",)).select_related("person", "programme")
    return ways.filter(person=person, ended_at=None).first()


def _begin(person: Person, said: Dates, country: str, today: date, now: datetime) -> Journey:
    programme = _programme_of(person)
    known = [code for code, _name in countries.choices()]
    code = programme.country if programme else country if country in known else ALONE
    journey = Journey(person=person, programme=programme, country=code, begun_at=now, seen_on=today)
    journey.plan, journey.departure_on, journey.arrived_on = said.plan, said.departure_on, said.arrived_on
    _turn(journey, today, now)
    return journey


def _turn(journey: Journey, today: date, now: datetime) -> None:
    """Other dates: the stage and the check-ins that follow from them, as if they had always been so."""
    dates, was = dates_of(journey), journey.stage
    _stand(journey, dates, _calendar(journey), today)
    journey.save()
    if journey.stage != was:
        first = dict(rules.starts(dates))[Stage(journey.stage)]
        on = first if first > date.min else today
        StageChange.objects.create(journey=journey, stage=journey.stage, on=on, at=now)
    due = {one.wave.key: _check_in(journey, one, now) for one in expected(journey, today=today)}
    CheckIn.objects.filter(journey=journey).exclude(wave__in=due).delete()
    CheckIn.objects.bulk_create(
        due.values(),
        update_conflicts=True,
        unique_fields=["journey", "wave"],
        update_fields=["opens_on", "due_on", "closes_on"],
    )


def _stand(journey: Journey, dates: Dates, calendar: Iterable[rules.Due], today: date) -> None:
    """Where a way is today, and when to look at it again."""
    today = max(today, journey.seen_on)  # whoever travels west has a day twice
    ahead = [first for _stage, first in rules.starts(dates)] + [due.opens_on for due in calendar]
    journey.stage, journey.seen_on = rules.stage_on(dates, today).value, today
    journey.next_on = min((day for day in ahead if day > today), default=None)


def _check_in(journey: Journey, due: rules.Due, now: datetime) -> CheckIn:
    return CheckIn(
        journey=journey,
        wave=due.wave.key,
        opens_on=due.opens_on,
        due_on=due.on,
        closes_on=due.closes_on,
        at=now,
    )


def _calendar(journey: Journey) -> list[rules.Due]:
    since = _day(journey.begun_at, journey.person)
    return rules.calendar(country_of(journey).waves, dates_of(journey), since=since)


# ── Small things ─────────────────────────────────────────────────────────────────────────────────────────


def dates_of(journey: Journey) -> Dates:
    """As the rules know them."""
    return Dates(Plan(journey.plan), journey.departure_on, journey.arrived_on)


def country_of(journey: Journey) -> Country:
    """The country to which a way leads, as its programme has it."""
    return countries.of(journey.country, journey.programme.name if journey.programme else "")


def today_of(person: Person, now: datetime) -> date:
    """The day that it is where somebody lives."""
    return _day(now, person)


def on_the_way(people: Iterable[Person]) -> QuerySet[Journey]:
    """The ways on which these people are now."""
    ways = Journey.objects.filter(person__in=people, ended_at=None)
    return ways.select_related("person", "programme")


def may_choose(person: Person) -> bool:
    """Does nobody else say to which country the way leads, and is there more than one?"""
    return len(countries.choices()) > 1 and not _programme_of(person)


def _programme_of(person: Person) -> Programme | None:
    there = Membership.objects.filter(person=person, role__in=OF_LEARNERS, ended_at=None)
    first = there.select_related("programme").order_by("since", "pk").first()
    return first.programme if first else None


def _day(moment: datetime, person: Person) -> date:
    return moment.astimezone(ZoneInfo(person.time_zone)).date()
