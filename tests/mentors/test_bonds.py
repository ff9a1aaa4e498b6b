from datetime import timedelta

import pytest

from lms import programmes
from lms.models.people import Person, User
from mentors import bonds
from mentors.models.bonds import Bond
from tests.cast import NOON


@pytest.fixture
def young(home_programme):
    person = Person.objects.create(user=User.objects.create(), name="Sara", age="16-17")
    programmes.join(person, home_programme, at=NOON)
    return person


def test_a_person_has_one_coach_at_a_time(amina, bilal, home_programme):
    with pytest.raises(bonds.AlreadyBonded):
        bonds.begin(bilal, amina, home_programme, at=NOON)

    bonds.end(Bond.objects.get(person=amina), at=NOON + timedelta(days=1))

    assert bonds.begin(bilal, amina, home_programme, at=NOON + timedelta(days=1)).ended_at is None


def test_both_are_in_the_programme(farid, bilal, sana, home_programme, other_programme, young):
    for coach, person, programme in [
        (bilal, farid, home_programme),
        (bilal, farid, other_programme),
        (sana, young, home_programme),
    ]:
        with pytest.raises(bonds.NotHere):
            bonds.begin(coach, person, programme, at=NOON)


def test_with_16_or_17_the_safeguarding_lead_says_who(young, bilal, tariq, home_programme):
    with pytest.raises(bonds.NeedsSafeguarding):
        bonds.begin(bilal, young, home_programme, at=NOON)
    with pytest.raises(bonds.NeedsSafeguarding):
        bonds.begin(bilal, young, home_programme, at=NOON, approved_by=tariq)

    programmes.appoint(tariq, home_programme, "safeguarding", at=NOON)

    assert bonds.begin(bilal, young, home_programme, at=NOON, approved_by=tariq).person == young
