"""What the tests of media share."""

import gc
import warnings
from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def tidied() -> Iterator[None]:
    """Open files are collected here, where nobody minds, and not in a later test that does."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def trainer(client, settings, django_user_model) -> Client:
    """Somebody who may do everything in the trainers' room; the second factor is tested with lms."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("lms.")]
    client.force_login(django_user_model.objects.create_superuser("root", password="a long enough password"))
    return client
