"""The phone's own disk, in a real browser: what node cannot try."""

import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Request, Route

from tests.browser import steps
from tests.media.stuff import tone

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://127.0.0.1:9"  # nobody listens there: every request is answered below
LINE = {"verb": "completed", "about": "milk", "rev": "00ff", "locale": "ur"}
TOLD = tone(40, rate=8000)  # somebody tells for forty seconds
HEAR = """import('/static/media/where.mjs').then(async ({ follow }) => {
    window.told = new Audio("/told.wav");
    told.muted = true;
    follow(told);
    await told.play();
})"""
LOG = "import('/static/lms/record.mjs').then(({ phone }) => phone())"

pytestmark = [pytest.mark.browser, pytest.mark.on_old_phones]


def unpacked(request: Request) -> bytes:
    """What was sent, whether it came packed or not."""
    body = request.post_data_buffer
    return gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body


class Phone:
    """A browser with a disk, and a server that can be away."""

    def __init__(self, context) -> None:
        self.context, self.away, self.sent, self.told, self.batches = context, True, [], None, 0
        self.says = {"epoch": "e", "kept_until": "", "server_time": "2026-11-22T12:00:00.000Z"}
        context.route("**/*", self.answer)

    def open(self):
        page = self.context.new_page()
        page.goto(SITE)
        return page

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            app = path.split("/")[2]
            body = (ROOT / app / path[1:]).read_text(encoding="utf-8")
            route.fulfill(content_type="text/javascript", body=body)
        elif path == "/told.wav":
            part = TOLD[int(route.request.headers.get("range", "bytes=0-")[6:].split("-")[0]) :]
            span = f"bytes {len(TOLD) - len(part)}-{len(TOLD) - 1}/{len(TOLD)}"
            heads = {"Content-Type": "audio/wav", "Accept-Ranges": "bytes", "Content-Range": span}
            route.fulfill(status=206, headers=heads, body=part)
        elif not path.startswith("/api/"):
            route.fulfill(content_type="text/html", body="<!doctype html><html lang=ur>")
        elif self.away:
            route.abort()
        elif path == "/api/v1/device":
            self.told = json.loads(route.request.post_data)
            route.fulfill(status=201, json={"token": "t"})
        else:
            batch = json.loads(unpacked(route.request))
            self.batches += 1
            self.sent += [line["seq"] for line in batch["records"]]
            results = [{"id": line["id"], "s": "kept"} for line in batch["records"]]
            said = {"v": 1, "nonce": batch["nonce"], "results": results, "progress": [], "cursor": ""}
            route.fulfill(json=said | self.says)


@pytest.fixture
def phone(playwright, launch, tmp_path):
    context = playwright.chromium.launch_persistent_context(tmp_path, timezone_id="Asia/Karachi", **launch)
    yield Phone(context)
    context.close()


def record(page) -> int:
    return page.evaluate(f"{LOG}.then((log) => log.record({json.dumps(LINE)}))")["seq"]


def flush(page) -> str:
    """As a page does when it opens."""
    return page.evaluate(f"{LOG}.then((log) => log.flush(true))")


def counts(page) -> dict[str, int]:
    return page.evaluate(f"{LOG}.then((log) => log.counts())")


def test_C30_a_tab_that_was_closed_before_sending_is_made_up_for_at_the_next_page(phone):
    page = phone.open()
    assert [record(page), record(page)] == [1, 2]
    assert flush(page) == "later"
    page.close()

    phone.away = False
    page = phone.open()
    assert counts(page) == {"unsent": 2, "sent": 0, "refused": 0}
    assert flush(page) == "sent"

    assert phone.sent == [1, 2]
    assert counts(page) == {"unsent": 0, "sent": 2, "refused": 0}
    assert page.evaluate(f"{LOG}.then((log) => log.soFar())")["milk"]["done_at"]


def test_C17_a_recording_goes_on_where_somebody_was_when_the_phone_threw_the_page_away(phone):
    page = phone.open()
    page.evaluate(HEAR)
    page.evaluate("told.currentTime = 20")
    steps.until(page, lambda: page.evaluate("told.currentTime") > 22)
    was = page.evaluate("told.currentTime")
    page.goto("about:blank")
    page.goto(SITE)

    page.evaluate(HEAR)

    assert page.evaluate("told.currentTime") == pytest.approx(was, abs=5)
    page.evaluate("told.currentTime = 39.5")
    steps.until(page, lambda: page.evaluate("told.ended"))
    page.goto(SITE)
    page.evaluate(HEAR)
    assert page.evaluate("told.currentTime") < 5  # heard to its end, it begins anew


def test_a_new_phone_tells_its_language_and_its_time_zone_and_nothing_else(phone):
    page = phone.open()
    phone.away = False
    record(page)

    assert flush(page) == "sent"

    assert len(phone.told.pop("token")) == 64  # made by the phone, out of chance
    assert phone.told == {"locale": "ur", "time_zone": "Asia/Karachi"}


def test_C14_two_tabs_count_on_and_send_each_line_once(phone):
    one, two = phone.open(), phone.open()
    for page in (one, two, one, two):
        record(page)
    phone.away = False

    both = "Promise.all([log.flush(), log.flush()])"
    assert sorted(one.evaluate(f"{LOG}.then((log) => {both})")) == ["busy", "sent"]
    flush(two)

    assert phone.sent == [1, 2, 3, 4]


def test_C12_C13_after_the_disk_was_cleared_the_next_line_is_kept_again(phone):
    page = phone.open()
    record(page)
    page.evaluate(
        "new Promise((done) => { indexedDB.deleteDatabase('hamrah').onsuccess = done; }).then(() => 0)"
    )

    assert record(page) == 1
    assert counts(page)["unsent"] == 1


def test_C09_a_newer_page_changes_the_store_and_the_older_one_lets_go(phone):
    old, new = phone.open(), phone.open()
    record(old)
    changed = """new Promise((yes, no) => {
        const request = indexedDB.open("hamrah", 1000);
        request.onblocked = () => no(new Error("The older page holds on."));
        request.onsuccess = () => yes(request.result.version);
    })"""

    assert new.evaluate(changed) == 1000

    tried = f"{LOG}.then((log) => log.record({json.dumps(LINE)})).then(() => 'kept', () => 'not kept')"
    assert old.evaluate(tried) == "not kept"


def test_C10_what_was_kept_outlives_a_browser_that_is_killed(playwright, launch, tmp_path):
    program = launch["executable_path"] or playwright.chromium.executable_path
    own = [f"--user-data-dir={tmp_path}", "--remote-debugging-port=0", "--headless", "about:blank"]
    running = subprocess.Popen(
        [program, *launch["args"], *own], stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_port(tmp_path)}")
        page = Phone(browser.contexts[0]).open()
        assert [record(page), record(page)] == [1, 2]
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()

    context = playwright.chromium.launch_persistent_context(tmp_path, **launch)
    phone = Phone(context)
    phone.away = False
    assert flush(phone.open()) == "sent"
    context.close()

    assert phone.sent == [1, 2]


def _port(folder: Path) -> str:
    """Where a browser that has just been started can be spoken to."""
    told = folder / "DevToolsActivePort"
    for _ in range(1200):
        if told.exists() and (lines := told.read_text().splitlines()):
            return lines[0]
        time.sleep(0.05)
    raise AssertionError("The browser did not start.")


def test_C12_what_is_not_written_is_not_said_to_be(phone):
    page = phone.open()
    failed = """async (log) => {
        const put = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
        try { await log.record({}); return "kept"; } catch (trouble) { return "not kept"; }
        finally { IDBObjectStore.prototype.add = put; }
    }"""

    assert page.evaluate(f"{LOG}.then({failed})") == "not kept"
    assert counts(page)["unsent"] == 0


def test_S20_a_phone_offers_a_restored_server_what_it_had_answered(phone):
    page = phone.open()
    phone.away = False
    for _ in range(3):
        record(page)
    flush(page)
    record(page)
    phone.says["epoch"] = "f"

    assert flush(page) == "sent"

    assert phone.sent == [1, 2, 3, 4, 1, 2, 3]
    assert counts(page) == {"unsent": 0, "sent": 4, "refused": 0}


def test_S20_after_a_verified_backup_the_phone_lets_go_and_shows_the_same(phone):
    page = phone.open()
    phone.away = False
    page.evaluate(f"{LOG}.then((log) => log.record({json.dumps({**LINE, 'verb': 'experienced'})}))")
    record(page)
    flush(page)
    before = page.evaluate(f"{LOG}.then((log) => log.soFar())")
    record(page)
    phone.says["kept_until"] = "2026-11-22T12:00:01.000Z"

    assert flush(page) == "sent"

    assert counts(page)["sent"] == 2
    assert page.evaluate(f"{LOG}.then((log) => log.soFar())") == before


def test_S27_what_waited_for_three_months_goes_in_a_hundred_batches_while_the_page_is_used(phone):
    page = phone.open()
    phone.away = False
    record(page)
    page.evaluate(
        """async ([log, many]) => {
            const lines = await log.store.next(1);
            await log.store.run("readwrite", async (shelf) => {
                for (let n = 1; n < many; n++) {
                    const id = lines[0].id.slice(0, -6) + String(n).padStart(6, "0");
                    shelf.put({ ...lines[0], id, line: { ...lines[0].line, id, seq: n + 1 } });
                }
            });
        }""",
        [page.evaluate_handle(LOG), 5000],
    )

    during = """async (log) => {
        const sending = log.flush(true);
        let over = false;
        sending.then(() => (over = true));
        while ((await log.counts()).sent < 1000) await null;
        await log.record(LINE);
        return { over, end: await sending };
    }""".replace("LINE", json.dumps(LINE))
    assert page.evaluate(f"{LOG}.then({during})") == {"over": False, "end": "sent"}

    assert phone.batches <= 101
    assert counts(page) == {"unsent": 0, "sent": 5001, "refused": 0}


def test_after_the_first_line_the_browser_is_asked_not_to_clear_the_store_and_its_answer_remembered(phone):
    page = phone.open()
    page.evaluate("navigator.storage.persist = () => Promise.resolve(true)")

    record(page)

    steps.until(page, lambda: page.evaluate(f"{LOG}.then((log) => log.store.get('persisted'))") is True)


def test_S04_a_page_that_stays_open_sends_by_itself_when_the_wait_is_over(phone):
    page = phone.open()
    page.evaluate(f"{LOG}.then((log) => {{ log.random = () => 0; }})")
    record(page)
    assert flush(page) == "later"

    phone.away = False

    steps.until(page, lambda: counts(page)["sent"] == 1)
