import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from wagtail.models import Locale, Page

from lms import phones
from lms.models.people import User
from mentors.models.bonds import Look
from tests.cast import NOON
from tests.inside import come_in
from tests.lms.ways import come_in_by_card

LATER = NOON + timedelta(days=3)


@pytest.fixture(autouse=True)
def _three_days_later():
    with time_machine.travel(LATER, tick=False):
        yield


def test_a_coach_reads_how_far_each_of_their_people_is(amina, gul, farid, bilal, lessons, did):
    did(amina, lessons[0])
    did(amina, lessons[1], done=False)

    page = come_in(bilal).get("/desk/").content.decode()

    assert "Amina" in page
    assert "1 of 3" in page
    assert "Clean milk" in page
    assert "3 days ago" in page
    assert "Gul" not in page
    assert "Farid" not in page


def test_a_coach_reads_what_one_person_did(amina, bilal, lessons, did):
    did(amina, lessons[0], answers={"a": 1.0, "b": 0.5})

    page = come_in(bilal).get(f"/desk/people/{amina.pk}/").content.decode()

    assert "Wash hands" in page
    assert "2 questions tried, 1 right" in page
    assert "Your look is noted" in page
    assert "+92" not in page


@pytest.mark.parametrize("language", ["de", "ur", "en"])
def test_a_coach_reads_of_lessons_that_are_not_in_the_language_of_the_desk(
    language, amina, bilal, lessons, did
):
    did(amina, lessons[0])
    desk = come_in(bilal)
    desk.post("/desk/language/", {"language": language, "next": "/desk/"})

    people = desk.get("/desk/").context["people"]
    moments = [one.moment for one in desk.get(f"/desk/people/{amina.pk}/").context["entries"]]

    assert [(row.way.title, row.way.done, row.way.of) for row in people] == [("Clean milk", 1, 3)]
    assert [moment.lesson.title for moment in moments] == ["Wash hands"]


def test_how_far_somebody_is_follows_the_language_that_they_read(amina, bilal, lessons, did):
    urdu = Locale.objects.get(language_code="ur")
    for page, title in zip(
        lessons, ["ہاتھ دھوئیں", "دودھ ٹھنڈا کریں"], strict=False
    ):  # the third is not there yet
        copy = page.copy_for_translation(urdu, copy_parents=True)
        type(copy).objects.filter(pk=copy.pk).update(title=title)
        did(amina, page)
    Page.objects.filter(locale=urdu).update(live=True)
    desk = come_in(bilal)

    def seen(language: str) -> tuple:
        desk.post("/desk/language/", {"language": language, "next": "/desk/"})
        way = desk.get("/desk/").context["people"][0].way
        moments = [one.moment for one in desk.get(f"/desk/people/{amina.pk}/").context["entries"]]
        return way.done, way.of, {moment.lesson.title for moment in moments}

    assert seen("en") == (2, 2, {"Wash hands", "Cool the milk"})
    assert seen("de") == (2, 2, {"ہاتھ دھوئیں", "دودھ ٹھنڈا کریں"})


def test_looking_is_noted_and_nothing_else_changes(amina, bilal):
    browser = come_in(bilal)

    browser.get("/desk/")
    browser.get(f"/desk/people/{amina.pk}/")

    assert list(Look.objects.order_by("pk").values_list("by", "person", "what")) == [
        (bilal.pk, amina.pk, "list"),
        (bilal.pk, amina.pk, "progress"),
    ]


def test_not_yours_and_not_there_are_the_same_page(gul, farid, bilal):
    browser = come_in(bilal)

    # LocaleMiddleware tries the address once more with a language before it; then it is not there.
    answers = [browser.get(f"/desk/people/{uid}/", follow=True) for uid in (gul.pk, farid.pk, uuid.uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "address", ["/desk/nowhere/", "/desk/people/00000000-0000-4000-8000-000000000000/", "/desk/remarks/"]
)
def test_who_works_here_is_led_back_to_the_desk_from_what_is_not_there(address, bilal):
    answer = come_in(bilal).get(address, follow=True)

    assert answer.status_code == 404
    assert 'href="/desk/"' in answer.text
    assert "Back to the desk" in answer.text


def test_nobody_else_reads_of_a_desk_where_nothing_is(amina, bilal):
    for browser, address in [(come_in(amina), "/desk/nowhere/"), (come_in(bilal), "/en/nowhere/")]:
        page = browser.get(address, follow=True)

        assert page.status_code == 404
        assert "Back to the desk" not in page.text
        assert 'href="/desk/"' not in page.text


def test_who_does_not_work_here_finds_no_desk(amina, nadia):
    assert come_in(amina).get("/desk/", follow=True).status_code == 404
    for nobody in (None, nadia):
        answer = come_in(nobody).get("/desk/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/staff/login/")


def test_a_lead_reads_that_few_people_are_not_shown(tariq, amina):
    page = come_in(tariq).get("/desk/").content.decode()

    assert "Hand in hand" in page
    assert "too few to show" in page
    assert "Amina" not in page


def test_staff_without_a_role_are_told_whom_to_ask(db):
    newcomer = User.objects.create_user("yasmin", password="a long enough password", is_staff=True)

    assert "ask the lead" in come_in(newcomer).get("/desk/").content.decode()


@pytest.mark.parametrize(("language", "direction"), [("ur", "rtl"), ("en", "ltr"), ("de", "ltr")])
def test_the_desk_is_read_in_the_language_that_was_chosen(language, direction, bilal):
    browser = come_in(bilal)

    answer = browser.post("/desk/language/", {"language": language, "next": "/desk/"})
    page = browser.get("/desk/").content.decode()

    assert answer["Location"] == "/desk/"
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_choosing_a_language_leads_nowhere_else(bilal):
    answer = come_in(bilal).post("/desk/language/", {"language": "ur", "next": "https://example.org/"})

    assert answer["Location"] == "/"


def test_the_desk_is_never_kept_by_a_browser(bilal, amina):
    for address in ("/desk/", f"/desk/people/{amina.pk}/"):
        assert "no-store" in come_in(bilal).get(address)["Cache-Control"]


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_list_costs_the_same_for_one_or_three(
    how_many, bilal, home_programme, django_assert_max_num_queries, lessons, did
):
    from lms import consent, programmes
    from lms.models.people import Person
    from mentors import bonds

    for n in range(how_many):
        person = Person.objects.create(user=User.objects.create(), name=f"Person {n}", age="18+")
        programmes.join(person, home_programme, at=NOON)
        consent.answer(person, "coach", "yes", at=NOON, locale="ur")
        bonds.begin(bilal, person, home_programme, at=NOON)
        did(person, lessons[0])
    browser = come_in(bilal)
    browser.get("/desk/")

    with django_assert_max_num_queries(23):
        browser.get("/desk/")


def test_a_person_reads_who_looked_at_them_and_at_nobody_else(amina, gul, bilal):
    come_in(bilal).get(f"/desk/people/{amina.pk}/")

    assert "bilal" in come_in(amina).get("/en/mine/looks/").content.decode()
    assert "bilal" not in come_in(gul).get("/en/mine/looks/").content.decode()


# ── A new phone ──────────────────────────────────────────────────────────────────────────────────────────

REALLY = "This is really them"


@pytest.fixture
def came_by_card(amina):
    """A browser in which Amina came in with her key card, and sees her courses only."""
    browser = Client()
    come_in_by_card(browser, amina)
    return browser


def test_a_coach_who_knows_that_it_is_them_opens_everything(came_by_card, amina, bilal):
    desk = come_in(bilal)
    assert REALLY in desk.get(f"/desk/people/{amina.pk}/").content.decode()
    assert came_by_card.get("/en/mine/phones/").status_code == 403

    answer = desk.post(f"/desk/people/{amina.pk}/confirm/")

    assert answer["Location"] == f"/desk/people/{amina.pk}/"
    assert came_by_card.get("/en/mine/phones/").status_code == 200
    assert REALLY not in desk.get(answer["Location"]).content.decode()


def test_a_number_and_a_phone_that_came_with_the_card_open_too(amina, bilal):
    from lms import signin

    phone, _token = phones.issue(amina, now=LATER, courses_only=True)
    signin.add_number(amina, "+923111111111", now=LATER, courses_only=True)

    come_in(bilal).post(f"/desk/people/{amina.pk}/confirm/")

    phone.refresh_from_db()
    assert not phone.courses_only
    assert not signin.way_of("+923111111111").courses_only


def test_the_other_phones_still_say_that_a_card_was_used(amina, bilal):
    at_home, _token = phones.issue(amina, now=NOON)
    come_in_by_card(Client(), amina)

    come_in(bilal).post(f"/desk/people/{amina.pk}/confirm/")

    at_home.refresh_from_db()
    assert at_home.notice == "card-used"


def test_pressing_twice_is_pressing_once_and_the_person_reads_of_it(came_by_card, amina, bilal):
    desk = come_in(bilal)

    for minutes in (0, 1):
        with time_machine.travel(LATER + timedelta(minutes=minutes), tick=False):
            assert desk.post(f"/desk/people/{amina.pk}/confirm/").status_code == 302

    amina.refresh_from_db()
    assert amina.confirmed_at == LATER
    assert list(Look.objects.values_list("by", "person", "what", "at")) == [
        (bilal.pk, amina.pk, "phone", LATER)
    ]
    assert "said that a new phone is theirs" in came_by_card.get("/en/mine/looks/").content.decode()


def test_nothing_is_asked_when_nothing_waits(amina, bilal):
    from lms import cards

    cards.issue(amina, now=NOON)
    desk = come_in(bilal)

    assert REALLY not in desk.get(f"/desk/people/{amina.pk}/").content.decode()
    desk.post(f"/desk/people/{amina.pk}/confirm/")

    amina.refresh_from_db()
    assert amina.confirmed_at is None
    assert not Look.objects.filter(what="phone").exists()


def test_the_next_card_waits_for_the_next_yes(came_by_card, amina, bilal):
    desk = come_in(bilal)
    desk.post(f"/desk/people/{amina.pk}/confirm/")

    with time_machine.travel(LATER + timedelta(days=9), tick=False):
        desk = come_in(bilal)
        again = Client()
        come_in_by_card(again, amina)

        assert again.get("/en/mine/phones/").status_code == 403
        assert REALLY in desk.get(f"/desk/people/{amina.pk}/").content.decode()


def test_only_their_own_coach_may_say_so(gul, farid, amina, bilal, sana, tariq):
    for person in (gul, farid, amina):
        come_in_by_card(Client(), person)

    answers = [
        come_in(staff).post(f"/desk/people/{uid}/confirm/").status_code
        for staff, uid in [
            (bilal, gul.pk), (bilal, farid.pk), (bilal, uuid.uuid4()), (sana, amina.pk), (tariq, amina.pk),
        ]
    ]  # fmt: skip

    assert answers == [404] * 5
    for person in (gul, farid, amina):
        person.refresh_from_db()
        assert person.confirmed_at is None


def test_another_site_cannot_press_the_button(came_by_card, amina, bilal):
    answer = come_in(bilal, enforce_csrf_checks=True).post(f"/desk/people/{amina.pk}/confirm/")

    assert answer.status_code == 403
    assert came_by_card.get("/en/mine/phones/").status_code == 403
