"""All that a matching is asked about, and the weight of every pair that may be.

A pair weighs `base × tier + score + own choice`. The base is larger than all that scores, choices and loads
of everybody can add up to. So the heaviest answer serves the tiers first, then as many people as can be, then
the fit. That no tier loses anybody to a lower one, and that nobody is left over for a better fit, is a fact
about matroids: the sets of people who can all be served at once are one, and the tier is a weight of people,
not of pairs.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from operator import attrgetter
from typing import Any

from mentors.matching.columns import pairs_of
from mentors.matching.pairs import Pairs
from mentors.matching.people import TIERS, URGENT, Bond, Hold, Offer, Policy, Seeker, Unsound, kilometres
from mentors.matching.rules import eligible


@dataclass(frozen=True)
class Problem:
    """Who looks for a coach, who offers to be one, and what stands already. Their order means nothing."""

    seekers: tuple[Seeker, ...]
    offers: tuple[Offer, ...]
    policy: Policy = field(default_factory=Policy)
    seed: int = 0  # of the lottery that decides between answers that are equally good
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)  # where districts are
    bonds: frozenset[Bond] = frozenset()
    holds: frozenset[Hold] = frozenset()
    exclusions: frozenset[frozenset[str]] = frozenset()  # unordered pairs of ids, whatever the reason
    expected: tuple[Seeker, ...] = ()  # stand-ins for people who will come: their seats are kept free
    first: frozenset[str] = frozenset()  # before all others: see `ahead.due_first`
    reserve: bool = False  # seats beside women wait for who asks for a woman: nobody can be expected yet

    def __post_init__(self) -> None:
        for those in ((*self.seekers, *self.expected), self.offers):
            if len({one.id for one in those}) < len(those):
                raise Unsound("Somebody is there twice.")
        if any(seeker.tier not in TIERS for seeker in (*self.seekers, *self.expected)):
            raise Unsound("There is no such tier.")
        if any(not 0 <= offer.comfortable <= offer.largest for offer in self.offers):
            raise Unsound("Nobody can carry fewer than none, or fewer than is comfortable.")

    @cached_property
    def looking(self) -> tuple[Seeker, ...]:
        """Who has neither bond nor hold: the urgent first, and then by lot."""
        placed = {taken.seeker for taken in (*self.bonds, *self.holds)}
        there = [seeker for seeker in (*self.seekers, *self.expected) if seeker.id not in placed]
        return tuple(sorted(there, key=lambda seeker: (-self.level(seeker), self._lot(seeker.id))))

    @cached_property
    def coaches(self) -> tuple[Offer, ...]:
        """All offers, by lot."""
        return tuple(sorted(self.offers, key=lambda offer: self._lot(offer.id)))

    @cached_property
    def seats(self) -> list[list[int]]:
        """What each seat costs that is still free, the cheapest first, for each coach."""
        taken: dict[str, int] = defaultdict(int)
        for seat in (*self.bonds, *self.holds):
            taken[seat.offer] += 1
        load = self.policy.load
        return [
            ([0] * offer.comfortable + [load] * (offer.largest - offer.comfortable))[taken[offer.id] :]
            for offer in self.coaches
        ]

    @cached_property
    def base(self) -> int:
        """What one step of a tier weighs: more than twice what everything below the tiers can differ by."""
        return 2 * len(self.looking) * self.policy.most + 1

    def level(self, seeker: Seeker) -> int:
        """How many steps somebody weighs: their tier, above everybody else's if they are among the first."""
        return seeker.tier + (URGENT if seeker.id in self.first else 0)

    def is_due(self, seeker: Seeker) -> bool:
        """Have they waited so long that nobody who has not come yet goes before them? The urgent need not."""
        return seeker.tier == URGENT or seeker.weeks >= self.policy.hold_weeks

    @cached_property
    def kept_for_women(self) -> frozenset[str]:
        """Women's offers that a woman waits for and may have."""
        if not self.policy.women_first:
            return frozenset()
        to_come = {seeker.id for seeker in self.expected}
        there = [seeker for seeker in self.looking if seeker.id not in to_come]
        women = [seeker for seeker in there if seeker.gender == "woman"]
        return frozenset(
            offer.id
            for offer in self.coaches
            if offer.gender == "woman" and any(not eligible(woman, offer, self) for woman in women)
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that was given; the same for the same facts in any order."""
        whole = hashlib.sha256()
        for those in (self.seekers, self.offers, self.expected, self.bonds, self.holds, (self.policy,)):
            for told in sorted(map(_plain, those)):
                whole.update(told.encode())
            whole.update(b"\n")
        apart = sorted(sorted(pair) for pair in self.exclusions)
        more = (self.seed, apart, sorted(self.places.items()), sorted(self.first), self.reserve)
        whole.update(repr(more).encode())
        return whole.hexdigest()

    @cached_property
    def pairs(self) -> Pairs:
        """Who may be with whom, and what it weighs."""
        return pairs_of(self)

    def km(self, one: str, other: str) -> int | None:
        """How far two districts are apart; None where nobody said where one of them is."""
        if one == other:
            return 0 if one else None
        if (one, other) not in self._distances:
            told = one in self.places and other in self.places
            km = kilometres(self.places[one], self.places[other]) if told else None
            self._distances[one, other] = self._distances[other, one] = km
        return self._distances[one, other]

    @cached_property
    def _distances(self) -> dict[tuple[str, str], int | None]:
        return {}

    def _lot(self, name: str) -> bytes:
        return hashlib.sha256(f"{self.seed} {name}".encode()).digest()


def _plain(one: Any) -> str:
    """A value in the words of its fields; sets in order, because they have none."""
    return repr(
        [_in_order(told) if isinstance(told, frozenset) else told for told in _fields(type(one))(one)]
    )


def _in_order(told: Any) -> list:
    return sorted(_in_order(each) if isinstance(each, frozenset) else each for each in told)


@cache
def _fields(kind: Any) -> attrgetter:
    return attrgetter(*(each.name for each in fields(kind)))
