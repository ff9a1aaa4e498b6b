"""What is held about people is declared, can be taken along, and can be forgotten."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from wagtail.snippets.models import get_snippet_models

from lms import consent, privacy
from lms.models.people import Device, Person, User
from lms.models.record import Erased
from mentors.models.bonds import Bond
from tests.cast import NOON
from tests.inside import come_in
from tests.rows import a_row

OURS = {"mentors", "lms", "courses", "assessments", "media"}

# They point at a user, and it is always somebody who works here: nothing about a person who learns.
EXEMPT = {
    "lms.CardBatch": "which member of staff had cards printed",
    "mentors.CircleDraft": "which member of staff began and released it; whom it is about is a CircleSeat",
    "mentors.RollCall": "which member of staff sent the form; whom it is about is an Attendance",
    "mentors.MatchPolicy": "which member of staff signed it",
    "mentors.MatchRun": "which member of staff began and released it; whom it is about is a Proposal",
    "media.Picture": "which trainer uploaded it",
    "lms.Invitation": "which member of staff made it; who joined with it is a Membership",
    "courses.CataloguePage": "which trainer owns or has locked it",
    "courses.CoursePage": "which trainer owns or has locked it",
    "courses.UnitPage": "which trainer owns or has locked it",
    "courses.LessonPage": "which trainer owns or has locked it",
}


def _ours() -> Iterator[type[models.Model]]:
    return (model for model in apps.get_models() if model._meta.app_label in OURS)


def _points_at_people(model: type[models.Model]) -> bool:
    return any(field.related_model in (Person, User) for field in model._meta.get_fields() if _is_own(field))


def _is_own(field: models.Field) -> bool:
    return field.concrete and field.is_relation


@pytest.fixture
def everything(amina, bilal, home_programme):
    """Amina, with a row in every personal model that leads to her."""
    for model in privacy.personal_models():
        if model.Privacy.subject and not privacy.rows_about(model, [amina]).exists():
            a_row(model, amina, staff=bilal)
    return amina


# ── Declared ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_model_that_points_at_people_says_what_it_holds():
    silent = {
        model._meta.label
        for model in _ours()
        if _points_at_people(model) and not hasattr(model, "Privacy") and model._meta.label not in EXEMPT
    }

    assert silent == set(), "Please end these models with `class Privacy`, as lms/privacy.py shows."


def test_no_exemption_is_left_over():
    assert set(EXEMPT) <= {model._meta.label for model in _ours() if _points_at_people(model)}


@pytest.mark.parametrize("model", privacy.personal_models(), ids=lambda model: model._meta.label)
def test_every_field_is_declared_once(model):
    declared = model.Privacy
    fields = {field.name for field in model._meta.concrete_fields}
    many = {field.name for field in model._meta.many_to_many}

    assert declared.names & declared.plain == set()
    assert fields - declared.names - declared.plain == set(), "Please put these fields into names or plain."
    assert (declared.names | declared.plain) - fields - many == set(), "These fields are gone."
    assert privacy.withheld(model) <= declared.names


@pytest.mark.parametrize("model", privacy.personal_models(), ids=lambda model: model._meta.label)
def test_every_declaration_leads_to_a_person(model, amina):
    assert model.Privacy.keep > 0
    assert privacy.Purpose(model.Privacy.purpose)
    list(privacy.rows_about(model, [amina]))


def test_the_page_about_personal_data_is_up_to_date():
    page = settings.BASE_DIR / "docs" / "personal-data.md"

    assert page.read_text(encoding="utf-8") == privacy.describe(), (
        "Please run: .venv/bin/python manage.py privacy --describe > docs/personal-data.md"
    )


# ── Seen only through the desk ───────────────────────────────────────────────────────────────────────────


def test_no_personal_model_is_in_an_admin():
    from wagtail.admin.viewsets import viewsets

    assert not apps.is_installed("django.contrib.admin")
    shown = {getattr(viewset, "model", None) for viewset in viewsets.viewsets} | set(get_snippet_models())
    # Staff are added in Wagtail's own room for users: the next test sees to it that no learner is there.
    assert set(privacy.personal_models()) & (shown - {User}) == set()


def test_wagtails_room_for_users_knows_staff_only(amina, bilal):
    chief = come_in(User.objects.create_superuser("chief", password="a long enough password", is_staff=True))
    learner = amina.user

    room = chief.get("/cms/users/").content.decode()

    assert bilal.username in room
    assert learner.username not in room
    assert chief.get(f"/cms/users/edit/{bilal.pk}/").status_code == 200
    for verb in ("edit", "delete", "history"):
        assert chief.get(f"/cms/users/{verb}/{learner.pk}/", follow=True).status_code == 404


def test_no_address_of_learners_names_a_person():
    from lms.urls import urlpatterns

    named = {
        str(pattern.pattern)
        for pattern in urlpatterns
        for name, converter in pattern.pattern.converters.items()
        if type(converter).__name__ in {"UUIDConverter", "IntConverter"} and name not in {"unit", "lesson"}
    }

    assert named == set(), "A learner's page acts for whoever holds the phone; it names nobody."


# ── Taken along ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_copy_holds_every_model_and_is_plain_json(everything):
    copy = privacy.export(everything)

    assert json.loads(json.dumps(copy)) == copy
    assert set(copy["held"]) | set(copy["not_here"]) == {
        model._meta.label for model in privacy.personal_models()
    }
    assert {label for label, held in copy["held"].items() if not held["rows"]} == set()
    assert all(copy["not_here"].values())


def test_the_copy_tells_every_field_but_secrets_and_what_tells_on_others(everything):
    copy = privacy.export(everything)

    for model in privacy.personal_models():
        if model.Privacy.subject:
            hidden = privacy.SECRETS | privacy.withheld(model)
            fields = {field.name for field in model._meta.concrete_fields} - hidden
            assert {name for row in copy["held"][model._meta.label]["rows"] for name in row} == fields


def test_the_copy_says_who_looked_and_holds_nobody_else(everything, farid, bilal):
    text = json.dumps(privacy.export(everything))

    assert bilal.username in text
    assert str(farid.pk) not in text
    assert farid.user.username not in text


def test_the_copy_holds_what_a_guest_did_before_they_signed_up(amina, nadia):
    Person.objects.filter(pk=nadia.pk).update(merged_into=amina)

    rows = privacy.export(amina)["held"]["lms.Person"]["rows"]

    assert {row["uid"] for row in rows} == {str(amina.pk), str(nadia.pk)}


# ── Forgotten ────────────────────────────────────────────────────────────────────────────────────────────


def _whole_database() -> str:
    out = StringIO()
    call_command("dumpdata", exclude=["contenttypes", "auth.permission"], stdout=out)
    return out.getvalue()


def test_export_then_erase_leaves_nothing(everything, farid):
    browser = come_in(everything)
    marks = {str(everything.pk), everything.user.username, everything.name, "+923001234567"}
    assert all(mark in _whole_database() for mark in marks)

    privacy.export(everything)
    privacy.erase(everything, now=NOON)

    left = _whole_database()
    assert {mark for mark in marks if mark in left} == set()
    for model in privacy.personal_models():
        assert list(privacy.rows_about(model, [everything])) == []
    assert browser.session.is_empty() or "person" not in browser.session
    assert Person.objects.filter(pk=farid.pk).exists()


def test_erasing_says_what_went_and_keeps_only_digests_and_the_day(everything):
    phone = Device.objects.get(person=everything).token_digest

    gone = privacy.erase(everything, now=NOON)

    assert set(gone) == {model._meta.label for model in privacy.personal_models() if model.Privacy.subject}
    assert set(Erased.objects.values_list("digest", "on")) == {
        (privacy._digest(everything), NOON.date()),
        (phone, NOON.date()),  # so that the phone hears of it
    }


def test_erasing_twice_is_erasing_once(amina):
    uid = amina.pk
    privacy.erase(amina, now=NOON)
    amina.pk = uid

    assert privacy.erase(amina, now=NOON + timedelta(days=1)) == {}
    assert Erased.objects.count() == 1


def test_I11_a_restored_backup_forgets_again(amina, farid):
    uid, user = amina.pk, amina.user_id
    privacy.erase(amina, now=NOON)
    User.objects.create(pk=user, username="from the backup")
    Person.objects.create(pk=uid, user_id=user, name="Amina", age="18+")

    assert privacy.replay_erasures(now=NOON) == 1
    assert set(Person.objects.all()) == {farid}
    assert privacy.replay_erasures(now=NOON) == 0


def test_I11_a_ledger_from_elsewhere_is_enough(amina, tmp_path):
    uid, user = amina.pk, amina.user_id
    privacy.erase(amina, now=NOON)
    ledger = tmp_path / "ledger"
    with ledger.open("w") as file:
        call_command("privacy", "--ledger", stdout=file)
    Erased.objects.all().delete()  # the backup is older than the wish
    User.objects.create(pk=user, username="from the backup")
    Person.objects.create(pk=uid, user_id=user, age="18+")

    call_command("privacy", "--replay", str(ledger), stdout=StringIO())

    assert not Person.objects.exists()


def test_who_also_works_here_keeps_the_account_they_work_with(bilal):
    person = Person.objects.create(user=bilal, age="18+", name="Bilal")

    privacy.erase(person, now=NOON)

    assert not Person.objects.exists()
    assert list(User.objects.all()) == [bilal]


def test_files_go_with_the_row(db, django_capture_on_commit_callbacks):
    """No personal model has a file yet; the first that gets one is covered."""
    from django.core.files.base import ContentFile

    from media.models import Recording

    recording = Recording(text_key="a", voice="ur", transcript="a")
    recording.original.save("a.wav", ContentFile(b"sound"))

    assert privacy._files([recording]) == [recording.original]


# ── No longer than needed ────────────────────────────────────────────────────────────────────────────────

LONG_AGO = NOON - timedelta(days=4 * privacy.YEARS)


def test_counting_removes_nothing(everything):
    at = NOON + timedelta(days=4 * privacy.YEARS)

    counted = privacy.expire(at)

    assert counted
    assert privacy.expire(at) == counted


def test_everything_goes_in_time(everything):
    at = NOON + timedelta(days=4 * privacy.YEARS)

    privacy.expire(at, real=True)

    assert privacy.expire(at) == {}
    assert not Person.objects.filter(pk=everything.pk).exists()


def test_what_still_holds_stays_while_the_person_is_here(amina, bilal):
    at = NOON + timedelta(days=4 * privacy.YEARS)
    Device.objects.create(person=amina, token_digest="a", made_at=NOON, seen_at=at)

    privacy.expire(at, real=True)

    assert consent.agreed(amina, "coach")
    assert Bond.objects.filter(person=amina, ended_at=None).exists()


def test_a_guest_who_agreed_to_nothing_goes_after_a_month_of_silence(nadia, amina):
    Person.objects.filter(pk=nadia.pk).update(made_at=NOON - timedelta(days=31))
    assert list(privacy.guests(NOON)) == [nadia]

    Device.objects.create(person=nadia, token_digest="a", made_at=NOON, seen_at=NOON - timedelta(days=2))
    assert list(privacy.guests(NOON)) == []


def test_a_guest_who_agreed_stays(nadia):
    Person.objects.filter(pk=nadia.pk).update(made_at=NOON - timedelta(days=90))
    consent.answer(nadia, "record", "yes", at=NOON - timedelta(days=60), locale="ur")

    assert list(privacy.guests(NOON)) == []
