"""A circle of the invented world, made by the real verbs: two meetings behind it, one before it.

Rabia is asked and has not answered yet. Two coaches offer circles, so that whoever looks around can have some
formed.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.outline import shelf
from mentors import access, circles, coaches, meetings, needs
from mentors.models.circles import Circle, Meeting
from mentors.models.coaching import CoachProfile, MatchNeeds

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

ASKED = "Rabia"
CAME = {  # to the first meeting, and to the second
    "Amina": ("came", "came"),
    "Imran": ("came", "told"),
    "Saima": ("told", "came"),
    "Tahir": ("came", "missed"),
}
SAID: dict[str, Any] = {
    "name": "Clean milk, together",
    "led_by": "Bilal",
    "language": "pnb",
    "company": "mixed",
    "time_zone": "Asia/Karachi",
    "largest": 8,
}
OFFERS: dict[str, dict[str, Any]] = {
    "maryam": {"language": "ur", "day": 3, "hour": 19, "company": "women", "smallest": 3, "largest": 6},
    "akram": {"language": "ur", "day": 4, "hour": 20, "company": "men", "smallest": 3, "largest": 8},
}
VOICE = settings.BASE_DIR / "courses" / "starter" / "interface" / "voices" / "ur"
EVENING = 19


def invent(programme: "Programme", bilal: "User", *, now: datetime) -> None:
    """Make it, unless there is one."""
    if Circle.objects.filter(programme=programme).exists():
        return
    began = now - timedelta(days=21)
    circle = circles.make(bilal, programme, _named("circle"), SAID, now=began)
    theirs = {one.name: one for one in access.learners_of(bilal)}
    members = [theirs[name] for name in CAME if name in theirs]
    circles.ask(circle, bilal, [one.pk for one in members], now=began)
    for one in members:
        circles.join(one, circle.pk, now=began + timedelta(hours=3))
    circles.ask(circle, bilal, [one.pk for one in theirs.values() if one.name == ASKED], now=now)
    _meet(circle, members, now)
    for told in list(needs.told_in(programme))[::2]:
        needs.say_circle(told, MatchNeeds.Circle.SAME)
    for username, said in OFFERS.items():
        for profile in CoachProfile.objects.filter(programme=programme, coach__username=username):
            coaches.offer_circle(profile, said)


def _meet(circle: Circle, members: Sequence["Person"], now: datetime) -> None:
    units = [unit.key for course in shelf("ur") for unit in course.units] or [None]
    for number, days in enumerate((-16, -9, 5)):
        meeting = _plan(circle, number, now + timedelta(days=days), units[number % len(units)], now)
        if days > 0:
            continue
        came = {one.pk: CAME[one.name][number] for one in members}
        meetings.call_roll(meeting, _named(f"roll {number}"), circle.leader, came, now=meeting.at)
        if number and (heard := min(VOICE.glob("*.opus"), default=None)):
            upload = SimpleUploadedFile("meeting.opus", heard.read_bytes())
            meetings.keep_recording(meeting, upload, now=meeting.at + timedelta(hours=2))


def _plan(circle: Circle, number: int, on: datetime, unit: str | None, now: datetime) -> Meeting:
    day = on.astimezone(ZoneInfo(circle.time_zone)).date()
    evening = datetime.combine(day, time(EVENING), ZoneInfo(circle.time_zone))
    said: dict[str, Any] = {
        "at": evening,
        "minutes": 60,
        "unit": uuid.UUID(unit) if unit else None,
        "agenda": "Bring the cloth with which you strain the milk." if number else "How each of us milks.",
    }
    where = {"place": "The school in Chak 12"} if number != 1 else {"link": "https://meet.example.org/milk"}
    return meetings.plan(circle, _named(f"meeting {number}"), said | where, now=min(now, evening))


def _named(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo {name}")
