"""A quiz in a lesson: what a page shows of it, and what forms alone tell."""

import itertools
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from assessments.marking import right_answer
from courses import pages, screens
from courses.blocks import QuizBlock
from courses.models import Publication
from courses.texts import for_voice
from tests.assessments.conftest import ask, options  # noqa: F401 - questions
from tests.cast import NOON
from tests.courses.conftest import put
from tests.media.conftest import trainer  # noqa: F401 - somebody in the trainers' room

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def quiz(lesson, ask):  # noqa: F811
    """A lesson with a quiz of three questions: two must be right, and there are two tries."""
    questions = [("question", ask(kind)) for kind in ("one", "true_false", "number")]
    value = {"questions": questions, "pass_mark": 2, "tries": 2, "only_in": []}
    lesson.body = [("quiz", value)]
    return put(lesson)


def block(questions, **rules):
    value = {"questions": [("question", one) for one in questions], "pass_mark": 2, "tries": 3, "only_in": []}
    quiz = QuizBlock()
    return quiz.clean(quiz.normalize({**value, **rules}))


def test_each_question_has_a_screen_and_the_end_another(quiz):
    turned = screens.of(quiz)

    assert [screen.kind for screen in turned] == ["question", "question", "question", "quiz"]
    names = [part.id for part in quiz.body[0].value["questions"]]
    assert [screen.block for screen in turned] == [*names, quiz.body[0].id]
    html = pages.draw(quiz).html
    assert f'data-quiz="{" ".join(names)}" data-pass="2" data-tries="2"' in html
    assert "quizzes.mjs" in html


def test_the_key_of_a_question_says_to_which_quiz_it_belongs(quiz):
    keys = pages.draw(quiz).keys

    assert [key["quiz"] for key in keys.values()] == [
        {"questions": list(keys), "pass_mark": 2, "tries": 2}
    ] * 3


def test_its_questions_can_be_heard(quiz):
    texts = {text.text for text in for_voice("en")}

    assert {part.value.prompt for part in quiz.body[0].value["questions"]} <= texts


def test_a_quiz_asks_for_no_more_than_there_is(ask):  # noqa: F811
    questions = [ask("one"), ask("number")]

    assert block(questions)["tries"] == 3
    with pytest.raises(ValidationError) as trouble:
        block(questions, pass_mark=3)
    assert "no more right answers" in str(trouble.value.as_json_data())


@pytest.mark.parametrize("changes", [{"kind": "say"}, {"kind": "one", "use": "counts"}])
def test_a_quiz_asks_only_what_the_phone_can_mark(ask, changes):  # noqa: F811
    with pytest.raises(ValidationError) as trouble:
        block([ask("number"), ask(**changes)])

    assert "for practice" in str(trouble.value.as_json_data())


# ── By forms alone ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def answer(client, quiz, monkeypatch, django_capture_on_commit_callbacks):
    """Answer the nth question, rightly or not, a minute after the last; the page that comes back."""
    minutes = (NOON + timedelta(minutes=n) for n in itertools.count())
    monkeypatch.setattr("lms.views.answer.timezone", SimpleNamespace(now=lambda: next(minutes)))
    with django_capture_on_commit_callbacks(execute=True):
        put(quiz)
    out = Publication.objects.get(page_key=quiz.translation_key, locale="en").rendering
    keys = list(out.keys.items())

    def send(nth: int, *, right: bool) -> str:
        name, key = keys[nth]
        given = right_answer(key) if right else _another(key)
        form = {"about": str(out.page_key), "block": name, "rev": out.rev, **given}
        return client.post("/en/answer/", form, headers=HERE).content.decode()

    return send


def _another(key: dict) -> dict:
    if key["kind"] == "number":
        return {"typed": "99"}
    return {"chosen": [next(option for option in key["options"] if option not in key["right"])]}


def test_after_the_last_question_it_is_told_how_many_were_right(answer):
    assert "of 3" not in answer(0, right=True)
    assert "of 3" not in answer(1, right=True)
    last = answer(2, right=False)

    assert "2 of 3" in last
    assert "Well done" in last
    assert "Try again" not in last


def test_who_is_not_through_can_try_again_while_tries_remain(answer):
    for nth in (0, 1):
        answer(nth, right=False)
    first = answer(2, right=True)
    assert "1 of 3" in first
    assert "It takes 2 of 3. You can try again." in first
    assert "Try again" in first

    answer(0, right=False)
    answer(1, right=False)
    last = answer(2, right=True)
    assert "Go on for now." in last
    assert "Try again" not in last


def test_who_is_through_at_the_second_try_is_through(answer):
    for nth in (0, 1, 2):
        answer(nth, right=False)
    answer(0, right=True)
    answer(1, right=True)

    assert "Well done" in answer(2, right=True)


def test_a_question_of_a_quiz_leads_on_and_not_back(answer):
    page = answer(0, right=False)

    assert "Not yet" in page
    assert "Try again" not in page


# ── A question that is changed after it was chosen ───────────────────────────────────────────────────────


def changed(asked, **changes):  # what a trainer keeps
    for name, value in changes.items():
        setattr(asked, name, value)
    asked.full_clean()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("use", {"use": "counts"}),
        ("use", {"use": "sealed", "options": options()}),
        ("kind", {"kind": "say", "options": []}),
    ],
)
def test_a_question_of_a_quiz_cannot_be_turned_into_one_that_the_quiz_cannot_mark(quiz, field, changes):
    asked = quiz.body[0].value["questions"][0].value

    with pytest.raises(ValidationError) as refused:
        changed(asked, **changes)

    assert list(refused.value.message_dict) == [field]
    assert "It stands in the quiz of “Water all day”" in refused.value.message_dict[field][0]
    assert "make a new question" in refused.value.message_dict[field][0]


def test_nor_can_its_twin_in_another_language(quiz):
    asked = quiz.body[0].value["questions"][0].value
    twin = asked.copy_for_translation(Locale.objects.get(language_code="ur"))
    twin.save()

    with pytest.raises(ValidationError):
        changed(twin, use="counts")


def test_a_question_of_a_quiz_may_say_the_same_in_other_words(quiz):
    changed(quiz.body[0].value["questions"][0].value, prompt="And what now?")


def test_a_question_that_stands_alone_may_count_or_be_sealed(lesson, ask):  # noqa: F811
    alone = ask("one")
    lesson.body = [("question", {"question": alone, "only_in": []})]
    put(lesson)

    changed(alone, use="counts")
    changed(alone, use="sealed", options=options())


def test_what_is_asked_around_a_unit_may_count_and_must_have_a_right_answer(unit, ask):  # noqa: F811
    around = ask("one")
    unit.test = [("question", around)]
    put(unit)

    changed(around, use="counts")
    with pytest.raises(ValidationError, match="It is asked before and after “Every day”"):
        changed(around, use="sealed", options=options())


def test_in_the_room_the_sentence_stands_beside_the_field_and_nothing_is_kept(trainer, quiz):  # noqa: F811
    asked = quiz.body[0].value["questions"][1].value  # a statement
    said = {
        "prompt": "Changed", "kind": "true_false", "use": "counts", "options-count": "0", "truth": "no",
        "value": "", "tolerance": "0", "unit": "", "reason": "Because.", "hint": "", "key": asked.key,
    }  # fmt: skip

    page = trainer.post(f"/cms/snippets/assessments/question/edit/{asked.pk}/", said)

    assert "It stands in the quiz of “Water all day”" in page.text
    asked.refresh_from_db()
    assert (asked.use, asked.prompt) == ("practice", "A question: true_false?")


def test_the_room_keeps_no_question_by_itself(trainer, lesson, ask):  # noqa: F811
    asked = ask("true_false")
    said = {
        "prompt": "Half a sen", "kind": "true_false", "use": "practice", "options-count": "0", "truth": "no",
        "value": "", "tolerance": "0", "unit": "", "reason": "Because.", "hint": "", "key": asked.key,
    }  # fmt: skip
    where = f"/cms/snippets/assessments/question/edit/{asked.pk}/"
    by_itself = "data-w-autosave-interval-value"
    assert by_itself in trainer.get(f"/cms/pages/{lesson.pk}/edit/").text  # a lesson has drafts
    for page in (where, "/cms/snippets/assessments/question/add/"):
        assert by_itself not in trainer.get(page).text

    answer = trainer.post(where, said, headers={"accept": "application/json"})

    assert answer.status_code == 400
    asked.refresh_from_db()
    assert asked.prompt == "A question: true_false?"
    assert trainer.post(where, said).status_code == 302
    asked.refresh_from_db()
    assert asked.prompt == "Half a sen"
