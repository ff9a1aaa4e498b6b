"""Runs of the matching: begun by a coordinator, done by the worker, proven, released by a human.

What is computed stands in `mentors.matching`, which knows no database. A draft moves nobody: a released
proposal asks somebody, and only two yeses make a bond (`mentors.asking`).
"""

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from courses import districts
from mentors import access, bonds, coaches, matching, needs, policy, recruiting, safety, times
from mentors.models.bonds import Bond
from mentors.models.coaching import CoachProfile, Exclusion, MatchNeeds
from mentors.models.matching import MatchRun, Proposal, ProposedCoach, Waits

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
A_YEAR = timedelta(weeks=52)
A_WEEK = timedelta(weeks=1)
TO = ("seeker", "coach", "coordinator")


class AlreadyOpen(Exception):
    """A run of this programme is under way or waits for a decision."""


class NotADraft(Exception):
    """It is released, dropped, or not ready yet."""


class NothingToTry(Exception):
    """No policy waits for its second signature."""


class NotProven(Exception):
    """Its certificate does not hold: nothing of it may be released."""


# ── One run ──────────────────────────────────────────────────────────────────────────────────────────────


def begin(programme: "Programme", by: "User", *, now: datetime) -> MatchRun:
    """Have the worker look for pairs."""
    return _begin(programme, by, now)


def try_out(programme: "Programme", by: "User", *, now: datetime) -> MatchRun:
    """Have the worker find what the policy that waits would change today. Nobody is asked because of it."""
    waiting = policy.waiting_in(programme)
    if waiting is None:
        raise NothingToTry
    return _begin(programme, by, now, trial=True, policy=waiting.version)


def tried(programme: "Programme", version: int) -> MatchRun | None:
    """The last trial of a version."""
    trials = MatchRun.objects.filter(programme=programme, trial=True, policy=version)
    return trials.order_by("-begun_at").first()


def _begin(programme: "Programme", by: "User", now: datetime, **more: object) -> MatchRun:
    from mentors.tasks import work_off_run

    seed = secrets.randbelow(2**31)
    try:
        with transaction.atomic():
            run = MatchRun.objects.create(
                programme=programme, begun_by=by, begun_at=now, state_at=now, seed=seed, **more
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
        (_try if run.trial else _draft)(run, now)
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
        bonded = not bonds.may_begin(proposal.person_id)
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
    return MatchRun.objects.filter(programme=programme, state__in=OPEN, trial=False).first()


def last_in(programme: "Programme") -> MatchRun | None:
    """The run whose people were asked last."""
    return (
        MatchRun.objects.filter(programme=programme, state=MatchRun.State.RELEASED)
        .order_by("-state_at")
        .first()
    )


def _locked(run: MatchRun) -> MatchRun:
    found = MatchRun.objects.select_for_update().get(pk=run.pk)
    if found.state != MatchRun.State.DRAFT:
        raise NotADraft
    return found


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────


def _draft(run: MatchRun, now: datetime) -> None:
    run.policy, held = policy.holds_in(run.programme)
    problem, result = _answer(run, held, now)
    proof = matching.verify(problem, result)
    wanted = recruiting.wanted(problem, result, run.programme.time_zone, monday=times.coming_monday(now))
    told = {str(one.person_id): one for one in MatchNeeds.objects.filter(programme=run.programme)}
    with transaction.atomic():
        _keep_proposals(run, problem, result, told, now)
        Waits.objects.bulk_create(
            Waits(
                run=run,
                person_id=UUID(one.seeker),
                tier=_tier(told[one.seeker], held, now),
                suitable=one.suitable,
                rule=one.reason if one.reason == "held" else one.rule,
                hint=one.hint,
                at=now,
            )
            for one in result.waiting
        )
        _prove(run, result, proof)
        run.stats = {**_numbers(problem, result), "wanted": wanted}
        run.state, run.state_at = MatchRun.State.DRAFT, now
        run.save()


def _try(run: MatchRun, now: datetime) -> None:
    """What the policy that holds finds today, beside what the one that waits would find: numbers alone."""
    version, held = policy.holds_in(run.programme)
    waiting = policy.of_version(run.programme, run.policy)
    problem, result = _answer(run, waiting, now)
    held_problem, held_result = _answer(run, held, now)
    proof = matching.verify(problem, result)
    _prove(run, result, proof)
    then, there = ({pair.seeker.id: pair.offer.id for pair in one.pairs} for one in (result, held_result))
    run.stats = {
        **_numbers(problem, result),
        "held": {"version": version, **_numbers(held_problem, held_result)},
        "differ": sum(then.get(one) != there.get(one) for one in {*then, *there}),
    }
    run.state, run.state_at = MatchRun.State.TRIED, now
    run.save()


def _answer(
    run: MatchRun, decided: matching.Policy, now: datetime
) -> tuple[matching.Problem, matching.MatchResult]:
    problem = matching.due_first(gather(run.programme, decided, run.seed, now=now))
    return problem, matching.match(problem)


def _prove(run: MatchRun, result: matching.MatchResult, proof: matching.Certificate) -> None:
    run.digest, run.certified = result.stats.digest, proof.ok
    run.primal, run.dual = str(proof.primal), str(proof.dual)


def _numbers(problem: matching.Problem, result: matching.MatchResult) -> dict[str, object]:
    held = sum(one.reason == "held" or one.rule == "reserved" for one in result.waiting)
    more = {"expected": len(problem.expected), "waits_a_little": held, "reserve": problem.reserve}
    return {**asdict(result.stats), **more}


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


def gather(programme: "Programme", decided: matching.Policy, seed: int, *, now: datetime) -> matching.Problem:
    """Who looks and who offers in a programme now, and who is expected, as plain values."""
    monday, today = times.coming_monday(now), now.date()
    looking = list(needs.told_in(programme).select_related("person"))
    leads = frozenset(access.watching(programme))
    offering = coaches.active_in(programme)
    open_bonds = Bond.objects.filter(programme=programme, ended_at=None)
    moving = _moving(open_bonds, looking)
    held = coaches.holding().filter(proposal__run__programme=programme)
    return matching.Problem(
        seekers=tuple(_seeker(one, leads, decided, now, monday) for one in looking),
        offers=tuple(_offer(one, today, monday) for one in offering),
        policy=decided,
        seed=seed,
        places=districts.places(),
        bonds=frozenset(_bond(one, moving) for one in open_bonds),
        holds=frozenset(
            matching.Hold(str(person), str(coach))
            for person, coach in held.values_list("proposal__person", "coach")
        ),
        exclusions=frozenset((*_apart(programme), *_walk_already(open_bonds, moving))),
        expected=tuple(_expected(programme, decided, leads, now, monday)),
        reserve=decided.hold_weeks > 0 and not has_a_year(programme, now=now),
    )


def has_a_year(programme: "Programme", *, now: datetime) -> bool:
    """Did pairs begin to be looked for here a year ago, so that last year tells who will come?"""
    return MatchRun.objects.filter(programme=programme, trial=False, begun_at__lte=now - A_YEAR).exists()


def year_is_full_on(programme: "Programme") -> date | None:
    """The day from which last year tells who will come; None before anybody looked for pairs."""
    first = MatchRun.objects.filter(programme=programme, trial=False).order_by("begun_at").first()
    return (first.begun_at + A_YEAR).date() if first else None


def _expected(
    programme: "Programme", decided: matching.Policy, leads: frozenset[int], now: datetime, monday: date
) -> Iterator[matching.Seeker]:
    """Stand-ins: who came in the same weeks a year ago, without anything by which they could be known."""
    if not (decided.hold_weeks and has_a_year(programme, now=now)):
        return
    ahead = (now - A_YEAR, now - A_YEAR + decided.ahead_weeks * A_WEEK)
    for number, told in enumerate(needs.arrived_in(programme, *ahead).select_related("person")):
        tier = needs.tier_on_arrival(told)
        like = _seeker(told, leads, decided, now, monday)
        yield replace(like, id=f"expected {number}", village="", tier=tier, weeks=0, shows=frozenset())


def _moving(open_bonds: Iterable[Bond], told: Iterable[MatchNeeds]) -> set[UUID]:
    """Who is to be handed over, and has said since then what they need where they will live."""
    said = {one.person_id: one.at for one in told}
    since = {bond.person_id: bond.handover_wanted_at for bond in open_bonds if bond.handover_wanted_at}
    return {person for person, wanted in since.items() if person in said and said[person] >= wanted}


def _bond(bond: Bond, moving: set[UUID]) -> matching.Bond:
    """It takes its seat. Who is to be handed over looks for somebody all the same."""
    who = f"bond {bond.pk}" if bond.person_id in moving else str(bond.person_id)
    return matching.Bond(who, str(bond.coach_id))


def _walk_already(open_bonds: Iterable[Bond], moving: set[UUID]) -> Iterator[frozenset[str]]:
    """Nobody is handed over to the coach whom they have."""
    for bond in open_bonds:
        if bond.person_id in moving:
            yield frozenset((str(bond.person_id), str(bond.coach_id)))


def _tier(told: MatchNeeds, decided: matching.Policy, now: datetime) -> int:
    return needs.tier(told, now=now, long_wait=decided.long_wait_weeks * A_WEEK)


def _seeker(
    told: MatchNeeds, leads: frozenset[int], decided: matching.Policy, now: datetime, monday: date
) -> matching.Seeker:
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
        tier=_tier(told, decided, now),
        weeks=(now - told.waiting_since) // A_WEEK,
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
