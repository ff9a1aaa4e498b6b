"""Two who say yes on two phones, and the lead who had them asked."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from mentors.demo import AMINA, PEOPLE
from mentors.demo_pairs import ASKED, MOVES
from tests.browser import steps
from tests.browser.conftest import PHONE
from tests.browser.test_every_screen import look
from tests.browser.test_here import speak_into

pytestmark = pytest.mark.browser

COACHES = """
import json
from django.conf import settings
from mentors.models.matching import ProposedCoach
of = ProposedCoach.objects.filter(proposal__state="asked", proposal__person__name="Parveen").order_by("rank")
names = list(of.values_list("coach__username", flat=True))
(settings.VAR_DIR / "coaches.json").write_text(json.dumps(names))
"""


KEPT = """async () => {
    const caches_here = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const kept = await Promise.all(caches_here.map((one) => one.keys()));
    return kept.flat().map(({ url }) => url);
}"""


@pytest.fixture(scope="module")
def proposed(site) -> list[str]:
    """Whom Parveen may choose, the first of the best answer first."""
    site.does(COACHES)
    return json.loads((site.var / "coaches.json").read_text())


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_eight_questions_with_a_thumb(phones, site, new_number, reads):
    page: Page = phones(bypass_csp=True)
    page.goto(f"/{reads}/start/number/")
    steps.sign_up(page, site, new_number())
    page.goto(f"/{reads}/mine/coach/")
    look(page)
    expect(page.locator("footer .go")).to_have_attribute("href", re.compile("invitation"))
    site.does(
        "from mentors import access; from lms import programmes; from lms.models.people import Person;"
        "from django.utils import timezone;"
        "programmes.join(Person.objects.order_by('-made_at').first(),"
        " access.programmes_by_name()['Apna Kaam'], at=timezone.now())"
    )
    page.reload()
    page.click("footer .go")
    step = 0

    def at_next() -> None:
        nonlocal step
        step += 1
        page.wait_for_url(f"**/mine/coach/{step}/")
        look(page)

    for choice in ("#c-woman", "#c-any", "#c-pnb", "#c-ur"):
        at_next()
        page.locator(choice).check(force=True)
        page.click("footer .go")
    at_next()
    page.select_option("#district", "okara")
    page.fill("#village", "Chak 12")
    page.click("footer .go")
    at_next()
    page.locator("#c-phone").check(force=True)
    page.click("footer .go")
    at_next()
    page.click("footer .go")
    expect(page.locator("#trouble")).to_be_visible()
    look(page)
    for time in ("#t-0-2", "#t-4-2"):
        page.locator(time).evaluate("one => one.scrollIntoView({ block: 'center' })")  # above the foot
        page.locator(time).check(force=True)
    page.click("footer .go")
    at_next()
    page.locator("#c-dairy").check(force=True)
    page.click("footer .go")
    page.wait_for_url(f"**/{reads}/mine/coach/")
    look(page)


def test_both_say_yes_on_two_phones(phones, site, staff, proposed):
    page = phones(bypass_csp=True)
    page.goto("/ur/start/number/")
    steps.ask_for_code(page, ASKED[1])
    steps.enter_code(page, site.code(f"+92{ASKED[1][1:]}"))
    page.wait_for_url("**/mine/**")
    page.goto("/ur/mine/coach/")
    look(page)
    expect(page.locator("[value=choose]")).to_have_count(len(proposed))
    page.locator("[value=choose]").first.click()
    expect(page.locator("[value=choose]")).to_have_count(0)
    look(page)

    desk = staff(proposed[0], viewport={"width": 360, "height": 740}, bypass_csp=True)
    desk.goto("/desk/")
    look(desk)
    expect(desk.get_by_text(ASKED[0])).to_have_count(0)
    desk.locator("[name=yes]").first.click()
    expect(desk.get_by_role("link", name=ASKED[0])).to_be_visible()

    page.reload()
    expect(page.locator("main h1")).to_have_text(proposed[0].title())
    look(page)
    page.locator("form", has=page.locator("[value=number]")).locator("[name=yes]").click()
    page.locator("form", has=page.locator("[value=call-me]")).locator("[name=yes]").click()
    expect(page.locator("form", has=page.locator("[value=call-me]")).locator("[name=no]")).to_be_visible()
    steps.follow(page, "a[href$='/wrong/']")
    look(page)
    page.locator("footer .go").click()
    expect(page.locator(".trouble")).to_be_visible()
    page.locator("#c-other").check()
    page.locator("footer .go").click()
    expect(page.locator("[value=stop]")).to_be_visible()
    look(page)
    desk.reload()
    first = desk.locator("table.grid tbody tr").first
    expect(first).to_contain_text(ASKED[0])  # who asks for a call stands on top
    first.get_by_role("link").click()
    expect(desk.locator("a[href^='tel:']")).to_have_attribute("href", f"tel:+92{ASKED[1][1:]}")


def test_two_write_and_speak_to_each_other_and_one_stops_it(phones, site, staff):
    page = phones(bypass_csp=True)
    page.goto("/ur/start/number/")
    steps.ask_for_code(page, AMINA.number)
    steps.enter_code(page, site.code(f"+92{AMINA.number[1:]}"))
    page.wait_for_url("**/mine/**")
    page.goto("/ur/mine/")
    expect(page.locator("[role=status] a[href$='/mine/coach/messages/']")).to_be_visible()
    look(page)
    steps.follow(page, "a[href$='/mine/coach/']")
    look(page)
    before = page.evaluate("history.length")
    steps.follow(page, "a[href*='/mine/coach/messages/']")
    look(page)
    mine, send = page.locator(".thread .mine"), page.locator("footer .go")
    written = mine.count()

    page.fill("#text", "آج گیارہ لیٹر ہوئے۔")
    page.context.set_offline(True)
    send.click()
    expect(page.locator("[data-said]")).not_to_be_empty()
    expect(page.locator("#text")).to_have_value("آج گیارہ لیٹر ہوئے۔")
    page.context.set_offline(False)
    send.click()
    expect(mine).to_have_count(written + 1)
    expect(mine.last).to_contain_text("گیارہ لیٹر")
    send.click()
    expect(page.locator("[data-said]")).not_to_be_empty()  # nothing was said
    speak_into(page)
    look(page)
    send.click()
    expect(mine.last.locator("audio")).to_be_visible()
    look(page)
    assert page.evaluate("history.length") == before
    assert not [address for address in page.evaluate(KEPT) if "/messages/" in address]

    plain = phones(storage_state=page.context.storage_state(), java_script_enabled=False)
    plain.goto("/ur/mine/coach/messages/")
    expect(plain.locator("#recording")).to_be_visible()
    plain.fill("#text", "<b>یہ بھی</b>")
    plain.locator("footer .go").click()
    expect(plain.locator("#last .words")).to_have_text("<b>یہ بھی</b>")

    desk = staff("bilal", viewport=PHONE, bypass_csp=True)
    desk.context.add_cookies([{"name": "reads", "value": "ur", "url": site.address}])
    desk.goto("/desk/")
    expect(desk.locator("table.grid .state.info")).to_have_count(1)
    look(desk)
    desk.get_by_role("link", name="Amina").click()
    steps.follow(desk, "a[href*='/messages/']")
    sound = desk.locator(".theirs audio")
    sound.evaluate("sound => sound.play()")
    steps.until(desk, lambda: sound.evaluate("sound => sound.currentTime") > 0.2)
    look(desk)
    desk.fill("#text", "Shabash!")
    desk.locator("[data-message] .go").click()
    expect(desk.locator("#last .words")).to_have_text("Shabash!")

    page.reload()
    expect(page.locator("#last .words")).to_have_text("Shabash!")
    page.locator("#last a[href*='report=']").click()
    expect(page.locator("[name=message]")).to_have_count(1)
    look(page)
    page.locator("footer .back").click()
    page.locator("[value=pause]").click()
    expect(page.locator("[value=go-on]")).to_be_visible()
    look(page)
    desk.reload()
    expect(desk.locator("[data-message]")).to_have_count(0)
    look(desk)


def test_the_lead_sees_a_proven_draft_and_has_people_asked(staff):
    page = staff("tariq", bypass_csp=True)
    page.goto("/desk/")
    page.locator("a[href*='/matching/']").first.click()
    page.wait_for_url("**/matching/**")
    expect(page.locator(".tally")).to_be_visible()
    look(page)
    drafted = page.locator("table.pairs tbody tr").count()
    assert drafted >= 2
    page.locator("table.pairs summary").first.click()
    page.locator("table.pairs [name=reason]").first.fill("They know each other from the course.")
    page.locator("table.pairs [value=leave-out]").first.click()
    expect(page.locator("table.pairs tr.out")).to_have_count(1)
    page.locator("[value=release]").click()
    expect(page.locator("[value=begin]")).to_be_visible()
    expect(page.locator("table.pairs tbody tr")).to_have_count(drafted)


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_coach_says_what_they_offer(staff, site, reads):
    page = staff("bilal", viewport={"width": 360, "height": 740}, bypass_csp=True)
    page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
    page.goto("/desk/")
    page.locator("a[href*='/desk/coach/']").first.click()
    page.wait_for_url("**/desk/coach/**")
    look(page)
    page.fill("[name=largest]", "15")
    page.locator("form.offer .go").click()
    page.wait_for_url("**/desk/")


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_coach_writes_down_a_talk_with_a_thumb(staff, site, reads):
    page = staff("maryam", viewport=PHONE, bypass_csp=True)
    page.goto("/desk/")
    page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
    page.reload()
    look(page)
    page.locator("table.grid a").last.click()
    page.wait_for_url("**/people/**")
    look(page)
    steps.follow(page, "a[href$='/talk/']")
    look(page)
    page.fill("[name=note]", "Two buffaloes")
    page.locator("form.talk .go").click()
    expect(page.locator("form.talk .trouble")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("Two buffaloes")
    look(page)
    page.locator("#k-call").check()
    page.locator("#m-4").check()
    page.fill("[name=next_step]", f"Ask the vet {reads}")
    page.locator("form.talk .go").click()
    expect(page.locator(".time li").first).to_contain_text(f"Ask the vet {reads}")


@pytest.mark.parametrize("reads", ["ur", "en"])
@pytest.mark.parametrize(("who", "room"), [("tariq", "walks"), ("huma", "safeguarding")])
def test_who_is_responsible_sees_how_it_goes(staff, site, who, room, reads):
    page = staff(who, viewport=PHONE, bypass_csp=True)
    page.goto("/desk/")
    page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
    page.reload()
    steps.follow(page, f"a[href*='/{room}/']")
    look(page)
    if who == "huma":
        page.fill("[name=find]", "am")
        page.keyboard.press("Enter")
        page.wait_for_url("**find=am**")
        expect(page.get_by_role("link", name="Amina")).to_be_visible()
        look(page)
        steps.follow(page, "a:has-text('Amina')")
        look(page)
        steps.follow(page, "a[href*='/reported/']")
        expect(page.locator(".thread li")).to_have_count(3)
        look(page)


def test_a_circle_meets_and_who_came_is_said_with_a_thumb(staff, phones, site):
    desk = staff("bilal", viewport=PHONE, bypass_csp=True)
    desk.goto("/desk/circles/")
    desk.context.add_cookies([{"name": "reads", "value": "ur", "url": site.address}])
    desk.reload()
    look(desk)
    steps.follow(desk, "main .rows a.way")
    look(desk)
    with desk.expect_navigation():
        desk.locator("main .rows").last.locator("a.way").last.click()  # the first meeting
    look(desk)
    came = desk.locator("form.roll input[value=came]:checked")
    expect(came).to_have_count(3)
    told = desk.locator("form.roll fieldset", has=desk.locator("input[value=told]:checked"))
    told.locator("input[value=came]").check()
    with desk.expect_navigation():
        desk.locator("form.roll .go").click()
    expect(came).to_have_count(4)
    steps.follow(desk, "main a.back")
    steps.follow(desk, "a[href$='/grid/']")
    look(desk)
    assert desk.locator(".frame").evaluate("one => one.scrollWidth > one.clientWidth")

    phone = phones(bypass_csp=True)
    phone.goto("/ur/start/number/")
    tahir = next(one for one in PEOPLE if one.name == "Tahir")
    steps.ask_for_code(phone, tahir.number)
    steps.enter_code(phone, site.code(f"+92{tahir.number[1:]}"))
    phone.wait_for_url("**/mine/**")
    phone.goto("/ur/mine/circle/")
    look(phone)
    expect(phone.locator("audio")).to_have_count(1)
    with phone.expect_download() as saved:
        phone.locator("a[href$='/calendar/']").click()
    assert saved.value.suggested_filename == "meeting.ics"


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_list_is_looked_through_before_anybody_is_taken_in(staff, site, reads):
    page = staff("tariq", viewport=PHONE, bypass_csp=True)
    page.goto("/desk/")
    page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
    page.reload()
    steps.follow(page, "a[href*='/lists/']")
    look(page)
    rows = f"key,name,age,reads,number\n{reads}1,Zara,18+,ur,\n{reads}2,=1+1,18+,ur,\n{reads}3,Omar,12,ur,\n"
    page.set_input_files("#list", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    with page.expect_navigation():
        page.locator("[value=bring]").click()
    look(page)
    expect(page.locator(".state.look")).to_have_count(1)
    with page.expect_navigation():
        page.locator("[value=all]").click()
    expect(page.get_by_role("status")).to_contain_text("2")
    look(page)
    room = page.url.partition("?")[0]
    page.goto(f"{room}?show=people")
    expect(page.get_by_text("=1+1").first).to_be_visible()
    look(page)
    page.goto(room)
    page.locator("[value=drop]").click()
    expect(page.locator("#list")).to_be_visible()


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_a_policy_is_read_tried_on_the_people_of_today_and_written_anew(staff, site, reads):
    page = staff("tariq", viewport=PHONE, bypass_csp=True)
    page.goto("/desk/")
    page.context.add_cookies([{"name": "reads", "value": reads, "url": site.address}])
    page.reload()
    steps.follow(page, "a[href*='/matching/']")
    steps.follow(page, "a[href*='/policy/']")
    address = page.url
    if reads == "ur":
        page.locator("[value=try]").click()
        expect(page.locator("table.trial tbody tr")).to_have_count(7, timeout=30_000)
        look(page)
        return
    page.locator("[value=drop]").click()
    expect(page.locator("[value=sign]")).to_have_count(0)
    look(page)
    page.goto(f"{address}?new=1")
    page.fill("[name=trade]", "1")
    page.locator("[value=write]").click()
    expect(page.locator("#trouble-points")).to_be_visible()
    expect(page.locator("[name=trade]")).to_have_value("1")
    look(page)


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_two_coaches_walk_with_somebody_who_is_handed_over(phones, site, reads):
    page = phones(bypass_csp=True)
    page.goto(f"/{reads}/start/number/")
    steps.ask_for_code(page, MOVES[1])
    nth = {"ur": 1, "en": 2}[reads]  # the same number twice
    steps.enter_code(page, site.code(f"+92{MOVES[1][1:]}", nth))
    page.wait_for_url("**/mine/**")
    page.goto(f"/{reads}/mine/coach/")
    expect(page.locator("h2 bdi")).to_have_count(2)
    look(page)
    page.goto(f"/{reads}/mine/consent/message/")
    look(page)
