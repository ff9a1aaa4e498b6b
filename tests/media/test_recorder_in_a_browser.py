"""The studio, in a real browser with a microphone that plays a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect, sync_playwright

from media import voices
from media.models import Recording
from media.voices import Text
from tests import chromium
from tests.media.stuff import tone
from tests.roots import plant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(tmp_path: Path, monkeypatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # playwright keeps a loop in this thread
    voice = tmp_path / "voice.wav"
    voice.write_bytes(tone(1, before=0.2, after=0.2, loud=0.5, rate=48000))
    microphone = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium.PATH,
            args=["--no-sandbox", *microphone, f"--use-file-for-fake-audio-capture={voice}"],
        )
        page = browser.new_page()
        yield page
        browser.close()


@pytest.fixture
def studio(page: Page, live_server, client, monkeypatch) -> Page:
    """Signed in before a text without a voice."""
    plant()
    monkeypatch.setattr(voices, "_sources", [lambda voice: [Text("ui:cool", "ٹھنڈا رکھیں۔", "A6", "ur")]])
    client.force_login(get_user_model().objects.create_superuser("root", password="a long enough password"))
    # What the second factor asks is tested with lms.
    monkeypatch.setattr("lms.staff.showed_second_factor", lambda request: True)
    monkeypatch.setattr("lms.staff.day_is_over", lambda request, now: False)
    key = client.session.session_key
    page.context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page.goto(f"{live_server.url}/cms/voices/?voice=ur")
    page.get_by_role("link", name="Record", exact=True).click()
    return page


def test_a_trainer_records_listens_and_keeps_with_the_keyboard_alone(studio: Page):
    said = studio.locator("[data-said]")
    studio.get_by_role("button", name="Record", exact=True).focus()
    studio.keyboard.press("Enter")
    expect(said).to_have_text("Speak now.", timeout=10_000)
    studio.wait_for_function("document.querySelector('[data-level]').value > 0.1", timeout=10_000)
    studio.wait_for_timeout(1500)

    studio.keyboard.press("Enter")  # the focus is on Stop
    expect(said).to_have_text("Recorded. Listen to it, then keep it.")
    expect(studio.locator("audio[data-take]")).to_be_visible()
    studio.get_by_role("button", name="Keep").focus()
    studio.keyboard.press("Enter")
    expect(said).to_have_text("Done. It can be heard.", timeout=30_000)

    recording = Recording.objects.get()
    assert (recording.state, recording.transcript, recording.read_from) == ("ready", *["ٹھنڈا رکھیں۔"] * 2)
    assert recording.milliseconds > 1000
    studio.locator("audio[data-take]").evaluate("sound => sound.play()")
    studio.wait_for_function("document.querySelector('audio[data-take]').currentTime > 0.2", timeout=10_000)


def test_a_take_that_was_not_sent_is_still_there(studio: Page):
    said = studio.locator("[data-said]")
    studio.get_by_role("button", name="Record", exact=True).click()
    expect(said).to_have_text("Speak now.", timeout=10_000)
    studio.wait_for_timeout(1200)
    studio.get_by_role("button", name="Stop").click()
    expect(studio.locator("audio[data-take]")).to_be_visible()
    studio.context.set_offline(True)

    studio.get_by_role("button", name="Keep").click()
    expect(said).to_contain_text("It was not sent.")
    studio.context.set_offline(False)
    studio.get_by_role("button", name="Keep").click()

    expect(said).to_have_text("Done. It can be heard.", timeout=30_000)
