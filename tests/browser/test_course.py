"""Course A from its first lesson to its last: heard and tapped, and by forms alone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.steps import COURSE, LESSONS, here

pytestmark = pytest.mark.browser


def lessons(page: Page, reads: str) -> list[str]:
    """The addresses of all lessons, as the page of the course offers them."""
    page.goto(f"/{reads}/{COURSE}/")
    offered = page.locator("[data-lesson] h3 a").evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    return [address for address in offered if "/questions-" not in address]


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_somebody_learns_all_of_course_a_and_hears_every_lesson(phones, reads):
    phone = phones()
    phone.add_init_script(steps.COUNT_SOUNDS)
    addresses = lessons(phone, reads)
    assert len(addresses) == LESSONS

    for address in addresses:
        phone.goto(address)
        here(phone).locator(".hear").first.click()
        steps.until(
            phone, lambda: phone.evaluate(steps.SOUNDS), lambda address=address: f"{address} is silent"
        )
        steps.learn(phone)

    phone.goto(f"/{reads}/")
    expect(phone.locator("[data-of]").first).to_have_text(re.compile(rf"{LESSONS}\D+{LESSONS}"))
    expect(phone.locator("[data-week-card]")).to_be_visible()
    assert phone.evaluate("document.querySelectorAll('.hear[aria-disabled]').length") == 0


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_C20_all_of_course_a_can_be_answered_by_forms_alone(phones, reads):
    phone = phones(java_script_enabled=False)
    for address in lessons(phone, reads):
        phone.goto(address)
        keys = steps.keys(phone)
        for block in [block for block, key in keys.items() if key["kind"] != "ticks"]:
            phone.goto(f"{address}#ask-{block}")
            form = phone.locator(f"[id='ask-{block}']")
            fill(form, keys[block])
            form.locator("button.go, button.way").last.click()
            expect(phone.locator("main .tell.yes")).to_be_visible()


def fill(form: Locator, key: dict) -> None:
    """The right answer, with what every browser has."""
    kind, right = key["kind"], key.get("right")
    if kind == "number":
        form.locator("[name=typed]").fill(f"{right['value']:g}")
    elif kind == "say":
        form.locator("textarea").fill("buffalo")
    elif kind == "pairs":
        for option, half in right.items():
            form.locator(f"[name='with:{option}']").select_option(half)
    elif kind == "order":
        for place, option in enumerate(right, start=1):
            form.locator(f"[name='place:{option}']").select_option(str(place))
    else:
        for option in right:
            form.locator(f"input[value='{option}']").check()
