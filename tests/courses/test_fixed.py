"""Pages that nobody writes: published files, the same for everybody, in every language that people read."""

import gzip

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from courses import fixed, published
from courses.models import CoursePage, Publication
from courses.texts import for_fixed
from tests.courses.conftest import put

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def yard(monkeypatch):
    """A page called "yard", and no other."""
    monkeypatch.setattr(fixed, "_drafts", {})
    fixed.register(
        "yard",
        template="courses/published.html",
        title=_("My place"),
        sentences=("Home",),
        values=lambda: {"kind": "yard"},
    )


@pytest.fixture
def change(django_capture_on_commit_callbacks):
    """What happens in it is published."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_it_is_published_with_the_catalogue_in_its_language_and_in_no_other(catalogue, change, client):
    with change():
        published.want(catalogue)

    assert list(Publication.objects.filter(path__endswith="/yard/").values_list("path", flat=True)) == [
        "/en/yard/"
    ]
    answer = client.get("/en/yard/")
    assert answer.status_code == 200
    assert "<title>My place</title>" in answer.content.decode()
    assert client.get("/ur/yard/").status_code == 404


def test_it_is_given_without_a_query_and_the_same_to_everybody(
    catalogue, change, client, amina, django_assert_num_queries
):
    with change():
        published.want(catalogue)
    before = client.get("/en/yard/").content

    client.force_login(amina.user)
    with django_assert_num_queries(0):
        after = client.get("/en/yard/")

    assert (after.content, "sessionid" in after.cookies) == (before, False)


def test_it_names_itself_and_what_the_template_asked_for(catalogue):
    rendering = published.publish(fixed.Fixed("yard", catalogue.locale))

    html = gzip.decompress(bytes(rendering.body)).decode()
    assert f'data-kind="yard" data-about="{fixed.key("yard")}" data-rev="{rendering.rev}"' in html
    assert rendering.keys == {}


def test_a_visit_before_the_worker_came_is_answered_all_the_same(catalogue, client):
    assert client.get("/en/yard/").status_code == 200
    assert client.get("/en/nothing/").status_code == 404
    assert client.get("/en/yard/yard/").status_code == 404


def test_it_goes_when_the_catalogue_goes(catalogue, change, client):
    with change():
        published.want(catalogue)
    with change():
        catalogue.unpublish()

    assert not Publication.objects.filter(path="/en/yard/").exists()
    assert client.get("/en/yard/").status_code == 404


def test_no_course_may_take_its_address(catalogue):
    with pytest.raises(ValidationError) as refused:
        catalogue.add_child(instance=CoursePage(title="Yard", slug="yard", locale=catalogue.locale))

    assert refused.value.message_dict == {
        "slug": ["Another page has this address already. Please choose another short name."]
    }


@pytest.mark.parametrize("slug", ["keep", "questions-before", "questions-after"])
def test_no_lesson_may_take_the_address_of_what_follows_from_its_unit(lesson, slug):
    lesson.slug = slug

    with pytest.raises(ValidationError) as refused:
        lesson.full_clean()

    assert list(refused.value.message_dict) == ["slug"]


def test_below_a_unit_a_lesson_may_be_called_the_same(lesson, change):
    lesson.slug = "yard"
    with change():
        put(lesson)

    assert Publication.objects.filter(path="/en/animals/every-day/yard/").exists()


def test_what_it_says_stands_in_the_list_of_voices():
    assert [(text.key, text.text, text.language) for text in for_fixed("pnb")] == [("ui:Home", "گھر", "ur")]
