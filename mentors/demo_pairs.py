"""Sixty who look for a coach and fourteen who offer, for the invented world: made by the real verbs.

Bilal passed the check of the coach course, the others were trained elsewhere, Naveed is in the middle of it.
The programme decided how, and a new version waits for a second signature. Three weeks ago the first were
asked, then somebody who goes home was handed over to a coach there, and two days ago the next were asked, of
whom some have not answered yet. The last is a draft: proven, and waiting for the lead.
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password

from courses import districts
from lms import consent, programmes, signin, staff
from lms.numbers import normalise
from mentors import (
    asking,
    bonds,
    coaches,
    demo_learning,
    needs,
    policy,
    runs,
    times,
)
from mentors.models.matching import MatchRun, Proposal

if TYPE_CHECKING:
    from lms.models.people import Person, User
    from lms.models.programme import Programme
    from mentors.models.coaching import CoachProfile

MOVES = ("Imran", "03000000004")  # he walks with Bilal, goes home, and is handed over to a coach there
ASKED = ("Parveen", "03000000101")  # who has not answered yet, so that whoever looks around can
MEN = (
    *("Aslam", "Babar", "Danyal", "Ejaz", "Faisal", "Ghulam", "Haris", "Iqbal", "Jamil"),
    *("Khalid", "Latif", "Majid", "Nadeem", "Omar", "Qasim", "Rashid"),
)
WOMEN = ["Parveen", "Asma", "Bushra", "Fozia", "Hina", "Kiran", "Lubna"]
HOW_MANY, WOMEN_AMONG = 60, 7
YOUNG = 57  # 16 years old, and waits for the safeguarding lead's yes
FIRST, HANDED, SECOND = timedelta(days=21), timedelta(days=12), timedelta(days=2)
IN_PUNJAB = ["pnb"] * 7 + ["ur"] * 2 + ["skr"]
TRADES = ["dairy"] * 9 + ["shop", "driving", "small"]
AFAR = {"zone": "Europe/Berlin", "reach_km": 0}  # they stayed, and talk by phone

# Username, woman, district, trade and years, comfortable and largest, and what is special.
Said = tuple[str, bool, str, tuple[str, int], tuple[int, int], dict[str, Any]]
BILAL: Said = ("bilal", False, "okara", ("dairy", 6), (12, 14), {})
BILAL_LEARNS = "03000000201"  # the number of his own place
NAVEED: Said = (
    "naveed",
    False,
    "kasur",
    ("dairy", 2),
    (2, 3),
    {},
)  # who is in the middle of the coach course
NAVEED_LEARNS = "03000000202"
COACHES: list[Said] = [
    ("maryam", True, "okara", ("dairy", 5), (3, 4), {}),
    ("saira", True, "", ("shop", 7), (2, 3), AFAR),
    ("nazia", True, "lahore", ("small", 3), (2, 2), {}),
    ("akram", False, "gujrat", ("dairy", 9), (4, 6), {}),
    ("bashir", False, "sialkot", ("dairy", 4), (4, 5), {}),
    ("danish", False, "", ("driving", 6), (3, 5), AFAR),
    ("fahad", False, "faisalabad", ("dairy", 3), (4, 6), {}),
    ("ghani", False, "multan", ("fields", 12), (3, 5), {}),
    ("habib", False, "jhelum", ("shop", 8), (3, 4), {}),
    ("javed", False, "sahiwal", ("dairy", 6), (4, 6), {}),
    ("kamran", False, "sargodha", ("craft", 10), (3, 4), {}),
    ("liaqat", False, "gujranwala", ("dairy", 2), (3, 5), {}),
    ("waqar", False, "rawalpindi", ("driving", 5), (2, 4), {}),
]


def invent(
    programme: "Programme", bilal: "User", leads: tuple["User", "User"], password: str, *, now: datetime
) -> list[str]:
    """Make them all, unless they are there; say who is new."""
    if signin.way_of(normalise(ASKED[1])):
        return []
    began, chance = now - timedelta(weeks=8), random.Random("pairs")  # noqa: S311 - the same world every time
    profile = _offer(bilal, programme, BILAL, chance)
    demo_learning.learn(profile, BILAL_LEARNS, lessons=9, began=began, now=now)
    _say_yes(profile, leads, now)
    hashed = make_password(password)
    for one in COACHES:
        _say_yes(_offer(_coach(one[0], programme, hashed, began), programme, one, chance), leads, now)
    # Whoever asked last draws from a chance of his own, so that nobody else's life changes.
    naveed = _offer(_coach(NAVEED[0], programme, hashed, began), programme, NAVEED, random.Random("naveed"))  # noqa: S311
    demo_learning.learn(naveed, NAVEED_LEARNS, lessons=5, began=now - FIRST, now=now)
    everybody = list(_people(programme, chance, began))
    late = everybody[0::3]  # Parveen, who comes first, is among them
    early = [one for one in everybody if one not in late]
    _ask(programme, leads[0], early, chance, now - FIRST)
    _ask(programme, leads[0], [_moving(chance, now)], chance, now - HANDED)
    some = len(late) * 2 // 3
    _ask(programme, leads[0], late[:some], chance, now - SECOND, answered=0.5)
    for person, said in late[some:]:
        needs.tell(person, programme, said, now=now - timedelta(hours=5))
    _draft(programme, leads[0], now - timedelta(hours=1))
    return [person.name for person, _ in everybody]


def decide(programme: "Programme", lead: "User", coordinator: "User", *, now: datetime) -> None:
    """A policy of their own, which both have signed; and a second version that waits for the lead."""
    if policy.holds_in(programme)[0]:
        return
    own = replace(policy.AS_IT_COMES, long_wait_weeks=10)
    written = policy.write(programme, lead, own, now=now - timedelta(weeks=7))
    policy.sign(written, coordinator, now=now - timedelta(weeks=7) + timedelta(hours=5))
    nearer = replace(own.points, trade=180, language=220, place=220, stage=20)
    policy.write(
        programme, coordinator, replace(own, points=nearer, hold_weeks=1), now=now - timedelta(days=1)
    )


def _moving(chance: random.Random, now: datetime) -> tuple["Person", dict[str, Any]]:
    """Somebody who walks with a coach, goes home soon, and says where that will be."""
    way = signin.way_of(normalise(MOVES[1]))
    if way is None:
        raise LookupError("Who moves has not moved in yet.")
    bond = bonds.present(way.person)
    if bond:
        bonds.want_handover(bond, by=None, now=now - HANDED - timedelta(days=30))
    return way.person, {
        "gender": "man", "wish": "any", "mother": "pnb", "languages": ["ur"], "district": "gujrat",
        "village": "", "not_same_village": True, "reach_km": 40, "remote": True, "slots": _free(chance, 12),
        "trade": "dairy",
    }  # fmt: skip


def number_of(n: int) -> str:
    """Of the nth of the sixty."""
    return f"030000001{n + 1:02}"


def _coach(username: str, programme: "Programme", hashed: str, began: datetime) -> "User":
    user, _ = cast("type[User]", get_user_model()).objects.get_or_create(
        username=username, defaults={"password": hashed, "is_staff": True, "first_name": username.title()}
    )
    staff.enrol_demo(user)
    programmes.appoint(user, programme, programmes.Role.COACH, at=began)
    return user


def _offer(
    user: "User",
    programme: "Programme",
    one: Said,
    chance: random.Random,
) -> "CoachProfile":
    _, woman, district, (trade, years), (comfortable, largest), special = one
    said = {
        "gender": "woman" if woman else "man",
        "walks_with": "same" if woman else "any",
        "mother": "ur" if special else chance.choice(IN_PUNJAB),
        "languages": ["ur", "pnb", "de"] if special else ["ur", "pnb"],
        "district": district,
        "village": f"Chak {chance.randrange(1, 400)}",
        "not_same_village": True,
        "reach_km": special.get("reach_km", 50),
        "remote": True,
        "time_zone": special.get("zone", programme.time_zone),
        "slots": _free(chance, 8),
        "trades": {trade: years},
        "comfortable": comfortable,
        "largest": largest,
        # Who stayed abroad came through the association of those who come from the same place.
        "brought_by": programme.partners.filter(kind="home-town").first() if special else None,
    }
    return coaches.offer(user, programme, said)


def _say_yes(profile: "CoachProfile", leads: tuple["User", "User"], now: datetime) -> None:
    """Two leads say yes to a coach, who was trained elsewhere unless they passed the check."""
    if not coaches.is_trained(profile, today=now.date()):
        demo_learning.train(profile, leads[0], now=now)
    for lead in leads:
        coaches.approve(profile, lead, until=(now + timedelta(days=300)).date(), today=now.date())
        profile.refresh_from_db()


def _people(
    programme: "Programme", chance: random.Random, began: datetime
) -> Iterator[tuple["Person", dict[str, Any]]]:
    there = sorted(districts.places())
    for n in range(HOW_MANY):
        woman = n < WOMEN_AMONG
        name = WOMEN[n] if woman else MEN[n % len(MEN)]
        number = normalise(number_of(n))
        person = signin.sign_up(
            number, name=name, picture=chance.choice(["kite", "mango", "bird", "lamp", "pot", "tree"]),
            age="16-17" if n == YOUNG else "18+", locale="ur", now=began,
        )  # fmt: skip
        programmes.join(person, programme, at=began)
        for purpose in ("record", "coach", "count"):
            consent.answer(
                person, consent.Purpose(purpose), consent.ConsentEntry.Answer.YES, at=began, locale="ur",
                heard=True,
            )  # fmt: skip
        meets = chance.random() < 0.15 and n
        yield (
            person,
            {
                "gender": "woman" if woman else "man",
                "wish": "" if woman and n % 3 else "any",
                "mother": chance.choice(IN_PUNJAB),
                "languages": ["ur"] if chance.random() < 0.8 or not n else [],
                "district": "okara" if not n else chance.choice(there),
                "village": f"Chak {chance.randrange(1, 400)}",
                "not_same_village": True,
                "reach_km": 40,
                "remote": not meets,
                "slots": _free(chance, 6),
                "trade": chance.choice(TRADES),
            },
        )


def _free(chance: random.Random, parts: int) -> int:
    """So many parts of a week, evenings rather than mornings."""
    evenings = [(day, 2) for day in range(7)]
    week = [(day, part) for day in range(7) for part in range(3)]
    return times.bits(chance.sample(evenings, 3) + chance.sample(week, parts - 3))


def _ask(
    programme: "Programme",
    lead: "User",
    people: list[tuple["Person", dict[str, Any]]],
    chance: random.Random,
    at: datetime,
    answered: float = 1,
) -> None:
    """They say what they need, a run is released, and most answer within a day."""
    for person, said in people:
        needs.tell(person, programme, said, now=at - timedelta(days=chance.randrange(1, 20)))
    run = _draft(programme, lead, at)
    runs.release(run, lead, now=at)
    proposals = list(Proposal.objects.filter(run=run).select_related("person").order_by("person__name", "pk"))
    for proposal in proposals:
        moves = proposal.person.name == MOVES[0]
        if proposal.person.name == ASKED[0] or chance.random() > answered:
            continue
        soon = at + timedelta(hours=chance.randrange(2, 20))
        if chance.random() < 0.1 and not moves:
            asking.decline(proposal.person, proposal, now=soon)
            continue
        asking.choose(proposal.person, proposal, 0, now=soon)
        coach = asking.options(proposal)[0].coach
        if chance.random() < 0.85 * answered + 0.1 or moves:
            asking.accept(coach, proposal, now=soon + timedelta(hours=5))


def _draft(programme: "Programme", lead: "User", at: datetime) -> MatchRun:
    run = runs.begin(programme, lead, now=at)
    runs.work(run.pk, now=at)
    run.refresh_from_db()
    return run
