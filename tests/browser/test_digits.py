"""۰–۹ for whoever asked for them, on pages that are the same for everybody."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("HAMRAH_SHOTS", "/nowhere"))
# What is shown of digits, in words that stand in Urdu and are no code.
READ = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const kept = "script, style, input, .code, .key, .digits, [dir=ltr], [href^='tel:']";
    let found = "";
    while (texts.nextNode()) {
        const place = texts.currentNode.parentElement;
        const ours = place.closest("[lang]").lang === "ur" && !place.closest(kept);
        if (ours) found += texts.currentNode.data;
    }
    return found.replace(/[^0-9۰-۹]/g, "");
}"""
WESTERN, URDU = set("0123456789"), set("۰۱۲۳۴۵۶۷۸۹")


def digits_of(phone) -> set[str]:
    return set(phone.evaluate(READ))


def test_a_guest_chooses_digits_and_every_urdu_page_has_them(phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(steps.lesson_address("ur"), wait_until="networkidle")
    assert digits_of(phone) <= WESTERN
    assert not any("digits" in url and url.endswith(".mjs") for url in asked)

    phone.goto("/ur/mine/voice/")
    phone.locator("#d-ur").check()
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "digits-choice.ur.png", full_page=True)
    phone.locator("footer .go").click()
    phone.wait_for_url("**/ur/")

    for page in ("/ur/", "/ur/healthy-animals/", steps.lesson_address("ur"), "/ur/start/number/"):
        phone.goto(page, wait_until="networkidle")
        assert digits_of(phone) <= URDU, page
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.goto(steps.lesson_address("ur"), wait_until="networkidle")
    steps.go_on(phone)
    expect(phone.locator("[data-count]")).to_contain_text("۲")  # also what a script writes later
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "digits-lesson.ur.png")
    phone.goto("/ur/healthy-animals/", wait_until="networkidle")
    assert digits_of(phone) & URDU
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "digits-course.ur.png")


def test_codes_inputs_and_other_languages_keep_their_digits(phone, site):
    phone.context.add_cookies([{"name": "digits", "value": "ur", "url": site.address}])

    phone.goto("/ur/start/number/", wait_until="networkidle")
    phone.fill("[name=number]", "0300 1234567")
    assert phone.input_value("[name=number]") == "0300 1234567"
    phone.goto(steps.lesson_address("en"), wait_until="networkidle")
    assert set(phone.locator("[data-count]").inner_text()) & URDU == set()


def test_the_keys_of_a_pin_are_as_chosen_and_type_what_they_always_did(phone, site):
    phone.context.add_cookies([{"name": "digits", "value": "ur", "url": site.address}])
    phone.goto("/ur/start/new/", wait_until="networkidle")

    expect(phone.locator(".keys button[value='7']")).to_have_text("۷")
    phone.locator(".keys button[value='7']").click()
    assert phone.input_value("[name=pin]") == "7"


def test_the_choice_can_be_taken_back(phone, site):
    phone.context.add_cookies([{"name": "digits", "value": "ur", "url": site.address}])

    phone.goto("/ur/mine/voice/", wait_until="networkidle")
    expect(phone.locator("[for=d-en]")).to_contain_text("123")
    phone.locator("#d-en").check()
    phone.locator("footer .go").click()
    phone.wait_for_url("**/ur/")
    phone.goto("/ur/healthy-animals/", wait_until="networkidle")

    assert digits_of(phone) <= WESTERN
