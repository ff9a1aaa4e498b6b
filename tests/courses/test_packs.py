"""What phones keep of a unit: whole, exact, and without anything that should stay here."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from assessments.models import Question
from courses import keeping, packs, pages, published, sealed
from courses.models import CATALOGUE, Pack, Publication, Wanted
from media import files
from media.models import Recording

HERE = "/en/animals/every-day/"


@pytest.fixture
def heard(lesson):
    """One sentence of the lesson was read aloud in English, and one in Urdu."""
    for voice in ("en", "ur"):
        Recording.objects.create(
            text_key=f"{lesson.translation_key}:title",
            voice=voice,
            opus=files.keep(b"opus " + voice.encode(), "opus"),
            mp3=files.keep(b"mp3 " + voice.encode(), "mp3"),
            milliseconds=4200,
            state=Recording.State.READY,
            transcript="Water all day",
        )


@pytest.fixture
def out(heard, lesson, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        lesson.get_parent().get_parent().get_parent().specific.save_revision().publish()
        for page in (lesson.get_parent().get_parent(), lesson.get_parent(), lesson):
            page.specific.save_revision().publish()
    return lesson


def listed(client: Client, unit: object, voice: str = "en") -> dict:
    """The list of files that a phone is offered."""
    offer = client.get(f"/packs/en/{unit}.json").json()
    return json.loads(client.get(offer["voices"][voice]).content)


def everything(pack: dict) -> list[list]:
    return [*pack["files"], *(pair[0] for pair in pack["sounds"])]


def test_every_file_of_a_pack_is_there_with_its_exact_size_and_digest(client, out):
    pack = listed(client, out.get_parent().translation_key)

    assert HERE in pack["pages"]
    assert f"{HERE}water/" in pack["pages"]
    assert f"{HERE}keep/" in pack["pages"]
    for address, digest, size, _line in everything(pack):
        if address.startswith("/static/"):
            continue  # given by the web server
        content = b"".join(client.get(address))
        named = address.removeprefix("/f/").partition(".")[0] if address.startswith("/f/") else ""
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (named + digest, size), address


def test_the_bytes_that_are_told_are_those_of_the_line(client, out):
    pack = listed(client, out.get_parent().translation_key)

    for address, _digest, _size, line in everything(pack):
        if address.startswith("/p/"):
            answer = client.get(address, headers={"Accept-Encoding": "gzip"})
            assert answer["Content-Encoding"] == "gzip"
            assert len(answer.content) == line


def test_a_pack_has_what_its_pages_need_and_what_that_needs_in_turn(client, out):
    names = {Path(file[0]).name for file in everything(listed(client, out.get_parent().translation_key))}

    assert {"lesson.mjs", "record.mjs", "progress.mjs", "page.css"} <= names
    assert {name for name in names if name.endswith(".woff2")}


def test_each_voice_is_a_pack_with_its_own_sounds(client, out):
    unit = out.get_parent().translation_key

    english, urdu = listed(client, unit, "en"), listed(client, unit, "ur")

    assert [pair[0][0] for pair in english["sounds"]] != [pair[0][0] for pair in urdu["sounds"]]
    assert english["seconds"] == urdu["seconds"] == 4
    assert {pack.voice for pack in Pack.objects.filter(unit_key=unit, locale="en")} == {"en", "ur"}


def test_the_pages_that_lead_to_a_unit_are_a_pack_of_their_own(client, out):
    assert "/en/" in listed(client, CATALOGUE)["pages"]


def test_what_did_not_change_keeps_its_address(client, out, question, django_capture_on_commit_callbacks):
    unit = out.get_parent().translation_key
    before = listed(client, unit)

    with django_capture_on_commit_callbacks(execute=True):
        question.reason = "Water makes milk."
        question.save()
    after = listed(client, unit)

    lesson = f"{HERE}water/"
    assert {path for path in after["pages"] if after["pages"][path] != before["pages"][path]} == {lesson}
    new = {file[0] for file in everything(after)} - {file[0] for file in everything(before)}
    assert new == {after["pages"][lesson]}


def test_publishing_the_same_again_makes_the_same_pack(out, django_capture_on_commit_callbacks):
    before = set(Pack.objects.values_list("unit_key", "locale", "voice", "address"))

    with django_capture_on_commit_callbacks(execute=True):
        published.want_all()

    assert set(Pack.objects.values_list("unit_key", "locale", "voice", "address")) == before


def test_a_rendering_never_changes_and_is_kept_for_ever(client, out):
    address = listed(client, out.get_parent().translation_key)["pages"][HERE]

    answer = client.get(address)

    assert "immutable" in answer["Cache-Control"]
    assert "Content-Security-Policy" in answer
    assert "sessionid" not in answer.cookies


def test_a_key_that_counts_stops_the_publishing_and_says_why(
    out, question, monkeypatch, django_capture_on_commit_callbacks
):
    before = Publication.objects.get(path=f"{HERE}water/").rendering_id
    question.use = Question.Use.COUNTS
    monkeypatch.setattr("courses.asked.Asked.for_phones", property(lambda asked: asked.key))  # a slip

    with django_capture_on_commit_callbacks(execute=True):
        question.save()

    assert Publication.objects.get(path=f"{HERE}water/").rendering_id == before
    assert "counts" in Wanted.objects.get(unit_key=out.get_parent().translation_key, locale="en").trouble


@pytest.mark.parametrize(
    "told",
    ['{"right":["b2"]}', '{"right": ["b2"]}', "&quot;right&quot;:[&quot;b2&quot;]"],
)
def test_a_key_is_found_however_it_is_written(told):
    counts = {"q": {"use": "counts", "options": ["b1", "b2"], "right": ["b2"]}}

    with pytest.raises(sealed.KeyTold):
        sealed.check([counts], [f"<p>{told}</p>"])
    sealed.check([counts], ['{"options": ["b1", "b2"]}'])


def test_what_is_practised_anyway_is_no_secret():
    key = {"options": ["b1", "b2"], "right": ["b2"]}

    sealed.check([{"q": {**key, "use": "counts"}}, {"p": {**key, "use": "practice"}}], ['["b2"]'])


def test_a_file_that_is_missing_is_named_and_phones_keep_what_they_were_offered(
    client, out, django_capture_on_commit_callbacks
):
    unit = out.get_parent().translation_key
    before = listed(client, unit)
    table = next(file[0] for file in before["files"] if file[0].endswith(".json"))
    files.drop(table)

    with pytest.raises(packs.Missing, match=re.escape(table)):
        packs.build(unit, "en", Publication.objects.filter(path__startswith=HERE, locale="en"))

    assert listed(client, unit) == before


def test_a_unit_that_is_taken_back_is_offered_no_more(client, out, django_capture_on_commit_callbacks):
    unit = out.get_parent().specific

    with django_capture_on_commit_callbacks(execute=True):
        unit.unpublish()

    assert client.get(f"/packs/en/{unit.translation_key}.json").status_code == 404
    assert not Pack.objects.filter(unit_key=unit.translation_key).exists()


@pytest.mark.parametrize(
    "path", ["/packs/en/x.json", "/packs/../secret.json", "/packs/en/", f"/p/{'0' * 64}/"]
)
def test_what_is_no_pack_is_not_there(client, db, path):
    assert client.get(path, follow=True).status_code == 404


def test_the_page_leads_to_no_language_in_which_there_is_nothing_to_keep(out, urdu):
    for page in out.get_ancestors().filter(depth__gt=1):
        page.specific.copy_for_translation(urdu, copy_parents=True).save_revision().publish()

    page = pages.draw(keeping.Keeping(out.get_parent().specific)).html

    assert 'href="/ur/animals/every-day/"' in page
    assert "/ur/animals/every-day/keep/" not in page


def test_a_lesson_without_voices_can_be_kept_all_the_same(client, lesson, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for page in (*lesson.get_ancestors().filter(depth__gt=1), lesson):
            page.specific.save_revision().publish()

    pack = listed(client, lesson.get_parent().translation_key, "")

    assert (pack["sounds"], pack["seconds"]) == ([], 0)
    body = Publication.objects.get(path=f"{HERE}water/").rendering.body
    assert "Water" in gzip.decompress(bytes(body)).decode()
