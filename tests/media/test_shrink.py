import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from media import files, shrink
from media.models import Picture
from tests.media.stuff import DRAWING, WAGTAIL_LEAVES_FILES_OPEN, photo, picture

pytestmark = [pytest.mark.django_db, *WAGTAIL_LEAVES_FILES_OPEN]


def test_a_photo_fits_into_its_bytes_in_both_formats():
    fitted = shrink.fit(picture(photo()))

    assert (fitted.width, fitted.height) == (720, 540)
    assert 0 < len(fitted.webp) <= 25 * 1024
    assert 0 < len(fitted.jpeg) <= 25 * 1024
    assert fitted.svg == b""


def test_a_small_picture_is_not_made_larger():
    fitted = shrink.fit(picture(photo(100, 50)))

    assert (fitted.width, fitted.height) == (100, 50)


def test_U04_a_photo_stands_upright_and_does_not_say_where_it_was_taken():
    fitted = shrink.fit(picture(photo(800, 400, turned=6)))

    for content in (fitted.webp, fitted.jpeg):
        shown = Image.open(io.BytesIO(content))
        red, green, _blue = shown.convert("RGB").getpixel((shown.width - 5, 5))
        assert shown.height == pytest.approx(2 * shown.width, abs=2)
        assert red > 180 > 90 > green
        assert dict(shown.getexif()) == {}
        assert b"Lahore" not in content


def test_holes_in_a_picture_are_white_where_a_format_has_none():
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")

    fitted = shrink.fit(picture(out.getvalue(), "hole.png"))

    assert Image.open(io.BytesIO(fitted.jpeg)).getpixel((5, 5)) == (255, 255, 255)
    assert Image.open(io.BytesIO(fitted.webp)).mode == "RGBA"


def test_a_drawing_stays_a_drawing():
    found = shrink.addresses(picture(DRAWING, "yard.svg"))

    assert found == {"svg": files.keep(DRAWING, "svg"), "width": 320, "height": 240}


def test_a_picture_is_made_small_once(monkeypatch, django_assert_num_queries):
    yard = picture(photo())
    first = shrink.addresses(yard)
    monkeypatch.setattr(shrink, "fit", lambda *args: pytest.fail("made small twice"))

    with django_assert_num_queries(0):
        assert shrink.addresses(yard) == first
    assert set(first) == {"webp", "jpeg", "width", "height"}


def test_an_emptied_folder_is_filled_again(settings):
    yard = picture(photo())
    first = shrink.addresses(yard)
    shutil.rmtree(settings.PUBLISHED_ROOT)

    assert shrink.addresses(yard) == first
    assert files.holds(first["webp"])


def test_a_lost_half_is_made_again():
    yard = picture(photo())
    first = shrink.addresses(yard)
    files.drop(first["webp"])

    assert shrink.addresses(yard) == first
    assert files.holds(first["webp"])


def test_a_lesson_without_its_picture_is_better_than_no_lesson():
    yard = Picture.objects.get(pk=picture(photo()).pk)
    Path(yard.file.path).unlink()

    assert shrink.addresses(yard) == {}


def test_trainers_see_thumbnails_where_phones_get_pictures():
    for yard in (picture(photo()), picture(DRAWING, "yard.svg")):
        thumbnail = yard.get_rendition("max-165x165")

        assert files.holds(thumbnail.url)
        assert thumbnail.url == thumbnail.url
