"""Which coaches to look for, said to those who look."""

import pytest

from tests.cast import NOON
from tests.inside import come_in
from tests.mentors.matched import a_coach, a_draft, a_seeker


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)


def wanted(programme, lead) -> list[dict]:
    return a_draft(programme, lead).stats["wanted"]


def test_where_nobody_waits_nobody_is_looked_for(home_programme, tariq):
    a_coach(home_programme, "yusuf")
    a_seeker(home_programme, "Zara", "+923005550001")

    assert wanted(home_programme, tariq) == []


def test_women_who_wait_for_a_woman_are_counted_for_a_woman_who_talks_by_phone(home_programme, tariq):
    a_coach(home_programme, "yusuf")
    for n in range(3):
        a_seeker(home_programme, f"Zara {n}", f"+92300555000{n}", gender="woman", wish="")

    assert wanted(home_programme, tariq) == [{"gender": "woman", "district": "", "people": 3}]
    page = come_in(tariq).get(f"/desk/matching/{home_programme.pk}/").text
    assert "A woman who talks by phone" in page
    assert "3 people more, at most, would have a coach" in page


def test_who_wants_to_meet_is_counted_for_somebody_near(home_programme, tariq):
    a_seeker(home_programme, "Zara", "+923005550001", remote=False, district="okara")

    found = wanted(home_programme, tariq)

    assert {one["district"] for one in found} == {"okara"}
    assert "near Okara" in come_in(tariq).get(f"/desk/matching/{home_programme.pk}/").text


def test_at_most_three_kinds_are_named_the_most_wanted_first(home_programme, tariq):
    for n, district in enumerate(["okara", "okara", "lahore", "gujrat", "multan"]):
        a_seeker(home_programme, f"Zara {n}", f"+92300555000{n}", remote=False, district=district)

    found = wanted(home_programme, tariq)

    assert len(found) == 3
    assert [one["people"] for one in found] == sorted((one["people"] for one in found), reverse=True)
