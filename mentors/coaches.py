"""Who could walk with people: what they offer, who said yes to them, how many seats beside them are free."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet

from courses import trainers
from lms.locks import one_at_a_time
from mentors import access, bonds, needs
from mentors.models.bonds import Bond
from mentors.models.circles import Circle, CircleOffer
from mentors.models.coaching import CoachProfile
from mentors.models.matching import Proposal, ProposedCoach

if TYPE_CHECKING:
    from lms.models.people import User
    from lms.models.programme import Programme

A_YEAR = timedelta(days=365)  # for so long a yes holds, and a training
ASKING = (Proposal.State.ASKED, Proposal.State.CHOSEN)  # a seat is held while somebody thinks it over


# Who left and comes back is asked for two yeses again.
_ANEW = {
    "state": CoachProfile.State.APPLIED, "approved_by": None, "approved_too_by": None, "ended_at": None,
    "co_trainer_by": None, "co_trainer_too_by": None,
}  # fmt: skip


class NotActive(Exception):
    """Only who walks with people becomes more than a coach."""


class NotTheirOwn(Exception):
    """Nobody says yes to themselves, and nobody twice."""


class NotTrained(Exception):
    """Nobody says yes to a coach before the coach has passed the check, or was trained elsewhere."""


@dataclass(frozen=True)
class Seats:
    """Beside one coach in one programme."""

    taken: int  # by people who walk with them
    held: int  # for people who think it over
    largest: int

    @property
    def free(self) -> int:
        return max(0, self.largest - self.taken - self.held)


def offer(coach: "User", programme: "Programme", said: dict[str, object]) -> CoachProfile:
    """Write down what a coach says of themselves. Whether they are matched is for others to say."""
    CoachProfile.objects.filter(coach=coach, programme=programme).exclude(ended_at=None).update(**_ANEW)
    profile, _ = CoachProfile.objects.update_or_create(coach=coach, programme=programme, defaults=said)
    return profile


def offer_circle(profile: CoachProfile, said: dict[str, object]) -> CircleOffer:
    """Write down which circle a coach would lead, beside their seats."""
    return CircleOffer.objects.update_or_create(profile=profile, defaults=said)[0]


def offer_no_circle(profile: CoachProfile) -> None:
    """No circle any more; one that was made of it goes on."""
    CircleOffer.objects.filter(profile=profile).delete()


def circle_offer(profile: CoachProfile) -> CircleOffer | None:
    """Which circle a coach would lead."""
    return CircleOffer.objects.filter(profile=profile).first()


def circle_offers_in(programme: "Programme") -> QuerySet[CircleOffer]:
    """Which circles coaches of a programme would lead, of those who lead none that was planned already."""
    leading = Circle.objects.filter(programme=programme, draft__isnull=False, ended_at=None)
    offers = CircleOffer.objects.filter(profile__programme=programme, profile__ended_at=None)
    return offers.exclude(profile__coach__in=leading.values("leader")).select_related("profile__coach")


@transaction.atomic
def approve(profile: CoachProfile, by: "User", *, until: date, today: date) -> CoachProfile:
    """One of two says yes to a trained coach; with the second they walk with people. It holds until a day."""
    one_at_a_time(_key(profile.coach_id))
    profile.refresh_from_db()
    if by.pk in (profile.coach_id, profile.approved_by_id):
        raise NotTheirOwn
    if not is_trained(profile, today=today):
        raise NotTrained
    profile.vetted_until = until
    if profile.approved_by_id is None:
        profile.approved_by = by
    else:
        profile.approved_too_by, profile.state = by, CoachProfile.State.ACTIVE
    profile.save()
    return profile


@transaction.atomic
def make_co_trainer(profile: CoachProfile, by: "User") -> CoachProfile:
    """One of two says that a coach may draft lessons; with the second they do. Others publish them."""
    one_at_a_time(_key(profile.coach_id))
    profile.refresh_from_db()
    if profile.state != CoachProfile.State.ACTIVE:
        raise NotActive
    if by.pk in (profile.coach_id, profile.co_trainer_by_id) or profile.co_trainer_too_by_id:
        raise NotTheirOwn
    if profile.co_trainer_by_id is None:
        profile.co_trainer_by = by
    else:
        profile.co_trainer_too_by = by
        trainers.welcome_to_draft(profile.coach)
    profile.save(update_fields=["co_trainer_by", "co_trainer_too_by"])
    return profile


def rest(profile: CoachProfile, *, until: date | None) -> None:
    """No new people until a day; those who walk with them stay."""
    profile.away_until = until
    profile.save(update_fields=["away_until"])


@transaction.atomic
def leave(profile: CoachProfile, *, now: datetime) -> int:
    """They walk with nobody any more. Whoever they leave is among the first for a new coach; say how many.

    What people are asked about them is withdrawn. Twice is once.
    """
    hold(profile.coach_id)
    profile.refresh_from_db()
    if profile.ended_at is not None:
        return 0
    profile.state, profile.ended_at = CoachProfile.State.LEFT, now
    profile.save(update_fields=["state", "ended_at"])
    drafts = CoachProfile.objects.filter(coach=profile.coach_id, co_trainer_too_by__isnull=False)
    if not drafts.exclude(state=CoachProfile.State.LEFT).exists():
        trainers.see_off_draft(profile.coach)
    asked = holding().filter(coach=profile.coach_id, proposal__run__programme=profile.programme_id)
    Proposal.objects.filter(pk__in=list(asked.values_list("proposal", flat=True))).update(
        state=Proposal.State.WITHDRAWN, at=now
    )
    left = Bond.objects.select_for_update().filter(
        coach=profile.coach_id, programme=profile.programme_id, ended_at=None
    )
    parted = list(left)
    for bond in parted:
        bonds.end(bond, at=now, why=Bond.Why.COACH_LEFT)
    needs.lost_their_coach({bond.person_id for bond in parted}, now=now)
    return len(parted)


def is_trained(profile: CoachProfile, *, today: date) -> bool:
    """Does what they learned hold today?"""
    return bool(profile.trained_until and profile.trained_until >= today)


def is_ready(profile: CoachProfile, *, today: date) -> bool:
    """May new people be proposed to them today?"""
    lasts = (profile.vetted_until, profile.trained_until)
    return (
        profile.state == CoachProfile.State.ACTIVE
        and all(until and until >= today for until in lasts)
        and not (profile.away_until and profile.away_until > today)
    )


def active_in(programme: "Programme") -> list[CoachProfile]:
    """Who offers to walk with people and still works there; ready or not."""
    profiles = CoachProfile.objects.filter(
        programme=programme, state=CoachProfile.State.ACTIVE, coach__in=access.coaching_in(programme)
    )
    return list(profiles.select_related("coach").order_by("pk"))


def profile_in(programme: "Programme", coach: "User") -> CoachProfile | None:
    """What a coach said of themselves in a programme, unless they left."""
    return CoachProfile.objects.filter(programme=programme, coach=coach, ended_at=None).first()


def seats(profile: CoachProfile) -> Seats:
    """How many are taken and held now."""
    held = holding().filter(coach=profile.coach_id, proposal__run__programme=profile.programme_id)
    taken = Bond.objects.filter(coach=profile.coach_id, programme=profile.programme_id, ended_at=None)
    return Seats(taken.count(), held.count(), profile.largest)


def holding() -> QuerySet[ProposedCoach]:
    """Those for whom a seat is held: the one who is asked, or the first as long as nobody is."""
    asked = Q(rank=F("proposal__chosen")) | Q(proposal__chosen=None, rank=0)
    return ProposedCoach.objects.filter(asked, proposal__state__in=ASKING)


def hold(coach: int) -> None:
    """One at a time, whoever gives away a seat beside them."""
    one_at_a_time(_key(coach))


def _key(coach: int) -> str:
    return f"seats beside {coach}"
