"""What people did, as their phones told it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from lms.models.consent import DAYS, YEARS, Purpose


class Verb(models.TextChoices):
    """What can be done; the names are xAPI's where it has one."""

    EXPERIENCED = "experienced"  # a lesson was opened
    PLAYED = "played"  # a text was heard
    ANSWERED = "answered"
    COMPLETED = "completed"  # the end of a lesson was reached
    CONTACT = "contact"  # a coach talked with the subject; what they said is not in the line


class RecordLine(models.Model):
    """One thing one person did. Written once, never changed."""

    uid = models.UUIDField(primary_key=True, editable=False)  # made on the phone
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    device = models.ForeignKey("lms.Device", models.SET_NULL, null=True, related_name="+")
    # Of whom it tells, if not of the person: what it tells went to whoever takes it (`lms.about_others`).
    subject = models.ForeignKey("lms.Person", models.CASCADE, null=True, blank=True, related_name="+")
    seq = models.PositiveBigIntegerField()  # per device: a gap is noted, not refused
    verb = models.CharField(max_length=12, choices=Verb.choices)
    about = models.UUIDField()  # translation_key of a page: no foreign key on purpose, a page may go
    block = models.CharField(max_length=36, blank=True)
    rev = models.CharField(max_length=64)  # the rendering that was seen
    locale = models.CharField(max_length=5)
    voice = models.CharField(max_length=3, blank=True)
    milliseconds = models.PositiveIntegerField(default=0)
    response = models.JSONField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)  # 0 to 1, marked here; null where nothing is marked
    counts = models.BooleanField(default=False)  # its key never leaves the server, so neither does its score
    said_at = models.DateTimeField()  # the phone's clock
    happened_at = models.DateTimeField()  # the phone's clock, corrected and within reason
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the line as sent: the same id with other content is refused

    class Meta:
        indexes = [
            models.Index(fields=["person", "about"], name="what_a_person_did_about_it"),
            models.Index(fields=["about", "block"], name="what_was_done_about_a_block"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(verb__in=Verb.values), name="a_line_has_a_known_verb"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=1), name="a_score_is_between_0_and_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about}"

    class Privacy:
        subject = "person"
        purpose = Purpose.RECORD
        keep = 3 * YEARS
        names = {
            "person", "subject", "verb", "about", "block", "locale", "voice", "milliseconds",
            "response", "score", "said_at", "happened_at",
        }  # fmt: skip
        plain = {"uid", "device", "seq", "rev", "counts", "received_at", "digest"}
        withheld = {"subject"}  # whom a coach talked with is not the coach's alone


class HeldLine(models.Model):
    """A line that cannot be judged yet: kept as it came, and judged when what it waits for is there."""

    class Why(models.TextChoices):
        CONSENT = "consent_pending"
        REV = "unknown_rev"
        CLOCK = "absurd_clock"
        SUBJECT = "subject_not_agreed"
        VERB = "unknown_verb"  # a newer phone, or a release that was taken back
        ITEM = "unknown_item"  # a block that the rendering does not have, as far as we know
        SEAL = "unknown_key"  # sealed to a key that is not among ours just now

    uid = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    device = models.ForeignKey("lms.Device", models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=20, choices=Why.choices)
    line = models.JSONField()
    sent_at = models.DateTimeField(null=True)  # the batch's own clock, to correct the line's
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"held: {self.why}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 30 * DAYS
        names = {"person", "line"}
        plain = {"uid", "device", "why", "sent_at", "received_at", "digest"}


class Standing(models.Model):
    """Where one person is with one lesson, folded from the record. May be thrown away and made again."""

    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    lesson = models.UUIDField()  # translation_key
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)  # block -> best score
    changed_at = models.DateTimeField(default=timezone.now)  # what is new, for another phone of the person

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "lesson"], name="a_person_stands_once_in_a_lesson")
        ]

    def __str__(self) -> str:
        return f"{self.lesson}: {'done' if self.done_at else 'begun'}"

    class Privacy:
        subject = "person"
        purpose = Purpose.RECORD
        keep = 3 * YEARS
        names = {"person", "lesson", "begun_at", "done_at", "answers", "changed_at"}
        plain = {"id"}


class ServerEpoch(models.Model):
    """Which incarnation of the server this is. A restored backup gets a new one: phones offer again."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    since = models.DateTimeField(auto_now_add=True)
    kept_until = models.DateTimeField()  # the last verified backup holds everything received before

    def __str__(self) -> str:
        return str(self.uid)


class Erased(models.Model):
    """A person who was forgotten: the digest of their key and the day, to be replayed after a restore."""

    digest = models.CharField(primary_key=True, max_length=64)
    on = models.DateField()

    def __str__(self) -> str:
        return self.digest[:12]
