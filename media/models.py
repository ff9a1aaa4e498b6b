"""Pictures, films, and the voices that read a text aloud."""

import uuid
from typing import NamedTuple

from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition

VOICES = [("ur", "اردو"), ("pnb", "پنجابی"), ("ps", "پښتو"), ("en", "English"), ("de", "Deutsch")]


class Picture(AbstractImage):
    """One picture or drawing. What it shows is said where it is used, in the language of the page."""

    credit = models.CharField(_("who made it"), max_length=200, blank=True)

    admin_form_fields = ("title", "file", "description", "credit", "tags", "collection")


class Rendition(AbstractRendition):
    """A picture in one size."""

    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="a_picture_has_one_rendition_a_size"
            )
        ]

    @property
    def url(self) -> str:
        """Trainers see it under /f/ too: uploads are never served as they came."""
        from media import shrink  # shrink makes pictures small, so it knows this module

        return shrink.address_of(self)


class Recording(models.Model):
    """One text read aloud in one voice.

    The text is named by a key that is the same in every language (`media.voices`), so a page that is
    read in Urdu can be heard in Punjabi.
    """

    class MadeBy(models.TextChoices):
        PERSON = "person", _("a person")
        MACHINE = "machine", _("a machine, until a person has time")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be made small")
        CONVERTING = "converting", _("being made small")
        READY = "ready", _("ready")
        FAILED = "failed", _("kept as it came")

    text_key = models.CharField(_("text"), max_length=200)
    voice = models.CharField(_("voice"), max_length=3, choices=VOICES)
    transcript = models.TextField(_("what is said"))
    read_from = models.TextField(blank=True, editable=False)  # the text its speaker saw, in any language
    made_by = models.CharField(_("spoken by"), max_length=10, choices=MadeBy.choices, default=MadeBy.PERSON)
    original = models.FileField(_("recording as it came"), upload_to="recordings/", blank=True)
    opus = models.CharField(max_length=100, blank=True, editable=False)  # address under /f/
    mp3 = models.CharField(max_length=100, blank=True, editable=False)
    milliseconds = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING, editable=False)
    percent = models.PositiveSmallIntegerField(default=0, editable=False)  # how far the worker is
    state_at = models.DateTimeField(default=timezone.now, editable=False)  # the worker's last sign of life
    trouble = models.TextField(blank=True, editable=False)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text_key", "voice"], name="a_text_has_one_recording_a_voice"),
            models.CheckConstraint(
                condition=~models.Q(transcript=""), name="a_recording_says_in_writing_what_it_says"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_voice_display()}: {self.transcript[:60]}"


class Copy(NamedTuple):
    """One thing that phones get of a film: its address under /f/, and how many bytes it is."""

    address: str
    bytes: int


def _place_of_film(film: "Film", name: str) -> str:
    """The name of a file is ours: somebody else's may tell who they are."""
    return f"films/{uuid.uuid4().hex}.{name.rpartition('.')[2].lower()[:4]}"


class Film(models.Model):
    """Something to see and hear. What is said in it is written down, for those who cannot hear or wait."""

    State = Recording.State

    title = models.CharField(_("title"), max_length=80)
    voice = models.CharField(_("language spoken"), max_length=3, choices=VOICES)
    original = models.FileField(_("film as it came"), upload_to=_place_of_film)
    transcript = models.TextField(
        _("what is said"),
        max_length=6000,
        help_text=_("All that is said, and what must be seen to understand it. Nothing is only heard."),
    )
    copies = models.JSONField(default=dict, editable=False)  # name → [address under /f/, bytes]
    width = models.PositiveSmallIntegerField(default=0, editable=False)
    height = models.PositiveSmallIntegerField(default=0, editable=False)
    milliseconds = models.PositiveIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=12, choices=Recording.State.choices, default=Recording.State.WAITING, editable=False
    )
    percent = models.PositiveSmallIntegerField(default=0, editable=False)  # how far the worker is
    state_at = models.DateTimeField(default=timezone.now, editable=False)  # the worker's last sign of life
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    trouble = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(transcript=""), name="a_film_says_in_writing_what_is_said"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def copy(self, name: str) -> Copy | None:
        """What phones get of it under this name: small, sharp, webp, jpeg, opus or mp3."""
        found = self.copies.get(name) if self.state == Recording.State.READY else None
        return Copy(*found) if found else None

    @admin.display(description=_("state"))
    def standing(self) -> str:
        """Where the worker is with it, for trainers."""
        if self.state == Recording.State.FAILED:
            return gettext(self.trouble)
        if self.state == Recording.State.CONVERTING:
            return f"{self.get_state_display()}: {self.percent} %"
        return str(self.get_state_display())
