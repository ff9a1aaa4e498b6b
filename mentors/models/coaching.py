"""What somebody offers as a coach, and what somebody needs of one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.privacy import YEARS, Purpose

ALL_WEEK = 2**21  # seven days of three parts: see `mentors.times`


class Gender(models.TextChoices):
    WOMAN = "woman", _("a woman")
    MAN = "man", _("a man")
    OTHER = "other", _("I do not say")


class Trade(models.TextChoices):
    """What people live on. Keys never change; a new one needs a line here and a word in each language."""

    DAIRY = "dairy", _("milk animals")
    SMALL = "small", _("goats, sheep or hens")
    FIELDS = "fields", _("fields")
    SHOP = "shop", _("a shop")
    DRIVING = "driving", _("driving")
    CRAFT = "craft", _("a craft")
    OTHER = "other", pgettext_lazy("work", "something else")


class CoachProfile(models.Model):
    """What a coach is and can carry in one programme. Who is approved by two, vetted, trained is matched."""

    class State(models.TextChoices):
        APPLIED = "applied", _("asked to be a coach")
        ACTIVE = "active", _("walks with people")
        PAUSED = "paused", _("rests")
        LEFT = "left", _("left")

    class WalksWith(models.TextChoices):
        SAME = "same", _("only with people like me: women with women, men with men")
        ANY = "any", _("with women and men")

    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.APPLIED)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_too_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    vetted_until = models.DateField(null=True, blank=True)
    trained_until = models.DateField(null=True, blank=True)
    trauma_informed_until = models.DateField(null=True, blank=True)

    gender = models.CharField(max_length=5, choices=Gender.choices)
    walks_with = models.CharField(max_length=4, choices=WalksWith.choices, default=WalksWith.SAME)
    mother = models.CharField(max_length=3)  # the language they grew up with
    languages = models.JSONField(default=list, blank=True)
    district = models.CharField(max_length=40, blank=True)
    village = models.CharField(max_length=80, blank=True)
    not_same_village = models.BooleanField(default=True)
    reach_km = models.PositiveSmallIntegerField(default=0)  # how far they would go to meet; 0: they do not
    remote = models.BooleanField(default=True)  # talks by phone
    time_zone = models.CharField(max_length=40, default="Asia/Karachi")
    slots = models.PositiveIntegerField(default=0)
    trades = models.JSONField(default=dict, blank=True)  # with the years in each
    comfortable = models.PositiveSmallIntegerField(default=3)
    largest = models.PositiveSmallIntegerField(default=5)
    away_until = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=16, blank=True)  # E.164
    # The association or partner through which they came, often from abroad.
    brought_by = models.ForeignKey(
        "lms.Organisation", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Two say yes to it: they draft lessons, which others publish.
    co_trainer_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    co_trainer_too_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)  # when they left

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "coach"], name="a_coach_offers_once_in_a_programme"),
            models.CheckConstraint(
                condition=Q(comfortable__lte=F("largest")),
                name="what_is_comfortable_is_not_more_than_the_most",
            ),
            models.CheckConstraint(condition=Q(slots__lt=ALL_WEEK), name="a_coachs_week_has_seven_days"),
            models.CheckConstraint(
                condition=~Q(state="active")
                | (Q(approved_too_by__isnull=False) & ~Q(approved_by=F("approved_too_by"))),
                name="two_others_said_yes_to_a_coach",
            ),
            models.CheckConstraint(
                condition=Q(co_trainer_too_by=None)
                | (Q(co_trainer_by__isnull=False) & ~Q(co_trainer_by=F("co_trainer_too_by"))),
                name="two_others_said_yes_to_a_co_trainer",
            ),
        ]

    def __str__(self) -> str:
        return f"coach {self.coach_id} in {self.programme_id}"

    class Privacy:
        subject = None  # somebody who works here; goes with their account
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {
            "coach", "gender", "walks_with", "mother", "languages", "district", "village", "not_same_village",
            "reach_km", "remote", "time_zone", "slots", "trades", "number", "brought_by",
        }  # fmt: skip
        plain = {
            "id", "programme", "state", "approved_by", "approved_too_by", "vetted_until", "trained_until",
            "trauma_informed_until", "comfortable", "largest", "away_until", "ended_at", "co_trainer_by",
            "co_trainer_too_by",
        }  # fmt: skip


class MatchNeeds(models.Model):
    """What somebody needs of a coach, in their own words and changeable on any day."""

    class Wish(models.TextChoices):
        BLANK = "", _("not said")  # of a woman it means: only a woman
        WOMAN = "woman", _("only a woman")
        MAN = "man", _("only a man")
        RATHER_WOMAN = "rather_woman", _("rather a woman")
        RATHER_MAN = "rather_man", _("rather a man")
        ANY = "any", _("both are fine")

    class Trauma(models.TextChoices):
        NO = "", _("no")
        NICE = "nice", _("would be good")
        MUST = "must", _("needed")

    class Circle(models.TextChoices):
        BLANK = "", _("not said")
        SAME = "same", _("yes: women with women, men with men")
        ANY = "any", _("yes: with women and men")
        NO = "no", _("no")

    person = models.OneToOneField("lms.Person", models.CASCADE, related_name="+")
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)  # who was declined is not proposed again within one
    gender = models.CharField(max_length=5, choices=Gender.choices)
    wish = models.CharField(max_length=12, choices=Wish.choices, blank=True)
    mother = models.CharField(max_length=3)
    languages = models.JSONField(default=list, blank=True)
    district = models.CharField(max_length=40, blank=True)
    village = models.CharField(max_length=80, blank=True)
    not_same_village = models.BooleanField(default=True)
    reach_km = models.PositiveSmallIntegerField(default=0)
    remote = models.BooleanField(default=True)
    slots = models.PositiveIntegerField(default=0)
    trade = models.CharField(max_length=8, choices=Trade.choices, blank=True)
    circle = models.CharField(max_length=4, choices=Circle.choices, blank=True)  # to meet others as well
    at = models.DateTimeField()  # said last
    waiting_since = models.DateTimeField()
    # Said by staff, with the person's consent.
    trauma = models.CharField(max_length=4, choices=Trauma.choices, blank=True)
    urgent = models.BooleanField(default=False)
    lost_coach_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # the safeguarding lead, for somebody of 16 or 17

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(slots__lt=ALL_WEEK), name="a_persons_week_has_seven_days"),
        ]

    def __str__(self) -> str:
        return f"needs of {self.person_id}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 1 * YEARS
        names = {
            "person", "programme", "gender", "wish", "mother", "languages", "district", "village",
            "not_same_village", "reach_km", "remote", "slots", "trade", "circle", "waiting_since", "trauma",
            "urgent", "lost_coach_at", "agreed_by", "at",
        }  # fmt: skip
        plain = {"id", "version"}


class Exclusion(models.Model):
    """Two who must not be proposed to each other. The safeguarding lead alone knows why, and that it is."""

    class Kind(models.TextChoices):
        KIN = "kin", _("family")
        CREDITOR = "creditor", _("one owes the other")
        EMPLOYER = "employer", _("one worked for the other")
        AGENT = "agent", _("arranged a journey")
        COMPLAINT = "complaint", _("a complaint")
        WISH = "wish", _("a private wish")

    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "coach"], name="two_are_kept_apart_once")
        ]

    def __str__(self) -> str:
        return f"apart {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 10 * YEARS  # a reason to be kept apart does not grow old with a coaching
        names = {"person", "coach", "kind", "by", "at", "programme"}
        plain = {"id"}
        withheld = {"coach", "kind", "by"}  # a coach's private wish, or a complaint, is theirs too
