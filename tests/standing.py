"""What stands for all tests of a module: made once, and each test may change it for itself alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def standing(blocker) -> Iterator[None]:
    """Make rows in here, then yield: a test undoes only what it did itself, and the module its rows.

    Not beside tests that commit for real (`transactional_db`): they would wait for these rows.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
