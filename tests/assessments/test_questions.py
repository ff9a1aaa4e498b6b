"""What a trainer can ask, and what a question says of itself."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale

from assessments.marking import mark, right_answer
from tests.assessments.conftest import KINDS, PAIRS, SEALABLE, options
from tests.assessments.conftest import question as a_question

EVERY = sorted(KINDS)
MARKED = [kind for kind in EVERY if kind != "say"]


@pytest.mark.parametrize("kind", EVERY)
def test_a_question_of_every_kind_can_be_asked(ask, kind):
    ask(kind).clean()


@pytest.mark.parametrize("kind", MARKED)
def test_who_answers_rightly_is_marked_so(ask, kind):
    key = ask(kind).answer_key()

    assert mark(key, right_answer(key)) == 1


@pytest.mark.parametrize("kind", sorted(SEALABLE))
def test_what_is_sealed_needs_no_reason_and_has_no_mark(ask, kind):
    question = ask(kind, use="sealed", reason="", **SEALABLE[kind])
    question.clean()
    key = question.answer_key()

    assert "right" not in key
    assert question.right_words == []
    assert mark(key, {"chosen": key["options"][:1]}) is None


def test_what_was_said_has_no_right_answer(ask):
    key = ask("say").answer_key()

    assert "right" not in key
    assert mark(key, {"said": True}) is None


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("number", {"use": "sealed"}, "Only answers that are chosen can be sealed."),
        ("one", {"use": "sealed"}, "Please mark nothing as right: nobody marks what is sealed."),
        ("true_false", {"use": "sealed"}, "Please mark nothing as right: nobody marks what is sealed."),
        ("one", {"options": options()}, "Please mark exactly one answer as right."),
        ("one", {"options": options("Milk", "Dry it")}, "Please mark exactly one answer as right."),
        ("one", {"options": options("Milk")[3:]}, "Please give two, three or four answers."),
        ("one", {"options": PAIRS}, "Please give answers here, no pairs."),
        ("many", {"options": options()}, "Please mark every answer that is right, at least one."),
        ("many", {"options": options("Milk") * 2}, "Please give two to six answers."),
        ("true_false", {"truth": ""}, "Please say whether the statement is true."),
        ("order", {"options": options()[:2]}, "Please give three to six answers, in their right order."),
        ("pairs", {"options": PAIRS[:1]}, "Please give two, three or four pairs."),
        ("pairs", {"options": options()}, "Please give pairs here."),
        ("pairs", {"options": [PAIRS[0], PAIRS[0]]}, "Please let no two pairs end with the same words."),
        ("number", {"value": None}, "Please give the right number."),
        ("number", {"tolerance": -1}, "Please give 0 or more: how far away is near enough."),
        ("one", {"reason": ""}, "Please say why it is so."),
        ("number", {"reason": ""}, "Please say why it is so."),
    ],
)
def test_a_question_that_cannot_be_asked_says_what_it_needs(ask, kind, changes, sentence):
    with pytest.raises(ValidationError) as trouble:
        ask(kind, **changes).clean()

    assert trouble.value.messages == [sentence]


@pytest.mark.parametrize("kind", MARKED)
def test_without_what_is_right_a_key_says_nothing_of_it(ask, kind):
    """The order of the parts, their names and the fields that are left would all be the same for others."""
    question = ask(kind)
    key = question.answer_key()
    left = {part: value for part, value in key.items() if part not in {"right", "question"}}

    assert left.keys() <= {"kind", "use", "options", "partners", "comma", "unit"}
    if kind == "order":
        assert left["options"] != key["right"]
        assert sorted(left["options"]) == sorted(key["right"])
    if kind == "pairs":
        assert [key["right"][option] for option in left["options"]] != left["partners"]
        assert not any(partner in option for option in left["options"] for partner in left["partners"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.permutations(options()), st.integers(3, 4))
def test_an_order_is_never_shown_as_it_is_right_and_always_the_same(db, listed, how_many):
    question = a_question("order", options=listed[:how_many])

    shown = question.answer_key()["options"]
    assert shown != question.answer_key()["right"]
    assert question.answer_key()["options"] == shown


def test_a_number_is_read_as_its_own_language_writes_it(ask):
    question = ask("number", value=1200)
    german = question.copy_for_translation(Locale.objects.get_or_create(language_code="de")[0])

    assert mark(question.answer_key(), {"typed": "1,200"}) == 1
    assert mark(german.answer_key(), {"typed": "1,200"}) == 0
    assert mark(german.answer_key(), {"typed": "1.200"}) == 1
