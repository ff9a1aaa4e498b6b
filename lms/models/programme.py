"""Who offers help: organisations, their programmes, and who does what in them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.models.consent import YEARS, Purpose


class Organisation(models.Model):
    """A body that runs or supports programmes."""

    class Kind(models.TextChoices):
        COUNSELLING = "counselling", _("counselling centre")
        PARTNER = "partner", _("local partner")
        TRAINING = "training", _("training body")
        HOME_TOWN = "home-town", _("home-town association")
        AUTHORITY = "authority", _("public office")
        OTHER = "other", _("other")

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    country = models.CharField(max_length=2)  # ISO 3166: where it works

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """One offer of an organisation. Country, languages and time zone are data: a second one needs no code."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    partners = models.ManyToManyField(Organisation, related_name="+", blank=True)
    name = models.CharField(max_length=120, unique=True)
    country = models.CharField(max_length=2)  # where its people live or will live
    languages = models.JSONField(default=list)
    time_zone = models.CharField(max_length=40)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | models.Q(closed_on__gt=models.F("opened_on")),
                name="a_programme_closes_after_it_opened",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    LEARNER = "learner", _("learner")
    FAMILY = "family", _("family")
    COACH = "coach", _("coach")
    COORDINATOR = "coordinator", _("coordinator")
    SAFEGUARDING = "safeguarding", _("safeguarding lead")
    TRAINER = "trainer", _("trainer")
    REVIEWER = "reviewer", _("subject reviewer")
    RESPONDER = "responder", _("psychosocial responder")
    LEAD = "lead", _("programme lead")
    ADMINISTRATOR = "administrator", _("administrator")


OF_LEARNERS = (Role.LEARNER, Role.FAMILY)


class Membership(models.Model):
    """A person, or a member of staff, in one programme, in one role, for a time."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role.choices)
    person = models.ForeignKey("lms.Person", models.CASCADE, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=OF_LEARNERS, person__isnull=False, staff=None)
                | (~models.Q(role__in=OF_LEARNERS) & models.Q(person=None, staff__isnull=False)),
                name="learners_are_people_and_the_rest_are_staff",
            ),
            models.UniqueConstraint(
                fields=["programme", "role", "person"],
                condition=models.Q(ended_at=None, person__isnull=False),
                name="a_person_has_a_role_once",
            ),
            models.UniqueConstraint(
                fields=["programme", "role", "staff"],
                condition=models.Q(ended_at=None, staff__isnull=False),
                name="a_member_of_staff_has_a_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} in {self.programme_id}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"person", "role", "programme"}
        plain = {"id", "staff", "since", "ended_at"}


class Invitation(models.Model):
    """Ten digits with which people join a programme, so many of them and until a day."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+")
    role = models.CharField(max_length=14, choices=Role.choices, default=Role.LEARNER)
    digest = models.CharField(max_length=64, unique=True)  # keyed hash: the digits are nowhere
    uses = models.PositiveSmallIntegerField()  # how many may still join
    until = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=OF_LEARNERS), name="nobody_is_invited_to_work_here"
            ),
            models.CheckConstraint(condition=models.Q(uses__gte=0), name="no_more_join_than_were_invited"),
        ]

    def __str__(self) -> str:
        return f"invitation {self.uid}"
