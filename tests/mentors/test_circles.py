"""Circles: who is asked, who is in one, who leads it; and when it meets."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from lms import consent, privacy
from lms.models.programme import Membership
from mentors import access, circles, coaches, meetings, needs, safety, times
from mentors.models.bonds import Look
from mentors.models.circles import Attendance, Circle, CircleDraft, CircleSeat, Meeting, RollCall
from tests.cast import NOON, _bond, _learner, _staff
from tests.inside import come_in
from tests.lms.conftest import many_at_once  # noqa: F401 - threads that see one database
from tests.lms.phone import at_once
from tests.mentors.circled import A_CIRCLE, a_circle, a_meeting
from tests.mentors.matched import A_COACH
from tests.mentors.test_ics import read

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def zara(home_programme, bilal):
    person = _learner(home_programme, "Zara", "+923001230001", said={"record": "yes", "coach": "yes"})
    _bond(bilal, person, home_programme)
    return person


@pytest.fixture
def circle(bilal, home_programme, amina):
    """Amina is in it."""
    return a_circle(bilal, home_programme, amina)


def page(person) -> str:
    return come_in(person).get("/en/mine/circle/").text


def act(person, circle, what):
    return come_in(person).post("/en/mine/circle/", {"act": what, "circle": str(circle.pk)})


def people_of(circle) -> list[str]:
    return [one.name for one in access.members_of(circle)]


# ── Who is in it ─────────────────────────────────────────────────────────────────────────────────────────


def test_bilal_makes_a_circle_and_asks_zara_who_says_yes_on_her_own_page(bilal, home_programme, zara):
    desk = come_in(bilal)
    form = {"uid": str(uuid.uuid4()), **A_CIRCLE}
    for _ in range(2):  # a second tap is no second circle
        answer = desk.post(f"/desk/circles/new/{home_programme.pk}/", form)
    circle = Circle.objects.get()
    assert answer["Location"] == f"/desk/circles/{circle.pk}/"
    desk.post(f"/desk/circles/{circle.pk}/", {"act": "ask", "person": [str(zara.pk)]})
    assert people_of(circle) == []
    assert "Would you like to join a circle?" in page(zara)
    assert "Bilal" in page(zara)

    for _ in range(2):
        act(zara, circle, "join")

    assert people_of(circle) == ["Zara"]
    assert CircleSeat.objects.count() == 1
    assert "Zara" in desk.get(f"/desk/circles/{circle.pk}/").text
    assert Look.objects.filter(by=bilal, person=zara, what="list").exists()


def test_nobody_is_put_into_a_circle(circle, zara, bilal):
    circles.ask(circle, bilal, [zara.pk], now=NOON)

    assert people_of(circle) == ["Amina"]
    with pytest.raises(IntegrityError), transaction.atomic():
        CircleSeat.objects.filter(person=zara).update(joined_at=NOON, asked_at=None)


def test_a_no_stays_with_who_said_it(circle, zara, bilal, amina):
    other = _learner(circle.programme, "Silent", "+923001230002", said={"coach": "yes"})
    _bond(bilal, other, circle.programme)
    circles.ask(circle, bilal, [zara.pk, other.pk], now=NOON)
    act(zara, circle, "not-now")

    page_of_bilal = come_in(bilal).get(f"/desk/circles/{circle.pk}/")
    assert page_of_bilal.context["askable"] == []  # as with who did not answer
    assert "Zara" not in page_of_bilal.text
    assert "Silent" not in page_of_bilal.text
    assert circles.ask(circle, bilal, [zara.pk], now=NOON + DAY) == 0
    act(zara, circle, "join")
    assert people_of(circle) == ["Amina"]


def test_who_leaves_loses_sight_at_once_and_is_seen_no_more(circle, amina, bilal):
    meeting = a_meeting(circle)
    hers = come_in(amina)
    assert "Chak 12" in hers.get("/en/mine/circle/").text
    assert hers.get(f"/en/mine/circle/{meeting.pk}/calendar/").status_code == 200

    act(amina, circle, "leave")

    assert "Chak 12" not in hers.get("/en/mine/circle/").text
    assert hers.get(f"/en/mine/circle/{meeting.pk}/calendar/").status_code == 404
    assert people_of(circle) == []
    assert "Amina" not in come_in(bilal).get(f"/desk/circles/{circle.pk}/").text


@pytest.mark.parametrize("why", ["consent", "programme", "apart"])
def test_who_is_in_a_circle_is_asked_anew_with_every_look(why, circle, amina, bilal, home_programme, tariq):
    assert people_of(circle) == ["Amina"]
    if why == "consent":
        consent.answer(amina, "coach", "no", at=NOON, locale="ur")
    elif why == "programme":
        Membership.objects.filter(person=amina).update(ended_at=NOON)
    else:
        safety.keep_apart(home_programme, amina, bilal, "kin", by=tariq, now=NOON)

    assert people_of(circle) == []
    assert (circles.of(amina) != []) is (why == "consent")  # it is still her circle; she is not seen


def test_somebody_of_another_programme_or_without_a_yes_cannot_be_asked(circle, farid, gul, bilal, tariq):
    assert circles.ask(circle, bilal, [farid.pk, gul.pk], now=NOON) == 0
    assert circles.ask(circle, tariq, [farid.pk, gul.pk], now=NOON) == 0


def test_a_coach_asks_their_own_people_and_who_runs_the_programme_all_of_it(circle, bilal, tariq):
    stranger = _learner(circle.programme, "Hina", "+923001230003", said={"coach": "yes"})

    assert circles.ask(circle, bilal, [stranger.pk], now=NOON) == 0
    assert circles.ask(circle, tariq, [stranger.pk], now=NOON) == 1


def test_at_16_nobody_is_asked_before_the_safeguarding_lead_says_so(circle, zara, bilal, home_programme):
    huma = _staff(home_programme, "huma", "safeguarding")
    type(zara).objects.filter(pk=zara.pk).update(age="16-17")
    assert circles.ask(circle, bilal, [zara.pk], now=NOON) == 0

    said = {"gender": "woman", "mother": "ur"}
    needs.agree(needs.tell(zara, home_programme, said, now=NOON), huma)

    assert circles.ask(circle, bilal, [zara.pk], now=NOON) == 1


def test_a_full_circle_asks_nobody_more_and_the_last_seat_is_taken_once(bilal, home_programme, amina, zara):
    circle = a_circle(bilal, home_programme, amina, largest=2)
    circles.ask(circle, bilal, [zara.pk], now=NOON)
    third = _learner(home_programme, "Third", "+923001230004", said={"coach": "yes"})
    _bond(bilal, third, home_programme)
    assert circles.ask(circle, bilal, [third.pk], now=NOON) == 0

    CircleSeat.objects.create(circle=circle, person=third, at=NOON, asked_at=NOON)
    act(zara, circle, "join")
    answer = act(third, circle, "join")

    assert people_of(circle) == ["Amina", "Zara"]
    assert "has just been taken" in come_in(third).get(answer["Location"]).text


def test_of_two_yeses_on_the_last_seat_one_is_in_the_circle(many_at_once, bilal, home_programme):  # noqa: F811
    circle = a_circle(bilal, home_programme, largest=2)
    people = [
        _learner(home_programme, name, f"+92300123001{n}", said={"coach": "yes"})
        for n, name in enumerate(["Asma", "Bushra", "Fozia"])
    ]
    for one in people:
        CircleSeat.objects.create(circle=circle, person=one, at=NOON, asked_at=NOON)
    circles.join(people[0], circle.pk, now=NOON)
    outcomes = []

    def join(person):
        try:
            circles.join(person, circle.pk, now=NOON)
            outcomes.append("in")
        except circles.Full:
            outcomes.append("full")

    at_once(*(lambda person=person: join(person) for person in people[1:]))

    assert sorted(outcomes) == ["full", "in"]
    assert len(people_of(circle)) == 2


def test_an_old_question_is_over(circle, zara, bilal):
    circles.ask(circle, bilal, [zara.pk], now=NOON)

    circles.expire(NOON + 8 * DAY)

    assert CircleSeat.objects.get(person=zara).ended_at == NOON + 8 * DAY
    act(zara, circle, "join")
    assert people_of(circle) == ["Amina"]


def test_without_a_yes_to_be_seen_the_page_leads_to_that_question_first(circle, zara, bilal):
    circles.ask(circle, bilal, [zara.pk], now=NOON)
    consent.answer(zara, "coach", "no", at=NOON, locale="ur")

    assert "/en/mine/consent/coach/" in page(zara)
    act(zara, circle, "join")
    assert CircleSeat.objects.get(person=zara).joined_at is None


# ── Who leads it ─────────────────────────────────────────────────────────────────────────────────────────


def addresses(circle, meeting) -> list[str]:
    return [
        f"/desk/circles/{circle.pk}/",
        f"/desk/circles/{circle.pk}/grid/",
        f"/desk/circles/meetings/{meeting.pk}/",
        f"/desk/circles/meetings/{meeting.pk}/calendar/",
    ]


@pytest.mark.parametrize("how", ["handed over", "role", "stopped", "ended"])
def test_who_leads_no_more_finds_no_such_circle_with_the_next_request(
    how, circle, bilal, tariq, home_programme
):
    meeting, desk = a_meeting(circle), come_in(bilal)
    assert [desk.get(one).status_code for one in addresses(circle, meeting)] == [200] * 4

    if how == "handed over":
        maryam = _staff(home_programme, "maryam", "coach")
        said = {"act": "hand-over", "to": str(maryam.pk), "led_by": "Dr. Khan"}
        come_in(tariq).post(f"/desk/circles/{circle.pk}/", said)
        assert Circle.objects.get().led_by == "Dr. Khan"
        assert come_in(maryam).get(f"/desk/circles/{circle.pk}/").status_code == 200
    elif how == "role":
        Membership.objects.filter(staff=bilal).update(ended_at=NOON)
    elif how == "stopped":
        coaches.leave(coaches.offer(bilal, home_programme, A_COACH), now=NOON)
    else:
        desk.post(f"/desk/circles/{circle.pk}/", {"act": "end", "sure": "yes"})

    assert {desk.get(one, follow=True).status_code for one in addresses(circle, meeting)} == {404}


def test_a_coach_finds_no_circle_of_somebody_else(circle, home_programme, other_programme):
    meeting = a_meeting(circle)
    for where in (home_programme, other_programme):
        other = come_in(_staff(where, f"other-{where.name}", "coach"))
        assert {other.get(one, follow=True).status_code for one in addresses(circle, meeting)} == {404}


def test_a_coach_who_leads_one_planned_circle_may_be_given_another(circle, home_programme, tariq, bilal):
    maryam = _staff(home_programme, "maryam", "coach")
    drafts = [
        CircleDraft.objects.create(
            programme=home_programme, state="dropped", begun_by=tariq, begun_at=NOON, state_at=NOON, seed=1
        )
        for _ in range(2)
    ]
    Circle.objects.filter(pk=circle.pk).update(draft=drafts[0])
    own = a_circle(maryam, home_programme)
    Circle.objects.filter(pk=own.pk).update(draft=drafts[1])

    come_in(tariq).post(f"/desk/circles/{circle.pk}/", {"act": "hand-over", "to": str(maryam.pk)})

    assert set(access.circles_led_by(maryam)) == {circle, own}


def test_who_runs_another_programme_hands_nothing_over(circle, bilal, other_programme):
    lead = _staff(other_programme, "nadeem", "lead")
    for who in (lead, bilal):
        come_in(who).post(f"/desk/circles/{circle.pk}/", {"act": "hand-over", "to": str(lead.pk)})

    assert Circle.objects.get().leader == bilal


def test_an_end_is_said_twice_and_then_nobody_sees_it(circle, amina, bilal):
    desk = come_in(bilal)
    desk.post(f"/desk/circles/{circle.pk}/", {"act": "end"})
    assert circles.of(amina)

    desk.post(f"/desk/circles/{circle.pk}/", {"act": "end", "sure": "yes"})

    assert circles.of(amina) == []
    assert "Milk" not in page(amina)


# ── When and where ───────────────────────────────────────────────────────────────────────────────────────


def a_form(**said) -> dict:
    form = {
        "uid": str(uuid.uuid4()), "act": "plan", "on": "2026-11-26", "time": "19:00", "minutes": "60",
        "how": "place", "where": "Chak 12", "unit": "", "agenda": "Bring your questions",
    }  # fmt: skip
    return form | said


def test_a_meeting_is_at_an_hour_of_the_circles_clock_and_shown_by_hers(circle, amina, bilal, lessons):
    unit = str(lessons[0].get_parent().specific.translation_key)
    form = a_form(unit=unit)
    for _ in range(2):
        come_in(bilal).post(f"/desk/circles/{circle.pk}/", form)

    meeting = Meeting.objects.get()
    assert meeting.at == datetime(2026, 11, 26, 14, tzinfo=UTC)
    hers = page(amina)
    assert all(words in hers for words in ("19:00", "Chak 12", "Clean milk", "Bring your questions"))
    assert 'data-words="Thursday 26 November, 19:00. Chak 12"' in hers  # when and where can be heard
    assert "/en/animals/milk/" in hers
    assert "Clean milk" in come_in(bilal).get(f"/desk/circles/meetings/{meeting.pk}/").text


@pytest.mark.parametrize(
    ("how", "where", "kept"),
    [
        ("place", "Chak 12, the school", {"place": "Chak 12, the school"}),
        ("link", "https://meet.example/abc", {"link": "https://meet.example/abc"}),
        ("phone", "0300 1234567", {"phone": "+923001234567"}),
    ],
)
def test_it_is_at_a_place_or_by_a_link_or_by_phone(how, where, kept, circle, bilal):
    come_in(bilal).post(f"/desk/circles/{circle.pk}/", a_form(how=how, where=where))

    meeting = Meeting.objects.get()
    assert {name: getattr(meeting, name) for name in ("place", "link", "phone")} == {
        "place": "", "link": "", "phone": ""
    } | kept  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": "tomorrow"},
        {"on": "2026-01-01"},
        {"on": "2036-01-01"},
        {"time": "25:00"},
        {"minutes": "-5"},
        {"minutes": "1000"},
        {"how": "carrier pigeon"},
        {"where": ""},
        {"where": "\u202e"},
        {"where": "x" * 121},
        {"how": "link", "where": "javascript:alert(1)"},
        {"how": "link", "where": "http://meet.example/abc"},
        {"how": "phone", "where": "12"},
        {"unit": "milk"},
        {"agenda": "x" * 301},
        {"uid": "1"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_that_was_typed_is_lost(wrong, circle, bilal):
    answer = come_in(bilal).post(f"/desk/circles/{circle.pk}/", a_form() | wrong)

    assert answer.status_code == 422
    assert "Bring your questions" in answer.text or "agenda" in wrong
    assert not Meeting.objects.exists()


def test_a_meeting_in_two_places_is_none(circle):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_meeting(circle, link="https://meet.example/abc")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_meeting(circle, place="")


def test_her_calendar_hears_of_a_change_and_reads_nobodys_name(circle, amina, bilal):
    meeting, hers = a_meeting(circle), come_in(amina)
    address = f"/en/mine/circle/{meeting.pk}/calendar/"

    first = hers.get(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    event = read(first.content)
    assert (event["DTSTART"], event["SUMMARY"], event["SEQUENCE"]) == (
        "20261125T140000Z",
        "Hamrah: we meet",
        "0",
    )
    assert not any(name in first.content.decode() for name in ("Amina", "Bilal", "Milk", "Hand in hand"))

    said = a_form(act="change", on="2026-11-27", time="20:00")
    for _ in range(2):
        come_in(bilal).post(f"/desk/circles/meetings/{meeting.pk}/", said)
    event = read(hers.get(address).content)
    assert (event["DTSTART"], event["SEQUENCE"]) == ("20261127T150000Z", "1")
    for _ in range(2):
        come_in(bilal).post(f"/desk/circles/meetings/{meeting.pk}/", {"act": "call-off", "sure": "yes"})
    event = read(hers.get(address).content)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "2")
    assert "Chak 12" not in hers.get("/en/mine/circle/").text


def test_what_was_before_she_came_is_not_hers_to_see(circle, zara, bilal):
    meeting = a_meeting(circle, at=NOON + DAY)
    circles.ask(circle, bilal, [zara.pk], now=NOON + 2 * DAY)
    circles.join(zara, circle.pk, now=NOON + 2 * DAY)

    assert come_in(zara).get(f"/en/mine/circle/{meeting.pk}/calendar/").status_code == 404


@given(
    day=st.integers(0, 6), hour=st.integers(0, 23), zone=st.sampled_from(["Asia/Karachi", "Europe/Berlin"]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)  # fmt: skip
def test_the_next_hour_of_a_week_is_within_the_next_one(day, hour, zone, now):
    there = times.next_of(day, hour, zone, now=now)

    assert (there.weekday(), there.hour) == (day, hour)
    assert timedelta(0) < there - now <= timedelta(days=7, hours=1)


@given(day=st.integers(0, 6), part=st.integers(0, 2), zone=st.sampled_from(["Asia/Karachi", "Europe/Berlin"]))
def test_an_hour_of_the_week_lies_in_the_part_of_the_day_that_holds_it(day, part, zone):
    monday = times.coming_monday(NOON)
    begins, ends = times.PARTS[part]
    hours = {times.hour_bit(day, hour, zone, monday=monday) for hour in range(begins, ends)}

    assert sum(hours) == times.hours(times.bits([(day, part)]), zone, monday=monday)


# ── Who came ─────────────────────────────────────────────────────────────────────────────────────────────


def test_bilal_says_who_came_and_an_old_form_changes_nothing_more(circle, amina, zara, bilal):
    circles.ask(circle, bilal, [zara.pk], now=NOON)
    circles.join(zara, circle.pk, now=NOON)
    meeting, desk = a_meeting(circle), come_in(bilal)
    address = f"/desk/circles/meetings/{meeting.pk}/"
    first = {"act": "roll", "uid": str(uuid.uuid4()), f"p-{amina.pk}": "missed", f"p-{zara.pk}": "told"}
    later = {"act": "roll", "uid": str(uuid.uuid4()), f"p-{amina.pk}": "came"}

    for form in (first, first, later, first):  # the first comes once more, late
        assert desk.post(address, form).status_code == 302

    assert meetings.attendance(meeting) == {amina.pk: "came", zara.pk: "told"}
    assert (RollCall.objects.count(), Attendance.objects.count()) == (2, 2)


def test_who_is_not_in_the_circle_came_to_no_meeting_of_it(circle, amina, zara, farid, bilal):
    meeting = a_meeting(circle)
    said = {f"p-{one.pk}": "came" for one in (amina, zara, farid)} | {
        "p-x": "came",
        f"p-{uuid.uuid4()}": "came",
    }
    come_in(bilal).post(
        f"/desk/circles/meetings/{meeting.pk}/", {"act": "roll", "uid": str(uuid.uuid4()), **said}
    )

    assert meetings.attendance(meeting) == {amina.pk: "came"}


@pytest.mark.parametrize("value", ["", "late", "came' OR 1=1"])
def test_what_nobody_can_tap_is_not_written_down(value, circle, amina, bilal):
    meeting = a_meeting(circle)
    said = {"act": "roll", "uid": str(uuid.uuid4()), f"p-{amina.pk}": value}

    assert come_in(bilal).post(f"/desk/circles/meetings/{meeting.pk}/", said).status_code == 302
    assert meetings.attendance(meeting) == {}


def test_a_form_of_another_meeting_changes_nothing(circle, amina, bilal):
    one, other = a_meeting(circle), a_meeting(circle)
    form = uuid.uuid4()
    meetings.call_roll(one, form, bilal, {amina.pk: "came"}, now=NOON)

    with pytest.raises(access.NotYours):
        meetings.call_roll(other, form, bilal, {amina.pk: "came"}, now=NOON)


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────


def test_her_seat_and_whether_she_came_are_in_her_copy_and_go_with_her(circle, amina, bilal):
    meeting = a_meeting(circle)
    meetings.call_roll(meeting, uuid.uuid4(), bilal, {amina.pk: "came"}, now=NOON)

    copy = privacy.export(amina)["held"]
    assert copy["mentors.CircleSeat"]["rows"][0]["joined_at"]
    assert copy["mentors.Attendance"]["rows"][0]["came"] == "came"
    privacy.erase(amina, now=NOON)
    assert not CircleSeat.objects.exists()
    assert not Attendance.objects.exists()


def test_zara_says_that_she_would_like_a_circle_and_stays_in_her_place_of_the_row(zara, home_programme):
    hers = come_in(zara)
    hers.post("/en/mine/circle/", {"act": "wish", "wish": "any"})
    assert needs.of(zara) is None
    told = needs.tell(zara, home_programme, {"gender": "woman", "mother": "ur"}, now=NOON)

    for wish in ("any", "everything"):
        hers.post("/en/mine/circle/", {"act": "wish", "wish": wish})

    now = needs.of(zara)
    assert (now.circle, now.version, now.waiting_since) == ("any", told.version, NOON)
    assert "We look for a circle that fits" in page(zara)
