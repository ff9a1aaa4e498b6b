import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from wagtail.models import Revision
from wagtail_localize.models import StringTranslation, Translation

from assessments.models import Question
from courses import outline, pages, published, starter, tasks
from courses.models import CataloguePage, LessonPage, Review
from media import files, voices
from media.models import Picture, Recording

SPEAK = "The words have changed. Please install espeak-ng, run deploy/speak.py, and commit what it makes."


@pytest.fixture
def everything(transactional_db, monkeypatch):
    """The starter as a fresh installation loads it, before the worker renders it."""
    monkeypatch.setattr(tasks.work_off_wanted, "delay", lambda: None)
    starter.load(say=print)


@pytest.fixture
def shipped(transactional_db, monkeypatch, tmp_path):
    """One unit of it, which loads in a moment and is made like the others."""
    folder = tmp_path / "starter"
    shutil.copytree(starter.HERE, folder)
    shutil.rmtree(folder / "walking-with-somebody")
    course = folder / "healthy-animals" / "course.toml"
    about, *units = course.read_text("utf-8").split("[[units]]")
    [rains] = [unit for unit in units if 'key = "rains"' in unit]
    course.write_text(f"{about}[[units]]{rains}", "utf-8")
    monkeypatch.setattr(starter, "HERE", folder)
    monkeypatch.setattr(tasks.work_off_wanted, "delay", lambda: None)
    starter.load(say=print)


def titles(locale: str) -> list[str]:
    return [lesson.title for course in outline.shelf(locale) for lesson in course.lessons]


@pytest.mark.django_db(transaction=True)
def test_the_starter_is_there_in_urdu_and_english_and_twice_changes_nothing(everything):
    assert len(titles("en")) == len(titles("ur")) == 19
    assert titles("en") != titles("ur")
    before = (
        Revision.objects.count(),
        Question.objects.count(),
        Picture.objects.count(),
        StringTranslation.objects.count(),
        set(Recording.objects.values_list("pk", "made_at")),
    )

    starter.load(say=print)

    after = (
        Revision.objects.count(),
        Question.objects.count(),
        Picture.objects.count(),
        StringTranslation.objects.count(),
        set(Recording.objects.values_list("pk", "made_at")),
    )
    assert after == before
    for page in CataloguePage.objects.all():
        assert page.numchild == page.get_children().count() == 2
    for translation in Translation.objects.filter(
        source__specific_content_type__model__in=["lessonpage", "question"]
    ):
        total, translated = translation.get_progress()
        assert translated == total, translation.source.object_repr


@pytest.mark.django_db(transaction=True)
def test_a_block_has_one_id_in_all_languages_and_a_lesson_one_key(shipped):
    for english in LessonPage.objects.filter(locale__language_code="en"):
        urdu = english.get_translations().get(locale__language_code="ur")

        assert [block.id for block in urdu.body] == [block.id for block in english.body]
        assert pages.draw(urdu).keys.keys() == pages.draw(english).keys.keys()


@pytest.mark.django_db(transaction=True)
def test_a_page_that_a_trainer_changed_is_left_alone(shipped, sana):
    page = LessonPage.objects.filter(locale__language_code="en").first()
    page.title = "A better title"
    page.save_revision(user=sana).publish()
    said = []

    starter.load(say=said.append)

    assert LessonPage.objects.get(pk=page.pk).title == "A better title"
    assert any("left aside" in sentence for sentence in said)


@pytest.mark.django_db(transaction=True)
def test_every_lesson_says_who_has_not_read_it_yet_and_where_it_comes_from(shipped):
    for page in LessonPage.objects.filter(locale__language_code__in=["ur", "en"]):
        html = pages.draw(page).html

        assert page.needs_vet
        assert not Review.objects.filter(lesson=page).exists()
        assert "state look" in html
        assert len(page.sources) >= 3
        for source in page.sources:
            assert source.value["where"] in html


def test_a_prose_file_that_is_no_prose_says_where(tmp_path):
    file = tmp_path / "lesson.en.md"
    file.write_text('+++\ntitle = "T"\n+++\n\n## first\nOnly one line\n', encoding="utf-8")

    with pytest.raises(starter.ProseProblem, match=r"lesson.en.md: first"):
        starter.read_prose(file)


# ── Voices ───────────────────────────────────────────────────────────────────────────────────────────────
def written(language: str) -> list[str]:
    """Every text of the prose files as it is read aloud."""
    texts = []
    for file in starter.HERE.glob("*/course.toml"):
        course = tomllib.loads(file.read_text(encoding="utf-8"))
        texts += [about["title"][language] for about in (course, *course["units"])]
        for name in (name for unit in course["units"] for name in unit["lessons"]):
            head, told = starter.read_prose(file.parent / name / f"lesson.{language}.md")
            texts += [head["title"], head["goal"]]
            texts += [text for block in told.values() for text in told_aloud(block)]
        for words in asked_in(file.parent, language):
            texts += asked_aloud(words)
    return sorted(texts)


def told_aloud(block: starter.Told) -> list[str]:
    """A block, then each of its parts."""
    return [" ".join(filter(None, [one.title, one.text])) for one in [block, *block.parts.values()]]


def asked_in(course: Path, language: str) -> Iterator[dict]:
    for file in course.glob(f"**/questions.{language}.toml"):
        yield from tomllib.loads(file.read_text("utf-8")).values()


def asked_aloud(words: dict) -> list[str]:
    """A question, what can be answered, and what is said to it."""
    options = [
        halves if isinstance(halves, dict) else {"": halves} for halves in words.get("options", {}).values()
    ]
    said = [half for halves in options for half in halves.values()]
    return [words["prompt"], *said, *filter(None, [words.get("reason"), words.get("hint")])]


@pytest.mark.parametrize("voice", ["ur", "en"])
def test_a_machine_has_said_every_sentence_as_it_stands_today(voice):
    shipped = starter.machine_made(voice)

    said = [made.transcript for key, made in shipped.items() if not key.startswith("ui:")]
    assert sorted(said) == written(voice), SPEAK
    assert {made.opus for made in shipped.values()} == set(starter.HERE.glob(f"*/voices/{voice}/*.opus"))
    for made in shipped.values():
        assert b"OpusHead" in made.opus.read_bytes()[:64]
        letters = len(made.transcript)
        assert 40 * letters < made.milliseconds < 250 * letters + 400, (
            made.transcript
        )  # one word takes its time


@pytest.mark.django_db(transaction=True)
def test_all_lessons_can_be_heard_and_again_when_the_disk_was_emptied(shipped, settings):
    published.after_release()
    shutil.rmtree(settings.PUBLISHED_ROOT)

    call_command("publish")

    for voice in ("ur", "en"):
        texts = {text.key: text.text for text in voices.texts(voice)}
        heard = voices.sounds(texts)[voice]
        said = {key: made.transcript for key, made in starter.machine_made(voice).items()}
        assert {key: said.get(key) for key in texts} == texts, SPEAK
        assert heard.keys() == texts.keys()
        assert {sound.made_by for sound in heard.values()} == {"machine"}
        assert [sound.opus for sound in heard.values() if not files.holds(sound.opus)] == []
        for page in LessonPage.objects.filter(locale__language_code=voice):
            sound = heard[voices.title(page.translation_key)]
            assert f'href="{sound.opus}" data-machine' in pages.draw(page).html
    assert published.after_release() == (0, 0)


def test_what_somebody_has_recorded_or_chosen_is_never_replaced_by_a_machine(db):
    theirs = [
        Recording.objects.create(text_key="ui:Not yet", voice="en", transcript="Not yet", made_by="person"),
        Recording.objects.create(
            text_key="ui:Yes, right", voice="en", transcript="Yes", read_from="Yes, right", made_by="machine"
        ),
    ]
    mine = Recording.objects.filter(pk__in=[recording.pk for recording in theirs]).order_by("pk")
    before = list(mine.values())

    starter.load_voices(say=print)

    assert list(mine.values()) == before
    assert Recording.objects.filter(voice="en", made_by="machine", state="ready", mp3="").exists()


def test_a_machine_is_heard_only_where_it_says_what_is_written(db, tmp_path, monkeypatch):
    folder = tmp_path / "interface" / "voices" / "en"
    shutil.copytree(starter.HERE / "interface" / "voices" / "en", folder)
    monkeypatch.setattr(starter, "HERE", tmp_path)
    index, said = json.loads((folder / "index.json").read_text("utf-8")), []
    changed = index | {"ui:Not yet": index["ui:Not yet"] | {"transcript": "Wrong"}}
    (folder / "index.json").write_text(json.dumps(changed))

    starter.load_voices(say=said.append)

    heard = set(Recording.objects.values_list("text_key", flat=True))
    assert heard == index.keys() - {"ui:Not yet"}
    assert said == ["en: 1 texts have changed since a machine read them; it is not heard there."]


def test_a_machine_that_speaks_better_replaces_itself(db, tmp_path, monkeypatch):
    folder = tmp_path / "interface" / "voices" / "en"
    shutil.copytree(starter.HERE / "interface" / "voices" / "en", folder)
    monkeypatch.setattr(starter, "HERE", tmp_path)
    starter.load_voices(say=print)
    before = dict(Recording.objects.values_list("text_key", "opus"))
    file = json.loads((folder / "index.json").read_text("utf-8"))["ui:Not yet"]["file"]
    (folder / file).write_bytes(b"better")

    starter.load_voices(say=print)

    after = dict(Recording.objects.values_list("text_key", "opus"))
    assert {key for key in after if after[key] != before[key]} == {"ui:Not yet"}
    assert files.path_of(after["ui:Not yet"]).read_bytes() == b"better"
