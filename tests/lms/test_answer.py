"""Answers from a browser that runs no script."""

import pytest

from courses.models import Publication
from lms.models.people import Person
from lms.models.record import HeldLine, RecordLine, Standing
from tests.courses.conftest import catalogue, english, lesson, put, question, unit, urdu  # noqa: F401 - a course

HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def out(lesson, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)
    return Publication.objects.get(page_key=lesson.translation_key, locale="en").rendering


@pytest.fixture
def form(out):
    """What the form of the question sends, with the right answer chosen."""
    [(block, key)] = out.keys.items()
    return {"about": str(out.page_key), "block": block, "rev": out.rev, "chosen": key["right"][0]}


@pytest.fixture
def wrong(out, form):
    [key] = out.keys.values()
    return form | {"chosen": next(option for option in key["options"] if option not in key["right"])}


def send(client, form, **headers):
    return client.post("/en/answer/", form, headers=headers or HERE)


def test_a_right_answer_is_told_with_its_reason_and_kept(client, amina, form, question):  # noqa: F811
    client.force_login(amina.user)
    session = client.session
    session["person"] = str(amina.pk)
    session.save()

    response = send(client, form)

    assert response.status_code == 200
    assert question.reason in response.content.decode()
    assert RecordLine.objects.get(person=amina).score == 1.0


def test_what_is_ticked_is_kept_without_a_mark_and_leads_on(
    client,
    amina,
    lesson,  # noqa: F811
    django_capture_on_commit_callbacks,
):
    thing = {
        "title": "Look",
        "text": "",
        "picture": None,
        "only_in": [],
        "parts": [("item", "Eyes"), ("item", "Feet")],
    }
    lesson.body = [("checklist", thing)]
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)
    rendering = Publication.objects.get(page_key=lesson.translation_key, locale="en").rendering
    [(block, key)] = rendering.keys.items()
    form = {"about": str(rendering.page_key), "block": block, "rev": rendering.rev}

    page = send(client, form | {"chosen": key["options"]})
    none = send(client, form)

    assert (page.status_code, none.status_code) == (200, 200)
    assert f"#after-{block}" in page.content.decode()


def test_not_yet_brings_the_hint_and_a_way_back_to_the_question(client, wrong, question):  # noqa: F811
    page = send(client, wrong).content.decode()

    assert question.hint in page
    assert f"#ask-{wrong['block']}" in page


def test_who_just_learns_gets_a_guests_mark_and_the_line_waits_for_a_yes(client, form):
    send(client, form)

    guest = Person.objects.get(pk=client.session["person"])
    assert guest.user is None
    assert HeldLine.objects.get(person=guest).why == HeldLine.Why.CONSENT
    assert not RecordLine.objects.exists()


def test_a_second_tap_on_the_same_button_is_one_line(client, form):
    send(client, form)
    send(client, form)

    assert HeldLine.objects.count() == 1


def test_nothing_chosen_is_a_kind_sentence_and_no_line(client, form):
    del form["chosen"]

    response = send(client, form)

    assert response.status_code == 422
    assert "Please choose one answer." in response.content.decode()
    assert not HeldLine.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://elsewhere.example"},
        {"referer": "https://elsewhere.example/http://testserver/"},
        {},
    ],
)
def test_a_form_on_another_site_is_not_ours(client, form, headers):
    response = client.post("/en/answer/", form, headers=headers)

    assert response.status_code == 404
    assert not Person.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, {"referer": "http://testserver/en/"}])
def test_an_old_browser_says_only_where_it_was(client, form, headers):
    assert client.post("/en/answer/", form, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"rev": "0" * 64},
        {"rev": ""},
        {"block": "nothing"},
        {"about": "x"},
        {"verb": "deleted"},
        {"verb": "experienced"},
    ],
)
def test_a_form_we_never_made_finds_nothing(client, form, change):
    assert send(client, form | change).status_code == 404
    assert not Person.objects.exists()


def test_the_end_of_a_lesson_is_kept_and_leads_on(client, amina, out):
    client.force_login(amina.user)
    session = client.session
    session["person"] = str(amina.pk)
    session.save()

    response = send(client, {"about": str(out.page_key), "rev": out.rev, "verb": "completed"})

    assert response.status_code == 302
    assert Standing.objects.get(person=amina).done_at


def test_a_lesson_that_is_gone_can_still_be_answered(
    client,
    form,
    lesson,  # noqa: F811
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        lesson.delete()

    assert send(client, form).status_code == 200
    assert HeldLine.objects.count() == 1


def test_it_can_only_be_posted(client):
    assert client.get("/en/answer/").status_code == 405
