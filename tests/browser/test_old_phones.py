"""What a browser of 2021 does otherwise, and every page in it without a mistake."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = [pytest.mark.browser, pytest.mark.on_old_phones]

MANY = re.compile(r"[0-9a-f-]{36}/.*|\?.*")  # pages of one kind: one of them is enough
LEADS = (
    """() => [...document.querySelectorAll("a[href^='/ur/']:not([download])")].map((link) => link.pathname)"""
)
TURN = "document.querySelectorAll('.screen[id]').forEach(({ id }) => (location.hash = id))"
# Where the words of each legend are, and how far below them its answers begin.
LEGENDS = """() => [...document.querySelectorAll("legend:not(.hear-only)")].map((legend) => {
    const words = document.createRange();
    words.selectNodeContents(legend);
    const { left, right, bottom } = words.getBoundingClientRect();
    return { left, right, below: legend.nextElementSibling.getBoundingClientRect().top - bottom };
})"""
# Which of its letters stand where, from the left.
LETTERS = """(place) => {
    const text = document.createTreeWalker(place, NodeFilter.SHOW_TEXT).nextNode();
    return [...text.data].map((letter, at) => {
        const one = document.createRange();
        one.setStart(text, at);
        one.setEnd(text, at + 1);
        return [letter, one.getBoundingClientRect().left];
    });
}"""


def walk(page: Page, start: str) -> set[str]:
    """Every page below that one to which links lead, and every screen of each lesson."""
    todo, seen = [start], set()
    while todo:
        address = todo.pop()
        if (kind := MANY.sub("", address)) in seen or not address.startswith(start):
            continue
        seen.add(kind)
        page.goto(address)
        if urlsplit(page.url).path != address:
            continue  # led to another page, which has its own turn
        assert page.locator("html").get_attribute("data-js") == "", address
        todo += page.evaluate(LEADS)
        page.evaluate(TURN)
        page.wait_for_timeout(200)  # what comes late may be wrong, too
    return seen


def test_every_page_to_which_a_link_leads_makes_no_mistake(phones, site, new_number):
    guest, own = phones(), phones()
    own.goto("/ur/start/number/")
    steps.sign_up(own, site, new_number())

    assert len(walk(guest, "/ur/")) > 20
    assert len(walk(own, "/ur/mine/")) > 8
    # What went wrong on any of them fails the test by itself: see Phones.


def test_a_count_in_urdu_begins_on_the_right(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.go_on(phone)

    letters = phone.locator("[data-count]").evaluate(LETTERS)

    places = [left for letter, left in letters if not letter.isspace()]
    of, at = places[:2], places[-1]  # "12 میں سے 2"
    assert min(of) > max(places[2:])
    assert at == min(places)


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize("address", ["start/new/", "mine/voice/"])
def test_what_is_asked_stands_right_above_its_answers(phone, reads, address):
    phone.goto(f"/{reads}/{address}")

    legends = phone.evaluate(LEGENDS)

    assert legends
    for legend in legends:
        assert legend["left"] >= 0
        assert legend["right"] <= 360
        assert 0 <= legend["below"] < 24


def test_before_its_script_has_come_a_lesson_shows_one_screen_and_fetches_for_no_other(phone):
    phone.route("**/*.mjs", lambda route: route.abort())
    phone.goto(steps.lesson_address("ur"))

    expect(phone.locator(".screen:visible")).to_have_count(1)
    assert phone.locator("html").get_attribute("data-js") is None


def test_without_scripts_all_of_it_stands_there(phones):
    phone = phones(java_script_enabled=False)
    phone.goto(steps.lesson_address("ur"))

    screens = phone.locator(".screen").count()

    assert screens > 3
    expect(phone.locator(".screen:visible")).to_have_count(screens)
