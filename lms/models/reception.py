"""Who was taken in at a desk, and cards that were printed for people who are not there yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from lms.models.consent import DAYS, Purpose

MOST_CARDS = 50  # in one batch: a full course room, twice


class Enrolment(models.Model):
    """Somebody was taken in at a desk, with one form. What stood in the form besides is with the person."""

    person = models.OneToOneField("lms.Person", models.CASCADE, related_name="+")
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # keyed hash of the form's id, which is kept nowhere
    number = models.CharField(max_length=16, blank=True)  # E.164, said at the desk and not proven yet
    with_pin = models.BooleanField(default=False)  # they want one, and choose it where nobody of us sees it
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="a_form_takes_in_one_person")]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 90 * DAYS  # as long as the card waits for its first use
        names = {"person", "programme", "by", "number", "with_pin", "at"}
        plain = {"id", "digest"}


class CardBatch(models.Model):
    """Key cards printed for a course room. Nobody stands behind them before they are used."""

    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # keyed hash of the form's id, which is kept nowhere
    how_many = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # of cards that nobody has used by then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a_form_makes_one_batch"),
            models.CheckConstraint(
                condition=Q(how_many__gte=1, how_many__lte=MOST_CARDS), name="a_batch_is_for_one_room"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.how_many} cards, made {self.made_at:%Y-%m-%d}"
