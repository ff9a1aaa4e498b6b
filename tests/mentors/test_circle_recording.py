"""What is recorded of a meeting: made small, heard by the circle alone, and gone after a while."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from media import sound
from mentors import circles, meetings
from mentors.models.circles import Meeting
from tests.cast import _bond, _learner, _staff
from tests.inside import come_in
from tests.media.stuff import tone
from tests.mentors.circled import SOON, a_circle, a_meeting

LATER = SOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _after_the_meeting():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def meeting(bilal, home_programme, amina):
    return a_meeting(a_circle(bilal, home_programme, amina))


@pytest.fixture
def send(bilal, meeting, django_capture_on_commit_callbacks):
    def _send(file: SimpleUploadedFile | None = None, **said):
        said = {"act": "record", "recording": file or voice(), "agreed": "yes"} | said
        with django_capture_on_commit_callbacks(execute=True):
            return come_in(bilal).post(
                f"/desk/circles/meetings/{meeting.pk}/",
                {name: value for name, value in said.items() if value is not None},
            )

    return _send


def voice(seconds: float = 1, name: str = "meeting.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tone(seconds, before=0.2, after=0.2))


def on_disk() -> list[str]:
    folder = Path(default_storage.path("circles"))
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def hear(who, meeting):
    address = f"/desk/circles/meetings/{meeting.pk}/" if who.__class__.__name__ == "User" else None
    address = address or f"/en/mine/circle/{meeting.pk}/"
    return come_in(who).get(f"{address}recording/", follow=True)


def test_the_circle_hears_it_small_and_nobody_else(
    send, meeting, amina, gul, farid, bilal, tariq, home_programme
):
    assert send().status_code == 302

    there = Meeting.objects.get()
    assert (there.sound, on_disk()) == ("ready", [f"{there.pk.hex}.mp3"])
    for who in (amina, bilal):
        answer = hear(who, there)
        assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
        assert answer["Cache-Control"].startswith("private, no-store")
    others = (gul, farid, tariq, _staff(home_programme, "maryam", "coach"))
    assert {hear(who, there).status_code for who in others} == {404}
    name = Path(there.recording.name).name
    assert {come_in().get(f"/{folder}/{name}").status_code for folder in ("f", "uploads/circles")} == {404}
    assert "<audio" in come_in(amina).get("/en/mine/circle/").text


def test_who_leaves_hears_it_no_more(send, meeting, amina):
    send()
    circles.leave(amina, meeting.circle_id, now=LATER)

    assert hear(amina, meeting).status_code == 404


def test_who_came_later_does_not_hear_those_who_did_not_know_them(send, meeting, bilal, home_programme):
    send()
    zara = _learner(home_programme, "Zara", "+923001230001", said={"coach": "yes"})
    _bond(bilal, zara, home_programme)
    circles.ask(meeting.circle, bilal, [zara.pk], now=LATER)
    circles.join(zara, meeting.circle_id, now=LATER)

    assert hear(zara, meeting).status_code == 404


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"agreed": None}, "Please ask everybody who can be heard"),
        ({"recording": None}, "required"),
        ({"recording": SimpleUploadedFile("meeting.wav", b"no sound")}, "We cannot hear this file"),
        ({"recording": voice(name="meeting.exe")}, "We cannot hear this file"),
    ],
)
def test_what_cannot_be_heard_or_nobody_agreed_to_is_not_kept(said, words, send):
    answer = send(**said)

    assert answer.status_code == 422
    assert words in answer.text
    assert on_disk() == []


def test_what_is_too_long_or_too_large_is_said_so(send, monkeypatch):
    monkeypatch.setattr(meetings, "LONGEST", timedelta(seconds=1))
    assert "longer than thirty minutes" in send(voice(2)).text

    monkeypatch.setattr(meetings, "LARGEST_MB", 0)
    assert "smaller than 20 MB" in send().text


def test_half_an_hour_of_speech_is_made_small(send, monkeypatch):
    """Voice notes of lessons end at five minutes, and this does not."""
    monkeypatch.setattr(sound, "LONGEST", timedelta(seconds=1))

    send(voice(2))

    assert Meeting.objects.get().sound == "ready"


def test_another_one_takes_its_place_and_can_be_removed(
    send, meeting, bilal, django_capture_on_commit_callbacks
):
    send()
    send(voice(2))
    assert len(on_disk()) == 1

    with django_capture_on_commit_callbacks(execute=True):
        come_in(bilal).post(f"/desk/circles/meetings/{meeting.pk}/", {"act": "drop"})

    there = Meeting.objects.get()
    assert (on_disk(), there.recording.name, there.sound) == ([], "", "none")


def test_without_ffmpeg_it_is_kept_as_it_came_and_says_so(send, monkeypatch, bilal, meeting):
    def _none() -> str:
        raise sound.NoFfmpeg(sound.NO_FFMPEG)

    monkeypatch.setattr(sound, "find_ffmpeg", _none)
    send()

    assert Meeting.objects.get().sound == "failed"
    page = come_in(bilal).get(f"/desk/circles/meetings/{meeting.pk}/").text
    assert "no ffmpeg" in page


def test_what_a_lost_task_left_is_made_small_by_the_next_tick(meeting, django_capture_on_commit_callbacks):
    meetings.keep_recording(meeting, voice(), now=LATER - timedelta(hours=1))

    call_command("tick")

    assert Meeting.objects.get().sound == "ready"


def test_half_a_year_later_it_is_gone_and_that_they_met_stays(
    send, meeting, django_capture_on_commit_callbacks
):
    send()
    with time_machine.travel(LATER + timedelta(days=183)), django_capture_on_commit_callbacks(execute=True):
        call_command("tick")

    assert on_disk() == []
    assert Meeting.objects.get().place == "Chak 12"


def test_who_runs_the_programme_neither_hears_nor_changes_it(send, meeting, tariq):
    send()
    desk = come_in(tariq)
    for act in ({"act": "drop"}, {"act": "record", "recording": voice(), "agreed": "yes"}):
        assert desk.post(f"/desk/circles/meetings/{meeting.pk}/", act, follow=True).status_code == 404

    assert "<audio" not in desk.get(f"/desk/circles/meetings/{meeting.pk}/").text
    assert len(on_disk()) == 1
