"""Something is not right with a coach: it is said with a touch, and not heard by the coordinator."""

import uuid
from datetime import timedelta

import pytest

from mentors import bonds, complaints
from mentors.models.bonds import Bond, Look
from mentors.models.coaching import Exclusion
from mentors.models.complaints import Complaint
from tests.cast import NOON, _staff
from tests.inside import come_in

PAGE = "/en/mine/coach/wrong/"


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON + timedelta(days=1))
    return time_machine


@pytest.fixture
def huma(home_programme):
    return _staff(home_programme, "huma", "safeguarding")


def say(person, kind: str = "fear", words: str = "", form: str = ""):
    return come_in(person).post(PAGE, {"uid": form or str(uuid.uuid4()), "kind": kind, "words": words})


def room(lead, programme, **said):
    desk, address = come_in(lead), f"/desk/safeguarding/{programme.pk}/"
    return desk.post(address, said, follow=True) if said else desk.get(address)


def test_amina_says_it_with_a_touch_and_huma_hears_it(amina, bilal, huma, home_programme):
    answer = say(amina, words="He shouts.")

    assert "Thank you for telling us" in answer.text
    page = room(huma, home_programme).text
    assert "I do not feel safe with them" in page
    assert "He shouts." in page
    assert "1 word about a coach waits to be heard" in come_in(huma).get("/desk/").text
    assert Look.objects.filter(by=huma, person=amina).exists()


def test_neither_the_coach_nor_the_coordinator_sees_it(amina, bilal, tariq, huma, home_programme):
    say(amina, words="He shouts.")

    desk = come_in(bilal)
    pages = [desk.get("/desk/"), desk.get(f"/desk/people/{amina.pk}/")]
    lead = come_in(tariq)
    pages += [lead.get(f"/desk/{room}/{home_programme.pk}/") for room in ("matching", "walks")]
    assert all(page.status_code == 200 and "shouts" not in page.text for page in pages)
    assert lead.get(f"/desk/safeguarding/{home_programme.pk}/", follow=True).status_code == 404


def test_a_second_tap_is_no_second_complaint(amina):
    form = str(uuid.uuid4())
    say(amina, form=form)
    say(amina, form=form)

    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"kind": ""}, {"kind": "loud"}, {"words": "a" * 501}, {"form": "not a form"}]
)
def test_what_cannot_be_is_said_and_her_words_stay(wrong, amina):
    answer = say(amina, **({"words": "He shouts."} | wrong))

    assert answer.status_code == 422
    assert "He shouts." in answer.text or "words" in wrong
    assert not Complaint.objects.exists()


def test_a_page_that_came_with_a_broken_form_can_be_sent(amina):
    page = say(amina, form="not a form").text
    form = page.partition('name="uid" value="')[2].partition('"')[0]

    assert say(amina, form=form).status_code == 200


def test_she_may_say_it_three_months_after_they_parted_and_then_no_more(amina, bilal, time):
    bonds.end(bonds.present(amina), at=NOON + timedelta(days=1))

    time.move_to(NOON + timedelta(days=90))
    assert say(amina).status_code == 200
    time.move_to(NOON + timedelta(days=92))
    assert say(amina)["Location"] == "/en/mine/coach/"
    assert Complaint.objects.get().coach == bilal


def test_who_never_had_a_coach_is_led_back(farid):
    assert come_in(farid).get(PAGE)["Location"] == "/en/mine/coach/"


def test_after_she_said_it_she_can_stop_at_once(amina):
    page = say(amina).text

    assert "You can stop with this coach at once" in page
    come_in(amina).post("/en/mine/coach/", {"act": "stop"})
    assert not Bond.objects.filter(person=amina, ended_at=None).exists()


def test_huma_takes_care_of_it_once_and_the_two_are_kept_apart(amina, bilal, huma, home_programme):
    say(amina)
    told = Complaint.objects.get()
    for _ in range(2):
        assert room(huma, home_programme, act="heard", told=told.pk, person=amina.pk).status_code == 200

    told.refresh_from_db()
    assert (told.heard_by, complaints.waiting_in(home_programme)) == (huma, 0)
    assert [(one.person, one.coach, one.kind) for one in Exclusion.objects.all()] == [
        (amina, bilal, "complaint")
    ]
    assert "These two walk together now" in room(huma, home_programme).text


def test_what_was_said_in_another_programme_is_not_humas(farid, bilal, huma, home_programme, other_programme):
    bond = Bond.objects.create(coach=bilal, person=farid, programme=other_programme, began_at=NOON)
    told = complaints.tell(farid, bond, uuid.uuid4(), {"kind": "fear", "words": ""}, now=NOON)

    answer = room(huma, home_programme, act="heard", told=told.pk)

    assert answer.status_code == 422
    told.refresh_from_db()
    assert told.heard_at is None
