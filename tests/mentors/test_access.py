from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from courses.models import Rendering
from lms import consent, programmes
from lms.models.consent import ConsentEntry
from lms.models.people import Person, User
from lms.models.programme import Membership
from mentors import access, bonds
from mentors.models.bonds import Bond, Look
from tests.cast import NOON

LATER = NOON + timedelta(days=1)


def _membership_of(someone) -> Membership:
    who = {"staff": someone} if isinstance(someone, User) else {"person": someone}
    return Membership.objects.get(**who)


def test_a_coach_sees_bonded_learners_who_agreed_and_nobody_else(amina, gul, farid, bilal):
    assert list(access.learners_of(bilal)) == [amina]


def test_withdrawing_consent_closes_it_at_once(amina, bilal):
    consent.answer(amina, "coach", "no", at=LATER, locale="ur")

    assert list(access.learners_of(bilal)) == []
    with pytest.raises(access.NotYours):
        access.learner(bilal, amina.pk, now=LATER)


def test_saying_yes_again_opens_it_again(gul, bilal):
    consent.answer(gul, "coach", "yes", at=LATER, locale="ur")

    assert list(access.learners_of(bilal)) == [gul]


def test_later_is_not_yes(amina, bilal):
    consent.answer(amina, "coach", "later", at=LATER, locale="ur")

    assert list(access.learners_of(bilal)) == []


def test_ending_the_bond_closes_it_at_once(amina, bilal):
    bonds.end(Bond.objects.get(person=amina), at=LATER)

    assert list(access.learners_of(bilal)) == []


@pytest.mark.parametrize("who", ["bilal", "amina"])
def test_leaving_the_programme_closes_it_at_once(who, amina, bilal):
    programmes.leave(_membership_of({"bilal": bilal, "amina": amina}[who]), at=LATER)

    assert list(access.learners_of(bilal)) == []


def test_a_bond_in_a_programme_for_which_the_coach_does_not_work_opens_nothing(farid, bilal, other_programme):
    Bond.objects.create(coach=bilal, person=farid, programme=other_programme, began_at=NOON)

    assert list(access.learners_of(bilal)) == []

    programmes.appoint(bilal, other_programme, "coach", at=LATER)

    assert list(access.learners_of(bilal)) == [farid]


def test_another_role_in_the_programme_is_not_enough(farid, bilal, other_programme):
    Bond.objects.create(coach=bilal, person=farid, programme=other_programme, began_at=NOON)
    programmes.appoint(bilal, other_programme, "lead", at=LATER)

    assert list(access.learners_of(bilal)) == []


def test_nobody_else_sees_a_coachs_people(amina, sana, tariq, db):
    superuser = User.objects.create_superuser("root", password="a long enough password")

    assert [list(access.learners_of(staff)) for staff in (sana, tariq, superuser)] == [[], [], []]


def test_the_same_answer_for_what_is_not_yours_and_what_is_not_there(amina, gul, farid, nadia, bilal):
    for someone in (gul.pk, farid.pk, nadia.pk, Membership.objects.get(person=amina).programme_id):
        with pytest.raises(access.NotYours):
            access.learner(bilal, someone, now=NOON)

    assert not Look.objects.exists()


def test_every_look_is_noted_for_the_person(amina, gul, bilal):
    access.caseload(bilal, now=NOON)
    access.learner(bilal, amina.pk, now=LATER)

    assert [(look.by, look.what, look.at) for look in access.looks_at(amina)] == [
        (bilal, "progress", LATER),
        (bilal, "list", NOON),
    ]
    assert list(access.looks_at(gul)) == []


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_caseload_costs_the_same_for_one_or_three(
    how_many, bilal, home_programme, django_assert_num_queries, lessons, did
):
    for n in range(how_many):
        person = Person.objects.create(user=User.objects.create(), name=f"Person {n}", age="18+")
        programmes.join(person, home_programme, at=NOON)
        consent.answer(person, "coach", "yes", at=NOON, locale="ur")
        bonds.begin(bilal, person, home_programme, at=NOON)
        did(person, lessons[0])

    with django_assert_num_queries(3):
        people = access.caseload(bilal, now=NOON)
        progress = access.progress_of(people)

    assert len(people) == len(progress) == how_many


def test_how_it_went_before_and_after_a_unit_is_for_amina_alone(amina, bilal, lessons, did):
    before = Rendering.objects.create(rev="1" * 64, page_key=uuid4(), locale="ur", kind="before", body=b"")
    did(amina, lessons[0])
    did(amina, SimpleNamespace(translation_key=before.page_key), answers={"q1": None})

    [seen] = access.progress_of([amina])[amina.pk]
    assert seen.lesson == lessons[0].translation_key


def test_a_lead_reads_numbers_of_ten_and_more_and_never_names(tariq, home_programme, lessons, did):
    def add(how_many: int) -> list[Person]:
        people = [Person.objects.create(user=User.objects.create(), age="18+") for _ in range(how_many)]
        for person in people:
            programmes.join(person, home_programme, at=NOON)
            consent.answer(person, "count", "yes", at=NOON, locale="ur")
        return people

    nine = add(9)
    assert [(row.people, row.learned) for row in access.programme_people_count(tariq)] == [(None, None)]

    for person in [*nine, *add(1)]:
        did(person, lessons[0])
    assert [(row.people, row.learned) for row in access.programme_people_count(tariq)] == [(10, 10)]

    ConsentEntry.objects.filter(person=nine[0]).update(answer="no")
    assert [(row.people, row.learned) for row in access.programme_people_count(tariq)] == [(None, None)]


def test_who_leads_nothing_reads_no_numbers(amina, bilal, sana):
    assert access.programme_people_count(bilal) == access.programme_people_count(sana) == []
