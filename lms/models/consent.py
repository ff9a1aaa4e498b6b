"""What a person agreed to, and when. Lines are added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

DAYS = 1
YEARS = 365 * DAYS


class Purpose(models.TextChoices):
    """Why something about a person may be held. What the service itself needs to run asks for no consent."""

    SERVICE = "service", _("running the service")
    RECORD = "record", _("remembering what you learn")
    COACH = "coach", _("a coach who walks with you")
    COUNT = "count", _("being counted, without your name")
    # Asked each time: whoever tells us something is told first who hears it, and then sends it or not.
    LESSONS = "lessons", _("making lessons true where you live")
    MESSAGE = "message", _("a short message when something waits for you")


class ConsentEntry(models.Model):
    """One answer to one question about one purpose, in the words that were shown and heard."""

    class Answer(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        LATER = "later", _("later")

    class Channel(models.TextChoices):
        SELF = "self", _("on the own phone")
        DESK = "desk", _("at a desk")

    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    wording = models.CharField(max_length=64)  # digest of the sentence as it was shown
    answer = models.CharField(max_length=5, choices=Answer.choices)
    locale = models.CharField(max_length=5)
    voice = models.CharField(max_length=3, blank=True)
    heard = models.BooleanField(default=False)  # the sentence was played to its end
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.SELF)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    line = models.UUIDField(null=True, unique=True)  # by which a phone told it, later than it was said

    class Meta:
        indexes = [models.Index(fields=["person", "purpose", "-id"], name="the_last_answer")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose="service"), name="running_the_service_is_not_asked"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} v{self.version}: {self.answer}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"person", "purpose", "answer", "at", "locale", "voice", "heard", "channel"}
        plain = {"id", "version", "wording", "asked_by", "line"}
