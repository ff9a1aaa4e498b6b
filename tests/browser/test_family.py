"""A family of three on one phone, in Urdu: three places, and nobody sees what is another's."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

pytestmark = pytest.mark.browser

LINES = 4  # of the first lesson: opened, two questions answered, done
AMINA, FARID, GUL = ("آمنہ", "kite", "7294"), ("فرید", "pot", "5183"), ("گل", "mango", "60419")


def type_pin(page: Page, pin: str) -> None:
    """With the thumb."""
    for digit in pin:
        page.locator(f"[data-pad] button[value='{digit}']").click()
    assert page.locator(".hear-only[data-typed]").text_content().startswith(str(len(pin)))


def begin(page: Page, person: tuple[str, str, str]) -> None:
    """A place of one's own, on the page that asks for it."""
    name, picture, pin = person
    page.fill("[name=name]", name)
    page.locator(f"#p-{picture}").check()
    page.locator("input[name=age][value='18+']").check()
    type_pin(page, pin)
    page.click("footer [form=form]")
    page.wait_for_url("**/mine/**")
    steps.consent(page)
    page.wait_for_url("**/mine/")
    expect(page.locator("h1 bdi")).to_have_text(name)
    settled(page)


def settled(page: Page) -> None:
    """The phone has written down who is here, and the server knows its token."""
    page.wait_for_load_state("networkidle")


def faces(page: Page) -> list[str]:
    """Whose faces stand there."""
    page.goto("/ur/start/who/")
    expect(page.locator("[data-open]")).to_be_hidden()
    return page.locator("[data-faces] .voice").all_inner_texts()


def come_in(page: Page, person: tuple[str, str, str]) -> None:
    """By one's face."""
    faces(page)
    page.locator("[data-faces] button.tile", has_text=person[0]).click()
    type_pin(page, person[2])
    page.click("footer [form=form]")
    page.wait_for_url("**/mine/")
    expect(page.locator("h1 bdi")).to_have_text(person[0])
    settled(page)


def done(page: Page) -> str:
    return " ".join(re.findall(r"\d+", page.locator("main li .note").first.inner_text()))


@pytest.mark.on_old_phones
def test_C21_three_people_learn_on_one_phone_and_nobody_sees_what_is_anothers(phones):
    phone = phones(locale="ur-PK")
    phone.goto("/ur/start/new/")
    begin(phone, AMINA)
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)
    steps.wait_until_sent(phone, LINES)
    before = done_after(phone)

    phone.goto("/ur/mine/family/")
    phone.click("footer [form=form]")
    phone.wait_for_url("**/start/new/")
    begin(phone, FARID)
    assert done(phone) != before
    phone.context.route("**/api/**", lambda route: route.abort())
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)
    assert steps.counts(phone, "hamrah-1") == {"unsent": LINES, "sent": 0, "refused": 0}

    come_in(phone, AMINA)
    assert done(phone) == before
    expect(phone.locator("header [data-waiting] span")).to_have_text(
        re.compile(r"^\D*$")
    )  # Farid's are not hers
    assert steps.counts(phone, "hamrah-1") == {"unsent": LINES, "sent": 0, "refused": 0}
    phone.context.unroute("**/api/**")
    phone.goto("/ur/")  # Amina's page sends what is Farid's, with his token
    steps.wait_until_sent(phone, LINES, "hamrah-1")
    come_in(phone, FARID)
    assert done(phone) == before  # one lesson, as she


def done_after(phone: Page) -> str:
    phone.goto("/ur/mine/")
    return done(phone)


def test_who_is_hidden_stands_nowhere_and_comes_in_all_the_same(phones):
    phone = phones(locale="ur-PK")
    for person in (AMINA, GUL):
        phone.goto("/ur/start/new/")
        begin(phone, person)
    assert faces(phone) == [AMINA[0], GUL[0]]

    phone.goto("/ur/mine/hidden/")
    phone.click("footer [name=hidden][value=yes]")
    phone.wait_for_url("**/mine/")
    settled(phone)
    assert faces(phone) == [AMINA[0]]
    assert GUL[0] not in str(steps.on_disk(phone)["hamrah-people"])
    come_in(phone, AMINA)
    assert not re.search(rf"\b{GUL[0]}\b", phone.content())

    faces(phone)
    phone.click("[data-else]")
    phone.fill("[name=name]", GUL[0])
    phone.locator(f"#p-{GUL[1]}").check()
    type_pin(phone, GUL[2])
    phone.click("footer [form=form]")
    phone.wait_for_url("**/mine/")
    expect(phone.locator("h1 bdi")).to_have_text(GUL[0])


def test_a_phone_that_knows_two_asks_first_who_it_is(phones):
    phone = phones(locale="ur-PK")
    for person in (AMINA, FARID):
        phone.goto("/ur/start/new/")
        begin(phone, person)

    phone.goto("/")

    phone.wait_for_url("**/start/who/")
    expect(phone.locator("[data-faces] .voice")).to_have_text([AMINA[0], FARID[0]])


def test_C24_after_leaving_the_way_back_leads_to_no_private_page(phones):
    phone = phones(locale="ur-PK")
    phone.goto("/ur/")
    phone.goto("/ur/start/new/")
    begin(phone, AMINA)
    phone.click("main a[href$='/mine/pin/']")
    phone.wait_for_url("**/mine/pin/")

    phone.click("header .exit")

    phone.wait_for_url("**/ur/")
    for _ in range(4):
        phone.go_back()
        phone.wait_for_load_state()
        if phone.url == "about:blank":
            break
        assert "/mine/" not in phone.url
        assert AMINA[0] not in phone.content()
    phone.goto("/ur/mine/")
    phone.wait_for_url("**/start/")


def test_C21_after_leaving_a_lesson_belongs_to_whoever_learns_then(phones):
    phone = phones(locale="ur-PK")
    phone.goto("/ur/start/new/")
    begin(phone, AMINA)
    phone.click("header .exit")
    phone.wait_for_url("**/ur/")
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)

    assert sum(steps.counts(phone, "hamrah").values()) == 0
    assert sum(steps.counts(phone, "hamrah-1").values()) == LINES
    come_in(phone, AMINA)
    phone.goto("/ur/")
    expect(phone.locator("[data-of]").first).to_have_text(re.compile("0"))


def test_who_leaves_without_a_network_is_out_and_stays_out(phones):
    phone = phones(locale="ur-PK")
    phone.goto("/ur/start/new/")
    begin(phone, AMINA)
    phone.context.route("**/leave/", lambda route: route.abort())

    phone.click("header .exit")

    phone.wait_for_url("**/ur/")
    phone.context.unroute("**/leave/")
    phone.goto("/ur/mine/")
    phone.wait_for_url("**/ur/")
    phone.goto("/ur/mine/")
    phone.wait_for_url("**/start/")
    come_in(phone, AMINA)


@pytest.mark.on_old_phones
def test_a_wrong_pin_says_so_and_without_a_network_the_right_one_opens_the_phone(phones):
    phone = phones(locale="ur-PK")
    for person in (AMINA, FARID):
        phone.goto("/ur/start/new/")
        begin(phone, person)
    faces(phone)
    phone.locator("[data-faces] button.tile", has_text=AMINA[0]).click()
    type_pin(phone, "8361")
    phone.click("footer [form=form]")
    expect(phone.get_by_role("alert")).to_be_visible()
    expect(phone.locator("[data-chosen] .voice")).to_have_text(AMINA[0])
    assert phone.locator("[name=pin]").input_value() == ""

    phone.context.set_offline(True)
    type_pin(phone, "8361")
    phone.click("footer [form=form]")
    closed = phone.locator("[data-closed] span")
    expect(closed).to_have_text(phone.locator("[data-closed]").get_attribute("data-closed"))
    type_pin(phone, AMINA[2])
    phone.click("footer [form=form]")
    expect(closed).to_have_text(phone.locator("[data-closed]").get_attribute("data-opened"))
    phone.context.set_offline(False)

    phone.goto("/ur/mine/")  # Farid's session ends, since Amina holds the phone
    phone.wait_for_url("**/ur/")
    assert AMINA[2] not in str(steps.on_disk(phone))
