import gzip
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from courses import published
from courses.models import Publication, Rendering, Wanted
from tests.courses.conftest import put

ADDRESS = "/en/animals/every-day/water/"


@pytest.fixture
def phone():
    return Client(headers={"accept-encoding": "gzip"})


@pytest.fixture
def out(lesson, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)
    return lesson


@pytest.fixture
def change(django_capture_on_commit_callbacks):
    """Do something to a page or thing, and let everything happen that follows."""

    def do(verb, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(*args, **kwargs)

    return do


def words(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return gzip.decompress(response.content).decode()


def test_a_lesson_is_given_without_a_query_and_without_a_session(out, phone, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = phone.get(ADDRESS)

    assert response.status_code == 200
    assert not response.cookies
    assert "Give her water all day." in gzip.decompress(response.content).decode()


def test_the_bytes_are_the_same_for_everybody(out, phone, amina, client):
    client.force_login(amina.user)

    assert client.get(ADDRESS, headers={"accept-encoding": "gzip"}).content == phone.get(ADDRESS).content


def test_a_phone_that_has_the_page_is_told_so(out, phone):
    etag = phone.get(ADDRESS)["ETag"]

    again = phone.get(ADDRESS, headers={"if-none-match": etag})

    assert again.status_code == 304
    assert again.content == b""


def test_a_browser_that_knows_no_gzip_reads_it_too(out):
    assert "Give her water" in Client().get(ADDRESS).content.decode()


def test_a_page_names_the_rendering_that_is_kept_with_its_keys(out, phone, question):
    rendering = Publication.objects.get(path=ADDRESS).rendering

    assert f'data-rev="{rendering.rev}"' in words(phone)
    [key] = rendering.keys.values()
    assert key["question"] == str(question.translation_key)
    assert len(key["right"]) == 1


def test_publishing_the_same_again_changes_nothing(out, change):
    before = Publication.objects.get(path=ADDRESS)

    change(put, out)

    assert Publication.objects.get(path=ADDRESS).changed_at == before.changed_at
    assert Rendering.objects.filter(page_key=out.translation_key).count() == 1


def test_a_changed_question_renders_every_lesson_that_asks_it(out, change, phone, question):
    question.prompt = "What must never be empty?"

    change(question.save)

    assert "What must never be empty?" in words(phone)
    assert Rendering.objects.filter(page_key=out.translation_key).count() == 2


def test_a_changed_picture_renders_the_question_that_shows_it(out, change, phone, question, picture):
    raw = question.options.get_prep_value()
    raw[0]["value"]["picture"] = {"image": picture.pk, "alt_text": "A cup", "decorative": False}
    question.options = question._meta.get_field("options").stream_block.to_python(raw)
    change(question.save)
    before = words(phone)

    change(paint, picture, "red")

    assert "A cup" in before
    assert words(phone) != before


def test_what_counts_never_leaves_the_server(out, change, phone, question):
    right = question.answer_key()["right"][0]
    assert f'"right": ["{right}"]' in words(phone)
    question.use = "counts"

    change(question.save)

    assert '"right"' not in words(phone)
    assert question.reason not in words(phone)
    assert Publication.objects.get(path=ADDRESS).rendering.keys.popitem()[1]["right"] == [right]


def test_what_is_taken_down_is_gone_but_its_rendering_is_kept(out, change, phone):
    change(out.unpublish)

    assert phone.get(ADDRESS).status_code == 404
    assert Rendering.objects.filter(page_key=out.translation_key).exists()


def test_a_deleted_lesson_is_gone_from_its_unit_too(out, change, phone):
    change(out.delete)

    assert phone.get(ADDRESS).status_code == 404
    assert "Water all day" not in words(phone, "/en/animals/every-day/")
    assert Rendering.objects.filter(page_key=out.translation_key).exists()


def test_a_new_title_moves_the_address_only_when_the_slug_does(out, change, phone):
    out.slug = "water-first"

    change(put, out)

    assert phone.get("/en/animals/every-day/water-first/").status_code == 200
    assert phone.get(ADDRESS).status_code in {301, 404}
    assert Publication.objects.filter(page_key=out.translation_key).count() == 1


def test_a_disk_that_lost_everything_is_filled_again(out, phone, settings, tmp_path):
    settings.PUBLISHED_ROOT = tmp_path / "a new disk"

    assert published.read(ADDRESS) is None

    published.after_release()

    assert published.read(ADDRESS).rev == Publication.objects.get(path=ADDRESS).rendering_id
    assert "Give her water" in words(phone)


def test_a_visit_before_the_worker_came_is_answered_all_the_same(lesson, phone):
    lesson.save_revision().publish()  # nothing is rendered: the worker has not seen it
    assert Wanted.objects.exists()

    first = phone.get(ADDRESS)  # from Wagtail, which writes the file on its way

    assert "Give her water" in first.content.decode()
    assert first["Content-Type"] == "text/html; charset=utf-8"


def test_I06_what_the_queue_has_forgotten_is_rendered_by_the_next_sweep(out, change, phone, question):
    question.reason = "With water all day she gives two litres more."
    question.save()  # nothing is rendered: no worker hears of it
    now = timezone.now()
    change(published.catch_up, now)
    assert "two litres more" not in words(phone)

    change(published.catch_up, now + timedelta(seconds=31))

    assert "two litres more" in words(phone)
    assert not Wanted.objects.exists()


def test_what_fails_stays_wanted_with_its_reason(out, monkeypatch):
    published.want(out)
    monkeypatch.setattr(published, "_publish", lambda *_: 1 / 0)

    assert published.work_off() == 0
    assert "ZeroDivisionError" in Wanted.objects.first().trouble


def test_nothing_personal_and_no_token_is_ever_in_a_page(out, phone):
    page = words(phone)

    assert "csrf" not in page.lower()
    assert "wagtail" not in page.lower()


def test_an_address_that_tries_to_leave_the_folder_finds_nothing(out, phone):
    assert published.read("/en/../../../etc/passwd/") is None
    assert phone.get("/en/%2e%2e/%2e%2e/").status_code == 404


@pytest.fixture
def picture(db):
    from io import BytesIO

    from django.core.files.images import ImageFile
    from PIL import Image

    from media.models import Picture

    png = BytesIO()
    Image.new("RGB", (32, 24), "blue").save(png, "PNG")
    return Picture.objects.create(
        title="cup", file=ImageFile(BytesIO(png.getvalue()), "cup.png"), width=32, height=24
    )


def paint(picture, colour: str) -> None:
    """A trainer uploads another file for the same picture."""
    from io import BytesIO

    from django.core.files.images import ImageFile
    from PIL import Image

    png = BytesIO()
    Image.new("RGB", (32, 24), colour).save(png, "PNG")
    picture.file = ImageFile(BytesIO(png.getvalue()), "cup.png")
    picture.save()


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────
def test_who_publishes_before_the_styles_are_gathered_is_told_what_to_do(out, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static_files.HashedModules"}}

    with pytest.raises(CommandError, match="collectstatic"):
        call_command("publish")


def test_a_page_that_cannot_be_rendered_is_no_success(out, monkeypatch):
    def spoil(page):
        raise ValueError("no such drawing")

    monkeypatch.setattr(published.pages, "draw", spoil)
    published.want_all()

    with pytest.raises(CommandError, match=r"\d units were not .*no such drawing"):
        call_command("publish")
    assert Wanted.objects.exclude(trouble="").exists()
