"""Every kind of question, answered by a thumb on a small phone in Urdu, and by forms alone."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import asked, steps
from tests.browser.steps import here, tap
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

ADDRESS = f"/ur/healthy-animals/rains/{asked.SLUG}/"
LOOK_AT = os.environ.get("HAMRAH_LOOK")  # a folder for pictures of every screen


@pytest.fixture(scope="module")
def planted(site):
    site.does("from tests.browser import asked; asked.plant()")
    yield ADDRESS
    site.does("from tests.browser import asked; asked.take_away()")


@pytest.fixture
def lesson(phones, planted) -> Page:
    page = phones(bypass_csp=True)  # axe brings a script of its own
    page.goto(planted)
    return page


def key_of(page: Page) -> dict:
    return steps.keys(page)[here(page).get_attribute("data-block")]


def to(page: Page, kind: str) -> dict:
    """On to the question of a kind; its key."""
    number = page.locator(f".screen:has([data-question={kind}])").first.get_attribute("id")
    page.goto(f"{ADDRESS}#{number}")
    expect(page.locator(f"#{number}")).to_be_visible()
    return key_of(page)


def ready(page: Page) -> None:
    page.locator("[data-choose]").click()


def picture(page: Page, name: str) -> None:
    if LOOK_AT:
        page.evaluate("document.fonts.ready.then(() => 0)")
        page.screenshot(path=Path(LOOK_AT, f"{name}.png"))


def expect_right(page: Page) -> None:
    expect(here(page).locator("[data-right]")).to_be_visible()
    for part in ("reason", "kept"):
        expect(here(page).locator(f"[data-{part}]")).to_be_visible()


def expect_not_yet(page: Page, *already: str) -> None:
    """With a reason and another try; so many parts are right already."""
    for part in ("not-yet", "reason", "hint", "kept", "try-again"):
        expect(here(page).locator(f"[data-{part}]")).to_be_visible()
    expect(here(page).locator("[data-parts] li:visible")).to_have_count(len(already))


def test_who_chooses_many_keeps_those_that_are_right(lesson):
    key = to(lesson, "many")
    other = next(one for one in key["options"] if one not in key["right"])
    look(lesson)
    ready(lesson)
    expect(here(lesson).locator("[data-unclear]")).to_be_visible()
    tap(lesson, key["right"][0])
    tap(lesson, other)
    picture(lesson, "many-1")
    ready(lesson)
    expect_not_yet(lesson, key["right"][0])
    look(lesson)
    picture(lesson, "many-2")

    here(lesson).locator("[data-try-again]").click()
    assert here(lesson).locator("input:checked").count() == 1
    for option in key["right"][1:]:
        tap(lesson, option)
    ready(lesson)
    expect_right(lesson)


def test_a_statement_is_true_or_not(lesson):
    to(lesson, "true_false")
    look(lesson)
    picture(lesson, "true_false-1")
    tap(lesson, "no")
    ready(lesson)
    expect_right(lesson)
    picture(lesson, "true_false-2")


def test_who_taps_in_order_sees_numbers_and_can_take_one_back(lesson):
    key = to(lesson, "order")
    right = key["right"]
    assert key["options"] != right
    tap(lesson, right[0])
    tap(lesson, right[2])
    place = here(lesson).locator(f"[for='a{right[2]}'] [data-place]")
    expect(place).to_have_text("2")
    tap(lesson, right[2])
    expect(place).to_have_text("")
    ready(lesson)
    expect(here(lesson).locator("[data-unclear]")).to_be_visible()
    for option in [right[2], right[1], *right[3:]]:
        tap(lesson, option)
    look(lesson)
    picture(lesson, "order-1")
    ready(lesson)
    expect_not_yet(lesson, right[0], *right[3:])
    look(lesson)
    picture(lesson, "order-2")

    here(lesson).locator("[data-try-again]").click()
    expect(place).to_have_text("")
    tap(lesson, right[1])
    tap(lesson, right[2])
    expect(place).to_have_text("3")
    ready(lesson)
    expect_right(lesson)


def test_two_that_belong_together_get_the_same_number(lesson):
    key = to(lesson, "pairs")
    first, second, *others = key["options"]
    look(lesson)

    def match(option: str, half: str) -> None:
        tap(lesson, option)
        here(lesson).locator(f"[data-half='{half}']").click()

    match(first, key["right"][second])
    match(second, key["right"][first])
    for option in others:
        match(option, key["right"][option])
    look(lesson)
    picture(lesson, "pairs-1")
    ready(lesson)
    expect_not_yet(lesson, *others)
    picture(lesson, "pairs-2")

    here(lesson).locator("[data-try-again]").click()
    match(first, key["right"][first])
    match(second, key["right"][second])
    ready(lesson)
    expect_right(lesson)


def test_a_number_is_typed_on_a_pad_of_ones_own(lesson):
    to(lesson, "number")
    field = here(lesson).locator("[name=typed]")
    look(lesson)
    ready(lesson)
    expect(here(lesson).locator("[data-unclear]")).to_be_visible()
    for button in ["1", "8", ".", "9", "9", "back"]:
        here(lesson).locator(f"[data-pad] [value='{button}']").click()
    expect(here(lesson).locator("[data-pad] [value='sign']")).to_have_count(0)
    expect(field).to_have_value("18.9")
    picture(lesson, "number-1")
    ready(lesson)
    expect_right(lesson)
    picture(lesson, "number-2")


@pytest.mark.parametrize("typed", ["۱۸٫۵", " 19 ", "18,7 لیٹر", "18.70"])
def test_a_number_may_be_typed_as_people_type(lesson, typed):
    to(lesson, "number")
    here(lesson).locator("[name=typed]").fill(typed)
    ready(lesson)
    expect_right(lesson)


def test_what_is_written_stays_on_the_phone_and_is_there_again(lesson):
    to(lesson, "say")
    look(lesson)
    ready(lesson)
    expect(here(lesson).locator("[data-unclear]")).to_be_visible()
    sent = []
    lesson.on("request", lambda request: sent.append(request.post_data or ""))
    here(lesson).locator("textarea").fill("میری بہن")
    picture(lesson, "say-1")
    ready(lesson)
    expect(here(lesson).locator("[data-later]")).to_be_visible()
    expect(here(lesson).locator("[data-kept]")).to_be_visible()
    picture(lesson, "say-2")
    steps.until(lesson, lambda: steps.counts(lesson)["unsent"] == 0)

    lesson.reload()
    to(lesson, "say")
    expect(here(lesson).locator("textarea")).to_have_value("میری بہن")
    assert any('"said":true' in body for body in sent)
    assert not any("میری" in body for body in sent)


def test_what_is_sealed_can_be_read_by_nobody_who_holds_the_phone(lesson, site):
    block = next(block for block, key in steps.keys(lesson).items() if key["use"] == asked.SEALED)
    number = lesson.locator(f".screen[data-block='{block}']").get_attribute("id")
    lesson.goto(f"{ADDRESS}#{number}")
    expect(lesson.locator(f"#{number}")).to_be_visible()
    look(lesson)
    picture(lesson, "sealed-1")
    lesson.context.set_offline(True)
    tap(lesson, key_of(lesson)["options"][1])
    ready(lesson)
    expect(here(lesson).locator("[data-later]")).to_be_visible()
    expect(here(lesson).locator("[data-kept]")).to_be_visible()
    look(lesson)
    picture(lesson, "sealed-2")

    lines = [row["line"] for row in steps.on_disk(lesson)["hamrah"]["lines"]]
    [line] = [line for line in lines if line["block"] == block]
    assert line["response"].keys() == {"sealed"}

    lesson.context.set_offline(False)
    steps.until(lesson, lambda: steps.counts(lesson)["unsent"] == 0)
    site.does(
        "from lms.models.record import HeldLine; from lms import seal;"
        f"row = HeldLine.objects.get(uid='{line['id']}');"
        f"assert seal.open_answer(row.line['response']) == {{'chosen': ['{key_of(lesson)['options'][1]}']}}"
    )


@pytest.mark.parametrize("kind", ["many", "true_false", "order", "pairs", "number", "say"])
def test_whoever_does_not_want_to_answer_goes_past(lesson, kind):
    to(lesson, kind)
    before = here(lesson).get_attribute("id")
    if kind == "say":
        ready(lesson)
        expect(here(lesson).locator("[data-unclear]")).to_be_in_viewport(ratio=1)
    steps.skip(lesson)

    assert here(lesson).get_attribute("id") == f"s{int(before[1:]) + 1}"


def test_what_is_spoken_can_be_heard_again_on_this_phone(lesson):
    to(lesson, "say")
    here(lesson).locator("[data-record]").click()
    lesson.wait_for_timeout(700)
    here(lesson).locator("[data-stop]").click()
    expect(here(lesson).locator("[data-own-sound]")).to_be_visible()
    picture(lesson, "say-3")
    lesson.reload()
    to(lesson, "say")
    expect(here(lesson).locator("[data-own-sound]")).to_be_visible()
    here(lesson).locator("[data-forget]").click()
    expect(here(lesson).locator("[data-own-sound]")).to_be_hidden()


def test_a_quiz_tells_how_many_were_right_and_lets_her_try_again(lesson):
    end = lesson.locator(".screen[data-screen=quiz]")
    blocks = end.locator("[data-quiz]").get_attribute("data-quiz").split()
    numbers = [lesson.locator(f".screen[data-block='{block}']").get_attribute("id") for block in blocks]
    lesson.goto(f"{ADDRESS}#{end.get_attribute('id')}")
    expect(end.locator("[data-open]")).to_be_visible()
    look(lesson)
    end.locator("[data-to-open]").click()
    expect(lesson.locator(f"#{numbers[0]}")).to_be_visible()

    def all_three(typed: str) -> None:
        tap(lesson, "yes")
        ready(lesson)
        expect_right(lesson)
        steps.go_on(lesson)
        for option in key_of(lesson)["right"]:
            tap(lesson, option)
        ready(lesson)
        expect_right(lesson)
        steps.go_on(lesson)
        here(lesson).locator("[name=typed]").fill(typed)
        ready(lesson)
        expect(here(lesson).locator("[data-kept]")).to_be_visible()
        expect(here(lesson).locator("[data-try-again]")).to_be_hidden()
        steps.go_on(lesson)

    all_three("9")
    expect(end.locator("[data-not-through]")).to_be_visible()
    expect(end.locator("[data-needs]")).to_be_visible()
    look(lesson)
    picture(lesson, "quiz-1")
    end.locator("[data-once-more]").click()
    expect(lesson.locator(f"#{numbers[0]}")).to_be_visible()
    all_three("2")
    expect(end.locator("[data-through]")).to_be_visible()
    expect(end.locator("[data-score]:visible")).to_have_text(re.compile(r"\D*3\D+3\D*"))
    look(lesson)
    picture(lesson, "quiz-2")


def test_every_kind_is_sent_and_kept_by_forms_alone(phones, planted):
    page = phones(java_script_enabled=False)
    page.goto(planted)
    keys = steps.keys(page)
    for kind in ("many", "true_false", "order", "pairs", "number", "say"):
        form = page.locator(f"[data-question={kind}]").first
        key = keys[form.locator("[name=block]").get_attribute("value")]
        if kind in ("many", "true_false"):
            for option in key["right"]:
                form.locator(f"[id$='{option}']").check()
        elif kind == "order":
            for place, option in enumerate(key["right"], start=1):
                form.locator(f"[id='a{option}']").select_option(str(place))
        elif kind == "pairs":
            for option, half in key["right"].items():
                form.locator(f"[id='a{option}']").select_option(half)
        elif kind == "number":
            form.locator("[name=typed]").fill("١٨٫٧")
        if LOOK_AT:
            form.screenshot(path=Path(LOOK_AT, f"form-{kind}.png"))
        form.locator("button.go").click()
        expect(page.locator("main .tell")).to_have_class(re.compile("yes"))
        page.click("footer a.go")
        page.wait_for_url(f"**/{asked.SLUG}/#after-*")
