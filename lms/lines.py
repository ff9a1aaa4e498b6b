"""What a line looks like, what makes it unreadable, and when it happened.

{"id": UUIDv7 made on the phone, "seq": per device, "verb", "about": page, "block": id or null,
 "rev": rendering seen, "locale", "voice", "at": the phone's time, "ms", "response", "subject"?: person}
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

Sent = Mapping[str, Any]  # a line as it came, not yet looked at

LONGEST = 4096  # letters of one line
DEEPEST = 8  # lists within lists
FIELDS = {"id", "seq", "verb", "about", "block", "rev", "locale", "voice", "at", "ms", "response"}
FORMS = {  # nothing that fits is too long for its column: PostgreSQL would refuse the whole batch, for ever
    "verb": re.compile(r"[a-z][a-z-]{0,11}"),
    "block": re.compile(r"[0-9A-Za-z-]{0,36}"),
    "rev": re.compile(r"[0-9a-f]{1,64}"),
    "locale": re.compile(r"[a-z]{3}|[a-z]{2}(-[A-Za-z]{2})?"),
    "voice": re.compile(r"([a-z]{2,3})?"),
}
UID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
YEARS_OF_A_CLOCK = range(1970, 2101)  # a clock that was never set says 1970, a child may turn it to 2040
UNSAYABLE = re.compile(r"[\x00\ud800-\udfff]")  # half a letter, or none: no database keeps it


class Unreadable(ValueError):
    """The line is no line. Its code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One line, read."""

    uid: UUID
    seq: int
    verb: str
    about: UUID
    block: str
    rev: str
    locale: str
    voice: str
    at: datetime
    milliseconds: int
    response: Any
    subject: UUID | None
    digest: str  # the same line has the same digest, in whatever order its fields came


def read(sent: object) -> Line:
    """Understand one line, or say why not."""
    if not isinstance(sent, Mapping) or not is_sound(sent):
        raise Unreadable("schema")
    whole = json.dumps(sent, sort_keys=True, separators=(",", ":"), allow_nan=False)
    if len(whole) > LONGEST:
        raise Unreadable("too_big")
    if set(sent) - {"subject"} != FIELDS:
        raise Unreadable("schema")
    return Line(
        uid=_uid(sent["id"], version=7),
        seq=_number(sent["seq"], most=2**63 - 1),
        verb=_word(sent, "verb"),
        about=_uid(sent["about"]),
        block=_word(sent, "block") if sent["block"] is not None else "",
        rev=_word(sent, "rev"),
        locale=_word(sent, "locale"),
        voice=_word(sent, "voice"),
        at=read_time(sent["at"]),
        milliseconds=_number(sent["ms"], most=2**31 - 1),
        response=sent["response"],
        subject=_uid(sent["subject"]) if sent.get("subject") is not None else None,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
    )


def name_of(sent: object) -> str | None:
    """The id of a line, even of an unreadable one, if it has one."""
    uid = sent.get("id") if isinstance(sent, Mapping) else None
    return uid if isinstance(uid, str) and UID.fullmatch(uid) else None


def read_time(said: object) -> datetime:
    """A moment with its time zone."""
    if not isinstance(said, str) or len(said) > 40:
        raise Unreadable("schema")
    try:
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is None:
            raise Unreadable("schema")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("schema") from None


def is_a_clocks(moment: datetime) -> bool:
    """Could a phone's clock say this? A wrong clock is no reason to lose sight of what somebody learned."""
    return moment.year in YEARS_OF_A_CLOCK


def happened(at: datetime, *, sent_at: datetime | None, published: datetime, received: datetime) -> datetime:
    """The phone's time, corrected by its clock when it sent; between publication of the page and receipt.

    A clock that was put right between doing and sending makes the corrected time impossible; then the
    uncorrected one may fit. `sent_at` is None where nobody knows it, as in a file carried by hand.
    """
    corrected = at + (received - sent_at) if sent_at else at
    for guess in (corrected, at):
        if published <= guess <= received:
            return guess
    return min(max(corrected, published), received)


def is_sound(value: object, *, deepest: int = DEEPEST) -> bool:
    """Can every database keep this value, and every program read it back?"""
    if isinstance(value, str):
        return not UNSAYABLE.search(value)
    if isinstance(value, int | float):
        return abs(value) < 2**63  # neither is "not a number" nor infinity
    if isinstance(value, Mapping):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        return deepest > 0 and all(is_sound(part, deepest=deepest - 1) for part in value)
    return value is None


def _word(sent: Sent, name: str) -> str:
    if not isinstance(sent[name], str) or not FORMS[name].fullmatch(sent[name]):
        raise Unreadable("schema")
    return sent[name]


def _uid(said: object, *, version: int | None = None) -> UUID:
    if not isinstance(said, str) or not UID.fullmatch(said):
        raise Unreadable("schema")
    uid = UUID(said)
    if version and uid.version != version:
        raise Unreadable("schema")
    return uid


def _number(said: object, *, most: int) -> int:
    if type(said) is not int or not 0 <= said <= most:  # True is an int, and is not a number
        raise Unreadable("schema")
    return said
