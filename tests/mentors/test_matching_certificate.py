"""The proof: what is right passes, and whatever is wrong is found."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from mentors.matching import MatchResult, Problem, match, verify
from mentors.matching.answer import answer
from mentors.matching.solver import NOBODY, solve
from tests.mentors.matching import COACH, FARMER, ask, heaviest, problems

AMINA = replace(FARMER, id="amina", tier=2)
GUL = replace(FARMER, id="gul", trade="grocery")
FARID = replace(FARMER, id="farid")
NADIA = replace(FARMER, id="nadia", slots=0b10000)
DAIRY = replace(COACH, id="dairy")
SHOP = replace(COACH, id="shop", trades=(("grocery", 2),))
PROBLEM = ask([AMINA, GUL, FARID, NADIA], [DAIRY, SHOP])
RIGHT = match(PROBLEM)


def _swap(right: MatchResult) -> MatchResult:
    first, second = right.pairs
    return replace(right, pairs=(replace(first, offer=second.offer), replace(second, offer=first.offer)))


def _swap_and_score(right: MatchResult) -> MatchResult:
    """Amina in the shop and Gul with the cows: allowed, and honestly counted."""
    seats = {
        pair.seeker.id: [offer.id for offer in PROBLEM.coaches].index(pair.offer.id) for pair in right.pairs
    }
    at = [1 - seats[seeker.id] if seeker.id in seats else NOBODY for seeker in PROBLEM.looking]
    return answer(PROBLEM, at, [right.prices[offer.id] for offer in PROBLEM.coaches])


def _drop(right: MatchResult) -> MatchResult:
    return replace(right, pairs=right.pairs[:1])


def _drop_and_wait(right: MatchResult) -> MatchResult:
    left = replace(right.waiting[0], seeker=right.pairs[1].seeker.id)
    return replace(right, pairs=right.pairs[:1], waiting=(*right.waiting, left))


def _crowd(right: MatchResult) -> MatchResult:
    pair = next(pair for pair in right.pairs if pair.seeker.id == "amina")
    others = tuple(one for one in right.waiting if one.seeker != "farid")
    return replace(right, pairs=(*right.pairs, replace(pair, seeker=FARID)), waiting=others)


def _forbid(right: MatchResult) -> MatchResult:
    (first, second), others = right.pairs, tuple(one for one in right.waiting if one.seeker != "nadia")
    left = replace(right.waiting[0], seeker=first.seeker.id)
    return replace(right, pairs=(replace(first, seeker=NADIA), second), waiting=(*others, left))


def _twice(right: MatchResult) -> MatchResult:
    return replace(right, pairs=(*right.pairs, right.pairs[0]))


def _flatter(right: MatchResult) -> MatchResult:
    first, second = right.pairs
    parts = (("trade", 999), *first.score.parts[1:])
    return replace(right, pairs=(replace(first, score=replace(first.score, parts=parts)), second))


def _favour(right: MatchResult) -> MatchResult:
    first, second = right.pairs
    return replace(right, pairs=(replace(first, choice=300), second))


def _stranger(right: MatchResult) -> MatchResult:
    first, second = right.pairs
    return replace(right, pairs=(replace(first, seeker=replace(first.seeker, tier=4)), second))


def _keep(right: MatchResult) -> MatchResult:
    return replace(right, pairs=right.pairs[:1], kept=right.pairs[1:])


def _unknown(right: MatchResult) -> MatchResult:
    return replace(right, waiting=(*right.waiting, replace(right.waiting[0], seeker="nobody")))


def _price(by: int) -> Callable[[MatchResult], MatchResult]:
    return lambda right: replace(right, prices=right.prices | {"dairy": right.prices["dairy"] + by})


def _no_price(right: MatchResult) -> MatchResult:
    return replace(right, prices={"dairy": right.prices["dairy"]})


def test_what_is_right_passes():
    assert {pair.seeker.id: pair.offer.id for pair in RIGHT.pairs} == {"amina": "dairy", "gul": "shop"}
    assert verify(PROBLEM, RIGHT) == RIGHT.certificate
    assert RIGHT.certificate.ok


@pytest.mark.parametrize(
    "corrupt",
    [
        _swap, _swap_and_score, _drop, _drop_and_wait, _crowd, _forbid, _twice, _flatter, _favour, _stranger,
        _keep, _unknown,
        _price(10**6), _price(-1000), _price(-(10**9)), _no_price,
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_found(corrupt):
    assert not verify(PROBLEM, corrupt(RIGHT)).ok


def test_the_proof_says_what_is_wrong():
    found = {
        corrupt: verify(PROBLEM, corrupt(RIGHT)).problems for corrupt in (_crowd, _forbid, _twice, _drop)
    }

    assert found[_crowd] == ("too_many",)
    assert found[_forbid] == ("forbidden:time", "wrong_score")
    assert found[_twice] == ("too_many", "twice")
    assert found[_drop] == ("not_everybody",)


def test_nothing_is_released_that_was_not_checked():
    fields = {name: getattr(RIGHT, name) for name in ("pairs", "waiting", "prices", "kept", "stats")}

    assert not MatchResult(**fields).certificate.ok


# ── Other ways to match ──────────────────────────────────────────────────────────────────────────────────


def best_first(problem: Problem) -> list[int]:
    """The heaviest pair first, and so on: what most would do by hand."""
    pairs = [
        (weight, person, offer)
        for person, row in enumerate(problem.pairs.rows())
        for offer, weight in zip(*row, strict=True)
    ]
    return _one_by_one(problem, sorted(pairs, reverse=True))


def first_come(problem: Problem) -> list[int]:
    """Whoever stands in front takes their best."""
    pairs = [
        (-person, weight, offer)
        for person, row in enumerate(problem.pairs.rows())
        for offer, weight in zip(*row, strict=True)
    ]
    return _one_by_one(
        problem, [(weight, -person, offer) for person, weight, offer in sorted(pairs, reverse=True)]
    )


def without_tiers(problem: Problem) -> list[int]:
    """Exact, and wrong about what matters."""
    rows = [
        (offers, [weight % problem.base for weight in weights]) for offers, weights in problem.pairs.rows()
    ]
    return solve(rows, problem.seats)[0]


def without_load(problem: Problem) -> list[int]:
    """Exact, and careless of coaches."""
    return solve(list(problem.pairs.rows()), [[0] * len(seats) for seats in problem.seats])[0]


def _one_by_one(problem: Problem, pairs: list[tuple[int, int, int]]) -> list[int]:
    at, left = [NOBODY] * len(problem.looking), [len(seats) for seats in problem.seats]
    for _, person, offer in pairs:
        if at[person] == NOBODY and left[offer]:
            at[person] = offer
            left[offer] -= 1
    return at


ONLY_DAIRY = replace(FARID, trade="other", remote=False)
FAR_SHOP = replace(SHOP, district="lahore")
BUSY = replace(COACH, id="busy", largest=2)
TRAPS = [
    (best_first, ask([replace(AMINA, tier=1), ONLY_DAIRY], [DAIRY, FAR_SHOP])),
    (first_come, ask([AMINA, ONLY_DAIRY], [DAIRY, FAR_SHOP])),
    (without_tiers, ask([replace(AMINA, stage=""), FARID], [DAIRY])),
    (without_load, ask([replace(AMINA, tier=1), FARID], [BUSY, replace(DAIRY, slots=0b0111)])),
]


def _prices(problem: Problem) -> list[int]:
    right = match(problem).prices
    return [right.get(offer.id, 0) for offer in problem.coaches]


@pytest.mark.parametrize(("wrong", "trap"), TRAPS)
def test_who_walks_into_a_trap_is_found(wrong, trap):
    certificate = answer(trap, wrong(trap), _prices(trap)).certificate

    assert match(trap).certificate.ok
    assert not certificate.problems
    assert certificate.primal < certificate.dual == match(trap).certificate.primal


@pytest.mark.parametrize("wrong", [wrong for wrong, _ in TRAPS])
@given(problem=problems())
@settings(max_examples=50)
def test_an_answer_passes_only_if_no_other_is_better(wrong, problem):
    certificate = answer(problem, wrong(problem), _prices(problem)).certificate

    assert not certificate.problems
    assert certificate.ok == (certificate.primal == heaviest(problem))
