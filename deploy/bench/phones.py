"""What phones ask of our site when they come back to a network. The peer takes no lines from phones.

A phone's own code is timed in Chromium on a slow line; many phones are played by `load`.
"""

import json
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from bench import load
from bench.browser import LATENCY, Wire, phone
from bench.load import Asked, Heard
from bench.ours import SYNC, Ours, uuid7
from playwright.sync_api import Page, Request, sync_playwright

LINES = 50  # of one batch
COME_BACK, EACH = 25, 200  # phones at once, and the lines of each
A_SECOND = 50  # batches, for as long as
SECONDS = 10
FULL, EMPTY = 10**6, 10**4  # lines that are in the record already
RESULTS = "SELECT count(*), count(DISTINCT uid) FROM lms_recordline"
# Lines of nobody who is asked here, as many as there should be.
FILL = """
INSERT INTO lms_recordline (uid, person_id, seq, verb, about, block, rev, locale, voice, milliseconds, counts,
                            said_at, happened_at, received_at, digest)
SELECT gen_random_uuid(), '{person}', n, 'experienced', gen_random_uuid(), '', 'ff', 'ur', 'ur', 0, false,
       now(), now(), now(), md5(n::text)
FROM generate_series(1, {many}) AS n
"""
WRITE = """async ([at, many, question]) => {
    const { phone } = await import(at);
    const log = await phone();
    const { about, block, rev, locale, chosen } = question;
    const line = { verb: "answered", about, block, rev, locale, response: { chosen } };
    for (let n = 0; n < many; n++) await log.record(line);
}"""
SEND = """async (at) => {
    const log = await (await import(at)).phone();
    await log.store.set({ asked: 0 });
    const begun = performance.now();
    const end = await log.flush(true);
    return [end, performance.now() - begun];
}"""


@dataclass(frozen=True)
class Sent:
    """One sending of one phone: requests, bytes both ways and up, without heads; milliseconds."""

    requests: int
    bytes: int
    up: int
    took: float


@dataclass(frozen=True)
class Phones:
    """All that was measured."""

    twenty: Sent
    fifty: Sent
    nothing: Sent
    back: float  # seconds until all had their answers
    lost: int
    doubled: int
    per_second: float  # lines, in batches
    steady: Heard  # batches at their pace
    dearer: float  # a batch with a million lines in the record, in times of one with ten thousand


def look(site: Ours, chromium: str) -> Phones:
    """Measure everything; nothing of it stays in the record."""
    twenty, fifty, nothing = _one_phone(site, chromium)
    site.forget()
    back, lost, doubled = _come_back(site)
    site.forget()
    per_second = _burst(site).per_second * LINES
    site.forget()
    steady = _steady(site)
    site.forget()
    return Phones(twenty, fifty, nothing, back, lost, doubled, per_second, steady, _dearer(site))


# ── One phone ────────────────────────────────────────────────────────────────────────────────────────────


def _one_phone(site: Ours, chromium: str) -> tuple[Sent, Sent, Sent]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        try:
            with phone(browser, site) as (page, cdp, wire):
                page.goto(site.doors.browsers + site.lessons[0])
                wire.settle(page)
                at = next(file["url"] for file in wire.files.values() if "/lms/record." in file["url"])
                line = {"latency": LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
                cdp.send("Network.emulateNetworkConditions", {"offline": False, **line})
                return tuple(_send(page, wire, at, site.asked[0], many) for many in (20, 50, 0))
        finally:
            browser.close()


def _send(page: Page, wire: Wire, at: str, question: dict, many: int) -> Sent:
    came: list[Request] = []

    def note(request: Request) -> None:
        came.append(request)

    page.evaluate(WRITE, [at, many, question])
    page.on("requestfinished", note)
    end, took = page.evaluate(SEND, at)
    wire.settle(page)
    page.remove_listener("requestfinished", note)
    if end != "sent":
        raise load.Unfit(f"A phone could not send: {end}")
    asked = [request for request in came if SYNC in request.url]
    sizes = [request.sizes() for request in asked]
    up = sum(size["requestBodySize"] for size in sizes)
    return Sent(len(asked), up + sum(size["responseBodySize"] for size in sizes), up, took)


# ── Many phones ──────────────────────────────────────────────────────────────────────────────────────────


def _come_back(site: Ours) -> tuple[float, int, int]:
    """Each sends its batches one after another, and all do so at once. Seconds, lines lost, lines doubled."""
    sendings = [_batches(site, token, EACH) for token in site.tokens[:COME_BACK]]
    begun = time.perf_counter()
    with ThreadPoolExecutor(COME_BACK) as pool:
        list(pool.map(lambda sending: [_until_taken(site, one) for one in sending], sendings))
    took = time.perf_counter() - begun
    rows, different = site.sql(RESULTS)[0]
    return took, COME_BACK * EACH - different, rows - different


def _until_taken(site: Ours, asked: Asked) -> None:
    while not site.took(*load.one(site.doors.load, asked)):
        time.sleep(0.1)


def _burst(site: Ours) -> Heard:
    """As fast as they are taken."""
    batches = [one for token in site.tokens for one in _batches(site, token, 2 * LINES)]
    return load.send(site.doors.load, batches, good=site.took)


def _steady(site: Ours) -> Heard:
    """At a pace of so many a second, whoever is ready."""
    tokens = site.tokens
    batches = [_batches(site, tokens[n % len(tokens)], LINES)[0] for n in range(A_SECOND * SECONDS)]
    return load.pace(site.doors.load, batches, per_second=A_SECOND, good=site.took)


def _dearer(site: Ours) -> float:
    """What a batch takes when the record is full, in times of what it takes when it is nearly empty."""
    person = site.sql("SELECT uid FROM lms_person ORDER BY uid LIMIT 1")[0][0]
    took = []
    for many in (EMPTY, FULL):
        site.forget()
        site.sql(FILL.format(person=person, many=many))
        site.sql("ANALYZE lms_recordline")
        _burst(site)  # nobody is measured cold
        took.append(_burst(site).p50)
    site.forget()
    return took[1] / took[0]


def _batches(site: Ours, token: str, lines: int) -> list[Asked]:
    return [_batch(site, token, range(first, first + LINES)) for first in range(1, lines + 1, LINES)]


def _batch(site: Ours, token: str, numbers: Iterable[int]) -> Asked:
    now = datetime.now(UTC).isoformat()
    records = [
        site.line(site.asked[number % len(site.asked)], number=number, uid=str(uuid7()), at=now)
        for number in numbers
    ]
    said = {"v": 1, "sent_at": now, "app": "1", "nonce": secrets.token_hex(8), "records": records}
    return Asked(SYNC, site.heads(token), json.dumps(said).encode())
