"""A programme is opened, and people work and learn in it, before there are pages for that."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms import programmes
from lms.models.people import User, WayIn
from lms.models.programme import Membership, Organisation, Programme
from tests.cast import NOON

PASSWORD = "a long enough password"
NUMBER = "0300 1234567"  # Amina's, as she writes it
OPEN = {
    "--organisation": "Centre by the park",
    "--kind": "counselling",
    "--country": "PK",
    "--time-zone": "Asia/Karachi",
    "--languages": "ur,en",
}


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def password(tmp_path):
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    return str(file)


def programme(*words: str, **options: str) -> str:
    out = StringIO()
    call_command("programme", *words, stdout=out)
    return out.getvalue()


def opened(name: str = "Own work", **otherwise: str) -> str:
    words = OPEN | {f"--{option.replace('_', '-')}": value for option, value in otherwise.items()}
    return programme("open", name, *(part for pair in words.items() for part in pair))


def roles() -> list[tuple]:
    rows = Membership.objects.filter(ended_at=None, staff__isnull=False).order_by("pk")
    return list(rows.values_list("staff__username", "role", "programme__name"))


# ── Opened ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_programme_opens_with_its_organisation(db):
    said = opened(works_in="DE")

    offer = Programme.objects.select_related("organisation").get()
    assert "is open." in said
    assert (offer.name, offer.country, offer.languages, offer.time_zone, offer.opened_on) == (
        "Own work", "PK", ["ur", "en"], "Asia/Karachi", date(2026, 11, 22),
    )  # fmt: skip
    assert (offer.organisation.name, offer.organisation.kind, offer.organisation.country) == (
        "Centre by the park", "counselling", "DE",
    )  # fmt: skip


def test_opening_twice_is_opening_once(db):
    opened()

    assert "open already" in opened()
    assert (Programme.objects.count(), Organisation.objects.count()) == (1, 1)


def test_an_organisation_has_many_programmes(db):
    opened("Own work")
    opened("New skills")

    assert Organisation.objects.get().programmes.count() == 2


def test_a_name_is_not_taken_from_another_organisation(db):
    opened()

    with pytest.raises(CommandError, match="belongs to Centre by the park"):
        opened(organisation="Another house")
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("country", "XX", "two letters"),
        ("time_zone", "Karachi", "Asia/Karachi"),
        ("languages", "ur,latin", "latin"),
        ("kind", "circus", "counselling"),
        ("organisation", " ", "between 1 and 120"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(db, option, value, told):
    with pytest.raises(CommandError, match=told):
        opened(**{option: value})

    assert not Organisation.objects.exists()


# ── Who works there ──────────────────────────────────────────────────────────────────────────────────────


def test_who_is_new_gets_an_account_to_work_with(home_programme, password):
    said = programme("appoint", "yasmin", "coach", "--programme", "Hand in hand", "--password-file", password)

    yasmin = User.objects.get(username="yasmin")
    assert yasmin.is_staff
    assert not yasmin.is_superuser
    assert yasmin.check_password(PASSWORD)
    assert roles() == [("yasmin", "coach", "Hand in hand")]
    assert "/staff/login/" in said


def test_who_is_new_may_be_given_a_password_at_the_keyboard(home_programme, monkeypatch):
    monkeypatch.setattr("lms.management.commands.programme.getpass", lambda asked: PASSWORD)

    programme("appoint", "yasmin", "lead", "--programme", "Hand in hand")

    assert User.objects.get(username="yasmin").check_password(PASSWORD)


def test_a_second_role_asks_for_no_password_and_twice_is_once(bilal):
    for _ in range(2):
        programme("appoint", "bilal", "safeguarding", "--programme", "Hand in hand")

    assert roles() == [("bilal", "coach", "Hand in hand"), ("bilal", "safeguarding", "Hand in hand")]
    assert bilal.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("written", "told"), [("short", "too short"), ("yasmin-yasmin", "similar"), ("", "short")]
)
def test_a_weak_password_makes_nobody(home_programme, tmp_path, written, told):
    file = tmp_path / "password"
    file.write_text(written)

    with pytest.raises(CommandError, match=told):
        programme(
            "appoint", "yasmin-yasmin", "coach", "--programme", "Hand in hand", "--password-file", str(file)
        )

    assert not User.objects.exists()


def test_two_different_passwords_make_nobody(home_programme, monkeypatch):
    typed = iter([PASSWORD, "another long password"])
    monkeypatch.setattr("lms.management.commands.programme.getpass", lambda asked: next(typed))

    with pytest.raises(CommandError, match="different"):
        programme("appoint", "yasmin", "coach", "--programme", "Hand in hand")

    assert not User.objects.exists()


def test_whoever_learns_is_not_taken_for_a_colleague(amina):
    with pytest.raises(CommandError, match="Nobody who works here"):
        programme("appoint", amina.user.username, "coach", "--programme", "Hand in hand")

    assert not User.objects.get(pk=amina.user_id).is_staff


def test_who_leaves_has_no_role_any_more_and_twice_is_once(bilal):
    for _ in range(2):
        programme("leave", "bilal", "coach", "--programme", "Hand in hand")

    assert roles() == []
    assert Membership.objects.get(staff=bilal).ended_at == NOON


# ── Who writes ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_trainer_may_write_and_nothing_about_people(home_programme, password):
    programme("appoint", "yasmin", "trainer", "--programme", "Hand in hand", "--password-file", password)

    rights = User.objects.get(username="yasmin").get_all_permissions()
    assert {"wagtailadmin.access_admin", "assessments.change_question", "media.add_recording"} <= rights
    assert {right for right in rights if right.startswith(("lms.", "mentors.", "auth."))} == set()


def test_a_trainer_publishes_pages_and_adds_pictures(home_programme, password):
    from wagtail.models import GroupCollectionPermission, GroupPagePermission

    programme("appoint", "yasmin", "trainer", "--programme", "Hand in hand", "--password-file", password)

    mine = {"group__user__username": "yasmin"}
    pages = GroupPagePermission.objects.filter(**mine).values_list("permission__codename", flat=True)
    pictures = GroupCollectionPermission.objects.filter(**mine).values_list("permission__codename", flat=True)
    assert "publish_page" in pages
    assert "add_image" in pictures


def test_rights_that_were_changed_by_hand_stay(home_programme, bilal, sana):
    programmes.appoint(sana, home_programme, "trainer", at=NOON)
    sana.groups.get().permissions.clear()

    programmes.appoint(bilal, home_programme, "trainer", at=NOON)

    assert bilal.groups.get().permissions.count() == 0


def test_a_trainer_who_leaves_writes_no_more(sana, home_programme, other_programme):
    for offer in (home_programme, other_programme):
        programmes.appoint(sana, offer, "trainer", at=NOON)

    programme("leave", "sana", "trainer", "--programme", "Hand in hand")
    assert sana.groups.exists()  # still writes for another programme

    programme("leave", "sana", "trainer", "--programme", "Another road")
    assert not sana.groups.exists()


# ── Who learns there ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("number", [NUMBER, "+92 300 1234567", "۰۳۰۰۱۲۳۴۵۶۷"])
def test_a_person_joins_by_their_number_and_twice_is_once(amina, other_programme, number):
    for _ in range(2):
        programme("join", number, "--programme", "Another road")

    joined = Membership.objects.get(programme=other_programme)
    assert (joined.person, joined.role, joined.since) == (amina, "learner", NOON)


def test_a_number_is_read_as_people_of_the_programme_write_it(amina, other_programme):
    Programme.objects.filter(pk=other_programme.pk).update(country="DE")
    WayIn.objects.filter(person=amina).update(number="+4915123456789")

    programme("join", "0151 23456789", "--programme", "Another road")

    assert Membership.objects.get(programme=other_programme).person == amina


def test_a_number_that_was_quiet_may_be_somebody_elses_now(amina, other_programme):
    WayIn.objects.update(last_used_at=NOON - timedelta(days=91))

    with pytest.raises(CommandError, match="somebody else's"):
        programme("join", NUMBER, "--programme", "Another road")
    assert not Membership.objects.filter(programme=other_programme).exists()

    programme("leave", NUMBER, "learner", "--programme", "Hand in hand")
    assert not Membership.objects.filter(person=amina, ended_at=None).exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["join", "0300 9999999", "--programme", "Hand in hand"], "No place opens"),
        (["join", "12", "--programme", "Hand in hand"], "not the number of a mobile phone"),
        (["join", "+1 201 555 0123", "--programme", "Hand in hand"], "gets no messages"),
        (["join", NUMBER, "--programme", "Nowhere"], "There are: Another road, Hand in hand."),
        (["leave", "yasmin", "coach", "--programme", "Hand in hand"], "called “yasmin”"),
        (["appoint", "bilal", "king", "--programme", "Hand in hand"], "king"),
        (["appoint", "bilal", "learner", "--programme", "Hand in hand"], "learner"),
    ],
)
def test_who_and_what_is_unknown_is_said(amina, bilal, other_programme, words, told):
    before = list(Membership.objects.order_by("pk").values())

    with pytest.raises(CommandError, match=told):
        programme(*words)

    assert list(Membership.objects.order_by("pk").values()) == before
