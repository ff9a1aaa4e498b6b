from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media import sound, voices
from media.models import Recording
from media.voices import Text
from tests.media.stuff import tone

pytestmark = pytest.mark.django_db

COOL = Text("ui:cool", "ٹھنڈا رکھیں۔", "A6 Vaccines", "ur")
WARM = Text("ui:warm", "Not too warm.", "A6 Vaccines", "en")
NOTE = Text("ui:note", "یاد رکھیں۔", "A5 Rain", "ur")


@pytest.fixture(autouse=True)
def texts(monkeypatch):
    monkeypatch.setattr(voices, "_sources", [lambda voice: [COOL, WARM, NOTE]])


def studio(key: str = "ui:cool", voice: str = "ur") -> str:
    return f"{reverse('voices:record')}?{urlencode({'voice': voice, 'key': key})}"


def save(client, content: bytes | None = None, *, json: bool = True, **said):
    data = {"transcript": "ٹھنڈا رکھیں۔", **said}
    if content is not None:
        data["recording"] = SimpleUploadedFile("take.wav", content)
    return client.post(studio(), data, headers={"Accept": "application/json" if json else "text/html"})


class Scripts(HTMLParser):
    """Scripts and handlers that stand in the page itself."""

    def __init__(self) -> None:
        super().__init__()
        self.inline = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]


def test_a_trainer_sees_every_text_with_its_place_and_standing(trainer):
    Recording.objects.create(
        text_key="ui:cool", voice="ur", transcript="x", state="ready", made_by="machine", read_from=COOL.text
    )

    shown = trainer.get(reverse("voices:index") + "?voice=ur").content.decode()

    for words in (
        "A6 Vaccines",
        "A5 Rain",
        COOL.text,
        WARM.text,
        NOTE.text,
        "read by a machine",
        "no voice yet",
    ):
        assert words in shown
    assert '<p class="voices-text" lang="ur" dir="auto">ٹھنڈا رکھیں۔</p>' in shown


def test_a_trainer_may_look_at_what_is_missing_only(trainer):
    Recording.objects.create(
        text_key="ui:cool", voice="ur", transcript="x", state="ready", read_from=COOL.text
    )

    shown = trainer.get(reverse("voices:index") + "?voice=ur&show=missing").content.decode()

    assert (COOL.text in shown, WARM.text in shown, NOTE.text in shown) == (False, True, True)


@pytest.mark.parametrize("how_many", [1, 30])
def test_the_list_costs_the_same_for_one_or_thirty(
    how_many, trainer, monkeypatch, django_assert_max_num_queries
):
    many = [Text(f"ui:{n}", "Cool.", "A6", "en") for n in range(how_many)]
    monkeypatch.setattr(voices, "_sources", [lambda voice: many])
    for text in many:
        Recording.objects.create(text_key=text.key, voice="en", transcript="Cool.", state="ready", mp3="/f/m")

    with django_assert_max_num_queries(9):
        trainer.get(reverse("voices:index") + "?voice=en")


def test_the_studio_shows_the_text_and_fills_in_what_will_be_said(trainer):
    shown = trainer.get(studio()).content.decode()

    assert '<p class="voices-read" lang="ur" dir="auto">ٹھنڈا رکھیں۔</p>' in shown
    assert ">ٹھنڈا رکھیں۔</textarea>" in shown
    assert studio("ui:warm").replace("&", "&amp;") in shown  # the next one without a voice


def test_a_punjabi_speaker_reads_urdu_and_writes_what_was_said(trainer):
    shown = trainer.get(studio(voice="pnb")).content.decode()

    assert "></textarea>" in shown
    assert "in your own words" in shown


def test_our_part_of_the_page_has_no_script_in_it(trainer):
    shown = trainer.get(studio()).content.decode()
    scripts = Scripts()

    scripts.feed(shown[shown.index('class="nice-padding voices"') : shown.index("</main>")])

    assert scripts.inline == []


def test_a_take_is_kept_made_small_and_followed(trainer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = save(trainer, tone(1))
    said = trainer.get(answer.json()["status"]).json()

    recording = Recording.objects.get()
    assert (recording.read_from, recording.transcript, recording.voice) == (COOL.text, "ٹھنڈا رکھیں۔", "ur")
    assert said == {
        "state": "ready",
        "percent": 100,
        "sentence": "",
        "sounds": [recording.opus, recording.mp3],
        "seconds": 1.0,
    }
    assert voices.line("ur", "ui:cool").standing == "ready"


def test_without_javascript_a_file_is_enough(trainer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = save(trainer, tone(1), json=False)

    assert (answer.status_code, answer["Location"]) == (302, studio())
    assert "can be heard" in trainer.get(studio()).content.decode()


@pytest.mark.parametrize(
    ("content", "said", "sentence"),
    [
        (None, {}, "Please record it first"),
        (b"", {}, "There is nothing in this recording"),
        (b"RIFF", {"transcript": " "}, "Please write what is said"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(content, said, sentence, trainer):
    answer = save(trainer, content, **said)

    assert answer.status_code == 422
    assert answer.json()["sentences"][0].startswith(sentence)
    assert sentence in save(trainer, content, json=False, **said).content.decode()


def test_U11_a_heavy_recording_is_refused_before_it_is_opened(trainer, settings):
    settings.LARGEST_RECORDING_MB = 1

    answer = save(trainer, b"x" * (1024 * 1024 + 1))

    assert answer.json()["sentences"] == ["This recording has more than 1 MB. Please make it shorter."]


def test_U13_a_page_is_no_recording(trainer):
    answer = trainer.post(
        studio(),
        {"transcript": "x", "recording": SimpleUploadedFile("take.html", b"<script>")},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 422
    assert not Recording.objects.exists()


@pytest.mark.parametrize("address", [studio("ui:unknown"), studio(voice="xx")])
def test_a_text_that_nobody_says_cannot_be_recorded(address, trainer):
    assert trainer.get(address, follow=True).status_code == 404
    assert trainer.post(address, {"transcript": "x"}, follow=True).status_code == 404


def test_a_recording_that_failed_can_be_tried_again_and_removed(trainer, django_capture_on_commit_callbacks):
    save(trainer, tone(1))
    Recording.objects.update(state="failed", trouble=sound.NOT_NOW)
    recording = Recording.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        trainer.post(reverse("voices:again", args=[recording.pk]))
    recording.refresh_from_db()
    assert recording.state == "ready"

    with django_capture_on_commit_callbacks(execute=True):
        trainer.post(reverse("voices:remove", args=[recording.pk]))
    assert not Recording.objects.exists()


def test_looking_changes_nothing(trainer):
    Recording.objects.create(text_key="ui:cool", voice="ur", transcript="x")
    (pk,) = Recording.objects.values_list("pk", flat=True)

    assert trainer.get(reverse("voices:remove", args=[pk])).status_code == 405
    assert trainer.get(reverse("voices:again", args=[pk])).status_code == 405


@pytest.fixture
def staff(client, settings, django_user_model):
    """Somebody of the staff, with the permissions of their group and no other."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("lms.")]
    user = django_user_model.objects.create_user("sana", password="a long enough password", is_staff=True)
    group = Group.objects.create(name="Trainers")
    user.groups.add(group)

    def _staff(*permissions: str):
        group.permissions.set(Permission.objects.filter(codename__in=["access_admin", *permissions]))
        client.force_login(user)
        return client

    return _staff


def test_the_voices_open_for_those_who_may_record_and_nobody_else(staff):
    recording = Recording.objects.create(text_key="ui:cool", voice="ur", transcript="x")
    addresses = [reverse("voices:index"), studio(), reverse("voices:status", args=[recording.pk])]

    assert [staff().get(address).status_code for address in addresses] == [302, 302, 302]
    assert [staff("add_recording").get(address).status_code for address in addresses] == [200, 200, 200]


def test_who_may_add_may_not_replace_or_remove(staff):
    recording = Recording.objects.create(text_key="ui:cool", voice="ur", transcript="x")
    client = staff("add_recording")

    assert save(client, tone(1)).status_code == 403
    save(client, tone(1), json=False)
    client.post(reverse("voices:remove", args=[recording.pk]))
    client.post(reverse("voices:again", args=[recording.pk]))

    recording.refresh_from_db()
    assert (recording.state, recording.original.name) == ("waiting", "")


def test_the_menu_and_the_page_of_groups_know_the_voices(trainer):
    assert reverse("voices:index") in trainer.get("/cms/").content.decode()
    assert "recording" in trainer.get(reverse("wagtailusers_groups:add")).content.decode()
