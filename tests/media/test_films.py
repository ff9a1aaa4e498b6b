"""Films are made in the test, by the ffmpeg that is needed anyway: where there is none, these fail."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from media import files, films, sound
from media.models import Film
from media.signals import seen_differently
from tests.media.stuff import a_film

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What those who listen to the signal were told."""
    seen = []

    def listen(sender, film, **kwargs):
        seen.append(film.pk)

    seen_differently.connect(listen)
    yield seen
    seen_differently.disconnect(listen)


@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """A trainer's film, and all that follows from it at once."""

    def _send(content: bytes, name: str = "yard.mp4", *, work: bool = True) -> Film:
        film = Film(title="The yard", voice="ur", transcript="یہ ہماری بھینس ہے۔")
        film.original = SimpleUploadedFile(name, content)
        with django_capture_on_commit_callbacks(execute=work):
            films.take(film, now=timezone.now())
        film.refresh_from_db()
        return film

    return _send


@pytest.fixture(scope="module")
def yard(tmp_path_factory) -> bytes:
    return a_film(tmp_path_factory.mktemp("film"), 2)


def kept(film: Film, name: str) -> bytes:
    with files.open_file(film.copy(name).address) as file:
        return file.read()


def probed(content: bytes, folder: Path) -> str:
    """What ffmpeg says of a file."""
    path = folder / "probed"
    path.write_bytes(content)
    look = [sound.find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "info", "-progress", "pipe:1"]
    return sound.run([*look, "-i", str(path), "-c", "copy", "-f", "null", "-"])[1].partition("Output #0")[0]


def test_a_clip_of_ten_seconds_from_end_to_end(send, told, tmp_path):
    film = send(a_film(tmp_path, 10, size="1280x720"))

    assert (film.state, film.percent, film.trouble) == ("ready", 100, "")
    assert sorted(film.copies) == ["jpeg", "mp3", "opus", "sharp", "small", "webp"]
    assert film.milliseconds == pytest.approx(10_000, abs=200)
    assert (film.width, film.height) == (480, 270)
    for name in film.copies:
        content = kept(film, name)
        assert len(content) == film.copy(name).bytes
        with default_storage.open(f"films/{film.copy(name).address[3:]}") as durable:
            assert durable.read() == content
    small, sharp = (probed(kept(film, name), tmp_path) for name in ("small", "sharp"))
    assert "h264 (Constrained Baseline)" in small
    assert "426x240" in small
    assert "854x480" in sharp
    for said in (small, sharp):
        assert "aac (LC)" in said
        assert "mono" in said
    assert len(kept(film, "small")) < 10 * 240_000 / 8  # bits a second, all in all
    assert len(kept(film, "webp")) <= 16_384
    assert told == [film.pk]


def test_a_film_begins_before_all_of_it_has_come(send, yard):
    small = kept(send(yard), "small")

    assert 0 < small.index(b"moov") < small.index(b"mdat")


def test_nothing_that_phones_get_says_where_or_by_whom_it_was_filmed(send, tmp_path, yard):
    there = probed(yard, tmp_path)
    assert all(word in there for word in ("location", "Amina", "creation_time"))

    film = send(yard)

    for name in ("small", "sharp", "opus", "mp3"):
        said = probed(kept(film, name), tmp_path)
        assert [word for word in ("location", "Amina", "creation_time") if word in said] == [], name
    for name in film.copies:
        for word in (b"Amina", b"Lahore", b"loci", b"\xa9xyz", b"Exif"):
            assert word not in kept(film, name), name


def test_a_film_held_upright_stays_upright_and_small(send, tmp_path):
    film = send(a_film(tmp_path, 2, size="480x854"))

    assert "240x428" in probed(kept(film, "small"), tmp_path)
    assert film.width < film.height


def test_a_small_film_is_not_offered_sharper(send, tmp_path):
    film = send(a_film(tmp_path, 2, size="320x180"))

    assert film.copy("sharp") is None
    assert "320x180" in probed(kept(film, "small"), tmp_path)


def test_a_film_without_sound_has_no_sound_to_offer(send, tmp_path):
    film = send(a_film(tmp_path, 2, heard=False))

    assert sorted(film.copies) == ["jpeg", "sharp", "small", "webp"]


@pytest.mark.parametrize(("suffix", "codecs"), [("webm", ["libvpx", "libopus"]), ("mov", ["libx264", "aac"])])
def test_what_phones_and_browsers_film_is_understood(suffix, codecs, send, tmp_path):
    assert send(a_film(tmp_path, 1, suffix=suffix, codecs=codecs), f"a.{suffix}").state == "ready"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "a.mp4"),
        (b"\x00" * 4000, "a.mp4"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "a.mp4"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "a.avi"),
    ],
    ids=["page", "noughts", "playlist", "list"],
)
def test_what_is_no_film_is_refused_in_a_sentence_and_kept(content, name, send):
    film = send(content, name)

    assert (film.state, film.trouble, film.copies) == ("failed", films.NO_FILM, {})
    assert default_storage.exists(film.original.name)


def test_a_file_with_sound_alone_is_no_film(send, tmp_path):
    assert send(a_film(tmp_path, 1, seen=False)).trouble == films.NO_FILM


def test_half_a_film_is_refused_in_a_sentence(send, yard):
    assert send(yard[: len(yard) // 2]).trouble == films.NO_FILM


def test_a_film_of_more_than_ten_minutes_is_refused_before_it_is_unpacked(send, tmp_path, monkeypatch):
    monkeypatch.setattr(films, "_poster", lambda *args: pytest.fail("was unpacked"))

    film = send(a_film(tmp_path, 603, size="64x48", rate=1))

    assert (film.state, film.trouble) == ("failed", films.TOO_LONG)


def test_without_ffmpeg_the_film_is_kept_and_made_small_when_there_is_one(
    send, yard, monkeypatch, django_capture_on_commit_callbacks
):
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "/nowhere")
        bare.setitem(sys.modules, "imageio_ffmpeg", None)
        film = send(yard)
        assert (film.state, film.trouble, film.copy("small")) == ("failed", films.NO_FFMPEG, None)
        assert films.catch_up(timezone.now()) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert films.catch_up(timezone.now()) == 1

    film.refresh_from_db()
    assert film.state == "ready"


@pytest.mark.parametrize("state", ["waiting", "converting"])
def test_what_a_killed_worker_left_is_done_within_two_minutes(
    state, send, yard, told, django_capture_on_commit_callbacks
):
    film = send(yard, work=False)
    now = timezone.now()
    Film.objects.update(state=state, tries=1, state_at=now - timedelta(seconds=119))
    assert films.catch_up(now) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert films.catch_up(now + timedelta(seconds=2)) == 1

    film.refresh_from_db()
    assert film.state == "ready"
    assert told == [film.pk]
    assert films.catch_up(now + timedelta(days=1)) == 0


def test_a_film_that_kills_every_worker_is_not_tried_for_ever(send, yard):
    film = send(yard, work=False)
    Film.objects.update(state="converting", tries=3)

    assert films.catch_up(timezone.now() + timedelta(minutes=3)) == 0

    film.refresh_from_db()
    assert (film.state, film.trouble) == ("failed", films.NOT_NOW)


def test_a_film_converted_twice_is_converted_once(send, yard, told, monkeypatch):
    film = send(yard)
    monkeypatch.setattr(films, "make_small", lambda *args, **kwargs: pytest.fail("did it again"))

    films.convert(film.pk)
    films.convert(film.pk + 1)  # and one that is gone is no trouble

    assert told == [film.pk]


def test_a_broken_queue_does_not_break_the_upload(send, yard, monkeypatch):
    from kombu.exceptions import OperationalError

    from media import tasks

    def broken(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(tasks.convert_film, "apply_async", broken)

    assert send(yard).state == "waiting"


def test_a_worker_says_how_far_it_is(tmp_path, yard):
    source, told = tmp_path / "a.mp4", []
    source.write_bytes(yard)

    films.make_small(source, told=told.append)

    assert told == sorted(told)
    assert told[:2] == [1, 5]
    assert told[-1] >= 95


def test_a_film_that_was_replaced_meanwhile_leaves_no_trace(send, yard, monkeypatch):
    film = send(yard, work=False)
    real = films.make_small

    def slow(source, **kwargs):
        Film.objects.update(original="films/newer.mp4", state="waiting")
        return real(source, **kwargs)

    monkeypatch.setattr(films, "make_small", slow)
    films.convert(film.pk)

    film.refresh_from_db()
    assert (film.state, film.copies) == ("waiting", {})


def test_an_emptied_folder_is_filled_again(send, yard, monkeypatch):
    film = send(yard)
    monkeypatch.setattr(films, "make_small", lambda *args, **kwargs: pytest.fail("converted again"))
    for name in film.copies:
        files.drop(film.copy(name).address)

    assert films.refill(film) == 6
    assert all(files.holds(film.copy(name).address) for name in film.copies)
    assert films.refill(film) == 0


def everything(settings) -> list[Path]:
    folders = Path(settings.MEDIA_ROOT), Path(settings.PUBLISHED_ROOT)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_a_film_that_is_deleted_is_gone_everywhere(send, yard, settings, django_capture_on_commit_callbacks):
    film = send(yard)
    assert len(everything(settings)) == 13

    with django_capture_on_commit_callbacks(execute=True):
        film.delete()

    assert everything(settings) == []


def test_the_same_film_sent_twice_is_not_lost_when_one_is_deleted(
    send, yard, django_capture_on_commit_callbacks
):
    one, other = send(yard), send(yard)
    assert one.copies == other.copies

    with django_capture_on_commit_callbacks(execute=True):
        one.delete()

    assert all(files.holds(other.copy(name).address) for name in other.copies)


def test_the_name_of_a_film_is_ours(send, yard):
    film = send(yard, "بھینس \u202e" + "x" * 300 + ".MP4", work=False)

    assert film.original.name.removeprefix("films/").removesuffix(".mp4").isalnum()


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.mp4", "mp4"), ("A.MOV", "mov"), ("a.html", None), ("a", None), ("", None), ("a.mp4.exe", None)],
)
def test_a_film_is_known_by_the_end_of_its_name(name, suffix):
    assert films.suffix_of(name) == suffix
