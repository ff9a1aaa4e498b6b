"""A trainer asks before a lesson is published, and a subject reviewer says yes: buttons of Wagtail alone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from courses import trainers
from courses.models import LessonPage, Review
from lms import programmes
from lms.models.people import User
from lms.models.programme import Membership, Role
from tests.cast import NOON
from tests.inside import come_in

steps = import_module("courses.migrations.0003_review_before_publishing")
joining = import_module("lms.migrations.0007_reviewers_may_approve")

BODY = {
    "title": "Water all day", "slug": "water", "goal": "", "minutes": "4", "next-comments-0": "",
    "body-count": "0", "sources-count": "0", "step_by_step": "on", "comments-TOTAL_FORMS": "0",
    "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0", "comments-MAX_NUM_FORMS": "0",
}  # fmt: skip


@pytest.fixture
def asked_first(db):
    """As an installation begins."""
    steps.ask_reviewers(apps, None)


@pytest.fixture
def desk(sana, home_programme, asked_first) -> Client:
    programmes.appoint(sana, home_programme, Role.TRAINER, at=NOON)
    return come_in(sana)


@pytest.fixture
def vet(home_programme, asked_first) -> User:
    yasmin = User.objects.create_user("yasmin", password="a long enough password", is_staff=True)
    programmes.appoint(yasmin, home_programme, Role.REVIEWER, at=NOON)
    return yasmin


@pytest.fixture
def draft(unit, english) -> LessonPage:
    page = unit.add_child(instance=LessonPage(title="Water", slug="water", locale=english, live=False))
    page.save_revision()
    return page


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def submit(desk: Client, page: Page):
    return desk.post(edit(page), BODY | {"action-submit": "Submit"})


def decide(browser: Client, page: Page, action: str, **said: str):
    task = page.current_workflow_task_state
    where = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task.pk])
    return browser.post(where, said)


# ── Asked, read, published ───────────────────────────────────────────────────────────────────────────────


def test_sana_submits_a_lesson_a_vet_approves_it_and_it_is_published(desk, vet, draft):
    button = desk.get(edit(draft)).text
    assert "Submit to the subject reviewers" in button

    assert submit(desk, draft).status_code == 302
    draft.refresh_from_db()
    assert (draft.live, draft.current_workflow_task.name) == (False, "A subject reviewer reads it")
    at_hers = come_in(vet)
    assert "Water all day" in at_hers.get("/cms/").text  # what awaits her
    assert at_hers.get(edit(draft)).status_code == 200
    decide(at_hers, draft, "approve")

    draft.refresh_from_db()
    assert (draft.live, draft.title) == (True, "Water all day")
    assert draft.current_workflow_state is None


def test_a_vet_asks_for_changes_and_the_lesson_stays_a_draft(desk, vet, draft):
    submit(desk, draft)
    decide(come_in(vet), draft, "reject", comment="Cows drink more in summer.")

    draft.refresh_from_db()
    assert not draft.live
    assert "Cows drink more in summer." in desk.get(edit(draft)).text
    assert "Resubmit" in desk.get(edit(draft)).text


def test_a_vet_writes_down_by_name_that_they_have_read_it(vet, draft):
    browser = come_in(vet)
    said = {"lesson": str(draft.pk), "by": "vet", "name": "Dr Yasmin, Okara", "on": "2026-11-22"}

    assert browser.post("/cms/snippets/courses/review/add/", said).status_code == 302
    assert Review.objects.get().name == "Dr Yasmin, Okara"


def test_who_is_no_reviewer_approves_nothing(desk, draft):
    submit(desk, draft)
    decide(desk, draft, "approve")

    draft.refresh_from_db()
    assert not draft.live


def test_a_reviewer_changes_and_deletes_nothing_that_they_were_not_asked_about(vet, draft):
    browser = come_in(vet)

    assert browser.get(edit(draft)).status_code == 302  # back to the first page of the room
    assert browser.get(reverse("wagtailadmin_pages:delete", args=[draft.pk])).status_code == 302
    assert not draft.permissions_for_user(vet).can_edit()
    assert not any(right.startswith(("lms.", "mentors.")) for right in vet.get_all_permissions())


def test_who_stops_reviewing_is_asked_no_more_unless_they_review_elsewhere(
    vet, home_programme, other_programme
):
    elsewhere = programmes.appoint(vet, other_programme, Role.REVIEWER, at=NOON)
    programmes.leave(programmes.present(vet, home_programme, Role.REVIEWER), at=NOON)
    assert vet.groups.filter(name=trainers.REVIEWERS).exists()

    programmes.leave(elsewhere, at=NOON)

    assert not vet.groups.exists()


# ── An installation that is there already ────────────────────────────────────────────────────────────────


def test_who_reviewed_before_there_was_a_button_may_approve(home_programme, asked_first):
    before = User.objects.create_user("before", is_staff=True)
    gone = User.objects.create_user("gone", is_staff=True)
    Membership.objects.create(programme=home_programme, role="reviewer", staff=before, since=NOON)
    Membership.objects.create(
        programme=home_programme, role="reviewer", staff=gone, since=NOON, ended_at=NOON
    )

    joining.welcome_reviewers(apps, None)

    assert list(User.objects.filter(groups__name=trainers.REVIEWERS)) == [before]


def moderated(*members: User) -> Workflow:
    """As a new Wagtail begins."""
    group = Group.objects.create(name="Moderators")
    group.user_set.set(members)
    task = GroupApprovalTask.objects.create(name="Moderators approval")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Moderators approval")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(page=Page.get_first_root_node(), workflow=workflow)
    return workflow


def test_a_button_that_led_to_nobody_leads_to_the_reviewers(db):
    moderated()
    steps.ask_reviewers(apps, None)

    assert WorkflowPage.objects.get().workflow.name == "the subject reviewers"


def test_moderators_who_are_there_stay_those_who_are_asked(sana):
    theirs = moderated(sana)
    steps.ask_reviewers(apps, None)

    assert WorkflowPage.objects.get().workflow == theirs


def test_what_somebody_changed_since_is_left_alone(asked_first):
    Workflow.objects.all().delete()
    Group.objects.get(name=trainers.REVIEWERS).permissions.clear()
    steps.ask_reviewers(apps, None)

    assert not Workflow.objects.exists()
    assert not Group.objects.get(name=trainers.REVIEWERS).permissions.exists()


def test_trainers_of_before_may_do_what_trainers_of_today_may(sana):
    trainers.welcome(sana)
    group = Group.objects.get(name=trainers.NAME)
    today = set(group.permissions.all())
    always = Permission.objects.filter(codename__in=["access_admin", "submit_translation"])
    group.permissions.set(always)

    steps.catch_up(apps, None)

    # A right that new groups get must come to those that are there, too: by a migration, as here.
    assert set(group.permissions.all()) == today
    assert {right.codename for right in today} >= {"add_film", "delete_film", "change_localnote"}


def test_where_there_were_no_trainers_no_group_comes_of_it(db):
    steps.catch_up(apps, None)

    assert not Group.objects.exists()
