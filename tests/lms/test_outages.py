"""What becomes of lines when something is taken away from the service while it really runs."""

import os
import re
import resource
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from tests.lms.phone import line
from tests.lms.service import ROOT, Hands, Service, packed, read, told, until

pytestmark = [pytest.mark.service, pytest.mark.xdist_group("outages")]


@pytest.fixture(scope="module")
def services():
    """How servers are started: deploy/services.py."""
    with pytest.MonkeyPatch.context() as path:
        path.syspath_prepend(ROOT / "deploy")
        import services

        yield services


@pytest.fixture(scope="module")
def queue(services) -> Iterator[tuple[str, ExitStack]]:
    """The address of a Redis of our own, if one is installed, and what stops it when it is closed."""
    with ExitStack() as running:
        installed = shutil.which("redis-server") or shutil.which("valkey-server")
        yield running.enter_context(services.own_redis()) if installed else "", running


@pytest.fixture(scope="module")
def running(tmp_path_factory, queue) -> Iterator[tuple[Service, Hands]]:
    service = Service(tmp_path_factory.mktemp("service"), REDIS_URL=queue[0])
    hands = service.prepare()
    service.start()
    yield service, hands
    service.stop()


def lines(hands: Hands, how_many: int) -> list[dict]:
    return [line(hands.lesson, seq=n) for n in range(how_many)]


# ── A worker is killed ───────────────────────────────────────────────────────────────────────────────────

A_LONG_TAKE = """
from django.core.files.uploadedfile import SimpleUploadedFile as File
from django.utils import timezone
from media import sound
from tests.media.stuff import tone
sound.take("ui:cool", "ur", upload=File("take.wav", tone(120, rate=8000)), transcript="Keep it cool.",
           read_from="Keep it cool.", now=timezone.now())
"""
TWO_MINUTES_LATER = """
from datetime import timedelta
from django.core.management import call_command
from django.db.models import F
from media.models import Recording
Recording.objects.update(state_at=F("state_at") - timedelta(minutes=2))
call_command("tick")
"""


def test_I04_when_a_worker_is_killed_over_a_recording_the_next_one_makes_it_small(running):
    service, _ = running
    service.does(A_LONG_TAKE)

    def state() -> object:
        return service.holds("SELECT state FROM media_recording")

    with service.worker():
        until(lambda: state() == "converting")
    assert state() == "converting"

    service.does(TWO_MINUTES_LATER)
    with service.worker():
        until(lambda: state() == "ready")


# ── The server is replaced ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("end", ["asked", "killed"])
def test_S24_an_upload_in_which_the_server_is_replaced_is_answered_or_sent_again(running, end):
    service, hands = running
    sent = lines(hands, 50)
    body, headers = packed(hands.token, sent)
    upload = service.connect()
    upload.putrequest("POST", "/api/v1/sync")
    for header in [*headers.items(), ("Content-Length", len(body)), ("Expect", "100-continue")]:
        upload.putheader(*header)
    upload.endheaders(body[: len(body) // 2])
    assert upload.sock.recv(100).startswith(b"HTTP/1.1 100 Continue")  # so it is being read

    if end == "asked":
        service.process.terminate()
        service.until_it_says(re.compile("Handling signal: term"))
    else:
        service.kill()
    answered = _the_rest(upload, body[len(body) // 2 :])
    service.stop()
    service.start()

    assert answered == (["kept"] * 50 if end == "asked" else None)
    assert service.send(hands.token, sent) == (200, ["known" if answered else "kept"] * 50)


def _the_rest(upload, body: bytes) -> list[str] | None:
    """What became of each line, if there is an answer."""
    try:
        upload.send(body)
        return told(read(upload))
    except (OSError, HTTPException):
        return None
    finally:
        upload.close()


# ── The disk ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux can fill the disk of a process that runs.")
def test_I02_when_the_disk_is_full_nothing_is_kept_by_half_and_afterwards_everything(running):
    service, hands = running
    batches = [lines(hands, 50) for _ in range(20)]

    with _no_room_beyond(256 * 1024, service.workers()):
        answers = [service.send(hands.token, batch) for batch in batches]
    full = [answer for answer in answers if answer == (503, [])]
    assert full
    assert [answer for answer in answers if answer not in full] == [(200, ["kept"] * 50)] * (20 - len(full))

    for batch, answer in zip(batches, answers, strict=True):
        was_kept = answer not in full
        assert service.send(hands.token, batch) == (200, ["known" if was_kept else "kept"] * 50)


@contextmanager
def _no_room_beyond(size: int, processes: list[int]) -> Iterator[None]:
    """No file of theirs can grow beyond this, as on a disk that is full."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes}
    for pid, (_, most) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


# ── The queue ────────────────────────────────────────────────────────────────────────────────────────────


def test_I03_without_the_queue_people_come_in_lessons_open_and_phones_are_answered(running, queue):
    (service, hands), (address, redis) = running, queue
    if not address:
        pytest.skip("Redis is not installed.")
    assert _write(service, "start/number", number="0300 1111111").endswith("/en/start/code/")

    redis.close()
    assert _write(service, "start/number", number="0300 2222222").endswith("/en/start/code/")
    assert _write(service, "start/card", card=hands.card).endswith("/ur/mine/")  # she reads Urdu
    assert service.get(hands.address).status == 200
    assert service.send(hands.token, lines(hands, 3)) == (200, ["kept"] * 3)

    with socket.create_server(("127.0.0.1", urlsplit(address).port)):  # it lets everybody in, and is silent
        assert _write(service, "start/number", number="0300 3333333").endswith("/en/start/code/")


def _write(service: Service, page: str, **fields: str) -> str:
    """Where a form leads, in a browser of its own."""
    browser, address = build_opener(HTTPCookieProcessor()), f"http://127.0.0.1:{service.port}/en/{page}/"
    with browser.open(address) as form:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.read().decode())[1]
    body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
    with browser.open(address, body, timeout=15) as answer:
        return answer.url


# ── The database ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def on_postgresql(services, tmp_path) -> Iterator[tuple[Service, Hands, "Database"]]:
    if not services.postgresql_programs():
        pytest.skip("PostgreSQL is not installed.")
    with services.own_postgresql() as server:
        service = Service(tmp_path, DATABASE_URL=server.format("postgres"))
        hands = service.prepare()
        service.start()
        yield service, hands, Database(services, server.format("postgres"))
        service.stop()


class Database:
    """A PostgreSQL of our own that can be killed, and started again."""

    def __init__(self, services, address: str) -> None:
        self.services = services
        with psycopg.connect(address) as connection:
            self.folder = Path(connection.execute("SHOW data_directory").fetchone()[0])

    def kill(self) -> None:
        self.pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(self.pid, signal.SIGKILL)

    def start(self) -> None:
        """As before. It refuses while somebody of the time before is still there."""
        until(self._is_gone)
        (self.folder / "postmaster.pid").unlink()  # a dead parent that nobody mourns still has its number
        control = self.services.postgresql_programs() / "pg_ctl"
        until(lambda: self.services.as_nobody([control, "-D", self.folder, "-s", "-w", "restart"]))

    def _is_gone(self) -> bool:
        stat = Path(f"/proc/{self.pid}/stat")
        return not stat.exists() or ") Z " in stat.read_text()


def test_I01_S04_when_the_database_is_killed_phones_come_again_and_every_line_is_kept_once(on_postgresql):
    service, hands, database = on_postgresql
    batches, seen, kept = [lines(hands, 10) for _ in range(60)], [], []

    def offer(batch: list[dict]) -> bool:
        status, answers = service.send(hands.token, batch)
        seen.append(status)
        kept.extend(answers)
        return status == 200

    phones = ThreadPoolExecutor(3)
    try:
        sending = [phones.submit(until, lambda batch=batch: offer(batch)) for batch in batches]
        until(lambda: len(kept) >= 50)
        database.kill()
        until(lambda: seen.count(503) >= 3)
        assert service.get(hands.address).status == 200
        database.start()
        assert all(phone.result() for phone in sending)
    finally:
        phones.shutdown(cancel_futures=True)

    assert set(seen) == {200, 503}
    assert len(kept) == 600
    assert {*kept} <= {"kept", "known"}
    for batch in batches:
        assert service.send(hands.token, batch) == (200, ["known"] * 10)


def test_I01_a_database_that_is_silent_keeps_no_phone_waiting(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/hamrah"
        service = Service(tmp_path, DATABASE_URL=address)
        service.start()
        try:
            assert service.send("a token", []) == (503, [])
        finally:
            service.kill()
