"""My way: the next small step stands on top, one tap does it, and no day has to be known."""

import gzip
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from lms import way
from lms.journey import Dates, Plan
from lms.models.journey import Journey, TaskDone
from tests.cast import NOON
from tests.inside import come_in

WAY, GOING, HOME = "/en/mine/way/", "/en/mine/way/going/", "/en/mine/way/home/"
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def of(person) -> Journey:
    return Journey.objects.get(person=person, ended_at=None)


def following(page: str) -> str:
    """What the big button does."""
    return page.rpartition('form="list" name="done" value="')[2].partition('"')[0]


def test_whoever_says_nothing_is_asked_kindly_and_may_not_know(amina):
    phone = come_in(amina)
    assert "How is it with you?" in phone.get(WAY).text

    page = phone.post(WAY, {"undecided": "yes"}, follow=True).text

    assert "Not decided yet" in page
    assert following(page) == "talk-it-over"
    assert "state look" not in page


def test_a_day_sorts_the_list_and_says_how_many_are_left(amina):
    phone = come_in(amina)

    page = phone.post(GOING, {"day": day(40)}, follow=True).text

    assert "Getting ready" in page
    assert "40 days to go" in page
    assert "as soon as you can" in page  # six weeks before has just passed: it is no fault
    assert "in 12 days" in page  # four weeks before


def test_one_tap_does_the_next_step_and_a_second_tap_is_no_second_step(amina):
    phone = come_in(amina)
    phone.post(GOING, {"day": day(40)})
    first = following(phone.get(WAY).text)

    for _ in range(2):
        page = phone.post(WAY, {"done": first}, follow=True).text

    assert TaskDone.objects.count() == 1
    assert following(page) not in ("", first)
    assert "1 thing is done" in page
    page = phone.post(WAY, {"undo": first}, follow=True).text
    assert following(page) == first


def test_who_leaves_earlier_touches_once_and_sees_the_red_things_first(amina):
    phone = come_in(amina)
    page = phone.post(GOING, {"day": day(60)}, follow=True).text
    assert f'name="on" value="{day(7)}"' in page

    page = phone.post(GOING, {"on": day(7)}, follow=True).text

    assert "7 days to go" in page
    assert "First of all" in page
    assert page.count('class="task first"') == 4  # and the fifth on top


@pytest.mark.parametrize(
    "typed", ["10.12.2026", "10/12/2026", "10-12-2026", "10 12 2026", "2026-12-10", "۱۰.۱۲.۲۰۲۶"]
)
def test_a_day_may_be_written_as_people_write_it(amina, typed):
    come_in(amina).post(GOING, {"day": typed})

    assert of(amina).departure_on.isoformat() == "2026-12-10"


@pytest.mark.parametrize(
    ("address", "typed", "said"),
    [
        (GOING, day(-3), "That day has passed."),
        (GOING, "2062-01-01", "more than two years away"),
        (GOING, "after the feast", "We could not read this day."),
        (GOING, "31.2.2027", "We could not read this day."),
        (GOING, "9" * 500, "We could not read this day."),
        (HOME, day(2), "That day has not come yet."),
        (HOME, "01.01.1970", "more than ten years ago"),
    ],
)
def test_a_day_that_cannot_be_is_said_in_a_sentence_and_stays_as_it_was_typed(amina, address, typed, said):
    answer = come_in(amina).post(address, {"day": typed})

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed[:40]}"' in answer.text
    assert not Journey.objects.exists()


def test_who_arrived_and_leaves_again_is_told_how(amina):
    phone = come_in(amina)
    phone.post(GOING, {"day": day(1)})
    phone.post(HOME, {"on": day(0)})

    answer = phone.post(GOING, {"day": day(100)})

    assert "Is this a new way?" in answer.text
    phone.post("/en/mine/way/ends/", {"ending": "moved-on"})
    assert phone.post(GOING, {"day": day(100)}).status_code == 302


def test_when_the_day_has_passed_the_page_asks_and_one_tap_answers(amina, time):
    phone = come_in(amina)
    phone.post(GOING, {"day": day(3)})
    time.move_to(NOON + timedelta(days=5))
    page = phone.get(WAY).text
    assert "Are you there?" in page
    assert "at home" not in page  # nobody knows it yet

    page = phone.post(HOME, {"on": day(4)}, follow=True).text

    assert "Are you there?" not in page
    assert "Day 1 at home" in page


def test_who_is_home_already_gets_a_list_without_a_day(amina):
    page = come_in(amina).post(HOME, {"unknown": "yes", "day": ""}, follow=True).text

    assert "At home" in page
    assert following(page) == "new-number"
    assert "Getting ready" not in page


def test_what_fits_somebody_adds_to_the_list(amina):
    phone = come_in(amina)
    phone.post(HOME, {"on": day(-3)})
    assert "next vet" not in phone.get(WAY).text

    phone.post("/en/mine/way/about/", {"trade": "dairy", "part": "alone", "kind": "no such thing"})

    assert "next vet" in phone.get(WAY).text
    assert (of(amina).trade, of(amina).part, of(amina).kind) == ("dairy", "alone", "")


def test_a_fact_says_who_says_so_and_when_it_is_looked_at_again(amina, time):
    phone = come_in(amina)
    phone.post(HOME, {"on": day(0)})
    assert "We look at it again by 31 January 2027." in phone.get(WAY).text

    time.move_to(NOON + timedelta(days=80))

    assert "This may have changed. Ask first." in phone.get(WAY).text


def test_an_ending_is_no_failure_and_the_way_may_begin_anew(amina):
    phone = come_in(amina)
    phone.post(HOME, {"on": day(-3)})
    assert "Does your way end here?" in phone.get("/en/mine/way/ends/").text

    page = phone.post("/en/mine/way/ends/", {"ending": "moved-on"}, follow=True).text

    assert "All the best!" in page
    assert "How is it with you?" in phone.get(WAY).text


@pytest.mark.parametrize("ending", ["died", "lost", "", "no such thing"])
def test_what_only_others_may_say_ends_nothing(amina, ending):
    phone = come_in(amina)
    phone.post(HOME, {"on": day(-3)})

    phone.post("/en/mine/way/ends/", {"ending": ending})

    assert of(amina).ending == ""


@pytest.mark.parametrize("page", ["about/", "ends/", "plan/"])
def test_before_there_is_a_way_its_pages_lead_to_the_first_question(amina, page):
    answer = come_in(amina).get(WAY + page)

    assert (answer.status_code, answer.headers["Location"]) == (302, WAY)


@pytest.mark.parametrize("language", ["en", "ur", "de"])
def test_the_list_stands_on_one_page_of_paper(amina, language):
    way.say(amina, Dates(Plan.GOING, TODAY + timedelta(days=5)), now=NOON)

    answer = come_in(amina).get(f"/{language}/mine/way/plan/")

    assert answer.headers["Content-Type"] == "application/pdf"
    paper = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    text = paper[0].get_textpage().get_text_bounded()
    assert len(paper) == 1
    assert language == "ur" or {"en": "Get your key card", "de": "Schlüsselkarte"}[language] in text
    paper.close()


def test_ones_place_leads_to_the_way(amina, nadia):
    assert "/mine/way/" in come_in(amina).get("/en/mine/").text
    assert "/mine/way/" not in come_in(nadia).get("/en/mine/").text


def test_the_day_is_that_of_the_place_where_somebody_lives(amina, time):
    phone = come_in(amina)
    phone.post(GOING, {"day": day(3)})
    time.move_to(NOON.replace(hour=23, tzinfo=ZoneInfo("Asia/Karachi")) + timedelta(hours=2))

    assert "2 days to go" in phone.get(WAY).text


def test_the_page_asks_the_same_however_much_is_done(amina, django_assert_max_num_queries):
    phone = come_in(amina)
    phone.post(HOME, {"on": day(-500)})
    for task in ("new-number", "register-phone", "first-numbers"):
        phone.post(WAY, {"done": task})
    phone.get(WAY)

    with django_assert_max_num_queries(7):
        phone.get(WAY)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_longest_list_is_light(amina, language):
    phone = come_in(amina)
    phone.post(GOING, {"day": day(14)})

    page = phone.get(f"/{language}/mine/way/").content

    assert page.count(b'class="task') > 10
    assert len(gzip.compress(page)) <= 14 * 1024
