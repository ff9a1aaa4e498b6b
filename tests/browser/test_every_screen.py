"""Every screen on a small phone: nothing is cut off, nothing is too small to touch, nothing tells on anybody.

HAMRAH_PICTURES=yes keeps the screens that the documentation shows in docs/pictures, and all others below it.
"""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from lms import lines
from tests.browser import steps
from tests.browser.steps import here
from tests.house.test_words import found_anywhere

pytestmark = pytest.mark.browser

PICTURED = os.environ.get("HAMRAH_PICTURES") == "yes"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LARGEST = 60_000
READS = ["ur", "en", "de"]
ANYBODYS = [
    "/",
    "/k",
    "/{reads}/",
    "/{reads}/healthy-animals/",
    "/{reads}/healthy-animals/rains/",
    "/{reads}/healthy-animals/rains/a5-rainy-season/",
    "/{reads}/healthy-animals/rains/a6-vaccines/",
    "/{reads}/offline/",
    "/{reads}/start/",
    "/{reads}/start/number/",
    "/{reads}/start/code/",
    "/{reads}/start/card/",
    "/{reads}/start/again/",
    "/{reads}/start/who/",
    "/{reads}/start/new/",
    "/{reads}/start/invitation/",
    "/{reads}/mine/voice/",
    "/{reads}/find/",
    "/{reads}/help/",
    "/{reads}/sent/",
    "/{reads}/nowhere/",
]
OWN = [
    "/{reads}/mine/",
    "/{reads}/mine/card/",
    "/{reads}/mine/number/",
    "/{reads}/mine/phones/",
    "/{reads}/mine/pin/",
    "/{reads}/mine/hidden/",
    "/{reads}/mine/family/",
    "/{reads}/mine/voice/",
    "/{reads}/mine/way/",
    "/{reads}/mine/way/going/",
    "/{reads}/mine/way/home/",
    "/{reads}/mine/consent/",
    "/{reads}/mine/consent/coach/",
    "/{reads}/mine/data/",
    "/{reads}/leave/",
]
STAFFS = ["/staff/login/", "/desk/"]
SMALL = 24  # px: the least that a finger finds (WCAG 2.2, 2.5.8)
LARGE = 48  # px: the main thing of a screen
TOUCHED = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.closest(".hear-only"))
    .map((part) => {
        const { width, height } = part.getBoundingClientRect();
        const inText = getComputedStyle(part).display === "inline";
        return { width, height, inText, main: part.matches(".go, .way"), html: part.outerHTML.slice(0, 120) };
    })"""
OVERLAPS = """() => {
    const parts = "main .screen.here :is(h1, h2, p, .hear, .chip, label), footer > *";
    const boxes = [...document.querySelectorAll(parts)]
        .filter((part) => part.checkVisibility() && !part.closest(".hear-only, .path"))
        .map((part) => [part, part.getBoundingClientRect()]);
    const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    const found = [];
    for (const [one, a] of boxes) for (const [other, b] of boxes) {
        const related = one === other || one.contains(other) || other.contains(one);
        // What scrolls passes below the foot.
        const stuck = !!one.closest("footer") !== !!other.closest("footer");
        const onCard = one.closest(".pick") && one.closest(".pick") === other.closest(".pick");
        if (related || stuck || onCard || !cross(a, b)) continue;
        found.push(one.outerHTML.slice(0, 80) + other.outerHTML.slice(0, 80));
    }
    return found;
}"""


# ── What must hold on every screen ───────────────────────────────────────────────────────────────────────


def fits(page: Page) -> None:
    """Nobody has to push a screen sideways."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} px wide on {wide[1]}"


def can_be_touched(page: Page) -> None:
    small = []
    for part in page.evaluate(TOUCHED):
        least = LARGE if part["main"] else SMALL
        if part["height"] < least - 0.5 and not part["inText"]:
            small.append(f"{part['height']:.0f} px: {part['html']}")
    assert small == [], page.url


def tells_nothing(page: Page) -> None:
    """Not in the title, not in the address."""
    assert found_anywhere(f"{page.title()} {page.url.replace('/', ' ')}") == set()
    assert page.title() != ""


def can_be_used_by_all(page: Page) -> None:
    """As far as a machine can tell."""
    found = Axe().run(page).response["violations"]
    told = [
        f"{one['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found
        for node in one["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)


def look(page: Page) -> None:
    """All of it, at two widths."""
    page.set_viewport_size({"width": 320, "height": 640})
    fits(page)
    page.set_viewport_size({"width": 360, "height": 740})
    fits(page)
    can_be_touched(page)
    tells_nothing(page)
    can_be_used_by_all(page)
    if PICTURED:
        keep_picture(page, PICTURES / "every" / f"{name_of(page)}.png")


def name_of(page: Page) -> str:
    """After the address, without names of rows: the language last, the screen of a lesson before it."""
    where = [part for part in urlsplit(page.url).path.strip("/").split("/") if not lines.UID.fullmatch(part)]
    language = page.locator("html").get_attribute("lang")
    rest = where[1:] if where[0] == language else where
    return ".".join(
        ["-".join([*rest[-2:], *_state(page.locator(".screen.here"))]) or "catalogue", language or ""]
    )


def _state(screen: Locator) -> list[str]:
    """Of a lesson: which kind of screen is shown, and whether it is answered."""
    if not screen.count():
        return []
    asked = screen.locator("[data-question]")
    kind = (asked if asked.count() else screen).first.get_attribute(
        "data-question" if asked.count() else "data-screen"
    )
    return [kind or "", *(["answered"] if screen.locator("[data-told]:not([hidden])").count() else [])]


def keep_picture(page: Page, file: Path) -> None:
    """A small picture of what somebody sees, without scrolling."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.wait_for_function("[...document.images].every((one) => one.complete || one.loading === 'lazy')")
    page.evaluate("document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(64, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < LARGEST, file.name


@pytest.fixture
def seen(phones) -> Callable[..., Page]:
    """A phone whose pages may be examined: axe brings a script that our own pages would refuse."""
    return lambda **options: phones(bypass_csp=True, **options)


@pytest.fixture(scope="module")
def homes() -> dict[str, dict]:
    return {}


@pytest.fixture
def at_home(phones, site, new_number, homes) -> Callable[..., Page]:
    """The phone of somebody who has a place and has done one lesson."""

    def phone(reads: str, **options: object) -> Page:
        if reads not in homes:
            page = phones()
            page.goto(steps.lesson_address("en" if reads == "de" else reads))
            steps.learn(page)
            page.goto(f"/{reads}/start/number/")
            steps.sign_up(page, site, new_number(), {"ur": "زارا"}.get(reads, "Zara"))
            homes[reads] = page.context.storage_state(indexed_db=True)
        return phones(storage_state=homes[reads], bypass_csp=True, **options)

    return phone


# ── The walk ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reads", READS)
def test_every_page_that_is_open_to_anybody(seen, reads):
    page = seen()
    for address in ANYBODYS:
        answer = page.goto(address.format(reads=reads))
        if reads == "de" and "/a" in address:  # these lessons are not yet in German
            continue
        assert answer.status == (404 if "nowhere" in address else 200), address
        look(page)


@pytest.mark.parametrize("reads", READS)
def test_every_page_of_ones_own_place(at_home, reads):
    page = at_home(reads)
    for address in OWN:
        assert page.goto(address.format(reads=reads)).status == 200, address
        assert "/start/" not in page.url
        look(page)
    page.goto(f"/{reads}/mine/card/")
    page.click("footer .go")
    page.locator(".code").wait_for()
    look(page)


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_my_way_from_not_knowing_to_the_first_days_at_home(at_home, reads):
    page = at_home(reads)
    page.goto(f"/{reads}/mine/way/")
    page.click("[name=undecided]")
    look(page)
    page.goto(f"/{reads}/mine/way/going/")
    page.fill("#day", "1970-01-01")
    page.click("footer .go")
    expect(page.locator("#trouble")).to_be_visible()
    expect(page.locator("#day")).to_have_value("1970-01-01")
    look(page)
    page.fill("#day", (timezone.localdate() + timedelta(days=30)).isoformat())
    page.click("footer .go")
    page.locator("details", has=page.locator("[name=on]")).locator("summary").click()
    page.locator("[name=on]").first.click()
    expect(page.locator(".task.first")).to_have_count(4)
    said = page.locator(".next .voice").inner_text()
    page.click("footer .go")
    expect(page.locator(".next .voice")).not_to_have_text(said)
    look(page)
    page.goto(f"/{reads}/mine/way/home/")
    page.click("[name=on]")
    for part in page.locator("main details").all():
        part.locator("summary").first.click()
    page.evaluate("scrollTo(0, 0)")
    look(page)
    for more in ("about", "ends"):
        page.goto(f"/{reads}/mine/way/{more}/")
        look(page)
    page.click("[name=ending] >> nth=0")
    page.wait_for_url("**/mine/")


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_every_screen_of_a_lesson_by_day_and_by_night(seen, reads, light):
    page = seen(color_scheme=light)
    page.goto(steps.lesson_address(reads))
    while (kind := here(page).get_attribute("data-screen")) != "last":
        look(page)
        if kind == "question":
            steps.choose(page, right=False)
            expect(here(page).locator("[data-kept]")).to_be_visible()
            look(page)
            here(page).locator("[data-try-again]").click()
            steps.choose(page, right=True)
            expect(here(page).locator("[data-kept]")).to_be_visible()
            look(page)
        steps.go_on(page)
    look(page)
    page.locator("[data-finish]").click()
    expect(here(page).locator("[data-kept]")).to_be_visible()
    look(page)


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize("lesson", [steps.LESSON, steps.SECOND])
def test_again_and_slow_stand_above_the_foot_of_a_small_phone(phone, reads, lesson):
    phone.goto(steps.lesson_address(reads, lesson))
    foot = phone.locator("footer").bounding_box()["y"]
    low = {}
    for screen in phone.locator(
        ".screen:is([data-screen=idea], [data-screen=tip], [data-screen=warning])"
    ).all():
        phone.evaluate("(id) => (location.hash = id)", screen.get_attribute("id"))
        chip = screen.locator("[data-again]")
        expect(chip).to_be_visible()
        phone.wait_for_timeout(50)  # a lazy picture has its size before it has come
        box = chip.bounding_box()
        if box["y"] + box["height"] > foot:
            low[screen.get_attribute("id")] = box["y"] + box["height"] - foot
    assert low == {}


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_lesson_in_letters_of_twice_the_size(seen, reads):
    page = seen()
    page.goto(steps.lesson_address(reads))
    page.add_style_tag(content="html { font-size: 200% !important; }")
    while here(page).get_attribute("data-screen") != "last":
        fits(page)
        assert page.evaluate(OVERLAPS) == []
        if here(page).get_attribute("data-screen") == "question":
            steps.choose(page, right=True)
            fits(page)
            assert page.evaluate(OVERLAPS) == []
        steps.go_on(page)


@pytest.mark.parametrize("reads", READS)
def test_all_that_can_be_said_of_what_is_not_yet_sent(seen, reads):
    page = seen()
    page.clock.install()  # the page does not look again
    page.goto(f"/{reads}/sent/")
    expect(page.locator("[data-note=none]")).to_be_visible()
    page.evaluate(
        """() => {
            for (const part of document.querySelectorAll("main [hidden], [data-send]")) part.hidden = false;
            for (const part of document.querySelectorAll(".number")) part.textContent = "5000";
        }"""
    )

    look(page)


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_form_that_was_open_for_too_long(seen, reads):
    page = seen()
    page.goto(f"/{reads}/start/number/")
    page.fill("[name=number]", "0300 1234567")
    page.context.clear_cookies()

    with page.expect_response("**/start/number/") as answer:
        page.click("footer [form=form]")

    assert answer.value.status == 403
    look(page)


@pytest.mark.parametrize("address", STAFFS)
def test_the_rooms_of_staff(staff, phones, address):
    page = staff("bilal", bypass_csp=True) if "/desk/" in address else phones(bypass_csp=True)
    page.goto(address)
    look(page)


def test_the_numbers_of_a_programme(staff):
    page = staff("tariq", bypass_csp=True)
    page.goto("/desk/")
    look(page)


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize("light", ["light", "dark"])
def test_every_element_in_every_state(staff, reads, light):
    page = staff("sana", bypass_csp=True, color_scheme=light)
    page.goto(f"/{reads}/elements/")
    look(page)


def test_a_question_with_the_keyboard_alone(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)
    right = steps.keys(phone)[here(phone).get_attribute("data-block")]["right"][0]
    focus = "document.activeElement"

    _tab_to(phone, f"{focus}.matches('input[name=chosen]')")
    for _ in range(4):
        if phone.evaluate(f"{focus}.value") == right and phone.evaluate(f"{focus}.checked"):
            break
        phone.keyboard.press("ArrowDown")
    _tab_to(phone, f"{focus}.matches('[data-choose]')")
    phone.keyboard.press("Enter")

    expect(here(phone).locator("[data-right]")).to_be_visible()
    assert phone.evaluate(f"{focus}.matches('[data-told]')")  # a screen reader goes on reading here
    _tab_to(phone, f"{focus}.matches('[data-on]')")
    phone.keyboard.press("Enter")
    expect(phone.locator(".screen.here [data-told]")).to_have_count(0)


def _tab_to(page: Page, is_there: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate(is_there):
            return
    raise AssertionError(f"No way with the Tab key to {is_there}")


@pytest.mark.parametrize(("reads", "begins"), [("ur", "right"), ("en", "left")])
def test_a_path_begins_where_reading_begins(phone, reads, begins):
    phone.goto(steps.lesson_address(reads))
    stitches = phone.locator("[data-steps] i")

    first, last = stitches.first.bounding_box(), stitches.last.bounding_box()
    assert begins == ("right" if first["x"] > last["x"] else "left")


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_pictures_to_choose_from_are_shown_whole(phone, reads):
    phone.goto(steps.lesson_address(reads))
    steps.to_question(phone)
    steps.choose(phone, right=True)
    steps.go_on(phone)
    steps.to_question(phone)

    shapes = here(phone).locator(".pick img").evaluate_all("all => all.map((one) => one.width / one.height)")
    assert shapes == pytest.approx([4 / 3] * 3, rel=0.02)


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def take(tmp_path) -> Callable[[Page, str], None]:
    """Keep what somebody sees under a name; for good only where pictures are wanted."""
    folder = PICTURES if PICTURED else tmp_path
    return lambda page, name: keep_picture(page, folder / f"{name}.png")


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_pictures_of_what_a_person_sees(phones, site, new_number, take, reads):
    page = phones(device_scale_factor=1.5)
    page.goto("/")
    take(page, f"languages.{reads}") if reads == "ur" else None
    page.goto(f"/{reads}/start/")
    take(page, f"begin.{reads}")
    page.goto(f"/{reads}/")
    page.evaluate(
        "(sheet) => sheet && localStorage.setItem('nastaliq', sheet)",
        page.locator("meta[name=nastaliq]").get_attribute("content") if reads == "ur" else "",
    )
    page.reload()
    take(page, f"home.{reads}")
    page.goto(steps.lesson_address(reads))
    take(page, f"lesson.{reads}")
    steps.go_on(page)
    take(page, f"idea.{reads}")
    steps.to_question(page)
    take(page, f"question.{reads}")
    steps.choose(page, right=False)
    expect(here(page).locator("[data-kept]")).to_be_visible()
    take(page, f"not-yet.{reads}")
    here(page).locator("[data-try-again]").click()
    steps.choose(page, right=True)
    expect(here(page).locator("[data-kept]")).to_be_visible()
    take(page, f"right.{reads}")
    steps.go_on(page)
    steps.to_question(page)
    take(page, f"pictures.{reads}")
    steps.learn(page)
    take(page, f"done.{reads}")
    page.goto(f"/{reads}/start/number/")
    take(page, f"number.{reads}")
    number = new_number()
    steps.ask_for_code(page, number)
    take(page, f"code.{reads}")
    steps.enter_code(page, site.code(number))
    page.wait_for_url("**/start/you/")
    take(page, f"you.{reads}")
    steps.say_who(page, "زارا" if reads == "ur" else "Zara")
    page.wait_for_url("**/mine/consent/**")
    take(page, f"consent.{reads}")
    steps.consent(page)
    page.wait_for_url("**/mine/")
    take(page, f"my-place.{reads}")
    page.goto(f"/{reads}/mine/card/")
    page.click("footer .go")
    page.locator(".code").wait_for()
    take(page, f"key-card.{reads}")
    page.goto(f"/{reads}/help/")
    take(page, f"help.{reads}")


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_pictures_of_what_staff_see(staff, site, take, reads):
    rooms = [
        ("bilal", "desk", "/desk/"),
        ("sana", "voices", "/cms/voices/?voice=ur"),
        ("sana", "on-phones", "/cms/on-phones/"),
    ]
    for name, room, address in rooms:
        page = staff(name, viewport={"width": 900, "height": 600})
        page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
        page.goto(address)
        take(page, f"{room}.{reads}")
