"""A coach on the road: the list of calls and what is written down, without a network."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import PHONE
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

PIN = "704913"
NOTE = "The well is dry since Friday."


def bring(page: Page, reads: str) -> tuple[str, str]:
    """From the desk onto this phone: the name of the coach's store, and the page of whom to call first."""
    page.goto("/desk/")
    if page.locator("html").get_attribute("lang") != reads:
        page.locator(f"[name=language][value={reads}]").click()
    first = page.locator("table.grid a").first.get_attribute("href")
    page.locator("a[href='/desk/phone/']").click()
    page.fill("[name=pin]", "123456")
    page.fill("[name=again]", "123456")
    page.click("[data-bring] .go")
    expect(page.locator("[data-note=pin]")).to_be_visible()
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("[data-bring] .go")
    expect(page.locator("[data-note=kept]")).to_be_visible(timeout=60_000)
    look(page)
    return page.locator("[data-bring]").get_attribute("data-store"), first


def open_list(page: Page, reads: str) -> None:
    page.goto(f"/{reads}/calls/")
    page.fill("[name=pin]", PIN)
    page.click("[data-lock] .go")
    expect(page.locator("[data-rows] li").first).to_be_visible()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_bilal_writes_a_talk_down_on_the_road_and_it_is_sent_at_home(staff, reads):
    page = staff("bilal", viewport=PHONE, has_touch=True, bypass_csp=True)
    store, first_to_call = bring(page, reads)
    page.context.set_offline(True)
    page.goto(f"/{reads}/")
    page.locator("[data-apart]").click()
    expect(page.locator("[data-lock]")).to_be_visible()
    look(page)
    page.fill("[name=pin]", "111222")
    page.click("[data-lock] .go")
    expect(page.locator("[data-lock] [data-says]")).to_be_visible()
    open_list(page, reads)
    look(page)

    first = page.locator("[data-rows] li").first
    first.locator("button").click()
    expect(page.locator("[data-talk]")).to_be_visible()
    page.click("[data-talk] .go")
    expect(page.locator("[data-talk] [data-says]")).to_be_visible()  # how did they talk?
    page.locator("#k-call").check(force=True)
    page.locator("#t-animals").check(force=True)
    page.locator("#m-4").check(force=True)
    page.fill("[name=note]", f"{NOTE} {reads}")
    look(page)
    page.click("[data-talk] .go")
    expect(first.locator("[data-sign=waits]")).to_be_visible()
    look(page)
    on_disk = json.dumps(steps.on_disk(page), ensure_ascii=False)
    assert NOTE not in on_disk
    assert PIN not in on_disk

    page = page.context.new_page()  # the battery was empty
    open_list(page, reads)
    expect(page.locator("[data-rows] li [data-sign=waits]").first).to_be_visible()
    page.context.set_offline(False)
    page.goto(f"/{reads}/calls/")
    steps.until(page, lambda: steps.counts(page, store)["unsent"] == 0)
    page.goto(first_to_call)
    expect(page.get_by_text(f"{NOTE} {reads}")).to_be_visible()


def test_the_list_goes_from_the_phone_and_what_waits_is_sent_all_the_same(staff):
    page = staff("bilal", viewport=PHONE, has_touch=True)
    store, _ = bring(page, "en")
    open_list(page, "en")
    page.context.set_offline(True)
    page.locator("[data-rows] li button").first.click()
    page.locator("#k-missed").check(force=True)
    page.click("[data-talk] .go")
    expect(page.locator("[data-rows] li [data-sign=waits]").first).to_be_visible()
    page.click("[data-list] [data-remove]")
    expect(page.locator("[data-none]")).to_be_visible()

    page.context.set_offline(False)
    page.goto("/en/sent/")  # whoever opens it
    steps.wait_until_sent(page, 1, store)
