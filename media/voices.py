"""Which texts can be heard, and in which voices.

A text is named by a key that is the same in every language, so what is read in Urdu can be heard in
Punjabi. Whoever has texts registers them here; media itself knows no lesson.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from media.models import Recording

LONGEST_KEY = 200  # what Recording.text_key holds
QUESTION_PARTS = {"prompt", "reason", "hint"}


class NotAKey(ValueError):
    """No text has this name."""


@dataclass(frozen=True)
class Key:
    """What a text key says. Without `about` it is a sentence of the interface."""

    about: UUID | None
    part: str


@dataclass(frozen=True)
class Text:
    """One text as a trainer finds it in the list of voices."""

    key: str
    text: str
    where: str  # course and unit, in words
    language: str  # of `text`, which may be another than the voice


@dataclass(frozen=True)
class Sound:
    opus: str
    mp3: str
    ms: int
    made_by: str


Source = Callable[[str], Iterable[Text]]
_sources: list[Source] = []


# ── Names ────────────────────────────────────────────────────────────────────────────────────────────────
def sentence(msgid: str) -> str:
    """The key of a sentence of the interface: itself, or its beginning and digest when it is long."""
    key = f"ui:{msgid}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 18]}…#{sha256(msgid.encode()).hexdigest()[:16]}"


def title(page: UUID | str) -> str:
    return f"{UUID(str(page))}:title"


def goal(page: UUID | str) -> str:
    """The key of what a lesson is for."""
    return f"{UUID(str(page))}:goal"


def block(page: UUID | str, block_id: str) -> str:
    """The key of what one screen of a lesson says: its title and its sentences."""
    return f"{UUID(str(page))}:{block_id}"


def question(asked: UUID | str, part: str) -> str:
    """The key of a prompt, reason or hint, or of the answer whose block id is `part`."""
    return f"{UUID(str(asked))}:{part}"


def note(about: UUID | str) -> str:
    """The key of what is said of one district."""
    return f"{UUID(str(about))}:note"


def parse(key: str) -> Key:
    """What a key names. Raises NotAKey for anything else."""
    about, colon, part = key.partition(":")
    if not colon or not part or len(key) > LONGEST_KEY:
        raise NotAKey(f"{key!r} names no text.")
    if about == "ui":
        return Key(None, part)
    try:
        return Key(UUID(about), part)
    except ValueError:
        raise NotAKey(f"{key!r} names no text.") from None


# ── What there is to say ─────────────────────────────────────────────────────────────────────────────────
def register_texts(source: Source) -> Source:
    """Add a source of texts: a callable that takes a voice and gives every Text that voice could read."""
    if source not in _sources:
        _sources.append(source)
    return source


def texts(voice: str) -> list[Text]:
    """Every text there is for a voice, once, in the order of the sources."""
    return list({text.key: text for source in _sources for text in source(voice)}.values())


@dataclass(frozen=True)
class Line:
    """One text in a trainer's list, and how it stands in one voice."""

    text: Text
    recording: Recording | None

    @property
    def standing(self) -> str:
        """missing, coming, failed, stale, machine or ready: what a trainer would do first comes first."""
        if self.recording is None:
            return "missing"
        state = self.recording.state
        if state in {Recording.State.WAITING, Recording.State.CONVERTING}:
            return "coming"
        if state == Recording.State.FAILED:
            return "failed"
        if stale(self.recording, self.text.text):
            return "stale"
        return "machine" if self.recording.made_by == Recording.MadeBy.MACHINE else "ready"


def lines(voice: str) -> list[Line]:
    """Every text a voice could read, with its recording."""
    recordings = {recording.text_key: recording for recording in Recording.objects.filter(voice=voice)}
    return [Line(text, recordings.get(text.key)) for text in texts(voice)]


def line(voice: str, key: str) -> Line | None:
    """One text of a voice, or None if nothing says it any more."""
    return next((line for line in lines(voice) if line.text.key == key), None)


# ── What can be heard ────────────────────────────────────────────────────────────────────────────────────
def sounds(keys: Iterable[str]) -> dict[str, dict[str, Sound]]:
    """Voice → text key → what a phone can play. One query, and only what is ready."""
    return _by_voice(Recording.objects.filter(text_key__in=set(keys)))


def _by_voice(recordings: QuerySet[Recording]) -> dict[str, dict[str, Sound]]:
    found: dict[str, dict[str, Sound]] = {}
    for recording in recordings.filter(state=Recording.State.READY).order_by("voice", "text_key"):
        found.setdefault(recording.voice, {})[recording.text_key] = Sound(
            recording.opus, recording.mp3, recording.milliseconds, recording.made_by
        )
    return found


def sounds_of_the_interface() -> dict[str, dict[str, Sound]]:
    """All that is ready of what no lesson owns. One query."""
    return _by_voice(Recording.objects.filter(text_key__startswith="ui:"))


def table(heard: dict[str, Sound]) -> bytes:
    """What `<link rel="sounds">` points to, for one voice: key → [opus, mp3, ms], and 1 if by a machine."""
    rows = {
        key: [sound.opus, sound.mp3, sound.ms, *([1] if sound.made_by == Recording.MadeBy.MACHINE else [])]
        for key, sound in sorted(heard.items())
    }
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def stale(recording: Recording, text: str) -> bool:
    """Whether the text has moved on since it was read aloud.

    A Punjabi recording is compared with the Urdu that its speaker saw, for its own words never equal it.
    """
    return _plain(recording.read_from or recording.transcript) != _plain(text)


def _plain(text: str) -> str:
    """Spaces and ways of writing one letter are not heard."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
