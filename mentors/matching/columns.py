"""The same pairs in columns of numbers, where numpy is installed: for very many people.

`Pairs` judges, and each fact once. Here is only put together what it said, for many people at a time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib import import_module, util
from typing import TYPE_CHECKING, Any

from mentors.matching.pairs import COUNTED, DENSE, SPARSE, Pairs, Row, kinds_of
from mentors.matching.rules import PARTS, RULES, Part, Rule

if TYPE_CHECKING:
    from mentors.matching.problem import Problem

MANY = 50_000  # pairs; with fewer, numpy takes longer to come than it saves
AT_ONCE = 200_000  # pairs that are looked at together: columns of a megabyte or two
WORD = 16  # bits that are counted by looking them up


def pairs_of(problem: "Problem") -> Pairs:
    """All pairs of a problem, as quickly as this machine can."""
    many = len(problem.looking) * len(problem.coaches) > MANY
    return Columns(problem) if many and util.find_spec("numpy") else Pairs(problem)


class Columns(Pairs):
    """Pairs that are gone through in blocks: some people, and all offers."""

    def rows(self) -> Iterator[Row]:
        """The row of everybody who looks for a coach, in order."""
        for _, suits, weights in self._blocks():
            for suit, weight in zip(suits, weights, strict=True):
                there = suit.nonzero()[0]
                yield there.tolist(), weight[there].tolist()

    def best(self, prices: Sequence[int], many: int, above: Sequence[int]) -> Iterator[Row]:
        """For everybody, in order: as many pairs as this, the best, if worth more than they have already."""
        costs, floors = (self._np.array(told, dtype=self._np.int64) for told in (prices, above))
        for some, suits, weights in self._blocks():
            worth = weights - costs
            suits &= worth > floors[some, None]
            for suit, value, weight in zip(suits, worth, weights, strict=True):
                there = suit.nonzero()[0]
                if len(there) > many:
                    there = there[value[there].argpartition(-many)[-many:]]
                yield there.tolist(), weight[there].tolist()

    def _blocks(self) -> Iterator[tuple[slice, Any, Any]]:
        """Some people, with whom each of them may be, and what each of these pairs weighs."""
        size = max(1, AT_ONCE // max(1, len(self.offers)))
        for first in range(0, len(self), size):
            some = slice(first, min(first + size, len(self)))
            shared = self._count(some)
            yield some, self._suits(some, shared), self._weights(some, shared)

    def _suits(self, some: slice, shared: Any) -> Any:
        suits = self._np.repeat(self._flags(self._free)[None], some.stop - some.start, axis=0)
        for told in self._musts.counted:
            suits &= told[shared]
        for table, which in self._musts.tables:
            suits &= table[which[some]]
        who, offers, _ = self._musts.of_few(some)
        suits[who, offers] = False
        return suits

    def _weights(self, some: slice, shared: Any) -> Any:
        weights = self._np.repeat(self._tiers[some, None], len(self.offers), axis=1)
        for told in self._earned_points.counted:
            weights += told[shared]
        for table, which in self._earned_points.tables:
            weights += table[which[some]]
        who, offers, points = self._earned_points.of_few(some)
        self._np.add.at(weights, (who, offers), points)
        return weights

    @cached_property
    def _musts(self) -> "_Said":
        refused = (
            (person, offer, 0)
            for person, seeker in enumerate(self.seekers)
            for rule in RULES
            if rule.code in SPARSE
            for offer in self._refused(rule, seeker)
        )
        dense = [rule for rule in RULES if rule.code not in (*COUNTED, *SPARSE)]
        counted = [self._np.array(self._shared[rule], bool) for rule in RULES if rule.code in COUNTED]
        tables = [
            self._table(rule, lambda fact, rule=rule: self._flags(self._allowed_by(rule, fact)))
            for rule in dense
        ]
        return _Said(self._np, counted, tables, refused)

    @cached_property
    def _earned_points(self) -> "_Said":
        few = (
            (person, offer, points)
            for person, seeker in enumerate(self.seekers)
            for offer, points in self._of_few(seeker)
        )
        numbers = self._np.int32
        counted = [self._np.array(self._shared[part], numbers) for part in PARTS if part.name in COUNTED]
        tables = [
            self._table(part, lambda fact, part=part: self._np.array(self._earned_by(part, fact), numbers))
            for part in DENSE
        ]
        return _Said(self._np, counted, tables, few)

    def _table(self, asked: Rule | Part, told: Callable[[Any], Any]) -> tuple[Any, Any]:
        """What is said of each fact and all offers, and which fact each person has."""
        facts, which = kinds_of([asked.seeker(seeker) for seeker in self.seekers])
        return self._np.array([told(fact) for fact in facts]), self._np.array(which)

    @cached_property
    def _tiers(self) -> Any:
        problem = self.problem
        return self._np.array([problem.base * problem.level(one) for one in self.seekers], self._np.int64)

    def _count(self, some: slice) -> Any:
        """How many bits each of these people shares with each offer."""
        shared = self._np.zeros((some.stop - some.start, len(self.offers)), self._np.uint8)
        for theirs, offered in self._words:
            shared += self._bits[theirs[some, None] & offered]
        return shared

    @cached_property
    def _words(self) -> list[tuple[Any, Any]]:
        width = max((offer.slots.bit_length() for offer in self.offers), default=0)
        return [
            tuple(
                self._np.array([one.slots >> at & (1 << WORD) - 1 for one in those], self._np.uint16)
                for those in (self.seekers, self.offers)
            )
            for at in range(0, width, WORD)
        ]

    @cached_property
    def _bits(self) -> Any:
        """How many bits are set in each number of so many bits."""
        bits = self._np.zeros(1, self._np.uint8)
        for _ in range(WORD):
            bits = self._np.concatenate([bits, bits + 1])
        return bits

    def _flags(self, mask: int) -> Any:
        whole = self._np.frombuffer(mask.to_bytes(len(self.offers) // 8 + 1, "little"), self._np.uint8)
        return self._np.unpackbits(whole, count=len(self.offers), bitorder="little").view(bool)

    @cached_property
    def _np(self) -> Any:
        return import_module("numpy")


class _Said:
    """What rules, or parts, say: of how many are shared, of each fact, and of a few pairs."""

    def __init__(
        self,
        numpy: Any,
        counted: list[Any],
        tables: list[tuple[Any, Any]],
        few: Iterable[tuple[int, int, int]],
    ) -> None:
        self.counted, self.tables = counted, tables
        self._few = numpy.array([*few], numpy.int64).reshape(-1, 3).T

    def of_few(self, some: slice) -> tuple[Any, Any, Any]:
        """Of these people: which of them, the offer, and points."""
        first, last = self._few[0].searchsorted([some.start, some.stop])
        who, offers, points = self._few[:, first:last]
        return who - some.start, offers, points
