"""A coach whom a list brought comes in with a paper, once, and with a password that nobody else knows."""

from datetime import timedelta

import pytest
from django.test import Client

from lms import programmes, staff
from lms.models.people import User
from mentors import access
from tests.cast import NOON, _staff
from tests.inside import come_in

LONG = "six goats and a blue door"


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def yusuf(home_programme, tariq):
    return access.take_on_listed(tariq, home_programme.pk, "K1", "yusuf", "Yusuf", now=NOON)


def _address(coach) -> str:
    return access.way_in_of(coach, now=NOON).partition("/staff/")[2]


def _choose(coach, password: str = LONG, again: str | None = None, *, address: str = ""):
    form = {"password": password, "again": password if again is None else again}
    return Client().post(f"/staff/{address or _address(coach)}", form)


def test_the_sheet_has_a_way_for_who_was_never_here_and_for_nobody_else(yusuf, bilal, home_programme, tariq):
    page = come_in(tariq).get(f"/desk/lists/{home_programme.pk}/?show=coaches").text

    assert "Yusuf" in page
    assert f"/staff/first/{yusuf.pk}-" in page
    assert "<svg" in page
    assert "bilal" not in page
    assert [one for _key, one in access.coaches_not_been(home_programme)] == [yusuf]


def test_he_chooses_a_password_and_comes_in_with_it(yusuf):
    address = _address(yusuf)
    assert "yusuf" in Client().get(f"/staff/{address}").text

    assert _choose(yusuf, address=address)["Location"] == "/staff/login/"

    yusuf.refresh_from_db()
    assert yusuf.check_password(LONG)
    assert Client().login(username="yusuf", password=LONG)


def test_the_paper_opens_once_and_the_sheet_leaves_him_out(yusuf, home_programme):
    address = _address(yusuf)
    _choose(yusuf, address=address)

    again = _choose(yusuf, "quite another long one", address=address)

    assert (again.status_code, "was used, or is too old" in again.text) == (404, True)
    yusuf.refresh_from_db()
    assert yusuf.check_password(LONG)
    assert access.coaches_not_been(home_programme) == []


def test_after_14_days_it_is_only_paper(yusuf, time):
    address = _address(yusuf)
    time.move_to(NOON + timedelta(days=14) - timedelta(seconds=1))
    assert Client().get(f"/staff/{address}").status_code == 200
    time.move_to(NOON + timedelta(days=14, seconds=1))
    assert _choose(yusuf, address=address).status_code == 404
    assert not User.objects.get(pk=yusuf.pk).has_usable_password()


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("short", None, "Please choose a longer one"),
        ("", "", "Please choose a longer one"),
        ("password1234", None, "Please choose a longer one"),
        (LONG, LONG + "s", "These were two different passwords."),
    ],
)
def test_what_cannot_be_a_password_is_said(yusuf, password, again, sentence):
    answer = _choose(yusuf, password, again)

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert not User.objects.get(pk=yusuf.pk).has_usable_password()


def test_nobody_comes_in_with_a_paper_that_somebody_made_up(yusuf, bilal, amina):
    until = int((NOON + timedelta(days=3)).timestamp())
    digest = _address(yusuf).rstrip("/").rpartition("-")[2]
    for forged in (
        f"{yusuf.pk}-{until}-{digest}", f"{bilal.pk}-{until}-{digest}", f"{amina.user_id}-{until}-{digest}",
        "x", "1-2", "--", f"{yusuf.pk}-{'9' * 40}-{digest}", f"{'9' * 12}-{until}-{digest}",
    ):  # fmt: skip
        assert staff.who_comes_in_first(forged, now=NOON) is None
        assert Client().get(f"/staff/first/{forged}/").status_code == 404


def test_who_has_a_password_or_left_has_no_paper(yusuf, bilal, home_programme):
    for somebody in (bilal,):
        assert staff.who_comes_in_first(staff.first_way_in(somebody, now=NOON), now=NOON) is None
    programmes.leave(programmes.present(yusuf, home_programme, programmes.Role.COACH), at=NOON)

    assert access.coaches_not_been(home_programme) == []


def test_another_programmes_lead_sees_no_sheet(yusuf, home_programme, other_programme):
    stranger = _staff(other_programme, "rehan", "lead")

    assert come_in(stranger).get(f"/desk/lists/{home_programme.pk}/?show=coaches").status_code == 404
