"""When somebody has time in a week: 21 parts as they are tapped, and the hours of the coming week in UTC.

A part is a morning, an afternoon or an evening of a day where somebody lives; bit 0 is Monday's morning.
People in two time zones can be compared only in hours of one and the same week, so that summer time counts.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARTS = ((8, 12), (13, 17), (18, 22))  # from and to, by the clock of the place
DAYS, HOURS = 7, 7 * 24


def bits(parts: Iterable[tuple[int, int]]) -> int:
    """The slots of these days (0 is Monday) and parts (0 is the morning)."""
    return sum(1 << day * len(PARTS) + part for day, part in set(parts))


def parts(slots: int) -> list[tuple[int, int]]:
    """Days and parts of slots, in the order of the week."""
    return [divmod(bit, len(PARTS)) for bit in range(DAYS * len(PARTS)) if slots >> bit & 1]


def hours(slots: int, zone: str, *, monday: date) -> int:
    """The hours of the week from this Monday on, in UTC, one bit each. What hangs over its end begins it."""
    start, found = datetime.combine(monday, time(), UTC), 0
    for day, part in parts(slots):
        for hour in range(*PARTS[part]):
            there = datetime.combine(monday + timedelta(days=day), time(hour), ZoneInfo(zone))
            found |= 1 << int((there - start) / timedelta(hours=1)) % HOURS
    return found


def part_of(hour: int, zone: str, *, monday: date) -> tuple[int, int]:
    """The day and the part of an hour of the week in UTC, where somebody lives."""
    there = (datetime.combine(monday, time(), UTC) + timedelta(hours=hour)).astimezone(ZoneInfo(zone))
    return there.weekday(), sum(there.hour >= until for _, until in PARTS[:-1])


def coming_monday(now: datetime) -> date:
    """The first day of the week after this one, in UTC."""
    today = now.astimezone(UTC).date()
    return today + timedelta(days=DAYS - today.weekday())


def next_of(day: int, hour: int, zone: str, *, now: datetime) -> datetime:
    """When it is that day and hour of the week again, by the clock of a place."""
    here = now.astimezone(ZoneInfo(zone))
    on = here.date() + timedelta(days=(day - here.weekday()) % DAYS)
    there = datetime.combine(on, time(hour), ZoneInfo(zone))
    return there if there > now else datetime.combine(on + timedelta(days=DAYS), time(hour), ZoneInfo(zone))


def hour_bit(day: int, hour: int, zone: str, *, monday: date) -> int:
    """One hour of the week from this Monday on, by the clock of a place, as the bit that `hours` gives it."""
    there = datetime.combine(monday + timedelta(days=day), time(hour), ZoneInfo(zone))
    return 1 << int((there - datetime.combine(monday, time(), UTC)) / timedelta(hours=1)) % HOURS
