"""What a page says of a question, and what it keeps to itself."""

import json
import re

import pytest

from assessments.models import Question
from courses import pages
from lms import seal
from media import voices
from media.models import Recording
from tests.assessments.conftest import KINDS, PAIRS, REASON, SEALABLE, ask  # noqa: F401 - questions
from tests.courses.conftest import put

EVERY = sorted(KINDS)


def drawn(lesson, question) -> pages.Drawn:
    lesson.body = [("question", {"question": question, "only_in": []})]
    put(lesson)
    return pages.draw(lesson)


def light(keys: dict[str, dict]) -> dict[str, dict]:
    """As phones get them: without the name of the question."""
    return {
        block: {part: value for part, value in key.items() if part != "question"}
        for block, key in keys.items()
    }


def keys_in(html: str) -> dict:
    return json.loads(re.search(r'<script id="keys" type="application/json">(.*?)</script>', html)[1])


@pytest.mark.parametrize("kind", EVERY)
def test_a_question_of_every_kind_has_a_form_that_needs_no_script(lesson, ask, kind):  # noqa: F811
    html = drawn(lesson, ask(kind)).html

    field = {"order": "place:", "pairs": "with:", "number": "typed", "say": "said"}.get(kind, "chosen")
    assert f'data-question="{kind}"' in html
    assert f'name="{field}' in html


@pytest.mark.parametrize("kind", EVERY)
def test_a_practice_question_has_its_key_in_the_page(lesson, ask, kind):  # noqa: F811
    page = drawn(lesson, ask(kind))

    assert keys_in(page.html) == light(page.keys)


def test_only_a_page_with_a_sealed_question_says_what_to_seal_to(lesson, ask):  # noqa: F811
    open_one = drawn(lesson, ask("one"))
    sealed = drawn(lesson, ask("many", use=Question.Use.SEALED, **SEALABLE["many"]))

    assert 'name="seal"' not in open_one.html
    assert f'<meta name="seal" content="{seal.public()}">' in sealed.html
    assert "js/sealing.mjs" in sealed.html
    [key] = keys_in(sealed.html).values()
    assert "right" not in key


@pytest.mark.parametrize("kind", sorted({*EVERY} - {"say"}))
def test_no_page_says_what_is_right_where_it_counts(lesson, ask, kind):  # noqa: F811
    question = ask(kind, use=Question.Use.COUNTS)
    page = drawn(lesson, question)

    [key] = page.keys.values()
    assert key["right"]
    assert keys_in(page.html) == {
        block: {part: value for part, value in key.items() if part not in {"right", "question"}}
        for block, key in page.keys.items()
    }
    assert REASON not in page.html
    names = re.findall(r'name="(?:place|with):([^"]+)"|data-half="([^"]+)"', page.html)
    shown = [one or other for one, other in names]
    if kind == "order":
        assert shown == key["options"] != key["right"]
    if kind == "pairs":
        assert shown == [*key["options"], *key["partners"]]
        assert [key["right"][option] for option in key["options"]] != key["partners"]
        for half in re.findall(r'class="pick">\s*<button.*?</div>', page.html, re.DOTALL):
            assert not any(option in half for option in key["options"])


def test_the_second_half_of_a_pair_is_heard_under_a_name_that_tells_nothing(lesson, ask):  # noqa: F811
    question = ask("pairs", use=Question.Use.COUNTS)
    first = question.options[0]
    spoken = f"{question.translation_key}:{first.id}.right"
    Recording.objects.create(text_key=spoken, voice="en", opus="/f/a.opus", state="ready", transcript="Calf")
    page = drawn(lesson, question)

    [key] = page.keys.values()
    name = voices.question(question.translation_key, key["right"][first.id])
    assert re.search(
        rf'href="/f/a.opus"[^>]* data-say="{name}" data-words="{PAIRS[0][1]["right"]}"', page.html
    )
    assert spoken not in page.html


def test_only_a_page_that_asks_for_more_than_a_choice_loads_more(lesson, ask):  # noqa: F811
    assert "asking.mjs" not in drawn(lesson, ask("one")).html
    assert "asking.mjs" not in drawn(lesson, ask("true_false")).html
    assert "asking.mjs" in drawn(lesson, ask("order")).html


def test_two_statements_on_a_page_are_answered_apart(lesson, ask):  # noqa: F811
    lesson.body = [("question", {"question": ask("true_false"), "only_in": []})] * 2
    put(lesson)

    names = re.findall(r' id="([^"]+)"', pages.draw(lesson).html)
    assert len(names) == len(set(names))
