"""A coach's calls on their own phone: who is to be called, and what is written down without a network.

The list tells little (initials, district, the next step) and lies on the phone sealed under a PIN of the
coach's; the page that opens it is the same for everybody. A talk that is written down there comes as a line
about somebody else (`lms.about_others`), in a seal, through the door that all lines come through.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop
from pydantic import BaseModel, Field, ValidationError

from courses import districts, fixed
from lms import about_others, seal
from mentors import access, cadence, contacts, needs
from mentors.models.contacts import BEST, LONGEST_NOTE, LONGEST_STEP, MOST_CREDIT, WORST, Contact

if TYPE_CHECKING:
    from lms.models.people import User

PAGE = "calls"
FARTHEST = 100  # days until a talk that is agreed: within a quarter
LONGEST_AGO = 366  # days
TITLE = gettext_noop("My calls")
HOW = gettext_noop("Type your PIN. The list opens without a network.")
NONE = gettext_noop("There is no list on this phone yet. Bring it from your desk while there is a network.")


class Talk(BaseModel, extra="forbid", strict=True):
    """What a phone tells of a talk. Days are counted from the phone's today, so its calendar may be wrong."""

    kind: str
    topic: str = ""
    mood: int | None = Field(None, ge=WORST, le=BEST)
    next_step: str = Field("", max_length=LONGEST_STEP)
    note: str = Field("", max_length=LONGEST_NOTE)
    credit: int = Field(0, ge=0, le=MOST_CREDIT)
    days_ago: int = Field(0, ge=0, le=LONGEST_AGO)
    next_in: int | None = Field(None, ge=0, le=FARTHEST)


def listed(coach: "User", *, now: datetime) -> list[dict[str, Any]]:
    """Who is to be called, first on top: as much as may lie on a phone. Each of them can read that it did."""
    people = access.caseload(coach, now=now)
    walks = contacts.in_touch(contacts.first_to_call(access.bonds_of(coach, people)), now=now)
    where = needs.districts_of(people)
    language = get_language() or "en"
    named = {person: districts.name(key, language) for person, key in where.items()}
    return [_row(walk, named.get(walk.bond.person_id, "")) for walk in walks]


def initials(name: str) -> str:
    """The first letters of at most two words: enough for who knows them, and little for anybody else."""
    return " ".join(word[0].upper() for word in name.split()[:2])


def read(what: object) -> Talk:
    """A talk as a phone tells of it; raises NotTold."""
    try:
        talk = Talk.model_validate(what)
    except ValidationError:
        raise about_others.NotTold from None
    if talk.kind not in Contact.Kind.values or talk.topic not in {"", *Contact.Topic.values}:
        raise about_others.NotTold
    return talk


def tell(told: about_others.Told) -> bool:
    """Write down a talk that a phone tells of, if the two walked together then."""
    talk = read(told.what)
    bond = access.walked_then(told.author, told.subject, told.at)
    if bond is None:
        return False
    day = cadence.day(told.at, bond.person.time_zone)
    began = cadence.day(bond.began_at, bond.person.time_zone)
    if contacts.keep(bond, told.uid, _said(talk, day, began), now=told.now) is None:
        raise about_others.NotTold
    return True


def _row(walk: contacts.Walk, district: str) -> dict[str, Any]:
    bond, last = walk.bond, walk.last
    return {
        "uid": str(bond.person_id),
        "who": initials(bond.person.name),
        "where": district,
        "step": last.next_step if last else "",
        "due": bond.due_on.isoformat() if bond.due_on else "",
        "asks": walk.wants_call,
    }


def _said(talk: Talk, day: date, began: date) -> dict[str, Any]:
    said = talk.model_dump(exclude={"days_ago", "next_in"})
    agreed = day + timedelta(days=talk.next_in) if talk.next_in is not None else None
    return said | {"on": max(day - timedelta(days=talk.days_ago), began), "next_on": agreed}


def _values() -> dict[str, Any]:
    """What the page needs, in the language that is spoken now."""
    return {
        "how": HOW,
        "none": NONE,
        "seal": seal.public(),
        "kinds": Contact.Kind.choices,
        "topics": Contact.Topic.choices,
        "moods": range(WORST, BEST + 1),
        "longest": {"step": LONGEST_STEP, "note": LONGEST_NOTE, "ago": LONGEST_AGO, "next": FARTHEST},
    }


def spoken() -> Iterable[str]:
    """What the page says aloud."""
    return (TITLE, HOW, NONE)


about_others.register(about_others.CONTACT, tell)
fixed.register(
    PAGE,
    template="mentors/calls/page.html",
    title=gettext_lazy(TITLE),
    sentences=tuple(spoken()),
    values=_values,
    apart=True,
)
