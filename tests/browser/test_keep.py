"""A unit is kept where there is Wi-Fi, and learned where there is none."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.test_budgets import Line
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

UNIT = "/{reads}/healthy-animals/rains/"
CACHED = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        found[name] = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    }
    return found;
}"""
SEEK = """async () => {
    const table = await (await fetch(document.querySelector("link[rel=sounds][data-voice=ur]").href)).json();
    const sound = new Audio(Object.values(table).find(([, , ms]) => ms > 4000)[0]);
    sound.muted = true;
    await new Promise((yes, no) => { sound.oncanplay = yes; sound.onerror = no; sound.load(); });
    await new Promise((yes) => { sound.onseeked = yes; sound.currentTime = 3; });
    return sound.currentTime;
}"""


def open_keep(page: Page, reads: str = "ur") -> None:
    page.goto(f"{UNIT.format(reads=reads)}keep/")
    expect(page.locator("[data-go]")).to_be_visible()


def keep(page: Page, reads: str = "ur") -> None:
    open_keep(page, reads)
    page.click("[data-go]")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=60_000)


def cached(page: Page) -> dict[str, list[str]]:
    return page.evaluate(CACHED)


@pytest.fixture
def away(phone) -> Page:
    """A phone that kept the unit, and has no network any more."""
    keep(phone)
    phone.context.set_offline(True)
    return phone


def told(page: Page) -> int:
    """How many bytes the button says."""
    number, unit = re.search(r"([\d.]+) ([kM]B)", page.locator("[data-size]").text_content()).groups()
    return round(float(number) * {"kB": 1e3, "MB": 1e6}[unit])


@pytest.mark.on_old_phones
@pytest.mark.parametrize("reads", ["ur", "en"])
def test_C01_a_kept_unit_is_learned_to_its_end_without_a_network(phone, reads):
    keep(phone, reads)
    phone.context.set_offline(True)

    phone.goto(f"/{reads}/")
    phone.goto(UNIT.format(reads=reads))
    steps.follow(phone, "main a[href*=a5-]")
    phone.reload()
    steps.learn(phone)

    held = steps.counts(phone)
    assert held["unsent"] > 3
    phone.context.set_offline(False)
    phone.goto(f"/{reads}/")
    steps.wait_until_sent(phone, held["unsent"])


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_every_state_of_the_page_can_be_used_by_all(phones, reads):
    page = phones(bypass_csp=True)
    open_keep(page, reads)
    look(page)
    page.click("[data-go]")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=60_000)
    look(page)


@pytest.mark.on_old_phones
def test_C03_a_download_that_was_cut_goes_on_where_it_was(phone):
    open_keep(phone)
    come = []

    def some(route: Route) -> None:
        come.append(route.request.url)
        route.continue_() if len(come) <= 40 else route.abort()

    phone.context.route("**/f/*.opus", some)
    phone.click("[data-go]")
    expect(phone.locator("[data-later]")).to_be_visible(timeout=60_000)
    expect(phone.locator("[data-kept]")).to_be_hidden()
    half = set(cached(phone)["hamrah-files"])
    assert UNIT.format(reads="ur") not in cached(phone).get("hamrah-pages", [])

    phone.context.unroute("**/f/*.opus")
    again = []
    phone.context.on("request", lambda request: again.append(request.url))
    phone.reload()
    phone.click("[data-go]")
    expect(phone.locator("[data-kept]")).to_be_visible(timeout=60_000)

    sounds = {url.rpartition("/")[2] for url in again if url.endswith(".opus")}
    assert sounds
    assert not sounds & {path.rpartition("/")[2] for path in half}


def test_C04_what_is_not_as_promised_is_not_kept_and_a_clear_sentence_says_so(phone):
    open_keep(phone)
    spoilt = []

    def spoil(route: Route) -> None:
        if not spoilt or route.request.url == spoilt[0]:
            spoilt.append(route.request.url)
            route.fulfill(body=b"<html>Please pay for the network</html>", content_type="audio/ogg")
        else:
            route.continue_()

    phone.context.route("**/f/*.opus", spoil)
    phone.click("[data-go]")

    expect(phone.locator("[data-changed]")).to_be_visible(timeout=60_000)
    assert len(spoilt) == 3
    assert spoilt[0].rpartition("/")[2] not in str(cached(phone))


def test_C05_C27_a_full_phone_says_so_before_anything_comes_and_keeps_answers_all_the_same(phone):
    phone.add_init_script("navigator.storage.estimate = async () => ({ quota: 2e6, usage: 1e6 });")
    open_keep(phone)
    asked = []
    phone.context.on("request", lambda request: asked.append(request.url))

    phone.click("[data-go]")

    expect(phone.locator("[data-full]")).to_be_visible()
    assert [url for url in asked if url.endswith(".opus")] == []
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)
    steps.answer(phone)
    expect(steps.here(phone).locator("[data-kept]")).to_be_visible()


def test_C05_a_disk_that_is_full_halfway_keeps_nothing_half_and_goes_on_later(phone):
    open_keep(phone)
    chrome = phone.context.new_cdp_session(phone)
    origin = phone.evaluate("location.origin")
    chrome.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 700_000})
    phone.evaluate("navigator.storage.estimate = async () => ({})")  # an old browser does not know

    phone.click("[data-go]")
    expect(phone.locator("[data-full]")).to_be_visible(timeout=60_000)
    expect(phone.locator("[data-kept]")).to_be_hidden()

    chrome.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    phone.reload()
    phone.click("[data-go]")
    expect(phone.locator("[data-kept]")).to_be_visible(timeout=60_000)


def test_C06_what_is_told_is_what_comes(phones):
    phone = phones(service_workers="block")  # what it fetches for a page is not counted as the page's
    open_keep(phone)
    line = Line(phone)
    line.chrome.send("Network.clearBrowserCache")
    said = told(phone)

    phone.click("[data-go]")
    expect(phone.locator("[data-kept]")).to_be_visible(timeout=60_000)

    assert abs(line.weight() - said) <= 0.02 * said, line.bill()


@pytest.mark.on_old_phones
def test_C18_a_sound_can_be_sought_without_a_network(away):
    away.goto(steps.lesson_address("ur"))

    assert away.evaluate(SEEK) == 3


def test_C19_a_phone_without_a_service_worker_is_told_so_and_has_no_dead_button(phone):
    phone.add_init_script("delete Navigator.prototype.serviceWorker")
    phone.goto(f"{UNIT.format(reads='ur')}keep/")

    expect(phone.locator("[data-cannot]")).to_be_visible()
    expect(phone.locator("[data-go]")).to_be_hidden()
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)


def test_C29_nothing_that_is_somebodys_own_is_kept(phone, site, new_number):
    phone.goto("/ur/start/number/")
    steps.sign_up(phone, site, new_number(), "زارا")
    keep(phone)
    phone.goto("/ur/mine/")
    phone.goto("/ur/start/")

    paths = [path for paths in cached(phone).values() for path in paths]
    assert paths
    assert [path for path in paths if re.search(r"/(mine|start|desk|cms|api)/", path)] == []


def test_a_second_unit_costs_only_what_is_not_there(phone):
    open_keep(phone)
    first = told(phone)
    keep(phone)

    phone.goto("/ur/healthy-animals/every-day/keep/")
    expect(phone.locator("[data-go]")).to_be_visible()
    phone.locator("#k2").check()

    assert told(phone) < 0.4 * first
    shared = cached(phone)["hamrah-files"]
    assert len(shared) == len(set(shared))


def test_who_removes_a_unit_has_the_room_again(phone):
    keep(phone)
    before = len(cached(phone)["hamrah-files"])

    phone.click("[data-remove]")

    expect(phone.locator("[data-choice]")).to_be_visible()
    left = cached(phone)
    assert len(left["hamrah-files"]) < before / 2
    assert UNIT.format(reads="ur") not in left["hamrah-pages"]


def test_words_and_pictures_can_be_kept_without_the_voice(phone):
    open_keep(phone)
    phone.locator("#k2").check()
    phone.click("[data-go]")
    expect(phone.locator("[data-kept]")).to_be_visible(timeout=60_000)

    assert [path for path in cached(phone)["hamrah-files"] if path.endswith((".opus", ".mp3"))] == []


def test_with_a_network_a_newer_page_comes_though_an_older_one_is_kept(phone):
    keep(phone)
    worker = "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)"
    assert phone.evaluate(worker)

    with phone.expect_response(f"**{UNIT.format(reads='ur')}") as answer:
        phone.goto(UNIT.format(reads="ur"))

    assert answer.value.status == 200
    assert "hamrah-pages" in cached(phone)


@pytest.mark.on_old_phones
def test_C08_a_newer_service_worker_takes_nothing_of_what_waits_and_is_kept(phone):
    keep(phone)
    phone.route("**/api/**", lambda route: route.abort())
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)
    steps.answer(phone)
    expect(steps.here(phone).locator("[data-kept]")).to_be_visible()
    before = steps.counts(phone), cached(phone)
    assert before[0]["unsent"] > 1

    phone.evaluate(
        """async () => {
            const newer = new Promise((yes) => (navigator.serviceWorker.oncontrollerchange = () => yes()));
            await navigator.serviceWorker.register("/sw.js?newer");
            await newer;
        }"""
    )

    assert (steps.counts(phone), cached(phone)) == before


@pytest.mark.on_old_phones
def test_a_page_that_is_not_kept_says_so_and_leads_to_what_is(away):
    away.goto("/ur/start/")

    expect(away.locator("h1")).to_have_text("ابھی نیٹ ورک نہیں ہے")
    away.locator("main a[href='/ur/sent/']").click()
    away.wait_for_url("**/ur/sent/")
    away.locator("footer a[href='/ur/']").click()
    away.wait_for_url("**/ur/")
