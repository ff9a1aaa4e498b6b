"""What the runner may ask of a site that is measured, whichever it is."""

import json
import os
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg
from bench.load import Asked
from bench.machine import Doors

LEARNERS = 60
QUESTIONS = 3  # each learner answers each of them: 180 submissions
SECONDS = 4  # what a learner says each answer took
BENCH = Path(__file__).resolve().parent
THEIRS = ("DJANGO_SETTINGS_MODULE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "DATABASE_URL", "REDIS_URL")


class Failed(Exception):
    """A site could not be made."""


@dataclass(frozen=True)
class Kept:
    """What the database holds of the answers: rows by kind, the sum of the scores, the sum of the times."""

    rows: dict[str, int]
    score: float
    seconds: float


class Site(ABC):
    """A running site with learners who are signed in."""

    name: str
    doors: Doors
    database: str
    python: Path
    env: Mapping[str, str]
    lessons: Sequence[str]  # the first and a next one, both with a question
    expected: str  # words on the first lesson: who reads them was let in
    probe: str  # script of a page: sets window.benchAnswered when a question can be answered
    apart: tuple[str, ...] = ()  # files that are weighed apart: words of their kind or address

    @abstractmethod
    def readers(self) -> list[Asked]:
        """The same lesson, once for each learner."""

    @abstractmethod
    def homes(self) -> list[Asked]:
        """The first page, once for each learner."""

    @abstractmethod
    def cookies(self) -> dict[str, str]:
        """What the first learner's browser holds."""

    @abstractmethod
    def answers(self) -> list[Asked]:
        """One new submission of each learner to each question."""

    @abstractmethod
    def answer(self, *, shared: bool) -> Asked:
        """A new submission to a question of one lesson, or to one that many lessons use."""

    @abstractmethod
    def took(self, status: int, body: bytes) -> bool:
        """Whether the site said that the answer is kept."""

    @abstractmethod
    def kept(self) -> Kept:
        """What is in the database now."""

    @abstractmethod
    def forget(self) -> None:
        """Remove every answer, so that the next ones are first ones again."""

    def queries(self) -> dict[str, tuple[int, int]]:
        """Queries of one lesson, one answer, and one answer to the question that many lessons use.

        BEGIN, COMMIT and the like are the second number.
        """
        self.forget()
        asked = {
            "lesson": self.readers()[:2],
            "answer": [self.answer(shared=False), self.answer(shared=False)],
            "shared answer": [self.answer(shared=True), self.answer(shared=True)],
        }
        said = inside(self.python, self.env, BENCH / "queries.py", stdin=json.dumps(_plain(asked)))
        self.forget()
        return {what: tuple(pair) for what, pair in json.loads(said.splitlines()[-1]).items()}

    def sql(self, statement: str) -> list[tuple]:
        """Ask or tell the database behind the site's back."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []


def environment(**names: str) -> dict[str, str]:
    """What a site's processes are told: ours, without what belongs to whoever started the run."""
    return {**{name: value for name, value in os.environ.items() if name not in THEIRS}, **names}


def inside(
    python: Path, env: Mapping[str, str], *command: object, stdin: str = "", at: Path | None = None
) -> str:
    """What a program of the site's own environment prints."""
    words = [str(word) for word in (python, *command)]
    done = subprocess.run(
        words, env=dict(env), cwd=at, input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(words)}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _plain(asked: dict[str, list[Asked]]) -> dict[str, list[dict]]:
    return {
        name: [{**asdict(one), "body": one.body.decode() if one.body is not None else None} for one in many]
        for name, many in asked.items()
    }
