"""The invented world stands, and twice is once."""

from collections.abc import Iterator

import pytest
from django.db.models import Count
from django.test import override_settings
from wagtail.models import Locale, Page

from courses.models import Rendering
from lms import consent
from lms.journey import Stage
from lms.models.journey import Journey, TaskDone
from lms.models.people import KeyCard, Person, User
from lms.models.programme import Programme
from lms.models.record import HeldLine, RecordLine, Standing
from mentors import (
    access,
    asking,
    bonds,
    circles,
    demo,
    demo_pairs,
    meetings,
    messages,
    policy,
)
from mentors.models.bonds import Bond
from mentors.models.circles import Circle
from mentors.models.coaching import CoachProfile, MatchNeeds
from mentors.models.matching import MatchRun, Proposal, Waits
from mentors.models.messages import Message, ReportedMessage
from tests.cast import NOON
from tests.mentors.conftest import plant_lessons
from tests.standing import standing

pytestmark = pytest.mark.xdist_group("invented")

MADE = [User, Person, Programme, Bond, RecordLine, HeldLine, Standing, KeyCard, Message, Journey]


@pytest.fixture
def _a_demo(settings, tmp_path, db):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path


@pytest.fixture(scope="module")
def invented(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[list[str]]:
    """The world beside its lessons, and what was said when it was made."""
    with standing(django_db_blocker), override_settings(DEMO=True, VAR_DIR=tmp_path_factory.mktemp("world")):
        _publish(plant_lessons())
        yield demo.invent(now=NOON)


def _publish(lessons) -> None:
    """As phones got them in each language, with one question each."""
    for locale in Locale.objects.filter(language_code__in=["ur", "de"]):
        for page in Page.objects.exclude(depth=1).filter(locale__language_code="en").order_by("path"):
            page.specific.copy_for_translation(locale).save_revision().publish()
    for page in lessons:
        keys = {"b1": {"kind": "one", "use": "practice", "options": ["x", "y"], "right": ["y"]}}
        for locale in ("en", "ur", "de"):
            Rendering.objects.create(
                rev=f"{page.pk:02}{locale.encode().hex()}".ljust(64, "0"),
                page_key=page.translation_key,
                locale=locale,
                kind="lesson",
                body=b"",
                keys=keys,
            )


def _world() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MADE}


def _person(name: str) -> Person:
    return Person.objects.get(name=name)


@pytest.mark.usefixtures("invented", "_a_demo")
def test_the_world_is_as_the_cast_is():
    bilal = User.objects.get(username="bilal")

    seen = {person.name for person in access.learners_of(bilal)}

    assert "Amina" in seen
    assert {"Gul", "Farid", "Nasreen"} & seen == set()
    assert consent.last_answer(_person("Gul"), "coach") == "no"
    assert not HeldLine.objects.exists()


@pytest.mark.usefixtures("_a_demo")
def test_twice_changes_nothing(invented):
    assert invented
    before = _world()

    assert demo.invent(now=NOON) == []
    assert _world() == before


@pytest.mark.usefixtures("invented", "_a_demo")
def test_people_are_at_different_places():
    begun = Standing.objects.values("person").annotate(lessons=Count("pk"), done=Count("done_at"))

    assert {(row["lessons"], row["done"]) for row in begun} == {(1, 0), (1, 1), (2, 1), (2, 2)}
    assert RecordLine.objects.dates("happened_at", "day").count() > 7
    assert set(Journey.objects.filter(ended_at=None).values_list("stage", flat=True)) == set(Stage)
    assert Journey.objects.exclude(ending="").count() == 1
    assert TaskDone.objects.exists()


@pytest.mark.usefixtures("invented", "_a_demo")
def test_sixty_look_for_a_coach_and_the_proven_draft_waits_for_the_lead():
    draft = MatchRun.objects.get(state="draft")

    assert draft.certified
    assert Proposal.objects.filter(run=draft).count() >= 2
    assert all(one.rule or one.suitable for one in Waits.objects.filter(run=draft))
    assert Waits.objects.filter(run=draft).count() >= 2
    assert MatchNeeds.objects.exclude(person__name=demo_pairs.MOVES[0]).count() == 60
    assert CoachProfile.objects.filter(state="active").count() == 14
    assert CoachProfile.objects.filter(gender="woman").count() == 3
    assert Bond.objects.exclude(proposal=None).count() >= 20
    question = asking.asked(_person("Parveen"), now=NOON)
    assert (question.state, len(asking.options(question)) >= 2) == ("asked", True)


@pytest.mark.usefixtures("invented", "_a_demo")
def test_amina_and_bilal_write_to_each_other_and_one_message_is_reported():
    theirs = Message.objects.filter(person=_person("Amina"))

    assert {one.side for one in theirs} == {"person", "coach"}
    assert messages.waits_for(_person("Amina"))
    told = ReportedMessage.objects.get()
    assert (told.message, told.side) == (Message.objects.filter(bond=told.bond).latest("pk"), "person")
    assert told.person != _person("Amina")


@pytest.mark.usefixtures("invented", "_a_demo")
def test_trainers_write_and_nothing_else():
    sana = User.objects.get(username="sana")

    assert sana.has_perm("wagtailadmin.access_admin")
    assert sana.has_perm("assessments.change_question")
    assert not any(permission.startswith("lms.") for permission in sana.get_all_permissions())
    assert not sana.is_superuser


@pytest.mark.usefixtures("invented", "_a_demo")
def test_the_key_card_is_the_same_until_it_was_used():
    first = demo.key_card(now=NOON)
    assert demo.key_card(now=NOON) == first

    from lms import cards

    assert cards.open_with(first, now=NOON).name == "Amina"
    assert demo.key_card(now=NOON) != first


@pytest.mark.usefixtures("invented", "_a_demo")
def test_a_policy_waits_for_a_second_signature_and_somebody_is_handed_over():
    programme = Programme.objects.get(name="Apna Kaam")
    waiting = policy.waiting_in(programme)
    assert policy.holds_in(programme)[0] == 1
    assert waiting
    assert waiting.signed_by.username == "farah"
    leaving = Bond.objects.get(ended_at=None, handover_ends_at__isnull=False)
    assert (leaving.coach.username, leaving.person.name) == ("bilal", "Imran")
    assert bonds.beside(leaving) is not None


@pytest.mark.usefixtures("invented", "_a_demo")
def test_a_circle_has_met_twice_meets_again_and_asks_rabia():
    circle = Circle.objects.get()
    people = [one.name for one in access.members_of(circle)]
    assert people == ["Amina", "Imran", "Saima", "Tahir"]
    there = meetings.of_circles([circle])[circle.pk]
    assert [one.at < NOON for one in there] == [True, True, False]
    assert [len(meetings.attendance(one)) for one in there] == [4, 4, 0]
    assert [bool(one.recording) for one in there] == [False, True, False]
    assert circles.asked(_person("Rabia"), now=NOON)
