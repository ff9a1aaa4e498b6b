import html
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin
from wagtail.images.forms import get_image_form
from wagtail.models import Collection, UploadedFile

from media import files, shrink
from media.models import Picture
from tests.media.stuff import DRAWING, WAGTAIL_LEAVES_FILES_OPEN, photo

pytestmark = [pytest.mark.django_db, *WAGTAIL_LEAVES_FILES_OPEN]


def hand_in(content: bytes, name: str = "yard.jpg", **said: str):
    root = Collection.get_first_root_node()
    data = {"title": "The yard", "collection": root.pk, "tags": "", **said}
    file = SimpleUploadedFile("placeholder.jpg", content)
    file._name = name  # what Django's own parser would have tidied already
    return get_image_form(Picture)(data, {"file": file})


def kept(form) -> tuple[Picture, bytes]:
    assert form.is_valid(), form.errors
    picture = form.save()
    with picture.file.storage.open(picture.file.name) as file:
        return picture, file.read()


def refusal(form) -> str:
    assert not form.is_valid()
    (sentence,) = form.errors["file"]
    assert re.fullmatch(r"[A-Z].*\.", sentence)
    return sentence


def claims(width: int, height: int, form: str) -> bytes:
    """A small file that says it is huge."""
    out = io.BytesIO()
    if form == "PNG":
        head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
        out.write(b"\x89PNG\r\n\x1a\n")
        PngImagePlugin.putchunk(out, b"IHDR", head)
        PngImagePlugin.putchunk(out, b"IDAT", b"x")
        PngImagePlugin.putchunk(out, b"IEND", b"")
    else:
        size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
        out.write(b"GIF89a" + size + b"\0\0\0," + b"\0" * 4 + size + b"\0\2\2\x44\1\0;")
    return out.getvalue()


def test_U01_a_drawing_with_a_script_is_refused():
    bad = DRAWING.replace(b"<path", b"<script>alert(1)</script><path")

    assert "program" in refusal(hand_in(bad, "yard.svg"))
    assert "program" in refusal(hand_in(bad, "yard.jpg"))


def test_U01_what_is_kept_of_a_drawing_is_what_was_read():
    picture, content = kept(hand_in(DRAWING.replace(b"<path", b"<!-- Lahore --><path"), "yard.svg"))

    assert (content, picture.is_svg()) == (DRAWING, True)


@pytest.mark.parametrize("name", ["yard.jpg", "yard.png", "yard.svg", "yard.html"])
def test_U02_a_page_is_no_picture_whatever_its_name(name):
    assert not hand_in(b"<!doctype html><script>alert(1)</script>", name).is_valid()


def test_U02_a_picture_with_a_second_meaning_has_one_afterwards():
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "GIF", comment=b"*/=1;alert(1)/*")

    picture, content = kept(hand_in(out.getvalue() + b"<script>alert(1)</script>", "a.gif"))

    assert b"alert" not in content
    assert picture.file.name.endswith(".png")


@pytest.mark.parametrize(("width", "height"), [(8000, 5000), (12000, 10000), (40000, 40000)])
@pytest.mark.parametrize("form", ["PNG", "GIF"])
def test_U03_a_huge_picture_is_refused_before_it_is_unpacked(width, height, form, monkeypatch):
    Image.init()  # its plugins draw small pictures of their own when they are loaded
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("was unpacked"))

    assert "25 million" in refusal(hand_in(claims(width, height, form), "yard.png"))


def test_U03_a_heavy_file_is_refused_before_it_is_read(settings):
    assert "5.0" in refusal(hand_in(b"x" * (5 * 1024 * 1024 + 1)))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_U04_nothing_kept_says_where_or_by_whom_a_photo_was_taken(form):
    picture, content = kept(hand_in(photo(800, 400, form, turned=6), f"yard.{form.lower()}"))

    assert b"Lahore" not in content
    shown = Image.open(io.BytesIO(content))
    assert dict(shown.getexif()) == {}
    assert (picture.width, picture.height) == shown.size == (400, 800)
    assert picture.file_size == len(content)


def test_a_photo_is_not_kept_larger_than_a_page():
    picture, _content = kept(hand_in(photo(3000, 300)))

    assert (picture.width, picture.height) == (2400, 240)


@pytest.mark.parametrize("content", [b"", b"hello", photo()[:2000], b"\x89PNG\r\n\x1a\n"])
def test_an_empty_or_broken_file_is_refused(content):
    refusal(hand_in(content))


@pytest.mark.parametrize(
    "name",
    [
        "x" * 300 + ".jpg",
        "evil\u202egpj.svg.jpg",
        "a\x00b.jpg",
        "../../etc/passwd.jpg",
        "بھینس.jpg",
        '"><img>.jpg',
        ".jpg",
    ],
)
def test_U09_the_name_of_a_file_is_ours(name):
    picture, _content = kept(hand_in(photo(60, 40), name))

    assert re.fullmatch(r"original_images/[A-Za-z0-9][A-Za-z0-9_-]{0,75}\.jpg", picture.file.name)


def test_U09_a_title_is_cut_and_cleaned_but_keeps_its_joiners():
    picture, _content = kept(hand_in(photo(60, 40), title="به\u200cکار\u202e\x00 " + "x" * 300))

    assert picture.title == "به\u200cکار " + "x" * 248


def test_U04_the_upload_of_many_goes_through_the_same_door(trainer):
    answer = trainer.post(
        "/cms/images/multiple/add/",
        {"files[]": SimpleUploadedFile("x" * 300 + ".jpg", photo(60, 40)), "collection": "1"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert json.loads(answer.content)["success"] is True
    picture = Picture.objects.get()
    with picture.file.storage.open(picture.file.name) as file:
        assert b"Lahore" not in file.read()
    assert not UploadedFile.objects.exists()


def test_U03_the_upload_of_many_refuses_with_the_same_sentence(trainer):
    answer = trainer.post(
        "/cms/images/multiple/add/",
        {"files[]": SimpleUploadedFile("yard.png", claims(40000, 40000, "PNG")), "collection": "1"},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )

    assert json.loads(answer.content)["success"] is False
    assert "25 million" in json.loads(answer.content)["error_message"]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.jpg", "There is nothing in this file. Please choose another one."),
        (
            b"x" * (5 * 1024 * 1024 + 1),
            "a.jpg",
            "This picture has more than 5.0\xa0MB. Please make it smaller first.",
        ),
        (b"hello", "a.jpg", "This is not a picture we can open. Please use JPG, PNG, WebP or SVG."),
        (b"hello", "a.txt", "This is not a picture we can open. Please use JPG, PNG, WebP or SVG."),
    ],
    ids=["empty", "heavy", "no picture", "text"],
)
def test_of_many_pictures_each_that_is_refused_says_why_and_the_others_are_kept(
    content, name, sentence, trainer, settings
):
    heads = {"X-Requested-With": "XMLHttpRequest"}
    said = []
    for n, (bytes_, called) in enumerate(
        [(photo(60, 40), "1.jpg"), (content, name), (photo(90, 40), "2.jpg")]
    ):
        file = {"files[]": SimpleUploadedFile(called, bytes_), "collection": "1", "title": f"Yard {n}"}
        said.append(trainer.post("/cms/images/multiple/add/", file, headers=heads).json())

    assert [answer["success"] for answer in said] == [True, False, True]
    assert said[1]["error_message"] == sentence
    assert list(Picture.objects.order_by("pk").values_list("title", flat=True)) == ["Yard 0", "Yard 2"]
    for picture in Picture.objects.all():
        with picture.file.storage.open(picture.file.name) as file:
            kept = file.read()
        assert b"Lahore" not in kept
        assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
        found = shrink.addresses(picture)
        assert files.path_of(found["webp"]).stat().st_size <= shrink.BUDGET


def test_the_page_for_many_says_our_sentences_before_it_sends_anything(trainer):
    shown = html.unescape(trainer.get("/cms/images/multiple/add/").content.decode())

    assert "This picture has more than 5.0\xa0MB. Please make it smaller first." in shown
    assert "This is not a picture we can open. Please use JPG, PNG, WebP or SVG." in shown
    assert "This file is too big" not in shown


def test_U04_a_photo_that_waited_for_its_title_is_cleaned_too(trainer):
    heads = {"X-Requested-With": "XMLHttpRequest"}
    content = SimpleUploadedFile("yard.jpg", photo(60, 40))
    answer = trainer.post("/cms/images/multiple/add/", {"files[]": content, "title": " "}, headers=heads)
    waiting = json.loads(answer.content)["uploaded_file_id"]
    prefix = f"uploaded-image-{waiting}"

    trainer.post(
        f"/cms/images/multiple/create_from_uploaded_image/{waiting}/",
        {f"{prefix}-title": "The yard", f"{prefix}-collection": "1", f"{prefix}-tags": ""},
        headers=heads,
    )

    picture = Picture.objects.get()
    with picture.file.storage.open(picture.file.name) as file:
        content = file.read()
    assert b"Lahore" not in content
    assert (picture.title, picture.file_size) == ("The yard", len(content))
