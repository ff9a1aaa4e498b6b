"""People who meet: what a coach offers to lead, who is in a circle, when they meet, and who came."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.privacy import YEARS, Purpose

SMALLEST, LARGEST = 2, 25  # people in a circle
FEW, MANY = 4, 8  # as it is offered, unless a coach says otherwise
LONGEST_AGENDA, LONGEST_PLACE = 300, 120


class Company(models.TextChoices):
    """Who sits together. A mixed circle asks everybody in it first."""

    WOMEN = "women", _("women")
    MEN = "men", _("men")
    MIXED = "mixed", _("women and men")


class CircleOffer(models.Model):
    """Seats in a circle that a coach would lead: one language, one hour of the week, and for whom."""

    profile = models.OneToOneField("mentors.CoachProfile", models.CASCADE, related_name="circle_offer")
    language = models.CharField(max_length=3)
    day = models.PositiveSmallIntegerField()  # 0 is Monday, by the coach's clock
    hour = models.PositiveSmallIntegerField()
    company = models.CharField(max_length=5, choices=Company.choices)
    smallest = models.PositiveSmallIntegerField(default=FEW)
    largest = models.PositiveSmallIntegerField(default=MANY)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(day__lte=6, hour__lte=23), name="a_circle_is_offered_at_an_hour_of_the_week"
            ),
            models.CheckConstraint(
                condition=Q(smallest__gte=SMALLEST, smallest__lte=F("largest"), largest__lte=LARGEST),
                name="an_offered_circle_has_room",
            ),
        ]

    def __str__(self) -> str:
        return f"circle offered by {self.profile_id}"


class CircleDraft(models.Model):
    """One plan of circles: who would meet with whom, and how far it can be from the best."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for the worker
        WORKING = "working"
        DRAFT = "draft"
        RELEASED = "released"
        DROPPED = "dropped"
        FAILED = "failed"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    state_at = models.DateTimeField()  # since when it stands as it does
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    policy = models.PositiveSmallIntegerField(default=0)
    seed = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)  # of all that was given
    weight = models.CharField(max_length=40, blank=True)  # whole numbers that no column of a database holds
    bound = models.CharField(max_length=40, blank=True)
    waiting = models.PositiveIntegerField(default=0)  # for whom it found no circle
    better = models.PositiveIntegerField(default=0)  # by so many people the best plan may be better, at most

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=["waiting", "working", "draft"]),
                name="a_programme_has_one_open_plan_of_circles",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_by__isnull=False),
                name="nobody_is_asked_into_a_circle_without_a_human",
            ),
        ]

    def __str__(self) -> str:
        return f"plan of circles {self.uid}"


class Circle(models.Model):
    """People of one programme who meet, and who leads them. A planned one begins when enough said yes."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)  # of the form: a second tap is no second one
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    leader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    led_by = models.CharField(max_length=60)  # as people hear it: a name of choice, or that of a guest
    name = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=3)
    company = models.CharField(max_length=5, choices=Company.choices, default=Company.MIXED)
    time_zone = models.CharField(max_length=40)
    day = models.PositiveSmallIntegerField(null=True, blank=True)  # 0 is Monday
    hour = models.PositiveSmallIntegerField(null=True, blank=True)
    smallest = models.PositiveSmallIntegerField(default=SMALLEST)
    largest = models.PositiveSmallIntegerField(default=LARGEST)
    draft = models.ForeignKey(
        CircleDraft, models.SET_NULL, null=True, blank=True, related_name="circles"
    )  # of which it came, unless somebody made it by hand
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)  # None: a plan, of which nobody has heard
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(smallest__gte=SMALLEST, smallest__lte=F("largest"), largest__lte=LARGEST),
                name="a_circle_has_room",
            ),
            models.CheckConstraint(
                condition=Q(day=None, hour=None) | Q(day__lte=6, hour__lte=23),
                name="a_circle_meets_at_an_hour_of_the_week",
            ),
            models.CheckConstraint(
                condition=Q(began_at=None) | Q(asked_at__isnull=False), name="no_circle_begins_unasked"
            ),
            models.UniqueConstraint(
                fields=["programme", "leader"],
                condition=Q(draft__isnull=False, ended_at=None),
                name="a_coach_leads_one_planned_circle",
            ),
        ]

    def __str__(self) -> str:
        return f"circle {self.uid}"

    class Privacy:
        subject = None  # who leads works here; who is in it is a CircleSeat
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"leader", "led_by", "name", "language", "company", "time_zone", "day", "hour"}
        plain = {
            "uid", "programme", "smallest", "largest", "draft", "made_at", "asked_at", "began_at", "ended_at",
        }  # fmt: skip


class CircleSeat(models.Model):
    """A person in a circle: planned, asked, in it since they said yes, and out of it on the day they like."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="seats")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # without a yes before: it was a no, or no answer

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "person"],
                condition=Q(ended_at=None),
                name="somebody_has_one_seat_in_a_circle",
            ),
            models.CheckConstraint(
                condition=Q(joined_at=None) | Q(asked_at__isnull=False), name="nobody_joins_unasked"
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS
        names = {"circle", "person", "at", "asked_at", "joined_at", "ended_at"}
        plain = {"id"}


class Meeting(models.Model):
    """A circle meets: when, where, about which unit, and what was recorded of it."""

    class Sound(models.TextChoices):
        NONE = "none"
        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4)  # of the form
    circle = models.ForeignKey(Circle, models.CASCADE, related_name="meetings")
    at = models.DateTimeField()  # when it begins
    minutes = models.PositiveSmallIntegerField(default=60)
    time_zone = models.CharField(max_length=40)  # of the clock by which it was agreed
    place = models.CharField(max_length=LONGEST_PLACE, blank=True)
    link = models.URLField(max_length=300, blank=True)
    phone = models.CharField(max_length=16, blank=True)  # E.164
    unit = models.UUIDField(null=True, blank=True)  # translation_key of a page: no foreign key on purpose
    agenda = models.CharField(max_length=LONGEST_AGENDA, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)  # a calendar takes what has more of them
    changed_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    recording = models.FileField(upload_to="circles/", blank=True)  # never among the files phones may fetch
    sound = models.CharField(max_length=8, choices=Sound.choices, default=Sound.NONE)
    seconds = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField(null=True, blank=True)  # when the recording came
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["circle", "at"], name="when_a_circle_meets")]
        constraints = [
            models.CheckConstraint(
                condition=(
                    ~Q(place="") & Q(link="", phone="")
                    | ~Q(link="") & Q(place="", phone="")
                    | ~Q(phone="") & Q(place="", link="")
                ),
                name="a_meeting_is_at_a_place_or_a_link_or_a_number",
            ),
            models.CheckConstraint(condition=Q(minutes__range=(10, 480)), name="a_meeting_lasts_for_a_while"),
        ]

    def __str__(self) -> str:
        return f"meeting {self.uid}"

    class Privacy:
        subject = None  # who came is Attendance; all who were there may be heard in the recording
        purpose = Purpose.COACH
        keep = 3 * YEARS  # the recording goes half a year after it came: see `meetings.forget_recordings`
        names = {"circle", "at", "time_zone", "place", "link", "phone", "unit", "agenda", "recording"}
        plain = {
            "uid", "minutes", "changes", "changed_at", "called_off_at", "sound", "seconds", "recorded_at",
            "trouble",
        }  # fmt: skip


class RollCall(models.Model):
    """One form in which somebody said who came. A second tap, or a form that comes late again, is nothing."""

    uid = models.UUIDField(primary_key=True)  # of the form
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roll call {self.uid}"


class Attendance(models.Model):
    """Whether somebody came to a meeting of their circle."""

    class Came(models.TextChoices):
        CAME = "came", _("came")
        TOLD = "told", _("told us before")
        MISSED = "missed", _("did not come")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    came = models.CharField(max_length=6, choices=Came.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], name="somebody_comes_to_a_meeting_once_or_not"
            )
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS
        names = {"meeting", "person", "came", "by", "at"}
        plain = {"id"}
