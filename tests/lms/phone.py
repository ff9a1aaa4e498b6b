"""What a phone sends, for tests: lessons that were given to it, and lines as it writes them."""

import json
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from courses.models import Rendering
from lms import intake
from tests.cast import NOON

HOUR = timedelta(hours=1)
YESTERDAY = NOON - timedelta(days=1)


def uuid7() -> str:
    """As record.mjs makes it: the time, then chance."""
    number = (int(time.time() * 1000) << 80) | (0x7 << 76) | (secrets.randbits(12) << 64)
    return str(UUID(int=number | (0b10 << 62) | secrets.randbits(62)))


def lesson(*, key: UUID | None = None, published: datetime = YESTERDAY, **keys: dict) -> Rendering:
    """A lesson as it was given to phones, by default with one question in the block `q1`: b is right."""
    key = key or uuid4()
    rendering = Rendering.objects.create(
        rev=secrets.token_hex(32),
        page_key=key,
        locale="ur",
        kind="lesson",
        body=b"",
        keys=keys or {"q1": question()},
    )
    Rendering.objects.filter(pk=rendering.pk).update(made_at=published)
    return rendering


def question(*, right: str = "b", key: UUID | None = None, use: str = "practice") -> dict:
    """What `Question.answer_key` says of a question with three answers."""
    return {
        "question": str(key or uuid4()),
        "kind": "one",
        "use": use,
        "options": ["a", "b", "c"],
        "right": [right],
    }


def line(
    rendering: Rendering, verb: str = "experienced", *, at: datetime = NOON - HOUR, **changes: object
) -> dict:
    """One line, as a phone writes it."""
    return {
        "id": uuid7(),
        "seq": 1,
        "verb": verb,
        "about": str(rendering.page_key),
        "block": None,
        "rev": rendering.rev,
        "locale": "ur",
        "voice": "ur",
        "at": at.isoformat(),
        "ms": 4000,
        "response": None,
        **changes,
    }


def answered(rendering: Rendering, chosen: str = "b", *, block: str = "q1", **changes: object) -> dict:
    """An answer, as a phone writes it."""
    return line(rendering, "answered", block=block, response={"chosen": [chosen]}, **changes)


def batch(*records: dict, sent_at: datetime | str = NOON, **changes: object) -> dict:
    """A request, as a phone writes it."""
    said = sent_at if isinstance(sent_at, str) else sent_at.isoformat()
    return {
        "v": 1,
        "epoch": "",
        "sent_at": said,
        "app": "1.0",
        "nonce": "n1",
        "records": list(records),
        **changes,
    }


def post(client, path: str, body: object, *, token: str = "", **headers: str):
    """Send it, as record.mjs does."""
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    headers = {
        "X-Requested-With": "sync",
        **({"Authorization": f"Device {token}"} if token else {}),
        **headers,
    }
    return client.post(f"/api/v1/{path}", data=data, content_type="application/json", headers=headers)


def send(person, device, *lines, sent_at=NOON, now=NOON):
    """What became of each line, as a phone would read it."""
    outcomes = intake.receive(person, device, lines, sent_at=sent_at, now=now).outcomes
    return [f"{one.status} {one.code}".strip() for one in outcomes]


def at_once(*jobs):
    """Run these at the same time, each with a connection of its own, and pass on the first trouble."""
    ready, trouble = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            ready.wait()
            job()
        except BaseException as error:
            trouble.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if trouble:
        raise trouble[0]


def slowly(work: Callable[..., object]) -> Callable[..., object]:
    """The same work, after long enough for somebody else to come between."""

    def waiting(*args: object) -> object:
        time.sleep(0.15)
        return work(*args)

    return waiting
