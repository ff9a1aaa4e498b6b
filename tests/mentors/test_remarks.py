"""At the desk: who hears what people told about lessons, what they see of them, and what they may do."""

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses import notes
from courses.models import LocalNote
from lms import programmes, remarks
from lms.models.people import User
from lms.models.programme import Role
from lms.models.remarks import Remark
from lms.remarks import Told
from mentors.models.bonds import Look
from tests.cast import NOON
from tests.courses.conftest import catalogue, english, lesson, put, question, unit, urdu  # noqa: F401 - a course
from tests.inside import come_in
from tests.media.stuff import tone

ACCEPTED = {
    "do": "accept",
    "text": "The canal is dry.",
    "locale": "en",
    "district": "okara",
    "on": "2026-03-01",
}


def colleague(username: str, programme, role: Role) -> User:
    user = User.objects.create_user(username, password="a long enough password", is_staff=True)
    programmes.appoint(user, programme, role, at=NOON)
    return user


@pytest.fixture
def huda(home_programme) -> User:
    """Knows the subject."""
    return colleague("huda", home_programme, Role.REVIEWER)


@pytest.fixture
def omar(other_programme) -> User:
    """Writes for another programme."""
    return colleague("omar", other_programme, Role.TRAINER)


@pytest.fixture
def tell(lesson):  # noqa: F811
    put(lesson)

    def told(person=None, **more) -> Remark:
        said = {"text": "The canal is dry here.", "district": "okara"} | more
        about = {"lesson": lesson.translation_key, "block": lesson.body[0].id, "locale": "en"}
        return remarks.tell(Told(**about, **said), person=person, now=NOON)

    return told


def desk(who: AbstractBaseUser) -> Client:
    return come_in(who)


def page(browser: Client, remark: Remark, status: int = 200) -> str:
    answer = browser.get(f"/desk/remarks/{remark.pk}/")
    assert answer.status_code == status
    return answer.content.decode()


def press(browser: Client, remark: Remark, **said: str) -> int:
    return browser.post(f"/desk/remarks/{remark.pk}/", said).status_code


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────


def test_trainers_and_reviewers_of_the_programme_hear_it_and_nobody_else(
    tell, amina, sana, huda, omar, bilal, tariq
):
    remark = tell(amina)

    seen = {user.username: desk(user).get(f"/desk/remarks/{remark.pk}/").status_code
            for user in (sana, huda, omar, bilal, tariq)}  # fmt: skip

    assert seen == {"sana": 200, "huda": 200, "omar": 404, "bilal": 404, "tariq": 404}


def test_what_a_guest_told_is_heard_by_trainers_of_every_programme(tell, sana, omar):
    remark = tell()

    assert "The canal is dry here." in page(desk(sana), remark)
    assert "The canal is dry here." in page(desk(omar), remark)


def test_who_writes_no_more_hears_no_more(tell, amina, omar, other_programme):
    remark = tell()
    programmes.leave(programmes.present(omar, other_programme, Role.TRAINER), at=NOON)

    page(desk(omar), remark, status=404)


def test_the_list_tells_lesson_district_and_words(tell, amina, farid, sana):
    tell(amina)

    shown = desk(sana).get("/desk/remarks/").content.decode()

    assert "Water all day" in shown
    assert "Okara" in shown
    assert "The canal is dry here." in shown
    assert "Amina" not in shown


def test_nobody_sees_who_told_it_and_no_look_is_noted(tell, amina, sana):
    shown = page(desk(sana), tell(amina))

    assert "Give her water all day." in shown  # the screen it is about
    assert "Amina" not in shown
    assert "+92" not in shown
    assert not Look.objects.exists()


def test_who_may_be_asked_is_seen_and_can_read_who_looked(tell, amina, sana):
    shown = page(desk(sana), tell(amina, may_ask=True))

    assert "Amina" in shown
    assert "+923001234567" in shown
    assert list(Look.objects.values_list("by", "person", "what")) == [(sana.pk, amina.pk, "remark")]


def test_the_voice_is_given_whole_or_in_parts_to_who_may_hear_it(
    tell, amina, sana, omar, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        remark = tell(amina, text="", voice=SimpleUploadedFile("told.wav", tone(1)))
    address, browser = f"/desk/remarks/{remark.pk}/voice/", desk(sana)

    whole = browser.get(address)
    part = browser.get(address, headers={"range": "bytes=0-99"})

    assert (whole.status_code, whole["Content-Type"]) == (200, "audio/mpeg")
    assert "no-store" in whole["Cache-Control"]
    assert (part.status_code, part.content) == (206, whole.content[:100])
    assert f'src="{address}"' in page(browser, remark)
    assert desk(omar).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_desk_says_that_something_waits(tell, sana, bilal):
    tell()

    assert "1 voice from where people live waits for you." in desk(sana).get("/desk/").content.decode()
    assert "/desk/remarks/" not in desk(bilal).get("/desk/").content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_list_costs_the_same_for_one_or_three(tell, sana, how_many, django_assert_num_queries):
    for _ in range(how_many):
        tell()
    browser = desk(sana)
    browser.get("/desk/remarks/")

    with django_assert_num_queries(10):
        browser.get("/desk/remarks/")


# ── What they do ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_trainer_lets_it_into_the_lesson_in_words_of_their_own(tell, sana):
    remark = tell()

    assert press(desk(sana), remark, **ACCEPTED) == 302

    [told] = notes.of_lesson(remark.lesson, "en")[remark.block]
    assert told.spoken == "In Okara, March 2026: The canal is dry."
    assert "stands in the lesson" in page(desk(sana), remark)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": ""}, "What the lesson says"),
        ({"district": "", "place": ""}, "Please say for which district this is so."),
        ({"on": "2999-01-01"}, "Please choose a day that has been."),
        ({"on": "yesterday"}, "Told on"),
        ({"text": "x" * 401}, "What the lesson says"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(tell, sana, change, sentence):
    answer = desk(sana).post(f"/desk/remarks/{tell().pk}/", ACCEPTED | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not LocalNote.objects.exists()


def test_who_knows_the_subject_is_asked_and_the_trainer_decides(tell, amina, sana, huda):
    remark = tell(amina)
    trainer, reviewer = desk(sana), desk(huda)
    assert press(reviewer, remark, do="review", words="It is so.") == 422  # nobody has asked

    assert press(trainer, remark, do="ask") == 302
    assert press(reviewer, remark, **ACCEPTED) == 404
    assert press(reviewer, remark, do="review", words="It is so.") == 302

    assert "It is so." in page(trainer, remark)
    assert press(trainer, remark, **ACCEPTED) == 302


def test_where_nobody_knows_the_subject_nobody_can_be_asked(tell, amina, sana):
    assert "There is no subject reviewer in this programme yet." in page(desk(sana), tell(amina))


def test_it_is_put_aside_with_a_reason_or_not_at_all(tell, sana):
    remark, browser = tell(), desk(sana)

    assert press(browser, remark, do="aside", words="") == 422
    assert press(browser, remark, do="aside", words="It is the same here.") == 302

    assert "It is the same here." in page(browser, remark)
    assert str(remark.pk) not in browser.get("/desk/remarks/").content.decode()
    assert str(remark.pk) in browser.get("/desk/remarks/?all").content.decode()


def test_it_is_taken_out_of_the_lesson_again(tell, sana):
    remark, browser = tell(), desk(sana)
    press(browser, remark, **ACCEPTED)

    assert press(browser, remark, do="withdraw", words="The canal is full.") == 302

    assert notes.of_lesson(remark.lesson, "en") == {}


def test_the_second_of_two_trainers_is_told_that_it_is_decided(tell, sana, omar):
    remark = tell()
    press(desk(sana), remark, do="aside", words="No.")

    answer = desk(omar).post(f"/desk/remarks/{remark.pk}/", ACCEPTED)

    assert answer.status_code == 422
    assert "Somebody has decided about this already." in answer.content.decode()


def test_a_remark_about_a_screen_that_is_gone_can_still_be_read(tell, sana, lesson):  # noqa: F811
    remark = tell()
    lesson.delete()

    shown = page(desk(sana), remark)

    assert "This screen is no longer in a lesson." in shown
    assert "The canal is dry here." in shown


def test_an_unknown_button_does_nothing(tell, sana):
    assert press(desk(sana), tell(), do="shred") == 404
