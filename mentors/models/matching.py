"""A run of the matching, what it proposed, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lms.privacy import YEARS, Purpose


class MatchPolicy(models.Model):
    """What a programme decided about matching. It holds once two have signed; then only a new one follows."""

    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    values = models.JSONField()  # as `mentors.matching.Policy` has them
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # who wrote it
    at = models.DateTimeField()
    signed_too_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    holds_since = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # before anybody signed it too

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "version"], name="a_policy_has_one_version_of_a_number"
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(holds_since=None, dropped_at=None),
                name="one_version_of_a_policy_waits",
            ),
            models.CheckConstraint(
                condition=Q(holds_since=None, signed_too_by=None)
                | (
                    Q(holds_since__isnull=False, signed_too_by__isnull=False, dropped_at=None)
                    & ~Q(signed_too_by=F("signed_by"))
                ),
                name="a_policy_holds_once_another_has_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"policy {self.version} of {self.programme_id}"


class MatchRun(models.Model):
    """One answer to who might walk with whom, with all that is needed to find it again."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for the worker
        WORKING = "working"
        DRAFT = "draft"
        RELEASED = "released"
        DROPPED = "dropped"
        TRIED = "tried"  # a policy that waits, on the people of today: numbers and nobody's name
        FAILED = "failed"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("lms.Programme", models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    state_at = models.DateTimeField()  # since when it stands as it does
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    policy = models.PositiveSmallIntegerField(default=0)  # its version; 0: as it comes with the software
    trial = models.BooleanField(default=False)  # of a policy that nobody has signed too: it asks nobody
    seed = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, blank=True)  # of all that was given
    primal = models.CharField(max_length=40, blank=True)  # whole numbers that no column of a database holds
    dual = models.CharField(max_length=40, blank=True)
    certified = models.BooleanField(default=False)
    stats = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=["waiting", "working", "draft"], trial=False),
                name="a_programme_has_one_open_run",
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=["waiting", "working"], trial=True),
                name="a_programme_tries_one_thing_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(trial=True, state__in=["waiting", "working", "tried", "failed"])
                | (Q(trial=False) & ~Q(state="tried")),
                name="a_trial_is_never_released",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(certified=True, released_by__isnull=False),
                name="nothing_is_released_without_proof_and_a_human",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.uid}"


class Proposal(models.Model):
    """Somebody is asked about coaches who fit: first they themselves, then the one whom they chose."""

    class State(models.TextChoices):
        DRAFTED = "drafted"  # nobody has been asked
        LEFT_OUT = "left-out"  # by the coordinator, with a reason
        ASKED = "asked"  # the person
        CHOSEN = "chosen"  # now the coach is asked
        BONDED = "bonded"
        DECLINED = "declined"  # by the person: nobody else hears of it
        REFUSED = "refused"  # by the coach
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="proposals")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    needs_version = models.PositiveSmallIntegerField()
    tier = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFTED)
    at = models.DateTimeField()  # since when it stands so: replies have a week from here
    chosen = models.PositiveSmallIntegerField(null=True, blank=True)  # the rank of the coach who is asked
    reminded_at = models.DateTimeField(null=True, blank=True)  # whoever is asked now
    reason = models.CharField(max_length=300, blank=True)  # of who left it out, or put somebody else there
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["asked", "chosen"]),
                name="a_person_is_asked_one_thing_at_a_time",
            ),
            models.UniqueConstraint(fields=["run", "person"], name="a_run_proposes_to_a_person_once"),
        ]

    def __str__(self) -> str:
        return f"proposal {self.uid}: {self.state}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 3 * YEARS
        names = {"person", "tier", "state", "at", "chosen", "reminded_at", "reason", "by"}
        plain = {"uid", "run", "needs_version"}


class ProposedCoach(models.Model):
    """One of at most three coaches from whom somebody may choose. The first is the one of the best answer."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="coaches")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField()
    # What may be told to whom: {"seeker": [[code, values], …], "coach": …, "coordinator": …}
    told = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "rank"], name="a_rank_is_given_once"),
            models.UniqueConstraint(
                fields=["proposal", "coach"], name="a_coach_is_proposed_once_to_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"proposed {self.pk}"

    class Privacy:
        subject = "proposal__person"
        purpose = Purpose.COACH
        keep = 3 * YEARS
        names = {"coach", "points", "told", "at"}
        plain = {"id", "proposal", "rank"}


class Waits(models.Model):
    """Somebody for whom a run found no coach, and why."""

    run = models.ForeignKey(MatchRun, models.CASCADE, related_name="waits")
    person = models.ForeignKey("lms.Person", models.CASCADE, related_name="+")
    tier = models.PositiveSmallIntegerField()
    suitable = models.PositiveSmallIntegerField()  # coaches who may walk with them, all full
    rule = models.CharField(max_length=14, blank=True)  # what keeps most coaches away; for staff only
    hint = models.CharField(max_length=5, blank=True)  # what may be said to the person: reach or time
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="somebody_waits_once_in_a_run")]

    def __str__(self) -> str:
        return f"waits {self.pk}"

    class Privacy:
        subject = "person"
        purpose = Purpose.COACH
        keep = 1 * YEARS
        names = {"person", "tier", "suitable", "rule", "hint", "at"}
        plain = {"id", "run"}
