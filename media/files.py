"""The files that phones get, named by what is in them.

A name never changes its content, so a phone may keep a file for ever and check it without asking. The
folder can be emptied: whoever keeps a file here can make it again.
"""

import contextlib
import gzip
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# Nothing that a browser would run as a page or a script is ever kept here.
TYPES = {
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "webm": "audio/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "json": "application/json",
}
SHRINK_ON_THE_WAY = {"svg", "json"}  # the others are packed already

DIGITS = (
    32  # of a name: 128 bits of the digest; each costs a phone half a byte, wherever a page names the file
)
_NAME = re.compile(rf"[0-9a-f]{{{DIGITS}}}\.[a-z0-9]{{2,4}}")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_AT_ONCE = 1024 * 1024  # bytes; a film goes out in pieces, and no process holds all of it
_PIECE = 64 * 1024
FOR_EVER = "public, max-age=31536000, immutable"


class NotKept(ValueError):
    """This is not the name of something that phones may get."""


def keep(content: bytes, suffix: str) -> str:
    """Keep the content and return its address. The same content is the same file, however often it comes."""
    if suffix not in TYPES:
        raise NotKept(f"A .{suffix} file is not for phones.")
    address = f"/f/{hashlib.sha256(content).hexdigest()[:DIGITS]}.{suffix}"
    path = path_of(address)
    # A cut in the power can leave an empty file behind a finished rename on some disks.
    if not (path.exists() and path.stat().st_size == len(content)):
        if suffix in SHRINK_ON_THE_WAY:
            put(_packed(path), gzip.compress(content, 9, mtime=0))
        put(path, content)
    return address


def path_of(address: str) -> Path:
    """Where the file of an address lies, whether it is there or not."""
    name = address.removeprefix("/f/")
    if not _NAME.fullmatch(name) or name.rpartition(".")[2] not in TYPES:
        raise NotKept(f"{address!r} is not an address of a file for phones.")
    return Path(settings.PUBLISHED_ROOT) / "f" / name[:2] / name


def holds(address: str) -> bool:
    """Whether the file of an address is here."""
    try:
        return path_of(address).is_file()
    except NotKept:
        return False


def open_file(address: str) -> BinaryIO:
    return path_of(address).open("rb")


def drop(address: str) -> None:
    """Remove a file, for the rare case that its content may no longer be given to anybody."""
    path = path_of(address)
    path.unlink(missing_ok=True)
    _packed(path).unlink(missing_ok=True)


def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """Answer for `/f/<name>`. Asks no database and knows nobody."""
    if request.method not in {"GET", "HEAD"}:
        return _plainly("This can only be read.", 405, Allow="GET, HEAD")
    try:
        path = path_of(name)
        suffix = path.suffix[1:]
        packed = _packed(path) if suffix in SHRINK_ON_THE_WAY and _takes_gzip(request) else None
        answer = _whole(request, path, suffix, packed)
    except (NotKept, OSError):
        return _plainly("There is nothing here.", 404)
    if suffix in SHRINK_ON_THE_WAY:
        answer["Vary"] = "Accept-Encoding"
    if suffix == "svg":  # a drawing that is opened as a page can do nothing
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def give(request: HttpRequest, content: bytes, suffix: str) -> HttpResponse:
    """Answer with what is not for everybody, or with the part that a player asks for. No cache keeps it."""
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    heads = {"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
    if not wanted:
        return _bytes(request, content, suffix, heads, status=200)
    span = _span(wanted, len(content))
    if span is None:
        return _plainly("There is less than that.", 416, **{"Content-Range": f"bytes */{len(content)}"})
    first, last = span
    heads["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return _bytes(request, content[first : last + 1], suffix, heads, status=206)


def put(path: Path, content: bytes) -> None:
    """Write a file: all of it or none of it, and on the disk before the name is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def _packed(path: Path) -> Path:
    return path.with_name(path.name + ".gz")


def _takes_gzip(request: HttpRequest) -> bool:
    for offer in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() in {"gzip", "*"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _whole(request: HttpRequest, path: Path, suffix: str, packed: Path | None) -> HttpResponseBase:
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if packed and not wanted and packed.is_file() and path.is_file():
        tag, from_disk, coding = f'"{path.stem}-gz"', packed, "gzip"
    else:
        tag, from_disk, coding = f'"{path.stem}"', path, ""
    size = from_disk.stat().st_size
    heads = {"Cache-Control": FOR_EVER, "ETag": tag, "Accept-Ranges": "bytes"}

    known = request.headers.get("If-None-Match", "").replace("W/", "").replace(" ", "").split(",")
    if tag in known:
        answer = HttpResponse(status=304, headers=heads)
        del answer["Content-Type"]
        return answer
    if wanted and request.headers.get("If-Range", tag) == tag:
        span = _span(wanted, size)
        if span is None:
            return _plainly("There is less than that.", 416, **{"Content-Range": f"bytes */{size}"})
        first, last = span
        heads["Content-Range"] = f"bytes {first}-{last}/{size}"
        return _part(request, from_disk, span, suffix, heads, status=206)
    if coding:
        heads["Content-Encoding"] = coding
    return _part(request, from_disk, (0, size - 1), suffix, heads, status=200)


def _part(
    request: HttpRequest,
    path: Path,
    span: tuple[int, int],
    suffix: str,
    heads: dict[str, str],
    *,
    status: int,
) -> HttpResponseBase:
    first, length = span[0], span[1] - span[0] + 1
    if length <= _AT_ONCE or request.method == "HEAD":
        return _bytes(request, b"".join(_read(path, first, length)), suffix, heads, status=status)
    answer = StreamingHttpResponse(
        _read(path, first, length), content_type=TYPES[suffix], headers=heads, status=status
    )
    answer["Content-Length"] = str(length)
    return answer


def _read(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (piece := file.read(min(length, _PIECE))):
            length -= len(piece)
            yield piece


def _span(wanted: re.Match[str], size: int) -> tuple[int, int] | None:
    """First and last byte of one range; None when no byte of it exists."""
    first, last = wanted.groups()
    if first:
        start, end = int(first), min(int(last or size), size - 1)
    elif last:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = 0, size - 1
    return (start, end) if start <= end else None


def _bytes(
    request: HttpRequest, content: bytes, suffix: str, heads: dict[str, str], *, status: int
) -> HttpResponse:
    body = b"" if request.method == "HEAD" else content
    answer = HttpResponse(body, content_type=TYPES[suffix], headers=heads, status=status)
    answer["Content-Length"] = str(len(content))
    return answer


def _plainly(sentence: str, status: int, **heads: str) -> HttpResponse:
    return HttpResponse(
        sentence, "text/plain; charset=utf-8", status=status, headers={"Cache-Control": "no-cache", **heads}
    )
