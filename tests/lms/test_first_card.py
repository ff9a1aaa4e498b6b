"""A card from a course room: nobody stands behind it until somebody uses it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lms import cards, phones, reception
from lms.models.people import KeyCard, Person, User
from lms.models.programme import Membership
from lms.models.reception import CardBatch, Enrolment
from lms.reception import Said
from tests.cast import NOON
from tests.inside import come_in

ZARA = Said("Zara", "lamp", "18+", "en", "ur")
ANSWERS = {"name": "Zara", "picture": "lamp", "age": "18+", "reads": "en", "hears": "pnb"}


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def printed(tariq, home_programme) -> list[str]:
    """The digits of three cards of one batch."""
    form = uuid4()
    reception.prepare(form, home_programme, 3, by=tariq, now=NOON)
    return reception.sheet_of(form, by=tariq, now=NOON)[1]


def asked(client: Client, code: str) -> dict[str, str]:
    """Type a card in; what the page of questions knows already."""
    page = client.post("/en/start/card/", {"card": code})
    assert page.status_code == 200
    return {"card": code, "form": str(page.context["form"])}


# ── Used first ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_printed_card_asks_who_you_are_and_opens_the_place_that_comes_of_it(
    client, printed, home_programme
):
    answer = client.post("/en/start/first/", asked(client, printed[0]) | ANSWERS)

    person = Person.objects.get()
    assert answer["Location"] == "/en/mine/consent/"  # asked on their own phone, before anything else
    assert (person.name, person.picture, person.age, person.reads, person.hears) == tuple(ANSWERS.values())
    assert Membership.objects.get(role="learner").programme == home_programme
    assert client.get("/en/mine/phones/").status_code == 200  # all of it: nobody was there before
    assert client.cookies["hears"].value == "pnb"
    assert not person.user.is_staff


def test_nothing_is_held_about_anybody_before_a_card_is_used(client, printed):
    asked(client, printed[0])

    assert not Person.objects.exists()
    assert KeyCard.objects.filter(person=None, used_at=None).count() == 3


def test_a_second_tap_finds_the_same_place(client, printed):
    answers = asked(client, printed[0]) | ANSWERS
    once, twice = Client(), Client()
    once.post("/en/start/first/", answers)
    answer = twice.post("/en/start/first/", answers)  # the answer to the first tap never arrived

    assert answer["Location"] == "/en/mine/consent/"
    assert Person.objects.count() == 1
    assert "Zara" in twice.get("/en/mine/").text


def test_two_people_with_the_same_card_get_one_place_and_a_kind_sentence(client, printed):
    other = Client()
    first, second = asked(client, printed[0]), asked(other, printed[0])
    client.post("/en/start/first/", first | ANSWERS)
    answer = other.post("/en/start/first/", second | ANSWERS | {"name": "Somebody else"})

    assert answer["Location"] == "/en/start/again/"
    assert Person.objects.get().name == "Zara"
    assert "This was used already" in other.get("/en/start/again/").text


def test_staff_who_know_the_form_of_a_desk_come_in_nowhere_with_it(client, printed, tariq, home_programme):
    form = uuid4()
    code = reception.enrol(form, ZARA, home_programme, by=tariq, now=NOON).code
    Client().post("/en/start/card/", {"card": code})

    answers = [
        client.post("/en/start/first/", {"card": card, "form": str(form)} | ANSWERS) for card in (code, "1")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert Person.objects.count() == 1


def test_under_16_there_is_no_place_and_the_card_still_waits(client, printed):
    page = client.post("/en/start/first/", asked(client, printed[0]) | ANSWERS | {"age": "under-16"})

    assert "All lessons are open for you" in page.text
    assert not Person.objects.exists()
    assert asked(client, printed[0])


@pytest.mark.parametrize("missing", ["picture", "age"])
def test_what_was_left_out_is_asked_again_and_the_rest_stays(client, printed, missing):
    answers = asked(client, printed[0])
    page = client.post("/en/start/first/", answers | ANSWERS | {missing: ""})

    assert page.status_code == 422
    assert answers["form"] in page.text
    assert 'value="Zara"' in page.text
    assert not Person.objects.exists()
    assert client.post("/en/start/first/", answers | ANSWERS).status_code == 302


def test_a_guest_keeps_what_they_did(printed, nadia):
    phones.issue(nadia, now=NOON)
    browser = come_in(nadia)

    browser.post("/en/start/first/", asked(browser, printed[0]) | ANSWERS)

    nadia.refresh_from_db()
    assert (nadia.name, nadia.merged_into) == ("Zara", None)
    assert phones.phones_of(nadia).exists()


def test_without_a_card_the_page_leads_to_where_one_is_typed(client, db):
    for answers in ({}, {"form": "no id", "card": "1"}):
        assert client.post("/en/start/first/", answers)["Location"] == "/en/start/card/"
    assert client.post("/en/start/first/", {"form": str(uuid4())} | ANSWERS).status_code == 422


def test_guessing_ends_with_a_kind_wait(client, printed, monkeypatch):
    answers = asked(client, printed[0]) | ANSWERS
    monkeypatch.setattr("lms.limits.within", lambda what, whose, **more: False)

    assert client.post("/en/start/first/", answers).status_code == 429
    assert not Person.objects.exists()


# ── The cards themselves ─────────────────────────────────────────────────────────────────────────────────


def test_a_form_that_arrives_twice_makes_one_batch_with_the_same_cards(tariq, home_programme):
    form = uuid4()
    first = reception.prepare(form, home_programme, 25, by=tariq, now=NOON)
    second = reception.prepare(form, home_programme, 25, by=tariq, now=NOON + timedelta(minutes=1))

    assert first == second
    assert CardBatch.objects.count() == 1
    assert KeyCard.objects.count() == 25
    assert len(set(reception.sheet_of(form, by=tariq, now=NOON)[1])) == 25


def test_the_digits_are_kept_nowhere(printed):
    held = str([*KeyCard.objects.values(), *CardBatch.objects.values()])

    assert [code for code in printed if code in held] == []


def test_a_sheet_is_drawn_again_without_the_cards_that_were_used(client, tariq, home_programme):
    form = uuid4()
    reception.prepare(form, home_programme, 2, by=tariq, now=NOON)
    used, waits = reception.sheet_of(form, by=tariq, now=NOON)[1]
    client.post("/en/start/first/", asked(client, used) | ANSWERS)

    assert reception.sheet_of(form, by=tariq, now=NOON)[1] == [waits]


def test_a_sheet_is_for_who_made_it_and_for_an_hour(tariq, bilal, home_programme):
    form = uuid4()
    reception.prepare(form, home_programme, 2, by=tariq, now=NOON)

    for who, when in [(bilal, NOON), (tariq, NOON + timedelta(hours=1))]:
        with pytest.raises(reception.ShownBefore):
            reception.sheet_of(form, by=who, now=when)
    with pytest.raises(reception.ShownBefore):
        reception.sheet_of(uuid4(), by=tariq, now=NOON)


@given(form=st.uuids(), nth=st.integers(0, 50))
def test_the_digits_that_follow_from_a_form_are_always_twelve_and_always_the_same(form, nth):
    code = cards.of_form(form, nth)

    assert len(code) == cards.LENGTH
    assert code.isdigit()
    assert cards.of_form(form, nth) == code


# ── Ninety days ──────────────────────────────────────────────────────────────────────────────────────────


def test_cards_that_nobody_used_for_90_days_end(client, printed, time_machine):
    client.post("/en/start/first/", asked(client, printed[0]) | ANSWERS)
    time_machine.move_to(NOON + timedelta(days=90), tick=False)

    page = Client().post("/en/start/card/", {"card": printed[1]})
    assert "This card does not open" in page.text  # even before the sweep
    call_command("tick")

    assert KeyCard.objects.get().person.name == "Zara"


def test_a_place_in_which_nobody_has_ever_been_ends_with_its_card(tariq, home_programme, time_machine):
    came, never = (reception.enrol(uuid4(), ZARA, home_programme, by=tariq, now=NOON) for _ in range(2))
    Client().post("/en/start/card/", {"card": came.code})
    time_machine.move_to(NOON + timedelta(days=89), tick=False)
    call_command("tick")
    assert Person.objects.count() == 2

    time_machine.move_to(NOON + timedelta(days=90), tick=False)
    for _ in range(2):
        call_command("tick")

    assert list(Person.objects.all()) == [came.person]
    assert User.objects.filter(is_staff=False).count() == 1
    assert not Enrolment.objects.filter(person=never.person.pk).exists()
