"""One meeting as a file that calendars take (RFC 5545). Rules on plain values.

A calendar is read by others, too: what stands in it names nobody, and says no more than when and where.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unicodedata import category

LINE = 75  # octets in a line, at most
CONTROLS = {"Cc", "Cs", "Zl", "Zp"}  # what breaks a line, or is no letter
MAKER = "-//Hamrah//Circles//EN"


@dataclass(frozen=True)
class Event:
    """What a calendar is told."""

    uid: str
    title: str
    begins: datetime
    lasts: timedelta
    where: str
    changes: int  # a calendar takes what has more of them
    changed_at: datetime
    called_off: bool = False


def calendar(event: Event) -> bytes:
    """A calendar with one event in it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{MAKER}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_moment(event.changed_at)}",
        f"LAST-MODIFIED:{_moment(event.changed_at)}",
        f"SEQUENCE:{event.changes}",
        f"DTSTART:{_moment(event.begins)}",
        f"DTEND:{_moment(event.begins + event.lasts)}",
        f"SUMMARY:{escaped(event.title)}",
        f"LOCATION:{escaped(event.where)}",
        f"STATUS:{'CANCELLED' if event.called_off else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def escaped(text: str) -> str:
    """As a value of text: on one line, with nothing that a calendar would take for its own signs."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = (one for one in text if one in "\n\t" or category(one) not in CONTROLS)
    return "".join(plain).replace("\n", "\\n")


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> Iterator[bytes]:
    """In pieces of at most 75 octets, of which each but the first begins with a space; no letter is cut."""
    piece = b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
