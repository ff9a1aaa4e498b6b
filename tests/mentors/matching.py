"""Small problems for the laws of matching, and slow ways to know their answers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st

from mentors.matching import Bond, Hold, Offer, Policy, Problem, Seeker, eligible, score
from mentors.matching.rules import choice

PLACES = {"multan": (30.2, 71.5), "lahore": (31.5, 74.3), "sahiwal": (30.7, 73.1), "okara": (30.8, 73.4)}
ANYTHING = frozenset({"trade", "language", "place", "time", "stage", "known", "gender", "trauma", "journey"})
RELATED = frozenset({frozenset({"grocery", "transport"})})

HOURS = st.integers(0, (1 << 168) - 1)  # of a week

FEW = settings(max_examples=60)  # where a law is plain, and a failure would be seen soon

# Two who suit each other in everything, and may change in one thing.
FARMER = Seeker(
    "s", "man", "ps", frozenset({"ur"}), wish="any", district="multan", village="v1", reach_km=80,
    remote=True, slots=0b1111, trade="dairy", stage="start", journey="own", shows=ANYTHING,
)  # fmt: skip
COACH = Offer(
    "o", "man", "ps", frozenset({"ur"}), "any", district="multan", village="v2", reach_km=80, remote=True,
    slots=0b1111, trades=(("dairy", 4),), stages=frozenset({"start"}), trauma_informed=True, journey="own",
    ready=True, comfortable=1, largest=1, shows=ANYTHING,
)  # fmt: skip


def ask(seekers: Sequence[Seeker], offers: Sequence[Offer], **more) -> Problem:
    """A problem of these people."""
    return Problem(tuple(seekers), tuple(offers), places=PLACES, **more)


def _mostly(usual: object, *others: object) -> st.SearchStrategy:
    return st.sampled_from([usual] * 4 + list(others))


# Most suit most: where nobody may meet anybody, there is nothing to get wrong.
seekers = st.builds(
    Seeker,
    id=st.just(""),
    gender=_mostly("man", "woman", "woman", "woman", "other"),
    mother=_mostly("ps", "ur", "sd"),
    languages=st.sampled_from([frozenset(), frozenset({"ur"}), frozenset({"ur", "de"})]),
    wish=_mostly("any", "", "woman", "man", "rather_woman"),
    district=_mostly("multan", "lahore", "sahiwal", "nowhere"),
    village=_mostly("", "v1", "v2"),
    not_same_village=st.booleans(),
    reach_km=st.sampled_from([30, 150, 400]),
    remote=_mostly(True, False),
    slots=_mostly(15, 1, 6, 0),
    trade=st.sampled_from(["dairy", "grocery", "transport"]),
    stage=st.sampled_from(["", "start"]),
    trauma=_mostly("", "nice", "must"),
    journey=st.sampled_from(["", "own", "sent"]),
    known=_mostly(frozenset(), frozenset({"o0"}), frozenset({"o1"})),
    choices=_mostly((), ("o0",), ("o1", "o0")),
    tier=st.sampled_from([1, 1, 2, 3, 4]),
    under_18=_mostly(False, True),
    agreed_by_safeguarding=st.booleans(),
    mixed_group=st.booleans(),
    shows=st.just(ANYTHING),
)
offers = st.builds(
    lambda extra, **told: Offer(largest=told["comfortable"] + extra, **told),
    extra=st.integers(0, 1),
    id=st.just(""),
    gender=st.sampled_from(["woman", "man"]),
    mother=_mostly("ps", "ur"),
    languages=st.sampled_from([frozenset(), frozenset({"ur"}), frozenset({"ps"})]),
    walks_with=_mostly("any", "same"),
    district=_mostly("multan", "lahore", "okara"),
    village=_mostly("", "v1", "v2"),
    not_same_village=st.booleans(),
    reach_km=st.sampled_from([150, 400]),
    remote=_mostly(True, False),
    slots=_mostly(15, 3, 12),
    trades=st.sampled_from([(("dairy", 3),), (("grocery", 1),), ()]),
    stages=st.sampled_from([frozenset(), frozenset({"start"})]),
    trauma_informed=st.booleans(),
    journey=st.sampled_from(["", "own"]),
    ready=_mostly(True, False),
    comfortable=st.sampled_from([0, 1, 1, 2]),
    shows=st.just(ANYTHING),
)


@st.composite
def problems(draw, people: int = 6, coaches: int = 4, **more) -> Problem:
    """Any small problem."""
    those = _numbered("s", draw(st.lists(seekers, min_size=draw(st.integers(0, people)), max_size=people)))
    these = _numbered("o", draw(st.lists(offers, min_size=draw(st.integers(0, coaches)), max_size=coaches)))
    apart = st.frozensets(st.sampled_from(["s0", "s1", "s2", "o0", "o1"]), min_size=2, max_size=2)
    seat = {"seeker": st.sampled_from(["s5", "x", "y"]), "offer": st.sampled_from(["o0", "o1", "gone"])}
    policy = partial(Policy, related_trades=RELATED)
    told = {
        "policy": policy(load=draw(st.sampled_from([0, 120, 900])), women_first=draw(st.booleans())),
        "seed": draw(st.integers(0, 3)),
        "bonds": draw(st.frozensets(st.builds(Bond, **seat), max_size=1)),
        "holds": draw(st.frozensets(st.builds(Hold, **seat), max_size=1)),
        "exclusions": draw(st.frozensets(apart, max_size=2)),
    }
    return ask(those, these, **(told | more))


def _numbered(letter: str, those: list) -> list:
    return [replace(one, id=f"{letter}{number}") for number, one in enumerate(those)]


Weigh = Callable[[Problem, Seeker, Offer], int]


def weight(problem: Problem, seeker: Seeker, offer: Offer) -> int:
    """What a pair weighs, said once more."""
    points = score(seeker, offer, problem).total + choice(seeker, offer, problem.policy)
    return problem.base * seeker.tier + points


def heaviest(problem: Problem, weigh: Weigh = weight, who: Callable[[Seeker], bool] = lambda _: True) -> int:
    """The weight of the best answer, by trying every answer."""
    free = {offer.id: list(costs) for offer, costs in zip(problem.coaches, problem.seats, strict=True)}
    there = [seeker for seeker in problem.looking if who(seeker)]
    may = {
        seeker.id: [offer for offer in problem.coaches if not eligible(seeker, offer, problem)]
        for seeker in there
    }

    def best(number: int) -> int:
        if number == len(there):
            return 0
        found = best(number + 1)
        for offer in may[there[number].id]:
            if free[offer.id]:
                cost = free[offer.id].pop(0)
                found = max(found, weigh(problem, there[number], offer) - cost + best(number + 1))
                free[offer.id].insert(0, cost)
        return found

    return best(0)


def most(problem: Problem, tier: int = 1) -> int:
    """How many of this tier and above could be served if nobody below were there, chain by chain (Kuhn)."""
    sits: dict[tuple[str, int], Seeker] = {}
    there = [seeker for seeker in problem.looking if seeker.tier >= tier]
    chairs = {
        offer.id: range(len(costs)) for offer, costs in zip(problem.coaches, problem.seats, strict=True)
    }
    may = {
        seeker.id: [offer.id for offer in problem.coaches if not eligible(seeker, offer, problem)]
        for seeker in there
    }

    def finds(seeker: Seeker, seen: set) -> bool:
        for seat in ((offer, chair) for offer in may[seeker.id] for chair in chairs[offer]):
            if seat not in seen:
                seen.add(seat)
                if seat not in sits or finds(sits[seat], seen):
                    sits[seat] = seeker
                    return True
        return False

    return sum(finds(seeker, set()) for seeker in there)
