"""Help is there for everybody, also where there is no network and before there is any lesson."""

import pytest

from courses import published
from courses.models import CATALOGUE
from tests.courses.conftest import catalogue, english, lesson, put, question, unit  # noqa: F401 - a course

ILL = "Is an animal ill?"


@pytest.mark.parametrize("language", ["ur", "en", "de"])
def test_help_opens_before_there_is_anything_to_learn(client, db, language):
    answer = client.get(f"/{language}/help/")

    assert answer.status_code == 200
    assert f'href="/{language}/sent/"' in answer.text


def test_help_is_a_file_that_asks_nobody_who_reads_it(
    client,
    amina,
    catalogue,  # noqa: F811
    django_capture_on_commit_callbacks,
    django_assert_num_queries,
):
    with django_capture_on_commit_callbacks(execute=True):
        published.want(catalogue)
    client.force_login(amina.user)

    with django_assert_num_queries(0):
        answer = client.get("/en/help/")

    assert ILL in answer.text
    assert "Amina" not in answer.text


def test_whoever_keeps_a_unit_keeps_help(
    client,
    catalogue,  # noqa: F811
    lesson,  # noqa: F811
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        for page in (catalogue, lesson.get_parent().get_parent(), lesson.get_parent(), lesson):
            put(page.specific)

    way = client.get(f"/packs/en/{CATALOGUE}.json").json()

    assert "/en/help/" in client.get(next(iter(way["voices"].values()))).json()["pages"]
