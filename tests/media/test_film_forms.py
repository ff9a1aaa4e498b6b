"""Trainers send films through Wagtail's own pages."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from courses import trainers
from media import films
from media.models import Film
from tests.media.stuff import a_film

pytestmark = pytest.mark.django_db
ADD = "/cms/snippets/media/film/add/"


@pytest.fixture
def yard(tmp_path) -> bytes:
    return a_film(tmp_path, 1, size="320x180")


@pytest.fixture
def send(trainer, django_capture_on_commit_callbacks):
    def _send(content: bytes | None, name: str = "yard.mp4", *, to: str = ADD, json: bool = True, **said):
        data = {"title": "The yard", "voice": "ur", "transcript": "Our buffalo.", **said}
        if content is not None:
            data["original"] = SimpleUploadedFile(name, content)
        heads = {"Accept": "application/json" if json else "text/html"}
        with django_capture_on_commit_callbacks(execute=True):
            return trainer.post(to, data, headers=heads)

    return _send


def edit(film: Film) -> str:
    return f"/cms/snippets/media/film/edit/{film.pk}/"


def test_a_film_is_sent_with_a_bar_and_made_small(send, yard, trainer):
    answer = send(yard)

    assert answer.json() == {"go": "/cms/snippets/media/film/"}
    assert Film.objects.get().state == "ready"
    shown = trainer.get("/cms/snippets/media/film/").content.decode()
    assert "The yard" in shown
    assert "ready" in shown


def test_without_scripts_the_form_works_as_ever(send, yard):
    answer = send(yard, json=False)

    assert (answer.status_code, answer["Location"]) == (302, "/cms/snippets/media/film/")
    assert Film.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.mp4", "There is nothing in this file. Please choose the film again."),
        (b"x" * 2_000_000, "a.mp4", "This film has more than 1 MB. Please make it shorter."),
        (b"x", "a.exe", "This is not a film we know. Please use MP4, MOV, WebM or 3GP."),
    ],
    ids=["empty", "heavy", "no film"],
)
def test_what_cannot_be_a_film_is_refused_in_a_sentence(content, name, sentence, send, settings):
    settings.LARGEST_FILM_MB = 1

    answer = send(content, name)

    assert (answer.status_code, answer.json()["sentences"]) == (422, [sentence])
    assert sentence in send(content, name, json=False).content.decode()
    assert not Film.objects.exists()


def test_a_film_without_words_is_refused(send, yard):
    assert send(yard, transcript=" ").json()["sentences"] == [
        "Please write what is said, for those who cannot hear it."
    ]


def test_words_alone_can_be_mended(send, yard):
    send(yard)
    before = Film.objects.get()

    send(None, to=edit(before), title="Our yard")

    after = Film.objects.get()
    assert (after.title, after.state, after.copies) == ("Our yard", "ready", before.copies)


def test_another_film_takes_the_place_of_the_first_and_nothing_of_it_stays(send, yard, tmp_path):
    send(yard)
    before = Film.objects.get()

    send(a_film(tmp_path, 2, size="320x180"), to=edit(before))

    after = Film.objects.get()
    assert after.state == "ready"
    assert after.copy("small").address != before.copy("small").address
    gone = [before.original.name, *(f"films/{address[3:]}" for address, _size in before.copies.values())]
    still = {f"films/{address[3:]}" for address, _size in after.copies.values()}
    assert [name for name in gone if default_storage.exists(name) and name not in still] == []


def test_a_film_that_could_not_be_made_small_is_tried_again_when_it_is_kept_again(send, yard):
    send(yard)
    Film.objects.update(state="failed", trouble=films.NOT_NOW, copies={})

    send(None, to=edit(Film.objects.get()))

    assert Film.objects.get().state == "ready"


def test_the_page_of_a_film_says_how_it_stands_and_what_it_weighs(send, yard, trainer):
    send(yard)
    film = Film.objects.get()

    shown = trainer.get(edit(film)).content.decode()

    assert film.copy("small").address in shown
    assert "0.1 MB" in shown
    assert 'type="module"' in shown
    assert "film_upload" in shown
    Film.objects.update(state="failed", trouble=films.NO_FFMPEG)
    assert films.NO_FFMPEG in trainer.get(edit(film)).content.decode()


def test_sana_may_send_choose_and_delete_films(client, sana, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("lms.")]
    trainers.welcome(sana)
    client.force_login(sana)

    assert client.get(ADD).status_code == 200
    assert client.get("/cms/snippets/choose/media/film/").status_code == 200
    assert "Films" in client.get(reverse("wagtailadmin_home")).content.decode()
