"""A day, as phones send it and as people write it, in whatever digits."""

from datetime import date, datetime

from lms.numbers import western

LONGEST = 40  # letters
WRITTEN = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %m %Y")


class NotADay(ValueError):
    """Nobody can say which day this is."""


def read(typed: str) -> date:
    """The day that somebody typed."""
    text = " ".join(western(typed).split())
    for form in WRITTEN:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise NotADay(typed)
