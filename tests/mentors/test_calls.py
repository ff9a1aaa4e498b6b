"""Talks that a coach writes down without a network, and the list that is on their phone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms import consent, intake, phones, privacy, seal, standings
from lms.about_others import NotTold
from lms.models.people import Device, Person
from lms.models.record import HeldLine, RecordLine
from mentors import access, bonds, calls
from mentors.models.bonds import Look
from mentors.models.coaching import MatchNeeds
from mentors.models.contacts import Contact
from tests.cast import NOON, _learner, _staff
from tests.inside import come_in
from tests.lms.phone import HOUR, batch, lesson, line, post

DAY = timedelta(days=1)
NOW = NOON + 10 * DAY


@pytest.fixture(autouse=True)
def _ten_days_later(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def zara(home_programme, bilal):
    """She has walked with Bilal for ten days."""
    person = _learner(home_programme, "Zara Bibi", "+923001230001", said={"record": "yes", "coach": "yes"})
    bonds.begin(bilal, person, home_programme, at=NOON)
    return person


@pytest.fixture
def phone(bilal):
    """Bilal's, with his list on it."""
    access.phone_of(bilal, "a" * 64, label="", now=NOW)
    return phones.device_of("a" * 64, now=NOW)


def talk(person, *, at=NOW - HOUR, sealed=True, uid=None, **said):
    """As the page of his calls writes it."""
    said = {"kind": "call"} | said
    sent = line(lesson(), "contact", at=at, subject=str(getattr(person, "pk", person)), seq=1)
    sent |= {"id": uid} if uid else {}
    return sent | {"response": seal.close_answer(said) if sealed else said}


def send(phone, *lines, sent_at=NOW, now=NOW):
    received = intake.receive(Person(pk=phone.person_id), phone, lines, sent_at=sent_at, now=now)
    return [f"{one.status} {one.code}".strip() for one in received.outcomes]


# ── What comes from the phone ────────────────────────────────────────────────────────────────────────────


def test_a_talk_that_bilal_wrote_down_on_the_road_stands_on_her_way(zara, bilal, phone):
    said = {"topic": "animals", "mood": 4, "note": "Two buffaloes.", "next_step": "Ask the vet", "credit": 20}

    assert send(phone, talk(zara, **said, days_ago=1, next_in=6)) == ["kept"]

    contact, page = Contact.objects.get(), come_in(bilal).get(f"/desk/people/{zara.pk}/").text
    assert (contact.person, contact.by, contact.on) == (zara, bilal, (NOW - DAY).date())
    assert contact.next_on == (NOW + 6 * DAY).date()
    assert {name: getattr(contact, name) for name in said} == said
    assert "Two buffaloes." in page
    assert access.bonds_of(bilal, [zara]).get().due_on == contact.next_on


def test_what_was_said_is_in_no_line(zara, phone):
    send(phone, talk(zara, note="Two buffaloes."))

    kept = RecordLine.objects.get()
    assert (kept.verb, kept.subject, kept.response) == ("contact", zara, None)


def test_a_talk_that_comes_twice_is_one_talk(zara, phone):
    sent = talk(zara, note="once")

    assert [send(phone, sent), send(phone, sent), send(phone, sent, sent)] == [
        ["kept"],
        ["known"],
        ["known", "known"],
    ]
    assert Contact.objects.count() == 1


def test_after_his_own_record_was_cleared_the_same_talk_is_still_one(zara, phone):
    sent = talk(zara, note="once")
    send(phone, sent)
    RecordLine.objects.all().delete()

    assert send(phone, sent) == ["kept"]
    assert Contact.objects.count() == 1


def test_whoever_has_no_bond_with_her_is_held_and_reads_nothing(zara, home_programme):
    other = _staff(home_programme, "rashid", "coach")
    access.phone_of(other, "b" * 64, label="", now=NOW)

    answer = send(phones.device_of("b" * 64, now=NOW), talk(zara, note="I know her."))

    assert answer == ["held subject_not_agreed"]
    assert Contact.objects.count() == 0
    assert "I know her" not in str(HeldLine.objects.get().line)


def test_somebody_who_is_nobody_is_held_just_the_same(phone, zara):
    assert send(phone, talk("0198f000-0000-7000-8000-000000000000")) == ["held subject_not_agreed"]


def test_a_talk_before_she_took_back_her_yes_is_kept_and_one_after_it_is_held(zara, phone):
    consent.answer(zara, "coach", "no", at=NOW - 2 * HOUR, locale="ur")

    answers = send(phone, talk(zara, at=NOW - 3 * HOUR), talk(zara, at=NOW - HOUR))

    assert answers == ["kept", "held subject_not_agreed"]


def test_a_talk_while_they_walked_together_comes_in_after_they_parted(zara, bilal, phone):
    bond = access.bonds_of(bilal, [zara]).get()
    due = bond.due_on
    bonds.end(bond, at=NOW - 2 * HOUR)

    answers = send(phone, talk(zara, at=NOW - 3 * HOUR), talk(zara, at=NOW - HOUR))

    bond.refresh_from_db()
    assert answers == ["kept", "held subject_not_agreed"]
    assert bond.due_on == due


def test_a_held_talk_is_taken_when_the_bond_is_written_down(zara, bilal, phone, home_programme):
    sana = _learner(home_programme, "Sana", "+923001230009", said={"record": "yes", "coach": "yes"})
    assert send(phone, talk(sana)) == ["held subject_not_agreed"]
    bonds.begin(bilal, sana, home_programme, at=NOON)

    intake.look_again_at_everybody(now=NOW)

    assert (Contact.objects.get().person, HeldLine.objects.count()) == (sana, 0)


def test_a_clock_that_is_a_year_off_tells_the_right_days(zara, phone):
    year = timedelta(days=365)

    answer = send(phone, talk(zara, at=NOW - HOUR + year, days_ago=2, next_in=7), sent_at=NOW + year)

    contact = Contact.objects.get()
    assert answer == ["kept"]
    assert (contact.on, contact.next_on) == ((NOW - 2 * DAY).date(), (NOW + 7 * DAY).date())


def test_no_day_is_before_they_walked_together(zara, phone):
    send(phone, talk(zara, days_ago=300))

    assert Contact.objects.get().on == NOON.date()


def test_a_coach_who_wants_nothing_remembered_still_tells_of_talks(zara, phone):
    consent.answer(phone.person, "record", "no", at=NOON, locale="en")

    assert send(phone, talk(zara)) == ["kept"]


def test_telling_of_others_is_no_learning(zara, bilal, phone):
    send(phone, talk(zara))

    assert standings.standings_of(phone.person) == {}
    assert standings.rebuild(phone.person, now=NOW) == 0
    assert standings.wrong_ones(phone.person) == []


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "shouted"},
        {"topic": "weather"},
        {"mood": 6},
        {"mood": "4"},
        {"note": "x" * 501},
        {"note": "\0"},
        {"credit": -1},
        {"next_in": 101},
        {"days_ago": True},
        {"more": 1},
    ],
)
def test_what_is_no_talk_is_refused(zara, phone, said):
    assert send(phone, talk(zara, **said)) == ["refused schema"]
    assert (Contact.objects.count(), HeldLine.objects.count()) == (0, 0)


@given(
    said=st.dictionaries(
        st.sampled_from(["kind", "topic", "mood", "note", "days_ago", "next_in"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    )
)
def test_whatever_a_phone_tells_is_a_talk_or_nothing(said):
    try:
        read = calls.read(said)
    except NotTold:
        return
    assert read.kind in Contact.Kind.values


def test_without_a_seal_it_is_taken_as_well(zara, phone):
    assert send(phone, talk(zara, sealed=False, note="Over an old browser.")) == ["kept"]


def test_a_talk_sealed_to_a_key_of_before_waits_for_it(zara, phone, settings):
    sent = talk(zara, note="sealed long ago")
    keys = settings.SEAL_KEYS
    settings.SEAL_KEYS = ["another"]
    assert send(phone, sent) == ["held unknown_key"]

    settings.SEAL_KEYS = ["another", *keys]
    intake.look_again_at_everybody(now=NOW)

    assert Contact.objects.get().note == "sealed long ago"


def test_zara_is_forgotten_while_bilal_writes(zara, phone):
    sent = talk(zara, note="on the road")
    privacy.erase(zara, now=NOW)

    assert send(phone, sent) == ["held subject_not_agreed"]
    assert Contact.objects.count() == 0


def test_when_zara_is_forgotten_the_line_about_her_goes(zara, phone):
    send(phone, talk(zara))

    privacy.erase(zara, now=NOW)

    assert RecordLine.objects.count() == 0


def test_in_bilals_copy_nobody_is_named(zara, phone):
    send(phone, talk(zara))

    assert str(zara.pk) not in str(privacy.export(phone.person)["held"]["lms.RecordLine"])


def test_his_phone_cannot_be_used_for_anything_after_it_was_taken_out(zara, phone, client):
    Device.objects.filter(pk=phone.pk).update(revoked_at=NOW)

    answer = post(client, "sync", batch(talk(zara), sent_at=NOW), token="a" * 64)

    assert (answer.status_code, Contact.objects.count()) == (403, 0)


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────


def bring(coach, **said):
    return come_in(coach).post("/desk/phone/", {"token": "c" * 64} | said)


def test_the_list_tells_initials_district_and_the_next_step(zara, bilal, home_programme):
    MatchNeeds.objects.create(
        person=zara, programme=home_programme, at=NOON, waiting_since=NOON, district="okara"
    )
    come_in(bilal).post(
        f"/desk/people/{zara.pk}/talk/",
        {
            "uid": "0198f000-0000-7000-8000-000000000001",
            "kind": "call",
            "on": NOW.date(),
            "next_step": "Ask the vet",
        },
    )

    (row,) = bring(bilal).json()["rows"]

    assert row == {
        "uid": str(zara.pk),
        "who": "Z B",
        "where": "Okara",
        "step": "Ask the vet",
        "due": (NOW + 7 * DAY).date().isoformat(),
        "asks": False,
    }


def test_no_name_and_no_number_goes_onto_the_phone(zara, bilal):
    said = bring(bilal).text

    assert "Zara" not in said
    assert "300123" not in said


def test_that_she_was_in_the_list_zara_can_read(zara, bilal):
    bring(bilal)

    assert Look.objects.filter(person=zara, by=bilal, what=Look.What.LIST).exists()


def test_bringing_the_list_twice_is_one_phone(zara, bilal):
    answers = [bring(bilal), bring(bilal), bring(bilal, token="d" * 64)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert Device.objects.filter(person__user=bilal).count() == 2


def test_a_token_of_somebody_else_is_not_taken(zara, bilal):
    phones.issue(zara, token="c" * 64, now=NOW)

    assert bring(bilal).status_code == 404


@pytest.mark.parametrize("token", ["", "x" * 101])
def test_a_token_that_is_none_is_not_taken(zara, bilal, token):
    assert bring(bilal, token=token).status_code == 400


def test_only_coaches_have_such_a_list(zara, sana):
    browser = come_in(sana)

    assert browser.get("/desk/phone/").status_code == 404
    assert browser.get("/desk/phone/?list=ur").status_code == 404
    assert browser.post("/desk/phone/", {"token": "c" * 64}).status_code == 404


def test_the_list_of_now_comes_in_the_language_of_the_page(zara, bilal, home_programme):
    MatchNeeds.objects.create(
        person=zara, programme=home_programme, at=NOON, waiting_since=NOON, district="okara"
    )

    said = come_in(bilal).get("/desk/phone/?list=ur").json()

    assert said["rows"][0]["where"] == "اوکاڑہ"


@pytest.mark.parametrize(
    ("name", "said"),
    [("Zara Bibi Khan", "Z B"), ("zara", "Z"), ("", ""), ("  آمنہ  ", "آ"), ("🐃 Gul", "🐃 G")],
)
def test_initials(name, said):
    assert calls.initials(name) == said
