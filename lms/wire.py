"""What may come over the line: read with limits, so that no request can cost more than a batch of lines.

JSON is read strictly: UTF-8, no name twice in one object, no NaN, no deep nesting.
"""

import json
import zlib
from typing import Any

from ninja import Field, Schema

MOST_RECORDS = 200
MOST_RAW = 256 * 1024
MOST_PACKED = 64 * 1024
DEEPEST = 12
GZIP = b"\x1f\x8b"  # no JSON begins so


class TooMuch(ValueError):
    """More than a batch may hold. The phone sends less at a time."""


class NotUnderstood(ValueError):
    """No JSON, or JSON that two programs would read in two ways."""


class UnknownForm(ValueError):
    """Neither JSON nor gzip."""


class Told(Schema, extra="ignore"):
    """What a new phone says about its person, if anything, and the token that it made for itself."""

    token: str = Field("", pattern=r"^([0-9A-Za-z_-]{43,64})?$")
    locale: str = ""
    voice: str = ""
    time_zone: str = ""


def coding_of(content: bytes) -> str:
    """Of what is sealed nothing else says whether it is packed."""
    return "gzip" if content.startswith(GZIP) else ""


def unpack(body: bytes, *, coding: str = "") -> bytes:
    """The bytes that were meant, whether they came packed or not."""
    if coding in {"", "identity"}:
        if len(body) > MOST_RAW:
            raise TooMuch
        return body
    if coding != "gzip":
        raise UnknownForm
    if len(body) > MOST_PACKED:
        raise TooMuch
    gzip = zlib.decompressobj(wbits=31)
    try:
        raw = gzip.decompress(body, MOST_RAW + 1)
    except zlib.error:
        raise NotUnderstood from None
    if len(raw) > MOST_RAW:
        raise TooMuch
    if not gzip.eof or gzip.unused_data:
        raise NotUnderstood
    return raw


def read_json(raw: bytes) -> Any:
    """The value, if there is exactly one way to read it."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_never)
    except (ValueError, RecursionError):
        raise NotUnderstood from None
    if _depth(value) > DEEPEST:
        raise NotUnderstood
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotUnderstood
    return found


def _never(name: str) -> None:
    raise NotUnderstood


def _depth(value: object) -> int:
    """How many lists within lists; stops counting where it is too many anyway."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        nested = [one for one in level if isinstance(one, list | dict)]
        level = [part for one in nested for part in (one.values() if isinstance(one, dict) else one)]
        depth += bool(nested)
    return depth
