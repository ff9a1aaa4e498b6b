from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.quiz import stand
from tests.phones import on_a_phone
from tests.shared_cases import cases

BLOCKS = ["a", "b", "c"]
answers_of = st.lists(
    st.tuples(st.sampled_from([*BLOCKS, "z"]), st.sampled_from([0, 0.5, 1, None])), max_size=20
)
rules_of = st.fixed_dictionaries({"pass_mark": st.integers(1, 3), "tries": st.integers(1, 4)})


@pytest.mark.parametrize("case", cases("quiz"))
def test_the_phone_and_the_server_say_alike_how_a_quiz_stands(case):
    found = stand(case["blocks"], case["answers"], pass_mark=case["pass_mark"], tries=case["tries"])

    assert asdict(found) == case["stand"]


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(answers_of, rules_of), min_size=40, max_size=60))
def test_whatever_is_answered_the_phone_says_the_same(asked):
    on_the_phone = on_a_phone(
        """
        import { stand } from "./assessments/static/assessments/quiz.mjs";

        export default ([answers, { pass_mark, tries }]) =>
          stand(["a", "b", "c"], answers, { passMark: pass_mark, tries });
        """,
        asked,
    )

    assert on_the_phone == [asdict(stand(BLOCKS, answers, **rules)) for answers, rules in asked]


@given(answers_of, answers_of, rules_of)
def test_going_on_never_takes_anything_away(answers, more, rules):
    before, after = stand(BLOCKS, answers, **rules), stand(BLOCKS, [*answers, *more], **rules)

    assert after.tried >= before.tried
    assert after.left <= before.left
    assert after.through >= before.through


@given(answers_of, rules_of)
def test_nobody_tries_more_often_than_they_may(answers, rules):
    found = stand(BLOCKS, answers, **rules)

    assert 0 <= found.left == rules["tries"] - found.tried
    assert found.right is None or 0 <= found.right <= len(BLOCKS)
