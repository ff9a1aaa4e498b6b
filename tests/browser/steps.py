"""What people do with their thumbs, found by what it is and not by its words: those are in many languages."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

COURSE = "healthy-animals"
FIRST = "a1-what-she-gives"  # of all that are shipped
LESSON = "a5-rainy-season"  # one with choices among words and pictures
SECOND = "a6-vaccines"
UNITS = {"every-day": "a1 a2 a3 a4", "rains": "a5 a6 a7", "calf-and-medicine": "a8 a9 a10"}
LESSONS = sum(len(names.split()) for names in UNITS.values())

COUNT_SOUNDS = """
    window.sounds = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () { sounds.push(this); return play.call(this); };
"""
SOUNDS = "sounds.some((sound) => !sound.paused && sound.currentTime > 0.2)"


def lesson_address(reads: str, lesson: str = LESSON) -> str:
    name = lesson.partition("-")[0]
    unit = next((unit for unit, names in UNITS.items() if name in names.split()), "rains")
    return f"/{reads}/{COURSE}/{unit}/{lesson}/"


def follow(page: Page, link: str) -> None:
    """Touch the first that leads elsewhere, and stay until what came stands there."""
    with page.expect_navigation():
        page.locator(link).first.click()


def here(page: Page):
    """The screen of the lesson that is shown."""
    return page.locator(".screen.here")


def go_on(page: Page) -> None:
    """The big button at the foot."""
    before = here(page).get_attribute("id")
    page.locator("[data-on]").click()
    expect(page.locator(f"#{before}")).to_be_hidden()


def skip(page: Page) -> None:
    """Past a question that nobody wants to answer now."""
    before = here(page).get_attribute("id")
    here(page).locator("[data-skip]").click()
    expect(page.locator(f"#{before}")).to_be_hidden()


def choose(page: Page, *, right: bool) -> None:
    """Touch one answer, then "This one"."""
    key = keys(page)[here(page).get_attribute("data-block")]
    option = next(one for one in key["options"] if (one in key["right"]) is right)
    here(page).locator(f"[id='a{option}']").check()
    page.locator("[data-choose]").click()


def answer(page: Page) -> None:
    """The right answer, whatever is asked, and "Ready"."""
    key = keys(page)[here(page).get_attribute("data-block")]
    kind, right, screen = key["kind"], key.get("right"), here(page)
    if kind == "number":
        screen.locator("[name=typed]").fill(f"{right['value']:g}")
    elif kind == "say":
        screen.locator("textarea").fill("میری بھینس")
    elif kind == "pairs":
        for option, half in right.items():
            tap(page, option)
            screen.locator(f"[data-half='{half}']").click()
    elif kind == "order":
        for option in right:
            tap(page, option)
    else:
        for option in right:
            screen.locator(f"input[value='{option}']").check()
    page.locator("[data-choose]").click()


def tap(page: Page, option: str) -> None:
    """On its words, wherever a finger falls."""
    expect(here(page).locator("select:not(.hear-only)")).to_have_count(0)  # what reads taps is here
    word = here(page).locator(f"label[for$='{option}'] .word")
    word.evaluate("word => word.scrollIntoView({ block: 'center' })")  # not below the foot
    box = word.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def questions(page: Page) -> int:
    """How many are asked in the lesson that is open."""
    return sum(key["kind"] != "ticks" for key in keys(page).values())


def keys(page: Page) -> dict[str, dict]:
    return json.loads(page.locator("#keys").text_content())


def to_question(page: Page) -> None:
    """On through the ideas until something is asked."""
    while here(page).get_attribute("data-screen") != "question":
        go_on(page)


def learn(page: Page) -> None:
    """All of a lesson that is open, every answer right at once, to the end and done."""
    while (kind := here(page).get_attribute("data-screen")) != "last":
        if kind == "question":
            answer(page)
            expect(here(page).locator("[data-kept]")).to_be_visible()
        go_on(page)
    page.locator("[data-finish]").click()
    expect(here(page).locator("[data-kept]")).to_be_visible()


def ask_for_code(page: Page, number: str) -> None:
    page.fill("[name=number]", number)
    page.click("footer [form=form]")
    page.wait_for_url("**/code/")


def enter_code(page: Page, code: str) -> None:
    page.fill("[name=code]", code)
    page.click("footer [form=form]")


def say_who(page: Page, name: str = "Zara", *, age: str = "18+") -> None:
    """Name, picture, age."""
    page.fill("[name=name]", name)
    page.locator("#p-lamp").check()
    page.locator(f"input[name=age][value='{age}']").check()
    page.click("footer [form=form]")


def consent(page: Page, answer: str = "yes") -> None:
    """Every question that is still open, with the same answer."""
    while "/mine/consent/" in page.url:
        before = page.url
        page.click(f"footer [name=answer][value={answer}]")
        page.wait_for_url(lambda url, before=before: url != before)


def sign_up(page: Page, site, number: str, name: str = "Zara") -> None:
    """From the page that asks for a number to one's own place."""
    ask_for_code(page, number)
    enter_code(page, site.code(number))
    page.wait_for_url("**/start/you/")
    say_who(page, name)
    page.wait_for_url("**/mine/**")
    consent(page)
    page.wait_for_url("**/mine/")


def on_disk(page: Page) -> dict[str, dict[str, list]]:
    """Every store of every database of this phone, each database as it was at one moment."""
    return page.evaluate(
        """async () => {
            const answer = (asked) => new Promise((yes, no) => {
                asked.onsuccess = () => yes(asked.result);
                asked.onerror = () => no(asked.error);
            });
            const found = {};
            for (const { name } of await indexedDB.databases()) {
                const db = await answer(indexedDB.open(name));
                const names = [...db.objectStoreNames];
                const moment = db.transaction(names);
                const all = async (store) => [store, await answer(moment.objectStore(store).getAll())];
                found[name] = Object.fromEntries(await Promise.all(names.map(all)));
                db.close();
            }
            return found;
        }"""
    )


def counts(page: Page, name: str = "hamrah") -> dict[str, int]:
    """What one database of the phone holds: unsent, sent, refused."""
    stores = on_disk(page).get(name, {})
    sent = stores.get("sent", [])
    refused = sum(row["s"] == "refused" for row in sent)
    return {"unsent": len(stores.get("lines", [])), "sent": len(sent) - refused, "refused": refused}


def wait_until_sent(page: Page, how_many: int, name: str = "hamrah") -> None:
    """The server has answered for so many lines; none is left. A guest's are held until they are asked."""
    sent = {"unsent": 0, "sent": how_many, "refused": 0}
    until(page, lambda: counts(page, name) == sent, lambda: str(counts(page, name)))


def until(
    page: Page, is_so: Callable[[], bool], found: Callable[[], str] = lambda: "It did not happen."
) -> None:
    """Wait for what no locator can see. (Playwright's own way needs `eval`, which the pages forbid.)"""
    for _ in range(150):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError(found())
