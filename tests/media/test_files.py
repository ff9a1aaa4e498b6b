import gzip
import os
from pathlib import Path

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from media import files

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">' + b"<g/>" * 400 + b"</svg>"
SOUND = bytes(range(256)) * 8


def ask(address: str, method: str = "get", **heads: str):
    request = getattr(RequestFactory(), method)(
        address, headers={k.replace("_", "-"): v for k, v in heads.items()}
    )
    return files.serve(request, address.removeprefix("/f/"))


def test_the_same_content_is_the_same_file_and_is_never_written_again():
    first = files.keep(SOUND, "mp3")
    os.utime(files.path_of(first), (1, 1))

    assert files.keep(SOUND, "mp3") == first
    assert files.path_of(first).stat().st_mtime == 1
    with files.open_file(first) as file:
        assert file.read() == SOUND


def test_a_file_that_a_power_cut_left_half_written_is_written_again():
    address = files.keep(SOUND, "mp3")
    files.path_of(address).write_bytes(SOUND[:10])

    files.keep(SOUND, "mp3")

    assert files.path_of(address).read_bytes() == SOUND


def test_a_full_disk_leaves_nothing_half_done(monkeypatch, settings):
    def full(*args):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space"):
        files.keep(SOUND, "mp3")
    assert [path for path in Path(settings.PUBLISHED_ROOT).rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("suffix", ["html", "js", "mjs", "css", "xml", "", "svgz"])
def test_U13_what_a_browser_would_run_is_not_for_phones(suffix):
    with pytest.raises(files.NotKept):
        files.keep(b"<script>", suffix)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x",
        "../../etc/passwd",
        "a" * 40 + ".html",
        "A" * 40 + ".svg",
        "a" * 40 + ".svg.gz",
        "a" * 40 + ".svg\n",
        "a" * 40 + ".svg/",
        "a" * 40,
    ],
)
def test_other_names_are_not_there(name):
    answer = files.serve(RequestFactory().get("/f/x"), name)

    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain; charset=utf-8")


def test_a_file_may_be_kept_for_ever_and_is_served_without_a_query(django_assert_num_queries, db):
    address = files.keep(SOUND, "opus")

    with django_assert_num_queries(0):
        answer = ask(address)

    assert answer.content == SOUND
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "audio/ogg"
    assert answer["Content-Length"] == str(len(SOUND))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_who_has_it_already_gets_nothing_again():
    address = files.keep(SOUND, "mp3")
    tag = ask(address)["ETag"]

    answer = ask(address, if_none_match=f'"other", W/{tag}')

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)


def test_only_the_head_is_given_when_only_the_head_is_asked():
    address = files.keep(SOUND, "mp3")

    answer = ask(address, "head")

    assert (answer.status_code, answer.content, answer["Content-Length"]) == (200, b"", str(len(SOUND)))


def test_nothing_can_be_written_here():
    address = files.keep(SOUND, "mp3")

    assert (ask(address, "post").status_code, ask(address, "delete").status_code) == (405, 405)


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-9", (0, 9)),
        ("bytes=10-", (10, 2047)),
        ("bytes=-5", (2043, 2047)),
        ("bytes=2000-9999", (2000, 2047)),
        ("bytes=-9999", (0, 2047)),
    ],
)
def test_a_phone_may_seek(asked, span):
    answer = ask(files.keep(SOUND, "mp3"), range=asked)

    assert answer.status_code == 206
    assert answer.content == SOUND[span[0] : span[1] + 1]
    assert answer["Content-Range"] == f"bytes {span[0]}-{span[1]}/2048"


@pytest.mark.parametrize("asked", ["bytes=2048-", "bytes=9-3", "bytes=-0"])
def test_bytes_that_do_not_exist_cannot_be_had(asked):
    answer = ask(files.keep(SOUND, "mp3"), range=asked)

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */2048")


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])
def test_what_is_not_one_range_gets_the_whole(asked):
    answer = ask(files.keep(SOUND, "mp3"), range=asked)

    assert (answer.status_code, answer.content) == (200, SOUND)


def test_a_range_of_another_version_gets_the_whole():
    address = files.keep(SOUND, "mp3")

    assert ask(address, range="bytes=0-1", if_range='"other"').status_code == 200
    assert ask(address, range="bytes=0-1", if_range=ask(address)["ETag"]).status_code == 206


def test_drawings_are_packed_for_those_who_can_unpack():
    address = files.keep(DRAWING, "svg")

    packed, plain = (
        ask(address, accept_encoding="br, gzip;q=0.8"),
        ask(address, accept_encoding="gzip;q=0, br"),
    )

    assert gzip.decompress(packed.content) == DRAWING
    assert (packed["Content-Encoding"], packed["Vary"], plain["Vary"]) == ("gzip", *["Accept-Encoding"] * 2)
    assert plain.content == DRAWING
    assert packed["ETag"] != plain["ETag"]


def test_a_range_of_a_drawing_is_of_the_drawing_itself():
    answer = ask(files.keep(DRAWING, "svg"), range="bytes=0-3", accept_encoding="gzip")

    assert (answer.status_code, answer.content, answer.has_header("Content-Encoding")) == (
        206,
        b"<svg",
        False,
    )


def test_U01_a_drawing_opened_as_a_page_can_do_nothing():
    assert ask(files.keep(DRAWING, "svg"))["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_dropped_file_is_gone_in_every_form():
    address = files.keep(DRAWING, "svg")

    files.drop(address)

    assert ask(address, accept_encoding="gzip").status_code == 404
    assert not files.holds(address)


@given(st.text(max_size=60))
def test_no_range_breaks_the_answer(asked):
    address = files.keep(SOUND, "mp3")
    request = RequestFactory().get(address)
    request.META["HTTP_RANGE"] = asked

    assert files.serve(request, address[3:]).status_code in {200, 206, 416}
