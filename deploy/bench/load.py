"""The client of both sites: many readers at once, and many answers at once.

It closes its connections, because gunicorn's sync workers do so anyway.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

CONCURRENCY = 20
HERE = Path(__file__).resolve().parent
Good = Callable[[int, bytes], bool]


class Unfit(Exception):
    """A site answers otherwise than it should, so that its speed means nothing."""


@dataclass(frozen=True)
class Asked:
    """One request of one learner."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Heard:
    """What came back, and how quickly (milliseconds)."""

    count: int
    seconds: float
    p50: float
    p95: float
    errors: int

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


def client() -> str:
    """Who reads: wrk, which takes almost nothing from the servers beside it, or this module."""
    return "wrk" if shutil.which("wrk") else "asyncio"


def read(address: str, asked: Sequence[Asked], *, seconds: float, at_once: int = CONCURRENCY) -> Heard:
    """One page by many people in turn, for a while."""
    if client() == "wrk":
        return _read_with_wrk(address, asked, seconds, at_once)
    until = time.monotonic() + seconds
    turns = cycle(asked)
    requests = iter(lambda: next(turns) if time.monotonic() < until else None, None)
    return asyncio.run(_all(address, requests, lambda status, _: status == 200, at_once))


def send(address: str, asked: Iterable[Asked], *, good: Good) -> Heard:
    """Each request once."""
    return asyncio.run(_all(address, iter(asked), good))


def pace(address: str, asked: Iterable[Asked], *, per_second: int, good: Good) -> Heard:
    """Each request at its time, whether the one before has been answered or not."""
    return asyncio.run(_paced(address, asked, per_second, good))


def one(address: str, asked: Asked) -> tuple[int, bytes]:
    """Status and body of one request."""
    return asyncio.run(_one(address, asked))


def check(address: str, asked: Iterable[Asked], expected: str) -> int:
    """Every learner gets the page that is going to be measured. Says how many bytes it has on the wire."""
    size = 0
    for request in asked:
        status, body = one(address, Asked(request.path, {**request.headers, "Accept-Encoding": "identity"}))
        if status != 200 or expected.encode() not in body:
            raise Unfit(f"{address}{request.path} answers {status} without {expected!r}")
        size = len(one(address, request)[1])
    return size


def _read_with_wrk(address: str, asked: Sequence[Asked], seconds: float, at_once: int) -> Heard:
    with tempfile.NamedTemporaryFile("w", suffix=".cookies") as cookies:
        cookies.writelines(
            f"{request.headers['Cookie']}\n" for request in asked if "Cookie" in request.headers
        )
        cookies.flush()
        how = ["-t1", f"-c{at_once}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
        said = subprocess.run(
            ["wrk", *how, "-s", HERE / "wrk.lua", address + asked[0].path],
            env={**os.environ, "COOKIES": cookies.name},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    line = json.loads(next(line for line in said.splitlines() if line.startswith("JSON "))[5:])
    return Heard(line["count"], line["seconds"], line["p50"], line["p95"], line["errors"])


async def _all(address: str, requests: Iterable[Asked], good: Good, at_once: int = CONCURRENCY) -> Heard:
    took: list[float] = []
    bad = 0

    async def learner() -> None:
        nonlocal bad
        for request in requests:
            begun = time.perf_counter()
            try:
                status, body = await _one(address, request)
            except OSError:  # refused, or cut off
                status, body = 0, b""
            took.append(1000 * (time.perf_counter() - begun))
            bad += not good(status, body)

    begun = time.perf_counter()
    await asyncio.gather(*(learner() for _ in range(at_once)))
    return _heard(took, time.perf_counter() - begun, bad)


async def _paced(address: str, requests: Iterable[Asked], per_second: int, good: Good) -> Heard:
    begun = time.perf_counter()

    async def at(when: float, request: Asked) -> tuple[float, bool]:
        await asyncio.sleep(max(0, begun + when - time.perf_counter()))
        try:
            fine = good(*await _one(address, request))
        except OSError:
            fine = False
        return 1000 * (time.perf_counter() - begun - when), fine  # from when it was due

    ended = await asyncio.gather(*(at(n / per_second, request) for n, request in enumerate(requests)))
    took = [milliseconds for milliseconds, _ in ended]
    return _heard(took, time.perf_counter() - begun, sum(not fine for _, fine in ended))


def _heard(took: list[float], seconds: float, bad: int) -> Heard:
    cuts = statistics.quantiles(took, n=20, method="inclusive")
    return Heard(len(took), seconds, cuts[9], cuts[18], bad)


async def _one(address: str, asked: Asked) -> tuple[int, bytes]:
    where = urlsplit(address)
    headers = {"Host": where.netloc, "Connection": "close", "Accept-Encoding": "gzip", **asked.headers}
    if asked.body is not None:
        headers["Content-Length"] = str(len(asked.body))
    lines = [f"{'GET' if asked.body is None else 'POST'} {asked.path} HTTP/1.0"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + (asked.body or b""))
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if not head:
        raise ConnectionError("The server hung up.")
    return int(head.split(b" ", 2)[1]), body
