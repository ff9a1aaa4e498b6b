from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.progress import SoFar, fold, join, next_lesson, of
from tests.shared_cases import cases

OUTLINE = [
    {"lesson": "milk", "blocks": ["q1", "q2"]},
    {"lesson": "feed", "blocks": ["q3"]},
    {"lesson": "vet", "blocks": []},
]

line = st.fixed_dictionaries(
    {
        "about": st.sampled_from(["milk", "feed", "vet", "hay"]),
        "verb": st.sampled_from(["experienced", "played", "answered", "completed"]),
        "block": st.sampled_from(["", "q1", "q2", "q3", "gone"]),
        "score": st.sampled_from([None, 0.0, 0.5, 1.0]),
        "at": st.integers(0, 50),
    }
)
lines = st.lists(line, max_size=25)


@pytest.mark.parametrize("case", cases("progress"))
def test_the_phone_and_the_server_see_the_same_progress(case):
    standings = fold(case["outline"], case["lines"])

    assert {lesson: asdict(so_far) for lesson, so_far in standings.items()} == case["standings"]
    assert of(case["outline"], standings) == tuple(case["of"])
    assert next_lesson(case["outline"], standings) == case["next"]


@given(lines, st.randoms())
def test_progress_ignores_order_and_repeats(log, random):
    shuffled = log + log
    random.shuffle(shuffled)

    assert fold(OUTLINE, shuffled) == fold(OUTLINE, log)


@given(lines, lines)
def test_progress_never_goes_back(before, more):
    was, now = fold(OUTLINE, before), fold(OUTLINE, before + more)

    assert of(OUTLINE, now) >= of(OUTLINE, was)
    for lesson, so_far in was.items():
        assert now[lesson].begun_at <= so_far.begun_at
        assert so_far.done_at is None or now[lesson].done_at <= so_far.done_at
        for block, score in so_far.answers.items():
            assert score is None or now[lesson].answers[block] >= score


@given(lines, lines)
def test_two_halves_of_a_record_make_the_whole(one, other):
    halves = [fold(OUTLINE, one), fold(OUTLINE, other)]
    joined: dict[str, SoFar] = {}
    for half in halves:
        for lesson, so_far in half.items():
            joined[lesson] = join(joined[lesson], so_far) if lesson in joined else so_far

    assert joined == fold(OUTLINE, one + other)


@given(lines)
def test_what_comes_next_is_not_done_and_all_before_it_is(log):
    standings = fold(OUTLINE, log)
    lessons = [lesson["lesson"] for lesson in OUTLINE]
    coming = next_lesson(OUTLINE, standings)

    before = lessons[: lessons.index(coming)] if coming else lessons
    assert all(standings[lesson].done_at is not None for lesson in before)
    assert coming is None or coming not in standings or standings[coming].done_at is None
