"""Our own site, as it is in this folder: the starter lessons on a database and in a folder that are new."""

import json
import secrets
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count, cycle
from pathlib import Path
from uuid import UUID

from bench import machine
from bench.load import Asked
from bench.sites import BENCH, LEARNERS, QUESTIONS, SECONDS, Failed, Kept, Site, environment, inside

NAME = "Hamrah"
DATABASE = "hamrah_bench"
ROOT = BENCH.parent.parent
STEPS = (["migrate"], ["collectstatic", "--noinput"], ["starter"], ["publish"])
SYNC = "/api/v1/sync"
READS = "ur"
TABLES = {"lines": "lms_recordline", "held": "lms_heldline", "standings": "lms_standing"}

# A question can be answered when an answer gets its reaction. It is given as soon as all scripts have run.
PROBE = """
addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-question] input[type=radio]");
  if (!box) return;
  const form = box.form, told = form.closest(".screen").querySelector("[data-told]");
  box.checked = true;
  form.requestSubmit();
  const look = () => told.hidden ? requestAnimationFrame(look) : (window.benchAnswered = performance.now());
  look();
});
"""


@contextmanager
def running(server: str, folder: Path) -> Iterator["Ours"]:
    """Our site, filled and answering."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python, at = Path(sys.executable), machine.addresses(2)
    with machine.database(server, DATABASE) as url:
        env = environment(
            DATABASE_URL=url,
            VAR_DIR=str(folder),
            SECRET_KEY=secrets.token_urlsafe(50),
            SEAL_KEYS=secrets.token_urlsafe(50),
            ALLOWED_HOSTS="127.0.0.1",
            SITE_ADDRESS=at[-1],
            REDIS_URL="",
            DEMO="no",
            DEBUG="no",
            PYTHONPATH=str(ROOT),
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        for command in STEPS:
            inside(python, env, ROOT / "manage.py", *command, "--verbosity", "0")
        filled = json.loads(inside(python, env, BENCH / "ours_fill.py", LEARNERS).splitlines()[-1])
        gunicorn, application = python.parent / "gunicorn", "config.wsgi:application"
        with machine.serving(gunicorn, application, at, env=env, folder=folder) as doors:
            yield Ours(doors, url, python, env, filled)


class Ours(Site):
    """The starter lessons in Urdu, and guests who agreed to be remembered."""

    name = NAME
    probe = PROBE
    apart = ("media", "nastaliq", "/sound")

    def __init__(self, doors: machine.Doors, database: str, python: Path, env: dict, filled: dict) -> None:
        self.doors, self.database, self.python, self.env = doors, database, python, env
        self.asked, self.shared, self.tokens = filled["asked"], filled["shared"], filled["tokens"]
        self.lessons = list(dict.fromkeys(question["path"] for question in self.asked))[:2]
        if len(self.lessons) < 2 or len(self.asked) < QUESTIONS:
            raise Failed("The starter lessons have too few questions to be measured.")
        self.expected = self.asked[0]["title"]
        self._seq = count(1)
        self._turns = cycle(self.tokens)

    def cookies(self) -> dict[str, str]:
        return {}  # a lesson is the same for everybody

    def readers(self) -> list[Asked]:
        return [Asked(self.lessons[0]) for _ in self.tokens]

    def homes(self) -> list[Asked]:
        return [Asked(f"/{READS}/") for _ in self.tokens]

    def answers(self) -> list[Asked]:
        return [self._answer(question, token) for question in self.asked[:QUESTIONS] for token in self.tokens]

    def answer(self, *, shared: bool) -> Asked:
        return self._answer(self.shared if shared else self.asked[0], next(self._turns))

    def took(self, status: int, body: bytes) -> bool:
        return status == 200 and {line["s"] for line in json.loads(body)["results"]} <= {"kept", "known"}

    def kept(self) -> Kept:
        rows = {kind: self.sql(f"SELECT count(*) FROM {table}")[0][0] for kind, table in TABLES.items()}  # noqa: S608
        best = "SELECT coalesce(sum(value::float), 0) FROM lms_standing, jsonb_each_text(answers)"
        time_told = "SELECT coalesce(sum(milliseconds), 0) / 1000.0 FROM lms_recordline"
        return Kept(rows, float(self.sql(best)[0][0]), float(self.sql(time_told)[0][0]))

    def forget(self) -> None:
        self.sql(f"TRUNCATE {', '.join(TABLES.values())}")

    def line(self, question: dict, *, number: int, uid: str, at: str) -> dict:
        """An answer as a phone writes it down."""
        return {
            "id": uid,
            "seq": number,
            "verb": "answered",
            "about": question["about"],
            "block": question["block"],
            "rev": question["rev"],
            "locale": question["locale"],
            "voice": question["locale"],
            "at": at,
            "ms": 1000 * SECONDS,
            "response": {"chosen": question["chosen"]},
        }

    def heads(self, token: str) -> dict[str, str]:
        """What a phone says about itself."""
        return {
            "Authorization": f"Device {token}",
            "X-Requested-With": "sync",
            "Content-Type": "application/json",
        }

    def _answer(self, question: dict, token: str) -> Asked:
        now = datetime.now(UTC).isoformat()
        line = self.line(question, number=next(self._seq), uid=str(uuid7()), at=now)
        batch = {"v": 1, "sent_at": now, "app": "1", "nonce": secrets.token_hex(8), "records": [line]}
        return Asked(SYNC, self.heads(token), json.dumps(batch).encode())


def uuid7() -> UUID:
    """The moment in milliseconds, then chance: as phones name their lines."""
    moment, chance = time.time_ns() // 1_000_000, secrets.randbits(74)
    return UUID(int=moment << 80 | 7 << 76 | chance >> 62 << 64 | 2 << 62 | chance & (1 << 62) - 1)
