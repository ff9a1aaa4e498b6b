"""The service as it really runs, on a database of its own: for tests that take something away from it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import SimpleNamespace

from tests.lms.phone import batch

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until something has begun or ended, on a machine that is busy with other things
LISTENS = re.compile(r"Listening at: http://127\.0\.0\.1:(\d+)")


@dataclass(frozen=True)
class Hands:
    """A phone with its token, a key card, and a lesson."""

    token: str
    card: str
    address: str
    lesson: SimpleNamespace  # as `tests.lms.phone.line` wants it


class Service:
    """gunicorn with one worker and four threads, and a phone's way to it."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.log = var / "web.log"
        ours = {
            "DJANGO_SETTINGS_MODULE": "tests.lms.settings",
            "VAR_DIR": str(var),
            "DATABASE_URL": f"sqlite:///{var}/service.sqlite3",
            "REDIS_URL": "",
            "SECRET_KEY": "only-for-tests-" * 4,
            "SEAL_KEYS": "only-for-tests",
            "ALLOWED_HOSTS": "127.0.0.1",
            **dict.fromkeys(["DEMO", "DEBUG", "TASKS_AT_ONCE"], "no"),
        }
        self.environment = {**os.environ, **ours, **environment}

    def prepare(self) -> Hands:
        """Make the database and who is in it."""
        make = [sys.executable, "-m", "tests.lms.prepared"]
        said = subprocess.run(make, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE).stdout
        told = json.loads(said)
        return Hands(**{**told, "lesson": SimpleNamespace(**told["lesson"])})

    def start(self) -> None:
        """Returns when it answers."""
        serve = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*serve, "--threads", "4", "--no-control-socket"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.port = int(self.until_it_says(LISTENS)[1])
        assert self.get("/healthz").status == 200

    def stop(self) -> None:
        """Ask, then insist."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """All its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[int]:
        """The processes that answer."""
        of = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{of}/task/{of}/children").read_text().split()]

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen]:
        """One that works off tasks; killed at the end, whatever it is doing."""
        work = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
        with (self.var / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                work, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def does(self, python: str) -> None:
        """What only time or a person at the desk would do, done in the service's own database."""
        manage = [sys.executable, "manage.py", "shell", "--no-imports", "-c", python]
        subprocess.run(manage, cwd=ROOT, env=self.environment, check=True)

    def holds(self, question: str) -> object:
        """One value that its database holds now."""
        with closing(sqlite3.connect(self.var / "service.sqlite3")) as database:
            return database.execute(question).fetchone()[0]

    def until_it_says(self, pattern: re.Pattern) -> re.Match:
        """The first words of its log that fit."""
        return until(lambda: pattern.search(self.log.read_text(encoding="utf-8")))

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=20)

    def get(self, path: str) -> HTTPResponse:
        """What is at an address."""
        return self._asked("GET", path)

    def send(self, token: str, lines: list[dict]) -> tuple[int, list[str]]:
        """The status, and what became of each line."""
        answer = self._asked("POST", "/api/v1/sync", *packed(token, lines))
        return answer.status, told(answer)

    def _asked(self, *request: object) -> HTTPResponse:
        with closing(self.connect()) as connection:
            connection.request(*request)
            return read(connection)


def packed(token: str, lines: list[dict]) -> tuple[bytes, dict[str, str]]:
    """A request as record.mjs writes it."""
    headers = {
        "Authorization": f"Device {token}",
        "Content-Type": "application/json",
        "X-Requested-With": "sync",
    }
    return json.dumps(batch(*lines)).encode(), headers


def read(connection: HTTPConnection) -> HTTPResponse:
    """The answer, with its body."""
    answer = connection.getresponse()
    answer.body = answer.read()
    return answer


def told(answer: HTTPResponse) -> list[str]:
    """What an answer of the endpoint says of each line. It is always JSON."""
    return [one["s"] for one in json.loads(answer.body).get("results", [])]


def until(happens: Callable[[], object]):
    """What came in the end."""
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        if found := happens():
            return found
        time.sleep(0.02)
    raise AssertionError("It never happened.")
