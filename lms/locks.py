"""One thing at a time: who asks for the same key waits until the other's transaction has ended."""

import hashlib

from django.db import transaction


def one_at_a_time(*keys: object) -> None:
    """Hold these keys until the transaction ends. SQLite has one writer, and our transactions begin as it."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A key is held until a transaction ends: begin one.")
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # Sorted, so that two who need the same two keys do not wait for each other for ever.
        for number in sorted({_number(key) for key in keys}):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _number(key: object) -> int:
    return int.from_bytes(hashlib.blake2b(str(key).encode(), digest_size=8).digest(), signed=True)
