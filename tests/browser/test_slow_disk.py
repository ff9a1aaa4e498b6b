"""A phone whose disk takes its time: nothing is told too early, and nothing is written twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import here, on_disk

pytestmark = pytest.mark.browser

SLOW_DISK = """
    const begin = IDBDatabase.prototype.transaction;
    window.waiting = [];
    IDBDatabase.prototype.transaction = function (stores, mode, ...more) {
        const tx = begin.call(this, stores, mode, ...more);
        if (mode !== "readwrite" || !window.slow) return tx;
        let done;
        tx.addEventListener("complete", (event) => waiting.push(() => done && done(event)));
        Object.defineProperty(tx, "oncomplete", { set: (then) => (done = then) });
        return tx;
    };
"""


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_slow_disk_is_named_and_a_second_tap_is_the_first(phone, reads):
    phone.clock.install()
    phone.add_init_script(SLOW_DISK)
    phone.goto(steps.lesson_address(reads))
    steps.to_question(phone)
    before = written(phone, "answered")
    phone.evaluate("window.slow = true")
    said = phone.locator("footer [data-keeping]")

    steps.choose(phone, right=True)
    expect(said).to_be_hidden()
    phone.clock.fast_forward(500)
    expect(said).to_have_text(said.get_attribute("data-keeping"))
    phone.locator("[data-choose]").click()
    phone.clock.fast_forward(4000)
    expect(said).to_have_text(said.get_attribute("data-stuck"))
    expect(here(phone).locator("[data-told]")).to_be_hidden()

    phone.evaluate("window.slow = false; waiting.forEach((go) => go())")
    expect(here(phone).locator("[data-kept]")).to_be_visible()
    expect(said).to_be_hidden()
    assert written(phone, "answered") - before == 1


def written(phone: Page, verb: str) -> int:
    """How many lines of one kind this phone has written."""
    stores = on_disk(phone).get("hamrah", {})
    return sum(row["line"]["verb"] == verb for name in ("lines", "sent") for row in stores.get(name, []))
