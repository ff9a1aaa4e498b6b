"""Where people of the invented world are on their way: somebody at every stage, said by the real verbs."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lms import signin, way
from lms.journey import Dates, Ending, Plan
from lms.numbers import normalise

if TYPE_CHECKING:
    from lms.models.people import Person

UNDECIDED, NO_DAY = "undecided", "no day"

# Days until somebody leaves; below zero, since they came home. And what of their list is done.
SAID: dict[str, tuple[int | str, str]] = {
    "Amina": (18, "family-call papers names-alike"),
    "Gul": (UNDECIDED, ""),
    "Farid": (-40, "new-number tell-coach"),
    "Imran": (4, "family-call papers pension-number keep-lessons key-card"),
    "Rabia": (-6, "new-number"),
    "Yusuf": (-45, "new-number tell-coach make-a-plan"),
    "Shazia": (Plan.HOME.value, ""),
    "Nasreen": (-200, "new-number register-phone first-numbers"),
    "Tahir": (-500, "new-number register-phone make-a-plan"),
    "Saima": (-1150, "new-number pension-refund"),
    "Waqas": (-90, ""),
    "Zainab": (UNDECIDED, ""),
    "Bashir": (NO_DAY, "talk-it-over"),
}
MOVED_ON = "Waqas"


def invent(numbers: Iterable[tuple[str, str]], *, began: datetime, now: datetime) -> None:
    """What each of these said of their way, by name and number; of others, chance says it."""
    chance = random.Random("ways")  # noqa: S311 - the same world every time
    for name, number in numbers:
        opened = signin.way_of(normalise(number))
        if opened:
            said, done = SAID.get(name, (_anywhere(chance), ""))
            _walk(opened.person, said, done.split(), began, now)
            if name == MOVED_ON:
                way.end(opened.person, Ending.MOVED_ON, now=now - timedelta(days=10))
    way.sweep(now)


def _anywhere(chance: random.Random) -> int | str:
    stays = chance.random() < 0.25
    return UNDECIDED if stays else chance.choice([chance.randrange(5, 120), -chance.randrange(3, 900)])


def _walk(person: "Person", said: int | str, done: list[str], began: datetime, now: datetime) -> None:
    """They said it when the world began; who came home since then said so on that day."""
    if said == Plan.HOME.value:
        way.arrive(person, None, now=began)
    elif isinstance(said, str):
        way.say(person, Dates(Plan.GOING) if said == NO_DAY else Dates(), now=began)
    elif (moment := now + timedelta(days=said)) < began:
        way.arrive(person, moment.date(), now=began)
    else:
        way.say(person, Dates(Plan.GOING, way.today_of(person, moment)), now=began)
        if said < 0:
            way.arrive(person, None, now=moment)
    if journey := way.of(person):
        for task in done:
            way.tick_off(journey, task, now=now - timedelta(days=1))
