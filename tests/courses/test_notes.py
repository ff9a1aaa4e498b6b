"""What is different in one district stands in the lesson, with its month, until it is withdrawn."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses import districts, notes, published
from courses.models import LessonPage, Publication, Wanted
from courses.texts import of_lesson
from media import sound, voices
from media.models import Recording
from tests.cast import NOON
from tests.courses.conftest import put
from tests.media.stuff import tone

MARCH = date(2026, 3, 14)


@pytest.fixture
def live(lesson, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        put(lesson)
    return lesson


@pytest.fixture
def note(live, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return tell(live)


def tell(lesson, *, text="The canal is dry in March.", on=MARCH, **where):
    where = where or {"district": "okara", "place": ""}
    return notes.add(lesson.translation_key, lesson.body[0].id, on=on, text=text, locale="en", **where)


def test_a_note_turns_no_line_around(live):
    note = tell(live, text="The \u202ecanal\u202c is dry.", district="", place="\u2067Skardu")

    assert (note.text, note.place) == ("The canal is dry.", "Skardu")


def html(page: LessonPage, client) -> str:
    path = Publication.objects.get(page_key=page.translation_key, locale=page.locale.language_code).path
    return client.get(path).content.decode()


def test_a_note_stands_on_its_screen_with_district_and_month(live, note, client):
    page = html(live, client)

    assert "<b>In Okara, March 2026:</b> The canal is dry in March." in page
    assert page.index("Give her water all day.") < page.index("In Okara") < page.index("What does she need")
    assert 'data-district="okara"' in page


def test_the_same_bytes_go_to_everybody(live, note, client, amina):
    here = html(live, client)
    client.force_login(amina.user)

    assert html(live, client) == here


def test_all_notes_of_a_screen_stand_there_the_newest_first(
    live, note, client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tell(live, text="It rains early.", on=date(2026, 5, 2), district="", place="Skardu")
    page = html(live, client)

    assert page.index("In Skardu, May 2026:") < page.index("In Okara, March 2026:")
    assert "In 2 places it is different" in page


def test_what_is_withdrawn_leaves_the_lesson(live, note, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notes.withdraw(note.translation_key, on=MARCH)

    assert "Okara" not in html(live, client)


def test_what_a_trainer_withdraws_in_one_language_leaves_every_language(live, note, urdu):
    twin = note.copy_for_translation(urdu)
    twin.text = "نہر سوکھی ہے۔"
    twin.save()
    assert notes.of_lesson(live.translation_key, "ur")[note.block][0].text == "نہر سوکھی ہے۔"

    note.withdrawn_on = MARCH
    note.save()

    assert notes.of_lesson(live.translation_key, "ur") == {}


def test_a_note_says_its_district_and_month_in_its_own_language(live, note, urdu):
    twin = note.copy_for_translation(urdu)
    twin.text = "نہر سوکھی ہے۔"
    twin.save()

    [told] = notes.of_lesson(live.translation_key, "ur")[note.block]

    assert (told.language, told.place) == ("ur", "اوکاڑہ")
    assert "2026" in told.when


def test_what_nobody_has_translated_stands_there_in_the_language_in_which_it_was_written(live, note):
    [told] = notes.of_lesson(live.translation_key, "ur")[note.block]

    assert (told.language, told.text) == ("en", "The canal is dry in March.")


@pytest.mark.parametrize("how_many", [1, 3])
def test_notes_cost_one_query_for_one_or_three(live, how_many, django_assert_num_queries):
    for n in range(how_many):
        tell(live, text=f"Note {n}")

    with django_assert_num_queries(1):
        assert len(notes.of_lesson(live.translation_key, "en")[live.body[0].id]) == how_many


def test_a_lesson_that_is_gone_minds_no_note(note, live):
    live.delete()
    note.text = "Still so."

    note.save()


def test_a_note_can_be_read_aloud_and_is_heard_on_its_page(
    live, note, client, django_capture_on_commit_callbacks
):
    [text] = [text for text in of_lesson(live) if text.key == voices.note(note.translation_key)]
    assert text.text == "In Okara, March 2026: The canal is dry in March."
    with django_capture_on_commit_callbacks(execute=True):
        take = SimpleUploadedFile("take.wav", tone(1))
        sound.take(text.key, "en", upload=take, transcript=text.text, read_from=text.text, now=NOON)

    address = Recording.objects.get().opus
    page = html(live, client)
    lists = [part.split('"')[0] for part in page.split('<link rel="sounds" href="')[1:]]
    assert address in [json.loads(client.get(one).content)[text.key][0] for one in lists]


def test_only_the_lesson_that_shows_it_is_wanted_again(live, note):
    Wanted.objects.all().delete()

    tell(live)

    assert {row.unit_key for row in Wanted.objects.all()} == {
        live.get_parent().translation_key,
        published.CATALOGUE,
    }


# ── Districts ────────────────────────────────────────────────────────────────────────────────────────────


def test_districts_stand_in_the_alphabet_of_whoever_reads():
    from django.utils.translation import override

    with override("en"):
        english = [name for _, name in districts.choices()]
    with override("ur"):
        urdu = [name for _, name in districts.choices()]

    assert english == sorted(english)
    assert urdu[0] == "اٹک"
    assert urdu.index("بہاولپور") < urdu.index("پاکپتن") < urdu.index("ٹوبہ ٹیک سنگھ") < urdu.index("گجرات")


def test_every_district_has_a_name_of_its_own_in_urdu_and_in_english():
    from django.utils.translation import override

    for language in ("en", "ur"):
        with override(language):
            names = [name for _, name in districts.choices()]
        assert len(names) == len(set(names)) > 30


def test_a_district_that_is_listed_no_more_keeps_its_key():
    assert districts.name("atlantis", "ur") == "atlantis"
    assert not districts.known("atlantis")
