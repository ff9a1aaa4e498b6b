"""Who walks beside a person sees how far they are; nobody else does."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser

UIDS = """
import json
from django.conf import settings
from lms.models.people import Person
people = {name.lower(): str(uid) for uid, name in Person.objects.exclude(name="").values_list("pk", "name")}
(settings.VAR_DIR / "people.json").write_text(json.dumps(people))
"""


@pytest.fixture(scope="module")
def people(site) -> dict[str, str]:
    """Under which address a desk would show each person of the demo."""
    site.does(UIDS)
    return json.loads((site.var / "people.json").read_text())


def test_bilal_sees_how_far_amina_is_and_nothing_of_gul_and_farid(staff, people):
    desk = staff("bilal")
    desk.goto("/desk/")
    shown = desk.locator("main tbody a bdi").all_inner_texts()
    assert "Amina" in shown
    assert {"Gul", "Farid"}.isdisjoint(shown)

    amina = desk.get_by_role("link", name="Amina")
    assert desk.locator("tr", has=amina).locator(".so-far").count() == 1
    amina.click()
    desk.wait_for_url(f"**/desk/people/{people['amina']}/")
    expect(desk.locator("ol.time li:not(.talk)")).to_have_count(2)  # one lesson done, one begun
    expect(desk.locator("ol.time li.begun:not(.talk)")).to_have_count(1)

    for hidden in ("gul", "farid"):
        answer = desk.goto(f"/desk/people/{people[hidden]}/")
        assert answer.status == 404
        assert hidden.title() not in desk.content()


def test_tariq_reads_numbers_and_opens_nobody(staff, people):
    desk = staff("tariq")
    desk.goto("/desk/")

    expect(desk.locator("main table tbody tr")).to_have_count(2)  # his programmes
    assert desk.locator("main a[href*='/people/']").count() == 0
    answers = [desk.goto(f"/desk/people/{people[name]}/").status for name in ("amina", "gul", "farid")]
    assert answers == [404, 404, 404]


def test_somebody_who_learns_finds_no_desk(phones, site, new_number):
    phone = phones()
    phone.goto("/ur/start/number/")
    steps.sign_up(phone, site, new_number())

    assert phone.goto("/desk/").status == 404
    assert phone.goto("/cms/").status in {403, 404} or "/staff/login/" in phone.url


def test_a_password_without_the_second_factor_opens_nothing(phones):
    desk = phones(java_script_enabled=False)
    desk.goto("/staff/login/")
    desk.fill("[name=login]", "bilal")
    desk.fill("[name=password]", "ein Weg zu zweit")
    desk.click("footer [form=form]")
    desk.wait_for_url("**/2fa/authenticate/")

    desk.fill("[name=code]", "000000")
    desk.click("footer .go")
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.goto("/desk/")
    assert "/staff/" in desk.url  # still before the door


def test_naveed_reads_how_far_he_is_in_the_coach_course_and_opens_it(staff):
    desk = staff("naveed", viewport={"width": 360, "height": 740})
    desk.goto("/desk/")
    desk.locator("main a[href*='/desk/coach/']").click()
    course = desk.locator("#course")
    expect(course.locator("b")).to_contain_text("5")
    expect(course.locator("b")).to_contain_text("8")
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")

    course.locator("a.way").click()
    desk.wait_for_url("**/walking-with-somebody/")
    expect(desk.locator("main a[href*='/c8-how-are-you/']")).to_be_visible()
