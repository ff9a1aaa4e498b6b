"""An invented world of people and coaches, from a seed: no name, place or number in it is anybody's.

Shaped like what is known of such programmes, and assumed where nothing is: 120 districts in seven provinces,
few of them large; languages by province; one person in eight a woman and one coach in twelve; seven women in
ten would rather wait than walk with a man; coaches carry three to eight.
"""

from dataclasses import replace
from itertools import accumulate
from random import Random

from mentors.matching import Offer, Policy, Problem, Seeker

DISTRICTS, VILLAGES, SLOTS, FULL = 120, 60, 21, 8
TRADES = ("dairy", "grocery", "transport", "other")
STAGES = ("idea", "start", "grow", "steady")
HALF_A_LIFE = 26  # weeks that somebody may have waited
# Share of the people, mother tongues with theirs, and where the middle is, in km.
PROVINCES = (
    (0.42, {"pnb": 0.92, "ur": 0.08}, (420, 500)),
    (0.08, {"skr": 0.7, "pnb": 0.3}, (330, 300)),
    (0.20, {"ps": 0.85, "hno": 0.15}, (300, 620)),
    (0.12, {"phr": 0.85, "pnb": 0.15}, (480, 600)),
    (0.08, {"sd": 0.6, "ur": 0.4}, (280, 80)),
    (0.04, {"bal": 0.6, "ps": 0.4}, (60, 220)),
    (0.06, {"ur": 0.4, "pnb": 0.6}, (400, 580)),
)
EVERYTHING = frozenset({"trade", "language", "place", "time", "stage", "known", "gender"})
POLICY = Policy(related_trades=frozenset({frozenset({"grocery", "transport"})}))


def world(seekers: int, coaches: int, *, seed: int, policy: Policy = POLICY) -> Problem:
    """So many people and coaches; the same for the same seed."""
    return _World(Random(seed)).problem(seekers, coaches, seed, policy)


class _World:
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        shares = [share for share, _, _ in PROVINCES]
        rest = chance.choices(range(len(PROVINCES)), shares, k=DISTRICTS - len(PROVINCES))
        self.provinces = [*range(len(PROVINCES)), *rest]
        self.places = {f"d{number}": self._near(province) for number, province in enumerate(self.provinces)}
        self.sizes = list(accumulate((number + 1) ** -0.8 for number in range(DISTRICTS)))

    def problem(self, seekers: int, coaches: int, seed: int, policy: Policy) -> Problem:
        people = tuple(self._seeker(f"p{number}") for number in range(seekers))
        offers = tuple(self._offer(f"c{number}") for number in range(coaches))
        people = tuple(self._knows(seeker, offers) for seeker in people)
        apart = (
            frozenset((self.chance.choice(people).id, self.chance.choice(offers).id))
            for _ in range(seekers * coaches // 200)
        )
        return Problem(people, offers, policy, seed, self.places, exclusions=frozenset(apart))

    def _seeker(self, name: str) -> Seeker:
        chance = self.chance
        woman = chance.random() < 0.12
        wishes, shares = (("woman", "rather_woman", "any"), (7, 2, 1))
        if not woman:
            wishes, shares = (("man", "rather_man", "any"), (1, 3, 6))
        wish = chance.choices(wishes, shares)[0]
        trauma = chance.choices(("must", "nice", ""), (7, 19, 74))[0]
        waited = chance.randrange(HALF_A_LIFE)
        rare = (woman and wish == "woman") or trauma == "must"
        district, mother, languages = self._speaker(german=0.25, urdu=0.72)
        return Seeker(
            name,
            "woman" if woman else "man",
            mother,
            languages,
            wish=wish,
            district=district,
            village=f"{district}/{chance.randrange(VILLAGES)}",
            not_same_village=chance.random() < 0.3,
            reach_km=chance.choices((30, 80, 150), (3, 4, 3))[0],
            remote=chance.random() < 0.6,
            slots=self._slots(5),
            trade=chance.choices(TRADES, (90, 4, 3, 3))[0],
            stage=chance.choices(STAGES, (35, 30, 20, 15))[0],
            trauma=trauma,
            journey=self._journey(),
            tier=3 if rare else 2 if waited >= 12 else 1,
            mixed_group=chance.random() < 0.5,
            shows=EVERYTHING,
        )

    def _offer(self, name: str) -> Offer:
        chance = self.chance
        woman = chance.random() < 0.08
        district, mother, languages = self._speaker(german=0.5, urdu=0.95)
        largest = chance.randint(3, FULL)
        return Offer(
            name,
            "woman" if woman else "man",
            mother,
            languages,
            walks_with="same" if chance.random() < (0.75 if woman else 0.5) else "any",
            district=district,
            village=f"{district}/{chance.randrange(VILLAGES)}",
            not_same_village=chance.random() < 0.1,
            reach_km=150,
            remote=chance.random() < 0.5,
            slots=self._slots(7),
            trades=((chance.choices(TRADES, (70, 12, 10, 8))[0], chance.randint(1, 20)),),
            stages=frozenset(stage for stage in STAGES if chance.random() < 0.5) or frozenset(STAGES[:1]),
            trauma_informed=chance.random() < 0.25,
            journey=self._journey(),
            ready=True,
            comfortable=largest - largest // 4,
            largest=largest,
            shows=EVERYTHING,
        )

    def _knows(self, seeker: Seeker, offers: tuple[Offer, ...]) -> Seeker:
        known = frozenset(
            offer.id for offer in self.chance.choices(offers, k=2) if self.chance.random() < 0.2
        )
        return replace(seeker, known=known)

    def _speaker(self, *, german: float, urdu: float) -> tuple[str, str, frozenset[str]]:
        chance = self.chance
        number = chance.choices(range(DISTRICTS), cum_weights=self.sizes)[0]
        province = self.provinces[number]
        tongues = PROVINCES[province][1]
        mother = chance.choices(list(tongues), list(tongues.values()))[0]
        others = {"ur": urdu, "de": german, "pnb": 0.5 if province < 2 else 0.0}
        languages = frozenset(language for language, share in others.items() if chance.random() < share)
        return f"d{number}", mother, languages - {mother}

    def _slots(self, about: int) -> int:
        return sum(1 << slot for slot in range(SLOTS) if self.chance.random() < about / SLOTS)

    def _journey(self) -> str:
        return self.chance.choices(("own", "sent", ""), (35, 35, 30))[0]

    def _near(self, province: int) -> tuple[float, float]:
        east, north = PROVINCES[province][2]
        return (
            24 + (north + self.chance.gauss(0, 70)) / 111,
            62 + (east + self.chance.gauss(0, 70)) / 97,
        )
