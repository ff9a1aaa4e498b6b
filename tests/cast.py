"""The cast of every test. It never changes.

amina has agreed to everything; gul changed her mind; farid belongs to another programme; bilal coaches
amina and gul; sana writes; tariq runs the programme. Nadia is a guest who never gave a name or a number.
"""

from datetime import UTC, date, datetime

import pytest

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

__all__ = [
    "NOON", "amina", "bilal", "farid", "gul", "home_programme", "nadia", "other_programme", "sana", "tariq",
]  # fmt: skip


def _programme(name: str):
    from lms.models.programme import Organisation, Programme

    organisation = Organisation.objects.create(name=f"{name} e.V.", kind="counselling", country="DE")
    return Programme.objects.create(
        organisation=organisation,
        name=name,
        country="PK",
        languages=["ur", "en"],
        time_zone="Asia/Karachi",
        opened_on=date(2026, 1, 1),
    )


def _learner(programme, name: str, number: str, *, said: dict[str, str]):
    from lms import consent
    from lms.models.people import Person, User, WayIn
    from lms.models.programme import Membership

    person = Person.objects.create(user=User.objects.create(), name=name, age="18+", picture="kite")
    Membership.objects.create(programme=programme, role="learner", person=person, since=NOON)
    WayIn.objects.create(person=person, number=number, added_at=NOON, last_used_at=NOON)
    for purpose, answer in said.items():
        consent.answer(person, purpose, answer, at=NOON, locale="ur")
    return person


def _staff(programme, username: str, role: str):
    from lms.models.people import User
    from lms.models.programme import Membership

    user = User.objects.create_user(username, password="a long enough password", is_staff=True)
    Membership.objects.create(programme=programme, role=role, staff=user, since=NOON)
    return user


def _bond(coach, person, programme) -> None:
    from mentors.models.bonds import Bond

    Bond.objects.create(coach=coach, person=person, programme=programme, began_at=NOON)


@pytest.fixture
def home_programme(db):
    return _programme("Hand in hand")


@pytest.fixture
def other_programme(db):
    return _programme("Another road")


@pytest.fixture
def bilal(home_programme):
    return _staff(home_programme, "bilal", "coach")


@pytest.fixture
def amina(home_programme, bilal):
    person = _learner(
        home_programme, "Amina", "+923001234567", said={"record": "yes", "coach": "yes", "count": "yes"}
    )
    _bond(bilal, person, home_programme)
    return person


@pytest.fixture
def gul(home_programme, bilal):
    from lms import consent

    person = _learner(home_programme, "Gul", "+923007654321", said={"record": "yes", "coach": "yes"})
    _bond(bilal, person, home_programme)
    consent.answer(person, "coach", "no", at=NOON, locale="ur")
    return person


@pytest.fixture
def farid(other_programme):
    return _learner(other_programme, "Farid", "+923331112222", said={"record": "yes", "coach": "yes"})


@pytest.fixture
def nadia(db):
    from lms.models.people import Person

    return Person.objects.create()


@pytest.fixture
def sana(home_programme):
    return _staff(home_programme, "sana", "trainer")


@pytest.fixture
def tariq(home_programme):
    return _staff(home_programme, "tariq", "lead")
