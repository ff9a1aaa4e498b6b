"""A short message that something waits, for who asked for it: without what, and to nobody else's phone."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, override

from lms import consent, signin, sms
from lms.models.consent import Purpose
from lms.models.people import Person, WayIn

logger = logging.getLogger("hamrah.reminders")


def is_possible() -> bool:
    """Is there a way on which messages leave? The console tells the person at the keyboard of a demo."""
    return settings.DEMO if settings.SMS_GATEWAY == "console" else bool(settings.SMS_HTTP_URL)


def remind(person: Person, *, until: date, now: datetime) -> bool:
    """Send it once; False where nobody asked for it, or somebody else might get it."""
    number = _own_number(person, now)
    if not (number and is_possible() and consent.agreed(person, Purpose.MESSAGE)):
        return False
    try:
        sms.gateway().send(number, words(until, person.reads))
    except sms.NotSent as trouble:
        logger.warning("A reminder did not leave: %s", trouble)
        return False
    return True


def words(until: date, language: str) -> str:
    """The name and a day, nothing else: somebody else may be looking at the screen."""
    with override(language):
        return gettext("Hamrah: something waits for your answer until %(day)s.") % {
            "day": WEEKDAYS[until.weekday()]
        }


def _own_number(person: Person, now: datetime) -> str:
    """A number that is proven, in use, and nobody else's. Who is hidden on a phone is called by nobody."""
    if person.hidden:
        return ""
    ways = WayIn.objects.filter(person=person, ended_at=None, with_pin=False, courses_only=False)
    for way in ways.order_by("-last_used_at"):
        if not signin.is_quiet(way, now=now) and signin.people_at(way.number) == [person]:
            return way.number
    return ""
