"""When a coach and a person talk next: often at first, then seldom, until the third year is over."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

# Up to this day of walking together, at least every so many days.
RHYTHM = ((30, 7), (91, 14), (365, 30), (1096, 91))


def day(moment: datetime, zone: str) -> date:
    """The day that it was where somebody lives."""
    return moment.astimezone(ZoneInfo(zone)).date()


def next_on(began: date, last: date | None, agreed: date | None = None) -> date | None:
    """The day by which they talk again: as they agreed, else by the rhythm; None after three years."""
    if agreed:
        return agreed
    since = max(last or began, began)
    for until, every in RHYTHM:
        if (since - began).days < until:
            return since + timedelta(days=every)
    return None
