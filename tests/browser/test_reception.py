"""A desk takes people in, on a line that breaks; their own phones open what came of it."""

import io
import re
from collections.abc import Callable

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.test_budgets import KB, SLOW, opened
from tests.browser.test_every_screen import look

pytestmark = pytest.mark.browser

DESK = "/desk/reception/"
QUEUE = ["Zara", "زارا", "Bashir Ahmed", "Müller", "Nasreen 2"]
A6 = (298, 420)  # points


@pytest.fixture
def desk(staff, site) -> Callable[..., Page]:
    """Tariq at the reception desk, reading one language."""

    def sit_down(reads: str = "en", **options: object) -> Page:
        page = staff("tariq", **options)
        page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
        page.goto(DESK)
        return page

    return sit_down


def fill(page: Page, name: str, *, age: str = "18+") -> None:
    expect(page.locator("[name=name]")).to_be_focused()  # the cursor is there already
    page.keyboard.type(name)
    page.locator("#p-lamp").check()
    page.locator(f"[name=age][value='{age}']").check()
    page.select_option("[name=hears]", "pnb")
    if not page.locator("[name=programme]").input_value():
        page.select_option("[name=programme]", label="Apna Kaam")


def digits(page: Page) -> str:
    return "".join(page.locator(".key .code li").all_inner_texts())


def scanned(page: Page) -> list[str]:
    """What a phone's camera sees on the screen."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("L")
    return [read.text for read in zxingcpp.read_barcodes(picture)]


class Line:
    """Between the desk and the server: it breaks when it is told to, once."""

    def __init__(self, page: Page) -> None:
        self.breaks = ""
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
        page.route(f"**{DESK}", self.carry)

    def carry(self, route: Route) -> None:
        how, self.breaks = self.breaks, ""
        if how == "on the way there":
            route.abort()
        elif how == "on the way back":  # the place is made, and nobody at the desk knows
            assert route.fetch().status == 200
            route.abort()
        else:
            route.continue_()


# ── Five in a row ────────────────────────────────────────────────────────────────────────────────────────


def test_a_desk_enrols_five_people_in_a_row_and_each_card_opens_its_place(desk, phones):
    page = desk()
    line, cards = Line(page), {}
    for name in QUEUE:
        fill(page, name)
        line.breaks = {"زارا": "on the way there", "Müller": "on the way back"}.get(name, "")
        if line.breaks:
            page.keyboard.press("Enter")
            expect(page.get_by_text("The line broke.")).to_be_visible()
            assert page.locator("[name=name]").input_value() == name  # nothing is lost
        page.click("[data-go]")
        expect(page.locator("h1")).to_contain_text(name)
        cards[name] = digits(page)
        page.get_by_role("link", name="Next person").click()

    assert len(set(cards.values())) == 5
    for name, code in cards.items():
        phone = phones()
        phone.goto(f"/k#{code}")
        phone.click("footer [form=form]")
        phone.wait_for_url("**/ur/mine/consent/**")  # in the language that they read
        steps.consent(phone)
        expect(phone.locator("h1")).to_contain_text(name)
        assert phone.goto("/ur/mine/phones/").status == 200  # all of the place is open
        phone.context.close()


def test_a_double_tap_makes_one_person(desk, site):
    page = desk()
    fill(page, "Twice")
    page.locator("[data-go]").dblclick()
    expect(page.locator("h1")).to_contain_text("Twice")

    site.does("from lms.models.people import Person; assert Person.objects.filter(name='Twice').count() == 1")


@pytest.mark.parametrize(("reads", "later"), [("ur", False), ("en", True)])
def test_somebody_chooses_a_pin_on_their_own_phone_at_once_or_later(desk, phones, reads, later):
    page = desk(reads, bypass_csp=True)
    fill(page, "Zara")
    page.locator("#w-pin").check()
    page.select_option("[name=reads]", reads)
    look(page)
    page.click("[data-go]")
    expect(page.locator("h1")).to_contain_text("Zara")
    look(page)

    phone = phones(bypass_csp=True)
    phone.goto(f"/k#{digits(page)}")
    phone.click("footer [form=form]")
    phone.wait_for_url(f"**/{reads}/mine/pin/")
    look(phone)
    if later:
        phone.click("[name=later]")
        phone.wait_for_url(f"**/{reads}/mine/consent/**")
        phone.goto(f"/{reads}/mine/pin/")
    for field in ("pin", "again"):
        phone.fill(f"[name={field}]", "7294")
    phone.click("footer .go")
    if later:
        phone.wait_for_url(f"**/{reads}/mine/")
        phone.goto(f"/{reads}/mine/consent/")
    phone.wait_for_url(f"**/{reads}/mine/consent/**")
    steps.consent(phone)
    expect(phone.locator("h1")).to_contain_text("Zara")
    phone.wait_for_load_state("networkidle")
    phone.goto(f"/{reads}/start/who/")
    phone.locator("[data-faces] button.tile", has_text="Zara").click()
    phone.fill("[name=pin]", "7294")
    phone.click("footer [form=form]")
    phone.wait_for_url(f"**/{reads}/mine/")
    expect(phone.locator("h1 bdi")).to_have_text("Zara")


def test_who_was_signed_out_loses_nothing(desk):
    page = desk()
    fill(page, "Zara")
    cookies = page.context.cookies()
    page.context.clear_cookies(name="s")
    page.click("[data-go]")
    expect(page.get_by_text("You were signed out.")).to_be_visible()

    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == "s"])
    page.context.clear_cookies(name="c")  # as after signing in: the page's own sign is too old
    page.context.request.get(DESK)
    page.click("[data-go]")

    expect(page.locator("h1")).to_contain_text("Zara")


def test_the_desk_works_without_a_script(desk):
    page = desk(java_script_enabled=False)
    fill(page, "Zara")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Zara")
    assert len(digits(page)) == 12

    page.click("[data-following]")
    expect(page.locator("[name=name]")).to_be_focused()
    assert page.locator("[name=hears]").input_value() == "pnb"
    assert page.locator("[name=name]").input_value() == ""


def test_the_desk_works_with_the_keyboard_alone(desk):
    page = desk()
    keys = page.keyboard
    expect(page.locator("[name=name]")).to_be_focused()
    keys.type("Zara")
    for key in ("Tab", "Space", "ArrowRight", "Tab", "Space", "Tab", "Tab", "Tab"):
        keys.press(key)
    keys.type("Apna")
    keys.press("Tab")
    keys.type("0300 1112222")
    keys.press("Enter")
    expect(page.locator("h1")).to_contain_text("Zara")
    assert page.evaluate("document.activeElement.matches('[data-here]')")  # a screen reader goes on here

    for _ in range(6):
        keys.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-following]')"):
            break
    keys.press("Enter")
    expect(page.locator("[name=name]")).to_be_focused()


def test_what_is_missing_is_said_beside_the_field_and_the_rest_stays(desk):
    page = desk()
    fill(page, "Zara")
    page.fill("[name=number]", "12")
    page.click("[data-go]")

    expect(page.get_by_text("Please look at the number again.")).to_be_visible()
    expect(page.locator("[name=number]")).to_be_focused()
    page.fill("[name=number]", "")
    page.click("[data-go]")
    expect(page.locator("h1")).to_contain_text("Zara")


def test_under_16_a_kind_sentence_comes_and_then_the_next_person(desk):
    page = desk()
    fill(page, "Small", age="under-16")
    page.click("[data-go]")

    expect(page.get_by_text("All lessons are open for you")).to_be_visible()
    page.click("[data-following]")
    expect(page.locator("[name=name]")).to_be_focused()


# ── The card ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_card_is_scanned_from_the_screen_small_and_large(desk, site):
    page = desk()
    fill(page, "Zara")
    page.click("[data-go]")
    expect(page.locator(".key")).to_be_visible()
    address = f"{site.address}/k#{digits(page)}"

    assert scanned(page) == [address]
    page.get_by_role("link", name="Show it large").click()
    expect(page.get_by_role("link", name="Close")).to_be_visible()
    assert scanned(page) == [address]
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("link", name="Next person")).to_be_visible()


@pytest.mark.parametrize(("reads", "large"), [("en", False), ("ur", False), ("de", True)])
def test_the_card_is_printed_on_one_a6_sheet_in_both_languages(desk, site, reads, large):
    page = desk(reads)
    fill(page, "Zara")
    page.click("[data-go]")
    expect(page.locator(".key")).to_be_visible()
    code = digits(page)
    if large:
        page.click("a[href='#card']")

    paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))

    assert [tuple(round(side) for side in sheet.get_size()) for sheet in paper] == [A6]
    text = (sheet := paper[0].get_textpage()).get_text_bounded()
    sheet.close()
    drawn = paper[0].render(scale=3, grayscale=True).to_pil()
    paper.close()
    assert [read.text for read in zxingcpp.read_barcodes(drawn)] == [f"{site.address}/k#{code}"]
    assert "Key card" in text
    assert re.sub(r"\s", "", text).count(code) == 1
    assert "Zara" not in text  # the picture is enough to tell cards apart


def test_the_card_that_somebody_makes_for_themselves_fits_on_a6_too(desk, phones):
    page = desk()
    fill(page, "Zara")
    page.click("[data-go]")
    expect(page.locator(".key")).to_be_visible()
    phone = phones()
    phone.goto(f"/k#{digits(page)}")
    phone.click("footer [form=form]")
    phone.wait_for_url("**/ur/mine/consent/**")
    steps.consent(phone)
    phone.goto("/ur/mine/card/")
    phone.click("footer .go")
    expect(phone.locator(".key")).to_be_visible()

    paper = pypdfium2.PdfDocument(phone.pdf(prefer_css_page_size=True))
    assert [tuple(round(side) for side in sheet.get_size()) for sheet in paper] == [A6]
    paper.close()


def test_cards_for_a_room_are_fetched_as_a_file_and_ask_who_somebody_is(desk, phones, site):
    page = desk()
    page.goto(f"{DESK}cards/")
    page.fill("[name=how_many]", "9")
    page.select_option("[name=programme]", label="Apna Kaam")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("9")
    with page.expect_download() as fetched:
        page.click("main .go")
    paper = pypdfium2.PdfDocument(fetched.value.path())
    drawn = paper[1].render(scale=3, grayscale=True).to_pil()
    assert len(paper) == 2
    paper.close()
    (address,) = [read.text for read in zxingcpp.read_barcodes(drawn)]

    phone = phones()
    phone.goto(address.removeprefix(site.address))
    phone.click("footer [form=form]")
    expect(phone.locator("#p-lamp")).to_be_attached()
    look_at_who(phone)
    phone.locator("#r-en").check()
    steps.say_who(phone, "Room")
    phone.wait_for_url("**/en/mine/consent/**")
    steps.consent(phone)
    expect(phone.locator("h1")).to_contain_text("Room")


def test_an_invitation_is_scanned_from_the_screen_and_leads_into_the_programme(desk, phones, site):
    page = desk()
    page.goto(f"{DESK}invitations/")
    page.select_option("[name=programme]", label="Apna Kaam")
    page.click("main form .go")
    expect(page.locator(".key")).to_be_visible()
    (address,) = scanned(page)

    phone = phones()
    phone.goto(address.removeprefix(site.address))
    expect(phone.locator("[name=invitation]")).not_to_have_value("")
    phone.click("footer [form=form]")
    expect(phone.locator("[name=invitation]")).to_have_count(0)  # the way to a place of their own


def look_at_who(page: Page) -> None:
    """Nothing is pushed off the edge of a small phone."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]


# ── How it looks, and what it weighs ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reads", ["ur", "en", "de"])
def test_the_desk_is_light(desk, staff, reads):
    page = desk(reads)
    page.goto("about:blank")

    line = opened(page, DESK)

    assert line.weight() <= 30 * KB, line.bill()


@pytest.mark.parametrize("reads", ["ur", "en", "de"])
def test_every_page_of_the_desk_can_be_used_by_all(desk, reads):
    page = desk(reads, bypass_csp=True)
    fill(page, "Zara")
    look(page)
    page.click("[data-go]")
    expect(page.locator(".key")).to_be_visible()
    look(page)
    page.goto(f"{DESK}cards/")
    look(page)
    page.select_option("[name=programme]", label="Apna Kaam")
    page.click("main .go")
    expect(page.locator("h1")).to_contain_text("25")
    look(page)
    page.goto(f"{DESK}invitations/")
    page.select_option("[name=programme]", label="Apna Kaam")
    page.click("main form .go")
    expect(page.locator(".key")).to_be_visible()
    look(page)
    page.goto(f"{DESK}invitations/")
    expect(page.locator("main table")).to_be_visible()
    look(page)
