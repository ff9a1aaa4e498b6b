from lms import consent
from lms.models.people import Person
from tests.cast import NOON


def test_the_last_answer_holds(amina, gul):
    assert consent.agreed(amina, "coach")
    assert not consent.agreed(gul, "coach")
    assert consent.agreed(gul, "record")


def test_a_list_of_people_holds_only_those_who_agree_now(amina, gul, farid, nadia):
    assert set(Person.objects.filter(consent.agreed_to("coach"))) == {amina, farid}


def test_who_was_never_asked_did_not_agree(nadia):
    assert consent.last_answer(nadia, "record") is None
    assert not consent.agreed(nadia, "record")


def test_later_is_an_answer_and_is_not_asked_again_at_once(nadia):
    consent.answer(nadia, "record", "later", at=NOON, locale="ur")

    assert [wording.purpose for wording in consent.still_to_ask(nadia)] == ["coach", "count"]


def test_the_wording_is_kept_as_it_was_shown(nadia):
    in_urdu = consent.answer(nadia, "record", "yes", at=NOON, locale="ur")
    in_english = consent.answer(nadia, "record", "yes", at=NOON, locale="en")

    assert len(in_urdu.wording) == 64
    assert in_english.version == in_urdu.version
