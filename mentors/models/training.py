"""How a coach was trained: by passing the check of the coach course, or elsewhere, as somebody here says."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.privacy import YEARS, Purpose
from mentors.models.coaching import CoachProfile


class Trainee(models.Model):
    """A person said in their own place that a programme may see how far they are in the coach course."""

    profile = models.OneToOneField(CoachProfile, models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trainee {self.profile_id}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"profile", "person", "at"}
        plain = {"id"}


class Training(models.Model):
    """A coach is trained, from one day to another. Whatever the check was, no answer of it stands here."""

    profile = models.ForeignKey(CoachProfile, models.CASCADE, related_name="+")
    on = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # where else they were trained
    at = models.DateTimeField()  # written down

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, reason="") | (Q(by__isnull=False) & ~Q(reason="")),
                name="who_says_that_a_coach_is_trained_says_why",
            ),
            models.UniqueConstraint(
                fields=["profile", "on"], condition=Q(by=None), name="a_check_trains_a_coach_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"training of {self.profile_id} until {self.until}"

    class Privacy:
        subject = None  # about somebody who works here; goes with their account
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"profile", "by", "reason"}
        plain = {"id", "on", "until", "at"}
