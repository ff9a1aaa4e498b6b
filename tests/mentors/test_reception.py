"""The reception desk: a person stands there, and ninety seconds later has a place and a card."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lms import consent, invitations, pins, programmes, reception
from lms.models.consent import ConsentEntry
from lms.models.people import CodeSent, KeyCard, Person, WayIn
from lms.models.programme import Membership
from lms.models.reception import CardBatch
from mentors import access
from mentors.models.bonds import Look
from tests.cast import NOON
from tests.inside import come_in
from tests.lms.ways import code_for

DESK = "/desk/reception/"
ZARA = {"name": "Zara", "picture": "lamp", "age": "18+", "reads": "en", "hears": "pnb", "number": ""}


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def desk(tariq) -> Client:
    """Tariq, who runs the programme, at the desk."""
    return come_in(tariq)


def form(**otherwise: str) -> dict[str, str]:
    """A form that was filled in, with an id of its own."""
    return ZARA | {"form": str(uuid4())} | otherwise


def digits(page) -> str:
    """What stands on the card that is shown."""
    return "".join(re.findall(r"<li>(\d{4})</li>", page.content.decode()))


def learners(programme) -> set[str]:
    here = Membership.objects.filter(programme=programme, role="learner", ended_at=None)
    return set(here.values_list("person__name", flat=True))


# ── Taken in ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_gets_a_place_a_card_and_the_programme(desk, home_programme):
    page = desk.post(DESK, form())

    person = Person.objects.get(name="Zara")
    assert page.status_code == 200
    assert len(digits(page)) == 12
    assert (person.picture, person.age, person.reads, person.hears) == ("lamp", "18+", "en", "pnb")
    assert learners(home_programme) == {"Zara"}
    assert not WayIn.objects.exists()


def test_the_card_opens_all_of_the_place_and_asks_for_yes_or_no_on_their_own_phone(desk):
    code = digits(desk.post(DESK, form()))
    phone = Client()

    answer = phone.post("/k", {"card": code})

    assert answer["Location"] == "/en/mine/consent/"  # in the language that they read
    assert phone.cookies["hears"].value == "pnb"
    assert phone.get("/en/mine/phones/").status_code == 200
    assert "Zara" in phone.get("/en/mine/").text


def test_staff_answer_nothing_about_consent(desk):
    desk.post(DESK, form(record="yes", coach="yes", answer="yes"))

    assert not ConsentEntry.objects.exists()
    assert len(consent.still_to_ask(Person.objects.get())) == 3


def test_the_card_is_shown_once(desk):
    page = desk.post(DESK, form())

    assert "no-store" in page["Cache-Control"]
    assert digits(desk.get(DESK)) == ""
    assert "Zara" not in desk.get(DESK).text


def test_the_next_person_is_asked_with_the_same_languages_and_the_cursor_in_the_name(desk):
    page = desk.post(DESK, form())
    following = re.search(r'href="([^"]+)" data-following', page.text)[1].replace("&amp;", "&")
    asked = desk.get(following)

    assert '<option value="pnb" lang="pnb" selected>' in asked.text
    assert re.search(r'name="name"[^>]* value=""[^>]* autofocus', asked.text)
    assert "Zara" not in following


def test_a_card_that_was_used_at_once_leaves_no_phone_waiting_for_a_coach(desk, bilal, home_programme):
    from mentors import bonds

    Client().post("/k", {"card": digits(desk.post(DESK, form()))})
    person = Person.objects.get()
    consent.answer(person, "coach", "yes", at=NOON, locale="ur")
    bonds.begin(bilal, person, home_programme, at=NOON)

    assert "A new phone waits" not in come_in(bilal).get(f"/desk/people/{person.pk}/").text


def test_a_later_card_of_the_same_person_opens_courses_only(desk, time_machine):
    from lms import cards

    Client().post("/k", {"card": digits(desk.post(DESK, form()))})
    time_machine.shift(timedelta(days=1))
    found = Client()
    found.post("/k", {"card": cards.issue(Person.objects.get(), now=NOON)})

    assert found.get("/en/mine/").status_code == 200
    assert found.get("/en/mine/phones/").status_code == 403


def test_a_name_may_be_left_out_and_turns_no_line_around(desk):
    desk.post(DESK, form(name=""))
    desk.post(DESK, form(name="\u202eZara"))

    assert set(Person.objects.values_list("name", flat=True)) == {"", "Zara"}


# ── The same form again ──────────────────────────────────────────────────────────────────────────────────


def test_a_double_tap_and_a_retry_make_one_person_with_one_card(desk):
    same = form()
    cards = {digits(desk.post(DESK, same)) for _ in range(3)}

    assert len(cards) == 1
    assert Person.objects.count() == KeyCard.objects.count() == Look.objects.count() == 1


def test_what_was_corrected_before_the_retry_is_what_holds(desk, tariq, home_programme, other_programme):
    programmes.appoint(tariq, other_programme, "lead", at=NOON)
    same = form(programme=str(home_programme.pk))
    code = digits(desk.post(DESK, same))
    again = same | {"name": "Zahra", "age": "16-17", "programme": str(other_programme.pk)}

    assert digits(desk.post(DESK, again)) == code
    person = Person.objects.get()
    assert (person.name, person.age) == ("Zahra", "16-17")
    assert (learners(home_programme), learners(other_programme)) == (set(), {"Zahra"})


def test_the_same_form_shows_no_card_that_was_used_and_none_after_an_hour(desk, tariq, time_machine):
    used, old = form(), form()
    Client().post("/k", {"card": digits(desk.post(DESK, used))})
    desk.post(DESK, old)
    time_machine.shift(timedelta(hours=1))

    for same in (used, old):
        page = come_in(tariq).post(DESK, same)
        assert page.status_code == 409
        assert digits(page) == ""
        assert "This form was used before" in page.text
    assert Person.objects.count() == 2


def test_a_form_of_somebody_else_shows_no_card(desk, sana, home_programme):
    programmes.appoint(sana, home_programme, "coordinator", at=NOON)
    same = form()
    desk.post(DESK, same)

    assert come_in(sana).post(DESK, same).status_code == 409


# ── Too young ────────────────────────────────────────────────────────────────────────────────────────────


def test_under_16_there_is_no_place_and_a_kind_sentence(desk):
    page = desk.post(DESK, form(age="under-16", number="0300 1112222"))

    assert "All lessons are open for you" in page.text
    assert not Person.objects.exists()
    assert digits(page) == ""


def test_an_age_that_is_corrected_after_the_line_broke_leaves_nobody(desk):
    same = form()
    desk.post(DESK, same)  # its answer never came
    page = desk.post(DESK, same | {"age": "under-16"})

    assert "All lessons are open for you" in page.text
    assert not Person.objects.exists()
    assert not KeyCard.objects.exists()


def test_a_place_that_is_lived_in_is_not_undone_at_a_desk(desk):
    same = form()
    Client().post("/k", {"card": digits(desk.post(DESK, same))})

    assert desk.post(DESK, same | {"age": "under-16"}).status_code == 409
    assert Person.objects.count() == 1


# ── What is missing ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"picture": ""}, "Please choose a picture."),
        ({"age": ""}, "Please choose an age."),
        ({"age": "17"}, "Please choose an age."),
        ({"reads": "pnb"}, "Please choose a language."),
        ({"hears": "xx"}, "Please choose a language."),
        ({"number": "12"}, "Please look at the number again."),
        ({"number": "+1 202 555 0143"}, "Leave the number out."),
    ],
)
def test_what_is_missing_is_said_and_everything_else_stays(desk, missing, told):
    same = form(**missing)
    page = desk.post(DESK, same)

    assert page.status_code == 422
    assert told in page.text
    assert same["form"] in page.text
    assert 'value="Zara"' in page.text
    assert not Person.objects.exists()


def test_a_form_without_an_id_gets_one_and_makes_nobody(desk):
    for broken in ("", "1", "x" * 36):
        page = desk.post(DESK, form(form=broken))
        assert page.status_code == 422
        assert 'value="Zara"' in page.text
    assert not Person.objects.exists()


# ── A number ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_opens_nothing_before_it_is_proven_on_their_own_phone(desk):
    code = digits(desk.post(DESK, form(number="0300 1112222")))
    assert not WayIn.objects.exists()
    assert not CodeSent.objects.exists()

    phone = Client()
    phone.post("/k", {"card": code})
    assert "+923001112222" in phone.get("/en/mine/").text
    assert 'value="+923001112222"' in phone.get("/en/mine/number/").text
    phone.post("/en/mine/number/", {"number": "+923001112222"})
    phone.post("/en/mine/number/code/", {"code": code_for("+923001112222")})

    assert WayIn.objects.get().person == Person.objects.get()
    assert "+923001112222" not in phone.get("/en/mine/").text


def test_the_desk_never_learns_that_a_number_opens_another_place(desk, amina):
    pages = [desk.post(DESK, form(number=number)) for number in ("0300 1234567", "0300 7777777")]

    assert [page.status_code for page in pages] == [200, 200]
    assert WayIn.objects.get().person == amina


# ── A PIN ────────────────────────────────────────────────────────────────────────────────────────────────

PIN = "7294"


def opened(page) -> Client:
    """Their own phone, right after the card that this page shows."""
    phone = Client()
    phone.post("/k", {"card": digits(page)})
    return phone


def chosen(phone: Client, pin: str = PIN):
    return phone.post("/en/mine/pin/", {"pin": pin, "again": pin})


def test_who_wants_a_pin_chooses_it_on_their_own_phone_as_soon_as_the_card_opens(desk):
    phone = Client()
    answer = phone.post("/k", {"card": digits(desk.post(DESK, form(way="pin")))})

    assert answer["Location"] == "/en/mine/pin/"
    assert "Let nobody type it for you." in phone.get("/en/mine/pin/").text
    assert chosen(phone)["Location"] == "/en/mine/consent/"  # and then what everybody is asked
    phone.post("/en/leave/")
    back = phone.post("/en/start/who/", {"name": "Zara", "picture": "lamp", "pin": PIN})
    assert back["Location"] == "/en/mine/consent/"
    assert "Zara" in phone.get("/en/mine/").text


def test_at_the_desk_no_pin_is_asked_and_one_that_is_sent_is_not_heard(desk):
    page = desk.post(DESK, form(way="pin", pin=PIN))

    assert Person.objects.get().pin == ""
    assert PIN not in page.text
    assert 'name="pin"' not in desk.get(DESK).text
    assert "Please look away while they type it" in page.text


def test_a_pin_opens_nothing_on_the_phone_of_the_desk(desk):
    chosen(opened(desk.post(DESK, form(way="pin"))))

    page = desk.post("/en/start/who/", {"name": "Zara", "picture": "lamp", "pin": PIN})

    assert page.status_code == 422


def test_who_says_later_is_asked_again_the_next_time_they_come_in_and_not_before(desk, time_machine):
    page = desk.post(DESK, form(way="pin", number="0300 1112222"))
    phone = opened(page)
    assert phone.post("/en/mine/pin/", {"later": "yes"})["Location"] == "/en/mine/consent/"
    for purpose in ("record", "coach", "count"):
        answer = phone.post(f"/en/mine/consent/{purpose}/", {"answer": "no", "version": "1"})
    assert answer["Location"] == "/en/mine/"

    phone.post("/en/mine/number/", {"number": "+923001112222"})
    phone.post("/en/mine/number/code/", {"code": code_for("+923001112222")})
    phone.post("/en/leave/")
    time_machine.shift(timedelta(days=1))
    phone.post("/en/start/number/", {"number": "+923001112222"})
    answer = phone.post("/en/start/code/", {"code": code_for("+923001112222")})

    assert answer["Location"] == "/en/mine/pin/"


def test_who_wants_no_pin_is_asked_for_none(desk):
    for way in ("", "card", "fingerprint"):
        phone = Client()
        code = digits(desk.post(DESK, form(way=way)))
        assert phone.post("/k", {"card": code})["Location"] == "/en/mine/consent/"


def test_a_form_that_arrives_again_says_last_whether_there_is_to_be_a_pin(desk):
    same = form(way="pin")
    desk.post(DESK, same)
    page = desk.post(DESK, same | {"way": "card"})

    assert "choose a PIN" not in page.text
    assert "Let nobody type it" not in opened(page).get("/en/mine/pin/").text


def test_a_pin_that_was_chosen_stays_when_the_form_arrives_again(desk):
    same = form(way="pin")
    chosen(opened(desk.post(DESK, same)))

    assert desk.post(DESK, same).status_code == 409
    assert pins.is_right(Person.objects.get(), PIN, phone="here", now=NOON)


def test_the_choice_stays_when_something_else_is_missing(desk):
    page = desk.post(DESK, form(way="pin", number="12"))

    assert re.search(r'value="pin"[^>]* checked', page.text)
    assert not re.search(r'value="card"[^>]* checked', page.text)


@pytest.mark.parametrize(("pin", "told"), [("1234", "easy to guess"), ("12", "4, 5 or 6 digits")])
def test_an_easy_pin_is_refused_kindly_and_asked_again(desk, pin, told):
    phone = opened(desk.post(DESK, form(way="pin")))
    page = chosen(phone, pin)

    assert page.status_code == 422
    assert told in page.text
    assert "Let nobody type it for you." in page.text


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coordinator_takes_people_in_and_finds_the_way_from_the_desk(sana, home_programme):
    programmes.appoint(sana, home_programme, "coordinator", at=NOON)
    desk = come_in(sana)

    assert f'href="{DESK}"' in desk.get("/desk/").text
    assert desk.post(DESK, form()).status_code == 200


def test_for_everybody_else_there_is_no_reception(bilal, sana, amina, home_programme):
    for somebody in (bilal, sana, amina):
        browser = come_in(somebody)
        for address in (DESK, f"{DESK}cards/", f"{DESK}cards/sheet/"):
            assert browser.post(address, form(how_many="3")).status_code == 404
        assert DESK not in browser.get("/desk/").text
    assert learners(home_programme) == {"Amina"}
    assert not CardBatch.objects.exists()


def test_who_has_left_or_whose_programme_has_closed_takes_nobody_in(tariq, home_programme):
    assert access.receives_for(tariq) == [home_programme]
    home_programme.closed_on = NOON.date()
    home_programme.save()
    assert access.receives_for(tariq) == []

    home_programme.closed_on = None
    home_programme.save()
    programmes.leave(Membership.objects.get(staff=tariq), at=NOON)
    assert access.receives_for(tariq) == []


def test_nobody_is_taken_into_a_programme_of_others(desk, tariq, home_programme, other_programme):
    desk.post(DESK, form(programme=str(other_programme.pk)))  # works for one, so nobody is asked which
    assert learners(home_programme) == {"Zara"}
    assert learners(other_programme) == set()

    with pytest.raises(access.NotYours):
        access.take_in(
            tariq, uuid4(), reception.Said("", "lamp", "18+", "ur", "ur"), other_programme.pk, now=NOON
        )


def test_who_works_for_two_programmes_says_which(desk, tariq, home_programme, other_programme):
    programmes.appoint(tariq, other_programme, "coordinator", at=NOON)

    assert "Please choose a programme." in desk.post(DESK, form()).text
    assert "Please choose a programme." in desk.post(DESK, form(programme=str(uuid4()))).text
    desk.post(DESK, form(programme=str(other_programme.pk)))

    assert (learners(home_programme), learners(other_programme)) == (set(), {"Zara"})


def test_afterwards_the_desk_sees_the_person_no_more_and_they_read_who_took_them_in(desk, tariq):
    code = digits(desk.post(DESK, form()))
    person = Person.objects.get()

    assert list(access.learners_of(tariq)) == []
    assert desk.get(f"/desk/people/{person.pk}/", follow=True).status_code == 404
    assert "Zara" not in desk.get("/desk/").text
    assert [(look.by, look.what, look.at) for look in access.looks_at(person)] == [(tariq, "desk", NOON)]
    phone = Client()
    phone.post("/k", {"card": code})
    assert "took them in at the desk" in phone.get("/en/mine/looks/").text


def test_another_site_cannot_take_anybody_in(tariq, home_programme):
    assert come_in(tariq, enforce_csrf_checks=True).post(DESK, form()).status_code == 403
    assert not Person.objects.exists()


# ── Cards for a room ─────────────────────────────────────────────────────────────────────────────────────


def test_cards_for_a_room_are_made_once_and_come_as_a_file_to_print(desk):
    same = {"form": str(uuid4()), "how_many": "25"}
    pages = [desk.post(f"{DESK}cards/", same) for _ in range(2)]
    sheet = desk.post(f"{DESK}cards/sheet/", same)

    assert ["25 cards are ready" in page.text for page in pages] == [True, True]
    assert KeyCard.objects.filter(person=None).count() == 25
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert sheet["Content-Disposition"] == 'attachment; filename="key-cards.pdf"'
    assert "no-store" in sheet["Cache-Control"]
    assert not Person.objects.exists()


@pytest.mark.parametrize("how_many", ["", "0", "51", "-3", "2.5", "many", "9" * 40])
def test_a_batch_has_between_one_and_fifty_cards(desk, how_many):
    page = desk.post(f"{DESK}cards/", {"form": str(uuid4()), "how_many": how_many})

    assert page.status_code == 422
    assert "from 1 to 50" in page.text
    assert not CardBatch.objects.exists()


def test_a_number_of_cards_may_be_written_in_urdu(desk):
    desk.post(f"{DESK}cards/", {"form": str(uuid4()), "how_many": "۱۲"})

    assert CardBatch.objects.get().how_many == 12


def test_an_old_form_makes_no_cards_and_says_so(desk, tariq, time_machine):
    same = {"form": str(uuid4()), "how_many": "2"}
    desk.post(f"{DESK}cards/", same)
    time_machine.shift(timedelta(hours=2))
    desk = come_in(tariq)

    page = desk.post(f"{DESK}cards/", same)

    assert page.status_code == 409
    assert "were made before" in page.text
    assert same["form"] not in page.text  # the button makes new ones
    assert desk.post(f"{DESK}cards/sheet/", same).status_code == 404
    assert CardBatch.objects.count() == 1


# ── Invitations ──────────────────────────────────────────────────────────────────────────────────────────

INVITATIONS = f"{DESK}invitations/"


def test_an_invitation_is_shown_once_and_people_join_with_it(desk, nadia, home_programme):
    page = desk.post(INVITATIONS, {"how_many": "2", "days": "7"})
    code = "".join(re.findall(r"<li>(\d{3,4})</li>", page.text))

    assert len(code) == 10
    assert "<svg" in page.text
    assert "/i</bdi>" in page.text
    assert code not in desk.get(INVITATIONS).text
    assert invitations.find(code, now=NOON + timedelta(days=6)).programme == home_programme
    with pytest.raises(invitations.NotInvited):
        invitations.find(code, now=NOON + timedelta(days=7))


def test_who_runs_the_programme_sees_how_many_may_still_join_and_ends_it(desk, home_programme, amina):
    desk.post(INVITATIONS, {"how_many": "77", "days": "30"})
    (one,) = invitations.still_open(home_programme, now=NOON)
    assert ">77<" in desk.get(INVITATIONS).text

    for _ in range(2):
        answer = desk.post(f"{INVITATIONS}{one.pk}/end/")

    assert answer["Location"] == INVITATIONS
    assert not invitations.still_open(home_programme, now=NOON).exists()
    assert ">77<" not in desk.get(INVITATIONS).text


def test_nobody_sees_or_ends_an_invitation_of_others(
    desk, tariq, farid, bilal, home_programme, other_programme
):
    invitations.make(other_programme, "learner", 55, NOON + timedelta(days=9), tariq)
    invitations.make(home_programme, "family", 66, NOON + timedelta(days=9), None)  # handed over in a family
    (one,) = invitations.still_open(other_programme, now=NOON)

    shown = desk.get(INVITATIONS).text
    assert (">55<" in shown, ">66<" in shown) == (False, False)
    for somebody in (desk, come_in(bilal)):
        somebody.post(f"{INVITATIONS}{one.pk}/end/")
    assert invitations.still_open(other_programme, now=NOON).exists()
    assert come_in(bilal).post(INVITATIONS, {"how_many": "2", "days": "7"}).status_code == 404


@pytest.mark.parametrize("said", [{"how_many": "0"}, {"how_many": "201"}, {"days": "400"}, {"days": ""}])
def test_an_invitation_is_for_some_people_and_for_some_days(desk, home_programme, said):
    page = desk.post(INVITATIONS, {"how_many": "2", "days": "7"} | said)

    assert page.status_code == 422
    assert "from 1 to 200" in page.text
    assert not invitations.still_open(home_programme, now=NOON).exists()
