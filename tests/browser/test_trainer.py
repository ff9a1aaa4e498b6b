"""A trainer writes, reads aloud and publishes; ten seconds later it is on a phone.

Everything is done with the mouse, the keyboard and the microphone, as a trainer does it in Wagtail's rooms.
"""

import io
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.browser import steps

pytestmark = pytest.mark.browser

SOON = 10  # seconds from the button to the phone
ASKED = "How often does she drink?"
SENTENCE = "Tie her in the shade and bring her water three times."
ANSWERS = [("Once in the evening", False), ("Three times in the day", True)]
ADDRESS = "/en/healthy-animals/rains/shade-and-water/"


def test_sana_writes_asks_reads_aloud_and_publishes(staff, phones):
    desk = staff("sana")
    desk.set_default_timeout(60_000)
    _write_question(desk)
    _write_lesson(desk)
    assert phones().goto(ADDRESS).status == 404  # nobody sees a draft

    published = time.monotonic()
    desk.locator("footer [data-w-dropdown-target=toggle]").click()
    desk.locator("button[name=action-publish]").click()
    desk.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    phone = phones()
    steps.until(phone, lambda: phone.request.get(ADDRESS).status == 200)
    assert time.monotonic() - published <= SOON
    phone.goto(ADDRESS)
    assert SENTENCE in phone.content()
    _learn_it(phone)

    silent = phone.request.get(ADDRESS).text()
    _read_aloud(desk)
    published = time.monotonic()
    steps.until(phone, lambda: phone.request.get(ADDRESS).text() != silent)
    assert time.monotonic() - published <= SOON
    _hear_it(phones(), ADDRESS)


def test_what_the_room_keeps_by_itself_and_what_sana_publishes_is_one_lesson(staff, phones):
    desk = staff("sana")
    _go_to_rains(desk)
    desk.get_by_role("link", name="Add child page").first.click()
    _until_the_room_watches(desk)
    desk.route("**/cms/pages/**", _slowly)
    desk.fill("[name=title]", "When to milk")
    _add(desk, desk.locator("[data-contentpath=body]"), "idea")
    desk.fill("[name=body-0-value-title]", "Before sunrise")
    desk.fill("[name=body-0-value-text]", "Milk her at the same hour every day.")
    with desk.expect_request(_by_itself):
        desk.fill("[name=goal]", "After this lesson you know when to milk.")
    desk.locator("footer [data-w-dropdown-target=toggle]").click()
    desk.locator("button[name=action-publish]").click()
    desk.wait_for_url(re.compile(r"/cms/pages/\d+/$"))
    phone = phones()
    address = "/en/healthy-animals/rains/when-to-milk/"
    steps.until(phone, lambda: phone.request.get(address).status == 200)
    expect(desk.get_by_role("link", name="When to milk", exact=True)).to_have_count(1)


def _until_the_room_watches(desk: Page) -> None:
    """Only then does Wagtail see what is written; whoever writes by hand is slower than that."""
    desk.evaluate(
        "() => new Promise(go => document.addEventListener('w-unsaved:watch-edits', go, {once: true}))"
    )


def _by_itself(asked: Request) -> bool:
    return asked.method == "POST" and asked.headers["accept"] == "application/json"


def _slowly(route: Route) -> None:
    """What was kept by itself is there, and its answer takes another second and a half."""
    if not _by_itself(route.request):
        return route.fallback()
    answer = route.fetch()
    time.sleep(1.5)
    return route.fulfill(response=answer)


def _write_question(desk: Page) -> None:
    """Two answers, the second one right."""
    desk.goto("/cms/")
    desk.get_by_role("link", name="Questions").click()
    desk.get_by_role("link", name="Add question").click()
    desk.fill("[name=prompt]", ASKED)
    _answers(desk)
    desk.fill("[name=reason]", "In the heat a buffalo needs water again and again.")
    desk.fill("[name=hint]", "Think of a hot day.")
    desk.locator("footer button[type=submit]").click()
    expect(desk.get_by_text(f"Question '{ASKED}' created.")).to_be_visible(timeout=30_000)


def _answers(desk: Page) -> None:
    for at, (text, right) in enumerate(ANSWERS):
        _add(desk, desk.locator("[data-contentpath=options]"), "answer")
        desk.fill(f"[name=options-{at}-value-text]", text)
        if right:  # by key: the room is still scrolling to what was added
            desk.press(f"[name=options-{at}-value-right]", "Space")


def _write_lesson(desk: Page) -> None:
    """A picture of her own, one idea with a drawing that is there, and the question; kept as a draft."""
    _go_to_rains(desk)
    desk.get_by_role("link", name="Add child page").first.click()
    desk.fill("[name=title]", "Shade and water")
    desk.fill("[name=goal]", "After this lesson you know how she stays cool.")
    _upload(desk, desk.locator("[data-contentpath=picture]"))
    body = desk.locator("[data-contentpath=body]")
    _add(desk, body, "idea")
    desk.fill("[name=body-0-value-title]", "In the shade")
    desk.fill("[name=body-0-value-text]", SENTENCE)
    _choose_drawing(desk, body)
    _add(desk, body, "question")
    body.get_by_role("button", name="Choose question").click()
    _leaf_through(desk, ASKED).click()
    expect(body.get_by_text(ASKED)).to_be_visible(timeout=30_000)
    desk.locator("footer button.action-save").click()
    expect(desk.get_by_text("Shade and water").first).to_be_visible()


def _go_to_rains(desk: Page) -> None:
    desk.goto("/cms/pages/")
    for page in ("Lessons", "Healthy animals", "When the rains come"):
        desk.get_by_role("link", name=f"Explore child pages of '{page}'").click()


def _leaf_through(desk: Page, name: str) -> Locator:
    """What is on one of the pages of a list that is open, however many there are."""
    modal = desk.locator(".modal")
    found, on = modal.get_by_role("link", name=name), modal.locator(".next a")
    for _ in range(20):
        expect(found.or_(on).first).to_be_visible()
        if found.count():
            break
        with desk.expect_response(lambda answer: "p=" in answer.url):
            on.click()
    return found


def _add(desk: Page, body: Locator, kind: str) -> None:
    """The last plus, then what kind of screen it is."""
    body.locator(".c-sf-add-button").last.click()
    desk.get_by_role("option", name=kind, exact=True).click()


def _upload(desk: Page, field: Locator) -> None:
    """A photo from the trainer's own computer."""
    photo = io.BytesIO()
    Image.radial_gradient("L").resize((1200, 900)).convert("RGB").save(photo, "JPEG")
    field.get_by_role("button", name="Choose an image").click()
    modal = desk.locator(".modal")
    modal.get_by_role("tab", name="Upload").click()
    photo_of_shade = {"name": "shade.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()}
    modal.locator("input[type=file]").set_input_files(photo_of_shade)
    expect(modal.locator("[name$=title]:visible")).to_have_value("shade")  # from the name of the file
    modal.get_by_role("button", name="Upload").click()
    expect(field.get_by_text("shade", exact=True)).to_be_visible(timeout=30_000)


def _choose_drawing(desk: Page, body: Locator) -> None:
    """One of those that are there, and what can be seen on it."""
    body.get_by_role("button", name="Choose an image").click()
    drawing = re.compile("^(healthy-animals|walking-with-somebody)")
    desk.locator(".modal").get_by_role("link", name=drawing).first.click()
    said = desk.locator("[name=body-0-value-picture-alt_text]")
    expect(said).to_have_value(re.compile("."))  # the room proposes the title of the drawing
    said.fill("A box that keeps cool")


def _read_aloud(desk: Page) -> None:
    """In the Voices room, with the microphone."""
    desk.get_by_role("link", name="Voices").click()
    desk.get_by_role("link", name="English").click()
    desk.get_by_role("link", name=re.compile("no voice yet")).click()
    row = desk.locator("tr, li", has_text=SENTENCE).last
    row.get_by_role("link").last.click()
    desk.wait_for_url("**/cms/voices/record/**")
    said = desk.locator("[data-said]")
    desk.locator("[data-record]").click()
    steps.until(desk, lambda: desk.locator("[data-level]").evaluate("level => level.value") > 0.1)
    desk.wait_for_timeout(1500)
    desk.locator("[data-stop]").click()
    expect(desk.locator("audio[data-take]")).to_be_visible()
    expect(said).not_to_be_empty()
    desk.locator("form[data-studio] .voices-actions button").first.click()
    expect(said).to_have_text("Done. It can be heard.", timeout=30_000)


def _learn_it(phone: Page) -> None:
    for alt in ("", "A box that keeps cool"):
        picture = steps.here(phone).locator("figure img")
        expect(picture).to_have_attribute("alt", alt)
        steps.until(phone, lambda shown=picture: shown.evaluate("(one) => one.naturalWidth > 0"))
        steps.go_on(phone)
    steps.choose(phone, right=False)
    expect(steps.here(phone).locator("[data-not-yet]")).to_be_visible()
    steps.here(phone).locator("[data-try-again]").click()
    steps.choose(phone, right=True)
    expect(steps.here(phone).locator("[data-right]")).to_be_visible()


def _hear_it(phone: Page, address: str) -> None:
    phone.add_init_script(steps.COUNT_SOUNDS)
    phone.goto(address)
    steps.go_on(phone)
    steps.here(phone).locator(".hear").first.click()
    steps.until(phone, lambda: phone.evaluate(steps.SOUNDS))
