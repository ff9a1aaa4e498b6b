"""Asking both, the person first: a no stays with who said it, and two yeses make a bond.

A reply has a week; then the seat is free again. Nobody hears who declined them.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from lms import reminders
from mentors import bonds, cadence, coaches, needs
from mentors.models.bonds import Bond
from mentors.models.coaching import MatchNeeds
from mentors.models.matching import MatchRun, Proposal, ProposedCoach

if TYPE_CHECKING:
    from lms.models.people import Person, User

A_WEEK = timedelta(days=7)
DAY_FOUR = timedelta(days=4)  # from then on who was asked is reminded
UNTIL = [
    gettext_noop("Something waits for your answer until Monday."),
    gettext_noop("Something waits for your answer until Tuesday."),
    gettext_noop("Something waits for your answer until Wednesday."),
    gettext_noop("Something waits for your answer until Thursday."),
    gettext_noop("Something waits for your answer until Friday."),
    gettext_noop("Something waits for your answer until Saturday."),
    gettext_noop("Something waits for your answer until Sunday."),
]
TRIAL = timedelta(weeks=4)  # till then either ends it, and nobody asks why


class NotAskedNow(Exception):
    """The question is answered, taken back or too old."""


class SeatTaken(Exception):
    """Somebody else was quicker; another of the proposed coaches may still be free."""


# ── The person ───────────────────────────────────────────────────────────────────────────────────────────


def asked(person: "Person", *, now: datetime) -> Proposal | None:
    """What somebody is asked now, or what they chose and the coach is asked."""
    return (
        Proposal.objects.filter(person=person, state__in=coaches.ASKING, at__gt=now - A_WEEK)
        .select_related("run__programme")
        .first()
    )


def options(proposal: Proposal) -> list[ProposedCoach]:
    """The coaches from whom somebody may choose, the first of the best answer first."""
    return list(ProposedCoach.objects.filter(proposal=proposal).select_related("coach").order_by("rank"))


@transaction.atomic
def choose(person: "Person", proposal: Proposal, rank: int, *, now: datetime) -> Proposal:
    """Somebody would like one of them; now that coach is asked. The same choice twice is once."""
    proposal = _held(proposal, person=person, now=now)
    wanted = ProposedCoach.objects.filter(proposal=proposal, rank=rank).first()
    if wanted is None:
        raise NotAskedNow
    if proposal.state == Proposal.State.CHOSEN:
        if proposal.chosen == rank:
            return proposal
        raise NotAskedNow
    if rank and not _has_a_seat(wanted, proposal):
        raise SeatTaken
    proposal.state, proposal.chosen, proposal.at = Proposal.State.CHOSEN, rank, now
    proposal.reminded_at = None  # now it is the coach's turn
    proposal.save(update_fields=["state", "chosen", "at", "reminded_at"])
    return proposal


@transaction.atomic
def decline(person: "Person", proposal: Proposal, *, now: datetime) -> None:
    """None of them, or not now. No coach hears of it."""
    proposal = _held(proposal, person=person, now=now)
    _end(proposal, Proposal.State.DECLINED, now)


# ── The coach ────────────────────────────────────────────────────────────────────────────────────────────


def asked_of(coach: "User", *, now: datetime) -> list[ProposedCoach]:
    """Whom a coach is asked about now, the longest first."""
    chosen = coaches.holding().filter(
        coach=coach, proposal__state=Proposal.State.CHOSEN, proposal__at__gt=now - A_WEEK
    )
    chosen = chosen.select_related("proposal__person", "proposal__run__programme")
    return list(chosen.order_by("proposal__at"))


def accept(coach: "User", proposal: Proposal, *, now: datetime) -> Bond:
    """The second yes. Of two on the last seat one gets it, and the other hears so."""
    bond = _accept(coach, proposal, now)
    if bond is None:
        raise NotAskedNow
    return bond


@transaction.atomic
def _accept(coach: "User", proposal: Proposal, now: datetime) -> Bond | None:
    coaches.hold(coach.pk)
    proposal = _held(proposal, coach=coach, now=now)
    profile = coaches.profile_in(proposal.run.programme, coach)
    if profile is None or coaches.seats(profile).taken >= profile.largest:
        raise SeatTaken
    told = MatchNeeds.objects.filter(person=proposal.person_id).select_related("agreed_by").first()
    try:
        bond = bonds.begin(
            coach,
            proposal.person,
            proposal.run.programme,
            at=now,
            approved_by=told.agreed_by if told else None,
        )
    except (bonds.NotHere, bonds.AlreadyBonded, bonds.NeedsSafeguarding):
        _end(proposal, Proposal.State.WITHDRAWN, now)
        return None
    bond.proposal, bond.trial_until = proposal, now + TRIAL
    bond.save(update_fields=["proposal", "trial_until"])
    needs.have_a_coach(proposal.person)
    _end(proposal, Proposal.State.BONDED, now)
    return bond


@transaction.atomic
def refuse(coach: "User", proposal: Proposal, *, now: datetime) -> None:
    """Not this one, or not now. The person hears that it goes on, and not who said no."""
    _end(_held(proposal, coach=coach, now=now), Proposal.State.REFUSED, now)


# ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────


def expire(now: datetime) -> int:
    """What nobody answered within a week is over, and the seats are free again."""
    old = Proposal.objects.filter(state__in=coaches.ASKING, at__lte=now - A_WEEK)
    return old.update(state=Proposal.State.EXPIRED, at=now)


def remind(now: datetime) -> int:
    """On the fourth day whoever is asked is reminded, once; say how many. What nobody did then is done now.

    Their own pages say it from now on. A short message leaves for a person who asked for such; never twice.
    """
    from mentors.tasks import send_reminder

    waiting = Proposal.objects.filter(state__in=coaches.ASKING, run__state=MatchRun.State.RELEASED)
    due = waiting.filter(reminded_at=None, at__lte=now - DAY_FOUR, at__gt=now - A_WEEK)
    reminded = 0
    for uid in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            if due.filter(pk=uid).update(reminded_at=now):
                reminded += 1
                transaction.on_commit(lambda uid=uid: send_reminder.delay(str(uid)), robust=True)
    return reminded


def send_reminder(uid: str, *, now: datetime) -> bool:
    """To the person, if it is still their turn. Coaches have their desk."""
    asked_now = Proposal.objects.filter(state=Proposal.State.ASKED, at__gt=now - A_WEEK)
    proposal = asked_now.filter(pk=uid, reminded_at__isnull=False).select_related("person").first()
    if proposal is None:
        return False
    until = last_day(proposal, proposal.person.time_zone, now=now)
    return reminders.remind(proposal.person, until=until, now=now)


def last_day(proposal: Proposal, zone: str, *, now: datetime) -> date:
    """The last whole day on which an answer counts, or today."""
    ends = cadence.day(proposal.at + A_WEEK, zone)
    return max(ends - timedelta(days=1), cadence.day(now, zone))


def until(proposal: Proposal, zone: str, *, now: datetime) -> str:
    """What is said of something that waits and was not answered by the fourth day; nothing before."""
    if proposal.reminded_at is None:
        return ""
    return UNTIL[last_day(proposal, zone, now=now).weekday()]


def _held(
    proposal: Proposal, *, now: datetime, person: "Person | None" = None, coach: "User | None" = None
) -> Proposal:
    """The proposal as it is now, and nobody else's until the transaction ends."""
    found = Proposal.objects.select_for_update().filter(pk=proposal.pk, at__gt=now - A_WEEK)
    if person is not None:
        found = found.filter(person=person, state__in=coaches.ASKING)
    if coach is not None:
        found = found.filter(state=Proposal.State.CHOSEN, pk__in=_chosen_of(coach))
    there = found.filter(run__state=MatchRun.State.RELEASED).first()
    if there is None:
        raise NotAskedNow
    return there


def _chosen_of(coach: "User") -> QuerySet:
    return coaches.holding().filter(coach=coach).values("proposal")


def _has_a_seat(wanted: ProposedCoach, proposal: Proposal) -> bool:
    coaches.hold(wanted.coach_id)
    profile = coaches.profile_in(proposal.run.programme, wanted.coach)
    return profile is not None and coaches.seats(profile).free > 0


def _end(proposal: Proposal, state: Proposal.State, now: datetime) -> None:
    proposal.state, proposal.at = state, now
    proposal.save(update_fields=["state", "at"])
