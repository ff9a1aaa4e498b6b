import json
from uuid import UUID

import pytest

from media import voices
from media.models import Recording
from media.voices import Key, NotAKey, Sound, Text

PAGE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def test_a_key_says_what_it_names():
    assert voices.parse(voices.sentence("You are not connected.")) == Key(None, "You are not connected.")
    assert voices.parse(voices.title(PAGE)) == Key(UUID(PAGE), "title")
    assert voices.parse(voices.block(UUID(PAGE), "b-1")) == Key(UUID(PAGE), "b-1")
    assert voices.parse(voices.question(PAGE, "reason")) == Key(UUID(PAGE), "reason")


def test_long_sentences_have_keys_that_fit_and_differ():
    one, other = voices.sentence("word " * 100 + "a"), voices.sentence("word " * 100 + "b")

    assert len(one) == len(other) == voices.LONGEST_KEY
    assert one != other
    assert voices.parse(one).about is None


@pytest.mark.parametrize("key", ["", "ui:", "title", f"{PAGE}:", "not-a-page:title", "ui:" + "x" * 300])
def test_other_words_name_nothing(key):
    with pytest.raises(NotAKey):
        voices.parse(key)


def read_aloud(key: str, voice: str, **more) -> Recording:
    given = {
        "transcript": "What is said.",
        "state": "ready",
        "opus": "/f/o",
        "mp3": "/f/m",
        "milliseconds": 900,
    }
    return Recording.objects.create(text_key=key, voice=voice, **{**given, **more})


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [1, 3])
def test_what_can_be_heard_is_one_question(how_many, django_assert_num_queries):
    keys = [f"ui:{n}" for n in range(how_many)]
    for key in keys:
        read_aloud(key, "ur")
        read_aloud(key, "pnb", made_by="machine")
        read_aloud(key, "en", state="failed")
    read_aloud("ui:other", "ur")

    with django_assert_num_queries(1):
        found = voices.sounds(keys)

    assert found == {
        "pnb": {key: Sound("/f/o", "/f/m", 900, "machine") for key in keys},
        "ur": {key: Sound("/f/o", "/f/m", 900, "person") for key in keys},
    }


def test_a_phone_gets_a_short_table_that_is_always_the_same():
    heard = {"ui:b": Sound("/f/o", "/f/m", 900, "person"), "ui:a": Sound("/f/p", "/f/n", 800, "machine")}

    table = voices.table(heard)

    assert json.loads(table) == {"ui:a": ["/f/p", "/f/n", 800, 1], "ui:b": ["/f/o", "/f/m", 900]}
    assert table == voices.table(dict(reversed(heard.items())))


@pytest.mark.parametrize(
    ("read_from", "transcript", "today", "stale"),
    [
        ("Keep it cool.", "Keep it cool.", "Keep it cool.", False),
        ("Keep it cool.", "Keep it cool.", " Keep  it\ncool. ", False),
        ("Keep it cool.", "Keep it nice and cool.", "Keep it cool.", False),
        ("Keep it cool.", "Keep it cool.", "Keep it warm.", True),
        ("ٹھنڈا رکھیں۔", "ٹھنڈا رکھو۔", "ٹھنڈا رکھیں۔", False),
        ("", "Keep it cool.", "Keep it warm.", True),
    ],
)
def test_a_recording_is_stale_when_the_text_moved_on(read_from, transcript, today, stale):
    assert voices.stale(Recording(read_from=read_from, transcript=transcript), today) is stale


@pytest.mark.django_db
def test_each_text_has_one_standing(monkeypatch):
    texts = [Text(f"ui:{n}", "Keep it cool.", "A6", "en") for n in range(6)]
    monkeypatch.setattr(voices, "_sources", [])
    voices.register_texts(lambda voice: texts)
    read_aloud("ui:1", "en", state="converting")
    read_aloud("ui:2", "en", state="failed")
    read_aloud("ui:3", "en", read_from="Keep it warm.")
    read_aloud("ui:4", "en", read_from="Keep it cool.", made_by="machine")
    read_aloud("ui:5", "en", read_from="Keep it cool.")
    read_aloud("ui:0", "ur")

    standings = [line.standing for line in voices.lines("en")]

    assert standings == ["missing", "coming", "failed", "stale", "machine", "ready"]


def test_a_text_that_two_sources_know_is_told_once(monkeypatch):
    monkeypatch.setattr(voices, "_sources", [])
    text = Text("ui:1", "Keep it cool.", "A6", "en")
    for source in (lambda voice: [text], lambda voice: [text]):
        voices.register_texts(source)

    assert voices.texts("en") == [text]
