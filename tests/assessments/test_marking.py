import contextlib
import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assessments.marking import CHOICES, KINDS, NotAnAnswer, mark, right_answer, right_parts
from tests.phones import on_a_phone
from tests.shared_cases import cases

AS_IT_COMES = (Phase.explicit, Phase.generate)  # to shrink a hundred answers takes minutes
names = st.text(max_size=8) | st.sampled_from(["chosen", "order", "pairs", "typed", "said"])
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
options_of = st.lists(st.text("abcdefgh", min_size=1, max_size=3), min_size=2, max_size=4, unique=True)


@st.composite
def keys(draw, kinds=KINDS):
    kind = draw(st.sampled_from(kinds))
    options = draw(options_of)
    key = {"kind": kind, "use": "practice", "options": options}
    return {**key, **_what_is_right(draw, kind, options)}


def _what_is_right(draw, kind, options):
    if kind == "many":
        return {"right": draw(st.lists(st.sampled_from(options), min_size=1, unique=True))}
    if kind == "order":
        return {"right": draw(st.permutations(options))}
    if kind == "pairs":
        partners = draw(st.permutations([f"{option}'" for option in options]))
        return {"partners": sorted(partners), "right": dict(zip(options, partners, strict=True))}
    if kind == "number":
        right = {"value": draw(st.integers(-9999, 9999)) / 100, "tolerance": draw(st.integers(0, 100)) / 100}
        return {"comma": draw(st.booleans()), "unit": "kg", "right": right}
    return {} if kind in ("say", "ticks") else {"right": [draw(st.sampled_from(options))]}


@st.composite
def asked_and_answered(draw):
    """A question, and an answer to it that somebody might give, or nearly."""
    key = draw(keys())
    some = st.lists(st.sampled_from([*key["options"], "z"]), max_size=5)
    answers = {
        "order": st.fixed_dictionaries({"order": st.permutations(key["options"]) | some}),
        "pairs": st.fixed_dictionaries({"pairs": _pairs(key)}),
        "number": st.fixed_dictionaries({"typed": st.text("0123456789.,'-٫٬۱۲ kg", max_size=9)}),
        "say": st.fixed_dictionaries({"said": st.booleans()}, optional={"text": st.text()}),
    }
    return key, draw(answers.get(key["kind"], st.fixed_dictionaries({"chosen": some})) | json_values)


def _pairs(key):
    partners = key.get("partners", ["z"])
    matched = st.permutations(partners).map(lambda given: dict(zip(key["options"], given, strict=False)))
    return matched | st.dictionaries(st.sampled_from(key["options"]), st.sampled_from([*partners, "z"]))


def marked(key, response):
    """The mark and the parts, or that it was no answer."""
    try:
        return [mark(key, response), right_parts(key, response)]
    except NotAnAnswer:
        return "not an answer"


@pytest.mark.parametrize("case", cases("marking"))
def test_the_phone_and_the_server_mark_alike(case):
    key, response = case["key"], case["response"]
    if case["mark"] == "not an answer":
        with pytest.raises(NotAnAnswer):
            mark(key, response)
    else:
        assert mark(key, response) == case["mark"]
    if "parts" in case:
        assert right_parts(key, response) == case["parts"]


@settings(max_examples=8, deadline=None, phases=AS_IT_COMES)
@given(st.lists(asked_and_answered(), min_size=40, max_size=80))
def test_whatever_is_asked_and_answered_the_phone_marks_it_as_we_do(asked):
    on_the_phone = on_a_phone(
        """
        import { NotAnAnswer, mark, rightParts } from "./assessments/static/assessments/marking.mjs";
        import "./assessments/static/assessments/kinds.mjs";
        import "./assessments/static/assessments/numbers.mjs";

        export default ([key, response]) => {
          try {
            return [mark(key, response), rightParts(key, response)];
          } catch (trouble) {
            if (!(trouble instanceof NotAnAnswer)) throw trouble;
            return "not an answer";
          }
        };
        """,
        asked,
    )

    assert on_the_phone == [marked(key, response) for key, response in asked]


# ── Laws ─────────────────────────────────────────────────────────────────────────────────────────────────


@given(keys(CHOICES))
def test_of_all_options_exactly_the_right_one_earns(key):
    marks = {option: mark(key, {"chosen": [option]}) for option in key["options"]}

    assert [option for option, earned in marks.items() if earned == 1] == key["right"]
    assert sum(marks.values()) == 1


@given(keys((*CHOICES, "many")), st.randoms())
def test_the_order_of_the_options_does_not_matter(key, random):
    shuffled = {**key, "options": random.sample(key["options"], len(key["options"]))}

    for option in key["options"]:
        assert mark(shuffled, {"chosen": [option]}) == mark(key, {"chosen": [option]})


@given(keys(("many",)), st.data())
def test_of_many_only_the_whole_answer_earns(key, data):
    chosen = data.draw(st.lists(st.sampled_from(key["options"]), min_size=1, unique=True))

    assert mark(key, {"chosen": chosen}) == (set(chosen) == set(key["right"]))
    assert set(right_parts(key, {"chosen": chosen})) == set(chosen) & set(key["right"])


@given(keys(("order",)), st.data())
def test_an_order_earns_all_only_where_every_part_is_right(key, data):
    order = data.draw(st.permutations(key["options"]))

    assert (mark(key, {"order": order}) == 1) == (order == key["right"])
    assert mark(key, {"order": key["right"]}) == 1


@given(keys(("number",)), st.integers(-100, 100))
def test_a_number_earns_as_far_as_its_tolerance_and_no_farther(key, hundredths):
    value, tolerance = key["right"]["value"], key["right"]["tolerance"]
    typed = f"{value + hundredths / 100:.2f}"

    assert mark({**key, "comma": False}, {"typed": typed}) == (abs(hundredths) <= round(tolerance * 100))


@given(keys([kind for kind in KINDS if kind not in ("say", "ticks")]))
def test_there_is_an_answer_that_earns_all(key):
    assert mark(key, right_answer(key)) == 1


@given(asked_and_answered())
def test_whatever_a_phone_sends_is_marked_or_is_no_answer(asked):
    key, response = asked
    try:
        earned, parts = mark(key, response), right_parts(key, response)
    except NotAnAnswer:
        return
    assert earned is None if key["kind"] in ("say", "ticks") else 0 <= earned <= 1
    assert set(parts) <= set(key["options"])


@given(asked_and_answered())
def test_a_key_that_was_stripped_refuses_the_same_answers_and_marks_none(asked):
    key, response = asked
    stripped = {part: value for part, value in key.items() if part != "right"}

    whole, half = marked(key, response), marked(stripped, response)
    assert half == "not an answer" if whole == "not an answer" else half == [None, []]


@given(asked_and_answered())
def test_marking_changes_neither_key_nor_response(asked):
    before = json.dumps(asked)
    with contextlib.suppress(NotAnAnswer):
        mark(*asked)

    assert json.dumps(asked) == before
