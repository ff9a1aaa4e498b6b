"""Without a network for weeks: answers go by hand, and a yes is taken back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.test_sent import expect_to_say

pytestmark = pytest.mark.browser


@pytest.fixture
def far_away(phones) -> Page:
    """A phone on which one answer waits, and no way for it."""
    page = phones()
    page.goto(steps.lesson_address("en"))
    page.context.route("**/api/**", lambda route: route.abort())
    steps.to_question(page)
    steps.choose(page, right=True)
    steps.until(page, lambda: steps.counts(page)["unsent"] >= 1)
    page.goto("/en/sent/")
    expect_to_say(page, "later")
    return page


def file_of(page: Page, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.click("[data-make]")
    assert re.fullmatch(r"answers-\d{4}-\d\d-\d\d\.txt", coming.value.suggested_filename)
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    expect(page.locator("[data-made]")).to_be_visible()
    return file


def carry(page: Page, file: Path) -> None:
    page.goto("/en/carry/")
    page.set_input_files("[name=carried]", file)
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
    steps.wait_until_sent(far_away, steps.counts(far_away)["sent"] or waits)
    kept = steps.on_disk(far_away)["hamrah"]["sent"]
    assert {row["s"] for row in kept[:waits]} == {"known"}


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
