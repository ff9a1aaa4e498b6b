"""Databases, servers and processor time: what both sites are given alike, and what is taken away again."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

WORKERS = 2
START_SECONDS = 60
QUIET = 0.25  # share of the machine that others may use while something is measured


class NotStarted(Exception):
    """A server did not answer in time; its log says why."""


@dataclass(frozen=True)
class Doors:
    """Where a site answers: to the load, with its process, and to browsers."""

    pid: int
    load: str
    browsers: str


# ── What is lent ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The address of a new, empty database beside the one that `server` names. It is dropped afterwards."""
    identifier = sql.Identifier(name)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier)
    create = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(identifier)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(drop)  # left behind by a run that was killed
        connection.execute(create)
    try:
        yield _beside(server, name)
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)


def addresses(how_many: int) -> list[str]:
    """Where nobody answers yet."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(how_many)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [f"http://127.0.0.1:{probe.getsockname()[1]}" for probe in probes]


@contextmanager
def serving(
    gunicorn: Path, application: str, at: list[str], *, env: Mapping[str, str], folder: Path
) -> Iterator[Doors]:
    """A site that answers at two doors. Both sites run with the same words.

    A browser opens connections that it does not use at once, and a sync worker would wait for each of them.
    """
    load, browsers = at
    start = partial(_gunicorn, gunicorn, application, env=env, folder=folder)
    with start(load, "--worker-class", "sync") as pid, start(browsers, "--threads", "4"):
        yield Doors(pid, load, browsers)


def _beside(server: str, name: str) -> str:
    address, mark, options = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{mark}{options}"


@contextmanager
def _gunicorn(
    gunicorn: Path, application: str, address: str, *how: str, env: Mapping[str, str], folder: Path
) -> Iterator[int]:
    """The process id of a gunicorn that answers."""
    bind = address.removeprefix("http://")
    words = [gunicorn, "--workers", str(WORKERS), "--no-control-socket", "--bind", bind, *how, application]
    log = folder / f"gunicorn-{how[0].strip('-')}.log"
    with log.open("w") as out:
        # In a group of its own: Ctrl-C is for the runner, which then stops this one in order.
        process = subprocess.Popen(
            words,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(process, address, log)
        yield process.pid
    finally:
        _stop(process)


def _wait(process: subprocess.Popen, address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return  # it answers, whatever it says
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise NotStarted(f"Nothing answers at {address}. Please read {log}.")


def _stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGQUIT)  # at once: nobody waits for an answer any more
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# ── What is counted ──────────────────────────────────────────────────────────────────────────────────────


class Meter:
    """Processor seconds of a server, its database included, and the share that others had meanwhile."""

    seconds = 0.0
    others = 0.0

    def __init__(self, server: int, database_url: str) -> None:
        self.roots = [psutil.Process(server), *_postmaster(database_url)]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Count what happens inside."""
        began, own, mine, everybodys = time.monotonic(), self._own(), _mine(), _everybodys()
        yield
        self.seconds = self._own() - own
        others = _everybodys() - everybodys - self.seconds - (_mine() - mine)
        self.others = max(0.0, others) / ((time.monotonic() - began) * (psutil.cpu_count() or 1))

    def _own(self) -> float:
        return sum(_tree(root) for root in self.roots)


def sees(database_url: str) -> bool:
    """Whether processor time of this database can be counted: it runs on this machine."""
    return bool(_postmaster(database_url))


def wait_until_quiet(*, at_most: float) -> None:
    """Let neighbours finish, for a while: a busy machine makes both sites slow, and every number unsteady."""
    until = time.monotonic() + at_most
    while time.monotonic() < until and psutil.cpu_percent(interval=1) > 100 * QUIET:
        pass


def _postmaster(database_url: str) -> list[psutil.Process]:
    """The parent of our own connection, if the database runs on this machine."""
    with psycopg.connect(database_url) as connection:
        try:
            backend = psutil.Process(connection.info.backend_pid)
            return [backend.parent()] if "postgres" in backend.name() else []
        except psutil.NoSuchProcess:
            return []


def _tree(root: psutil.Process) -> float:
    """A process with its descendants, those that have ended included."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def _mine() -> float:
    return sum(os.times()[:4])


def _everybodys() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice
