"""What a lesson weighs on a phone, and how soon it can be read and answered on a slow line.

Weight is what came over the wire, without the heads: the bench speaks HTTP/1.1, which repeats them in full
for each file; a site in service speaks HTTP/2, which does not. A slow line is Chromium's own: it slows each
request, but not the opening of a connection.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from urllib.parse import urlsplit

from bench.sites import Site
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request, sync_playwright

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
KBIT, LATENCY = 400, 400  # kbit/s, ms: an edge-of-town line
SLOW_PHONE = 4  # times slower than this machine's processor
QUIET_SECONDS = 1.5
PATIENCE_SECONDS = 60
TIMES = 3

# A learner goes through the lesson to its end: screen by screen where it has screens, else by scrolling.
WALK = """async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const down = async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 400) { scrollTo(0, y); await pause(60); }
  };
  for (const screen of document.querySelectorAll("[data-screen]")) {
    location.hash = screen.id;
    await pause(60);
    await down();
  }
  await down();
}"""
TIMES_SEEN = """() => {
  const fcp = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const files = performance.getEntriesByType("resource").filter((file) => file.startTime <= fcp);
  return { fcp, before: 1 + files.length, answered: window.benchAnswered ?? null };
}"""


@dataclass(frozen=True)
class Seen:
    """Bytes, requests and milliseconds by name; and what the pages were made of."""

    numbers: dict[str, float | None]
    files: dict[str, list[str]]


@dataclass
class Wire:
    """Everything that came over it since it was last emptied."""

    files: dict[str, dict] = field(default_factory=dict)
    last: float = 0.0

    def hear(self, cdp: CDPSession, context: BrowserContext) -> None:
        """Listen to the page, and to its service worker, whose requests the page does not see."""
        cdp.send("Network.enable")
        cdp.on("Network.requestWillBeSent", self._sent)
        cdp.on("Network.responseReceived", self._answered)
        cdp.on("Network.dataReceived", lambda _: self._touch())
        cdp.on("Network.loadingFinished", self._finished)
        context.on("requestfinished", self._worker_finished)

    def settle(self, page: Page) -> None:
        """Wait until nothing more comes."""
        self._touch()
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < min(until, self.last + QUIET_SECONDS):
            page.wait_for_timeout(100)

    def weight(self, *, without: tuple[str, ...] = ()) -> int:
        """Bytes, without the files whose kind or address contains one of these words."""
        return sum(
            file["bytes"]
            for file in self.files.values()
            if not any(word in f"{file['kind']} {file['url']}".lower() for word in without)
        )

    def requests(self) -> int:
        return sum(file["bytes"] + file["head"] > 0 for file in self.files.values())

    def told(self) -> list[str]:
        """One line for each file that came, the largest first."""
        came = sorted(filter(itemgetter("bytes"), self.files.values()), key=itemgetter("bytes"), reverse=True)
        return [f"{file['bytes']} {file['kind']} {urlsplit(file['url']).path}" for file in came]

    def _touch(self) -> None:
        self.last = time.monotonic()

    def _sent(self, event: dict) -> None:
        self._touch()
        kind, url = event.get("type", ""), event["request"]["url"]
        self.files[event["requestId"]] = {"kind": kind, "url": url, "bytes": 0, "head": 0, "cached": False}

    def _answered(self, event: dict) -> None:
        if file := self.files.get(event["requestId"]):
            answer = event["response"]
            file["cached"] = bool(answer.get("fromDiskCache") or answer.get("fromServiceWorker"))
            file["head"] = 0 if file["cached"] else int(answer["encodedDataLength"])

    def _finished(self, event: dict) -> None:
        self._touch()
        file = self.files.get(event["requestId"])
        if file and not file["cached"] and file["url"].startswith("http"):
            file["bytes"] = int(event["encodedDataLength"]) - file["head"]

    def _worker_finished(self, request: Request) -> None:
        if not request.service_worker:
            return
        self._touch()
        size = request.sizes()["responseBodySize"]
        self.files[f"worker {len(self.files)}"] = {
            "kind": "worker",
            "url": request.url,
            "bytes": size,
            "head": 0,
        }


def look(site: Site, chromium: str) -> Seen:
    """Weigh the first lesson and the next one, then time the first on a slow line and on a slow phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        try:
            numbers, files = _weigh(browser, site)
            for name, slower in (("slow line", 1), ("slow line and phone", SLOW_PHONE)):
                runs = [_time(browser, site, slower) for _ in range(TIMES)]
                numbers |= {f"{name}: {what}": _median([run[what] for run in runs]) for what in runs[0]}
        finally:
            browser.close()
    return Seen(numbers, files)


def _weigh(browser: Browser, site: Site) -> tuple[dict[str, float | None], dict[str, list[str]]]:
    numbers: dict[str, float | None] = {}
    files: dict[str, list[str]] = {}

    def note(what: str, apart: tuple[str, ...]) -> None:
        wire.settle(page)
        numbers[what], numbers[f"{what}: requests"] = wire.weight(without=apart), wire.requests()
        files[what] = wire.told()

    with phone(browser, site) as (page, _, wire):
        page.goto(site.doors.browsers + site.lessons[0])
        note("first screen", ())
        page.evaluate(WALK)
        note("whole lesson", site.apart)
        page.goto("about:blank")
        wire.files.clear()
        page.goto(site.doors.browsers + site.lessons[1])
        page.evaluate(WALK)
        note("next lesson", site.apart)
    return numbers, files


def _time(browser: Browser, site: Site, slower: int) -> dict[str, float | None]:
    with phone(browser, site) as (page, cdp, wire):
        page.add_init_script(site.probe)
        rate = KBIT * 1000 / 8
        line = {"offline": False, "latency": LATENCY, "downloadThroughput": rate, "uploadThroughput": rate}
        cdp.send("Network.emulateNetworkConditions", line)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(site.doors.browsers + site.lessons[0], timeout=PATIENCE_SECONDS * 1000)
        _wait_for_question(page)
        wire.settle(page)
        seen = page.evaluate(TIMES_SEEN)
    return {"text": seen["fcp"], "requests before text": seen["before"], "answerable": seen["answered"]}


def _wait_for_question(page: Page) -> None:
    """Playwright's own waiting evaluates text inside the page, which a strict page forbids."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and page.evaluate("window.benchAnswered ?? null") is None:
        page.wait_for_timeout(100)


@contextmanager
def phone(browser: Browser, site: Site) -> Iterator[tuple[Page, CDPSession, Wire]]:
    """A phone that was never here, signed in where the site asks for it."""
    context = browser.new_context(**PHONE)
    try:
        cookies = site.cookies().items()
        context.add_cookies([{"name": n, "value": v, "url": site.doors.browsers} for n, v in cookies])
        page, wire = context.new_page(), Wire()
        cdp = context.new_cdp_session(page)
        wire.hear(cdp, context)
        yield page, cdp, wire
    finally:
        context.close()


def _median(found: list[float | None]) -> float | None:
    """None if it never happened once."""
    return None if None in found else statistics.median(found)
