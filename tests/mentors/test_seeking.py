"""Somebody looks for a coach, as a phone without scripts would show it."""

import pytest

from media import voices
from mentors import asking, bonds, needs, times
from mentors.models.bonds import Bond, Look
from mentors.models.coaching import MatchNeeds
from mentors.seeking import STEPS, spoken
from tests.cast import NOON
from tests.inside import come_in
from tests.mentors.matched import A_COACH, A_NEED, a_coach, a_draft, a_seeker, asked

PAGE = "/en/mine/coach/"
ANSWERS = {
    "gender": {"gender": "woman"},
    "wish": {"wish": "any"},
    "mother": {"mother": "pnb"},
    "languages": {"languages": ["ur", "de"]},
    "where": {"district": "okara", "village": "Chak 12", "not_same_village": "on"},
    "how": {"how": "both"},
    "time": {"time": ["0-2", "4-2"]},
    "trade": {"trade": "dairy"},
}


@pytest.fixture
def time(time_machine):
    time_machine.move_to(NOON)
    return time_machine


@pytest.fixture
def browser(amina):
    bonds.end(bonds.present(amina), at=NOON)
    return come_in(amina)


def answer_all(browser, **changes) -> None:
    for number, step in enumerate(STEPS, 1):
        browser.post(f"{PAGE}{number}/", ANSWERS[step.name] | changes.get(step.name, {}))


def page(browser) -> str:
    return browser.get(PAGE).content.decode()


def test_eight_small_questions_and_she_stands_in_the_row(browser, amina, home_programme):
    assert "Would you like somebody at your side?" in page(browser)
    answer_all(browser)

    told = needs.of(amina)
    assert told.programme == home_programme
    assert (told.gender, told.wish, told.mother, told.languages) == ("woman", "any", "pnb", ["ur", "de"])
    assert (told.district, told.village, told.not_same_village) == ("okara", "Chak 12", True)
    assert (told.remote, told.reach_km, told.trade) == (True, 40, "dairy")
    assert times.parts(told.slots) == [(0, 2), (4, 2)]
    assert "We are looking for your coach" in page(browser)


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_every_question_is_heard_and_answered_without_a_script(browser, number):
    shown = browser.get(f"{PAGE}{number}/").content.decode()

    assert f'data-say="ui:{STEPS[number - 1].question}"' in shown
    assert "novalidate" in shown


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("gender", {}, "Please choose one."),
        ("gender", {"gender": "queen"}, "Please choose one."),
        ("how", {"how": ""}, "Please choose one."),
        ("time", {}, "Please choose at least one time."),
        ("time", {"time": ["7-0", "x", "0-9"]}, "Please choose at least one time."),
    ],
)
def test_what_cannot_be_is_asked_again_in_a_sentence(browser, name, said, sentence):
    number = [step.name for step in STEPS].index(name) + 1
    answer = browser.post(f"{PAGE}{number}/", said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_signs_that_turn_a_line_around_do_not_get_into_the_name_of_a_village(browser, amina):
    answer_all(browser, where={"village": "  Chak \u202e21  " + "x" * 300, "district": "atlantis"})

    told = needs.of(amina)
    assert told.village.startswith("Chak 21 xxx")
    assert (len(told.village) <= 80, told.district) == (True, "")


def test_the_last_answer_alone_keeps_nothing(browser, amina):
    answer = browser.post(f"{PAGE}8/", ANSWERS["trade"])

    assert answer["Location"] == f"{PAGE}1/"
    assert needs.of(amina) is None


def test_a_change_begins_with_what_was_said(browser, amina):
    answer_all(browser)
    assert 'value="pnb" checked' in browser.get(f"{PAGE}3/").content.decode()

    browser.post(f"{PAGE}8/", {"trade": "shop"})

    told = needs.of(amina)
    assert (told.trade, told.version, told.mother) == ("shop", 2, "pnb")


def test_who_is_in_no_programme_is_told_whom_to_ask(browser, amina, home_programme):
    from lms import programmes

    programmes.leave(programmes.present(amina, home_programme, programmes.Role.LEARNER), at=NOON)

    assert "Ask the people of your course for an invitation." in page(browser)
    assert browser.get(f"{PAGE}1/").status_code == 404


def test_nobody_is_looked_for_any_more_when_she_says_so(browser, amina):
    answer_all(browser)
    browser.post(PAGE, {"act": "no-more"})

    assert not MatchNeeds.objects.exists()


@pytest.fixture
def question(time, home_programme, tariq, browser, amina):
    for name in ("bashir", "waqas"):
        a_coach(home_programme, name)
    needs.tell(amina, home_programme, A_NEED, now=NOON)
    return asked(home_programme, tariq, amina)


def test_she_chooses_between_people_without_a_name(question, browser, amina):
    shown = page(browser)
    assert "Coach 1" in shown
    assert "You grew up with the same language." in shown
    assert "ashir" not in shown
    assert "aqas" not in shown

    browser.post(PAGE, {"act": "choose", "rank": "1"})
    assert "Now we ask your coach" in page(browser)
    assert asking.asked(amina, now=NOON).chosen == 1


def test_a_no_is_kept_to_herself(question, browser, amina):
    browser.post(PAGE, {"act": "none"})

    question.refresh_from_db()
    assert question.state == "declined"
    assert "We are looking for your coach" in page(browser)


@pytest.mark.parametrize("said", [{"act": "choose"}, {"act": "choose", "rank": "9"}, {"act": "dance"}, {}])
def test_what_nobody_offered_changes_nothing(question, browser, said):
    assert browser.post(PAGE, said).status_code == 302
    question.refresh_from_db()
    assert question.state == "asked"


def test_a_coach_who_was_taken_meanwhile_is_said_so(question, browser, home_programme):
    options = asking.options(question)
    for n in range(3):
        there = a_seeker(home_programme, f"Hina {n}", f"+92300555100{n}")
        bonds.begin(options[1].coach, there, home_programme, at=NOON)

    answer = browser.post(PAGE, {"act": "choose", "rank": "1"}, follow=True)
    assert "This one has just begun to walk with somebody else." in answer.content.decode()


def test_both_say_yes_and_each_number_is_seen_only_by_its_owners_yes(question, browser, amina):
    browser.post(PAGE, {"act": "choose", "rank": "0"})
    coach = asking.options(question)[0].coach
    desk = come_in(coach)
    shown = desk.get("/desk/").content.decode()
    assert "Somebody would like to walk with you" in shown
    assert "Amina" not in shown

    desk.post(f"/desk/coach/asked/{question.pk}/", {"yes": "yes"})

    assert bonds.present(amina).coach == coach
    assert coach.first_name in page(browser) or coach.username in page(browser)
    assert A_COACH["number"] not in page(browser)
    assert "tel:" not in desk.get(f"/desk/people/{amina.pk}/").content.decode()
    browser.post(PAGE, {"act": "number", "yes": "yes"})
    desk.post(f"/desk/people/{amina.pk}/number/", {"yes": "yes"})
    assert f"tel:{A_COACH['number']}" in page(browser)
    assert "tel:+92" in desk.get(f"/desk/people/{amina.pk}/").content.decode()
    browser.post(PAGE, {"act": "number", "no": "no"})
    assert "tel:" not in desk.get(f"/desk/people/{amina.pk}/").content.decode()


def test_within_four_weeks_she_stops_and_nobody_asks_why(question, browser, amina):
    browser.post(PAGE, {"act": "choose", "rank": "0"})
    bond = asking.accept(asking.options(question)[0].coach, question, now=NOON)
    assert "nobody asks why" in page(browser)

    browser.post(PAGE, {"act": "stop"})

    bond.refresh_from_db()
    assert bond.ended_at is not None
    assert not Bond.objects.filter(person=amina, ended_at=None).exists()


def test_a_coach_who_is_not_asked_finds_no_such_page(question, bilal):
    assert come_in(bilal).post(f"/desk/coach/asked/{question.pk}/", {"yes": "yes"}).status_code == 404


def test_who_looked_for_a_coach_for_her_is_read_by_her(time, home_programme, tariq, browser, amina):
    needs.tell(amina, home_programme, A_NEED, now=NOON)
    a_draft(home_programme, tariq)
    come_in(tariq).get(f"/desk/matching/{home_programme.pk}/")

    assert Look.objects.filter(person=amina, by=tariq, what="match").count() == 1


def test_everything_that_the_questions_say_is_in_the_list_of_voices(db):
    keys = {text.key for text in voices.texts("ur")}

    assert {voices.sentence(said) for said, _more in spoken()} <= keys
