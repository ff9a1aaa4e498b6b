"""What comes of a matching: pairs, who waits and why, prices, and the numbers a coordinator sees first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mentors.matching.people import Offer, Seeker
from mentors.matching.rules import RuleCode, Score

Hint = Literal["", "reach", "time"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who should be asked. It is no bond before both said yes."""

    seeker: Seeker
    offer: Offer
    score: Score
    choice: int  # points for somebody's own choice
    near: bool  # they can visit each other; else they talk by phone

    @property
    def tier(self) -> int:
        return self.seeker.tier


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody without a coach, and why. `rule` is for staff; only `hint` may be said to anybody else."""

    seeker: str
    reason: Literal["all_full", "none_suitable", "held"]  # held: a seat is kept for who will come
    suitable: int  # coaches who may walk with them
    rule: RuleCode | Literal[""] = ""  # what keeps most coaches away; empty where suitable ones exist
    hint: Hint = ""  # what they may like to think over; never gender, village or trauma


@dataclass(frozen=True, slots=True)
class Served:
    """So many of so many."""

    served: int
    of: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What a run did, and all that is needed to do it again."""

    matched: Served
    tiers: Mapping[int, Served]
    women: Served  # who would rather wait than walk with a man
    women_possible: int  # how many of them could be served if nobody else were there
    fit: int  # sum of scores
    free_seats: int  # before anybody is matched
    engine: str  # who found the answer, with its version
    seed: int
    digest: str  # of everything that was given


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an answer weighs, what no answer can exceed, and what is wrong with it."""

    primal: int
    dual: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nobody is where they may not be, and nothing better exists."""
        return self.primal == self.dual and not self.problems


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to a problem. `kept` are seats that stay free for people who will come."""

    pairs: tuple[Pair, ...]
    waiting: tuple[Waiting, ...]
    prices: Mapping[str, int]  # where a seat is free: what one more would gain
    kept: tuple[Pair, ...]
    stats: Stats
    certificate: Certificate = Certificate(0, 0, ("not_checked",))
