"""Coaches and people who look for one, as they would have said it, for tests of matching."""

from datetime import timedelta

from mentors import coaches, needs, runs, times, training
from mentors.models.coaching import CoachProfile
from mentors.models.matching import MatchRun, Proposal
from tests.cast import NOON, _learner, _staff

EVENINGS = times.bits((day, 2) for day in range(7))
NEXT_YEAR = (NOON + timedelta(days=365)).date()
A_COACH = {
    "gender": "man", "walks_with": "any", "mother": "ur", "languages": [], "district": "okara", "village": "",
    "not_same_village": True, "reach_km": 40, "remote": True, "time_zone": "Asia/Karachi", "slots": EVENINGS,
    "trades": {"dairy": 4}, "comfortable": 2, "largest": 3, "number": "+923001112233",
}  # fmt: skip
A_NEED = {
    "gender": "man", "wish": "any", "mother": "ur", "languages": [], "district": "okara", "village": "",
    "not_same_village": True, "reach_km": 40, "remote": True, "slots": EVENINGS, "trade": "dairy",
}  # fmt: skip


def a_coach(programme, username: str, **said) -> CoachProfile:
    """Somebody who coaches, approved by two."""
    return approved(programme, _staff(programme, username, "coach"), **said)


def approved(programme, user, **said) -> CoachProfile:
    """Somebody who offers to coach, was trained, and whom two have approved."""
    profile = coaches.offer(user, programme, A_COACH | said)
    training.by_hand(profile, _lead(programme, "first-lead"), "With the partner.", now=NOON)
    for lead in ("first", "second"):
        by = _lead(programme, f"{lead}-lead")
        profile = coaches.approve(profile, by, until=NEXT_YEAR, today=NOON.date())
    return profile


def a_seeker(programme, name: str, number: str, **said):
    """Somebody who would like a coach."""
    person = _learner(programme, name, number, said={"record": "yes", "coach": "yes"})
    needs.tell(person, programme, A_NEED | said, now=NOON)
    return person


def a_draft(programme, by) -> MatchRun:
    """A run that the worker has done."""
    run = runs.begin(programme, by, now=NOON)
    runs.work(run.pk, now=NOON)
    run.refresh_from_db()
    return run


def asked(programme, by, person) -> Proposal:
    """What somebody is asked after a run was released."""
    run = a_draft(programme, by)
    runs.release(run, by, now=NOON)
    return Proposal.objects.get(run=run, person=person)


def _lead(programme, username: str):
    from lms.models.people import User

    return User.objects.filter(username=username).first() or _staff(programme, username, "lead")
