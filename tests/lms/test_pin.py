"""Name, picture and PIN open a place where its phone is known, and tell nothing to anybody else."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms import invitations, phones, pins, signin
from lms.models.people import Device, Person, PinTry, WayIn
from lms.models.programme import Membership, Role
from tests.cast import NOON
from tests.lms.ways import NEW, code_for, come_in, come_in_by_card, prove, say_who

PIN, OTHER = "7294", "5183"
SECOND = timedelta(seconds=1)
NUMBER = "+923001234567"  # Amina's


def new_place(client, *, name="Zara", picture="lamp", pin=PIN, age="18+", **more):
    """Somebody new on this phone, without a number."""
    said = {"name": name, "picture": picture, "pin": pin, "age": age, **more}
    return client.post("/en/start/new/", said)


def try_pin(client, *, name="Zara", picture="lamp", pin=PIN):
    return client.post("/en/start/who/", {"name": name, "picture": picture, "pin": pin})


def who_is_here(client) -> str:
    uid = client.session.get("person")
    return Person.objects.get(pk=uid).name if uid else ""


def give_pin(person, pin=PIN):
    pins.choose(person, pin, now=timezone.now())


# ── Chosen ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "pin",
    ["1234", "0000", "4321", "1212", "7777", "2580", "123456", "123123", "112233", "1990", "0123", "9876",
     "147258", "۱۲۳۴"],
)  # fmt: skip
def test_a_pin_that_anybody_would_try_first_is_refused(pin):
    with pytest.raises(pins.TooEasy):
        pins.read(pin)


@pytest.mark.parametrize("pin", ["", "729", "7294615", "abcd", "7 2 9"])
def test_a_pin_has_four_to_six_digits(pin):
    with pytest.raises(pins.NotAPin):
        pins.read(pin)


@given(st.from_regex(r"[0-9]{4,6}", fullmatch=True))
def test_most_pins_may_be_chosen_and_all_are_read_alike_in_urdu(pin):
    urdu = pin.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    if pins.is_easy(pin):
        with pytest.raises(pins.TooEasy):
            pins.read(urdu)
    else:
        assert pins.read(urdu) == pin


def test_no_more_than_one_pin_in_ten_is_called_easy():
    assert sum(pins.is_easy(f"{n:04}") for n in range(10**4)) < 1000


def test_a_pin_is_kept_as_a_slow_hash_that_needs_the_servers_key(amina, settings):
    give_pin(amina)

    assert PIN not in amina.pin
    assert not hashers.check_password(PIN, amina.pin)
    settings.SECRET_KEY = "another server"
    assert not pins.is_right(amina, PIN, phone="here", now=NOON)


def test_where_real_people_are_the_hash_is_slow():
    from config import settings as real

    assert not hasattr(real, "PASSWORD_HASHERS"), "Django's own first choice is slow enough."


# ── A place without a number ─────────────────────────────────────────────────────────────────────────────


def test_somebody_without_a_number_gets_a_place_and_comes_in_again(client, db):
    assert new_place(client).headers["Location"] == "/en/mine/consent/"
    client.post("/en/leave/")
    assert who_is_here(client) == ""

    answer = try_pin(client)

    assert answer.headers["Location"] == "/en/mine/consent/"
    assert who_is_here(client) == "Zara"
    assert not WayIn.objects.exists()


def test_nobody_under_16_has_an_account(client, db):
    page = new_place(client, age="under-16")

    assert "All lessons are open for you" in page.text
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("pin", "says"), [("1234", "easy to guess"), ("12", "4, 5 or 6 digits"), ("", "4, 5 or 6 digits")]
)
def test_a_pin_that_cannot_be_is_said_kindly_and_never_written_back(client, db, pin, says):
    page = new_place(client, pin=pin)

    assert page.status_code == 422
    assert says in page.text
    assert 'value="Zara"' in page.text
    assert not Person.objects.exists()


def test_a_second_tap_makes_no_second_place(client, db):
    client.get("/en/start/new/")
    mark = client.cookies["m"].value
    new_place(client)
    other = Client()
    other.cookies["m"] = mark
    new_place(other)

    assert Person.objects.count() == 1


def test_two_of_one_name_on_one_phone_are_two(client, db):
    new_place(client)
    Person.objects.update(made_at=timezone.now() - timedelta(hours=1))
    client.post("/en/leave/")
    new_place(client, pin=OTHER)
    second = client.session["person"]
    try_pin(client, pin=PIN)

    assert Person.objects.count() == 2
    assert client.session["person"] != second


def test_a_name_is_found_as_it_is_heard(client, db):
    new_place(client, name="علي کاظمی")

    for written in ("علی کاظمی", " علی  كاظمي ", "عَلی کاظمی"):
        client.post("/en/leave/")
        try_pin(client, name=written)
        assert client.session.get("person"), written


# ── Only where the phone is known ────────────────────────────────────────────────────────────────────────


def test_a_strange_phone_opens_nothing_with_the_right_pin(client, db):
    new_place(client)
    stranger = Client()

    assert try_pin(stranger).status_code == 422
    assert who_is_here(stranger) == ""


def test_a_phone_that_was_taken_off_the_list_is_strange_again(client, db):
    new_place(client)
    client.post("/en/leave/")
    phone = Device.objects.get()
    phones.revoke(phone.person, phone.pk, now=timezone.now())

    assert try_pin(client).status_code == 422


def test_a_phone_is_one_phone_by_mark_and_by_token(client, db):
    new_place(client)
    token = client.post("/api/v1/claim", data="{}", content_type="application/json").json()["token"]

    assert phones.person_of(token).name == "Zara"
    assert Device.objects.count() == 1
    client.post("/en/leave/")
    try_pin(client)
    assert Device.objects.count() == 1
    assert phones.person_of(token).name == "Zara"


def test_the_mark_is_kept_from_scripts_and_is_nowhere_here(client, db):
    new_place(client)
    cookie = client.cookies["m"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(Device.objects.values()))


def test_changing_to_another_ends_the_first_ones_session(client, db):
    new_place(client)
    new_place(client, name="Omar", picture="kite", pin=OTHER)
    session = client.session.session_key

    try_pin(client)

    assert who_is_here(client) == "Zara"
    assert client.session.session_key != session
    assert not client.session.exists(session)


# ── Nobody learns who is there ───────────────────────────────────────────────────────────────────────────


WRONG = [
    {"pin": OTHER},
    {"name": "Nobody"},
    {"picture": "kite"},
    {"name": "", "pin": ""},
    {"name": "x" * 900},
]


def test_unknown_and_wrong_are_answered_alike(client, db):
    new_place(client)
    client.post("/en/leave/")

    pages = [try_pin(client, **wrong) for wrong in WRONG]

    assert {page.status_code for page in pages} == {422}
    assert all("open no place on this phone" in page.text for page in pages)


@pytest.mark.parametrize("wrong", WRONG)
def test_unknown_and_wrong_take_the_same_work(client, db, wrong, monkeypatch, django_assert_num_queries):
    new_place(client)
    people = list(Person.objects.all())
    hashed = []
    right = pins.check_password
    monkeypatch.setattr(pins, "check_password", lambda *said: hashed.append(1) or right(*said))
    tried = {"name": "Zara", "picture": "lamp", "typed": OTHER} | {
        {"pin": "typed"}.get(word, word): said for word, said in wrong.items()
    }

    with pytest.raises(pins.WrongPin), django_assert_num_queries(8):
        pins.find(people, **tried, phone="here", now=NOON)

    assert len(hashed) == pins.HASHES


@pytest.mark.parametrize("name", ["Zara", "Nobody"])
def test_C22_after_five_wrong_tries_one_waits_and_longer_each_time(client, db, name):
    new_place(client)
    people, at = list(Person.objects.all()), NOON

    waits = []
    for _ in range(4):
        for _ in range(5):
            with pytest.raises(pins.WrongPin):
                pins.find(people, name=name, picture="lamp", typed=OTHER, phone="here", now=at)
        with pytest.raises(pins.Wait) as trouble:
            pins.find(people, name=name, picture="lamp", typed=PIN, phone="here", now=at)
        waits.append(trouble.value.until - at)
        at = trouble.value.until

    assert waits == [30 * SECOND, 300 * SECOND, 1800 * SECOND, 1800 * SECOND]


def test_after_many_tries_a_name_waits_until_tomorrow(client, db):
    new_place(client)
    people, at, tries = list(Person.objects.all()), NOON, 0
    while at < NOON + timedelta(hours=23):
        try:
            pins.find(people, name="Zara", picture="lamp", typed=OTHER, phone="here", now=at)
        except pins.WrongPin:
            tries += 1
        except pins.Wait as trouble:
            at = trouble.until

    assert tries == pins.ON_A_PHONE
    assert pins.find(people, name="Zara", picture="lamp", typed=PIN, phone="here", now=at).name == "Zara"


def test_A08_whoever_tries_on_one_phone_locks_nobody_out_on_another(client, db):
    new_place(client)
    people = list(Person.objects.all())
    for _ in range(5):
        with pytest.raises(pins.WrongPin):
            pins.find(people, name="Zara", picture="lamp", typed=OTHER, phone="his", now=NOON)

    assert pins.find(people, name="Zara", picture="lamp", typed=PIN, phone="hers", now=NOON)


def test_one_s_own_pin_in_between_gives_no_new_tries(client, db):
    new_place(client)
    new_place(client, name="Omar", picture="kite", pin=OTHER)
    people = list(Person.objects.all())
    for n in range(5):
        with pytest.raises(pins.WrongPin):
            pins.find(people, name="Zara", picture="lamp", typed=f"60{n}5", phone="here", now=NOON)
        pins.find(people, name="Omar", picture="kite", typed=OTHER, phone="here", now=NOON)

    with pytest.raises(pins.Wait):
        pins.find(people, name="Zara", picture="lamp", typed=PIN, phone="here", now=NOON)


def test_the_page_says_how_long_to_wait(client, db):
    new_place(client)
    client.post("/en/leave/")
    for _ in range(5):
        try_pin(client, pin=OTHER)

    page = try_pin(client)

    assert page.status_code == 422
    assert "Please wait one minute" in page.text
    assert who_is_here(client) == ""


def test_tries_are_forgotten_in_time(db):
    from lms import privacy

    with pytest.raises(pins.WrongPin):
        pins.find([], name="A", picture="pot", typed=PIN, phone="here", now=NOON)
    privacy.expire(NOON + timedelta(days=4), real=True)

    assert not PinTry.objects.exists()


# ── A PIN beside a number ────────────────────────────────────────────────────────────────────────────────


def change(client, *, pin=OTHER, old="", again=None):
    return client.post("/en/mine/pin/", {"pin": pin, "again": again or pin, "old": old})


def test_somebody_with_a_number_adds_a_pin(client, amina):
    come_in(client, amina)

    assert change(client, pin=PIN).headers["Location"] == "/en/mine/"
    assert "Your PIN is kept" in client.get("/en/mine/").text
    client.post("/en/leave/")
    try_pin(client, name="Amina", picture="kite")
    assert who_is_here(client) == "Amina"


def test_two_that_differ_are_asked_again(client, amina):
    come_in(client, amina)
    page = change(client, pin=PIN, again=OTHER)

    assert page.status_code == 422
    assert "not the same" in page.text


def test_another_pin_needs_the_old_one(client, amina):
    come_in(client, amina)
    give_pin(amina)

    assert "This is not your PIN" in change(client, old="8361").text
    assert change(client, old=PIN).status_code == 302
    amina.refresh_from_db()
    assert pins.is_right(amina, OTHER, phone="here", now=timezone.now())


def test_the_number_alone_resets_no_pin_and_opens_no_place_that_has_one(client, amina):
    give_pin(amina)
    WayIn.objects.update(last_used_at=timezone.now())
    answer = prove(client, NUMBER)

    assert answer.headers["Location"] == "/en/start/you/"
    assert who_is_here(client) == ""
    assert change(client).headers["Location"].startswith("/en/start/")


def test_number_and_pin_open_the_place_on_a_new_phone(client, amina):
    give_pin(amina)
    prove(client, NUMBER)
    assert "I have a PIN" in client.get("/en/start/you/").text

    try_pin(client, name="Amina", picture="kite")

    assert who_is_here(client) == "Amina"
    assert client.get("/en/mine/phones/").status_code == 200


def test_a_card_alone_resets_no_pin_and_a_coachs_yes_after_it_does(client, amina):
    give_pin(amina)
    come_in_by_card(client, amina)
    assert client.get("/en/mine/pin/").status_code == 403

    signin.confirm_phone(amina, now=timezone.now())

    assert change(client).status_code == 302
    amina.refresh_from_db()
    assert pins.is_right(amina, OTHER, phone="here", now=timezone.now())
    assert change(client, pin=PIN).status_code == 422  # the yes was for one new PIN


def test_a_coachs_yes_of_long_ago_resets_nothing(client, amina, time_machine):
    give_pin(amina)
    come_in_by_card(client, amina)
    signin.confirm_phone(amina, now=timezone.now())
    time_machine.move_to(timezone.now() + timedelta(days=8))

    assert change(client).status_code == 422


def test_after_a_card_the_pin_opens_the_rest_of_this_phone_and_of_no_other(client, amina):
    give_pin(amina)
    finder = Client()
    come_in_by_card(finder, amina)
    come_in_by_card(client, amina)
    assert client.get("/en/mine/phones/").status_code == 403

    try_pin(client, name="Amina", picture="kite")

    assert client.get("/en/mine/phones/").status_code == 200
    assert finder.get("/en/mine/phones/").status_code == 403


def test_a_new_pin_is_told_to_the_other_phones(client, amina):
    give_pin(amina)
    phones.issue(amina, now=timezone.now())
    WayIn.objects.update(last_used_at=timezone.now())
    prove(client, NUMBER)
    try_pin(client, name="Amina", picture="kite")
    change(client, old=PIN)

    assert set(Device.objects.values_list("notice", flat=True)) == {"pin-changed"}


# ── Two people, one number ───────────────────────────────────────────────────────────────────────────────


def test_a_second_person_on_a_number_never_learns_of_the_first(client, amina):
    give_pin(amina)
    fresh = Client()
    answers = [prove(client, NUMBER), prove(fresh, NEW)]
    pages = [client.get("/en/start/you/"), fresh.get("/en/start/you/")]
    ends = [say_who(client, name="Bano"), say_who(fresh, name="Bano")]
    mine = [one.get("/en/mine/phones/").text for one in (client, fresh)]

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert "Amina" not in pages[0].text
    assert len({answer.headers["Location"] for answer in ends}) == 1
    assert NUMBER in mine[0]
    assert NEW in mine[1]
    assert Person.objects.filter(name="Amina").exists()


def test_who_says_that_they_are_new_gets_no_other_place(client, amina):
    WayIn.objects.update(last_used_at=timezone.now())
    client.get("/en/start/number/?new")
    answer = prove(client, NUMBER)
    say_who(client, name="Bano")

    assert answer.headers["Location"] == "/en/start/you/"
    assert who_is_here(client) == "Bano"
    assert signin.opened_by(NUMBER) is None  # from now on the PIN says which of the two


def test_two_who_share_a_number_each_come_in_with_their_pin(client, amina):
    give_pin(amina)
    prove(client, NUMBER)
    say_who(client, name="Bano", picture="pot")
    change(client, pin=OTHER)

    for name, picture, pin in (("Bano", "pot", OTHER), ("Amina", "kite", PIN)):
        phone = Client()
        signin.ask_for_code(NUMBER, locale="en", now=timezone.now() + timedelta(minutes=1))
        phone.post("/en/start/code/", {"number": NUMBER, "code": code_for(NUMBER)})
        try_pin(phone, name=name, picture=picture, pin=pin)
        assert who_is_here(phone) == name


def test_the_first_is_asked_for_a_pin_when_the_number_opens_nothing_any_more(client, amina):
    phones.issue(amina, now=timezone.now())
    client.get("/en/start/number/?new")
    prove(client, NUMBER)
    say_who(client, name="Bano")

    assert Device.objects.get(person=amina).notice == "choose-pin"


def test_a_quiet_number_whose_place_has_a_pin_begins_anew_for_who_is_new(client, amina):
    give_pin(amina)
    WayIn.objects.update(last_used_at=timezone.now() - timedelta(days=100))
    assert prove(client, NUMBER).headers["Location"] == "/en/start/you/"
    say_who(client, name="Bano")

    assert [way.person.name for way in WayIn.objects.filter(ended_at=None)] == ["Bano"]
    assert signin.opened_by(NUMBER).person.name == "Bano"


# ── A family ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_family_member_gets_a_place_of_their_own_in_the_same_programme(client, amina, home_programme):
    come_in(client, amina)
    assert client.post("/en/mine/family/").headers["Location"] == "/en/start/new/"
    assert who_is_here(client) == ""
    new_place(client)

    zara, amina = Person.objects.get(name="Zara"), Person.objects.get(name="Amina")
    assert who_is_here(client) == "Zara"
    assert zara.household == amina.household is not None
    assert Membership.objects.get(person=zara, ended_at=None).role == Role.FAMILY
    assert Membership.objects.get(person=zara).programme == home_programme
    assert "Amina" not in client.get("/en/mine/").text


def test_a_household_that_waited_too_long_labels_nobody(client, amina, time_machine):
    come_in(client, amina)
    client.post("/en/mine/family/")
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    new_place(client)

    assert Person.objects.get(name="Zara").household is None
    assert not Membership.objects.filter(person__name="Zara").exists()


def test_a_coach_sees_nothing_more_through_a_household(client, amina, bilal):
    from mentors import access

    come_in(client, amina)
    client.post("/en/mine/family/")
    new_place(client)

    assert [person.name for person in access.learners_of(bilal)] == ["Amina"]


# ── Hidden ───────────────────────────────────────────────────────────────────────────────────────────────


def test_who_hides_has_no_name_for_the_phones_list(client, db):
    new_place(client)
    assert 'data-called="Zara"' in client.get("/en/mine/pin/").text
    client.post("/en/mine/hidden/", {"hidden": "yes"})
    page = client.get("/en/mine/pin/").text

    assert "data-called" not in page
    assert "data-hidden" in page
    client.post("/en/leave/")
    try_pin(client)
    assert who_is_here(client) == "Zara"


def test_without_a_pin_nobody_hides(client, amina):
    come_in(client, amina)
    client.post("/en/mine/hidden/", {"hidden": "yes"})

    assert not Person.objects.get(pk=amina.pk).hidden


def test_no_page_of_one_names_another_who_is_on_the_phone(client, db):
    new_place(client)
    client.post("/en/mine/hidden/", {"hidden": "yes"})
    new_place(client, name="Omar", picture="kite", pin=OTHER)

    for page in (
        "start/who/",
        "start/",
        "mine/",
        "mine/phones/",
        "mine/pin/",
        "mine/hidden/",
        "mine/family/",
    ):
        assert "Zara" not in client.get(f"/en/{page}").text


# ── Invited ──────────────────────────────────────────────────────────────────────────────────────────────


def test_who_is_invited_first_joins_when_they_have_a_place(client, home_programme, tariq):
    until = timezone.now() + timedelta(days=7)
    code = invitations.make(home_programme, Role.LEARNER, 1, until, tariq)
    page = client.post("/i", {"invitation": " ".join(invitations.groups(code))})
    assert page.status_code == 200
    assert not Membership.objects.filter(role=Role.LEARNER).exists()

    new_place(client)

    assert Membership.objects.get(role=Role.LEARNER).person.name == "Zara"


def test_who_has_a_place_joins_at_once(client, farid, home_programme, tariq):
    come_in(client, farid)
    until = timezone.now() + timedelta(days=7)
    code = invitations.make(home_programme, Role.FAMILY, 1, until, tariq)
    client.post("/en/start/invitation/", {"invitation": code})

    assert "You have joined" in client.get("/en/mine/").text
    assert Membership.objects.filter(person=farid, programme=home_programme, role=Role.FAMILY).exists()


def test_an_invitation_that_was_used_up_meanwhile_is_told(client, home_programme, tariq):
    until = timezone.now() + timedelta(days=7)
    code = invitations.make(home_programme, Role.LEARNER, 1, until, tariq)
    client.post("/en/start/invitation/", {"invitation": code})
    for one in invitations.still_open(home_programme, now=timezone.now()):
        invitations.take_back(home_programme, str(one.pk), now=timezone.now())
    new_place(client)

    assert "Your invitation was used up or too old" in client.get("/en/mine/").text


@pytest.mark.parametrize("typed", ["1234567890", "1" * 5000])
def test_what_is_no_invitation_is_answered_with_one_sentence(client, db, typed):
    page = client.post("/en/start/invitation/", {"invitation": typed})

    assert page.status_code == 422
    assert "This invitation does not open any more" in page.text


@pytest.mark.parametrize("typed", ["", "abc", "123 456 789"])
def test_who_has_typed_too_few_digits_hears_that_some_are_missing(client, db, typed):
    page = client.post("/en/start/invitation/", {"invitation": typed})

    assert page.status_code == 422
    assert "Some are missing here" in page.text


def test_guessing_invitations_soon_ends_with_a_kind_wait(client, db, monkeypatch):
    monkeypatch.setattr("lms.limits.within", lambda what, whose, **more: False)

    assert "Please try again in a few minutes" in client.post("/i", {"invitation": "1234567890"}).text
