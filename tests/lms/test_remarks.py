"""“Not like this here”: what somebody tells, what is kept of it, and what becomes of it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import LocalNote
from lms import privacy, remarks
from lms.models.people import Person
from lms.models.remarks import Remark
from lms.remarks import Told
from media import sound
from tests.cast import NOON
from tests.courses.conftest import catalogue, english, lesson, put, question, unit, urdu  # noqa: F401 - a course
from tests.inside import come_in
from tests.media.stuff import tone

WHERE = {"district": "okara"}


@pytest.fixture
def screen(lesson):  # noqa: F811
    put(lesson)
    return f"/en/here/{lesson.translation_key}/{lesson.body[0].id}/"


def told(lesson, **more) -> Told:  # noqa: F811
    said = {"text": "The canal is dry.", "district": "okara"} | more
    return Told(lesson=lesson.translation_key, block=lesson.body[0].id, locale="en", **said)


def voice(seconds: float = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("told.wav", tone(seconds, before=0.2, after=0.2))


def on_disk() -> list[str]:
    folder = Path(default_storage.path("remarks"))
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


# ── The form ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_screen_of_a_lesson_has_its_door(client, lesson, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)

    page = client.get(lesson.url_path.replace("/catalogue/", "/en/")).content.decode()

    doors = re.findall(r'href="(/en/here/[^"]+)"', page)
    assert doors == [f"/en/here/{lesson.translation_key}/{block.id}/" for block in lesson.body]
    assert [client.get(door).status_code for door in doors] == [200, 200]


def test_who_writes_is_thanked_and_led_back_to_the_screen(client, screen, lesson):  # noqa: F811
    answer = client.post(screen, {"text": "The canal is dry.", **WHERE}, follow=True)

    page = answer.content.decode()
    assert "data-sent" in page
    assert "/animals/every-day/water/#s2" in page
    remark = Remark.objects.get()
    assert (remark.text, remark.district, remark.state) == ("The canal is dry.", "okara", "new")


def test_what_somebody_writes_turns_no_line_around(client, screen):
    said = {"text": "Dry.\r\n\u202eReally\u2066 dry.", "place": "\u202eSkardu\u202c"}

    client.post(screen, said)

    remark = Remark.objects.get()
    assert (remark.text, remark.place) == ("Dry.\nReally dry.", "Skardu")
    assert client.post(screen, {"text": "\u202e", **WHERE}).status_code == 422


def test_of_a_guest_nothing_is_kept_that_could_lead_to_them(client, screen):
    client.post(screen, {"text": "Dry.", "may_ask": "on", **WHERE})

    remark = Remark.objects.get()
    assert (remark.person, remark.programme, remark.may_ask) == (None, None, False)
    assert not Person.objects.exists()


def test_who_has_a_place_owns_what_they_told(screen, amina, home_programme):
    come_in(amina).post(screen, {"text": "Dry.", "place": "Skardu"})

    remark = Remark.objects.get()
    assert (remark.person, remark.programme, remark.may_ask) == (amina, home_programme, False)
    assert (remark.district, remark.place) == ("", "Skardu")


def test_who_found_a_card_speaks_for_nobody(screen, amina):
    browser = come_in(amina)
    session = browser.session
    session["courses_only"] = NOON.isoformat()
    session.save()

    browser.post(screen, {"text": "Dry.", "may_ask": "on", **WHERE})

    assert Remark.objects.get().person is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({**WHERE}, "Please speak, or write a few words."),
        ({"text": "Dry."}, "Please choose your district, or write where you live."),
        ({"text": "Dry.", "district": "atlantis"}, "Please choose your district, or write where you live."),
        ({"text": "   ", **WHERE}, "Please speak, or write a few words."),
    ],
)
def test_what_is_missing_is_asked_for_kindly_and_nothing_is_lost(client, screen, said, sentence):
    answer = client.post(screen, said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert said.get("text", "").strip() in answer.content.decode()
    assert not Remark.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: voice(123), "longer than two minutes"),
        (lambda: SimpleUploadedFile("told.wav", tone(2, loud=0)), "We hear nothing in this recording."),
        (lambda: SimpleUploadedFile("told.wav", b"not a sound"), "We cannot hear this file."),
        (lambda: SimpleUploadedFile("told.exe", tone(1)), "We cannot hear this file."),
        (lambda: SimpleUploadedFile("told.wav", b""), "We cannot hear this file."),
        (
            lambda: SimpleUploadedFile("told.wav", b"0" * (5 * 1024 * 1024 + 1)),
            "This recording is too large.",
        ),
    ],
)
def test_a_voice_note_that_cannot_be_used_is_told_at_once(client, screen, file, sentence):
    answer = client.post(screen, {"recording": file(), **WHERE}, headers={"accept": "application/json"})

    assert answer.status_code == 422
    assert sentence in " ".join(answer.json()["sentences"])
    assert not Remark.objects.exists()


def test_a_few_an_hour_from_one_phone(screen, amina):
    browser = come_in(amina)
    for _ in range(remarks.AN_HOUR):
        assert browser.post(screen, {"text": "Dry.", **WHERE}).status_code == 302

    assert browser.post(screen, {"text": "Dry.", **WHERE}).status_code == 429
    assert Remark.objects.count() == remarks.AN_HOUR


@pytest.mark.parametrize(
    "address", ["/en/here/x/y/", "/en/here/{lesson}/nothing/", "/ur/here/{lesson}/{block}/"]
)
def test_of_a_screen_that_is_not_there_nobody_is_asked(client, lesson, screen, address):  # noqa: F811
    address = address.format(lesson=lesson.translation_key, block=lesson.body[0].id)

    assert client.get(address).status_code == 404
    assert client.post(address, {"text": "Dry.", **WHERE}).status_code == 404


# ── The voice ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_voice_note_is_made_small_and_lies_where_no_phone_can_fetch_it(
    client, screen, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(screen, {"recording": voice(), **WHERE})

    remark = Remark.objects.get()
    assert (remark.sound, remark.seconds) == ("ready", 1)
    assert on_disk() == [f"{remark.pk.hex}.mp3"]
    assert not list(Path(settings.PUBLISHED_ROOT).rglob("*.mp3"))


def test_making_small_twice_is_making_small_once(lesson, db):  # noqa: F811
    remark = remarks.tell(told(lesson, voice=voice()), person=None, now=NOON)

    remarks.make_small(remark.pk)
    once = on_disk()
    remarks.make_small(remark.pk)

    assert on_disk() == once


def test_what_a_lost_task_left_behind_is_done_with_the_next_sweep(lesson, django_capture_on_commit_callbacks):  # noqa: F811
    remarks.tell(told(lesson, voice=voice()), person=None, now=NOON)

    assert remarks.catch_up(NOON + timedelta(minutes=1)) == 0
    assert remarks.catch_up(NOON + timedelta(minutes=3)) == 1
    assert Remark.objects.get().sound == "ready"
    assert remarks.catch_up(NOON + timedelta(minutes=3)) == 0


def test_without_ffmpeg_a_voice_note_is_kept_as_it_came(
    client, screen, monkeypatch, django_capture_on_commit_callbacks
):
    def none() -> str:
        raise sound.NoFfmpeg(sound.NO_FFMPEG)

    monkeypatch.setattr(sound, "find_ffmpeg", none)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(screen, {"recording": voice(), **WHERE}).status_code == 302

    remark = Remark.objects.get()
    assert (remark.sound, remark.trouble) == ("failed", sound.NO_FFMPEG)
    assert on_disk() == [f"{remark.pk.hex}.wav"]


# ── What becomes of it ───────────────────────────────────────────────────────────────────────────────────


def accept(remark, sana) -> LocalNote:
    return remarks.accept(
        remark,
        by=sana,
        text="The canal is dry.",
        locale="en",
        district="okara",
        place="",
        on=date(2026, 3, 1),
    )


def test_what_is_accepted_becomes_a_note_that_knows_nobody(lesson, amina, sana):  # noqa: F811
    remark = remarks.tell(told(lesson), person=amina, now=NOON)

    note = accept(remark, sana)

    remark.refresh_from_db()
    assert (remark.state, remark.note) == ("accepted", note.translation_key)
    assert not any(field.related_model in (Person, type(sana)) for field in LocalNote._meta.concrete_fields)


def test_two_trainers_make_one_note(lesson, sana):  # noqa: F811
    remark = remarks.tell(told(lesson), person=None, now=NOON)
    accept(remark, sana)

    with pytest.raises(remarks.AlreadyDecided):
        accept(remark, sana)
    with pytest.raises(remarks.AlreadyDecided):
        remarks.put_aside(remark, by=sana, reason="Late")

    assert LocalNote.objects.count() == 1


def test_what_is_withdrawn_is_put_aside_and_leaves_the_lesson(lesson, sana):  # noqa: F811
    remark = remarks.tell(told(lesson), person=None, now=NOON)
    accept(remark, sana)

    remarks.withdraw(remark, by=sana, reason="The canal is full again.", on=NOON.date())

    remark.refresh_from_db()
    assert (remark.state, remark.reason) == ("aside", "The canal is full again.")
    assert LocalNote.objects.get().withdrawn_on == NOON.date()


# ── To be forgotten ──────────────────────────────────────────────────────────────────────────────────────


def test_with_the_person_go_their_words_and_their_voice(lesson, amina, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        remarks.tell(told(lesson, voice=voice()), person=amina, now=NOON)
    assert len(on_disk()) == 1

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(amina, now=NOON)

    assert not Remark.objects.exists()
    assert on_disk() == []


def test_what_the_lesson_says_since_then_stays_and_leads_to_nobody(lesson, amina, sana):  # noqa: F811
    note = accept(remarks.tell(told(lesson), person=amina, now=NOON), sana)

    privacy.erase(amina, now=NOON)

    assert list(LocalNote.objects.all()) == [note]
    assert not Remark.objects.exists()


def test_a_voice_that_comes_out_of_the_worker_too_late_stays_nowhere(
    lesson,  # noqa: F811
    amina,
    monkeypatch,
    django_capture_on_commit_callbacks,
):
    remark = remarks.tell(told(lesson, voice=voice()), person=amina, now=NOON)
    small = sound.make_small

    def meanwhile(source: Path, **kind: object) -> sound.Small:
        privacy.erase(amina, now=NOON)
        return small(source)

    monkeypatch.setattr(sound, "make_small", meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        remarks.make_small(remark.pk)

    assert on_disk() == []


def test_after_a_year_words_and_voice_go_whoever_it_was(lesson, amina, django_capture_on_commit_callbacks):  # noqa: F811
    for person in (amina, None):
        with django_capture_on_commit_callbacks(execute=True):
            remarks.tell(told(lesson, voice=voice()), person=person, now=NOON)

    privacy.expire(NOON + timedelta(days=364), real=True)
    assert Remark.objects.count() == len(on_disk()) == 2
    privacy.expire(NOON + timedelta(days=366), real=True)

    assert not Remark.objects.exists()
    assert on_disk() == []


def test_the_copy_of_everything_holds_what_somebody_told(lesson, amina):  # noqa: F811
    remarks.tell(told(lesson), person=amina, now=NOON)

    [row] = privacy.export(amina)["held"]["lms.Remark"]["rows"]

    assert row["text"] == "The canal is dry."


def test_nobody_is_asked_about_it_among_the_questions_of_consent():
    from lms.consent import WORDINGS

    assert "lessons" not in WORDINGS
