"""“Not like this here”: said into a phone, heard at a desk, and read by everybody in the lesson."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

WORDS = "The rains begin two weeks later here."


def to_the_form(phone: Page, reads: str = "en") -> None:
    """From the lesson's first idea."""
    phone.goto(steps.lesson_address(reads))
    steps.go_on(phone)
    steps.here(phone).locator(".elsewhere").click()
    phone.wait_for_url("**/here/**")


def speak(phone: Page) -> None:
    speak_into(phone)
    expect(phone.locator("[data-said]")).to_have_text("Recorded. Listen to it, then send it.")


def speak_into(phone: Page) -> None:
    """Press, speak, stop, whatever the language."""
    phone.locator("[data-record]").click()
    steps.until(phone, lambda: phone.locator("[data-level]").evaluate("level => level.value") > 0.1)
    phone.wait_for_timeout(1200)
    phone.locator("[data-stop]").click()
    expect(phone.locator("audio[data-take]")).to_be_visible()


def test_a_voice_from_sahiwal_comes_into_the_lesson(phones, staff):
    phone, other = phones(), phones()
    to_the_form(phone)
    speak(phone)
    phone.select_option("#district", "sahiwal")
    phone.locator("footer .go").click()
    expect(phone.locator("[data-sent]")).to_be_visible()
    phone.locator("footer .go").click()
    expect(steps.here(phone)).to_have_attribute("id", "s2")  # where the person was

    desk = staff("sana")
    _hear_and_let_in(desk)

    address = steps.lesson_address("en")
    steps.until(other, lambda: WORDS in other.request.get(address).text())
    phone.goto(f"{address}#s2")
    phone.reload()
    own = steps.here(phone).locator(".local [data-district=sahiwal]")
    expect(own).to_be_visible()  # without a touch: it is the phone's own
    expect(steps.here(phone).locator(".local")).to_contain_text(WORDS)
    other.goto(f"{address}#s2")
    expect(steps.here(other).locator(".local summary")).to_contain_text("it is different")
    expect(steps.here(other).locator(".local [data-district=sahiwal]")).to_be_hidden()
    steps.here(other).locator(".local summary").click()
    expect(steps.here(other).locator(".local [data-district=sahiwal]")).to_contain_text(WORDS)

    _take_out(desk)
    steps.until(other, lambda: WORDS not in other.request.get(address).text())


def _hear_and_let_in(desk: Page) -> None:
    desk.goto("/desk/")
    desk.locator("a[href='/desk/remarks/']").first.click()
    desk.locator("td a").first.click()
    sound = desk.locator("audio")
    steps.until(desk, lambda: desk.reload() is not None and sound.get_attribute("src") is not None)
    sound.evaluate("sound => sound.play()")
    steps.until(desk, lambda: sound.evaluate("sound => sound.currentTime") > 0.2)
    expect(desk.locator("#district")).to_have_value("sahiwal")
    desk.fill("#text", WORDS)
    desk.locator("button[value=accept]").click()
    expect(desk.locator("button[value=withdraw]")).to_be_visible()


def _take_out(desk: Page) -> None:
    desk.fill("#since", "It was one year only.")
    desk.locator("button[value=withdraw]").click()
    expect(desk.get_by_text("It was one year only.")).to_be_visible()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_the_way_stands_quietly_at_the_end_of_the_row(phone, reads):
    phone.goto(steps.lesson_address(reads), wait_until="networkidle")
    steps.go_on(phone)
    chip = steps.here(phone).locator("[data-slow]").bounding_box()
    way = steps.here(phone).locator(".elsewhere").bounding_box()

    assert way["y"] + way["height"] / 2 == pytest.approx(chip["y"] + chip["height"] / 2, abs=4)
    assert (way["x"] > chip["x"]) is (reads == "en")


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_the_form_fits_and_says_what_is_missing(phones, reads):
    phone = phones(bypass_csp=True)
    to_the_form(phone, reads)
    look(phone)

    phone.locator("footer .go").click()

    expect(phone.locator("[data-said]")).not_to_be_empty()
    look(phone)


def test_without_a_script_it_is_written_and_sent(phones):
    phone = phones(java_script_enabled=False)
    phone.goto(steps.lesson_address("en"))
    phone.locator(".elsewhere").first.click(force=True)
    expect(phone.locator("#recording")).to_be_visible()
    phone.fill("#text", "Not so here.")
    phone.fill("#place", "Skardu")

    phone.locator("footer .go").click()

    expect(phone.locator("[data-sent]")).to_be_visible()
    assert re.search(r"#s\d+$", phone.locator("footer .go").get_attribute("href"))


@pytest.mark.on_old_phones
def test_what_was_said_outlives_a_line_that_is_gone(phone):
    to_the_form(phone)
    speak(phone)
    phone.select_option("#district", "sahiwal")
    phone.context.set_offline(True)
    phone.locator("footer .go").click()
    expect(phone.locator("[data-said]")).to_contain_text("It was not sent.")

    phone.context.set_offline(False)
    phone.locator("footer .go").click()

    expect(phone.locator("[data-sent]")).to_be_visible()


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize("asked", ["", "pani", "پاني", "water", "xyz"])
def test_the_page_to_find_lessons_fits(phones, reads, asked):
    phone = phones(bypass_csp=True)
    phone.goto(f"/{reads}/find/?q={asked}" if asked else f"/{reads}/find/")

    look(phone)


def test_a_lesson_is_found_on_another_keyboard_and_opened(phone):
    phone.goto("/ur/")
    phone.locator("a[href='/ur/find/']").first.click()
    phone.fill("#q", "گل گهوٹو")  # typed with an Arabic h
    phone.keyboard.press("Enter")

    phone.locator("[data-found] a").first.click()

    phone.wait_for_url(f"**{steps.lesson_address('ur')}")
