"""What the coaches of the invented world wrote down since they walk with people, made by the real verb."""

import random
import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentors import access, bonds, cadence, contacts
from mentors.models.bonds import Bond
from mentors.models.contacts import Contact

ASKS = "Shazia"  # she has no credit, and would like to be called
TALKS = [  # topic, mood, what was agreed, the next small step
    ("hello", 3, "Much noise in the house; evenings after eight are best.", "Call after eight"),
    ("animals", 4, "Two buffaloes, one in milk. Knows a vet but has no number.", "Get the vet's number"),
    ("money", 2, "A shopkeeper wants the whole sum before he delivers.", "Ask for a written price first"),
    (
        "lessons",
        4,
        "Heard the lesson about clean milk together with the mother.",
        "The next lesson, on Friday",
    ),
    ("family", 3, "The brother would like to help with the animals.", "Share the work for one week"),
    ("animals", 5, "The calf drinks well, everybody is proud.", "Write down milk for seven days"),
    ("papers", 3, "The phone has to be registered this month.", "Ask at the shop what it needs"),
]


def invent(*, now: datetime) -> int:
    """Talks of every bond since it began; some are late, some were tried. Only into a world without any."""
    if Contact.objects.exists():
        return 0
    chance = random.Random("talks")  # noqa: S311 - the same world every time
    for bond in Bond.objects.filter(ended_at=None).select_related("coach", "person").order_by("pk"):
        if access.learners_of(bond.coach).filter(pk=bond.person_id).exists():
            _talks(bond, chance, now)
        if bond.person.name == ASKS:
            bonds.ask_for_call(Bond.objects.get(pk=bond.pk), wanted=True, now=now - timedelta(hours=20))
    return Contact.objects.count()


def _talks(bond: Bond, chance: random.Random, now: datetime) -> None:
    zone = bond.person.time_zone
    began, today = cadence.day(bond.began_at, zone), cadence.day(now, zone)
    last: date | None = None
    for n in range(chance.choice([3, 6, *[400] * 4])):
        due = cadence.next_on(began, last)
        if due is None or (on := due + timedelta(days=chance.choice([-2, -1, 0, 0, 1, 3]))) > today:
            return
        on = max(on, began)
        if chance.random() < 0.2:
            _log(bond, on, f"{n}-missed", {"kind": "missed"})
        topic, mood, note, step = TALKS[0] if last is None else chance.choice(TALKS[1:])
        said = {
            "kind": chance.choice(["call", "call", "met"]),
            "topic": topic,
            "mood": mood,
            "note": note,
            "next_step": step,
            "credit": chance.choice([0, 0, 20, 35]),
        }
        _log(bond, on, str(n), said)
        last = on


def _log(bond: Bond, on: date, name: str, said: dict) -> None:
    form = uuid.uuid5(uuid.NAMESPACE_OID, f"{bond.pk} {name}")
    evening = datetime.combine(on, time(19), ZoneInfo(bond.person.time_zone))
    contacts.log(bond.coach, bond.person_id, form, {**said, "on": on}, now=evening)
