"""What a page costs on the line, in packed bytes; without their heads, which HTTP/2 packs to nothing."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.steps import SECOND

pytestmark = pytest.mark.browser

KB = 1024
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # 400 kbit/s
SPARE_ME = (
    "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } });"
)
LEARNERS_PAGES = [
    "/",
    "/{reads}/",
    "/{reads}/healthy-animals/",
    "/{reads}/healthy-animals/rains/",
    "/{reads}/healthy-animals/rains/keep/",
    "/{reads}/healthy-animals/rains/a5-rainy-season/",
    "/{reads}/start/",
    "/{reads}/start/number/",
    "/{reads}/start/card/",
    "/{reads}/mine/voice/",
    "/{reads}/find/",
    "/{reads}/help/",
    "/{reads}/sent/",
    "/{reads}/nowhere/",
    "/k",
]


@dataclass
class File:
    """One thing that came over the line."""

    url: str
    kind: str
    head: int = 0
    size: int = 0
    begun: float = 0
    done: float | None = None


@dataclass
class Line:
    """Everything that a page asks for, in order. Nothing from the browser's own cache counts."""

    page: Page
    files: dict[str, File] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chrome = self.page.context.new_cdp_session(self.page)
        self.chrome.on("Network.requestWillBeSent", self._asked)
        self.chrome.on("Network.requestServedFromCache", lambda told: self.files.pop(told["requestId"], None))
        self.chrome.on("Network.responseReceived", self._answered)
        self.chrome.on("Network.loadingFinished", self._came)
        self.chrome.send("Network.enable")

    def slow(self) -> None:
        self.chrome.send("Network.emulateNetworkConditions", SLOW)

    def _asked(self, told: dict) -> None:
        if not told["request"]["url"].startswith("data:"):
            self.files[told["requestId"]] = File(
                told["request"]["url"], told.get("type", ""), begun=told["timestamp"]
            )

    def _answered(self, told: dict) -> None:
        if told["response"].get("fromDiskCache"):
            self.files.pop(told["requestId"], None)
        elif file := self.files.get(told["requestId"]):
            file.head = int(told["response"]["encodedDataLength"])

    def _came(self, told: dict) -> None:
        if file := self.files.get(told["requestId"]):
            file.size, file.done = int(told["encodedDataLength"]) - file.head, told["timestamp"]

    def list(self, ending: str = "") -> list[File]:
        """What came, without what the phone has to say."""
        came = [file for file in self.files.values() if file.done and "/api/" not in file.url]
        return [file for file in came if urlsplit(file.url).path.endswith(ending)]

    def weight(self, ending: str = "") -> int:
        return sum(file.size for file in self.list(ending))

    def bill(self) -> str:
        """For whoever has to find out what has become heavy."""
        rows = sorted(self.list(), key=lambda file: -file.size)
        heads = sum(row.head for row in rows)
        told = [f"{row.size:>8} {row.url}" for row in rows]
        return "\n".join([f"{self.weight():>8} in all, and {heads} of heads", *told])


def opened(page: Page, address: str, *, slow: bool = False) -> Line:
    line = Line(page)
    if slow:
        line.slow()
    page.goto(address, wait_until="networkidle")
    return line


# ── The first lesson on a phone that has never been here ─────────────────────────────────────────────────


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_every_lesson_is_light_for_who_has_never_been_here(phones, reads):
    for lesson in lessons(phones(), reads):
        line = opened(phones(), lesson)
        modules = modules_of(line)
        assert len(modules) == len(set(modules)) > 0  # none is loaded under two names
        assert line.weight(".mjs") <= 12 * KB, line.bill()
        assert line.list()[0].size <= 14 * KB, line.bill()
        assert line.weight() <= 50 * KB, line.bill()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_what_only_some_questions_need_comes_once_somebody_goes_on(phone, reads):
    line = opened(phone, steps.lesson_address(reads, "a2-look-every-day"))
    at_first = line.weight(".mjs")

    steps.go_on(phone)
    steps.until(phone, lambda: {"asking", "kinds", "ticks"} <= set(modules_of(line)), line.bill)

    assert at_first < line.weight(".mjs") <= 16 * KB, line.bill()


def modules_of(line: Line) -> list[str]:
    """The names of the modules that came."""
    return [urlsplit(file.url).path.rpartition("/")[2].split(".")[0] for file in line.list(".mjs")]


def lessons(phone: Page, reads: str) -> list[str]:
    """The addresses of all that are shipped, as a learner finds them."""
    found = []
    for unit in steps.UNITS:
        phone.goto(f"/{reads}/{steps.COURSE}/{unit}/")
        links = phone.locator("main a[href]").evaluate_all("all => all.map((a) => a.pathname)")
        found += dict.fromkeys(link for link in links if link.count("/") == 5 and not link.endswith("/keep/"))
    assert len(found) >= steps.LESSONS
    return found


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_its_words_can_be_read_after_six_answers_and_soon(phone, reads):
    line = opened(phone, steps.lesson_address(reads), slow=True)
    first = line.list()[0]
    painted = phone.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000

    before = [file for file in line.list() if file.done <= first.begun + painted]
    assert len(before) <= 6, line.bill()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_the_whole_lesson_with_all_drawings_and_answers_is_light(phone, reads):
    line = opened(phone, steps.lesson_address(reads))
    steps.learn(phone)
    phone.wait_for_load_state("networkidle")

    drawings = line.list(".svg")
    assert len(drawings) >= 9, line.bill()
    assert [file.url for file in drawings if file.size > 6 * KB] == []
    nastaliq = sum(file.size for file in line.list(".woff2") if "nastaliq" in file.url)
    assert line.weight() - nastaliq <= 100 * KB, line.bill()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_the_next_lesson_costs_little_more(phone, reads):
    opened(phone, steps.lesson_address(reads))
    steps.learn(phone)
    phone.wait_for_load_state("networkidle")

    line = opened(phone, steps.lesson_address(reads, SECOND))
    steps.to_question(phone)
    phone.wait_for_load_state("networkidle")
    assert line.weight() <= 25 * KB, line.bill()


# ── Nothing else ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_P09_no_learners_page_asks_anybody_else_for_anything(phone, site, reads):
    asked = set()
    phone.on("request", lambda request: asked.add(request.url))
    for page in LEARNERS_PAGES:
        phone.goto(page.format(reads=reads), wait_until="networkidle")
    phone.goto(steps.lesson_address(reads))
    steps.learn(phone)

    hosts = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(site.address).netloc}


def test_nastaliq_comes_after_the_first_page_was_touched_and_is_worn_from_the_next(phone):
    nastaliq = "fonts/noto-nastaliq-urdu-500"
    line = opened(phone, steps.lesson_address("ur"))
    assert [file for file in line.files.values() if nastaliq in file.url] == []

    with phone.expect_response(lambda answer: nastaliq in answer.url, timeout=15_000):
        steps.go_on(phone)
    steps.until(phone, lambda: phone.evaluate("!!localStorage.getItem('nastaliq')"))
    assert phone.locator("link[rel=stylesheet][href*=nastaliq]").count() == 0  # not while somebody reads
    phone.goto("/ur/", wait_until="networkidle")

    assert phone.locator("link[rel=stylesheet][href*=nastaliq]").count() == 1
    assert phone.evaluate("document.fonts.check('20px \"Hamrah Nastaliq\"', 'سبق')")


def test_C28_nastaliq_never_comes_to_a_phone_that_asks_to_be_spared(phone):
    phone.clock.install()
    phone.add_init_script(SPARE_ME)
    line = opened(phone, steps.lesson_address("ur"))
    steps.go_on(phone)

    phone.clock.fast_forward(10_000)
    steps.go_on(phone)
    phone.wait_for_load_state("networkidle")

    assert [file.url for file in line.files.values() if "nastaliq" in file.url] == []


def test_the_arrival_of_nastaliq_moves_nothing(phone):
    boxes = (
        "[...document.querySelectorAll('main h1, main .voice, main h2')]"
        ".map((e) => e.getBoundingClientRect().y)"
    )
    phone.goto("/ur/")
    phone.evaluate("localStorage.setItem('nastaliq', document.querySelector('meta[name=nastaliq]').content)")
    plain = phone.evaluate(boxes)
    phone.reload(wait_until="networkidle")
    phone.evaluate("document.fonts.ready.then(() => 0)")

    assert phone.evaluate(boxes) == pytest.approx(plain, abs=1)


def test_what_was_once_fetched_is_not_fetched_again(phone):
    opened(phone, steps.lesson_address("ur"))
    line = opened(phone, steps.lesson_address("ur"))

    again = [file.url for file in line.list() if urlsplit(file.url).path.startswith(("/static/", "/f/"))]
    assert again == []
