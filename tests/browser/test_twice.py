"""The questions before and after a unit, from the first tap to what was learned."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import COURSE, here
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

UNIT = f"{COURSE}/rains"
LOOK_AT = os.environ.get("HAMRAH_LOOK")  # a folder for pictures of every screen


def picture(page: Page, name: str) -> None:
    if LOOK_AT:
        page.evaluate("document.fonts.ready.then(() => 0)")
        page.screenshot(path=Path(LOOK_AT, f"{name}.png"), full_page=name.startswith("whole"))


def answer_somehow(page: Page) -> None:
    """Whatever is asked. The phone does not know what is right."""
    asked = here(page).locator("form")
    kind = asked.get_attribute("data-question")
    if kind == "number":
        asked.locator("[name=typed]").fill("12")
    elif kind == "order":
        for label in asked.locator("label").all():
            label.click()
    else:
        asked.locator("input[name=chosen]").first.check()
    page.locator("[data-choose]").click()
    expect(here(page).locator("[data-later]")).to_be_visible()
    expect(here(page).locator("[data-kept]")).to_be_visible()


def through(page: Page, *, skip: int) -> int:
    """All questions of a page but one; how many were answered."""
    answered = 0
    while (kind := here(page).get_attribute("data-screen")) != "last":
        if kind == "question" and int(here(page).get_attribute("id")[1:]) == skip:
            steps.skip(page)
            continue
        if kind == "question":
            answer_somehow(page)
            answered += 1
        steps.go_on(page)
    page.locator("[data-finish]").click()
    expect(here(page).locator("[data-kept]")).to_be_visible()
    return answered


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_who_answers_before_and_after_sees_alone_what_was_learned(phones, site, new_number, reads):
    page = phones(bypass_csp=True)
    page.goto(f"/{reads}/{UNIT}/")
    cards = page.locator("[href*='/questions-']")
    expect(cards).to_have_count(2)
    look(page)
    picture(page, f"whole-unit.{reads}")
    cards.first.click()
    page.wait_for_url("**/questions-before/")
    look(page)
    picture(page, f"before-1.{reads}")
    assert all("right" not in key for key in steps.keys(page).values())
    steps.go_on(page)
    look(page)
    picture(page, f"before-2.{reads}")
    through(page, skip=3)
    look(page)
    picture(page, f"before-3.{reads}")

    page.goto(f"/{reads}/{UNIT}/questions-after/")
    assert page.locator("[data-after]").get_attribute("href").startswith(f"/{reads}/mine/learned/")
    asked = through(page, skip=0)
    picture(page, f"after.{reads}")
    steps.until(page, lambda: steps.counts(page)["unsent"] == 0)
    page.goto(f"/{reads}/start/number/")
    steps.sign_up(page, site, new_number())
    page.goto(f"/{reads}/{UNIT}/questions-after/")
    learned = page.locator("[data-after]").get_attribute("href")
    page.goto(learned)
    expect(page.locator("main .path")).to_have_count(2)
    expect(page.locator("main ol > li")).to_have_count(asked)
    look(page)
    picture(page, f"whole-learned.{reads}")

    page.goto(f"/{reads}/{UNIT}/")
    expect(page.locator("li:has([href*='/questions-']) [data-done]:visible")).to_have_count(2)
    expect(page.locator("[data-progress] .done")).to_have_count(0)


def test_questions_before_a_unit_need_no_script(phones):
    page = phones(java_script_enabled=False)
    page.goto(f"/ur/{UNIT}/questions-before/")
    form = page.locator("[data-question=one]").first
    form.locator("input[name=chosen]").first.check()
    form.locator("button.go").click()
    expect(page.locator("main .tell")).to_be_visible()
    page.click("footer a.go")
    page.wait_for_url("**/questions-before/#after-*")
