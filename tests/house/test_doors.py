"""Every address is tried as every kind of person."""

import pytest
from django.test import Client

from lms import privacy
from mentors.models.bonds import Look
from tests.house.doors import KINDS, doors, listed, patterns, status_of
from tests.inside import come_in


def test_every_address_is_in_the_table():
    new, gone = patterns() - listed(), listed() - patterns()

    assert new == set(), (
        "Please write into tests/house/doors.toml who may open these, as its first lines show."
    )
    assert gone == set(), "These addresses are gone; please take them out of tests/house/doors.toml."


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_is_let_in_where_the_table_says_so_and_nowhere_else(kind, cast):
    browser = come_in(cast[kind])
    before = _people()

    otherwise = {
        door.address: f"{got} instead of {door.gets[kind]}"
        for door in doors(cast)
        if (got := status_of(browser, door.address)) != door.gets[kind]
    }

    assert otherwise == {}
    assert _people() == before, "A GET has changed something that is held about people."


def test_a_form_without_its_token_is_refused(cast):
    browser = come_in(cast["amina"], enforce_csrf_checks=True)

    otherwise = {
        door.address: f"{got} instead of {door.posts_without_token}"
        for door in doors(cast)
        if (got := browser.post(door.address).status_code) != door.posts_without_token
    }

    assert otherwise == {}


def test_no_address_answers_with_the_inside_of_the_house(cast):
    browser = Client(raise_request_exception=False)

    for address in (
        "/desk/people/not-a-key/",
        "/ur/..%2f..%2fetc/passwd/",
        "/ur/mine/%00/",
        "/desk/?next=https://example.org",
    ):
        assert browser.get(address).status_code in {302, 400, 404}


def _people() -> dict[str, list]:
    """All that is held about people, but for who looked."""
    return {
        model._meta.label: sorted(map(str, model._base_manager.values_list()))
        for model in privacy.personal_models()
        if model is not Look
    }
