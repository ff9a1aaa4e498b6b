"""A circle with people in it, as they would have made it, for tests."""

import uuid
from datetime import timedelta

from mentors import circles, meetings
from mentors.models.circles import Circle, Meeting
from tests.cast import NOON

A_CIRCLE = {
    "name": "Milk", "led_by": "Bilal", "language": "ur", "company": "mixed", "time_zone": "Asia/Karachi",
    "largest": 4,
}  # fmt: skip
SOON = NOON + timedelta(days=3, hours=2)  # 19:00 in Karachi


def a_circle(leader, programme, *people, **said) -> Circle:
    """Made by hand; everybody who was asked said yes."""
    circle = circles.make(leader, programme, uuid.uuid4(), A_CIRCLE | said, now=NOON)
    circles.ask(circle, leader, [one.pk for one in people], now=NOON)
    for one in people:
        circles.join(one, circle.pk, now=NOON)
    return circle


def a_meeting(circle: Circle, **said) -> Meeting:
    """A meeting in three days, at a place."""
    said = {"at": SOON, "minutes": 60, "place": "Chak 12", "agenda": ""} | said
    return meetings.plan(circle, uuid.uuid4(), said, now=NOON)
