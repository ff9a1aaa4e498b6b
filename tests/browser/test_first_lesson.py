"""From the first address to a place that is kept, on phones as they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import FIRST, LESSON, LESSONS, here

pytestmark = pytest.mark.browser

LINES = 4  # of a5: opened, two questions answered, done
# A slow disk: whoever wants to know when something is written waits until it is let go.
SLOW_DISK = """() => {
    const written = new Promise((letGo) => { window.letGo = letGo; });
    Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
        set(told) {
            this.addEventListener("complete", (event) => written.then(() => told.call(this, event)));
        },
    });
}"""


def expect_progress(page: Page, done: int, of: int = LESSONS) -> None:
    """On a page that is the same for everybody, as the phone fills it in."""
    expect(page.locator("[data-of]").first).to_have_text(_both(done, of))


def expect_kept(page: Page, done: int, of: int = LESSONS) -> None:
    """In one's own place, as the server knows it."""
    expect(page.locator("main li .note").first).to_have_text(_both(done, of))


def _both(one: int, other: int) -> re.Pattern[str]:
    """ "1 of 2" is "2 میں سے 1" elsewhere."""
    return re.compile(rf"^\D*({one}\D+{other}|{other}\D+{one})\D*$")


# ── The story ────────────────────────────────────────────────────────────────────────────────────────────


def test_someone_new_learns_keeps_her_place_and_goes_on_with_another_phone(phones, site, new_number):
    phone = phones()
    phone.goto("/")
    phone.click("[data-reads=ur]")
    steps.follow(phone, "main li a[href='/ur/']")
    expect_progress(phone, 0)
    steps.follow(phone, "[data-continue] a.go")
    assert phone.url.endswith(f"/{FIRST}/")
    lines = 1 + steps.questions(phone) + 1  # opened, each question answered, done
    steps.learn(phone)

    steps.wait_until_sent(phone, lines)
    phone.click("[data-claim]")
    phone.wait_for_url("**/ur/start/**")
    steps.follow(phone, "main li a[href$='/start/number/']")
    number = new_number()
    steps.sign_up(phone, site, number, "زارا")
    expect(phone.locator("h1 bdi")).to_have_text("زارا")
    expect_kept(phone, 1)
    phone.click("header a[href='/ur/']")
    expect_progress(phone, 1)

    phone.goto("/ur/mine/card/")
    steps.follow(phone, "footer .go")
    digits = "".join(phone.locator(".code li").all_inner_texts())
    other = phones()
    other.goto(f"/k#{digits}")
    expect(other.locator("[data-card]")).to_have_value(re.sub(r"(\d{4})(?=\d)", r"\1 ", digits))
    assert other.url == f"{site.address}/k"  # nothing of the card is left in the history
    other.click("footer [form=form]")
    other.wait_for_url("**/ur/mine/")
    expect_kept(other, 1)

    other.click("main a[href$='/mine/number/']")
    second = new_number()
    steps.ask_for_code(other, second)
    steps.enter_code(other, site.code(second))
    other.wait_for_url("**/mine/")
    other.goto("/en/")
    expect_progress(other, 1)
    steps.follow(other, "[data-continue] a.go")
    steps.learn(other)
    steps.until(other, lambda: steps.counts(other)["unsent"] == 0)
    other.goto("/en/mine/")
    expect_kept(other, 2)

    phone.goto("/ur/mine/")
    expect_kept(phone, 2)
    expect(phone.get_by_role("alert").first).to_be_visible()  # the card was used: was that you?
    phone.goto("/ur/mine/phones/")
    phone.locator("main form:not(:has([name=phone])) button").click()
    expect(phone.get_by_role("alert")).to_have_count(0)


# ── A question ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.on_old_phones
def test_a_wrong_answer_is_not_yet_with_a_reason_a_hint_and_another_try(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)

    steps.choose(phone, right=False)
    expect(here(phone).locator("[data-not-yet]")).to_be_visible()
    for part in ("hint", "reason", "kept", "try-again"):
        expect(here(phone).locator(f"[data-{part}]")).to_be_visible()
    expect(here(phone).locator("[data-right]")).to_be_hidden()

    here(phone).locator("[data-try-again]").click()
    assert here(phone).locator("input:checked").count() == 0
    steps.choose(phone, right=True)
    expect(here(phone).locator("[data-right]")).to_be_visible()
    expect(here(phone).locator("[data-not-yet]")).to_be_hidden()
    expect(here(phone).locator("[data-try-again]")).to_be_hidden()
    steps.wait_until_sent(phone, 3)  # opened, not yet, right


def test_the_next_lesson_is_offered_when_this_one_is_done_and_from_then_on(phone):
    phone.goto(steps.lesson_address("ur"))
    after = phone.locator("[data-after]")
    while here(phone).get_attribute("data-screen") != "last":
        if here(phone).get_attribute("data-screen") == "question":
            steps.skip(phone)
        else:
            steps.go_on(phone)
    expect(phone.locator("[data-finish]")).to_be_visible()
    expect(after).to_be_hidden()

    phone.locator("[data-finish]").click()
    expect(after).to_be_visible()

    phone.reload()
    expect(phone.locator("[data-finish]")).to_be_visible()
    expect(after).to_be_visible()


def test_who_taps_without_a_choice_is_asked_in_our_words(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)

    phone.locator("[data-choose]").click()

    expect(here(phone).locator("[data-unclear]")).to_be_in_viewport(ratio=1)


@pytest.mark.on_old_phones
def test_C12_the_tick_comes_when_the_phone_has_written_it_down_and_not_before(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)
    steps.wait_until_sent(phone, 1)
    phone.evaluate(SLOW_DISK)

    steps.choose(phone, right=True)
    phone.wait_for_timeout(500)
    expect(here(phone).locator("[data-kept]")).to_be_hidden()

    phone.evaluate("letGo()")
    expect(here(phone).locator("[data-right]")).to_be_visible()
    expect(here(phone).locator("[data-kept]")).to_be_visible()
    steps.wait_until_sent(phone, 2)


def test_C12_a_phone_that_cannot_write_says_so_and_shows_no_tick(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.to_question(phone)
    full = "throw new DOMException('full', 'QuotaExceededError')"
    phone.evaluate(f"void (IDBObjectStore.prototype.add = () => {{ {full} }})")

    steps.choose(phone, right=True)

    expect(here(phone).locator("[data-not-kept]")).to_be_visible()
    expect(here(phone).locator("[data-kept]")).to_be_hidden()


@pytest.mark.on_old_phones
def test_a_browser_that_is_closed_right_after_the_tick_has_kept_the_line(
    playwright, launch, phones, site, tmp_path
):
    def open_phone():
        context = playwright.chromium.launch_persistent_context(tmp_path, base_url=site.address, **launch)
        return phones.watch(context)

    first = open_phone()
    first.route("**/api/**", lambda route: route.abort())
    page = first.pages[0]
    page.goto(steps.lesson_address("ur"))
    steps.to_question(page)
    steps.choose(page, right=True)
    expect(here(page).locator("[data-kept]")).to_be_visible()
    assert steps.counts(page)["unsent"] == 2
    first.close()

    again = open_phone()
    page = again.pages[0]
    page.goto("/ur/")
    steps.wait_until_sent(page, 2)
    again.close()


def test_C19_a_browser_without_service_workers_learns_as_any_other(phone):
    phone.add_init_script("delete Navigator.prototype.serviceWorker")
    phone.goto(steps.lesson_address("ur"))
    assert phone.evaluate("'serviceWorker' in navigator") is False

    steps.learn(phone)

    steps.wait_until_sent(phone, 4)  # opened, two answers, done


@pytest.mark.on_old_phones
def test_what_is_learned_without_a_network_is_counted_in_the_bar_and_sent_later(phone):
    phone.goto(steps.lesson_address("ur"))
    steps.wait_until_sent(phone, 1)
    mine = phone.locator("[data-waiting] span")
    words = mine.inner_text()
    phone.context.set_offline(True)
    steps.to_question(phone)

    steps.choose(phone, right=True)
    expect(here(phone).locator("[data-kept]")).to_be_visible()
    expect(mine).to_have_text(re.compile(r"\D*1\D*"))

    phone.context.set_offline(False)
    steps.wait_until_sent(phone, 2)
    phone.goto("/ur/")
    expect(phone.locator("[data-waiting] span")).to_have_text(words)


def test_back_goes_one_screen_back_and_a_reload_stays(phone):
    phone.goto("/ur/")
    steps.follow(phone, "[data-continue] a.go")
    steps.go_on(phone)
    steps.go_on(phone)

    phone.reload()
    assert here(phone).get_attribute("id") == "s3"
    phone.go_back()
    expect(phone.locator("#s2")).to_be_visible()
    phone.click("[data-back]")
    expect(phone.locator("#s1")).to_be_visible()
    phone.click("[data-back]")
    phone.wait_for_url("**/every-day/")


# ── To hear ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.on_old_phones
def test_C28_nothing_plays_or_is_fetched_before_a_finger_asks_and_then_a_person_is_heard(phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.add_init_script(steps.COUNT_SOUNDS)
    phone.goto(steps.lesson_address("ur"), wait_until="networkidle")
    assert [url for url in asked if url.endswith((".opus", ".mp3", ".json"))] == []
    assert phone.evaluate("sounds.length") == 0
    speaker = here(phone).locator(".hear").first

    speaker.click()
    steps.until(phone, lambda: phone.evaluate(steps.SOUNDS))
    assert speaker.get_attribute("data-playing") == ""

    speaker.click()
    assert phone.evaluate("sounds.every((sound) => sound.paused)")
    expect(speaker).not_to_have_attribute("data-playing", "")
    steps.go_on(phone)


def test_a_speaker_that_nobody_and_nothing_can_answer_turns_grey_and_says_why(phone):
    phone.route("**/f/*.json", lambda route: route.fulfill(json={}))  # no recording of anything
    phone.goto("/ur/start/number/")
    speaker = phone.locator("main .hear").first

    speaker.click()

    expect(speaker).to_have_attribute("aria-disabled", "true")
    assert phone.locator(".says").inner_text() == phone.locator("html").get_attribute("data-no-voice") != ""


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_whoever_cannot_read_hears_every_page_on_the_way_to_a_place(phones, site, new_number, reads):
    phone = phones()
    phone.add_init_script(steps.COUNT_SOUNDS)
    number = new_number()
    for address in (
        "start/",
        "help/",
        "mine/voice/",
        "nowhere/",
        "start/card/",
        "start/again/",
        "start/number/",
    ):
        phone.goto(f"/{reads}/{address}")
        _can_be_heard(phone)
    steps.ask_for_code(phone, number)
    _can_be_heard(phone)
    steps.enter_code(phone, site.code(number))
    phone.wait_for_url("**/start/you/")
    _can_be_heard(phone)
    steps.say_who(phone)
    phone.wait_for_url("**/mine/consent/**")
    _can_be_heard(phone)
    steps.consent(phone)
    phone.wait_for_url("**/mine/")
    for address in (
        "mine/card/",
        "mine/number/",
        "mine/phones/",
        "mine/consent/",
        "mine/data/",
        "mine/looks/",
        "leave/",
    ):
        phone.goto(f"/{reads}/{address}")
        _can_be_heard(phone)


def _can_be_heard(phone: Page) -> None:
    """Each speaker that speaks the language of the page has a recording, and the first one plays it."""
    link = phone.locator(f"link[rel=sounds][data-voice={phone.locator('html').get_attribute('lang')}]")
    heard = phone.request.get(link.get_attribute("href")).json()
    said = phone.locator(".hear:not([data-hears])").evaluate_all("all => all.map((one) => one.dataset.say)")
    assert (set(said) - heard.keys(), bool(said)) == (set(), True), phone.url
    phone.locator(".hear:not([data-hears])").first.click()
    steps.until(phone, lambda: phone.evaluate(steps.SOUNDS))


def test_each_language_says_its_own_name_on_the_first_page(phone):
    phone.add_init_script(steps.COUNT_SOUNDS)
    phone.goto("/")
    said = {}
    for language in ("ur", "en"):
        phone.locator(f".hear[data-hears={language}]").click()
        steps.until(phone, lambda: phone.evaluate(steps.SOUNDS))
        said[language] = phone.evaluate("sounds[sounds.length - 1].src")

    assert said["ur"] != said["en"]


# ── Without JavaScript ───────────────────────────────────────────────────────────────────────────────────


def test_C20_gul_learns_by_forms_alone_and_finds_it_all_in_her_place(phones, site, new_number):
    gul = phones(java_script_enabled=False)
    gul.goto("/")
    gul.click("[data-reads=ur]")
    steps.follow(gul, "main li a[href='/ur/']")
    gul.goto(steps.lesson_address("ur"))
    for right in (False, True):
        ask = gul.locator("[data-question]").first
        option = _option(gul, ask, right=right)
        ask.locator(f"[id='a{option}']").check()
        ask.locator("button.go").click()
        expect(gul.locator("main .tell")).to_have_class(re.compile("yes" if right else "yet"))
        steps.follow(gul, "footer a.go")
        gul.wait_for_url(f"**/{LESSON}/#a*")
    last = gul.locator("[data-question]").nth(1)
    last.locator(f"[id='a{_option(gul, last, right=True)}']").check()
    last.locator("button.go").click()
    steps.follow(gul, "footer a.go")
    gul.locator("[data-finish]").click()
    gul.wait_for_url(f"**/{LESSON}/#s1")

    gul.goto("/ur/mine/")
    gul.click("footer a[href$='/start/number/']")
    steps.sign_up(gul, site, new_number(), "Gul")

    expect_kept(gul, 1)


def _option(page: Page, ask, *, right: bool) -> str:
    key = steps.keys(page)[ask.locator("[name=block]").get_attribute("value")]
    return next(one for one in key["options"] if (one in key["right"]) is right)


# ── Coming in ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_guest_who_claims_later_loses_nothing_though_nothing_was_sent_yet(phones, site, new_number):
    phone = phones()
    phone.context.route("**/api/**", lambda route: route.abort())
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)
    assert steps.counts(phone)["unsent"] == LINES

    phone.goto("/ur/start/number/")
    steps.sign_up(phone, site, new_number())
    expect_kept(phone, 0)
    phone.context.unroute("**/api/**")
    phone.goto("/ur/")
    steps.wait_until_sent(phone, LINES)
    expect_progress(phone, 1)

    phone.goto("/ur/mine/", wait_until="networkidle")  # at the latest here the record is claimed
    phone.reload()
    expect_kept(phone, 1)


def test_a_code_opens_once_and_a_wrong_or_old_one_never(phones, site, new_number):
    phone, number = phones(), new_number()
    phone.goto("/ur/start/number/")
    steps.ask_for_code(phone, number)
    code = site.code(number)
    wrong = f"{(int(code) + 1) % 10**6:06}"

    steps.enter_code(phone, wrong)
    expect(phone.get_by_role("alert")).to_be_visible()
    assert phone.locator("[name=code]").get_attribute("aria-invalid") == "true"

    site.does(
        "from datetime import timedelta; from django.db.models import F;"
        "from lms.models.people import CodeSent;"
        f"CodeSent.objects.filter(number='{number}').update("
        "expires_at=F('made_at'), made_at=F('made_at') - timedelta(hours=1))"
    )
    steps.enter_code(phone, code)
    expect(phone.get_by_role("alert")).to_be_visible()
    assert phone.url.endswith("/start/code/")

    phone.goto("/ur/start/number/")
    steps.ask_for_code(phone, number)
    newest = site.code(number, nth=2)
    steps.enter_code(phone, newest)
    phone.wait_for_url("**/start/you/")

    stranger = phones()
    stranger.goto("/ur/start/code/")
    stranger.fill("[name=number]", number)
    steps.enter_code(stranger, newest)
    stranger.wait_for_url("**/start/again/")


def test_a_second_tap_makes_no_second_message_person_or_line(phone, site, new_number):
    phone.goto(steps.lesson_address("ur"))
    steps.learn(phone)
    number = new_number()
    phone.goto("/ur/start/number/")
    phone.fill("[name=number]", number)
    phone.locator("footer [form=form]").dblclick(no_wait_after=True)
    phone.wait_for_url("**/code/")
    code = site.code(number)
    steps.enter_code(phone, code)
    phone.wait_for_url("**/start/you/")
    phone.fill("[name=name]", "Zara")
    phone.locator("#p-lamp").check()
    phone.locator("input[name=age][value='18+']").check()
    phone.locator("footer [form=form]").dblclick(no_wait_after=True)
    phone.wait_for_url("**/mine/consent/**")
    steps.consent(phone)

    expect_kept(phone, 1)
    log = (site.var / "log" / "sms.log").read_text()
    assert log.count(f"{number} ") == 1
    phone.goto("/ur/mine/phones/")
    expect(phone.locator("bdi[dir=ltr]")).to_have_text([number])


def test_a_second_tap_on_the_code_leads_on_to_the_name(phone, site, new_number):
    number = new_number()
    phone.goto("/ur/start/number/")
    steps.ask_for_code(phone, number)
    steps.enter_code(phone, site.code(number))
    phone.wait_for_url("**/start/you/")

    phone.goto("/ur/start/again/")  # where the second tap is sent

    assert phone.url.endswith("/start/you/")


def test_C14_two_tabs_of_one_phone_write_one_record(phones):
    first = phones()
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(steps.lesson_address("ur"))
        steps.to_question(tab)
        steps.choose(tab, right=True)
    for tab in (first, second):
        expect(here(tab).locator("[data-kept]")).to_be_visible()

    first.goto("/ur/")
    steps.wait_until_sent(first, 4)


def test_someone_under_16_is_told_that_all_is_open_and_nothing_was_kept(phone, site, new_number):
    number = new_number()
    phone.goto("/en/start/number/")
    steps.ask_for_code(phone, number)
    steps.enter_code(phone, site.code(number))
    phone.wait_for_url("**/start/you/")

    steps.say_who(phone, age="under-16")

    phone.locator("footer a.go[href='/en/']").click()
    phone.wait_for_url("**/en/")
    phone.goto("/en/mine/")
    phone.wait_for_url("**/en/start/**")
