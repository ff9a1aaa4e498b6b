"""On the fourth day whoever is asked is reminded: once, on their own pages, and by message if they like."""

from datetime import timedelta

import pytest

from lms import consent, reminders
from lms.models.people import Person, WayIn
from mentors import asking
from mentors.models.matching import Proposal
from tests.cast import NOON
from tests.inside import come_in
from tests.mentors.matched import a_coach, a_seeker, asked

DAY = timedelta(days=1)
SENTENCE = "Something waits for your answer until Saturday."  # the cast's noon is a Sunday


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf", largest=1, comfortable=1)


@pytest.fixture
def zara(home_programme):
    return a_seeker(home_programme, "Zara", "+923005550001")


@pytest.fixture
def question(home_programme, tariq, yusuf, zara):
    return asked(home_programme, tariq, zara)


@pytest.fixture
def sent(settings, tmp_path, django_capture_on_commit_callbacks, time_machine):
    """What leaves the house when the tick comes at a time."""
    settings.DEMO, settings.SMS_GATEWAY, settings.VAR_DIR = True, "console", tmp_path

    def at(moment) -> list[str]:
        time_machine.move_to(moment)
        log = tmp_path / "log" / "sms.log"
        before = log.read_text() if log.exists() else ""
        with django_capture_on_commit_callbacks(execute=True):
            asking.remind(moment)
        return (log.read_text() if log.exists() else "").removeprefix(before).splitlines()

    return at


def _agrees(person) -> None:
    consent.answer(person, consent.Purpose.MESSAGE, "yes", at=NOON, locale="en")


def test_on_the_fourth_day_her_own_place_says_it_first_and_names_nothing(question, zara, time_machine):
    browser = come_in(zara)
    time_machine.move_to(NOON + 4 * DAY - timedelta(seconds=1))
    asking.remind(NOON + 4 * DAY - timedelta(seconds=1))
    assert SENTENCE not in browser.get("/en/mine/").text

    time_machine.move_to(NOON + 4 * DAY)
    assert asking.remind(NOON + 4 * DAY) == 1

    page = browser.get("/en/mine/").text
    assert SENTENCE in page
    assert page.index(SENTENCE) < page.index("My key card")
    assert SENTENCE in browser.get("/en/mine/coach/").text


def test_the_tick_twice_reminds_once(question):
    assert [asking.remind(NOON + 4 * DAY), asking.remind(NOON + 5 * DAY)] == [1, 0]
    assert Proposal.objects.get().reminded_at == NOON + 4 * DAY


@pytest.mark.parametrize(("days", "reminded"), [(6, 1), (7, 0), (30, 0)])
def test_a_tick_that_was_missed_for_days_reminds_while_an_answer_still_counts(question, days, reminded):
    assert asking.remind(NOON + days * DAY) == reminded


def test_who_answered_before_is_not_reminded(question, zara):
    asking.decline(zara, question, now=NOON + DAY)

    assert asking.remind(NOON + 4 * DAY) == 0


def test_after_her_yes_it_is_the_coachs_turn_with_a_week_and_a_reminder_of_their_own(
    question, zara, yusuf, time_machine
):
    asking.remind(NOON + 4 * DAY)
    asking.choose(zara, question, 0, now=NOON + 5 * DAY)
    time_machine.move_to(NOON + 5 * DAY)
    assert "waits for your answer" not in come_in(zara).get("/en/mine/").text
    assert asking.remind(NOON + 8 * DAY) == 0

    assert asking.remind(NOON + 9 * DAY) == 1

    time_machine.move_to(NOON + 9 * DAY)
    page = come_in(yusuf.coach).get("/desk/").text
    assert "Something waits for your answer until Thursday." in page
    assert page.index("waits for your answer") < page.index("My people")


def test_who_asked_for_messages_gets_one_that_says_nothing(question, zara, sent):
    _agrees(zara)
    Person.objects.filter(pk=zara.pk).update(reads="en")

    assert sent(NOON + 4 * DAY) == ["+923005550001 Hamrah: something waits for your answer until Saturday."]
    assert sent(NOON + 5 * DAY) == []


def test_without_a_yes_no_message_leaves_and_her_page_says_it_all_the_same(question, sent):
    assert sent(NOON + 4 * DAY) == []
    assert Proposal.objects.get().reminded_at is not None


def _somebody_else_has_it(person) -> None:
    other = Person.objects.create(name="Hina", age="18+")
    WayIn.objects.create(
        person=other, number="+923005550001", with_pin=True, added_at=NOON, last_used_at=NOON
    )


@pytest.mark.parametrize(
    "but",
    [
        _somebody_else_has_it,
        lambda person: WayIn.objects.filter(person=person).update(with_pin=True),
        lambda person: WayIn.objects.filter(person=person).update(courses_only=True),
        lambda person: WayIn.objects.filter(person=person).update(ended_at=NOON),
        lambda person: WayIn.objects.filter(person=person).update(last_used_at=NOON - 400 * DAY),
        lambda person: Person.objects.filter(pk=person.pk).update(hidden=True),
        lambda person: consent.answer(person, consent.Purpose.MESSAGE, "no", at=NOON, locale="en"),
        lambda person: asking.decline(person, Proposal.objects.get(), now=NOON),
    ],
)
def test_a_message_never_goes_where_somebody_else_may_read_it_or_nobody_wants_it(question, zara, sent, but):
    _agrees(zara)
    but(zara)

    assert sent(NOON + 4 * DAY) == []


def test_a_gateway_that_is_down_is_not_asked_again(question, zara, sent, settings):
    _agrees(zara)
    settings.DEMO, settings.SMS_GATEWAY, settings.SMS_HTTP_URL = False, "http", "http://127.0.0.1:9/"
    assert sent(NOON + 4 * DAY) == []

    settings.DEMO, settings.SMS_GATEWAY = True, "console"
    assert sent(NOON + 5 * DAY) == []


def test_an_answer_that_came_between_the_tick_and_the_worker_stops_the_message(question, zara, sent):
    _agrees(zara)
    asking.remind(NOON + 4 * DAY)
    asking.choose(zara, question, 0, now=NOON + 4 * DAY)

    assert not asking.send_reminder(str(question.pk), now=NOON + 4 * DAY)


@pytest.mark.parametrize("language", ["en", "ur", "de"])
def test_the_message_fits_one_sms_and_has_no_word_about_a_coach(language):
    said = [reminders.words((NOON + n * DAY).date(), language) for n in range(7)]

    assert len(set(said)) == 7
    assert all(len(words) <= 70 for words in said)
    for word in ("coach", "Begleit", "ساتھی", "Amina", "http"):
        assert not any(word in words for words in said)


def test_she_finds_the_question_about_messages_while_she_waits_and_can_take_it_back(zara, time_machine):
    time_machine.move_to(NOON)
    browser = come_in(zara)
    assert "/en/mine/consent/message/" in browser.get("/en/mine/coach/").text
    page = "/en/mine/consent/message/"
    for answer in ("yes", "no"):
        assert "It says only Hamrah" in browser.get(page).text
        browser.post(page, {"answer": answer, "version": "1"})
        assert consent.last_answer(zara, consent.Purpose.MESSAGE) == answer
