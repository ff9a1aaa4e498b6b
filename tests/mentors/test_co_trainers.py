"""Where a coach came from, and a coach who drafts lessons, when two said so."""

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import Page

from lms import programmes
from lms.models.programme import Organisation
from mentors import coaches
from mentors.models.coaching import CoachProfile
from tests.cast import NOON, _staff
from tests.inside import come_in
from tests.mentors.matched import a_coach
from tests.mentors.test_pairing import OFFER


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf")


@pytest.fixture
def maria(home_programme):
    return _staff(home_programme, "maria", "coordinator")


def _rights(coach, lesson) -> tuple[bool, bool, bool]:
    """Comes in to write; drafts this lesson; publishes it."""
    user = type(coach).objects.get(pk=coach.pk)
    may = Page.objects.get(pk=lesson.pk).permissions_for_user(user)
    return user.has_perm("wagtailadmin.access_admin"), may.can_edit(), may.can_publish()


def test_with_two_yeses_a_coach_drafts_lessons_and_publishes_none(
    yusuf, tariq, maria, home_programme, lessons
):
    page = f"/desk/matching/{home_programme.pk}/"
    for lead, rights in ((tariq, False), (tariq, False), (maria, True)):
        come_in(lead).post(page, {"act": "co-trainer", "coach": yusuf.pk})
        assert _rights(yusuf.coach, lessons[0]) == (rights, rights, False)

    assert "drafts lessons" in come_in(tariq).get(page).text


def test_nobody_says_so_of_themselves_nor_twice_not_even_past_the_code(yusuf, tariq):
    with pytest.raises(coaches.NotTheirOwn):
        coaches.make_co_trainer(yusuf, yusuf.coach)
    coaches.make_co_trainer(yusuf, tariq)
    with pytest.raises(coaches.NotTheirOwn):
        coaches.make_co_trainer(yusuf, tariq)
    for forged in ({"co_trainer_too_by": tariq}, {"co_trainer_by": None, "co_trainer_too_by": tariq}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CoachProfile.objects.filter(pk=yusuf.pk).update(**forged)


def test_only_who_walks_with_people_becomes_one(home_programme, bilal, tariq):
    profile = coaches.offer(bilal, home_programme, {"gender": "man", "mother": "ur"})

    with pytest.raises(coaches.NotActive):
        coaches.make_co_trainer(profile, tariq)


@pytest.mark.parametrize("ends", ["leaves", "membership"])
def test_who_coaches_no_more_drafts_no_more(yusuf, tariq, maria, lessons, home_programme, ends):
    for lead in (tariq, maria):
        coaches.make_co_trainer(yusuf, lead)

    if ends == "leaves":
        coaches.leave(yusuf, now=NOON)
    else:
        there = programmes.present(yusuf.coach, home_programme, programmes.Role.COACH)
        programmes.leave(there, at=NOON)

    assert _rights(yusuf.coach, lessons[0]) == (False, False, False)


def test_a_trainer_who_coaches_goes_on_to_write(yusuf, tariq, maria, lessons, home_programme):
    programmes.appoint(yusuf.coach, home_programme, programmes.Role.TRAINER, at=NOON)
    for lead in (tariq, maria):
        coaches.make_co_trainer(yusuf, lead)

    coaches.leave(yusuf, now=NOON)

    assert _rights(yusuf.coach, lessons[0]) == (True, True, True)


def test_a_coach_says_through_whom_they_came_and_the_lead_reads_it(home_programme, bilal, tariq):
    town = Organisation.objects.create(name="Heimatverein Gujrat", kind="home-town", country="DE")
    stranger = Organisation.objects.create(name="Somebody else", kind="partner", country="PK")
    own = f"/desk/coach/{home_programme.pk}/"
    assert "I came through" not in come_in(bilal).get(own).text
    home_programme.partners.add(town)
    assert "Heimatverein Gujrat" in come_in(bilal).get(own).text

    assert come_in(bilal).post(own, OFFER | {"brought_by": str(stranger.pk)}).status_code == 422
    assert come_in(bilal).post(own, OFFER | {"brought_by": str(town.pk)}).status_code == 302

    assert CoachProfile.objects.get(coach=bilal).brought_by == town
    assert "Heimatverein Gujrat" in come_in(tariq).get(f"/desk/matching/{home_programme.pk}/").text
    assert f'value="{town.pk}" selected' in come_in(bilal).get(own).text
