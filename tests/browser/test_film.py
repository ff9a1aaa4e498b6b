"""A film on a cheap phone: its bytes are told first, and nothing comes before a touch."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.steps import here
from tests.browser.test_budgets import KB, SPARE_ME, Line
from tests.browser.test_every_screen import can_be_used_by_all
from tests.media.stuff import a_film

pytestmark = pytest.mark.browser

SECONDS = 6
SHOTS = Path(os.environ.get("HAMRAH_SHOTS", "/nowhere"))
A_LESSON_WITH_A_FILM = """
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import Locale
from courses import published
from courses.models import LessonPage, UnitPage
from media import films
from media.models import Film

film = Film(title="Rubina's yard", voice="ur", transcript="یہ ہماری بھینس ہے۔ صبح اور شام دودھ دیتی ہے۔")
film.original = SimpleUploadedFile("yard.mp4", open({path!r}, "rb").read())
films.take(film, now=timezone.now())
films.convert(film.pk)
film.refresh_from_db()
words = {{
    "en": ("A film of the yard", "See how Rubina milks", "Look at her hands."),
    "ur": ("صحن کی فلم", "دیکھیں روبینہ دودھ کیسے دوہتی ہے", "اس کے ہاتھ دیکھیں۔"),
}}
for locale, (page, title, text) in words.items():
    unit = UnitPage.objects.filter(locale__language_code=locale, live=True, slug="rains").first()
    block = ("film", {{"title": title, "text": text, "film": film, "only_in": []}})
    tongue = Locale.objects.get(language_code=locale)
    lesson = LessonPage(title=page, slug="film", locale=tongue, body=[block])
    unit.add_child(instance=lesson)
    lesson.save_revision().publish()
published.work_off()
assert Film.objects.get(pk=film.pk).state == "ready", film.trouble
"""


# The other tests count ten lessons.
NO_FILM = """
from courses import published
from courses.models import LessonPage
for page in LessonPage.objects.filter(slug="film"):
    page.delete()
published.work_off()
"""


@pytest.fixture(scope="module")
def a_lesson(site, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("film")
    a_film(folder, SECONDS, size="854x480")
    site.does(A_LESSON_WITH_A_FILM.format(path=str(folder / "made.mp4")))
    yield "film"
    site.does(NO_FILM)


def open_film(phone: Page, reads: str) -> list[str]:
    """On the screen with the film; what is fetched of media from now on."""
    fetched: list[str] = []
    phone.on("request", lambda asked: fetched.append(asked.url.rpartition(".")[2]))
    phone.goto(steps.lesson_address(reads, "film"), wait_until="networkidle")
    if phone.locator("[data-js]").count():
        steps.go_on(phone)
        phone.wait_for_load_state("networkidle")
    return fetched


def media(fetched: list[str]) -> set[str]:
    return {one for one in fetched if one in {"mp4", "opus", "mp3"}}


def plays(phone: Page, kind: str) -> None:
    steps.until(
        phone, lambda: phone.evaluate(f"(document.querySelector('{kind}') || {{}}).currentTime > 0.2")
    )


def lines_of(phone: Page) -> int:
    return sum(steps.counts(phone).values())


@pytest.mark.parametrize("reads", ["ur", "en"])
def test_the_bytes_are_told_nothing_is_fetched_and_a_touch_plays_it_to_the_end(phone, a_lesson, reads):
    fetched = open_film(phone, reads)
    poster = here(phone).locator(".poster")
    expect(poster).to_be_visible()
    expect(poster).to_contain_text("MB")
    assert media(fetched) == set()
    assert phone.locator("video, audio").count() == 0
    can_be_used_by_all(phone)
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / f"film.{reads}.png", full_page=True)

    poster.click()
    plays(phone, "video")
    assert media(fetched) == {"mp4"}
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / f"film-plays.{reads}.png", full_page=True)
    before = lines_of(phone)
    phone.evaluate("document.querySelector('video').currentTime = 5.2")

    steps.until(phone, lambda: lines_of(phone) == before + 1)  # that it was seen is kept
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_only_the_sound_is_fetched_by_whoever_wants_only_the_sound(phone, a_lesson):
    fetched = open_film(phone, "ur")

    here(phone).locator("[data-plays=audio]").click()

    plays(phone, "audio")
    assert media(fetched) == {"opus"}
    expect(here(phone).locator(".poster")).to_be_visible()
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "film-sound.ur.png", full_page=True)


def test_sharper_goes_on_from_where_one_was(phone, a_lesson):
    open_film(phone, "en")
    here(phone).locator(".poster").click()
    plays(phone, "video")
    phone.evaluate("document.querySelector('video').currentTime = 3")

    here(phone).locator(".chip[data-plays=video]").click()

    plays(phone, "video")
    assert phone.evaluate("document.querySelector('video').currentTime") >= 3
    assert phone.locator("video").count() == 1


def test_a_film_is_quiet_when_somebody_turns_on_or_listens_to_something_else(phone, a_lesson):
    open_film(phone, "en")
    here(phone).locator(".poster").click()
    plays(phone, "video")

    phone.locator("[data-on]").click()

    steps.until(phone, lambda: phone.evaluate("document.querySelector('video').paused"))


def test_C28_whoever_spares_their_data_finds_the_sound_first(phone, a_lesson):
    phone.add_init_script(SPARE_ME)
    fetched = open_film(phone, "ur")

    sound, poster = here(phone).locator("[data-plays=audio]"), here(phone).locator(".poster")
    assert sound.bounding_box()["y"] < poster.bounding_box()["y"]
    assert media(fetched) == set()
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "film-spared.ur.png", full_page=True)


def test_without_scripts_a_plain_film_waits_for_a_touch(phones, a_lesson):
    phone = phones(java_script_enabled=False)
    fetched = open_film(phone, "ur")

    expect(phone.locator("noscript video, video")).to_be_visible()
    assert media(fetched) == set()
    for link in phone.locator("[data-plays]").all():
        assert link.get_attribute("href").startswith("/f/")
    if SHOTS.exists():
        phone.screenshot(path=SHOTS / "film-plain.ur.png", full_page=True)


def test_the_script_of_a_lesson_with_a_film_is_light(phone, a_lesson):
    line = Line(phone)
    phone.goto(steps.lesson_address("ur", "film"), wait_until="networkidle")

    assert line.weight(".mjs") <= 12 * KB, line.bill()


def test_sana_sends_a_film_sees_the_bar_and_reads_why_one_is_refused(staff, site, tmp_path):
    desk = staff("sana")
    desk.goto("/cms/snippets/media/film/add/")
    desk.fill("[name=title]", "Our yard")
    desk.select_option("[name=voice]", "ur")
    desk.fill("[name=transcript]", "Our buffalo.")
    (tmp_path / "a.txt").write_text("no film")
    desk.set_input_files("[name=original]", tmp_path / "a.txt")
    desk.locator("footer button[type=submit], footer [data-controller] button").first.click()
    expect(desk.locator("[data-upload] [role=status]")).to_have_text(
        "This is not a film we know. Please use MP4, MOV, WebM or 3GP."
    )
    if SHOTS.exists():
        desk.screenshot(path=SHOTS / "cms-film-refused.png", full_page=True)

    a_film(tmp_path, 2, size="640x360")
    desk.set_input_files("[name=original]", tmp_path / "made.mp4")
    desk.locator("footer button[type=submit], footer [data-controller] button").first.click()
    desk.wait_for_url("**/cms/snippets/media/film/")
    expect(desk.get_by_text("Our yard").first).to_be_visible()

    def ready() -> bool:
        desk.reload()
        return desk.locator("tr", has_text="Our yard").get_by_text("ready").count() == 1

    steps.until(desk, ready)
    if SHOTS.exists():
        desk.screenshot(path=SHOTS / "cms-films.png", full_page=True)
        desk.get_by_role("link", name="Our yard").first.click()
        desk.wait_for_load_state("networkidle")
        desk.screenshot(path=SHOTS / "cms-film.png", full_page=True)
