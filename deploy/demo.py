"""`make demo`: a small believable world on this machine, the web server and the worker.

With words after it, runs one management command in that world: `python deploy/demo.py code sana`.
"""

import ctypes
import hashlib
import json
import multiprocessing
import os
import re
import secrets
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import django
from django.core.management import CommandError, call_command, execute_from_command_line
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOG = VAR / "log"
MESSAGES = LOG / "sms.log"  # what would have gone out as text messages
DATABASE = VAR / "hamrah.sqlite3"
STAMPS = VAR / "demo.json"
STOPS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:  # nohup: to go on when the terminal closes
    STOPS.remove(signal.SIGHUP)
PATIENCE = 8  # seconds for each child to finish what it is doing
WAIT = 60  # seconds until the web process must have answered
FORK = multiprocessing.get_context("fork")
Child = multiprocessing.context.ForkProcess


class Step(NamedTuple):
    """Something to do once, and again when its sources have changed or its result is gone."""

    sentence: str
    commands: list[tuple[str, dict]]
    sources: list[str]
    result: Path = DATABASE


APPS = ("config", "media", "assessments", "courses", "lms", "mentors")
LESSONS = ["media/**/*.py", "assessments/**/*.py", "courses/**/*.py", "courses/starter/**/*"]
PEOPLE = [*LESSONS, "lms/**/*.py", "mentors/**/*.py"]
STATIC = [f"{app}/static/**/*" for app in APPS] + ["config/static_files.py", "requirements.txt"]
LOOKS = [f"{app}/templates/**/*" for app in APPS] + ["config/**/*.py", "config/locale/**/*.po"]
STEPS = [
    Step(
        "Gathering styles, scripts and fonts",
        [("collectstatic", {"interactive": False})],
        STATIC,
        VAR / "static" / "staticfiles.json",
    ),
    Step(
        "Making the tables",
        [("migrate", {"interactive": False}), ("createcachetable", {})],
        ["*/migrations/*.py", "config/settings.py", "requirements.txt"],
    ),
    Step("Writing the starter lessons", [("starter", {})], LESSONS),
    Step("Inventing the people", [("world", {})], PEOPLE),
    Step("Rendering the lessons", [("publish", {})], [*PEOPLE, *LOOKS, *STATIC], VAR / "published"),
]


def main() -> None:
    """Prepare what has changed, start, say so, and stop together."""
    port = _free_port()
    _environment(port)
    for number in STOPS:
        signal.signal(number, lambda *_: sys.exit(0))
    _prepare()
    ways_in = _ways_in()
    children = {}
    try:
        children["web"] = _start("web", lambda: _web(port))
        children["worker"] = _start("worker", _worker)
        _wait_for_answer(port, children)
        print(f"Hamrah is ready: http://127.0.0.1:{port}/  (Ctrl-C stops it)", flush=True)
        print(ways_in, flush=True)
        _show_messages()
        while True:
            _check(children)
            time.sleep(0.5)
    finally:
        _end(children.values())


def _free_port() -> int:
    said = os.environ.get("PORT") or "8000"
    if not said.isdecimal() or not 0 < int(said) < 65536:
        sys.exit(f"PORT={said} is no port; please choose a number such as PORT=8123.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(said)))
        except OSError:
            sys.exit(f"Port {said} is in use here; please choose another: make demo PORT={int(said) + 123}")
    return int(said)


def _environment(port: int) -> None:
    """The demo is itself whatever the shell says: no real database may ever fill with invented people."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in re.findall(r"(?m)^#?([A-Z][A-Z0-9_]+)=", example):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    LOG.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DEMO="yes",
        SECRET_KEY=_secret(),
        SEAL_KEYS=_secret(),
        SITE_ADDRESS=f"http://127.0.0.1:{port}",
        VAR_DIR=str(VAR),
    )
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))


def _secret() -> str:
    """Made once, so that a phone that is signed in stays signed in."""
    path = VAR / "demo-secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


# ── What must be there first ─────────────────────────────────────────────────────────────────────────────
def _prepare() -> None:
    """Do every step whose sources are not those of the last time."""
    from languages import compile_all

    compile_all()
    django.setup()
    stamps = _stamps()
    for step in STEPS:
        digest = _digest(step.sources)
        if stamps.get(step.sentence) == digest and step.result.exists():
            continue
        print(f"{step.sentence} …", flush=True)
        for name, options in step.commands:
            try:
                call_command(name, verbosity=0, **options)
            except CommandError as reason:
                sys.exit(f"manage.py {name}: {reason}")
        stamps[step.sentence] = digest
        STAMPS.write_text(json.dumps(stamps, indent=1))


def _stamps() -> dict[str, str]:
    if not DATABASE.exists():
        return {}
    try:
        return json.loads(STAMPS.read_text())
    except (OSError, ValueError):
        return {}


def _digest(sources: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted({path for pattern in sources for path in ROOT.glob(pattern) if path.is_file()}):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _ways_in() -> str:
    """What a visitor may type, and every address loaded, so that the first page is as quick as the second."""
    text = StringIO()
    call_command("ways_in", stdout=text)
    get_resolver().url_patterns  # noqa: B018 - asking loads them
    return text.getvalue().rstrip()


# ── What runs ────────────────────────────────────────────────────────────────────────────────────────────
def _start(name: str, run: Callable[[], None]) -> Child:
    """A copy of this process: Django, which takes longest to start, is there already."""
    connections.close_all()
    child = FORK.Process(target=_run, args=(LOG / f"{name}.log", run), name=name)
    child.start()
    return child


def _run(log: Path, run: Callable[[], None]) -> None:
    """In a group of its own: Ctrl-C reaches only the parent, which then ends its children in order."""
    os.setsid()
    if sys.platform == "linux":  # a killed parent takes its children along, and nothing holds the port
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    with log.open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    run()


def _web(port: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("workers", 2)
            self.cfg.set("threads", 4)  # a browser opens connections that it does not use at once
            self.cfg.set("control_socket_disable", True)

        def load(self) -> Callable:
            return get_wsgi_application()

    Web().run()


def _worker() -> None:
    from config import celery_app

    alone = ["--pool=solo", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    celery_app.worker_main(["worker", "--loglevel=INFO", *alone])


def _wait_for_answer(port: int, children: dict[str, Child]) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        _check(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"The web process did not answer within {WAIT} seconds; var/log/web.log says why.")


def _check(children: dict[str, Child]) -> None:
    for name, child in children.items():
        if not child.is_alive():
            sys.exit(f"The {name} process has stopped, so everything stops; var/log/{name}.log says why.")


def _show_messages() -> None:
    """Text messages appear here as they would on a phone."""
    MESSAGES.touch()
    messages = MESSAGES.open(encoding="utf-8")
    messages.seek(0, os.SEEK_END)

    def follow() -> None:
        while True:
            line = messages.readline()
            print(line, end="", flush=True) if line else time.sleep(0.3)

    threading.Thread(target=follow, daemon=True).start()


def _end(children: Iterable[Child]) -> None:
    """Ask, wait, insist."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave one of them behind
    for child in children:
        child.terminate()
    for child in children:
        child.join(PATIENCE)
        if child.is_alive():
            os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:]:
        _environment(int(os.environ.get("PORT") or "8000"))
        execute_from_command_line(["demo.py", *sys.argv[1:]])
    else:
        main()
