"""Every pair that may be, without asking every pair.

The rules stand in `rules`; here is only how to ask them less often.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from heapq import nlargest
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from mentors.matching.people import Seeker
from mentors.matching.rules import PARTS, RULES, Part, Rule, RuleCode, choice

if TYPE_CHECKING:
    from mentors.matching.problem import Problem

Row = tuple[MutableSequence[int], MutableSequence[int]]  # numbers of offers, and what each pair weighs

COUNTED = ("time",)  # bits that are different for nearly everybody: only how many two share is judged
SPARSE = ("village", "excluded", "known")  # what says no, or earns anything, for very few, who are looked up
DENSE = [part for part in PARTS if part.name not in (*COUNTED, *SPARSE)]
_OF_ALL = [part for part in PARTS if part.name not in SPARSE]
_OF_FEW = [part for part in PARTS if part.name in SPARSE]
DIGITS = bytes.maketrans(b"01", b"\x00\x01")


class Pairs:
    """Equal facts are judged once. Offers that a must leaves over are bits of one integer.

    Rows are made when they are asked for; of each person no more is kept than those bits.
    """

    def __init__(self, problem: "Problem") -> None:
        self.problem = problem
        self.seekers = problem.looking
        self.offers = problem.coaches
        self._numbers = list(range(len(self.offers)))
        self._number = {offer.id: number for number, offer in enumerate(self.offers)}
        self._all = (1 << len(self.offers)) - 1
        self._free = sum(1 << number for number, seats in enumerate(problem.seats) if seats)
        self._facts: dict[Rule | Part, list[Any]] = {
            asked: [asked.offer(offer) for offer in self.offers] for asked in (*RULES, *PARTS)
        }
        self._kinds = {rule: self._by_fact(self._facts[rule]) for rule in RULES if rule.code not in COUNTED}
        self._told = {part: kinds_of(self._facts[part]) for part in DENSE}
        self._shared = self._by_count()
        self._left: dict[str, int] = {}
        self._allowed: dict[tuple[RuleCode, Any], int] = {}
        self._earned: dict[tuple[str, Any], list[int]] = {}
        self._villages = self._by_fact(offer.village for offer in self.offers)
        self._apart: dict[str, list[str]] = defaultdict(list)
        for one, other in (pair for pair in problem.exclusions if len(pair) == 2):
            self._apart[one].append(other)
            self._apart[other].append(one)

    def __len__(self) -> int:
        return len(self.seekers)

    def rows(self) -> Iterator[Row]:
        """The row of everybody who looks for a coach, in order."""
        return map(self.row_of, self.seekers)

    def row_of(self, seeker: Seeker) -> Row:
        """With whom one person may be where a seat is free, and what each of these pairs weighs."""
        there = list(self._of_bits(self._suitable(seeker) & self._free))
        return there, self._weigh(seeker, there)

    def best(self, prices: Sequence[int], many: int, above: Sequence[int]) -> Iterator[Row]:
        """For everybody, in order: as many pairs as this, the best, if worth more than they have already.

        What a pair is worth is its weight, less the price of the seat.
        """
        for seeker, has in zip(self.seekers, above, strict=True):
            worth = (
                (weight - prices[offer], offer, weight)
                for offer, weight in zip(*self.row_of(seeker), strict=True)
            )
            kept = nlargest(many, (pair for pair in worth if pair[0] > has))
            yield [offer for _, offer, _ in kept], [weight for _, _, weight in kept]

    def suitable(self, seeker: Seeker) -> int:
        """Beside how many somebody may be, if seats were free."""
        return self._suitable(seeker).bit_count()

    def blocked_by(self, seeker: Seeker) -> tuple[dict[RuleCode, int], dict[RuleCode, int]]:
        """How many offers each must forbids: those that no other one forbids, and all."""
        masks = {rule.code: self._mask(rule, seeker, self._all) for rule in RULES}
        alone = {}
        for code, mask in masks.items():
            others = self._all & ~mask
            for other, allowed in masks.items():
                if other != code:
                    others &= allowed
            alone[code] = others.bit_count()
        return alone, {code: (self._all & ~mask).bit_count() for code, mask in masks.items()}

    def _suitable(self, seeker: Seeker) -> int:
        left = self._left.get(seeker.id)
        if left is None:
            left = self._all
            for rule in RULES:
                left &= self._mask(rule, seeker, left)
            self._left[seeker.id] = left
        return left

    def _weigh(self, seeker: Seeker, there: list[int]) -> list[int]:
        if not there:
            return []
        tier = self.problem.base * self.problem.level(seeker)
        scores = map(sum, zip(*(self._points(part, seeker, there) for part in _OF_ALL), strict=True))
        weights = [tier + points for points in scores]
        for number, points in self._of_few(seeker):
            if number in there:
                weights[there.index(number)] += points
        return weights

    def _points(self, part: Part, seeker: Seeker, there: list[int]) -> Iterable[int]:
        if part.name in COUNTED:
            fact: Any = part.seeker(seeker)
            facts, told = self._facts[part], self._shared[part]
            return [told[(fact & facts[offer]).bit_count()] for offer in there]
        earned = self._earned_by(part, part.seeker(seeker))
        return itemgetter(*there)(earned) if len(there) > 1 else [earned[there[0]]]

    def _earned_by(self, part: Part, fact: object) -> list[int]:
        """What a fact earns with each offer."""
        earned = self._earned.get((part.name, fact))
        if earned is None:
            kinds, which = self._told[part]
            most = getattr(self.problem.policy.points, part.name)
            each = [part.earns(self.problem, most, fact, told) for told in kinds]
            earned = self._earned[part.name, fact] = [each[kind] for kind in which]
        return earned

    def _of_few(self, seeker: Seeker) -> Iterator[tuple[int, int]]:
        """What somebody earns with very few offers, or adds by their own choice."""
        for part in _OF_FEW:
            most, fact = getattr(self.problem.policy.points, part.name), part.seeker(seeker)
            for number in self._met(part.name, seeker):
                yield number, part.earns(self.problem, most, fact, self._facts[part][number])
        for chosen in seeker.choices:
            if (number := self._number.get(chosen)) is not None:
                yield number, choice(seeker, self.offers[number], self.problem.policy)

    def _by_count(self) -> dict[Rule | Part, list[int]]:
        """What is said of those who share nothing, one bit, two …"""
        width = max((offer.slots.bit_length() for offer in self.offers), default=0)
        shared = [(1 << many) - 1 for many in range(width + 1)]
        told: dict[Rule | Part, list[int]] = {
            rule: [rule.allows(self.problem, some, some) for some in shared]
            for rule in RULES
            if rule.code in COUNTED
        }
        for part in (part for part in PARTS if part.name in COUNTED):
            most = getattr(self.problem.policy.points, part.name)
            told[part] = [part.earns(self.problem, most, some, some) for some in shared]
        return told

    def _mask(self, rule: Rule, seeker: Seeker, among: int) -> int:
        """Whom a must leaves over, of those; of the others it may say anything."""
        fact: Any = rule.seeker(seeker)
        if rule.code in COUNTED:
            return self._sharing(rule, fact, among)
        if rule.code in SPARSE:
            return self._all & ~sum(1 << offer for offer in self._refused(rule, seeker))
        return self._allowed_by(rule, fact)

    def _allowed_by(self, rule: Rule, fact: object) -> int:
        """Whom a must leaves over for a fact."""
        allowed = self._allowed.get((rule.code, fact))
        if allowed is None:
            kinds = self._kinds[rule].items()
            allowed = sum(mask for told, mask in kinds if rule.allows(self.problem, fact, told))
            self._allowed[rule.code, fact] = allowed
        return allowed

    def _sharing(self, rule: Rule, fact: int, among: int) -> int:
        """Who of these shares enough."""
        facts, told = self._facts[rule], self._shared[rule]
        return sum(1 << offer for offer in self._of_bits(among) if told[(fact & facts[offer]).bit_count()])

    def _met(self, name: str, seeker: Seeker) -> Iterable[int]:
        """All offers that a sparse must can say no to, or a sparse part earn with."""
        if name == "village":
            return self._of_bits(self._villages.get(seeker.village, 0)) if seeker.village else ()
        others = seeker.known if name == "known" else self._apart.get(seeker.id, ())
        return [self._number[other] for other in others if other in self._number]

    def _refused(self, rule: Rule, seeker: Seeker) -> Iterator[int]:
        """Offers to which a sparse must says no."""
        facts, fact = self._facts[rule], rule.seeker(seeker)
        for offer in self._met(rule.code, seeker):
            if not rule.allows(self.problem, fact, facts[offer]):
                yield offer

    def _of_bits(self, mask: int) -> Iterator[int]:
        return compress(self._numbers, bin(mask)[:1:-1].encode().translate(DIGITS))

    @staticmethod
    def _by_fact(facts: Iterable[Any]) -> dict[Any, int]:
        kinds: dict[Any, int] = defaultdict(int)
        for number, fact in enumerate(facts):
            kinds[fact] |= 1 << number
        return dict(kinds)


def kinds_of(facts: list[Any]) -> tuple[list[Any], list[int]]:
    """Each fact once, and which of them everybody has."""
    kinds = {fact: number for number, fact in enumerate(dict.fromkeys(facts))}
    return list(kinds), [kinds[fact] for fact in facts]
