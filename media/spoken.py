"""Voice notes that people leave: looked into at once, made small by the worker, never a file for everybody.

A row that holds one has `voice`, `sound`, `seconds`, `trouble` and `at`. The row is the queue.
"""

import functools
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from media import files, sound

logger = logging.getLogger("hamrah.media")

Row = type[models.Model]
PATIENCE = 10.0  # seconds to look into one voice note while somebody waits
LARGEST_MB = 5
FORGOTTEN = timedelta(minutes=2)

NOT_A_SOUND = gettext_lazy("We cannot hear this file. Please record it again.")


class Sound(models.TextChoices):
    """How far a voice note is."""

    NONE = "none"
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class SpokenField(forms.FileField):
    """Small enough, short enough, and something to hear. The sentences say what is the matter otherwise."""

    def __init__(
        self, *, longest: timedelta, too_long: Promise | str, too_large: Promise | str, **more: Any
    ) -> None:
        super().__init__(error_messages={"empty": NOT_A_SOUND}, **more)
        self.longest, self.too_long, self.too_large = longest, too_long, too_large

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        """The file, or nothing where nothing was given."""
        given = super().clean(data, initial)
        if not given:
            return None
        if given.size > LARGEST_MB * 1024 * 1024:
            raise ValidationError(str(self.too_large))
        if sound.suffix_of(given.name) is None:
            raise ValidationError(NOT_A_SOUND)
        try:
            sound.check(given, longest=self.longest, patience=PATIENCE)
        except sound.TooLong:
            raise ValidationError(str(self.too_long)) from None
        except sound.NotConverted as why:
            raise ValidationError(gettext(str(why))) from None
        return given


def words(longest: timedelta) -> dict[str, str | int]:
    """What a page says while somebody speaks; the script itself knows no language."""
    return {
        "longest": int(longest.total_seconds()),
        "ask": gettext("Please let this page use the microphone."),
        "refused": gettext("The microphone is closed to this page. You can write instead."),
        "soon": gettext("Speak in %(seconds)s …"),
        "speak": gettext("Speak now."),
        "quiet": gettext("We hear nothing. Is the microphone on?"),
        "taken": gettext("Recorded. Listen to it, then send it."),
        "sending": gettext("Sending …"),
        "unsent": gettext("It was not sent. What you said is still on this page: please try again."),
    }


def endings() -> str:
    """Which files somebody may choose, as a field for files wants it."""
    return ",".join(f".{suffix}" for suffix in sorted(sound.SUFFIXES))


def name_for(stem: str, upload: UploadedFile) -> str:
    """What the file of a voice note is called."""
    return f"{stem}.{sound.suffix_of(upload.name or '') or 'ogg'}"


def can_be_played(voice: FieldFile) -> bool:
    """Does a browser play it as it is?"""
    return bool(voice) and _suffix(voice) in files.TYPES


def give(request: HttpRequest, voice: FieldFile) -> HttpResponse:
    """The sound for who may hear it, or the part that a player asks for. No cache keeps it."""
    if not can_be_played(voice):
        raise Http404  # it came as what no browser plays, and nobody made it small
    try:
        with voice.storage.open(voice.name or "") as file:
            return files.give(request, file.read(), _suffix(voice))
    except FileNotFoundError:
        raise Http404 from None


# ── In the worker ────────────────────────────────────────────────────────────────────────────────────────


def make_small(model: Row, pk: object) -> None:
    """Put speech without silence, small and as loud as all others, in place of what came. Twice is once."""
    row = _waiting(model).filter(pk=pk).first()
    if not row:
        return
    try:
        small = sound.small_of(row.voice)
    except sound.NotConverted as why:
        _keep_as_it_came(row, str(why))
    except Exception:
        logger.exception("The voice note of %s %s could not be made small", model._meta.label, pk)
        _keep_as_it_came(row, sound.NOT_NOW)
    else:
        _exchange(row, small)


def catch_up(model: Row, queue: Callable[[Any], None], *, now: datetime) -> int:
    """Queue again what a lost task left behind. Says how many."""
    left = list(_waiting(model).filter(at__lt=now - FORGOTTEN).values_list("pk", flat=True))
    for pk in left:
        queue(pk)
    return len(left)


def _waiting(model: Row) -> models.QuerySet:
    return model._base_manager.filter(sound=Sound.WAITING)


def _keep_as_it_came(row: Any, why: str) -> None:
    _waiting(type(row)).filter(pk=row.pk).update(sound=Sound.FAILED, trouble=why[:200])


def _exchange(row: Any, small: sound.Small) -> None:
    came = row.voice.name or ""
    row.voice.save(f"{Path(came).stem}.mp3", ContentFile(small.mp3), save=False)
    with transaction.atomic():
        still_here = _waiting(type(row)).filter(pk=row.pk)
        seconds = round(small.milliseconds / 1000)
        done = still_here.update(voice=row.voice.name, sound=Sound.READY, seconds=seconds)
        gone = came if done else row.voice.name or ""
        transaction.on_commit(functools.partial(row.voice.storage.delete, gone))


def _suffix(voice: FieldFile) -> str:
    return (voice.name or "").rpartition(".")[2]
