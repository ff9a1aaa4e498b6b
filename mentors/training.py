"""How coaches are trained: the coach course and its check, read from their record, or said by hand.

A coach learns in their own place, as anybody does. Only when they say so there, once, does their programme
read from their record how far they are in this one course. What came of the check is written down once
(`look`), by whoever looks first: they, their programme, or `tick`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language

from courses import check, outline
from lms import quizzes
from lms.locks import one_at_a_time
from mentors import access, coaches
from mentors.models.coaching import CoachProfile
from mentors.models.training import Trainee, Training

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lms.models.people import Person, User
    from lms.models.programme import Programme

AGAIN = timedelta(days=60)  # before a training ends, the check may be passed anew
OPENS_FOR = timedelta(hours=1)
SALT = "hamrah.trainee"
LONGEST_REASON = 300


@dataclass(frozen=True)
class Course:
    """The coach course as it is taught now."""

    card: outline.CourseCard
    check: check.Check | None

    @property
    def lessons(self) -> list[str]:
        """The keys of its lessons, without the check."""
        of_check = str(self.check.lesson) if self.check else ""
        return [lesson.key for lesson in self.card.lessons if lesson.key != of_check]


@dataclass(frozen=True)
class Way:
    """How far a coach is with it, and what came of it last."""

    done: int
    of: int
    is_known: bool  # did they say that we may see it?
    last: Training | None


def course() -> Course | None:
    """What there is to learn for coaches, in the language of the page if it is taught in it."""
    for language in dict.fromkeys([get_language() or settings.LANGUAGE_CODE, *settings.READING]):
        if card := outline.for_coaches(language):
            return Course(card, check.of(card))
    return None


# ── Who learns ───────────────────────────────────────────────────────────────────────────────────────────


def code(profile: CoachProfile) -> str:
    """What a coach takes from their desk to their own place, so that both are known to be one."""
    return signing.dumps(profile.pk, salt=SALT)


def profile_of(said: str) -> CoachProfile | None:
    """Whose desk a code comes from, unless it is too old, or they left."""
    try:
        pk = signing.loads(said, salt=SALT, max_age=OPENS_FOR)
    except signing.BadSignature:
        return None
    return CoachProfile.objects.filter(pk=pk, ended_at=None).select_related("programme", "coach").first()


@transaction.atomic
def begin(profile: CoachProfile, person: "Person", *, now: datetime) -> Trainee:
    """From now on the programme may see how far this person is in the coach course. The last place holds."""
    one_at_a_time(_key(profile))
    values = {"person": person, "at": now}
    return Trainee.objects.update_or_create(profile=profile, defaults=values)[0]


def end(profile: CoachProfile) -> None:
    """It may not any more. What was written down of the check stays. Twice is once."""
    Trainee.objects.filter(profile=profile).delete()


# ── What came of it ──────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def look(profile: CoachProfile, taught: Course | None, *, now: datetime) -> Training | None:
    """Write down that a coach has passed the check since it last counted, once; say so if it is new."""
    trainee = Trainee.objects.filter(profile=profile).select_related("person").first()
    if trainee is None or taught is None or taught.check is None:
        return None
    one_at_a_time(_key(profile))
    profile.refresh_from_db(fields=["trained_until"])
    today = now.date()
    if profile.trained_until and today < profile.trained_until - AGAIN:
        return None
    zone = ZoneInfo(profile.time_zone)
    since = _midnight(profile.trained_until - AGAIN, zone) if profile.trained_until else None
    at = quizzes.passed_at(trainee.person, taught.check.lesson, taught.check.quiz, since=since)
    if at is None:
        return None
    on = at.astimezone(zone).date()
    new = Training(profile=profile, on=on, until=on + coaches.A_YEAR, at=now)
    # What was done long ago and comes only now may hold for no longer than what is known.
    return _write(new) if new.until > max(today, profile.trained_until or today) else None


@transaction.atomic
def by_hand(profile: CoachProfile, by: "User", reason: str, *, now: datetime) -> Training:
    """Somebody of the programme says where else a coach was trained; nobody says it of themselves."""
    if by.pk == profile.coach_id:
        raise coaches.NotTheirOwn
    one_at_a_time(_key(profile))
    today = now.date()
    known = Training.objects.filter(profile=profile, by=by, on=today, reason=reason).first()
    return known or _write(
        Training(profile=profile, on=today, until=today + coaches.A_YEAR, by=by, reason=reason, at=now)
    )


def catch_up(now: datetime) -> int:
    """For the sweep: look at everybody who learns to be a coach; say how many have passed since."""
    return _look_at(Trainee.objects.filter(profile__ended_at=None), course(), now)


def look_at(programme: "Programme", taught: Course | None, *, now: datetime) -> int:
    """The same for one programme, whose people are looked at just now."""
    return _look_at(Trainee.objects.filter(profile__ended_at=None, profile__programme=programme), taught, now)


def ways(profiles: Iterable[CoachProfile], taught: Course | None) -> dict[int, Way]:
    """By coach's profile: how far, and the last training."""
    keys = [profile.pk for profile in profiles]
    learning = {
        one.profile_id: one.person
        for one in Trainee.objects.filter(profile__in=keys).select_related("person")
    }
    last = {one.profile_id: one for one in Training.objects.filter(profile__in=keys).order_by("until", "pk")}
    lessons, stood = taught.lessons if taught else [], access.progress_of(learning.values())

    def done(key: int) -> int:
        there = {str(one.lesson) for one in stood.get(learning[key].pk, []) if one.done_at}
        return len(there.intersection(lessons))

    return {
        key: Way(done(key) if key in learning else 0, len(lessons), key in learning, last.get(key))
        for key in keys
    }


def _look_at(trainees: "QuerySet[Trainee]", taught: Course | None, now: datetime) -> int:
    due = now.date() + AGAIN  # whose training holds for longer has nothing to pass yet
    may_pass = Q(profile__trained_until=None) | Q(profile__trained_until__lte=due)
    found = CoachProfile.objects.filter(pk__in=trainees.filter(may_pass).values("profile")).order_by("pk")
    return sum(look(profile, taught, now=now) is not None for profile in found)


def _write(training: Training) -> Training:
    training.save()
    profile = training.profile
    if not profile.trained_until or profile.trained_until < training.until:
        profile.trained_until = training.until
        profile.save(update_fields=["trained_until"])
    return training


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _key(profile: CoachProfile) -> str:
    return f"training of {profile.pk}"
