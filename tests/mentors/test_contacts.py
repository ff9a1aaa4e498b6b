import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from lms import consent, privacy
from mentors import access, bonds, cadence, contacts
from mentors.models.bonds import Bond, Look
from mentors.models.contacts import Contact
from tests.cast import NOON, _learner, _staff
from tests.inside import come_in

TODAY = NOON.date()
LATER = NOON + timedelta(days=10)


@pytest.fixture(autouse=True)
def _ten_days_later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def zara(home_programme, bilal):
    """She has walked with Bilal for ten days."""
    person = _learner(home_programme, "Zara", "+923001230001", said={"record": "yes", "coach": "yes"})
    bonds.begin(bilal, person, home_programme, at=NOON)
    return person


def a_talk(**said) -> dict:
    """As the form is filled in, a second before it is sent."""
    said = {"uid": str(uuid.uuid4()), "kind": "call", "on": str(LATER.date())} | said
    return {name: value for name, value in said.items() if value is not None}


def log(coach, person, **said):
    return come_in(coach).post(f"/desk/people/{person.pk}/talk/", a_talk(**said))


def board(coach) -> list:
    return come_in(coach).get("/desk/").context["people"]


# ── When they talk next ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "next_in"), [(0, 7), (29, 7), (30, 14), (90, 14), (91, 30), (364, 30), (365, 91), (1095, 91)]
)
def test_talks_are_often_at_first_and_then_seldom(days, next_in):
    last = TODAY + timedelta(days=days)

    assert cadence.next_on(TODAY, last) == last + timedelta(days=next_in)


def test_after_three_years_no_talk_is_due():
    assert cadence.next_on(TODAY, TODAY + timedelta(days=1096)) is None


def test_what_two_agreed_on_goes_before_the_rhythm():
    assert cadence.next_on(TODAY, TODAY, TODAY + timedelta(days=3)) == TODAY + timedelta(days=3)


@given(days=st.integers(0, 1200), more=st.integers(0, 200))
def test_a_later_talk_never_makes_the_next_one_due_earlier(days, more):
    first, second = (cadence.next_on(TODAY, TODAY + timedelta(days=n)) for n in (days, days + more))

    assert second is None or (first is not None and first <= second)


# ── Writing it down ──────────────────────────────────────────────────────────────────────────────────────


def test_bilal_writes_a_talk_down_and_finds_it_on_her_way(zara, bilal, lessons, did):
    did(zara, lessons[0])

    answer = log(bilal, zara, topic="animals", mood="4", note="Two buffaloes.", next_step="Ask the vet")
    page = come_in(bilal).get(f"/desk/people/{zara.pk}/").text

    assert answer.status_code == 302
    assert page.index("Two buffaloes.") < page.index("Wash hands")
    assert "Ask the vet" in page
    assert "Ask the vet" in come_in(bilal).get("/desk/").text


def test_a_second_tap_is_no_second_talk(zara, bilal):
    said = a_talk()
    browser = come_in(bilal)
    for _ in range(2):
        assert browser.post(f"/desk/people/{zara.pk}/talk/", said).status_code == 302

    assert Contact.objects.count() == 1


def test_a_form_that_was_anothers_changes_nothing(zara, bilal, amina):
    said = a_talk(note="for Zara")
    browser = come_in(bilal)
    browser.post(f"/desk/people/{zara.pk}/talk/", said)

    answer = browser.post(f"/desk/people/{amina.pk}/talk/", said, follow=True)

    assert answer.status_code == 404
    assert [(one.person, one.note) for one in Contact.objects.all()] == [(zara, "for Zara")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": None},
        {"kind": "shouted"},
        {"on": "yesterday"},
        {"on": str(LATER.date() + timedelta(days=1))},
        {"on": str(TODAY - timedelta(days=1))},
        {"next_on": str(LATER.date() - timedelta(days=1))},
        {"next_on": str(LATER.date() + timedelta(days=400))},
        {"note": "a" * 501},
        {"next_step": "a" * 121},
        {"mood": "6"},
        {"topic": "illness"},
        {"credit": "-3"},
        {"credit": "a lot"},
        {"uid": "1"},
    ],
)
def test_what_cannot_be_is_said_and_nothing_that_was_typed_is_lost(wrong, zara, bilal):
    answer = log(bilal, zara, **({"note": "We agreed on Friday"} | wrong))

    assert answer.status_code == 422
    assert "We agreed on Friday" in answer.text or "note" in wrong
    assert not Contact.objects.exists()


def test_a_try_is_shown_and_the_talk_stays_due(zara, bilal):
    due = Bond.objects.get(person=zara).due_on
    log(bilal, zara, kind="missed")
    log(bilal, zara, kind="missed")

    (row,) = board(bilal)

    assert (row.walk.tried, row.walk.talked, row.walk.bond.due_on) == (2, None, due)
    assert "tried 2 times, nobody answered" in come_in(bilal).get("/desk/").text


def test_a_talk_that_is_written_down_late_does_not_move_a_later_one(zara, bilal):
    log(bilal, zara, on=str(TODAY + timedelta(days=9)))
    due = Bond.objects.get(person=zara).due_on
    log(bilal, zara, on=str(TODAY + timedelta(days=2)), next_on=str(TODAY + timedelta(days=60)))

    assert Bond.objects.get(person=zara).due_on == due == TODAY + timedelta(days=16)


# ── Who is to be called first ────────────────────────────────────────────────────────────────────────────


def test_who_asked_for_a_call_stands_first_then_who_is_late_the_longest(home_programme, bilal):
    began = {"Late": 10, "Later": 20, "Fresh": 1, "Asks": 0}
    for n, (name, days) in enumerate(began.items()):
        person = _learner(home_programme, name, f"+92300123010{n}", said={"record": "yes", "coach": "yes"})
        bonds.begin(bilal, person, home_programme, at=LATER - timedelta(days=days))
    bonds.ask_for_call(bonds.present(person), wanted=True, now=LATER)

    rows = board(bilal)

    assert [(row.person.name, row.walk.late) for row in rows] == [
        ("Asks", -7), ("Later", 13), ("Late", 3), ("Fresh", -6)
    ]  # fmt: skip


def test_zara_asks_for_a_call_without_credit_and_the_call_answers_it(zara, bilal):
    hers = come_in(zara)
    hers.post("/en/mine/coach/", {"act": "call-me", "yes": "yes"})
    first = Bond.objects.get(person=zara).wants_call_at
    hers.post("/en/mine/coach/", {"act": "call-me", "yes": "yes"})

    assert first == Bond.objects.get(person=zara).wants_call_at == LATER
    assert "Your coach sees that you would like to talk." in hers.get("/en/mine/coach/").text
    assert "Asks for a call" in come_in(bilal).get("/desk/").text

    log(bilal, zara, kind="missed")
    assert Bond.objects.get(person=zara).wants_call_at
    log(bilal, zara)
    assert Bond.objects.get(person=zara).wants_call_at is None


def test_zara_may_change_her_mind_about_the_call(zara):
    hers = come_in(zara)
    hers.post("/en/mine/coach/", {"act": "call-me", "yes": "yes"})
    hers.post("/en/mine/coach/", {"act": "call-me", "no": "no"})

    assert Bond.objects.get(person=zara).wants_call_at is None


def test_who_learned_nothing_for_two_weeks_is_marked(zara, bilal, lessons, did):
    did(zara, lessons[0], at=LATER - timedelta(days=14))

    assert [row.is_quiet for row in board(bilal)] == [True]


# ── What the programme sees ──────────────────────────────────────────────────────────────────────────────


def test_tariq_sees_whose_talk_is_late_and_nothing_of_what_was_said(zara, bilal, tariq, home_programme):
    log(bilal, zara, on=str(TODAY), note="A quarrel about money", next_step="Ask the uncle", topic="money")

    page = come_in(tariq).get(f"/desk/walks/{home_programme.pk}/")

    assert [(one.bond.person, one.late) for one in page.context["walks"]] == [(zara, 3)]
    assert (len(page.context["board"].bonds), page.context["board"].late) == (1, 1)
    assert not any(word in page.text for word in ("quarrel", "uncle", "money"))
    assert Look.objects.filter(by=tariq, person=zara, what="list").count() == 1


def test_who_takes_their_yes_back_is_on_no_board(zara, bilal, tariq, home_programme):
    consent.answer(zara, "coach", "no", at=LATER, locale="ur")

    assert board(bilal) == []
    assert come_in(tariq).get(f"/desk/walks/{home_programme.pk}/").context["board"].bonds == []
    assert log(bilal, zara).status_code == 404


def test_the_board_of_another_programme_is_not_there(zara, tariq, other_programme):
    assert come_in(tariq).get(f"/desk/walks/{other_programme.pk}/", follow=True).status_code == 404


def test_a_coach_has_no_board_of_the_programme(zara, bilal, home_programme):
    assert come_in(bilal).get(f"/desk/walks/{home_programme.pk}/", follow=True).status_code == 404


def test_tariq_looks_at_one_coach_and_at_late_ones_only(zara, amina, bilal, tariq, home_programme):
    other = _staff(home_programme, "maryam", "coach")
    fresh = _learner(home_programme, "Fresh", "+923001230009", said={"record": "yes", "coach": "yes"})
    bonds.begin(other, fresh, home_programme, at=LATER)
    desk, address = come_in(tariq), f"/desk/walks/{home_programme.pk}/"

    def shown(query: str) -> set[str]:
        return {walk.bond.person.name for walk in desk.get(address + query).context["walks"]}

    assert shown("") == {"Zara", "Amina", "Fresh"}
    assert shown("?coach=maryam") == {"Fresh"}
    assert shown("?late=yes") == {"Zara"}
    assert shown("?coach=nobody&page=x") == set()


@pytest.mark.parametrize("who", ["bilal", "tariq"])
def test_a_board_asks_as_often_for_many_people_as_for_one(
    who, request, home_programme, bilal, tariq, django_assert_max_num_queries
):
    desk = come_in(request.getfixturevalue(who))
    address = "/desk/" if who == "bilal" else f"/desk/walks/{home_programme.pk}/"

    def asks() -> int:
        with django_assert_max_num_queries(60) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    counts = []
    for many in (range(3), range(3, 40)):
        for n in many:
            person = _learner(
                home_programme, f"P{n}", f"+9230012310{n:02}", said={"record": "yes", "coach": "yes"}
            )
            bonds.begin(bilal, person, home_programme, at=NOON)
            contacts.log(bilal, person.pk, uuid.uuid4(), {"kind": "call", "on": TODAY}, now=LATER)
        counts.append(asks())

    assert counts[0] == counts[1]


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────


def test_words_go_half_a_year_after_the_two_parted_and_the_talk_stays(zara, bilal):
    log(bilal, zara, note="Two buffaloes.", next_step="Ask the vet", topic="animals", mood="4")
    bonds.end(bonds.present(zara), at=LATER)

    with time_machine.travel(LATER + timedelta(days=181), tick=False):
        call_command("tick")
        assert Contact.objects.get().note == "Two buffaloes."
    with time_machine.travel(LATER + timedelta(days=184), tick=False):
        call_command("tick")

    talk = Contact.objects.get()
    assert (talk.kind, talk.note, talk.next_step, talk.topic, talk.mood) == ("call", "", "", "", None)


def test_what_bilal_wrote_is_in_her_copy_and_goes_with_her(zara, bilal):
    log(bilal, zara, note="Two buffaloes.")

    assert "Two buffaloes." in str(privacy.export(zara))
    privacy.erase(zara, now=LATER)
    assert not Contact.objects.exists()


def test_who_walks_with_nobody_can_write_down_no_talk(zara, bilal):
    bonds.end(bonds.present(zara), at=LATER)

    with pytest.raises(access.NotYours):
        contacts.log(bilal, zara.pk, uuid.uuid4(), {"kind": "call", "on": date(2026, 12, 1)}, now=LATER)
