"""What an invented person's phone tells of a lesson, and two who learn to be coaches."""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assessments.marking import right_answer
from courses.models import Rendering
from courses.outline import LessonCard
from lms import consent, intake, phones, signin
from lms.numbers import normalise
from mentors import training

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from mentors.models.coaching import CoachProfile

WHERE = "Three days with the partner in Lahore."
BETWEEN = timedelta(days=4)  # two lessons of the same coach


def train(profile: "CoachProfile", lead: "User", *, now: datetime) -> None:
    """A coach was trained with the partner, and a lead says so."""
    training.by_hand(profile, lead, WHERE, now=now)


def learn(profile: "CoachProfile", number: str, *, lessons: int, began: datetime, now: datetime) -> bool:
    """A coach learns so many lessons of the coach course in their own place; say whether they passed."""
    person = signin.sign_up(
        normalise(number), name=profile.coach.first_name, picture="lamp", age="18+", locale="ur", now=began
    )
    yes = consent.ConsentEntry.Answer.YES
    consent.answer(person, consent.Purpose.RECORD, yes, at=began, locale="ur", heard=True)
    training.begin(profile, person, now=began)
    if taught := training.course():
        _sit_down(person, taught.card.lessons[:lessons], began)
    return training.look(profile, taught, now=now) is not None


def _sit_down(person: "Person", lessons: Iterable[LessonCard], began: datetime) -> None:
    device, _token = phones.issue(person, label="Android", now=began)
    chance, seq = random.Random(person.name), 0  # noqa: S311 - the same world every time
    for number, lesson in enumerate(lessons):
        at = began + BETWEEN * number
        lines = list(sitting(lesson, "ur", at, True, chance, seq, luck=0))
        seq += len(lines)
        intake.receive(person, device, lines, sent_at=None, now=at + timedelta(minutes=30))


def sitting(
    lesson: LessonCard,
    locale: str,
    at: datetime,
    finished: bool,
    chance: random.Random,
    seq: int,
    *,
    luck: float = 0.4,
) -> Iterator[dict[str, Any]]:
    """The lines of one evening. So many of the first answers are not right yet."""
    seen = Rendering.objects.filter(page_key=lesson.key, locale=locale).order_by("-made_at").first()
    if not seen:
        return
    asked = [(block, key) for block, key in seen.keys.items() if key.get("right")]
    steps: list[tuple[str, str | None, Any]] = [("experienced", None, None)]
    for block, key in asked if finished else asked[:1]:
        drawn = chance.random()
        if drawn < luck:
            steps.append(("answered", block, _another_answer(key, chance)))
        if drawn > luck * 3 / 8:  # most try again until it is right
            steps.append(("answered", block, right_answer(key)))
    if finished:
        steps.append(("completed", None, None))
    for number, (verb, block, response) in enumerate(steps):
        moment = at + timedelta(seconds=40 * number)
        yield {
            "id": str(_uuid7(moment, chance)),
            "seq": seq + number,
            "verb": verb,
            "about": lesson.key,
            "block": block,
            "rev": seen.rev,
            "locale": locale,
            "voice": "",
            "at": moment.isoformat(),
            "ms": chance.randrange(4_000, 30_000),
            "response": response,
        }


def _another_answer(key: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """One that is not right yet."""
    right = key["right"]
    if key["kind"] == "order":
        return {"order": [*right[1:], right[0]]}
    if key["kind"] == "pairs":
        halves = list(right.values())
        return {"pairs": dict(zip(right, [*halves[1:], halves[0]], strict=True))}
    if key["kind"] == "number":
        return {"typed": str(round(right["value"] + right["tolerance"]) + chance.randrange(2, 9))}
    others = [option for option in key["options"] if option not in right]
    return {"chosen": [chance.choice(others or right)]}


def _uuid7(at: datetime, chance: random.Random) -> uuid.UUID:
    """Time first, then chance, as phones make them."""
    milliseconds = int(at.timestamp() * 1000)
    bits = milliseconds << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
    return uuid.UUID(int=bits)
