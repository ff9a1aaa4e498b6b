"""Lists with which many are taken in at once, and the keys by which they are known again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.privacy import DAYS, YEARS, Purpose

LONGEST_KEY = 60


class ListKey(models.Model):
    """What a programme calls somebody in its own lists, so that the same line makes nobody twice."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("people")
        COACHES = "coaches", _("coaches")

    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    key = models.CharField(max_length=LONGEST_KEY)
    person = models.ForeignKey("lms.Person", models.CASCADE, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "key"], name="a_key_stands_for_one"),
            models.CheckConstraint(
                condition=Q(kind="people", person__isnull=False, staff=None)
                | Q(kind="coaches", person=None, staff__isnull=False),
                name="a_key_stands_for_a_person_or_a_coach",
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS  # as long as a person: without it the same list would make them twice
        names = {"programme", "key", "person", "staff", "at"}
        plain = {"id", "kind"}


class ListUpload(models.Model):
    """A list that somebody brought and looks through. It waits here for a day, for nobody else."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=ListKey.Kind.choices)
    content = models.BinaryField()  # as it came
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"list {self.uid}"

    class Privacy:
        subject = None  # names that nobody has a place for yet; it goes after a day
        purpose = Purpose.SERVICE
        keep = 1 * DAYS
        names = {"by", "content", "at"}
        plain = {"uid", "programme", "kind"}
