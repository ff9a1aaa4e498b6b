"""Fills our site with a programme: 2,000 people who walk with 250 coaches. Made by the real verbs.

Prints, as one line of JSON, the sessions of a coach with eight people and of who coordinates them all.
"""

import json
import sys
import time
import uuid
from datetime import timedelta
from importlib import import_module

import django

django.setup()

from allauth.account.internal.flows import login  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402

from courses import outline  # noqa: E402
from lms import consent, programmes  # noqa: E402
from lms.models.consent import ConsentEntry, Purpose  # noqa: E402
from lms.models.people import Person, User  # noqa: E402
from lms.models.programme import Organisation, Programme, Role  # noqa: E402
from lms.models.record import Standing  # noqa: E402
from mentors import bonds, contacts  # noqa: E402

EIGHT, READS = 8, "ur"
TALK = {"kind": "call", "topic": "animals", "mood": 4, "next_step": "Ask the vet", "note": "Two buffaloes."}


def fill(people: int) -> dict[str, dict[str, str]]:
    """Who walks with whom, and what was said; then the way in for two of the staff."""
    now = timezone.now()
    began = now - timedelta(days=60)
    organisation = Organisation.objects.create(name="Bench", kind="counselling", country="DE")
    programme = Programme.objects.create(
        organisation=organisation, name="Bench", country="PK", languages=[READS], time_zone="Asia/Karachi",
        opened_on=began.date(),
    )  # fmt: skip
    lessons = [lesson for course in outline.shelf(READS) for lesson in course.lessons]
    coaches = [_staff(f"coach-{n}", programme, Role.COACH, began) for n in range(people // EIGHT)]
    for n in range(people):
        coach = coaches[n // EIGHT]
        person = Person.objects.create(
            name=f"Person {n}", picture="kite", age="18+", reads=READS, hears=READS
        )
        programmes.join(person, programme, at=began)
        consent.answer(person, Purpose.COACH, ConsentEntry.Answer.YES, at=began, locale=READS)
        bonds.begin(coach, person, programme, at=began)
        for days in (7, 20 + n % 40):
            on = (began + timedelta(days=days)).date()
            contacts.log(coach, person.pk, uuid.uuid4(), {**TALK, "on": on}, now=now)
        done = [
            Standing(person=person, lesson=one.key, begun_at=began, done_at=now) for one in lessons[: n % 10]
        ]
        Standing.objects.bulk_create(done)
    lead = _staff("lead", programme, Role.COORDINATOR, began)
    return {
        "coach": {"path": "/desk/", "cookie": _session(coaches[0])},
        "lead": {"path": f"/desk/walks/{programme.pk}/", "cookie": _session(lead)},
    }


def _staff(username: str, programme: Programme, role: Role, began) -> User:
    user = User.objects.create_user(f"bench-{username}", is_staff=True)
    programmes.appoint(user, programme, role, at=began)
    return user


def _session(user: User) -> str:
    """As somebody has it who came in with password and second factor."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            login.AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "mfa", "type": "totp", "at": time.time()}],
            login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user.pk),
            "staff_until": time.time() + 3600,
        }
    )
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
