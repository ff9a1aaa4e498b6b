"""A bond is begun and ended from the keyboard, by the rules of every bond."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms import consent, programmes
from lms.models.people import Person, WayIn
from mentors import access
from mentors.models.bonds import Bond
from tests.cast import NOON

NUMBER = "0333 1112222"  # Farid's
LATER = NOON + timedelta(days=1)


@pytest.fixture(autouse=True)
def the_next_day(time_machine):
    time_machine.move_to(LATER, tick=False)


@pytest.fixture
def newcomer(farid, home_programme):
    """Farid, on the day on which he joined."""
    programmes.join(farid, home_programme, at=NOON)
    return farid


def bond(verb: str, coach: str = "bilal", number: str = NUMBER, *more: str) -> str:
    out = StringIO()
    call_command("bond", verb, coach, number, "--programme", "Hand in hand", *more, stdout=out)
    return out.getvalue()


def test_they_walk_together_and_twice_is_once(newcomer, bilal):
    assert "now" in bond("begin")
    assert "already" in bond("begin")

    assert Bond.objects.get().began_at == LATER
    assert list(access.learners_of(bilal)) == [newcomer]


def test_the_person_still_says_who_sees_them(newcomer, bilal):
    consent.answer(newcomer, "coach", "no", at=NOON, locale="ur")

    bond("begin")

    assert list(access.learners_of(bilal)) == []


def test_they_part_and_twice_is_once(newcomer, bilal):
    bond("begin")

    for _ in range(2):
        assert "any more" in bond("end")

    assert Bond.objects.get().ended_at == LATER
    assert list(access.learners_of(bilal)) == []


def test_another_coach_is_named_before_a_second_bond(newcomer, bilal, sana, home_programme):
    programmes.appoint(sana, home_programme, "coach", at=NOON)
    bond("begin", "sana")

    with pytest.raises(CommandError, match="sana walks with this person in “Hand in hand”"):
        bond("begin", "bilal")
    bond("end", "bilal")  # not his to end

    assert Bond.objects.get().ended_at is None


def test_with_16_or_17_the_safeguarding_lead_is_named(newcomer, bilal, tariq, home_programme):
    Person.objects.filter(pk=newcomer.pk).update(age="16-17")

    for more in ([], ["--approved-by", "tariq"]):
        with pytest.raises(CommandError, match="safeguarding lead"):
            bond("begin", "bilal", NUMBER, *more)
    programmes.appoint(tariq, home_programme, "safeguarding", at=NOON)
    bond("begin", "bilal", NUMBER, "--approved-by", "tariq")

    assert Bond.objects.get().person == newcomer


def test_a_number_that_was_quiet_begins_nothing_and_ends_what_was(newcomer, bilal):
    bond("begin")
    WayIn.objects.update(last_used_at=LATER - timedelta(days=91))
    bond("end")

    with pytest.raises(CommandError, match="somebody else's"):
        bond("begin")


@pytest.mark.parametrize(
    ("coach", "number", "told"),
    [
        ("nobody", NUMBER, "called “nobody”"),
        ("tariq", NUMBER, "tariq is no coach"),
        ("bilal", "0300 9999999", "No place opens"),
        ("bilal", NUMBER, "does not learn"),
    ],
)
def test_who_is_unknown_or_not_there_is_said(farid, bilal, tariq, coach, number, told):
    with pytest.raises(CommandError, match=told):
        bond("begin", coach, number)

    assert not Bond.objects.exists()
