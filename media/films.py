"""A film made small: for a line that costs money, with its sound alone, and a picture of it to begin with.

As with recordings, the row is the queue: a task may come twice, or never, and `catch_up` sees to the rest.
"""

import contextlib
import functools
import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError
from PIL import Image

from media import files, shrink, sound
from media.models import Film
from media.signals import seen_differently
from media.sound import NoFfmpeg, NotConverted

logger = logging.getLogger("hamrah.media")

LONGEST = timedelta(minutes=10)
PATIENCE = 30 * 60  # seconds for one run of ffmpeg
FORGOTTEN = timedelta(minutes=2)  # a worker gives a sign at least every few seconds
MOST_TRIES = 3  # a film that kills every worker is not tried for ever
SUFFIXES = {"mp4", "m4v", "mov", "webm", "mkv", "3gp", "avi"}
POSTER_WIDTH = 480
SMALL, SHARP = 240, 480  # the shorter edge: a phone may have been held upright
SHARP_NEEDS = 360

NO_FFMPEG = gettext_noop("The film is kept, but this machine has no ffmpeg to make it small.")
NO_FILM = gettext_noop("We find no film in this file. Please save it as MP4, and choose it again.")
TOO_LONG = gettext_noop("This film is longer than ten minutes. Please cut it, or show it in parts.")
NOT_NOW = gettext_noop("The film is kept, but it could not be made small. Please choose it once more.")

# Playlists and lists of files are "formats" too, and could read what is not theirs.
_ONLY_FILMS = ["-protocol_whitelist", "file", "-format_whitelist", "matroska,webm,mov,mp4,m4a,3gp,avi"]
_SANE = ["-max_pixels", "9000000"]  # a little more than 4K
# No place, no date, no phone's name: neither for the film nor for its parts.
_BARE = ["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"]
_BARE += ["-flags:v", "+bitexact", "-flags:a", "+bitexact"]
_VIDEO = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-fpsmax", "25", "-g", "100"]
_FOR_SMALL = [*_VIDEO, "-profile:v", "baseline", "-crf", "27", "-maxrate", "165k", "-bufsize", "330k"]
_FOR_SHARP = [*_VIDEO, "-profile:v", "main", "-crf", "26", "-maxrate", "550k", "-bufsize", "1100k"]
_AAC = ["-c:a", "aac", "-b:a", "32k", "-ar", "32000"]
_MP4 = ["-movflags", "+faststart", "-f", "mp4"]
_OPUS = ["-c:a", "libopus", "-b:a", "24k", "-application", "voip"]
_MP3 = ["-c:a", "libmp3lame", "-b:a", "40k", "-ar", "24000"]


@dataclass(frozen=True)
class Found:
    """What is in a file, without unpacking it."""

    seconds: float
    shorter_edge: int
    has_sound: bool


@dataclass(frozen=True)
class Small:
    """What phones get of a film, by the names of `Film.copy`."""

    contents: Mapping[str, bytes]
    width: int
    height: int
    milliseconds: int


# ── From the trainer ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def take(film: Film, *, replaces: str = "", now: datetime) -> None:
    """Keep a film that has a new original, and have it made small. Nothing of the one before stays."""
    _clear(film, replaces)
    film.state, film.state_at, film.tries = Film.State.WAITING, now, 0
    film.copies, film.percent, film.milliseconds, film.trouble = {}, 0, 0, ""
    film.save()
    transaction.on_commit(functools.partial(_queue, film.pk))


def forget(film: Film) -> None:
    """A film belongs to those who are in it: once its row is gone, nothing of it stays."""
    _clear(film, film.original.name or "")


def suffix_of(name: str) -> str | None:
    """The ending of a film's name, or None if no camera writes such files."""
    suffix = name.rpartition(".")[2].lower()
    return suffix if suffix in SUFFIXES else None


# ── The worker ───────────────────────────────────────────────────────────────────────────────────────────
def convert(pk: int) -> None:
    """Make one waiting film small. Whoever comes second finds nothing to do."""
    film = Film.objects.filter(pk=pk).first()
    mine = Film.objects.filter(pk=pk, state=Film.State.WAITING)
    if not film or not mine.update(
        state=Film.State.CONVERTING, percent=0, tries=film.tries + 1, state_at=timezone.now()
    ):
        return
    try:
        with _local_copy(film) as source:
            small = make_small(source, told=functools.partial(_tell, film))
        copies = {name: keep(name, content) for name, content in small.contents.items()}
    except NotConverted as why:
        _finish(film, state=Film.State.FAILED, trouble=str(why), percent=0)
    except Exception:
        logger.exception("Film %s could not be made small", pk)
        _finish(film, state=Film.State.FAILED, trouble=NOT_NOW, percent=0)
    else:
        size = {"width": small.width, "height": small.height, "milliseconds": small.milliseconds}
        _finish(film, state=Film.State.READY, copies=copies, percent=100, **size)


def catch_up(now: datetime) -> int:
    """Queue again what a lost task or a dead worker left behind. Says how many."""
    unfinished = _unfinished().filter(state_at__lt=now - FORGOTTEN)
    for film in unfinished.filter(tries__gte=MOST_TRIES):
        _finish(film, state=Film.State.FAILED, trouble=NOT_NOW, percent=0)
    left = set(unfinished.values_list("pk", flat=True))
    if sound.has_ffmpeg():
        left |= set(
            Film.objects.filter(state=Film.State.FAILED, trouble=NO_FFMPEG).values_list("pk", flat=True)
        )
    for pk in sorted(left):
        Film.objects.filter(pk=pk).update(state=Film.State.WAITING, state_at=now, trouble="")
        transaction.on_commit(functools.partial(_queue, pk))
    return len(left)


def keep(name: str, content: bytes) -> tuple[str, int]:
    """Address and bytes of one copy, which is also kept where nobody empties folders."""
    suffix = {"small": "mp4", "sharp": "mp4"}.get(name, name)
    address = files.keep(content, suffix)
    if not default_storage.exists(_durable(address)):
        default_storage.save(_durable(address), ContentFile(content))
    return address, len(content)


def refill(film: Film) -> int:
    """Put what phones get of a film back where they get it from; say how many files that were."""
    lost = [address for address, _size in film.copies.values() if not files.holds(address)]
    for address in lost:
        with default_storage.open(_durable(address)) as file:
            files.keep(file.read(), address.rpartition(".")[2])
    return len(lost)


# ── ffmpeg ───────────────────────────────────────────────────────────────────────────────────────────────
def make_small(source: Path, *, told: Callable[[int], None] = lambda percent: None) -> Small:
    """The film for phones, sharper where it can be, its sound alone, and a frame to show before it plays."""
    ffmpeg = _find_ffmpeg()
    told(1)
    found = look(ffmpeg, source)
    told(5)
    poster = _poster(ffmpeg, source, found.seconds)
    with tempfile.TemporaryDirectory(prefix="hamrah-film-") as folder:
        _run(
            _order(ffmpeg, source, found, Path(folder)),
            told=lambda done: told(5 + int(94 * min(done / found.seconds, 1))),
        )
        contents = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    contents |= {"webp": poster.webp, "jpeg": poster.jpeg}
    return Small(contents, poster.width, poster.height, round(found.seconds * 1000))


def look(ffmpeg: str, source: Path) -> Found:
    """Read all packets once, without unpacking them: how long it is, and what is in it."""
    order = [*_quietly(ffmpeg, "info", source), "-map", "0:V:0", "-map", "0:a:0?", "-c", "copy"]
    seconds, said = _run([*order, "-f", "null", "-"])
    size = re.search(r"^\s*Stream #0:\d+.*?: Video: .*?, (\d{2,5})x(\d{2,5})\b", said, re.MULTILINE)
    if seconds <= 0 or not size:
        raise NotConverted(NO_FILM)
    if seconds > LONGEST.total_seconds() + 1:
        raise NotConverted(TOO_LONG)
    has_sound = bool(re.search(r"^\s*Stream #0:\d+.*?: Audio: ", said, re.MULTILINE))
    return Found(seconds, min(int(edge) for edge in size.groups()), has_sound)


def _order(ffmpeg: str, source: Path, found: Found, folder: Path) -> list[str]:
    """All copies in one run: unpacking is the longest part of the work."""
    films = {"small": _FOR_SMALL} | ({"sharp": _FOR_SHARP} if found.shorter_edge >= SHARP_NEEDS else {})
    sounds = {"opus": _OPUS, "mp3": _MP3} if found.has_sound else {}
    order = [*_quietly(ffmpeg, "error", source), "-filter_complex", _chain(films, sounds, found.seconds)]
    for name, options in films.items():
        heard = ["-map", f"[a_{name}]", *_AAC] if sounds else []
        order += ["-map", f"[{name}]", *heard, *_BARE, *options, *_MP4, str(folder / name)]
    for name, options in sounds.items():
        order += ["-map", f"[{name}]", *_BARE, *options, "-f", name, str(folder / name)]
    return order


def _chain(films: Mapping[str, object], sounds: Mapping[str, object], seconds: float) -> str:
    parts = [f"[0:V:0]split={len(films)}" + "".join(f"[v_{name}]" for name in films)]
    parts += [f"[v_{name}]{_scaled({'small': SMALL, 'sharp': SHARP}[name])}[{name}]" for name in films]
    if sounds:
        level = "loudnorm=I=-18:TP=-2:LRA=11," if seconds >= sound.LOUDNORM_NEEDS else ""
        ends = [*(f"[a_{name}]" for name in films), *(f"[{name}]" for name in sounds)]
        shape = f"aresample=48000,aformat=channel_layouts=mono,asplit={len(ends)}"
        parts.append(f"[0:a:0]{level}{shape}{''.join(ends)}")
    return ";".join(parts)


def _scaled(edge: int) -> str:
    """The shorter edge at most this long, both even, as H.264 wants them."""
    wide = f"if(gte(iw,ih),-2,min({edge},trunc(iw/2)*2))"
    high = f"if(gte(iw,ih),min({edge},trunc(ih/2)*2),-2)"
    return f"scale=w='{wide}':h='{high}'"


def _poster(ffmpeg: str, source: Path, seconds: float) -> shrink.Fitted:
    """A frame after the beginning, which is often dark; the first one where there is none later."""
    with tempfile.TemporaryDirectory(prefix="hamrah-poster-") as folder:
        frame = Path(folder, "frame.png")
        for at in (min(max(1.0, seconds / 10), seconds / 2), 0):
            order = [*_quietly(ffmpeg, "error", source, at=at), "-map", "0:V:0", "-frames:v", "1"]
            _run([*order, "-c:v", "png", "-f", "image2", "-update", "1", str(frame)])
            if frame.exists():
                break
        else:
            raise NotConverted(NO_FILM)
        with Image.open(frame, formats=["PNG"]) as image:
            return shrink.fit_image(image.convert("RGB"), POSTER_WIDTH)


def _quietly(ffmpeg: str, level: str, source: Path, *, at: float = 0) -> list[str]:
    order = [ffmpeg, "-nostdin", "-hide_banner", "-v", level, "-y", "-progress", "pipe:1"]
    order += ["-stats_period", "0.25", *_ONLY_FILMS, *_SANE]
    order += ["-ss", f"{at:.3f}"] if at else []
    return [*order, "-t", str(LONGEST.total_seconds() + 2), "-i", str(source)]


def _run(order: list[str], *, told: Callable[[float], None] = lambda seconds: None) -> tuple[float, str]:
    try:
        return sound.run(order, told=told, patience=PATIENCE)
    except NotConverted:
        raise NotConverted(NO_FILM) from None


def _find_ffmpeg() -> str:
    try:
        return sound.find_ffmpeg()
    except NoFfmpeg:
        raise NoFfmpeg(NO_FFMPEG) from None


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────
def _queue(pk: int) -> None:
    from media import tasks  # tasks call this module

    try:
        tasks.convert_film.apply_async((pk,), retry=False)
    except (OperationalError, OSError):
        logger.warning("Film %s could not be queued; the next tick will find it", pk)


def _tell(film: Film, percent: int) -> None:
    """A sign of life, when there is something new to say."""
    if percent > film.percent:
        film.percent = percent
        _same_film(film).update(percent=percent, state_at=timezone.now())


def _finish(film: Film, **found: object) -> None:
    """Write the result, unless somebody has chosen another film meanwhile."""
    with transaction.atomic():
        if _same_film(film).update(state_at=timezone.now(), **found):
            transaction.on_commit(functools.partial(seen_differently.send, Film, film=film))


def _unfinished() -> QuerySet[Film]:
    return Film.objects.filter(state__in=[Film.State.WAITING, Film.State.CONVERTING])


def _same_film(film: Film) -> QuerySet[Film]:
    return _unfinished().filter(pk=film.pk, original=film.original.name)


def _clear(film: Film, original: str) -> None:
    """Once it is sure, remove an original and all copies that no other film shows."""
    others = Film.objects.exclude(pk=film.pk).values_list("copies", flat=True)
    shared = {address for copies in others for address, _size in copies.values()}
    alone = [address for address, _size in film.copies.values() if address not in shared]

    def clear() -> None:
        if original:
            default_storage.delete(original)
        for address in alone:
            default_storage.delete(_durable(address))
            files.drop(address)

    transaction.on_commit(clear)


@contextlib.contextmanager
def _local_copy(film: Film) -> Generator[Path]:
    """A file that ffmpeg can open, wherever uploads are stored."""
    name = film.original.name or ""
    with tempfile.NamedTemporaryFile(suffix=f".{suffix_of(name) or 'bin'}") as copy:
        with film.original.storage.open(name) as original:
            shutil.copyfileobj(original, copy)
        copy.flush()
        yield Path(copy.name)


def _durable(address: str) -> str:
    return f"films/{address.rpartition('/')[2]}"
