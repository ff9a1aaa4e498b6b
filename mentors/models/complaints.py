"""What a person says is not right with their coach. It goes to the safeguarding lead and to nobody else."""

import uuid

from django.conf import settings
from django.db import models

from lms.privacy import YEARS, Purpose

LONGEST = 500


class Complaint(models.Model):
    """Something about a coach is not right. Neither the coach nor the coordinator sees it."""

    class Kind(models.TextChoices):
        MONEY = "money"
        FEAR = "fear"
        TALKS = "talks"
        AWAY = "away"
        OTHER = "other"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)  # of the form: a second tap is no second one
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    words = models.CharField(max_length=LONGEST, blank=True)
    at = models.DateTimeField()
    heard_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["programme", "heard_at"], name="which_complaints_wait")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(heard_by=None, heard_at=None)
                | models.Q(heard_by__isnull=False, heard_at__isnull=False),
                name="somebody_heard_it_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"complaint {self.uid}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"programme", "person", "coach", "kind", "words", "at", "heard_by", "heard_at"}
        plain = {"uid"}
