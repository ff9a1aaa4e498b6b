"""A film in a lesson: its bytes are told, nothing is fetched by itself, and its words are always there."""

import re
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail_localize.models import TranslationSource

from courses import pages, published, screens
from courses.models import LessonPage
from media import files, films
from media.models import Film
from tests.courses.conftest import put
from tests.media.stuff import a_film


@pytest.fixture
def film(tmp_path, django_capture_on_commit_callbacks, db) -> Film:
    film = Film(title="The yard", voice="ur", transcript="یہ ہماری بھینس ہے۔")
    film.original = SimpleUploadedFile("yard.mp4", a_film(tmp_path, 2))
    with django_capture_on_commit_callbacks(execute=True):
        films.take(film, now=timezone.now())
    film.refresh_from_db()
    return film


@pytest.fixture
def shown(lesson, film, django_capture_on_commit_callbacks) -> LessonPage:
    """A lesson with nothing but the film."""
    lesson.body = [("film", {"title": "Rubina's yard", "text": "Look around.", "film": film, "only_in": []})]
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)
    return lesson


def html(page: LessonPage) -> str:
    return pages.draw(LessonPage.objects.get(pk=page.pk)).html


def out(page: LessonPage) -> str:
    """What lies published at its address."""
    import gzip

    return gzip.decompress(published.read("/en/animals/every-day/water/").body).decode()


def test_the_bytes_of_each_way_to_see_it_are_told_before_anybody_touches(shown, film):
    Film.objects.update(
        copies=film.copies
        | {name: [film.copies[name][0], size] for name, size in
           {"small": 2_310_000, "sharp": 4_090_000, "opus": 280_000}.items()}
    )  # fmt: skip

    said = html(shown)

    assert re.search(r'data-plays="video">.*?2\.3 MB', said, re.DOTALL)
    assert re.search(r"Only the sound <bdi>0\.3 MB", said)
    assert re.search(r"Sharper <bdi>4\.1 MB", said)
    assert "<bdi>0:02</bdi>" in said


def test_without_scripts_it_is_a_plain_film_that_waits(shown, film):
    plain = re.search(r"<noscript><video[^>]*>.*?</video>.*?</noscript>", html(shown), re.DOTALL)[0]

    assert 'controls preload="none" playsinline' in plain
    assert f'<source src="{film.copy("small").address}" type="video/mp4">' in plain
    assert "0.1 MB" in plain
    assert "autoplay" not in html(shown)


def test_its_words_stand_there_in_the_language_in_which_they_are_spoken(shown):
    assert '<p class="voice" lang="ur" dir="rtl">یہ ہماری بھینس ہے۔</p>' in html(shown)
    assert [screen.spoken for screen in screens.of(shown)] == ["Rubina's yard Look around."]


def test_a_film_that_is_not_small_yet_has_words_and_no_dead_player(shown, monkeypatch):
    Film.objects.update(state="converting")

    said = html(shown)

    assert "<video" not in said
    assert "data-film" not in said
    assert "<details open>" in said
    assert "یہ ہماری بھینس ہے۔" in said


def test_without_ffmpeg_the_lesson_still_says_what_is_said(
    shown, film, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)

    with django_capture_on_commit_callbacks(execute=True):
        films.take(film, now=timezone.now())

    assert Film.objects.get().trouble == films.NO_FFMPEG
    assert "<video" not in out(shown)
    assert "یہ ہماری بھینس ہے۔" in out(shown)


def test_when_the_film_is_another_one_the_lesson_shows_it(
    shown, film, tmp_path, django_capture_on_commit_callbacks
):
    before = film.copy("small").address
    assert before in out(shown)

    film.original = SimpleUploadedFile("other.mp4", a_film(tmp_path, 1))
    with django_capture_on_commit_callbacks(execute=True):
        films.take(film, now=timezone.now())

    film.refresh_from_db()
    assert film.copy("small").address in out(shown)
    assert before not in out(shown)


def test_when_its_words_are_mended_the_lesson_says_so(shown, film, django_capture_on_commit_callbacks):
    film.transcript = "دیکھیں۔"
    with django_capture_on_commit_callbacks(execute=True):
        film.save()

    assert "دیکھیں۔" in out(shown)


def test_when_the_film_is_deleted_the_lesson_goes_on_without_it(
    shown, film, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        film.delete()

    assert "<video" not in out(shown)
    assert "Look around." in out(shown)


def test_another_language_shows_the_same_film(shown, film, urdu):
    source, _made = TranslationSource.update_or_create_from_instance(shown)
    for page in shown.get_ancestors().filter(depth__gt=1).specific():
        if not page.has_translation(urdu):
            page.copy_for_translation(urdu, copy_parents=True)
    source.create_or_update_translation(urdu, fallback=True)

    twin = shown.get_translation(urdu)
    assert twin.body[0].value["film"] == film
    assert twin.body[0].id == shown.body[0].id
    assert film.copy("small").address in html(twin)


def test_an_emptied_folder_has_its_films_again_after_publishing(shown, film):
    for name in film.copies:
        files.drop(film.copy(name).address)

    published.after_release()

    assert all(files.holds(film.copy(name).address) for name in film.copies)


def test_a_player_gets_the_part_of_a_film_that_it_asks_for(shown, film, client, settings):
    content = bytes(range(256)) * 8_000  # two megabytes
    address = files.keep(content, "mp4")

    whole = client.get(address)
    part = client.get(address, headers={"range": "bytes=100-"})
    little = client.get(address, headers={"range": "bytes=100-199"})

    assert whole.streaming
    assert whole.getvalue() == content
    assert (whole["Content-Type"], whole["Content-Length"]) == ("video/mp4", str(len(content)))
    assert (part.status_code, part.getvalue()) == (206, content[100:])
    assert part["Content-Range"] == f"bytes 100-{len(content) - 1}/{len(content)}"
    assert (little.status_code, little.content) == (206, content[100:200])
