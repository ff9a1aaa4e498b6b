"""Who: persons, the ways in to their place, and the phones they use."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.models.consent import DAYS, YEARS, Purpose

PICTURES = [
    ("kite", _("kite")),
    ("mango", _("mango")),
    ("bird", _("bird")),
    ("lamp", _("lamp")),
    ("pot", _("pot")),
    ("tree", _("tree")),
]


def _no_name() -> str:
    """A username for people who never type one."""
    return uuid.uuid4().hex


class User(AbstractUser):
    """What Django signs in. A learner's user says nothing about them; staff have a name and a password."""

    username = models.CharField(max_length=150, unique=True, default=_no_name)

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {"username", "first_name", "last_name", "email", "last_login", "date_joined"}
        plain = {"id", "password", "is_superuser", "is_staff", "is_active", "groups", "user_permissions"}


class Person(models.Model):
    """Somebody who learns. A guest is a person without a way in, who may claim their place later."""

    class Age(models.TextChoices):
        YOUNG = "16-17", _("16 or 17")
        ADULT = "18+", _("18 or older")

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, models.CASCADE, null=True, blank=True, related_name="person")
    name = models.CharField(max_length=60, blank=True)  # whatever they want to be called
    picture = models.CharField(max_length=10, choices=PICTURES, blank=True)  # chosen instead of a photo
    age = models.CharField(max_length=5, choices=Age.choices, blank=True)
    reads = models.CharField(max_length=5, default="ur")
    hears = models.CharField(max_length=3, default="ur")
    time_zone = models.CharField(max_length=40, default="Asia/Karachi")
    pin = models.CharField(max_length=128, blank=True)  # a slow hash; empty: none was chosen
    pin_chosen_at = models.DateTimeField(null=True, blank=True)
    hidden = models.BooleanField(default=False)  # stands in no list of who learns on a phone
    household = models.UUIDField(null=True, blank=True)  # a label and nothing more: it opens nothing
    merged_into = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    # Somebody who knows them said that the new phone is theirs.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None) | Q(age__in=["16-17", "18+"]), name="nobody_under_16_has_an_account"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(user=None), name="who_was_merged_has_no_way_in"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    class Privacy:
        subject = "self"
        purpose = Purpose.SERVICE
        keep = 3 * YEARS
        names = {
            "name", "picture", "age", "reads", "hears", "time_zone", "user", "confirmed_at", "made_at",
            "pin_chosen_at", "hidden", "household",
        }  # fmt: skip
        plain = {"uid", "merged_into", "pin"}


class WayIn(models.Model):
    """A phone number that opens a person's place. Never who they are: it may be somebody else's later."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    number = models.CharField(max_length=16)  # E.164
    courses_only = models.BooleanField(default=False)  # added after coming in by card, not yet confirmed
    with_pin = models.BooleanField(default=False)  # another place has the number too: the PIN says which
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(ended_at=None, with_pin=False),
                name="a_number_opens_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"number of {self.person_id}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 1 * YEARS
        names = {"person", "number", "courses_only", "with_pin", "added_at", "last_used_at", "ended_at"}
        plain = {"id"}


class KeyCard(models.Model):
    """Twelve digits on paper that open a person's courses once, on a new phone."""

    # Nobody, while a card that was printed for a course room waits for the first who uses it.
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    batch = models.ForeignKey("lms.CardBatch", models.CASCADE, null=True, blank=True, related_name="+")
    # Given at a desk: it opens all of a place in which nobody has been yet.
    first = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)  # keyed hash: the digits are nowhere
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at=None, replaced_at=None),
                name="a_person_has_one_card_that_opens",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(batch__isnull=False, used_at=None),
                name="a_card_without_a_person_waits_in_a_batch",
            ),
        ]

    def __str__(self) -> str:
        return f"card of {self.person_id or 'nobody yet'}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 1 * YEARS
        names = {"person", "batch", "made_at", "used_at", "replaced_at"}
        plain = {"id", "digest", "first"}


class Device(models.Model):
    """One person on one phone. Its token can only add to the record and read the person's own progress."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    mark = models.CharField(max_length=64, blank=True, db_index=True)  # digest of what the browser keeps
    label = models.CharField(max_length=80, blank=True)  # what the browser says it is, short
    courses_only = models.BooleanField(default=False)  # came in by card, not yet confirmed
    notice = models.CharField(max_length=40, blank=True)  # what this phone must be told
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"phone {self.uid}"

    class Privacy:
        subject = "person"
        purpose = Purpose.SERVICE
        keep = 400 * DAYS
        names = {"person", "label", "courses_only", "notice", "made_at", "seen_at", "revoked_at"}
        plain = {"uid", "token_digest", "mark"}


class CodeSent(models.Model):
    """A six-digit code on its way to a number; also the book that the budget of messages is kept in."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)  # keyed hash of number and code
    locale = models.CharField(max_length=5)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["number", "-made_at"], name="codes_of_a_number")]

    def __str__(self) -> str:
        return f"code {self.uid}: {self.state}"

    class Privacy:
        subject = None  # a number, not yet a person: it goes after two days, whoever it was
        purpose = Purpose.SERVICE
        keep = 2 * DAYS
        names = {"number", "made_at"}
        plain = {"uid", "digest", "locale", "state", "tries", "expires_at", "used_at"}


class PinTry(models.Model):
    """How often a PIN was tried within a day. It knows neither whose nor where: its key is hashed."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveSmallIntegerField(default=0)
    wait_until = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tries} tries"

    class Privacy:
        subject = None
        purpose = Purpose.SERVICE
        keep = 2 * DAYS
        names = frozenset[str]()
        plain = {"key", "tries", "wait_until", "expires_at"}
