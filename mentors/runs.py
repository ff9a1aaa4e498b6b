"""Runs of the matching: begun by a coordinator, done by the worker, proven, released by a human.

What is computed stands in `mentors.matching`, which knows no database. A draft moves nobody: a released
proposal asks somebody, and only two yeses make a bond (`mentors.asking`).
"""

import logging
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from courses import districts
from mentors import access, coaches, matching, needs, recruiting, safety, times
from mentors.models.bonds import Bond
from mentors.models.coaching import CoachProfile, Exclusion, MatchNeeds, Trade
from mentors.models.matching import MatchPolicy, MatchRun, Proposal, ProposedCoach, Waits

if TYPE_CHECKING:
    from lms.models.people import User
    from lms.models.programme import Programme

logger = logging.getLogger("hamrah.matching")

FORGOTTEN = timedelta(minutes=5)  # a run of thousands takes seconds
HOPELESS = timedelta(hours=1)
OPEN = (MatchRun.State.WAITING, MatchRun.State.WORKING, MatchRun.State.DRAFT)
# What the other one hears before both said yes. Where somebody lives a coach learns from them.
OF_COACHES = frozenset({"trade", "language", "place", "time", "gender", "known"})
OF_PEOPLE = frozenset({"trade", "language", "time", "known"})
ANIMALS = frozenset({Trade.DAIRY.value, Trade.SMALL.value})
RELATED = frozenset({ANIMALS, frozenset({Trade.DAIRY.value, Trade.FIELDS.value})})
TO = ("seeker", "coach", "coordinator")


class AlreadyOpen(Exception):
    """A run of this programme is under way or waits for a decision."""


class NotADraft(Exception):
    """It is released, dropped, or not ready yet."""


class NotProven(Exception):
    """Its certificate does not hold: nothing of it may be released."""


# ── One run ──────────────────────────────────────────────────────────────────────────────────────────────


def begin(programme: "Programme", by: "User", *, now: datetime) -> MatchRun:
    """Have the worker look for pairs."""
    from mentors.tasks import work_off_run

    try:
        with transaction.atomic():
            run = MatchRun.objects.create(
                programme=programme, begun_by=by, begun_at=now, state_at=now, seed=secrets.randbelow(2**31)
            )
    except IntegrityError:
        raise AlreadyOpen from None
    transaction.on_commit(lambda: work_off_run.delay(str(run.pk)), robust=True)
    return run


def work(uid: UUID, *, now: datetime) -> None:
    """Find the best answer, prove it and keep it as a draft. Twice is once: only one worker takes a run."""
    waiting = MatchRun.objects.filter(pk=uid, state=MatchRun.State.WAITING)
    if not waiting.update(state=MatchRun.State.WORKING, state_at=now):
        return
    run = MatchRun.objects.select_related("programme").get(pk=uid)
    try:
        _draft(run, now)
    except Exception:
        logger.exception("The run %s did not end", uid)
        MatchRun.objects.filter(pk=uid).update(state=MatchRun.State.FAILED, state_at=now)


def catch_up(now: datetime) -> int:
    """Do what a lost task or a killed worker left; what kills every worker is given up after an hour."""
    left = MatchRun.objects.filter(
        state__in=[MatchRun.State.WAITING, MatchRun.State.WORKING], state_at__lt=now - FORGOTTEN
    )
    left.filter(begun_at__lt=now - HOPELESS).update(state=MatchRun.State.FAILED, state_at=now)
    again = list(left.filter(begun_at__gte=now - HOPELESS))
    for run in again:
        MatchRun.objects.filter(pk=run.pk).update(state=MatchRun.State.WAITING, state_at=now)
        work(run.pk, now=now)
    return len(again)


@transaction.atomic
def release(run: MatchRun, by: "User", *, now: datetime) -> int:
    """Ask everybody of a draft who was not left out, and say how many. Nothing is released without proof."""
    run = _locked(run)
    if not run.certified:
        raise NotProven
    # What the safeguarding lead said since it was drafted holds for it, too.
    safety.heed(run.programme, Proposal.objects.filter(run=run), now=now)
    asked = 0
    for proposal in Proposal.objects.filter(run=run, state=Proposal.State.DRAFTED):
        busy = Proposal.objects.filter(person=proposal.person_id, state__in=coaches.ASKING).exists()
        bonded = Bond.objects.filter(person=proposal.person_id, ended_at=None).exists()
        proposal.state = Proposal.State.WITHDRAWN if busy or bonded else Proposal.State.ASKED
        proposal.at = now
        proposal.save(update_fields=["state", "at"])
        asked += proposal.state == Proposal.State.ASKED
    run.state, run.released_by, run.state_at = MatchRun.State.RELEASED, by, now
    run.save(update_fields=["state", "released_by", "state_at"])
    return asked


@transaction.atomic
def drop(run: MatchRun, *, now: datetime) -> None:
    """Nobody is asked. What was drafted goes."""
    run = _locked(run)
    Proposal.objects.filter(run=run).delete()
    Waits.objects.filter(run=run).delete()
    run.state, run.state_at = MatchRun.State.DROPPED, now
    run.save(update_fields=["state", "state_at"])


@transaction.atomic
def leave_out(proposal: Proposal, by: "User", reason: str, *, now: datetime) -> None:
    """The coordinator knows better about one pair, and says why."""
    _locked(proposal.run)
    proposal.state, proposal.by, proposal.reason, proposal.at = Proposal.State.LEFT_OUT, by, reason, now
    proposal.save(update_fields=["state", "by", "reason", "at"])


@transaction.atomic
def put_back(proposal: Proposal, *, now: datetime) -> None:
    """They are asked after all."""
    _locked(proposal.run)
    proposal.state, proposal.by, proposal.reason, proposal.at = Proposal.State.DRAFTED, None, "", now
    proposal.save(update_fields=["state", "by", "reason", "at"])


def open_in(programme: "Programme") -> MatchRun | None:
    """The run that is under way or waits for a decision."""
    return MatchRun.objects.filter(programme=programme, state__in=OPEN).first()


def last_in(programme: "Programme") -> MatchRun | None:
    """The run whose people were asked last."""
    return (
        MatchRun.objects.filter(programme=programme, state=MatchRun.State.RELEASED)
        .order_by("-state_at")
        .first()
    )


def policy_of(programme: "Programme") -> tuple[int, matching.Policy]:
    """The version that holds and what it says; 0 is the one that comes with the software."""
    last = MatchPolicy.objects.filter(programme=programme).order_by("-version").first()
    if last is None:
        return 0, matching.Policy(related_trades=RELATED)
    values = dict(last.values)
    points = matching.Points(**values.pop("points", {}))
    return last.version, matching.Policy(points=points, related_trades=RELATED, **values)


def _locked(run: MatchRun) -> MatchRun:
    found = MatchRun.objects.select_for_update().get(pk=run.pk)
    if found.state != MatchRun.State.DRAFT:
        raise NotADraft
    return found


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def _draft(run: MatchRun, now: datetime) -> None:
    run.policy, policy = policy_of(run.programme)
    problem = gather(run.programme, policy, run.seed, now=now)
    result = matching.match(problem)
    proof = matching.verify(problem, result)
    wanted = recruiting.wanted(problem, result, run.programme.time_zone, monday=times.coming_monday(now))
    told = {str(one.person_id): one for one in MatchNeeds.objects.filter(programme=run.programme)}
    with transaction.atomic():
        _keep_proposals(run, problem, result, told, now)
        Waits.objects.bulk_create(
            Waits(
                run=run,
                person_id=UUID(one.seeker),
                tier=needs.tier(told[one.seeker], now=now),
                suitable=one.suitable,
                rule=one.rule,
                hint=one.hint,
                at=now,
            )
            for one in result.waiting
        )
        run.digest, run.certified = result.stats.digest, proof.ok
        run.primal, run.dual = str(proof.primal), str(proof.dual)
        run.stats = {**asdict(result.stats), "wanted": wanted}
        run.state, run.state_at = MatchRun.State.DRAFT, now
        run.save()


def _keep_proposals(
    run: MatchRun,
    problem: matching.Problem,
    result: matching.MatchResult,
    told: dict[str, MatchNeeds],
    now: datetime,
) -> None:
    """Each with at most three coaches: the one of the best answer, and two more with a free seat."""
    proposals, options = [], []
    for pair in result.pairs:
        proposal = Proposal(
            run=run,
            person_id=UUID(pair.seeker.id),
            needs_version=told[pair.seeker.id].version,
            tier=pair.tier,
            at=now,
        )
        others = [
            one.offer
            for one in matching.shortlist(problem, result, pair.seeker.id)
            if one.offer.id != pair.offer.id
        ]
        proposals.append(proposal)
        for rank, offer in enumerate([pair.offer, *others[:2]]):
            seen = matching.pair(problem, pair.seeker, offer)
            options.append(
                ProposedCoach(
                    proposal=proposal,
                    coach_id=int(offer.id),
                    rank=rank,
                    points=seen.score.total,
                    told={to: [[one.code, one.values] for one in matching.explain(seen, to)] for to in TO},
                    at=now,
                )
            )
    Proposal.objects.bulk_create(proposals)
    ProposedCoach.objects.bulk_create(options)


def gather(programme: "Programme", policy: matching.Policy, seed: int, *, now: datetime) -> matching.Problem:
    """Who looks and who offers in a programme now, as plain values."""
    monday, today = times.coming_monday(now), now.date()
    looking = needs.told_in(programme).select_related("person")
    leads = frozenset(access.watching(programme))
    offering = coaches.active_in(programme)
    open_bonds = Bond.objects.filter(programme=programme, ended_at=None)
    held = coaches.holding().filter(proposal__run__programme=programme)
    return matching.Problem(
        seekers=tuple(_seeker(one, leads, now, monday) for one in looking),
        offers=tuple(_offer(one, today, monday) for one in offering),
        policy=policy,
        seed=seed,
        places=districts.places(),
        bonds=frozenset(matching.Bond(str(bond.person_id), str(bond.coach_id)) for bond in open_bonds),
        holds=frozenset(
            matching.Hold(str(person), str(coach))
            for person, coach in held.values_list("proposal__person", "coach")
        ),
        exclusions=frozenset(_apart(programme)),
    )


def _seeker(told: MatchNeeds, leads: frozenset[int], now: datetime, monday: date) -> matching.Seeker:
    return matching.Seeker(
        id=str(told.person_id),
        gender=told.gender,
        mother=told.mother,
        languages=frozenset(told.languages),
        wish=told.wish,
        district=told.district,
        village=_folded(told.village),
        not_same_village=told.not_same_village,
        reach_km=told.reach_km,
        remote=told.remote,
        slots=times.hours(told.slots, told.person.time_zone, monday=monday),
        trade=told.trade,
        trauma=told.trauma,
        tier=needs.tier(told, now=now),
        under_18=told.person.age == needs.YOUNG,
        agreed_by_safeguarding=told.agreed_by_id in leads,
        shows=OF_PEOPLE,
    )


def _offer(told: CoachProfile, today: date, monday: date) -> matching.Offer:
    return matching.Offer(
        id=str(told.coach_id),
        gender=told.gender,
        mother=told.mother,
        languages=frozenset(told.languages),
        walks_with=told.walks_with,
        district=told.district,
        village=_folded(told.village),
        not_same_village=told.not_same_village,
        reach_km=told.reach_km,
        remote=told.remote,
        slots=times.hours(told.slots, told.time_zone, monday=monday),
        trades=tuple(sorted(told.trades.items())),
        trauma_informed=told.trauma_informed_until is not None and told.trauma_informed_until >= today,
        ready=coaches.is_ready(told, today=today),
        comfortable=told.comfortable,
        largest=told.largest,
        shows=OF_COACHES,
    )


def _folded(village: str) -> str:
    """One village however it is typed: without spaces and capitals."""
    return "".join(village.casefold().split())


def _apart(programme: "Programme") -> Iterator[frozenset[str]]:
    """Pairs not to be proposed: the safeguarding lead said so, or one of the two, of needs as they are."""
    for person, coach in Exclusion.objects.filter(programme=programme).values_list("person", "coach"):
        yield frozenset((str(person), str(coach)))
    versions = dict(MatchNeeds.objects.filter(programme=programme).values_list("person", "version"))
    said_no = ProposedCoach.objects.filter(
        proposal__run__programme=programme,
        proposal__state__in=[Proposal.State.DECLINED, Proposal.State.REFUSED],
    ).select_related("proposal")
    for one in said_no:
        proposal = one.proposal
        if proposal.needs_version != versions.get(proposal.person_id):
            continue
        if proposal.state == Proposal.State.DECLINED or one.rank == proposal.chosen:
            yield frozenset((str(proposal.person_id), str(one.coach_id)))
