"""Somebody is invited with ten digits, and joins once they have a place."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from lms import invitations
from lms.models.programme import Invitation, Membership, Role
from tests.cast import NOON

WEEK = NOON + timedelta(days=7)


def invite(programme, by, *, role=Role.LEARNER, uses=1, until=WEEK) -> str:
    return invitations.make(programme, role, uses, until, by)


def here(person) -> list[tuple]:
    rows = Membership.objects.filter(person=person, ended_at=None).order_by("pk")
    return list(rows.values_list("programme__name", "role"))


@pytest.mark.parametrize("role", [Role.LEARNER, Role.FAMILY])
def test_who_enters_the_digits_joins_in_the_role_they_were_invited_to(role, farid, home_programme, tariq):
    code = invite(home_programme, tariq, role=role)

    invitations.enter(code, farid, NOON)

    assert here(farid) == [("Another road", "learner"), ("Hand in hand", role)]


def test_the_digits_may_be_written_with_spaces_and_in_any_script(farid, home_programme, tariq):
    code = invite(home_programme, tariq)
    urdu = " ".join(invitations.groups(code)).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert invitations.enter(urdu, farid, NOON).programme == home_programme


def test_the_digits_are_kept_nowhere(home_programme, tariq):
    code = invite(home_programme, tariq)

    assert code not in str(list(Invitation.objects.values()))
    assert invitations.address(code).endswith(f"/i#{code}")


def test_an_invitation_for_two_is_not_for_three(amina, farid, gul, other_programme, home_programme, tariq):
    Membership.objects.all().delete()
    code = invite(other_programme, tariq, uses=2)

    invitations.enter(code, amina, NOON)
    invitations.enter(code, farid, NOON)

    with pytest.raises(invitations.NotInvited):
        invitations.enter(code, gul, NOON)
    assert here(gul) == []


def test_entering_twice_is_entering_once(farid, home_programme, tariq):
    code = invite(home_programme, tariq, uses=2)

    first = invitations.enter(code, farid, NOON)

    assert invitations.enter(code, farid, NOON) == first
    assert Invitation.objects.get().uses == 1


def test_who_learns_there_already_uses_nothing_up(amina, home_programme, tariq):
    code = invite(home_programme, tariq, role=Role.FAMILY)

    invitations.enter(code, amina, NOON)

    assert here(amina) == [("Hand in hand", "learner")]
    assert Invitation.objects.get().uses == 1


@pytest.mark.parametrize("typed", ["", "0", "12345", "no digits", "1" * 400])
def test_what_is_no_invitation_opens_nothing(typed, farid, home_programme, tariq):
    invite(home_programme, tariq)

    with pytest.raises(invitations.NotInvited):
        invitations.enter(typed, farid, NOON)


def test_an_old_one_one_taken_back_and_one_of_a_closed_programme_open_nothing(farid, home_programme, tariq):
    old = invite(home_programme, tariq, until=NOON)
    taken_back = invite(home_programme, tariq)
    for one in invitations.still_open(home_programme, now=NOON):
        invitations.take_back(home_programme, str(one.pk), now=NOON)
    closed = invite(home_programme, tariq)
    home_programme.closed_on = NOON.date()
    home_programme.save()

    for code in (old, taken_back, closed):
        with pytest.raises(invitations.NotInvited):
            invitations.enter(code, farid, NOON)


def test_nobody_is_invited_to_work_here(home_programme, tariq):
    with pytest.raises(IntegrityError):
        invite(home_programme, tariq, role=Role.COACH)


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_the_groups_are_the_digits(code):
    assert "".join(invitations.groups(code)) == code
    assert [len(part) for part in invitations.groups(code)] == [3, 3, 4]
