"""A trainer comes back from the yard with many pictures, some of which are none."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.media.stuff import photo

pytestmark = pytest.mark.browser

SHOTS = Path(os.environ.get("HAMRAH_SHOTS", "/nowhere"))
REFUSED = {
    "empty.jpg": "There is nothing in this file. Please choose another one.",
    "broken.jpg": "This is not a picture we can open. Please use JPG, PNG, WebP or SVG.",
    "heavy.jpg": "This picture has more than 5.0\xa0MB. Please make it smaller first.",
    "words.txt": "This is not a picture we can open. Please use JPG, PNG, WebP or SVG.",
}


def test_sana_sends_many_pictures_and_reads_beside_each_that_is_refused_why(staff, site, tmp_path):
    contents = {
        "yard.jpg": photo(600, 400),
        "empty.jpg": b"",
        "broken.jpg": b"hello",
        "heavy.jpg": b"x" * (5 * 1024 * 1024 + 1),
        "words.txt": b"hello",
        "well.jpg": photo(400, 600, turned=6),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    desk = staff("sana")
    desk.goto("/cms/images/multiple/add/")

    desk.set_input_files("#fileupload", [tmp_path / name for name in contents])

    rows = desk.locator("#upload-list > li")
    expect(rows).to_have_count(len(contents))
    expect(desk.locator("#upload-list > li.upload-success")).to_have_count(2, timeout=60_000)
    expect(desk.locator("#upload-list > li.upload-failure")).to_have_count(4)
    said = desk.locator("#upload-list .status-msg.failure, #upload-list .error_messages").all_inner_texts()
    for sentence in REFUSED.values():
        assert any(sentence in one for one in said), (sentence, said)
    expect(desk.locator("#upload-list > li.upload-failure .error-message").first).to_be_hidden()
    if SHOTS.exists():
        desk.locator("#upload-list > li.upload-failure").first.scroll_into_view_if_needed()
        desk.screenshot(path=SHOTS / "cms-many-pictures.png", full_page=True)
    site.does(
        "from media.models import Picture; from PIL import Image;"
        "found = [Image.open(one.file.path) for one in Picture.objects.filter(title__in=['yard', 'well'])];"
        "assert len(found) == 2 and not any(dict(one.getexif()) for one in found), found"
    )
