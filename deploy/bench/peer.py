"""The peer: wagtail-lms from PyPI, in an environment, a site and a database of its own."""

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from bench import machine
from bench.load import Asked
from bench.sites import BENCH, LEARNERS, QUESTIONS, SECONDS, Failed, Kept, Site, environment, inside

NAME = "wagtail-lms"
DATABASE = "hamrah_bench_peer"
REQUIREMENTS = BENCH / "peer_site" / "requirements.txt"
TABLES = {
    "attempts": "wagtail_lms_h5pattempt",
    "statements": "wagtail_lms_h5pxapistatement",
    "completions": "wagtail_lms_h5plessoncompletion",
}

# Its question loads when it comes near the screen; then it is there, or in a frame.
PROBE = """
addEventListener("load", () => {
  scrollTo(0, document.body.scrollHeight);
  const frames = () => [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument);
  const near = () => [document, ...frames()].some((place) => place?.querySelector(".bench-answer"));
  const look = () => near() ? (window.benchAnswered = performance.now()) : requestAnimationFrame(look);
  look();
});
"""


@contextmanager
def running(server: str, folder: Path) -> Iterator["Peer"]:
    """The peer, filled and answering. Its packages stay in the folder for the next time."""
    python = _install(folder / "venv")
    shutil.rmtree(folder / "site", ignore_errors=True)
    (folder / "site").mkdir(parents=True)
    with machine.database(server, DATABASE) as url:
        env = environment(
            DATABASE_URL=url,
            PEER_DIR=str(folder / "site"),
            PYTHONPATH=str(BENCH),
            DJANGO_SETTINGS_MODULE="peer_site.settings",
        )
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            inside(python, env, "-m", "django", *command, "--verbosity", "0")
        filled = json.loads(inside(python, env, BENCH / "peer_site" / "fill.py", LEARNERS).splitlines()[-1])
        gunicorn, application = python.parent / "gunicorn", "peer_site.wsgi:application"
        with machine.serving(gunicorn, application, machine.addresses(2), env=env, folder=folder) as doors:
            yield Peer(doors, url, python, env, filled)


class Peer(Site):
    """wagtail-lms with one course of its own and one whose five lessons share a question."""

    name = NAME
    expected = "Why udder health pays"
    probe = PROBE

    def __init__(self, doors: machine.Doors, database: str, python: Path, env: dict, filled: dict) -> None:
        self.doors, self.database, self.python, self.env = doors, database, python, env
        self.lessons = filled["lessons"][:2]
        self.activities = filled["activities"][:QUESTIONS]
        self.shared_activity = filled["shared_activity"]
        token = secrets.token_hex(16)  # Django takes any 32 letters, if the cookie has the same
        cookies = [f"sessionid={session}; csrftoken={token}" for session in filled["sessions"]]
        self.learners = [{"Cookie": cookie, "X-CSRFToken": token} for cookie in cookies]
        self._turns = cycle(self.learners)

    def readers(self) -> list[Asked]:
        return [Asked(self.lessons[0], {"Cookie": learner["Cookie"]}) for learner in self.learners]

    def homes(self) -> list[Asked]:
        course = self.lessons[0].rstrip("/").rpartition("/")[0] + "/"  # its only list of lessons
        return [Asked(course, {"Cookie": learner["Cookie"]}) for learner in self.learners]

    def cookies(self) -> dict[str, str]:
        pairs = self.learners[0]["Cookie"].split("; ")
        return dict(pair.split("=", 1) for pair in pairs)

    def answers(self) -> list[Asked]:
        return [self._answer(activity, learner) for activity in self.activities for learner in self.learners]

    def answer(self, *, shared: bool) -> Asked:
        return self._answer(self.shared_activity if shared else self.activities[0], next(self._turns))

    def took(self, status: int, body: bytes) -> bool:
        return status == 200 and json.loads(body) == {"status": "ok"}

    def kept(self) -> Kept:
        rows = {kind: self.sql(f"SELECT count(*) FROM {table}")[0][0] for kind, table in TABLES.items()}  # noqa: S608
        score = self.sql("SELECT coalesce(sum(score_scaled), 0) FROM wagtail_lms_h5pattempt")[0][0]
        told = "extract(epoch FROM sum((statement->'result'->>'duration')::interval))"
        seconds = self.sql(f"SELECT coalesce({told}, 0) FROM wagtail_lms_h5pxapistatement")[0][0]  # noqa: S608
        return Kept(rows, float(score), float(seconds))

    def forget(self) -> None:
        self.sql("TRUNCATE wagtail_lms_h5pattempt, wagtail_lms_h5plessoncompletion CASCADE")
        self.sql("UPDATE wagtail_lms_courseenrollment SET completed_at = NULL")

    def _answer(self, activity: int, learner: dict[str, str]) -> Asked:
        path = f"/lms/h5p-xapi/{activity}/"
        statement = {
            "actor": {"account": {"name": "learner", "homePage": self.doors.load}, "objectType": "Agent"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/answered", "display": {"en-US": "answered"}},
            "object": {"id": self.doors.load + path, "objectType": "Activity"},
            "result": {
                "score": {"min": 0, "max": 1, "raw": 1, "scaled": 1},
                "completion": True,
                "success": True,
                "duration": f"PT{SECONDS}S",
                "response": "true",
            },
        }
        return Asked(path, {**learner, "Content-Type": "application/json"}, json.dumps(statement).encode())


def _install(venv: Path) -> Path:
    """The peer's own Python, with exactly what requirements.txt says. Made once."""
    python, stamp = venv / "bin" / "python", venv / "bench.txt"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    print("Installing the peer from PyPI (once; a minute or two on a slow line) …", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    venv.parent.mkdir(parents=True, exist_ok=True)
    if not (_with_uv(venv, python) or _with_pip(venv, python)):
        raise Failed("The peer could not be installed; the lines above say why.")
    stamp.write_text(wanted)
    return python


def _with_uv(venv: Path, python: Path) -> bool:
    if not (uv := shutil.which("uv")):
        return False
    make = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, venv]
    return _do(make) and _do([uv, "pip", "install", "--quiet", "--python", python, "-r", REQUIREMENTS])


def _with_pip(venv: Path, python: Path) -> bool:
    make = [sys.executable, "-m", "venv", "--clear", venv]
    return _do(make) and _do([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS])


def _do(command: list) -> bool:
    return subprocess.run([str(word) for word in command], env=environment(), check=False).returncode == 0
