"""Plans of circles: begun by a coordinator, computed by the worker, released by a human.

What is computed stands in `mentors.matching`, which knows no database. A draft moves nobody: once it is
released everybody is asked on their own page (`mentors.circles`), and a circle begins when enough said yes.
"""

import logging
import secrets
from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from mentors import access, coaches, matching, needs, policy, runs, times
from mentors.models.circles import Circle, CircleDraft, CircleSeat
from mentors.models.coaching import MatchNeeds
from mentors.runs import FORGOTTEN, HOPELESS, AlreadyOpen, NotADraft

if TYPE_CHECKING:
    from lms.models.people import User
    from lms.models.programme import Programme

logger = logging.getLogger("hamrah.matching")

State = CircleDraft.State
OPEN = (State.WAITING, State.WORKING, State.DRAFT)


def begin(programme: "Programme", by: "User", *, now: datetime) -> CircleDraft:
    """Have the worker plan circles; raises `AlreadyOpen` while there is a plan to decide about."""
    from mentors.tasks import work_off_circles

    try:
        with transaction.atomic():
            draft = CircleDraft.objects.create(
                programme=programme, begun_by=by, begun_at=now, state_at=now, seed=secrets.randbelow(2**31)
            )
    except IntegrityError:
        raise AlreadyOpen from None
    transaction.on_commit(lambda: work_off_circles.delay(str(draft.pk)), robust=True)
    return draft


def work(uid: UUID, *, now: datetime) -> None:
    """Find a plan and keep it as a draft. Twice is once: only one worker takes it."""
    waiting = CircleDraft.objects.filter(pk=uid, state=State.WAITING)
    if not waiting.update(state=State.WORKING, state_at=now):
        return
    draft = CircleDraft.objects.select_related("programme").get(pk=uid)
    try:
        _plan(draft, now)
    except Exception:
        logger.exception("The plan of circles %s did not end", uid)
        CircleDraft.objects.filter(pk=uid).update(state=State.FAILED, state_at=now)


def catch_up(now: datetime) -> int:
    """Do what a lost task or a killed worker left; what kills every worker is given up after an hour."""
    left = CircleDraft.objects.filter(state__in=[State.WAITING, State.WORKING], state_at__lt=now - FORGOTTEN)
    left.filter(begun_at__lt=now - HOPELESS).update(state=State.FAILED, state_at=now)
    again = list(left.filter(begun_at__gte=now - HOPELESS).values_list("pk", flat=True))
    for uid in again:
        CircleDraft.objects.filter(pk=uid).update(state=State.WAITING, state_at=now)
        work(uid, now=now)
    return len(again)


@transaction.atomic
def release(draft: CircleDraft, by: "User", *, now: datetime) -> int:
    """Ask everybody of a plan who still may be asked, and say how many. Too small a circle asks nobody."""
    draft = _locked(draft)
    asked = 0
    for circle in Circle.objects.filter(draft=draft).select_related("programme"):
        may = needs.for_circles(circle.programme, besides=draft.pk).values("person")
        seats = CircleSeat.objects.filter(circle=circle)
        seats.exclude(person__in=may).delete()
        seats.filter(person__in=access.apart_from(circle)).delete()
        if seats.count() < circle.smallest:
            circle.delete()
            continue
        asked += seats.update(asked_at=now)
        Circle.objects.filter(pk=circle.pk).update(asked_at=now)
    _decided(draft, State.RELEASED, now, released_by=by)
    return asked


@transaction.atomic
def drop(draft: CircleDraft, *, now: datetime) -> None:
    """Nobody is asked. What was planned goes."""
    draft = _locked(draft)
    Circle.objects.filter(draft=draft).delete()
    _decided(draft, State.DROPPED, now)


def open_in(programme: "Programme") -> CircleDraft | None:
    """The plan that is under way or waits for a decision."""
    return CircleDraft.objects.filter(programme=programme, state__in=OPEN).first()


def planned(draft: CircleDraft) -> list[tuple[Circle, list[CircleSeat]]]:
    """The circles of a plan, each with its people."""
    there: dict[UUID, list[CircleSeat]] = defaultdict(list)
    for seat in CircleSeat.objects.filter(circle__draft=draft).select_related("person").order_by("pk"):
        there[seat.circle_id].append(seat)
    circles = Circle.objects.filter(draft=draft).select_related("leader", "programme")
    return [(one, there[one.pk]) for one in circles.order_by("day", "hour", "made_at", "pk")]


def gather(programme: "Programme", held: matching.Policy, seed: int, *, now: datetime) -> matching.Problem:
    """Who may be asked into a circle, and who would lead one, as plain values.

    For whom a circle is its coach says, so no seats are kept here for women, or for who will come.
    """
    whole, monday = runs.gather(programme, held, seed, now=now), times.coming_monday(now)
    wishes = {str(one.person_id): one.circle for one in needs.for_circles(programme)}
    offers = {str(one.profile.coach_id): one for one in coaches.circle_offers_in(programme)}

    def _with_group(offer: matching.Offer) -> matching.Offer:
        told = offers[offer.id]
        return replace(
            offer,
            mother=told.language,
            languages=frozenset(),
            slots=times.hour_bit(told.day, told.hour, told.profile.time_zone, monday=monday),
            comfortable=told.largest,
            largest=told.largest,
            group=matching.Terms(told.company, told.smallest, told.largest),
        )

    return replace(
        whole,
        seekers=tuple(
            replace(one, mixed_group=wishes[one.id] == MatchNeeds.Circle.ANY)
            for one in whole.seekers
            if one.id in wishes
        ),
        offers=tuple(_with_group(one) for one in whole.offers if one.id in offers),
        policy=replace(held, women_first=False),
        reserve=False,
        expected=(),
        bonds=frozenset(),
        holds=frozenset(),
    )


def _plan(draft: CircleDraft, now: datetime) -> None:
    draft.policy, held = policy.holds_in(draft.programme)
    problem = gather(draft.programme, held, draft.seed, now=now)
    result = matching.form_cohorts(problem)
    offers = {str(one.profile.coach_id): one for one in coaches.circle_offers_in(draft.programme)}
    with transaction.atomic():
        for cohort in result.cohorts:
            told = offers[cohort.offer.id]
            leader = told.profile.coach
            circle = Circle.objects.create(
                programme=draft.programme,
                leader=leader,
                led_by=leader.get_short_name() or leader.get_username(),
                language=told.language,
                company=told.company,
                time_zone=told.profile.time_zone,
                day=told.day,
                hour=told.hour,
                smallest=told.smallest,
                largest=told.largest,
                draft=draft,
                made_at=now,
            )
            CircleSeat.objects.bulk_create(
                CircleSeat(circle=circle, person_id=UUID(one.id), at=now) for one in cohort.seekers
            )
        draft.digest, draft.waiting = problem.digest, len(result.waiting)
        draft.weight, draft.bound = str(result.weight), str(result.bound)
        draft.better = result.gap // problem.base
        draft.state, draft.state_at = State.DRAFT, now
        draft.save()


def _locked(draft: CircleDraft) -> CircleDraft:
    found = CircleDraft.objects.select_for_update().get(pk=draft.pk)
    if found.state != State.DRAFT:
        raise NotADraft
    return found


def _decided(draft: CircleDraft, state: str, now: datetime, **more: object) -> None:
    CircleDraft.objects.filter(pk=draft.pk).update(state=state, state_at=now, **more)
