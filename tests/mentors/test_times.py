"""When people in two time zones have time together."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mentors import times

SUMMER, WINTER = date(2027, 7, 5), date(2027, 1, 4)
ZONES = st.sampled_from(["Asia/Karachi", "Europe/Berlin", "UTC", "Asia/Kathmandu"])
SLOTS = st.integers(0, 2**21 - 1)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(0, 2))))
def test_what_is_tapped_is_what_is_kept(tapped):
    assert set(times.parts(times.bits(tapped))) == tapped


@given(SLOTS, ZONES)
def test_every_part_is_four_hours_wherever_somebody_lives(slots, zone):
    assert times.hours(slots, zone, monday=WINTER).bit_count() == 4 * slots.bit_count()


def test_an_evening_in_okara_is_an_afternoon_in_berlin_in_summer_and_less_of_it_in_winter():
    evening, afternoon = times.bits([(0, 2)]), times.bits([(0, 1)])

    def shared(monday: date) -> int:
        there = times.hours(evening, "Asia/Karachi", monday=monday)
        return (there & times.hours(afternoon, "Europe/Berlin", monday=monday)).bit_count()

    assert (shared(SUMMER), shared(WINTER)) == (2, 3)


@given(SLOTS.filter(bool), st.sampled_from(["Asia/Karachi", "Europe/Berlin"]))
def test_an_hour_is_told_as_the_part_it_came_from(slots, zone):
    found = times.hours(slots, zone, monday=WINTER)
    for hour in range(times.HOURS):
        if found >> hour & 1:
            assert times.part_of(hour, zone, monday=WINTER) in times.parts(slots)
