"""What a trainer sees of the way of a unit to phones."""

import pytest
from django.utils import timezone

from courses import on_phones, published
from courses.models import Pack, Wanted
from courses.on_phones import Offered
from tests.courses.test_packs import heard, out  # noqa: F401 - a published unit, and one sentence of it read aloud
from tests.media.conftest import trainer  # noqa: F401 - somebody in the trainers' room

ADDRESS = "/cms/on-phones/"


def of_the_unit(locale: str = "en") -> on_phones.There:
    [_, row] = on_phones.rows()
    return next(there for there in row.there if there.locale == locale)


def test_a_published_unit_says_what_it_weighs_with_each_voice(trainer, out):  # noqa: F811
    page = trainer.get(ADDRESS).content.decode()

    there = of_the_unit()
    assert [(one.voice, one.minutes, one.weight) for one in there.offered] == [
        ("en", 1, "light"),
        ("ur", 1, "light"),
    ]
    assert (there.since, there.trouble) == (None, "")
    assert out.get_parent().title in page
    assert "1 minute in English" in page


def test_a_unit_that_nobody_has_translated_says_so(trainer, out):  # noqa: F811
    assert not of_the_unit("de").stands
    assert "It is not published in this language." in trainer.get(ADDRESS).content.decode()


def test_a_unit_on_its_way_says_since_when(trainer, out):  # noqa: F811
    Wanted.objects.create(unit_key=out.get_parent().translation_key, locale="en")

    assert of_the_unit().since <= timezone.now()
    assert "It is being made" in trainer.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ("KeyTold('The question x counts …')", "would tell what is right"),
        ("Missing('/f/x is named by a page')", "A file that a page names is not here"),
        ("OSError(28, 'No space left on device')", "Something went wrong, and it is tried again"),
    ],
)
def test_what_stops_a_unit_is_said_in_a_sentence_and_phones_keep_what_they_had(trainer, out, cause, sentence):  # noqa: F811
    Wanted.objects.create(unit_key=out.get_parent().translation_key, locale="en", trouble=cause)

    assert sentence in str(of_the_unit().trouble)
    assert len(of_the_unit().offered) == 2
    assert sentence in trainer.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("size", "weight"),
    [(2_000_000, "light"), (2_000_001, "heavy"), (3_000_000, "heavy"), (3_000_001, "too-heavy")],
)
def test_a_unit_that_many_cannot_pay_for_is_named(size, weight):
    assert Offered("ur", size, 0).weight == weight


def test_what_really_stops_publishing_is_seen_here(trainer, out, monkeypatch):  # noqa: F811
    def broken(*args: object) -> None:
        raise published.packs.Missing("/f/x.svg is named by a page, and is not here.")

    monkeypatch.setattr(published.packs, "build", broken)
    published.want(out)
    published.work_off()

    assert "A file that a page names" in str(of_the_unit().trouble)


def test_more_packs_cost_no_more_queries(trainer, out, django_assert_num_queries):  # noqa: F811
    with django_assert_num_queries(7):
        on_phones.rows()
    for voice in ("ps", "pnb", "de"):
        Pack.objects.create(
            unit_key=out.get_parent().translation_key,
            locale="en",
            voice=voice,
            address=voice,
            bytes=1,
            seconds=1,
        )
    with django_assert_num_queries(7):
        on_phones.rows()
