"""Counts SQL statements of requests, inside either site: `python queries.py < requests.json`.

The first request of each list warms what is warm in a running server; the last is counted. What only opens
and closes transactions is counted apart.
"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def count(asked: list[dict]) -> tuple[int, int]:
    """Queries of the last request, and what stands around them."""
    with CaptureQueriesContext(connection) as captured:
        for request in asked:
            before = len(captured.captured_queries)
            _send(request)
    statements = [query["sql"] for query in captured.captured_queries[before:]]
    around = sum(statement.startswith(TRANSACTION) for statement in statements)
    return len(statements) - around, around


def _send(request: dict) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    if request["body"] is None:
        answer = client.get(request["path"], headers=request["headers"])
    else:
        body, kind = request["body"], "application/json"
        answer = client.post(request["path"], body, content_type=kind, headers=request["headers"])
    if answer.status_code != 200:
        sys.exit(f"{request['path']} answered {answer.status_code}: {answer.content[:300]!r}")


if __name__ == "__main__":
    print(json.dumps({name: count(asked) for name, asked in json.load(sys.stdin).items()}))
