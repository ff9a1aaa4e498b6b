"""What came of a talk between a coach and a person, or of trying to have one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.privacy import YEARS, Purpose

LONGEST_NOTE, LONGEST_STEP, MOST_CREDIT = 500, 120, 9999
WORST, BEST = 1, 5


class Contact(models.Model):
    """A talk, written down by the coach; never about health. The person reads it in their copy."""

    class Kind(models.TextChoices):
        CALL = "call", _("by phone")
        MET = "met", _("we met")
        WROTE = "wrote", _("by messages")
        MISSED = "missed", _("nobody answered")

    class Topic(models.TextChoices):
        HELLO = "hello", _("how it goes")
        ANIMALS = "animals", _("animals")
        MONEY = "money", _("money")
        FAMILY = "family", _("family")
        LESSONS = "lessons", _("lessons")
        PAPERS = "papers", _("papers")
        OTHER = "other", pgettext_lazy("topic", "something else")

    uid = models.UUIDField(unique=True)  # of the form, so that a second tap is no second talk
    bond = models.ForeignKey("mentors.Bond", models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    topic = models.CharField(max_length=8, choices=Topic.choices, blank=True)
    mood = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 very low to 5 very good, as it seemed
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    next_step = models.CharField(max_length=LONGEST_STEP, blank=True)
    next_on = models.DateField(null=True, blank=True)
    credit = models.PositiveSmallIntegerField(default=0)  # what the call cost the coach, in whole rupees
    on = models.DateField()
    at = models.DateTimeField()  # when it was written down

    class Meta:
        indexes = [models.Index(fields=["bond", "-on", "-id"], name="the_last_talk_of_a_bond")]
        constraints = [
            models.CheckConstraint(
                condition=Q(mood=None) | Q(mood__range=(WORST, BEST)), name="a_mood_is_one_of_five_faces"
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.uid}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS  # its words go half a year after the two parted: see `contacts.forget_words`
        names = {
            "bond", "person", "by", "kind", "topic", "mood", "note", "next_step", "next_on", "credit", "on",
            "at",
        }  # fmt: skip
        plain = {"id", "uid"}
