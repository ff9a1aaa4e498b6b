"""What the safeguarding lead says: whom to keep apart, and that a yes ends. What is under way stops."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mentors import bonds, coaches, needs
from mentors.models.bonds import Bond
from mentors.models.coaching import Exclusion, MatchNeeds
from mentors.models.matching import Proposal, ProposedCoach

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme

UNDER_WAY = (Proposal.State.DRAFTED, *coaches.ASKING)
Two = tuple[UUID, int]  # a person and a coach


# ── Said by the safeguarding lead ────────────────────────────────────────────────────────────────────────


@transaction.atomic
def keep_apart(
    programme: "Programme", person: "Person", coach: "User", kind: str, *, by: "User", now: datetime
) -> int:
    """From now on the two are never proposed to each other. Say how many questions this stopped.

    Twice is once; another reason takes the place of the first.
    """
    said = {"kind": kind, "by": by, "at": now}
    there, is_new = Exclusion.objects.get_or_create(
        programme=programme, person=person, coach=coach, defaults=said
    )
    if not is_new and there.kind != kind:
        Exclusion.objects.filter(pk=there.pk).update(**said)
    return stop(programme, person.pk, now=now)


def stop(programme: "Programme", person: UUID, *, now: datetime) -> int:
    """Stop what somebody is asked, or will be, and may not be any more. Say how many questions that was."""
    return heed(programme, Proposal.objects.filter(run__programme=programme, person=person), now=now)


def may_meet_again(exclusion: Exclusion) -> None:
    """They may be proposed to each other again. What stopped does not begin again by itself."""
    exclusion.delete()


@transaction.atomic
def part(exclusion: Exclusion, *, now: datetime) -> None:
    """End the bond of two who are kept apart; twice is once."""
    bond = Bond.objects.select_for_update().filter(
        programme=exclusion.programme_id, person=exclusion.person_id, coach=exclusion.coach_id, ended_at=None
    )
    for one in bond:
        bonds.end(one, at=now)


@transaction.atomic
def take_yes_back(told: MatchNeeds, *, now: datetime) -> int:
    """Somebody of 16 or 17 may have a coach no more. Say how many questions this stopped; it ends no bond."""
    needs.agree_no_more(told)
    return stop(told.programme, told.person_id, now=now)


@transaction.atomic
def heed(programme: "Programme", proposals: QuerySet[Proposal], *, now: datetime) -> int:
    """Stop those of a programme's proposals that may not be any more, and say how many were stopped.

    A question stops with the coach who is asked, or would be first. One of the others is only left out of it.
    They are locked before the exclusions are read: who says one now waits, and stops what we let pass.
    """
    locked = proposals.select_for_update(of=("self",)).filter(state__in=UNDER_WAY).order_by("pk")
    under_way = list(locked)
    kept, young = _kept(programme), set(needs.without_a_yes(programme).values_list("person", flat=True))
    stopped = [one for one in under_way if one.person_id in young or _without(one, kept[one.person_id])]
    Proposal.objects.filter(pk__in=[one.pk for one in stopped]).update(state=Proposal.State.WITHDRAWN, at=now)
    return len(stopped)


# ── How it stands ────────────────────────────────────────────────────────────────────────────────────────


def kept_in(programme: "Programme") -> list[Exclusion]:
    """Who is kept apart in a programme, by the name of the person."""
    kept = Exclusion.objects.filter(programme=programme).select_related("person", "coach", "by")
    return list(kept.order_by("person__name", "at", "pk"))


def walking(programme: "Programme", people: Collection[UUID]) -> set[Two]:
    """Which of these people walk with whom now."""
    bond = Bond.objects.filter(programme=programme, person__in=people, ended_at=None)
    return set(bond.values_list("person", "coach"))


def asked_about(programme: "Programme", people: Collection[UUID]) -> set[Two]:
    """About which coaches these people are asked now, or will be."""
    about = ProposedCoach.objects.filter(
        proposal__run__programme=programme, proposal__person__in=people, proposal__state__in=UNDER_WAY
    )
    return set(about.values_list("proposal__person", "coach"))


def _kept(programme: "Programme") -> defaultdict[UUID, set[int]]:
    kept: defaultdict[UUID, set[int]] = defaultdict(set)
    for person, coach in Exclusion.objects.filter(programme=programme).values_list("person", "coach"):
        kept[person].add(coach)
    return kept


def _without(proposal: Proposal, kept: set[int]) -> bool:
    """Leave these coaches out of a question; or say that it cannot be asked without them."""
    if not kept:
        return False
    theirs = ProposedCoach.objects.filter(proposal=proposal, coach__in=kept)
    if theirs.filter(rank=proposal.chosen or 0).exists():
        return True
    theirs.delete()
    return False
