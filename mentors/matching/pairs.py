"""Every pair that may be, without asking every pair.

The rules stand in `rules`; here is only how to ask them less often.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from mentors.matching.people import Seeker
from mentors.matching.rules import PARTS, RULES, Part, Rule, RuleCode, choice

if TYPE_CHECKING:
    from mentors.matching.problem import Problem

Row = tuple[list[int], list[int]]  # numbers of offers, and the weight of the pair with each

ONE_BY_ONE = ("time",)  # facts that are different for nearly everybody: asked for each pair that is left
SPARSE = ("village", "excluded")  # musts that say no to very few, who are looked up
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
        self._facts = {asked: [asked.offer(offer) for offer in self.offers] for asked in (*RULES, *PARTS)}
        self._kinds = {
            rule: self._by_fact(self._facts[rule]) for rule in RULES if rule.code not in ONE_BY_ONE
        }
        self._told = {part: _kinds_of(self._facts[part]) for part in PARTS}
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
        scores = map(sum, zip(*(self._points(part, seeker, there) for part in PARTS), strict=True))
        weights = [tier + points for points in scores]
        for chosen in seeker.choices:
            number = self._number.get(chosen)
            if number in there:
                weights[there.index(number)] += choice(seeker, self.offers[number], self.problem.policy)
        return weights

    def _points(self, part: Part, seeker: Seeker, there: list[int]) -> Iterable[int]:
        fact, facts, most = (
            part.seeker(seeker),
            self._facts[part],
            getattr(self.problem.policy.points, part.name),
        )
        if part.name in ONE_BY_ONE:
            return [part.earns(self.problem, most, fact, facts[offer]) for offer in there]
        earned = self._earned.get((part.name, fact))
        if earned is None:
            kinds, which = self._told[part]
            each = [part.earns(self.problem, most, fact, told) for told in kinds]
            earned = self._earned[part.name, fact] = [each[kind] for kind in which]
        return itemgetter(*there)(earned) if len(there) > 1 else [earned[there[0]]]

    def _mask(self, rule: Rule, seeker: Seeker, among: int) -> int:
        """Whom a must leaves over, of those; of the others it may say anything."""
        fact = rule.seeker(seeker)
        if rule.code in ONE_BY_ONE:
            return self._all & ~self._refused(rule, fact, self._of_bits(among))
        if rule.code in SPARSE:
            return self._all & ~self._refused(rule, fact, self._met(rule.code, seeker))
        allowed = self._allowed.get((rule.code, fact))
        if allowed is None:
            kinds = self._kinds[rule].items()
            allowed = sum(mask for told, mask in kinds if rule.allows(self.problem, fact, told))
            self._allowed[rule.code, fact] = allowed
        return allowed

    def _met(self, code: RuleCode, seeker: Seeker) -> Iterable[int]:
        """All offers that a sparse must can say no to."""
        if code == "village":
            return self._of_bits(self._villages.get(seeker.village, 0)) if seeker.village else ()
        return [self._number[other] for other in self._apart.get(seeker.id, ()) if other in self._number]

    def _refused(self, rule: Rule, fact: object, offers: Iterable[int]) -> int:
        facts = self._facts[rule]
        return sum(1 << offer for offer in offers if not rule.allows(self.problem, fact, facts[offer]))

    def _of_bits(self, mask: int) -> Iterator[int]:
        return compress(self._numbers, bin(mask)[:1:-1].encode().translate(DIGITS))

    @staticmethod
    def _by_fact(facts: Iterable[Any]) -> dict[Any, int]:
        kinds: dict[Any, int] = defaultdict(int)
        for number, fact in enumerate(facts):
            kinds[fact] |= 1 << number
        return dict(kinds)


def _kinds_of(facts: list[Any]) -> tuple[list[Any], list[int]]:
    """Each fact once, and which of them each offer has."""
    kinds = {fact: number for number, fact in enumerate(dict.fromkeys(facts))}
    return list(kinds), [kinds[fact] for fact in facts]
