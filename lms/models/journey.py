"""The way from a course room to the third year at home, as far as somebody told it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.journey import Ending, Plan, Stage
from lms.models.consent import YEARS, Purpose

STAGES = [
    (Stage.UNDECIDED.value, _("Not decided yet")),
    (Stage.PREPARING.value, _("Getting ready")),
    (Stage.DEPARTURE.value, _("The last week")),
    (Stage.ARRIVAL.value, _("The first days")),
    (Stage.FIRST_90.value, _("First 90 days")),
    (Stage.YEAR_1.value, _("Months 3 to 12")),
    (Stage.YEARS_2_3.value, _("Years 2 and 3")),
    (Stage.BEYOND.value, _("After three years")),
    (Stage.HOME.value, _("At home")),
]
PLANS = [
    (Plan.UNDECIDED.value, _("I do not know yet")),
    (Plan.GOING.value, _("I am going home")),
    (Plan.HOME.value, _("I am already home")),
]
ENDINGS = [
    (Ending.STAYS.value, _("stays")),
    (Ending.MOVED_ON.value, _("moved on")),
    (Ending.WITHDREW.value, _("wants no page for the way any more")),
    (Ending.LOST.value, _("cannot be found")),
    (Ending.DIED.value, _("has died")),
]


class Journey(models.Model):
    """Somebody's way home, in their own words; everything but the plan may stay unsaid."""

    class Trade(models.TextChoices):
        DAIRY = "dairy", _("milk animals")
        SMALL = "small", _("goats, sheep or hens")
        FIELDS = "fields", _("fields")
        SHOP = "shop", _("a shop")
        DRIVING = "driving", _("driving")
        CRAFT = "craft", _("a craft")
        OTHER = "other", _("something different")

    class Part(models.TextChoices):
        EARNER = "earner", _("others live on what I earn")
        SHARED = "shared", _("several of us earn")
        HELPER = "helper", _("I help, others earn")
        ALONE = "alone", _("I live alone")

    class Kind(models.TextChoices):
        """How it came about. Asked kindly, shown to no staff; it only ever adds to what is offered."""

        ASSISTED = "assisted", _("a programme helps me, or helped me")
        OWN = "spontaneous", _("I go, or went, on my own")
        FORCED = "forced", _("I had to go")
        TEMPORARY = "temporary", _("I am home for a while only")
        TEACHING = "teaching", _("I teach or help from abroad")

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    # None: somebody is on their way alone, without any programme.
    programme = models.ForeignKey("lms.Programme", models.SET_NULL, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2)  # a file of `lms.countries`
    plan = models.CharField(max_length=9, choices=PLANS)
    departure_on = models.DateField(null=True, blank=True)
    arrived_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=11, choices=Kind.choices, blank=True)
    trade = models.CharField(max_length=8, choices=Trade.choices, blank=True)
    part = models.CharField(max_length=7, choices=Part.choices, blank=True)  # in the family
    begun_at = models.DateTimeField()
    # As far as it is written down: see `way.sweep`. None: there is nothing more to come.
    stage = models.CharField(max_length=10, choices=STAGES)
    seen_on = models.DateField()
    next_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=9, choices=ENDINGS, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_on"], condition=Q(ended_at=None), name="whose_way_leads_on_next")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="a_person_is_on_one_way"
            ),
            models.CheckConstraint(
                condition=Q(departure_on=None) | Q(arrived_on=None) | Q(arrived_on__gte=F("departure_on")),
                name="nobody_arrives_before_they_left",
            ),
            models.CheckConstraint(
                condition=~Q(plan="undecided") | Q(departure_on=None, arrived_on=None),
                name="who_is_undecided_has_no_day",
            ),
            models.CheckConstraint(
                condition=~Q(plan="home") | Q(departure_on=None), name="who_was_home_already_leaves_on_no_day"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="a_way_that_ended_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"journey {self.uid}: {self.stage}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {
            "person", "programme", "country", "plan", "departure_on", "arrived_on", "kind", "trade", "part",
            "begun_at", "stage", "seen_on", "next_on", "ended_at", "ending",
        }  # fmt: skip
        plain = {"uid"}


class StageChange(models.Model):
    """A stage began. Written once, never changed; after other dates a stage may begin again."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=STAGES)
    on = models.DateField()
    at = models.DateTimeField()  # when it was written down

    class Meta:
        indexes = [models.Index(fields=["journey", "id"], name="the_stages_of_a_way")]

    def __str__(self) -> str:
        return f"{self.stage} since {self.on}"

    class Privacy:
        subject = "journey__person"
        purpose = Purpose.SERVICE
        keep = 4 * YEARS  # the way takes three, and the first stage is told with the last
        names = {"journey", "stage", "on", "at"}
        plain = {"id"}


class TaskDone(models.Model):
    """Somebody did a task of their list, and maybe took that back."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+")
    task = models.CharField(max_length=40)  # its id in the country's file: no foreign key, a file may change
    # Who said so on behalf of the person; None: they did themselves.
    by = models.ForeignKey("lms.User", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "task"], condition=Q(undone_at=None), name="a_task_is_done_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} at {self.at:%Y-%m-%d}"

    class Privacy:
        subject = "journey__person"
        purpose = Purpose.SERVICE
        keep = 4 * YEARS
        names = {"journey", "task", "at", "undone_at"}
        plain = {"id", "by"}


class CheckIn(models.Model):
    """A time to ask somebody how it goes, once it has come. Other dates move it."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="+")
    wave = models.CharField(max_length=20)  # its key in the calendar
    opens_on = models.DateField()
    due_on = models.DateField()
    closes_on = models.DateField()
    at = models.DateTimeField()  # when it was written down

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="check_ins_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["journey", "wave"], name="a_wave_comes_once_to_somebody"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on"), due_on__lte=F("closes_on")),
                name="a_check_in_lies_within_its_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave} on {self.due_on}"

    class Privacy:
        subject = "journey__person"
        purpose = Purpose.SERVICE
        keep = 4 * YEARS
        names = {"journey", "wave", "opens_on", "due_on", "closes_on", "at"}
        plain = {"id"}
