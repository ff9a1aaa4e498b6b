"""Who walks beside whom, and who looked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.privacy import YEARS, Purpose


class Bond(models.Model):
    """A coach and a person who both said yes. What it shows also needs the person's consent, each time."""

    class Why(models.TextChoices):
        PARTED = "", _("they parted")  # nobody asks why
        HANDED_OVER = "handed-over", _("handed over")
        COACH_LEFT = "coach-left", _("the coach cannot go on")

    programme = models.ForeignKey("lms.Programme", models.PROTECT, related_name="+")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=11, choices=Why.choices, blank=True)
    # Somebody moves: one near the new home is looked for, since then and at whose word. None: the person's.
    handover_wanted_at = models.DateTimeField(null=True, blank=True)
    handover_wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    handover_ends_at = models.DateTimeField(null=True, blank=True)  # till then both walk with the person
    proposal = models.ForeignKey("mentors.Proposal", models.SET_NULL, null=True, blank=True, related_name="+")
    trial_until = models.DateTimeField(null=True, blank=True)  # till then either ends it and nobody asks why
    # Follows from `Contact`; here, so that the database sorts a board of thousands. None: the years are over.
    due_on = models.DateField(null=True, blank=True)
    wants_call_at = models.DateTimeField(null=True, blank=True)  # the person asked to be called
    # A number is shown to the other side only while whose it is says so.
    person_tells_number = models.BooleanField(default=False)
    coach_tells_number = models.BooleanField(default=False)
    # Either may pause their messages. Up to which one each has read is for their own mark alone.
    person_paused_at = models.DateTimeField(null=True, blank=True)
    coach_paused_at = models.DateTimeField(null=True, blank=True)
    person_read = models.PositiveBigIntegerField(default=0)
    coach_read = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["programme", "due_on"], condition=Q(ended_at=None), name="who_is_to_be_called_first"
            )
        ]
        constraints = [
            # Two are open only as a handover, and then one of them has its last day.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None, handover_ends_at=None),
                name="a_person_has_one_coach",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None, handover_ends_at__isnull=False),
                name="a_person_is_handed_over_by_one_coach",
            ),
            models.CheckConstraint(
                condition=Q(handover_ends_at=None) | Q(handover_wanted_at=None),
                name="who_hands_over_looks_for_nobody_more",
            ),
            models.CheckConstraint(
                condition=Q(ended_why="")
                | Q(ended_why="coach-left", ended_at__isnull=False)
                | Q(ended_why="handed-over", ended_at__isnull=False, handover_ends_at__isnull=False),
                name="what_ended_has_a_reason_and_what_goes_on_has_none",
            ),
            # Ends are exclusive, so a bond that was ended as it began has length zero.
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="a_bond_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"bond {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS
        names = {
            "person", "coach", "programme", "began_at", "ended_at", "ended_why", "trial_until", "due_on",
            "wants_call_at", "handover_wanted_at", "handover_wanted_by", "handover_ends_at",
            "person_tells_number", "coach_tells_number", "person_paused_at", "coach_paused_at", "person_read",
            "coach_read",
        }  # fmt: skip
        plain = {"id", "proposal"}
        withheld = {"coach_paused_at", "coach_read"}


class Look(models.Model):
    """Somebody looked at somebody. Kept so that a person can ask who did."""

    class What(models.TextChoices):
        LIST = "list", _("in a list")
        PROGRESS = "progress", _("progress")
        PHONE = "phone", _("said that a new phone is theirs")
        REMARK = "remark", _("read what they told about a lesson")
        DESK = "desk", _("took them in at the desk")
        MATCH = "match", _("looked for a coach for them")
        SAFE = "safe", _("made sure that they are safe")
        MESSAGES = "messages", _("read messages, to make sure that they are safe")
        LOOKS = "looks", _("read who looked at them")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="who_looked_at_a_person")]

    def __str__(self) -> str:
        return f"{self.what} at {self.at:%Y-%m-%d}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"person", "by", "what", "at"}
        plain = {"id"}
