"""What every test stands on: a database with Wagtail's roots, and folders of its own."""

from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from lms import intake
from tests.cast import *  # noqa: F403 - the cast is known everywhere by name


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tables come without migrations, which is three times quicker; one house test does migrate."""
    with django_db_blocker.unblock():
        from tests.roots import plant

        plant()
    yield
    with django_db_blocker.unblock():
        _see_off_the_last_guests()


def _see_off_the_last_guests() -> None:
    """A server that a browser has just left may hold a connection, and PostgreSQL drops nothing then."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def replanted(request):
    """After a test that emptied the database for real, the roots are there again for the next one."""
    marker = request.node.get_closest_marker("django_db")
    empties = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if not empties:
        yield
        return
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        from tests.roots import plant

        plant()
        yield
        plant()


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    """No test sees the files of another."""
    settings.PUBLISHED_ROOT = tmp_path / "published"
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture(autouse=True)
def own_memory():
    """No test remembers what another one published: its rows are gone, and its names may come again."""
    intake.read_once.clear()


@pytest.fixture(autouse=True)
def in_english():
    """No test inherits the language of another."""
    with translation.override("en"):
        yield


@pytest.fixture
def shared() -> Path:
    """Cases that Python and the phone both satisfy."""
    return Path(__file__).parent / "shared"
