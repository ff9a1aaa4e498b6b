"""A small believable world, made by the real verbs. Everybody in it is invented; no real people are near it.

The one thing that is not as in life: the lessons say that they were published some weeks ago, so that people
could have learned since.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction

from courses.models import Rendering
from courses.outline import for_everybody, shelf
from lms import cards, consent, intake, phones, programmes, signin, staff
from lms.numbers import normalise
from mentors import (
    access,
    bonds,
    demo_circles,
    demo_learning,
    demo_messages,
    demo_pairs,
    demo_talks,
    demo_ways,
)

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

PASSWORD = "ein Weg zu zweit"  # noqa: S105 - of invented people; `manage.py ways_in` says it
WEEKS = 8  # how long the world has been going on
DAYS_BETWEEN = 4  # two lessons of the same person
YES, NO = consent.ConsentEntry.Answer.YES, consent.ConsentEntry.Answer.NO


@dataclass(frozen=True)
class Somebody:
    """An invented person who learns."""

    name: str
    number: str
    picture: str
    agreed: str = "record coach count"  # what they said yes to
    then_not: str = ""  # what they took back since
    lessons: float = 0  # how many they did; the half one was begun
    days_ago: int = 1  # when they last learned
    reads: str = "ur"
    age: str = "18+"
    programme: str = "Apna Kaam"


@dataclass(frozen=True)
class Colleague:
    """An invented person who works here."""

    username: str
    role: str
    does: str  # said by `ways_in`
    also_in: list[str] = field(default_factory=list)


AMINA = Somebody("Amina", "03000000001", "kite", lessons=1.5, days_ago=1)
PEOPLE = [
    AMINA,
    Somebody("Gul", "03000000002", "mango", then_not="coach", lessons=1, days_ago=6),
    Somebody("Farid", "03000000003", "pot", lessons=1, days_ago=3, programme="Naya Hunar"),
    Somebody("Imran", "03000000004", "tree", lessons=2, days_ago=2),
    Somebody("Rabia", "03000000005", "mango", lessons=0.5, days_ago=4),
    Somebody("Yusuf", "03000000006", "pot", lessons=2, days_ago=20, reads="en"),
    Somebody("Shazia", "03000000007", "bird", lessons=0),
    Somebody("Nasreen", "03000000008", "lamp", agreed="record count", lessons=1, days_ago=9),
    Somebody("Tahir", "03000000009", "tree", lessons=1, days_ago=16),
    Somebody("Saima", "03000000010", "lamp", lessons=2, days_ago=5, reads="en"),
    Somebody("Waqas", "03000000011", "kite", agreed="count", lessons=0),
    Somebody("Zainab", "03000000012", "bird", lessons=0.5, days_ago=0, age="16-17"),
    Somebody("Bashir", "03000000013", "pot", lessons=1, days_ago=11),
]
STAFF = [
    Colleague("bilal", "coach", "walks with people"),
    Colleague("sana", "trainer", "writes lessons"),
    Colleague("yasmin", "reviewer", "is a vet, and reads lessons before they are published"),
    Colleague("tariq", "lead", "runs the programmes", also_in=["Naya Hunar"]),
    Colleague("farah", "coordinator", "takes people in, and has coaches found for them"),
    Colleague("huma", "safeguarding", "keeps the youngest safe"),
]


def invent(*, now: datetime) -> list[str]:
    """Make what is missing of the world, and say what was made. Twice changes nothing."""
    if not settings.DEMO:
        raise PermissionDenied("Invented people never stand beside real ones: this needs DEMO=yes.")
    with transaction.atomic():
        began = now - timedelta(weeks=WEEKS)
        offers = _programmes(began)
        colleagues = {one.username: _colleague(one, offers, began) for one in STAFF}
        new = [one for one in PEOPLE if not signin.way_of(normalise(one.number))]
        if new:
            _publish_long_ago(began)
        for one in new:
            _live(one, offers[one.programme], colleagues, began, now)
        leads = (colleagues["tariq"], colleagues["huma"])
        demo_pairs.decide(offers["Apna Kaam"], colleagues["tariq"], colleagues["farah"], now=now)
        paired = demo_pairs.invent(offers["Apna Kaam"], colleagues["bilal"], leads, PASSWORD, now=now)
        demo_talks.invent(now=now)
        demo_messages.invent(now=now)
        demo_circles.invent(offers["Apna Kaam"], colleagues["bilal"], now=now)
        said = [(one.name, one.number) for one in new]
        said += [("", demo_pairs.number_of(n)) for n in range(len(paired))]
        demo_ways.invent(said, began=began, now=now)
    return [one.name for one in new] + paired


def key_card(*, now: datetime) -> str:
    """The digits of Amina's card; fresh ones where those of last time were used or replaced."""
    note = settings.VAR_DIR / "demo" / "key-card"
    if note.exists() and _opens(code := note.read_text(encoding="utf-8"), now):
        return code
    way = signin.way_of(normalise(AMINA.number))
    if way is None:
        raise LookupError("Nobody lives here yet: please run `manage.py world` first.")
    code = cards.issue(way.person, now=now)
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(code, encoding="utf-8")
    return code


class _OnlyTried(Exception):
    """Undoes what was tried."""


def _opens(code: str, now: datetime) -> bool:
    try:
        with transaction.atomic():
            cards.open_with(code, now=now)
            raise _OnlyTried  # noqa: TRY301 - the way to have the card unused again
    except _OnlyTried:
        return True
    except (cards.WrongCard, cards.UsedCard):
        return False


# ── Those who help ───────────────────────────────────────────────────────────────────────────────────────


def _programmes(began: datetime) -> dict[str, "Programme"]:
    if there := access.programmes_by_name():
        return there
    kind = programmes.Organisation.Kind
    centre = programmes.found("Beratungsstelle Am Park", kind.COUNSELLING, country="DE")
    dairy = programmes.found("Sahara Dairy Partners", kind.PARTNER, country="PK")
    town = programmes.found("Heimatverein Gujrat", kind.HOME_TOWN, country="DE")
    common = {
        "country": "PK",
        "languages": ["ur", "en", "de"],
        "time_zone": "Asia/Karachi",
        "on": began.date(),
    }
    return {
        "Apna Kaam": programmes.open_programme("Apna Kaam", centre, partners=[dairy, town], **common),
        "Naya Hunar": programmes.open_programme("Naya Hunar", dairy, partners=[town], **common),
    }


def _colleague(one: Colleague, offers: dict[str, "Programme"], began: datetime) -> "User":
    users = cast("type[User]", get_user_model()).objects
    user = users.filter(username=one.username).first()
    if not user:
        user = users.create_user(
            one.username, password=PASSWORD, is_staff=True, first_name=one.username.title()
        )
        staff.enrol_demo(user)
    for name in ["Apna Kaam", *one.also_in]:
        programmes.appoint(user, offers[name], programmes.Role(one.role), at=began)
    return user


# ── Those who learn ──────────────────────────────────────────────────────────────────────────────────────


def _live(
    one: Somebody, programme: "Programme", colleagues: dict[str, "User"], began: datetime, now: datetime
) -> None:
    """Everything that somebody did since the world began."""
    person = signin.sign_up(
        normalise(one.number), name=one.name, picture=one.picture, age=one.age, locale=one.reads, now=began
    )
    programmes.join(person, programme, at=began)
    for purpose in one.agreed.split():
        consent.answer(person, consent.Purpose(purpose), YES, at=began, locale=one.reads, heard=True)
    if programme.name == "Apna Kaam":
        bonds.begin(colleagues["bilal"], person, programme, at=began, approved_by=colleagues["huma"])
    _learn(person, one, now)
    yesterday = now - timedelta(days=1)
    for purpose in one.then_not.split():
        consent.answer(person, consent.Purpose(purpose), NO, at=yesterday, locale=one.reads, heard=True)


def _learn(person: "Person", one: Somebody, now: datetime) -> None:
    """Their phone sends what they did, evening by evening."""
    chance = random.Random(one.number)  # noqa: S311 - the same world every time
    taught = [lesson for course in for_everybody(shelf(one.reads)) for lesson in course.lessons]
    whole = int(one.lessons)
    sittings = [(lesson, True) for lesson in taught[:whole]]
    sittings += [(lesson, False) for lesson in taught[whole : whole + 1] if one.lessons > whole]
    if not sittings:
        return
    first = now - timedelta(days=one.days_ago + DAYS_BETWEEN * len(sittings))
    device, _token = phones.issue(person, label="Android", now=first)
    seq = 0
    for still, (lesson, finished) in zip(reversed(range(len(sittings))), sittings, strict=True):
        at = now - timedelta(days=one.days_ago + DAYS_BETWEEN * still, minutes=chance.randrange(30, 300))
        lines = list(demo_learning.sitting(lesson, one.reads, at, finished, chance, seq))
        seq += len(lines)
        intake.receive(person, device, lines, sent_at=None, now=at + timedelta(minutes=30))


def _publish_long_ago(began: datetime) -> None:
    Rendering.objects.filter(made_at__gt=began).update(made_at=began)
