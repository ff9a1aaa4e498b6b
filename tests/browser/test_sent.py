"""The page that shows what is still on this phone and what was sent, and says nothing that is not so."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.house.test_words import found_anywhere

pytestmark = pytest.mark.browser

DAY = 24 * 3600 * 1000
STOPS = {401: "sign-in", 403: "revoked", 426: "update", 400: "broken", 503: "later"}
# Lines that this phone has kept: in which store, how many, and since when.
WAIT = """([name, many, ago]) => new Promise((done) => {
    const open = indexedDB.open(name, 1);
    open.onupgradeneeded = () => {
        open.result.createObjectStore("lines", { keyPath: "id" });
        open.result.createObjectStore("sent", { keyPath: "id" }).createIndex("s", "s");
        open.result.createObjectStore("meta");
    };
    open.onsuccess = () => {
        const moment = open.result.transaction(["lines"], "readwrite");
        const at = new Date(Date.now() - ago).toISOString();
        const lines = moment.objectStore("lines");
        for (let n = 0; n < many; n++) lines.put({ id: at + n, line: { id: at + n, at } });
        moment.oncomplete = () => { open.result.close(); done(0); };
    };
})"""


def says(page: Page) -> list[str]:
    """The notes that can be read now."""
    return page.locator("[data-note]:visible").evaluate_all("found => found.map((one) => one.dataset.note)")


def expect_to_say(page: Page, *notes: str) -> None:
    steps.until(page, lambda: says(page) == list(notes), lambda: str(says(page)))


def number(page: Page, name: str) -> str:
    return page.locator(f"[data-{name}]").inner_text()


def offline_page(page: Page, reads: str = "en") -> None:
    """The page, open, on a phone whose network has gone since."""
    page.goto(f"/{reads}/sent/", wait_until="networkidle")
    expect_to_say(page, "none")
    page.context.set_offline(True)


@pytest.mark.parametrize("reads", [pytest.param("ur", marks=pytest.mark.on_old_phones), "en", "de"])
def test_what_is_learned_without_a_network_is_counted_there_and_then_shown_as_sent(phones, reads):
    page = phones()
    page.goto(steps.lesson_address("en"))
    steps.wait_until_sent(page, 1)
    status = page.context.new_page()
    status.goto(f"/{reads}/sent/", wait_until="networkidle")
    expect_to_say(status, "all", "held")  # nobody has been asked yet
    assert (number(status, "sent"), status.locator("[data-waits]").is_visible()) == ("1", False)

    page.context.set_offline(True)
    steps.to_question(page)
    steps.choose(page, right=True)
    expect(status.locator("[data-unsent]")).to_have_text("1")
    expect_to_say(status, "alone", "held")
    assert re.search(r"\d+:\d\d", number(status, "since"))
    assert number(status, "sent") == "1"

    page.context.set_offline(False)
    expect(status.locator("[data-sent]")).to_have_text("2")
    expect_to_say(status, "all", "held")
    assert re.search(r"\d+:\d\d", number(status, "last"))
    assert not status.locator("[data-send]").is_visible()


def test_the_bar_of_every_page_leads_there_while_something_waits_and_only_then(phone):
    phone.context.route("**/api/**", lambda route: route.abort())
    sign = phone.locator("header [data-waiting]")
    phone.goto("/ur/")
    expect(sign).to_be_hidden()
    phone.goto(steps.lesson_address("ur"))
    expect(sign).to_be_visible()

    phone.goto("/ur/")
    sign.click()

    phone.wait_for_url("**/ur/sent/")
    expect(phone.locator("[data-unsent]")).to_have_text("1")


def test_it_is_reached_from_help_and_from_ones_own_place(phone, site, new_number):
    phone.goto("/en/start/number/")
    steps.sign_up(phone, site, new_number())
    for address in ("/en/help/", "/en/mine/"):
        phone.goto(address)

        phone.click("main a[href='/en/sent/']")

        expect(phone.locator("h1")).to_have_text("On this phone and sent")


@pytest.mark.on_old_phones
def test_send_now_sends_now_though_it_is_not_yet_time(phone):
    phone.context.route("**/api/**", lambda route: route.abort())
    phone.goto(steps.lesson_address("en"))
    steps.until(phone, lambda: steps.counts(phone)["unsent"] == 1)
    phone.goto("/en/sent/")
    expect_to_say(phone, "later")
    assert re.search(r"today, \d+:\d\d", number(phone, "until"))
    phone.context.unroute("**/api/**")

    phone.click("[data-send]")

    expect_to_say(phone, "all", "held")
    assert steps.counts(phone) == {"unsent": 0, "sent": 1, "refused": 0}


@pytest.mark.parametrize(("status", "note"), STOPS.items())
def test_it_says_what_stops_the_phone_and_how_to_go_on(phone, status, note):
    phone.context.route(
        "**/api/v1/sync", lambda route: route.fulfill(status=status, json={"code": "unknown_token"})
    )
    phone.goto("/en/sent/", wait_until="networkidle")
    steps.until(phone, lambda: "hamrah" in steps.on_disk(phone))
    phone.evaluate(WAIT, ["hamrah", 1, 0])
    phone.evaluate(
        """() => new Promise((done) => {
            const open = indexedDB.open("hamrah");
            open.onsuccess = () => {
                const moment = open.result.transaction(["meta"], "readwrite");
                moment.objectStore("meta").put("mine", "token");
                moment.oncomplete = () => { open.result.close(); done(0); };
            };
        })"""
    )

    expect_to_say(phone, note)

    assert number(phone, "unsent") == "1"
    ways = phone.locator("[data-note]:visible a.chip").evaluate_all("found => found.map((one) => one.href)")
    for way in ways:
        assert phone.context.request.get(way).status == 200
    assert (ways == []) is (note == "later")


def test_a_full_phone_is_told_so_and_how_to_make_room(phone):
    phone.add_init_script(
        "const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (...values) {"
        " if (window.full) throw new DOMException('full', 'QuotaExceededError');"
        " return put.apply(this, values); };"
    )
    offline_page(phone)
    phone.evaluate(WAIT, ["hamrah", 1, 0])
    expect_to_say(phone, "alone")

    phone.evaluate("window.full = true")
    phone.click("[data-send]")
    expect_to_say(phone, "full")

    phone.evaluate("window.full = false")
    phone.click("[data-send]")
    expect_to_say(phone, "alone")


def test_a_browser_that_closes_its_store_is_named(phone):
    phone.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); }")

    phone.goto("/en/sent/")

    expect_to_say(phone, "closed")


@pytest.mark.parametrize(("days", "notes"), [(2.9, ["alone"]), (3.1, ["late", "alone"])])
def test_after_three_days_somebody_is_asked_to_look_for_a_network(phone, days, notes):
    offline_page(phone)

    phone.evaluate(WAIT, ["hamrah", 4, days * DAY])

    expect_to_say(phone, *notes)
    assert number(phone, "unsent") == "4"


def test_on_an_iphone_it_shows_the_way_to_the_home_screen_until_it_was_gone(phone):
    phone.add_init_script(
        "Object.defineProperty(navigator, 'standalone', { get: () => window.standalone || false })"
    )
    phone.goto("/ur/sent/", wait_until="networkidle")
    expect_to_say(phone, "none", "home-screen")

    phone.evaluate("window.standalone = true")
    expect_to_say(phone, "none")


def test_what_another_has_left_here_is_told_without_a_number_and_without_a_name(phone):
    phone.goto("/en/sent/", wait_until="networkidle")
    phone.evaluate(WAIT, ["hamrah-2", 7, 0])
    phone.evaluate(
        """() => new Promise((done) => {
            const open = indexedDB.open("hamrah-people");
            open.onsuccess = () => {
                const moment = open.result.transaction(["meta"], "readwrite");
                moment.objectStore("meta").put(["hamrah", "hamrah-2"], "stores");
                moment.objectStore("meta").put([{ place: "g", store: "hamrah-2", name: "Gul" }], "people");
                moment.oncomplete = () => { open.result.close(); done(0); };
            };
        })"""
    )
    phone.context.route("**/api/**", lambda route: route.abort())

    phone.reload()
    expect_to_say(phone, "none", "others")

    assert "Gul" not in phone.content()
    assert not re.search(r"\d", phone.locator("[data-note=others]").inner_text())


def test_whoever_reads_urdu_digits_reads_them_here(phone, site):
    phone.context.add_cookies([{"name": "digits", "value": "ur", "url": site.address}])
    offline_page(phone, "ur")

    phone.evaluate(WAIT, ["hamrah", 12, 0])

    expect(phone.locator("[data-unsent]")).to_have_text("۱۲")
    assert re.search(r"[۰-۹]+:[۰-۹]{2}", number(phone, "since"))


def test_every_sentence_of_it_can_be_heard(phone):
    phone.goto("/ur/sent/", wait_until="networkidle")

    silent = phone.locator("[data-note], main section").evaluate_all(
        "found => found.filter((one) => !one.querySelector('[data-say^=\"ui:\"]')).length"
    )

    assert silent == 0
    assert found_anywhere(phone.locator("main").text_content()) == set()


def test_without_scripts_it_says_what_it_would_show_and_leads_home(phones):
    page = phones(java_script_enabled=False)
    page.goto("/en/sent/")

    expect(page.locator(".no-script")).to_be_visible()
    assert says(page) == []
    page.click("footer a.way")
    page.wait_for_url("**/en/")
