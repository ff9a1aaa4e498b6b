"""What people told us about a lesson, from where they live."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.models.consent import YEARS, Purpose
from media import spoken


class Remark(models.Model):
    """What somebody says is different where they live, about one screen of a lesson."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        ASKED = "asked", _("with the subject reviewer")
        ACCEPTED = "accepted", _("stands in the lesson")
        ASIDE = "aside", _("put aside")

    Sound = spoken.Sound
    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody, where somebody just learns: then there is nobody to whom it could lead.
    person = models.ForeignKey("lms.Person", models.CASCADE, null=True, blank=True, related_name="+")
    programme = models.ForeignKey("lms.Programme", models.SET_NULL, null=True, blank=True, related_name="+")
    lesson = models.UUIDField()  # translation_key of a page: no foreign key on purpose, a page may go
    block = models.CharField(max_length=36)
    locale = models.CharField(max_length=5)
    district = models.CharField(max_length=40, blank=True)  # key of `courses.districts`
    place = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    voice = models.FileField(upload_to="remarks/", blank=True)  # never among the files that phones may fetch
    sound = models.CharField(max_length=8, choices=Sound.choices, default=Sound.NONE)
    seconds = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    may_ask = models.BooleanField(default=False)  # then, and only then, staff see who it was
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    review = models.TextField(blank=True)  # what the subject reviewer says
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True)  # why it was put aside
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.UUIDField(null=True, blank=True)  # translation_key of the local note that came of it

    class Meta:
        indexes = [models.Index(fields=["state", "-at"], name="remarks_that_wait")]
        constraints = [
            models.CheckConstraint(condition=~Q(text="", voice=""), name="a_remark_says_something"),
            models.CheckConstraint(condition=~Q(district="", place=""), name="a_remark_says_where"),
            models.CheckConstraint(
                condition=Q(may_ask=False) | Q(person__isnull=False), name="only_somebody_can_be_asked_back"
            ),
            models.CheckConstraint(
                condition=Q(note=None) | ~Q(state__in=["new", "asked"]), name="a_note_comes_of_a_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"remark {self.uid}: {self.state}"

    class Privacy:
        subject = "person"
        purpose = Purpose.LESSONS
        keep = 1 * YEARS
        names = {"person", "programme", "lesson", "block", "locale", "district", "place", "text", "voice",
                 "seconds", "may_ask", "at"}  # fmt: skip
        plain = {"uid", "sound", "trouble", "state", "asked_by", "review", "reviewed_by", "reason",
                 "decided_by", "note"}  # fmt: skip
