"""Whoever leaves something out reads in their own language what is missing, not in the browser's."""

import re

import pytest

from tests.lms.ways import come_in, prove

FORM = re.compile(r"<form[^>]*>.*?</form>", re.DOTALL)


def of_guests(client, amina) -> None:
    """Nobody is here yet."""


def with_a_number(client, amina) -> None:
    """Somebody new has proven a number."""
    prove(client)


def of_somebody(client, amina) -> None:
    """Amina is in her place."""
    come_in(client, amina)


PAGES = [
    ("start/number/", of_guests),
    ("start/code/", of_guests),
    ("start/card/", of_guests),
    ("start/invitation/", of_guests),
    ("start/new/", of_guests),
    ("start/who/", of_guests),
    ("carry/", of_guests),
    ("start/you/", with_a_number),
    ("mine/number/", of_somebody),
    ("mine/number/code/", of_somebody),
    ("mine/pin/", of_somebody),
]


@pytest.mark.parametrize(("page", "who"), PAGES)
def test_an_empty_form_is_answered_in_our_words(client, amina, page, who):
    who(client, amina)
    shown = client.get(f"/ur/{page}").text
    answer = client.post(f"/ur/{page}", {})

    asking = [form for form in FORM.findall(shown) if " required" in form]
    assert asking
    assert all("novalidate" in form.partition(">")[0] for form in asking)
    assert answer.status_code == 422
    [said, *_] = re.findall(r'class="trouble".*?<span>(.+?)</span>', answer.text)
    assert re.search("[\u0600-\u06ff]", said)


def test_a_choice_in_a_lesson_is_not_stopped_by_the_browser():
    from django.conf import settings

    asked = settings.BASE_DIR / "courses" / "templates" / "courses"
    assert [file.name for file in asked.rglob("*.html") if " required" in file.read_text()] == []
