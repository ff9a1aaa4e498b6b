"""Groups: a coach, one language, one hour of the week, and people who all have both.

Each coach with a free seat may run one of several groups, and a group with too few people is none. That makes
the best plan hard to find (with smallest sizes it is NP-hard), so this climbs: each step is one exact seating
for the groups that are open. How far the plan can be from the best is always said, by a bound that no plan
exceeds: everybody pays a price for being seated, each coach runs whatever earns most at these prices, and the
prices are moved until that is as little as can be (Lagrange; Held and Karp 1971).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from mentors.matching.pairs import Row
from mentors.matching.people import Offer, Policy, Seeker, Terms, Who
from mentors.matching.problem import Problem
from mentors.matching.solver import NOBODY, solve

Plan = dict[int, int]  # number of the coach -> number of their group
Seated = dict[int, int]  # number of the person -> number of the coach

ROUNDS = 1200  # in which prices are moved
PATIENCE = 12  # rounds without a lower bound, after which prices move less
TRIED = 6  # groups of each coach that are worth a seating
NONE = -1
NO_BOUND = 1 << 200


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group that would meet."""

    offer: Offer
    language: str
    slot: int
    who: Who
    seekers: tuple[Seeker, ...]


@dataclass(frozen=True, slots=True)
class CohortResult:
    """A plan of groups, what it weighs, and what no plan can exceed."""

    cohorts: tuple[Cohort, ...]
    waiting: tuple[str, ...]
    weight: int
    bound: int

    @property
    def gap(self) -> int:
        """How much heavier the best plan could be, at most."""
        return self.bound - self.weight


@dataclass(frozen=True, slots=True)
class _Group:
    """What a coach may run: who could sit in it, and what each of them weighs there."""

    language: str
    slot: int
    who: Who
    people: Mapping[int, int]


def form_cohorts(problem: Problem, *, budget: int = 1500) -> CohortResult:
    """Plan groups of the sizes that coaches or the policy allow, in at most so many seatings."""
    planner = _Planner(problem)
    prices, bound, begin = planner.price()
    plan, seated = planner.climb(begin, prices, budget)
    return CohortResult(
        tuple(planner.cohorts(plan, seated)),
        tuple(seeker.id for number, seeker in enumerate(problem.looking) if number not in seated),
        planner.weigh(plan, seated),
        bound,
    )


class _Planner:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.sizes = [_sizes(offer, problem.policy) for offer in problem.coaches]
        self.groups = [
            _widest(groups, smallest)
            for groups, (smallest, _) in zip(_all_groups(problem), self.sizes, strict=True)
        ]

    def price(self) -> tuple[list[int], int, Plan]:
        """What being seated costs each person, the bound that follows, and the best plan on the way."""
        prices = [0] * len(self.problem.looking)
        found, bound, begin, heaviest = prices, NO_BOUND, Plan(), 0
        stride, idle = 1.5, 0
        for number in range(ROUNDS):
            total, plan, wanted = self._at_prices(prices)
            if number % 10 == 0:
                plan, seated = self.seat(plan)
                begin, heaviest = max((begin, heaviest), (plan, self.weigh(plan, seated)), key=itemgetter(1))
            if total < bound:
                found, bound, idle = prices, total, 0
            else:
                idle += 1
            if idle == PATIENCE:
                stride, idle, prices = stride * 0.7, 0, found
                continue
            over = [many - 1 if price or many else 0 for many, price in zip(wanted, prices, strict=True)]
            length = sum(much * much for much in over)
            if not length:
                break
            step = stride * (total - heaviest) / length
            prices = [max(0, price + round(step * much)) for price, much in zip(prices, over, strict=True)]
        return found, bound, begin

    def climb(self, plan: Plan, prices: Sequence[int], budget: int) -> tuple[Plan, Seated]:
        """Let one coach after another run something else, as long as that helps anybody."""
        plan, seated = self.seat(plan)
        heaviest = self.weigh(plan, seated)
        promising = [
            nlargest(
                TRIED,
                range(len(groups)),
                key=lambda number, coach=coach: self._earn(coach, self.groups[coach][number], prices)[0],
            )
            for coach, groups in enumerate(self.groups)
        ]
        tried, helped = 0, True
        while helped:
            helped = False
            for coach in range(len(self.groups)):
                for group in (NONE, *promising[coach]):
                    if plan.get(coach, NONE) == group:
                        continue
                    if tried == budget:
                        return plan, seated
                    tried += 1
                    others = {one: its for one, its in plan.items() if one != coach}
                    other, there = self.seat(others if group == NONE else others | {coach: group})
                    if (weight := self.weigh(other, there)) > heaviest:
                        plan, seated, heaviest, helped = other, there, weight, True
        return plan, seated

    def seat(self, plan: Plan) -> tuple[Plan, Seated]:
        """Who sits where when these groups are open. While some stay too small, the smallest is closed.

        The seats that a group needs come before all others, because each of the others costs more than
        anybody weighs.
        """
        dear = 1 + 5 * self.problem.base * len(self.problem.looking)
        while True:
            coaches = sorted(plan)
            sizes = [self.sizes[coach] for coach in coaches]
            seats = [[0] * smallest + [dear] * (largest - smallest) for smallest, largest in sizes]
            rows: list[Row] = [([], []) for _ in self.problem.looking]
            for number, coach in enumerate(coaches):
                for person, weight in self.groups[coach][plan[coach]].people.items():
                    rows[person][0].append(number)
                    rows[person][1].append(weight + dear)
            at, _ = solve(rows, seats)
            there = Counter(at)
            small = [number for number, (smallest, _) in enumerate(sizes) if there[number] < smallest]
            if not small:
                return plan, {person: coaches[number] for person, number in enumerate(at) if number != NOBODY}
            closed = coaches[min(small, key=there.__getitem__)]
            plan = {coach: group for coach, group in plan.items() if coach != closed}

    def weigh(self, plan: Plan, seated: Seated) -> int:
        """What a plan weighs: the same for a pair as beside a coach alone."""
        return sum(self.groups[coach][plan[coach]].people[person] for person, coach in seated.items())

    def cohorts(self, plan: Plan, seated: Seated) -> Iterator[Cohort]:
        """The plan in the words of people."""
        for coach in sorted(plan):
            group = self.groups[coach][plan[coach]]
            people = tuple(
                self.problem.looking[person] for person, there in sorted(seated.items()) if there == coach
            )
            yield Cohort(self.problem.coaches[coach], group.language, group.slot, group.who, people)

    def _at_prices(self, prices: Sequence[int]) -> tuple[int, Plan, list[int]]:
        """What all earn at these prices, which no plan exceeds; who runs what; how many want each person."""
        total, plan, wanted = sum(prices), Plan(), [0] * len(prices)
        for coach, groups in enumerate(self.groups):
            best: tuple[int, list[int]] = (0, [])
            for number, group in enumerate(groups):
                earned = self._earn(coach, group, prices)
                if earned[0] > best[0]:
                    best, plan[coach] = earned, number
            total += best[0]
            for person in best[1]:
                wanted[person] += 1
        return total, plan, wanted

    def _earn(self, coach: int, group: _Group, prices: Sequence[int]) -> tuple[int, list[int]]:
        """The most that a coach's group can earn at these prices, and with whom."""
        smallest, largest = self.sizes[coach]
        worth = sorted(
            ((weight - prices[person], person) for person, weight in group.people.items()), reverse=True
        )
        inside = [
            (gain, person)
            for seat, (gain, person) in enumerate(worth[:largest])
            if seat < smallest or gain > 0
        ]
        return sum(gain for gain, _ in inside), [person for _, person in inside]


def _all_groups(problem: Problem) -> list[list[_Group]]:
    """For each coach every group that anybody could sit in."""
    people: list[dict[tuple[str, int, Who], dict[int, int]]] = [defaultdict(dict) for _ in problem.coaches]
    for person, seeker in enumerate(problem.looking):
        for number, weight in zip(*problem.pairs.row_of(seeker), strict=True):
            for kind in _in_common(seeker, problem.coaches[number]):
                people[number][kind][person] = weight
    return [[_Group(*kind, there) for kind, there in sorted(groups.items())] for groups in people]


def _in_common(seeker: Seeker, offer: Offer) -> Iterator[tuple[str, int, Who]]:
    shared = seeker.slots & offer.slots
    with_whom: list[Who] = ["mixed"] if seeker.mixed_group else []
    if seeker.gender != "other":
        with_whom.append("women" if seeker.gender == "woman" else "men")
    if offer.group:
        with_whom = [who for who in with_whom if who == offer.group.who]
    for language in (seeker.languages | {seeker.mother}) & (offer.languages | {offer.mother}):
        for slot in range(shared.bit_length()):
            if shared >> slot & 1:
                yield from ((language, slot, who) for who in with_whom)


def _sizes(offer: Offer, policy: Policy) -> tuple[int, int]:
    """The smallest and the largest group of a coach."""
    terms = offer.group or Terms("mixed", policy.group_smallest, policy.group_largest)
    return terms.smallest, terms.largest


def _widest(groups: Iterable[_Group], smallest: int) -> list[_Group]:
    """Those that are large enough, without such as another one could hold altogether."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda group: -len(group.people)):
        inside = any(group.people.keys() <= other.people.keys() for other in kept)
        if len(group.people) >= smallest and not inside:
            kept.append(group)
    return kept
