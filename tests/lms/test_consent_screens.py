import json

import pytest
from django.test import Client

from lms import consent
from lms.models.consent import ConsentEntry
from tests.lms.ways import NEW, come_in, prove, say_who


@pytest.fixture
def new(client, db):
    """Somebody who has just signed up and was asked nothing yet."""
    from lms.models.people import WayIn

    prove(client)
    say_who(client)
    return WayIn.objects.get(number=NEW).person


def _say(client: Client, purpose: str, answer: str, **more: str):
    return client.post(f"/en/mine/consent/{purpose}/", {"answer": answer, "version": "1", **more})


def test_one_question_a_page_until_all_were_asked(client, new):
    way = [client.get("/en/mine/consent/").headers["Location"]]
    for purpose, answer in {"record": "yes", "coach": "later", "count": "no"}.items():
        way.append(_say(client, purpose, answer).headers["Location"])
    way.append(client.get("/en/mine/consent/").status_code)

    assert way == ["/en/mine/consent/record/", "/en/mine/consent/", "/en/mine/consent/", "/en/mine/", 200]
    assert [consent.last_answer(new, purpose) for purpose in ("record", "coach", "count")] == [
        "yes",
        "later",
        "no",
    ]


def test_three_answers_look_alike_and_none_is_chosen(client, new):
    page = client.get("/en/mine/consent/record/").text

    for answer in ("yes", "no", "later"):
        assert f'<button class="way" form="form" name="answer" value="{answer}">' in page
    assert "Only you see it." in page


def test_an_answer_may_change_on_any_day(client, amina):
    come_in(client, amina)
    answer = _say(client, "coach", "no")

    assert answer.headers["Location"] == "/en/mine/consent/"
    assert not consent.agreed(amina, "coach")
    assert consent.agreed(amina, "record")


@pytest.mark.parametrize(
    "said", [{"answer": "perhaps", "version": "1"}, {"answer": "yes", "version": "0"}, {"answer": "yes"}, {}]
)
def test_what_was_not_asked_like_this_is_not_written_down(client, new, said):
    page = client.post("/en/mine/consent/record/", said)

    assert page.status_code == 200
    assert "May we remember what you learn" in page.text
    assert not ConsentEntry.objects.filter(person=new).exists()


@pytest.mark.parametrize("purpose", ["service", "anything"])
def test_only_real_questions_are_asked(client, new, purpose):
    assert client.get(f"/en/mine/consent/{purpose}/").status_code == 404


def test_the_answer_remembers_language_voice_and_whether_it_was_heard(client, new):
    client.post("/ur/mine/consent/record/", {"answer": "yes", "version": "1", "heard": "yes"})

    entry = ConsentEntry.objects.get(person=new)
    assert (entry.locale, entry.voice, entry.heard, entry.channel) == ("ur", "en", True, "self")


def test_in_two_tabs_the_last_answer_holds(client, new):
    _say(client, "record", "yes")
    _say(client, "record", "no")

    assert consent.last_answer(new, "record") == "no"


def test_a_yes_lets_waiting_lines_in(client, new, monkeypatch):
    looked = []
    monkeypatch.setattr("lms.intake.look_again", lambda person, *, now: looked.append(person.pk))
    _say(client, "record", "later")
    _say(client, "record", "yes")

    assert looked == [new.pk]


def test_nobody_is_asked_for_somebody_else(client, db, nadia):
    session = client.session
    session["person"] = str(nadia.pk)
    session.save()

    assert client.get("/en/mine/consent/").headers["Location"] == "/en/start/?next=%2Fen%2Fmine%2Fconsent%2F"


# ── The own place ────────────────────────────────────────────────────────────────────────────────────────


def test_ones_own_copy_is_a_file_with_a_neutral_name(client, amina):
    come_in(client, amina)
    answer = client.post("/en/mine/data/copy/")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="hamrah.json"'
    assert json.loads(answer.content)["person"] == str(amina.pk)
    assert client.get("/en/mine/data/copy/").status_code == 405


def test_reading_and_hearing_are_two_choices_even_for_nobody(client, db):
    answer = client.post("/en/mine/voice/", {"reads": "ur", "hears": "pnb"})

    assert answer.headers["Location"] == "/ur/"  # back to the lessons, in the new voice
    assert {name: answer.cookies[name].value for name in ("reads", "hears")} == {
        "reads": "ur",
        "hears": "pnb",
    }
    assert not answer.cookies["hears"]["httponly"]


def test_whoever_reads_urdu_may_choose_its_own_digits_and_the_phone_keeps_it(client, db):
    assert 'value="en" checked' in client.get("/ur/mine/voice/").content.decode()

    answer = client.post("/ur/mine/voice/", {"reads": "ur", "hears": "ur", "digits": "ur"})

    assert answer.cookies["digits"].value == "ur"
    assert not answer.cookies["digits"]["httponly"]
    assert (
        'value="ur" checked' in client.get("/ur/mine/voice/").content.decode().partition('name="digits"')[2]
    )


def test_nobody_else_is_asked_about_digits_and_no_other_word_is_kept(client, db):
    assert 'name="digits"' not in client.get("/en/mine/voice/").content.decode()

    answer = client.post("/en/mine/voice/", {"reads": "en", "hears": "en", "digits": "roman"})

    assert "digits" not in answer.cookies


def test_a_person_keeps_what_they_read_and_hear(client, amina):
    come_in(client, amina)
    client.post("/en/mine/voice/", {"reads": "de", "hears": "ps"})

    amina.refresh_from_db()
    assert (amina.reads, amina.hears) == ("de", "ps")


def test_S26_what_was_chosen_last_holds_on_both_phones(client, amina):
    other = Client()
    for phone in (client, other):
        come_in(phone, amina)
    client.post("/en/mine/voice/", {"reads": "de", "hears": "ps"})
    other.post("/en/mine/voice/", {"reads": "ur", "hears": "pnb"})

    amina.refresh_from_db()
    assert (amina.reads, amina.hears) == ("ur", "pnb")
    for phone in (client, other):
        assert 'value="pnb" required checked' in phone.get("/en/mine/voice/").text


@pytest.mark.parametrize("wrong", [{"reads": "xx", "hears": "ur"}, {"reads": "ur", "hears": "xx"}, {}])
def test_a_language_we_do_not_have_changes_nothing(client, db, wrong):
    answer = client.post("/en/mine/voice/", wrong)

    assert answer.headers["Location"] == "/en/mine/voice/"
    assert "reads" not in answer.cookies


def test_progress_is_said_in_lessons_and_never_in_percent(amina):
    from courses.outline import CourseCard, LessonCard, UnitCard
    from lms.models.record import Standing
    from lms.views.mine import ways_of
    from tests.cast import NOON

    keys = [f"00000000-0000-0000-0000-00000000000{n}" for n in range(3)]
    lessons = [LessonCard(key, f"Lesson {key[-1]}", f"/en/{key[-1]}/") for key in keys]
    course = CourseCard(
        "c", "Healthy animals", "/en/a/", units=[UnitCard("u", "Unit", "/en/a/u/", lessons=lessons)]
    )
    Standing.objects.create(person=amina, lesson=keys[0], begun_at=NOON, done_at=NOON)
    Standing.objects.create(person=amina, lesson=keys[1], begun_at=NOON)

    [way] = ways_of(amina, [course])
    assert (way.done, way.of, way.steps, way.url) == (1, 3, ["done", "now", ""], "/en/1/")


def test_a_guest_sees_the_way_so_far_and_how_to_keep_it(client, nadia):
    session = client.session
    session["person"] = str(nadia.pk)
    session.save()
    page = client.get("/en/mine/")

    assert page.status_code == 200
    assert "Keep my place" in page.text
    assert "/en/mine/phones/" not in page.text
