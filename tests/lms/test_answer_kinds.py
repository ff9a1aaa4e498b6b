"""Every kind of answer from a browser that runs no script."""

import pytest

from courses.models import Publication
from lms.models.people import Person
from lms.models.record import HeldLine
from tests.assessments.conftest import KINDS, REASON, ask  # noqa: F401 - questions
from tests.courses.conftest import catalogue, english, lesson, put, question, unit, urdu  # noqa: F401 - a course

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def out(lesson, ask, django_capture_on_commit_callbacks):  # noqa: F811
    """A lesson with one question: what its form sends besides the answer, and the key."""

    def publish(kind: str, **changes: object) -> tuple[dict, dict]:
        lesson.body = [("question", {"question": ask(kind, **changes), "only_in": []})]
        with django_capture_on_commit_callbacks(execute=True):
            put(lesson)
        rendering = Publication.objects.get(page_key=lesson.translation_key, locale="en").rendering
        [(block, key)] = rendering.keys.items()
        return {"about": str(rendering.page_key), "block": block, "rev": rendering.rev}, key

    return publish


def right(kind: str, key: dict) -> dict:
    """What the form sends for the right answer."""
    if kind == "order":
        return {f"place:{option}": str(place) for place, option in enumerate(key["right"], start=1)}
    if kind == "pairs":
        return {f"with:{option}": half for option, half in key["right"].items()}
    return {"number": {"typed": "۱٫۷"}, "say": {"said": "yes"}}.get(kind) or {"chosen": key["right"]}


def send(client, form):
    return client.post("/en/answer/", form, headers=HERE)


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"say"}))
def test_the_right_answer_is_told_with_its_reason(client, out, kind):
    form, key = out(kind)
    page = send(client, form | right(kind, key))

    assert page.status_code == 200
    assert REASON in page.content.decode()
    assert "Yes, right" in page.content.decode()


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"say"}))
def test_what_counts_is_kept_and_nothing_is_told(client, out, kind):
    form, key = out(kind, use="counts")
    page = send(client, form | right(kind, key)).content.decode()

    assert "Kept. It will be checked." in page
    assert REASON not in page


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"say"}))
def test_an_empty_form_of_any_kind_is_a_kind_sentence_and_no_line(client, out, kind):
    form, _key = out(kind)
    page = send(client, form)

    assert page.status_code == 422
    assert "Please" in page.content.decode()
    assert not HeldLine.objects.exists()


def test_what_is_right_already_is_told_part_by_part(client, out):
    form, key = out("order")
    first, second, third, fourth = key["right"]
    given = {f"place:{first}": "1", f"place:{second}": "3", f"place:{third}": "2", f"place:{fourth}": "4"}
    page = send(client, form | given).content.decode()

    assert "Not yet" in page
    assert "1 · Wash your hands" in page
    assert "4 · Milk" in page
    assert "Dry it" not in page


def test_two_in_one_place_are_asked_for_again(client, out):
    form, key = out("order")

    assert send(client, form | {f"place:{option}": "1" for option in key["options"]}).status_code == 422


def test_the_words_that_somebody_says_are_not_kept_even_if_a_browser_sends_them(client, out):
    form, _key = out("say")
    page = send(client, form | {"said": "yes", "text": "my sister"})

    assert "Thank you" in page.content.decode()
    [line] = HeldLine.objects.filter(person=Person.objects.get(pk=client.session["person"]))
    assert line.line["response"] == {"said": True}
    assert "sister" not in str(line.line)
