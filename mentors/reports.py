"""Numbers of people that may be shown: none of them so small that somebody could be recognised."""

FEWEST = 10


def shown(people: int) -> int | None:
    """A number of people, or None where they are too few.

    >>> shown(10), shown(9)
    (10, None)
    """
    return people if people >= FEWEST else None


def shown_pair(part: int, *, of: int) -> int | None:
    """A part of people who are shown too: None also where the rest is too few, since it can be worked out.

    >>> shown_pair(12, of=30), shown_pair(12, of=15), shown_pair(12, of=12)
    (12, None, 12)
    """
    rest = of - part
    return shown(part) if rest == 0 or shown(rest) else None
