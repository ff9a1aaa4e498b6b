"""What a person's own place says first about their coach: that they are asked, or what has changed."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from lms import waiting
from lms.waiting import Waits
from mentors import asking, bonds, needs
from mentors.models.bonds import Bond
from mentors.models.matching import Proposal

if TYPE_CHECKING:
    from lms.models.people import Person

PAGE = "looks:coach"
LEFT = gettext_noop("Your coach cannot go on. It is not because of you. We are looking for a new one.")
WHERE = gettext_noop("When you move: say where you will live, and we look for a coach there.")
HANDED_OVER = gettext_noop("You know each other well by now: your new coach goes on with you alone.")


@waiting.register
def about_a_coach(person: "Person", now: datetime) -> list[Waits]:
    """One sentence at most: what is asked goes before what is told."""
    proposal = asking.asked(person, now=now)
    if proposal and proposal.state == Proposal.State.ASKED:
        sentence = asking.until(proposal, person.time_zone, now=now)
        return [Waits(sentence, PAGE)] if sentence else []
    there, before = bonds.now_and_before(person)
    if there and there.handover_wanted_at and not needs.said_since(person, there.handover_wanted_at):
        return [Waits(WHERE, PAGE)]
    sentence = _news(there, before, now)
    return [Waits(sentence, PAGE, is_news=True)] if sentence else []


def news(person: "Person", *, now: datetime) -> str:
    """A warm word about what ended lately, as long as it is so."""
    return _news(*bonds.now_and_before(person), now)


def _news(there: Bond | None, last: Bond | None, now: datetime) -> str:
    if last is None or last.ended_at is None or last.ended_at < now - bonds.LATELY:
        return ""
    if last.ended_why == Bond.Why.COACH_LEFT and there is None:
        return LEFT
    return HANDED_OVER if last.ended_why == Bond.Why.HANDED_OVER and there else ""


def spoken() -> list[tuple[str, str]]:
    """All of these sentences."""
    return [(words, "") for words in (*asking.UNTIL, LEFT, HANDED_OVER, WHERE)]
