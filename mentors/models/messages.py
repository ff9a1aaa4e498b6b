"""What a coach and a person write to each other, and what one of them had looked at."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.privacy import YEARS, Purpose
from media import spoken

LONGEST = 500


class Side(models.TextChoices):
    """One of the two who walk together."""

    PERSON = "person"
    COACH = "coach"


class Message(models.Model):
    """Words or a voice note from one of two who walk together to the other."""

    Sound = spoken.Sound
    uid = models.UUIDField(unique=True)  # of the form, so that a second tap is no second message
    bond = models.ForeignKey("mentors.Bond", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    side = models.CharField(max_length=6, choices=Side.choices)  # who says it
    text = models.CharField(max_length=LONGEST, blank=True)
    voice = models.FileField(upload_to="messages/", blank=True)  # never among the files that phones may fetch
    sound = models.CharField(max_length=8, choices=Sound.choices, default=Sound.NONE)
    seconds = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)  # of what came: another message with the same form is none
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bond", "-id"], name="the_last_messages_of_a_bond")]
        constraints = [
            models.CheckConstraint(condition=~Q(text="", voice=""), name="a_message_says_something")
        ]

    def __str__(self) -> str:
        return f"message {self.uid}"

    @property
    def length(self) -> str:
        """How long its voice note is, as a clock shows it."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS  # half a year after the two parted they go: see `messages.forget`
        names = {"bond", "person", "side", "text", "voice", "seconds", "at"}
        plain = {"id", "uid", "sound", "trouble", "digest"}


class ReportedMessage(models.Model):
    """A message that one of the two asked the safeguarding lead to read. The other one is not told."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bond = models.ForeignKey("mentors.Bond", models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    # Nothing, when the messages are gone.
    message = models.ForeignKey("mentors.Message", models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=6, choices=Side.choices)  # who asked
    at = models.DateTimeField()
    heard_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "side"], name="a_message_is_reported_once_by_a_side"),
            models.CheckConstraint(
                condition=Q(heard_by=None, heard_at=None) | Q(heard_by__isnull=False, heard_at__isnull=False),
                name="somebody_read_it_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"reported {self.uid}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"bond", "person", "message", "side", "at", "heard_by", "heard_at"}
        plain = {"uid"}
        withheld = {"side"}
