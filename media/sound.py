"""A recording made small: from whatever a phone or a browser recorded to Opus and MP3.

The row is the queue. A task may come twice, or never; `catch_up` sees to those that were forgotten.
"""

import contextlib
import functools
import importlib
import logging
import re
import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from media import files
from media.models import Recording
from media.signals import heard_differently

logger = logging.getLogger("hamrah.media")

LONGEST = timedelta(minutes=5)
SHORTEST = timedelta(seconds=0.3)
LOUDNORM_NEEDS = 3.5  # seconds
FORGOTTEN = timedelta(minutes=2)  # a worker gives a sign at least every few seconds
HOPELESS = timedelta(hours=1)  # a file that kills every worker is not tried for ever
PATIENCE = 240  # seconds for one run of ffmpeg

# What recorders of phones and browsers write. The playable ones need no ffmpeg to be heard.
SUFFIXES = {"webm", "ogg", "opus", "mp3", "m4a", "mp4", "aac", "wav", "flac", "3gp", "amr"}
PLAYABLE = {"webm": "opus", "ogg": "opus", "opus": "opus", "mp3": "mp3", "m4a": "mp3"}
# Playlists and lists of files are "formats" too, and could read what is not theirs.
_FORMATS = "matroska,webm,ogg,mp3,mov,mp4,m4a,3gp,aac,wav,flac,amr"
_ONLY_SOUND = ["-protocol_whitelist", "file", "-format_whitelist", _FORMATS]
_QUIET = "-50dB"
_BEFORE, _AFTER = 0.15, 0.3  # seconds of silence that stay, so that nothing begins or ends like a cut

NO_FFMPEG = gettext_noop("The recording is kept, but this machine has no ffmpeg to make it small.")
NOT_A_SOUND = gettext_noop("We cannot hear this file. Please record it again, or save it as MP3.")
NOTHING_HEARD = gettext_noop("We hear nothing in this recording. Please check the microphone and try again.")
TOO_LONG = gettext_noop("This recording is longer than five minutes. Please say it in parts.")
NOT_NOW = gettext_noop("The recording is kept, but it could not be made small. Please try again.")


class NotConverted(Exception):
    """The sentence is for the trainer, untranslated; it is translated where it is shown."""


class TooLong(NotConverted):
    """It goes on for longer than it may."""


class NoFfmpeg(NotConverted):
    """There is no ffmpeg on this machine, neither installed nor as the extra `media`."""


@dataclass(frozen=True)
class Heard:
    """What the decoder found, in seconds: where speech begins and ends."""

    start: float
    end: float


@dataclass(frozen=True)
class Small:
    opus: bytes
    mp3: bytes
    milliseconds: int


# ── From the trainer ─────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def take(
    text_key: str,
    voice: str,
    *,
    upload: UploadedFile | None,
    transcript: str,
    read_from: str,
    now: datetime,
    made_by: str = Recording.MadeBy.PERSON,
) -> Recording:
    """Keep a take in place of the last one, and have it made small. Without an upload only words change."""
    recording = Recording.objects.select_for_update().filter(text_key=text_key, voice=voice).first()
    if recording is None:
        recording = Recording(text_key=text_key, voice=voice)
    recording.transcript, recording.read_from = transcript, read_from
    if upload is not None:
        _replace_original(recording, upload)
        recording.made_by = made_by
        recording.state, recording.state_at = Recording.State.WAITING, now
        recording.percent, recording.milliseconds, recording.trouble = 0, 0, ""
        recording.opus = recording.mp3 = ""
    recording.save()
    if upload is not None:
        transaction.on_commit(functools.partial(_queue, recording.pk))
    return recording


@transaction.atomic
def try_again(recording: Recording, *, now: datetime) -> None:
    """Have what was kept as it came made small after all."""
    again = Recording.objects.filter(pk=recording.pk, state=Recording.State.FAILED).exclude(original="")
    if again.update(state=Recording.State.WAITING, state_at=now, percent=0, trouble=""):
        transaction.on_commit(functools.partial(_queue, recording.pk))


def forget(recording: Recording) -> None:
    """A voice belongs to the one who lent it: nothing of it stays, here or for phones to fetch."""
    key, voice, original = recording.text_key, recording.voice, recording.original.name
    addresses = [address for address in (recording.opus, recording.mp3) if address]
    recording.delete()

    def clear() -> None:
        if original:
            default_storage.delete(original)
        for address in addresses:
            default_storage.delete(_durable(address))
            files.drop(address)
        heard_differently.send(Recording, text_key=key, voice=voice)

    transaction.on_commit(clear)


def check(upload: UploadedFile, *, longest: timedelta, patience: float) -> None:
    """Raise NotConverted if this cannot be heard or is too long, while whoever sent it is still here.

    Nothing is kept. Without an ffmpeg everything passes.
    """
    with tempfile.NamedTemporaryFile(suffix=f".{suffix_of(upload.name or '') or 'bin'}") as copy:
        upload.seek(0)
        shutil.copyfileobj(upload, copy)
        upload.seek(0)
        copy.flush()
        with contextlib.suppress(NoFfmpeg):
            listen(find_ffmpeg(), Path(copy.name), longest=longest, patience=patience)


def suffix_of(name: str) -> str | None:
    """The ending of a sound file's name, or None if no recorder writes such files."""
    suffix = name.rpartition(".")[2].lower()
    return suffix if suffix in SUFFIXES else None


# ── The worker ───────────────────────────────────────────────────────────────────────────────────────────
def convert(pk: int) -> None:
    """Make one waiting recording small. Whoever comes second finds nothing to do."""
    mine = Recording.objects.filter(pk=pk, state=Recording.State.WAITING)
    if not mine.update(state=Recording.State.CONVERTING, percent=0, state_at=timezone.now()):
        return
    recording = Recording.objects.get(pk=pk)
    try:
        with _local_copy(recording) as source:
            small = make_small(source, told=functools.partial(_tell, recording))
        opus, mp3 = keep(small)
    except NotConverted as why:
        _keep_as_it_came(recording, str(why))
    except Exception:
        logger.exception("Recording %s could not be made small", pk)
        _keep_as_it_came(recording, NOT_NOW)
    else:
        _finish(
            recording,
            state=Recording.State.READY,
            opus=opus,
            mp3=mp3,
            milliseconds=small.milliseconds,
            percent=100,
        )


def catch_up(now: datetime) -> int:
    """Queue again what a lost task or a dead worker left behind. Says how many."""
    unfinished = Recording.objects.filter(
        state__in=[Recording.State.WAITING, Recording.State.CONVERTING], state_at__lt=now - FORGOTTEN
    )
    for recording in unfinished.filter(made_at__lt=now - HOPELESS):
        _keep_as_it_came(recording, NOT_NOW)
    left = set(unfinished.values_list("pk", flat=True))
    if has_ffmpeg():
        kept = Recording.objects.filter(state=Recording.State.FAILED, trouble=NO_FFMPEG).exclude(original="")
        left |= set(kept.values_list("pk", flat=True))
    for pk in sorted(left):
        Recording.objects.filter(pk=pk).update(state=Recording.State.WAITING, state_at=now, trouble="")
        transaction.on_commit(functools.partial(_queue, pk))
    return len(left)


def refill(recording: Recording) -> None:
    """Put what phones get of a recording back where they get it from."""
    for address in (recording.opus, recording.mp3):
        if address and not files.holds(address):
            durable = _durable(address)
            name = durable if default_storage.exists(durable) else recording.original.name or ""
            with default_storage.open(name) as file:
                files.keep(file.read(), address.rpartition(".")[2])


def keep(small: Small) -> tuple[str, str]:
    """Addresses of the small copies, which are also kept where nobody empties folders."""
    found = []
    for content, suffix in ((small.opus, "opus"), (small.mp3, "mp3")):
        if not content:  # a machine's voice comes as Opus alone
            found.append("")
            continue
        address = files.keep(content, suffix)
        if not default_storage.exists(_durable(address)):
            default_storage.save(_durable(address), ContentFile(content))
        found.append(address)
    return found[0], found[1]


# ── ffmpeg ───────────────────────────────────────────────────────────────────────────────────────────────
def small_of(kept: FieldFile, *, longest: timedelta = LONGEST) -> Small:
    """A file that is kept, made small, wherever it is kept."""
    with (
        tempfile.NamedTemporaryFile(suffix=Path(kept.name or "").suffix) as copy,
        kept.storage.open(kept.name or "") as voice,
    ):
        for piece in voice.chunks():
            copy.write(piece)
        copy.flush()
        return make_small(Path(copy.name), longest=longest)


def make_small(
    source: Path, *, longest: timedelta = LONGEST, told: Callable[[int], None] = lambda percent: None
) -> Small:
    """Speech without the silence around it, as loud as all others, as Opus and as MP3."""
    ffmpeg = find_ffmpeg()
    told(1)
    heard = listen(ffmpeg, source, longest=longest)
    told(15)
    length = heard.end - heard.start
    # loudnorm makes what is shorter than three seconds nearly silent: a short text is said again and cut off.
    again = int(LOUDNORM_NEEDS / length)
    chain = (
        f"[0:a:0]atrim=start={heard.start:.3f}:end={heard.end:.3f},asetpts=PTS-STARTPTS,"
        f"aloop=loop={again}:size=1000000,loudnorm=I=-18:TP=-2:LRA=11,atrim=end={length:.3f},"
        "aresample=48000,aformat=channel_layouts=mono,asplit[opus][mp3]"
    )
    # No date, no encoder's name, no chance: the same take gives the same bytes.
    bare = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    with tempfile.TemporaryDirectory(prefix="hamrah-sound-") as folder:
        opus, mp3 = Path(folder, "small.opus"), Path(folder, "small.mp3")
        order = [ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-y"]
        order += ["-progress", "pipe:1", "-stats_period", "0.25"]
        order += [*_ONLY_SOUND, "-i", str(source), "-filter_complex", chain]
        order += ["-map", "[opus]", *bare, "-c:a", "libopus", "-b:a", "24k", "-application", "voip"]
        order += [
            str(opus),
            "-map",
            "[mp3]",
            *bare,
            "-c:a",
            "libmp3lame",
            "-b:a",
            "40k",
            "-ar",
            "24000",
            str(mp3),
        ]
        seconds, _said = run(order, told=lambda done: told(15 + int(84 * min(done / length, 1))))
        return Small(opus.read_bytes(), mp3.read_bytes(), round((seconds or length) * 1000))


def listen(ffmpeg: str, source: Path, *, longest: timedelta = LONGEST, patience: float = PATIENCE) -> Heard:
    """Decode all of it once: how long it is, and where in it somebody speaks. Trusts no header."""
    order = [ffmpeg, "-nostdin", "-hide_banner", "-v", "info", "-progress", "pipe:1", *_ONLY_SOUND]
    order += ["-t", str(longest.total_seconds() + 2), "-i", str(source), "-map", "0:a:0"]
    order += ["-af", f"silencedetect=noise={_QUIET}:duration=0.3", "-f", "null", "-"]
    length, said = run(order, patience=patience)
    if length > longest.total_seconds() + 1:
        raise TooLong(TOO_LONG)
    if length <= 0:
        raise NotConverted(NOT_A_SOUND)
    return _speech(said, length)


def find_ffmpeg() -> str:
    """An ffmpeg that is installed, or the one of the extra `media`."""
    if found := shutil.which("ffmpeg"):
        return found
    try:
        return importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise NoFfmpeg(NO_FFMPEG) from None


def has_ffmpeg() -> bool:
    """Whether this machine can make anything small."""
    with contextlib.suppress(NoFfmpeg):
        return bool(find_ffmpeg())
    return False


def run(
    order: list[str], *, told: Callable[[float], None] = lambda seconds: None, patience: float = PATIENCE
) -> tuple[float, str]:
    """Run ffmpeg to its end; say how many seconds of sound came out, and what it wrote."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said,
        subprocess.Popen(
            order, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True
        ) as running,
    ):
        alarm = threading.Timer(patience, running.kill)
        alarm.start()
        try:
            seconds = _follow(running, told)
            ended = running.wait()
        finally:
            alarm.cancel()
            running.kill()
        said.seek(0)
        words = said.read()
    if ended != 0:
        logger.warning("ffmpeg ended with %s: %s", ended, words.strip()[-300:].replace("\n", " / "))
        raise NotConverted(NOT_A_SOUND)
    return seconds, words


def _follow(running: subprocess.Popen[str], told: Callable[[float], None]) -> float:
    seconds = 0.0
    for line in running.stdout or ():
        name, _equals, value = line.strip().partition("=")
        if name == "out_time_us" and value.lstrip("-").isdigit():  # N/A before the first packet
            seconds = max(seconds, int(value) / 1e6)
            told(seconds)
    return seconds


def _speech(said: str, length: float) -> Heard:
    """Begin after a silence that stands at the beginning, end before one that lasts to the end."""
    silences = [
        (max(float(start), 0.0), float(end or length))
        for start, end in re.findall(
            r"silence_start: (-?[\d.]+)(?:(?:(?!silence_start)[\s\S])*?silence_end: ([\d.]+))?", said
        )
    ]
    start, end = 0.0, length
    if silences and silences[0][0] < 0.05:
        start = silences[0][1]
    if silences and silences[-1][1] > length - 0.1:
        end = silences[-1][0]
    if end - start < SHORTEST.total_seconds():
        raise NotConverted(NOTHING_HEARD)
    return Heard(max(start - _BEFORE, 0.0), min(end + _AFTER, length))


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────
def _queue(pk: int) -> None:
    from media import tasks  # tasks call this module

    try:
        tasks.convert.apply_async((pk,), retry=False)
    except (OperationalError, OSError):
        logger.warning("Recording %s could not be queued; the next tick will find it", pk)


def _replace_original(recording: Recording, upload: UploadedFile) -> None:
    old = recording.original.name
    recording.original.save(f"{uuid.uuid4().hex}.{suffix_of(upload.name or '') or 'ogg'}", upload, save=False)
    if old:
        transaction.on_commit(functools.partial(default_storage.delete, old))


def _tell(recording: Recording, percent: int) -> None:
    """A sign of life, when there is something new to say."""
    if percent >= recording.percent + 4 or percent in {1, 15}:
        recording.percent = percent
        _same_take(recording).update(percent=percent, state_at=timezone.now())


def _keep_as_it_came(recording: Recording, sentence: str) -> None:
    """The original stays; if a browser can play it as it is, the trainer can at least listen."""
    addresses = {}
    name = recording.original.name or ""
    suffix = suffix_of(name)
    if suffix in PLAYABLE and sentence in {NO_FFMPEG, NOT_NOW}:
        with contextlib.suppress(OSError), recording.original.storage.open(name) as file:
            addresses = {PLAYABLE[suffix]: files.keep(file.read(), suffix)}
    _finish(recording, state=Recording.State.FAILED, trouble=sentence, percent=0, **addresses)


def _finish(recording: Recording, **found: object) -> None:
    """Write the result, unless somebody has recorded it anew meanwhile."""
    with transaction.atomic():
        if not _same_take(recording).update(state_at=timezone.now(), **found):
            return
        if found["state"] == Recording.State.READY:
            transaction.on_commit(
                functools.partial(
                    heard_differently.send, Recording, text_key=recording.text_key, voice=recording.voice
                )
            )


def _same_take(recording: Recording):
    unfinished = [Recording.State.WAITING, Recording.State.CONVERTING]
    return Recording.objects.filter(pk=recording.pk, original=recording.original.name, state__in=unfinished)


@contextlib.contextmanager
def _local_copy(recording: Recording):
    """A file that ffmpeg can open, wherever uploads are stored."""
    with tempfile.NamedTemporaryFile(suffix=f".{suffix_of(recording.original.name or '') or 'bin'}") as copy:
        with recording.original.storage.open(recording.original.name or "") as original:
            shutil.copyfileobj(original, copy)
        copy.flush()
        yield Path(copy.name)


def _durable(address: str) -> str:
    return f"recordings/{address.rpartition('/')[2]}"
