import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from media import files, sound, voices
from media.models import Recording
from media.signals import heard_differently
from tests.media.stuff import tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What those who listen to the signal were told."""
    heard = []

    def listen(sender, text_key, voice, **kwargs):
        heard.append((text_key, voice))

    heard_differently.connect(listen)
    yield heard
    heard_differently.disconnect(listen)


@pytest.fixture
def no_ffmpeg(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)


@pytest.fixture
def take(django_capture_on_commit_callbacks):
    """A trainer's take, and all that follows from it at once."""

    def _take(content: bytes = b"", name: str = "take.wav", *, work: bool = True, **said) -> Recording:
        given = {"transcript": "Keep it cool.", "read_from": "Keep it cool.", **said}
        upload = SimpleUploadedFile(name, content) if content else None
        with django_capture_on_commit_callbacks(execute=work):
            recording = sound.take("ui:cool", "ur", upload=upload, now=timezone.now(), **given)
        recording.refresh_from_db()
        return recording

    return _take


def length_of(content: bytes, folder: Path) -> float:
    path = folder / "heard"
    path.write_bytes(content)
    heard = sound.listen(sound.find_ffmpeg(), path)
    return heard.end - heard.start


def kept(address: str) -> bytes:
    with files.open_file(address) as file:
        return file.read()


def test_a_take_becomes_two_small_files_that_are_kept_twice(take, told, tmp_path):
    recording = take(tone(2.0))

    assert (recording.state, recording.percent, recording.trouble) == ("ready", 100, "")
    assert recording.opus.endswith(".opus")
    assert recording.mp3.endswith(".mp3")
    assert 1900 < recording.milliseconds < 2100
    for address in (recording.opus, recording.mp3):
        content = kept(address)
        assert length_of(content, tmp_path) == pytest.approx(2.0, abs=0.15)
        assert len(content) < 14_000
        with default_storage.open(f"recordings/{address[3:]}") as durable:
            assert durable.read() == content
    assert kept(recording.opus)[:4] == b"OggS"
    assert told == [("ui:cool", "ur")]
    assert list(voices.sounds(["ui:cool"])["ur"]) == ["ui:cool"]


def test_the_silence_around_a_voice_is_cut_gently(take):
    recording = take(tone(1.0, before=1.5, after=2.0))

    assert 1000 < recording.milliseconds < 1600


@pytest.fixture
def loudness(tmp_path):
    """How loud a take is once it was made small, in decibels."""

    def of(content: bytes) -> float:
        source, small = tmp_path / "voice.wav", tmp_path / "small.mp3"
        source.write_bytes(content)
        small.write_bytes(sound.make_small(source).mp3)
        order = [sound.find_ffmpeg(), "-nostdin", "-i", str(small), "-af", "volumedetect", "-f", "null", "-"]
        said = sound.run(order)[1]
        return float(said.partition("mean_volume: ")[2].split()[0])

    return of


def test_a_quiet_voice_is_as_loud_as_a_loud_one(loudness):
    assert loudness(tone(4, loud=0.05)) == pytest.approx(loudness(tone(4, loud=0.9)), abs=2.5)


def test_a_short_word_is_as_loud_as_a_long_sentence(loudness):
    assert loudness(tone(1)) == pytest.approx(loudness(tone(6)), abs=3)


def test_what_a_browser_records_is_understood(take, tmp_path):
    wav, webm = tmp_path / "a.wav", tmp_path / "a.webm"
    wav.write_bytes(tone(1.0))
    sound.run([sound.find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(wav), "-c:a", "libopus", str(webm)])

    assert take(webm.read_bytes(), "take.webm").state == "ready"


def test_a_worker_says_how_far_it_is(tmp_path):
    source, told = tmp_path / "a.wav", []
    source.write_bytes(tone(5))

    sound.make_small(source, told=told.append)

    assert told == sorted(told)
    assert told[:2] == [1, 15]
    assert told[-1] >= 95


def test_the_same_take_gives_the_same_bytes(tmp_path):
    source = tmp_path / "a.wav"
    source.write_bytes(tone(1))

    assert sound.make_small(source) == sound.make_small(source)


def test_I05_a_recording_converted_twice_is_converted_once(take, told, monkeypatch):
    recording = take(tone(1))
    monkeypatch.setattr(sound, "make_small", lambda *args, **kwargs: pytest.fail("did it again"))

    sound.convert(recording.pk)

    assert told == [("ui:cool", "ur")]


@pytest.mark.parametrize("state", ["waiting", "converting"])
def test_I04_what_a_killed_worker_left_is_done_within_two_minutes(
    state, take, told, django_capture_on_commit_callbacks
):
    recording = take(tone(1), work=False)
    now = timezone.now()
    Recording.objects.update(state=state, state_at=now - timedelta(seconds=119))
    assert sound.catch_up(now) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert sound.catch_up(now + timedelta(seconds=2)) == 1

    recording.refresh_from_db()
    assert recording.state == "ready"
    assert told == [("ui:cool", "ur")]
    assert sound.catch_up(now + timedelta(days=1)) == 0


def test_I20_a_file_that_kills_every_worker_is_not_tried_for_ever(take):
    recording = take(tone(1), work=False)

    assert sound.catch_up(timezone.now() + timedelta(hours=2)) == 0

    recording.refresh_from_db()
    assert (recording.state, recording.trouble) == ("failed", sound.NOT_NOW)


def test_I03_a_broken_queue_does_not_break_the_upload(take, monkeypatch):
    from kombu.exceptions import OperationalError

    from media import tasks

    def broken(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.convert, "apply_async", broken)

    assert take(tone(1)).state == "waiting"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!doctype html><script>alert(1)</script>", sound.NOT_A_SOUND),
        (b"\x00" * 400, sound.NOT_A_SOUND),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", sound.NOT_A_SOUND),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", sound.NOT_A_SOUND),
        (tone(0, before=2), sound.NOTHING_HEARD),
        (tone(304, rate=8000), sound.TOO_LONG),
    ],
    ids=["page", "noughts", "list", "playlist", "silence", "long"],
)
def test_U11_what_a_decoder_refuses_is_refused_in_a_sentence(content, sentence, take, told):
    recording = take(content, "take.mp3")

    assert (recording.state, recording.trouble, recording.mp3) == ("failed", sentence, "")
    assert recording.original.storage.exists(recording.original.name)
    assert told == []


def test_without_ffmpeg_a_take_is_kept_as_it_came_and_can_be_listened_to(take, no_ffmpeg, told):
    recording = take(b"not looked into", "take.webm")

    assert (recording.state, recording.trouble) == ("failed", sound.NO_FFMPEG)
    assert kept(recording.opus) == b"not looked into"
    assert recording.opus.endswith(".webm")
    assert (told, voices.sounds(["ui:cool"])) == ([], {})


def test_when_ffmpeg_arrives_what_was_kept_is_made_small(
    take, django_capture_on_commit_callbacks, monkeypatch
):
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "/nowhere")
        bare.setitem(sys.modules, "imageio_ffmpeg", None)
        recording = take(tone(1))
        assert sound.catch_up(timezone.now()) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert sound.catch_up(timezone.now()) == 1

    recording.refresh_from_db()
    assert recording.state == "ready"


def test_the_extra_media_is_an_ffmpeg_too(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    assert "imageio" in sound.find_ffmpeg()


def test_a_new_take_replaces_the_old_one_and_its_file(take):
    first = take(tone(1)).original.name

    second = take(tone(2), transcript="Keep it nice and cool.")

    assert Recording.objects.count() == 1
    assert second.transcript == "Keep it nice and cool."
    assert 1900 < second.milliseconds < 2100
    assert not default_storage.exists(first)


def test_a_take_that_was_replaced_meanwhile_leaves_no_trace(take, monkeypatch):
    recording = take(tone(1), work=False)
    real = sound.make_small

    def slow(source, **kwargs):
        Recording.objects.update(original="recordings/newer.wav", state="waiting")
        return real(source, **kwargs)

    monkeypatch.setattr(sound, "make_small", slow)
    sound.convert(recording.pk)

    recording.refresh_from_db()
    assert (recording.state, recording.opus, recording.milliseconds) == ("waiting", "", 0)


def test_words_alone_can_be_mended(take):
    before = take(tone(1))

    after = take(transcript="Keep it cold.")

    assert (after.transcript, after.state, after.opus) == ("Keep it cold.", "ready", before.opus)


def test_an_emptied_folder_is_filled_again(take, settings, monkeypatch):
    recording = take(tone(1))
    monkeypatch.setattr(sound, "make_small", lambda *args, **kwargs: pytest.fail("converted again"))
    shutil.rmtree(settings.PUBLISHED_ROOT)

    sound.refill(recording)

    assert files.holds(recording.opus)
    assert files.holds(recording.mp3)


def test_an_emptied_folder_is_filled_with_what_was_kept_as_it_came(take, settings, no_ffmpeg):
    recording = take(b"not looked into", "take.webm")
    shutil.rmtree(settings.PUBLISHED_ROOT)

    sound.refill(recording)

    assert kept(recording.opus) == b"not looked into"


def test_a_voice_that_is_taken_back_is_gone_everywhere(
    take, told, django_capture_on_commit_callbacks, settings
):
    recording = take(tone(1))

    with django_capture_on_commit_callbacks(execute=True):
        sound.forget(recording)

    assert not Recording.objects.exists()
    folders = Path(settings.MEDIA_ROOT), Path(settings.PUBLISHED_ROOT)
    assert [path for folder in folders for path in folder.rglob("*") if path.is_file()] == []
    assert told == [("ui:cool", "ur")] * 2


def test_U09_the_name_of_a_recording_is_ours(take):
    recording = take(tone(1), "بھینس \u202e" + "x" * 300 + ".WAV", work=False)

    assert recording.original.name.removeprefix("recordings/").removesuffix(".wav").isalnum()


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.webm", "webm"), ("A.MP3", "mp3"), ("a.html", None), ("a", None), ("", None), ("a.mp3.exe", None)],
)
def test_a_sound_is_known_by_the_end_of_its_name(name, suffix):
    assert sound.suffix_of(name) == suffix


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("", (0, 10)),
        ("silence_start: 0\nsilence_end: 2 | silence_duration: 2", (1.85, 10)),
        ("silence_start: 4\nsilence_end: 5 |\nsilence_start: 8.5\nsilence_end: 10 |", (0, 8.8)),
        ("silence_start: 8.5", (0, 8.8)),
        ("silence_start: -0.01\nsilence_end: 1 |\nsilence_start: 9.5\n", (0.85, 9.8)),
        ("silence_start: 4\nsilence_end: 5 |", (0, 10)),
    ],
)
def test_only_silence_at_the_ends_is_cut(said, heard):
    found = sound._speech(said, 10.0)

    assert (found.start, found.end) == pytest.approx(heard)
