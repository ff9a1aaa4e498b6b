"""How coaches are trained: the course, its check, and who says yes only after it."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page

from courses.models import CataloguePage, CoursePage, LessonPage, Publication, UnitPage
from lms import consent, phones
from lms.models.record import RecordLine
from mentors import coaches, training
from mentors.models.coaching import CoachProfile
from mentors.models.training import Trainee, Training
from tests.cast import NOON, _learner, _staff
from tests.inside import come_in
from tests.lms.phone import HOUR, answered, lesson, line, question, send
from tests.mentors.matched import A_COACH

DAY = timedelta(days=1)
ASKED = ("q1", "q2", "q3")
IN_A_YEAR = (NOON + timedelta(days=365)).date()


@pytest.fixture
def november(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def taught(db):
    """Two lessons for coaches, and a check of three questions: two must be right, twice it may be tried."""
    english = Locale.objects.get(language_code="en")
    catalogue = Page.get_first_root_node().add_child(
        instance=CataloguePage(title="Lessons", slug="catalogue", locale=english)
    )
    course = catalogue.add_child(
        instance=CoursePage(title="Walking with somebody", slug="walking", locale=english, for_coaches=True)
    )
    unit = course.add_child(instance=UnitPage(title="Beginning", slug="beginning", locale=english))
    pages = [
        unit.add_child(instance=LessonPage(title=title, slug=title.lower(), locale=english))
        for title in ("Beside", "Listen", "Check")
    ]
    quiz = {"quiz": {"questions": [*ASKED], "pass_mark": 2, "tries": 2}}
    given = [lesson(key=page.translation_key) for page in pages[:2]]
    given.append(lesson(key=pages[2].translation_key, **{name: question() | quiz for name in ASKED}))
    for page, rendering in zip(pages, given, strict=True):
        path = f"/en/walking/beginning/{page.slug}/"
        Publication.objects.create(path=path, page_key=page.translation_key, locale="en", rendering=rendering)
    return given


@pytest.fixture
def yusuf(home_programme, db):
    """He asked to be a coach."""
    return coaches.offer(_staff(home_programme, "yusuf", "coach"), home_programme, A_COACH)


@pytest.fixture
def learner(home_programme):
    """The same man in his own place."""
    return _learner(home_programme, "Yusuf", "+923005559999", said={"record": "yes"})


@pytest.fixture
def phone(learner):
    return phones.issue(learner, now=NOON)[0]


def a_try(check, *chosen: str) -> list[dict]:
    """Every question answered once; b is right."""
    return [answered(check, one, block=block) for block, one in zip(ASKED, chosen, strict=True)]


def look(profile, now=NOON):
    return training.look(profile, training.course(), now=now)


def test_who_passes_the_check_is_trained_for_a_year(taught, yusuf, learner, phone):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "a", "b"))

    new = look(yusuf)

    assert (new.on, new.until, new.by) == (NOON.date(), IN_A_YEAR, None)
    assert CoachProfile.objects.get(pk=yusuf.pk).trained_until == IN_A_YEAR
    assert look(yusuf) is None
    assert Training.objects.count() == 1


def test_who_does_not_pass_it_is_not_trained_and_more_tries_than_there_are_change_nothing(
    taught, yusuf, learner, phone
):
    training.begin(yusuf, learner, now=NOON)
    for _ in range(2):
        send(learner, phone, *a_try(taught[2], "a", "a", "b"))
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))

    assert look(yusuf) is None
    assert CoachProfile.objects.get(pk=yusuf.pk).trained_until is None


def test_half_a_try_is_none(taught, yusuf, learner, phone):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b")[:2])

    assert look(yusuf) is None


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.permutations(range(3)), twice=st.lists(st.integers(0, 2)), cuts=st.integers(0, 3))
def test_late_twice_and_out_of_order_it_counts_once(taught, yusuf, learner, phone, order, twice, cuts):
    Training.objects.all().delete()
    CoachProfile.objects.update(trained_until=None)
    RecordLine.objects.all().delete()
    training.begin(yusuf, learner, now=NOON)
    lines = a_try(taught[2], "b", "b", "a")
    came = [lines[n] for n in [*order, *twice]]
    for late, part in enumerate((came[:cuts], came[cuts:])):
        send(learner, phone, *part, now=NOON + late * DAY, sent_at=NOON + late * DAY)
        look(yusuf, now=NOON + late * DAY)

    for later in range(3):
        look(yusuf, now=NOON + (2 + later) * DAY)
    assert [(one.on, one.by) for one in Training.objects.all()] == [(NOON.date(), None)]


def test_what_was_never_agreed_to_be_remembered_trains_nobody(taught, yusuf, learner, phone):
    consent.answer(learner, "record", "later", at=NOON, locale="ur")
    training.begin(yusuf, learner, now=NOON)
    assert send(learner, phone, *a_try(taught[2], "b", "b", "b")) == ["held consent_pending"] * 3

    assert look(yusuf) is None


def test_nobodys_record_is_read_before_they_say_so(taught, yusuf, learner, phone):
    send(learner, phone, *a_try(taught[2], "b", "b", "b"), line(taught[0], "completed"))

    assert look(yusuf) is None
    way = training.ways([yusuf], training.course())[yusuf.pk]
    assert (way.done, way.of, way.is_known, way.last) == (0, 2, False, None)

    training.begin(yusuf, learner, now=NOON)
    assert look(yusuf)
    assert training.ways([yusuf], training.course())[yusuf.pk].done == 1


def test_two_months_before_it_ends_it_is_passed_anew(taught, yusuf, learner, phone):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))
    look(yusuf)
    soon, late = NOON + 100 * DAY, NOON + 320 * DAY
    send(learner, phone, *[{**one, "at": soon.isoformat()} for one in a_try(taught[2], "b", "b", "b")], now=soon, sent_at=soon)  # fmt: skip # noqa: E501
    assert look(yusuf, now=soon) is None
    assert look(yusuf, now=late) is None

    send(learner, phone, *[{**one, "at": late.isoformat()} for one in a_try(taught[2], "b", "b", "b")], now=late, sent_at=late)  # fmt: skip # noqa: E501

    assert look(yusuf, now=late).on == late.date()
    assert Training.objects.count() == 2


def test_nobody_looks_and_tick_writes_it_down_once(taught, yusuf, learner, phone, november):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))

    call_command("tick")
    call_command("tick")

    assert Training.objects.get().profile == yusuf


def test_what_was_passed_more_than_a_year_ago_trains_nobody(taught, yusuf, learner, phone):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))

    assert look(yusuf, now=NOON + 400 * DAY) is None


def test_what_was_done_long_ago_and_comes_late_takes_nothing_away(taught, yusuf, learner, phone, tariq):
    training.begin(yusuf, learner, now=NOON)
    training.by_hand(yusuf, tariq, "At the partner's.", now=NOON + 30 * DAY)
    late = NOON + 350 * DAY
    send(learner, phone, *a_try(taught[2], "b", "b", "b"), now=late, sent_at=late)

    for _ in range(2):
        assert look(yusuf, now=late) is None
    assert Training.objects.get().by == tariq


def test_who_is_forgotten_leaves_the_day_of_the_training_and_nothing_of_their_place(
    taught, yusuf, learner, phone
):
    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))
    look(yusuf)

    learner.delete()

    assert not Trainee.objects.exists()
    assert Training.objects.get().on == NOON.date()
    assert look(yusuf, now=NOON + 320 * DAY) is None


# ── The desk ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def room(home_programme, tariq, november):
    return come_in(tariq), f"/desk/matching/{home_programme.pk}/"


def test_a_yes_before_the_check_is_refused_with_a_sentence(room, taught, yusuf, learner, phone):
    browser, page = room
    assert "Say yes" not in browser.get(page).text

    refused = browser.post(page, {"act": "approve", "coach": yusuf.pk})
    assert refused.status_code == 409
    assert "This coach has not passed the check yet." in refused.text
    assert CoachProfile.objects.get().approved_by is None

    training.begin(yusuf, learner, now=NOON)
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))
    assert "passed the check on 22 November 2026" in browser.get(page).text
    assert browser.post(page, {"act": "approve", "coach": yusuf.pk}).status_code == 302
    profile = CoachProfile.objects.get()
    assert (profile.approved_by.username, profile.vetted_until) == ("tariq", IN_A_YEAR)


def test_who_was_trained_elsewhere_is_said_by_hand_and_why(room, yusuf):
    browser, page = room
    assert (
        "Please write where" in browser.post(page, {"act": "trained", "coach": yusuf.pk, "reason": " "}).text
    )
    for _ in range(2):
        browser.post(page, {"act": "trained", "coach": yusuf.pk, "reason": "At the partner's,\0 in May."})

    said = Training.objects.get()
    assert (said.by.username, said.reason, said.until) == ("tariq", "At the partner's, in May.", IN_A_YEAR)
    assert "trained elsewhere: <bdi>At the partner&#x27;s, in May.</bdi>" in browser.get(page).text


def test_nobody_says_it_of_themselves_nor_of_somebody_of_another_programme(
    room, tariq, yusuf, home_programme, other_programme
):
    browser, page = room
    own = coaches.offer(tariq, home_programme, A_COACH)
    browser.post(page, {"act": "trained", "coach": own.pk, "reason": "I know."})
    far = coaches.offer(_staff(other_programme, "far", "coach"), other_programme, A_COACH)
    answer = browser.post(page, {"act": "trained", "coach": far.pk, "reason": "Why not."})

    assert answer.status_code == 404
    assert not Training.objects.exists()


def test_a_coach_lets_the_course_count_in_their_own_place(taught, yusuf, learner, phone, home_programme, november):  # fmt: skip # noqa: E501
    own = f"/desk/coach/{home_programme.pk}/"
    desk = come_in(yusuf.coach)
    shown = desk.get(own).text
    assert "Before somebody is proposed to you" in shown
    assert "/en/walking/" in shown
    away = desk.post(own, {"act": "learn-as"})
    assert desk.get(own).status_code == 302  # they left the desk

    place = come_in(learner)
    address = re.sub("^/[a-z]{2}/", "/en/", away["Location"])
    assert "May your programme see how far you are" in place.get(address).text
    place.post(address, {"no": "no"})
    assert not Trainee.objects.exists()
    assert place.post(address, {"yes": "yes"})["Location"] == "/en/walking/"
    send(learner, phone, line(taught[0], "completed", at=NOON - HOUR))

    assert "The coach course: 1 of 2 lessons, then the check" in come_in(yusuf.coach).get(own).text
    send(learner, phone, *a_try(taught[2], "b", "b", "b"))
    assert "You passed the check on 22 November 2026." in come_in(yusuf.coach).get(own).text
    come_in(yusuf.coach).post(own, {"act": "learn-unseen"})
    assert not Trainee.objects.exists()
    assert Training.objects.exists()


@pytest.mark.parametrize("age", ["18+", "16-17"])
def test_an_old_or_invented_way_opens_nothing_and_the_young_are_no_coaches(taught, yusuf, learner, age, time_machine):  # fmt: skip # noqa: E501
    time_machine.move_to(NOON, tick=False)
    code = training.code(yusuf)
    type(learner).objects.filter(pk=learner.pk).update(age=age)
    if age == "18+":
        time_machine.move_to(NOON + 2 * HOUR, tick=False)
    place = come_in(learner)

    for said in (code, "x", "1:2:3"):
        answer = place.post(f"/en/mine/course/{said}/", {"yes": "yes"})
        assert (answer.status_code, "This way is over" in answer.text) == (404, True)
    assert not Trainee.objects.exists()


def test_a_coach_who_left_is_asked_for_two_yeses_and_is_still_trained(yusuf, tariq, home_programme):
    training.by_hand(yusuf, tariq, "At the partner's.", now=NOON)
    coaches.leave(yusuf, now=NOON)

    back = coaches.offer(yusuf.coach, home_programme, A_COACH)

    assert coaches.is_trained(back, today=NOON.date())
    assert not coaches.is_trained(back, today=date(2028, 1, 1))
