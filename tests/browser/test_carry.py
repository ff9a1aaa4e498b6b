"""Without a network for weeks: answers go by hand, and a yes is taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.test_sent import expect_to_say

pytestmark = [pytest.mark.browser, pytest.mark.on_old_phones]


@pytest.fixture
def far_away(phones) -> Page:
    """A phone on which a lesson that was opened and one answer wait, and no way for them."""
    page = phones()
    page.context.route("**/api/**", lambda route: route.abort())
    page.goto(steps.lesson_address("en"))
    steps.to_question(page)
    steps.choose(page, right=True)
    steps.until(page, lambda: steps.counts(page)["unsent"] == 2)
    page.goto("/en/sent/")
    expect_to_say(page, "later")
    return page


def file_of(page: Page, folder: Path) -> Path:
    """Out of the downloads of the phone. (Playwright has its own way; Chromium 90 does not know it.)"""
    downloads = {"behavior": "allow", "downloadPath": str(folder)}
    page.context.new_cdp_session(page).send("Page.setDownloadBehavior", downloads)
    page.click("[data-make]")
    expect(page.locator("[data-made]")).to_be_visible()
    steps.until(page, lambda: any(folder.glob("*.txt")))
    (file,) = folder.iterdir()
    assert re.fullmatch(r"answers-\d{4}-\d\d-\d\d\.txt", file.name)
    return file


def carry(page: Page, file: Path) -> None:
    page.goto("/en/carry/")
    page.set_input_files("[name=carried]", file)
    expect(page.locator("[data-files]")).to_contain_text(file.name)
    page.click("footer .go")


def test_answers_that_were_carried_and_then_sent_are_there_once(far_away, phones, tmp_path):
    waits = steps.counts(far_away)["unsent"]
    file = file_of(far_away, tmp_path)
    assert b"answered" not in file.read_bytes()
    coach = phones()

    carry(coach, file)
    expect(coach.locator("main [role=status]")).to_contain_text(f"{waits} step")
    carry(coach, file)
    expect(coach.locator("main [role=status]")).to_contain_text("already")

    far_away.context.unroute("**/api/**")
    far_away.click("[data-send]")
    steps.wait_until_sent(far_away, waits)
    kept = steps.on_disk(far_away)["hamrah"]["sent"]
    assert {row["s"] for row in kept} == {"known"}


def test_somebody_who_does_not_want_to_be_remembered_says_so_without_a_network(far_away):
    far_away.locator("[data-yes] summary").click()
    far_away.click("[data-take-back]")
    expect_to_say(far_away, "later", "no")
    assert steps.counts(far_away)["unsent"] == 1  # the no alone

    far_away.goto(steps.lesson_address("en"))
    steps.to_question(far_away)
    steps.choose(far_away, right=True)
    expect(steps.here(far_away).locator("[data-right]")).to_be_visible()
    expect(steps.here(far_away).locator("[data-kept]")).to_be_hidden()
    expect(steps.here(far_away).locator("[data-not-kept]")).to_be_hidden()
    assert steps.counts(far_away)["unsent"] == 1

    far_away.context.unroute("**/api/**")
    far_away.goto("/en/sent/")
    far_away.click("[data-send]")
    steps.wait_until_sent(far_away, 0)
    expect(far_away.locator("[data-note=no]")).to_be_visible()
    expect(far_away.locator("[data-yes]")).to_be_hidden()
