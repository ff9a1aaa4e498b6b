import pytest
from django.db import connection


@pytest.fixture
def many_at_once(transactional_db):
    """Threads need a database that they all see, and see what is committed."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("A SQLite database in memory has one connection.")
