"""A real site, a real browser, and phones to visit the one with the other.

The browser is kept for this folder only: while Playwright runs, its loop lives in this thread, and Django
would not let any other test near its database.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests import chromium
from tests.media.stuff import tone

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PASSWORD = "ein Weg zu zweit"  # of the demo's invented staff
PATIENCE = 240  # seconds until the site stands, on a machine that is busy with other things
SOON = 20_000  # milliseconds in which a page does what it is expected to do, however busy the machine is
PHONE = {"width": 360, "height": 740}
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--font-render-hinting=none",  # letters as wide as on a phone
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """A file here stays with one worker, and each worker has a site of its own.

    xdist 3.8 writes the group where pytest 9.2 no longer looks for it; the next xdist needs only the mark.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    yield
    for item in items:
        if "@" in (named := getattr(item, "_nodeid", "")):
            item._id = type(item._id).parse(named)


@dataclass
class Site:
    """Where it stands, and what the people at both ends of it know."""

    address: str
    var: Path
    environment: dict[str, str]

    def code(self, number: str, nth: int = 1) -> str:
        """The six digits of the nth message that a phone got."""
        log = self.var / "log" / "sms.log"
        until = time.monotonic() + 30
        while time.monotonic() < until:
            lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
            got = [line.split()[-1] for line in lines if line.startswith(f"{number} ")]
            if len(got) >= nth:
                return got[nth - 1]
            time.sleep(0.1)
        raise AssertionError(f"No message {nth} came to {number}.")

    def second_factor(self, username: str) -> str:
        """What the authenticator app of a member of staff shows now (RFC 6238)."""
        secret = json.loads((self.var / "authenticators.json").read_text())[username]
        key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
        at = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"

    def written(self) -> int:
        """How much the web processes have written so far, in bytes."""
        return (self.var / "web.log").stat().st_size

    def mistakes(self, since: int) -> list[str]:
        """What they have written since then about requests that they could not answer."""
        said = (self.var / "web.log").read_bytes()[since:].decode(errors="replace")
        return [said[at : at + 8000] for at in [said.find("Traceback (most recent call last)")] if at >= 0]

    def does(self, python: str) -> None:
        """What only time or another machine would do, done in the site's own database."""
        manage = [sys.executable, "manage.py", "shell", "--no-imports", "-c", python]
        subprocess.run(manage, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="package")
def site(tmp_path_factory) -> Iterator[Site]:
    """Lessons, invented people, two web processes and a worker."""
    var, port = tmp_path_factory.mktemp("site"), _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = _environment(var, address)
    with _database(environment), (var / "out").open("wb") as out:
        serve = [sys.executable, "-m", "tests.browser.served", str(port)]
        running = subprocess.Popen(
            serve, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait_for(f"{address}/healthz", running, var / "out")
            yield Site(address, var, environment)
        finally:
            running.terminate()
            try:
                running.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()


def _environment(var: Path, address: str) -> dict[str, str]:
    """The demo's; of the tests' own only where the database and the queue are."""
    kept = {"PATH", "HOME", "LANG", "TMPDIR", "DATABASE_URL", "REDIS_URL"}
    return {name: value for name, value in os.environ.items() if name in kept} | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DEMO": "yes",
        "VAR_DIR": str(var),
        "SITE_ADDRESS": address,
    }


class _database:
    """One of its own beside the one that DATABASE_URL names, where that is PostgreSQL; else a file."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.url = urlsplit(environment.pop("DATABASE_URL", ""))
        self.name = f"{self.url.path.strip('/')}_browser_{os.getpid()}"
        if self.url.scheme.startswith("postgres"):
            environment["DATABASE_URL"] = self.url._replace(path=f"/{self.name}").geturl()

    def __enter__(self) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")

    def __exit__(self, *trouble: object) -> None:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _do(self, *orders: str) -> None:
        if not self.url.scheme.startswith("postgres"):
            return
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url.geturl(), autocommit=True) as connection:
            for order in orders:
                connection.execute(sql.SQL(order).format(sql.Identifier(self.name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, running: subprocess.Popen, out: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"The site did not start:\n{out.read_text()[-3000:]}", pytrace=False)


# ── The browser ──────────────────────────────────────────────────────────────────────────────────────────


expect.set_options(timeout=SOON)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def launch(tmp_path_factory) -> dict[str, object]:
    """How a browser is started: the installed Chromium, with a microphone that plays a vowel."""
    said = tmp_path_factory.mktemp("microphone") / "said.wav"
    said.write_bytes(tone(1, before=0.2, after=0.2, loud=0.5, rate=48000))
    return {"executable_path": chromium.PATH, "args": [*ARGS, f"--use-file-for-fake-audio-capture={said}"]}


@pytest.fixture(scope="package")
def browser(playwright, launch) -> Iterator[Browser]:
    running = playwright.chromium.launch(**launch)
    yield running
    running.close()


class Phones:
    """Phones of one test. What went wrong on any of them fails it at the end."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []

    def __call__(self, **options: object) -> Page:
        """A new phone: nobody has ever used it."""
        context = self.browser.new_context(
            **{"base_url": self.site.address, "viewport": PHONE, "has_touch": True, "locale": "en-PK"}
            | options
        )
        self.contexts.append(context)
        return self.watch(context).new_page()

    def watch(self, context: BrowserContext) -> BrowserContext:
        """Note every mistake of a script and everything that the Content-Security-Policy had to stop."""
        context.set_default_timeout(SOON)
        context.on("weberror", lambda error: self.troubles.append(f"{error.page.url}: {error.error}"))
        context.on("console", self._said)
        return context

    def _said(self, message: ConsoleMessage) -> None:
        # Whatever was answered with a 404 or could not be reached is the business of the test itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(f"{message.page.url if message.page else ''}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def phones(browser, site) -> Iterator[Phones]:
    made, before = Phones(browser, site), site.written()
    yield made
    made.close()
    assert made.troubles + site.mistakes(before) == []


@pytest.fixture
def phone(phones) -> Page:
    """One phone."""
    return phones()


_numbers = itertools.count(1)


@pytest.fixture
def new_number() -> Callable[[], str]:
    """A mobile number that nobody has used yet."""
    return lambda: f"+92300555{next(_numbers):04}"


@pytest.fixture(scope="package")
def sessions() -> dict[str, dict]:
    """Who of the staff came in already: a code of the app opens once, and a new one takes half a minute."""
    return {}


@pytest.fixture
def staff(phones, site, sessions) -> Callable[..., Page]:
    """A member of staff at a desk, signed in with password and second factor."""

    def come_in(username: str, **options: object) -> Page:
        large = {"viewport": {"width": 1280, "height": 900}, "has_touch": False} | options
        if username in sessions:
            return phones(storage_state=sessions[username], **large)
        page = phones(**large)
        page.goto("/staff/login/")
        page.fill("[name=login]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("footer [form=form]")
        page.fill("[name=code]", site.second_factor(username))
        page.click("footer .go")
        page.wait_for_url("**/desk/")
        sessions[username] = page.context.storage_state()
        return page

    return come_in
