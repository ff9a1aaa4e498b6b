"""The groups of those who write, and of those who read it before it is published; nothing about people."""

from django.contrib.auth.models import AbstractUser, Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

NAME, DRAFT = "Trainers", "Co-trainers"
REVIEWERS = "Subject reviewers"  # a migration gives them their rights, and the workflow that asks them
ON_PAGES = ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"]
TO_DRAFT = ["add_page", "change_page"]  # without a word to publish: a trainer does that
ON_PICTURES = ["add_image", "change_image", "choose_image"]  # Wagtail asks for its own, whatever the model


def welcome(user: AbstractUser) -> None:
    """Somebody writes from now on. Twice is once."""
    user.groups.add(_group())


def see_off(user: AbstractUser) -> None:
    """They write no more. Nobody else is touched."""
    user.groups.remove(*Group.objects.filter(name=NAME))


def welcome_to_draft(user: AbstractUser) -> None:
    """A coach drafts lessons from now on, which others publish. Twice is once."""
    user.groups.add(_drafting())


def see_off_draft(user: AbstractUser) -> None:
    """They draft no more; what they drafted stays."""
    user.groups.remove(*Group.objects.filter(name=DRAFT))


@transaction.atomic
def _drafting() -> Group:
    """As the trainers' group: given its rights when it is made. Add and change pages, and choose pictures."""
    group, made = Group.objects.get_or_create(name=DRAFT)
    if made:
        can = Permission.objects.filter
        group.permissions.set(can(content_type__app_label="wagtailadmin", codename="access_admin"))
        for permission in can(content_type__app_label="wagtailcore", codename__in=TO_DRAFT):
            GroupPagePermission.objects.create(
                group=group, page=Page.get_first_root_node(), permission=permission
            )
        for permission in can(content_type__app_label="wagtailimages", codename__in=ON_PICTURES):
            GroupCollectionPermission.objects.create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
    return group


def welcome_reviewer(user: AbstractUser) -> None:
    """Somebody reads what trainers submit, and approves it. Twice is once."""
    user.groups.add(*Group.objects.filter(name=REVIEWERS))


def see_off_reviewer(user: AbstractUser) -> None:
    """They are asked no more."""
    user.groups.remove(*Group.objects.filter(name=REVIEWERS))


@transaction.atomic
def _group() -> Group:
    """Given its rights when it is made, and then left alone: whoever keeps the machine may change them.

    What comes to these rights later, a migration brings to groups that are there already.
    """
    group, made = Group.objects.get_or_create(name=NAME)
    if made:
        can = Permission.objects.filter
        group.permissions.set(
            [
                *can(content_type__app_label="wagtailadmin", codename="access_admin"),
                *can(content_type__app_label="assessments", content_type__model="question"),
                *can(content_type__app_label="courses", content_type__model="label"),
                *can(content_type__app_label="courses", content_type__model="localnote"),
                *can(content_type__app_label="media", content_type__model="recording"),
                *can(content_type__app_label="media", content_type__model="film"),
                *can(content_type__app_label="wagtail_localize", codename="submit_translation"),
            ]
        )
        for permission in can(content_type__app_label="wagtailcore", codename__in=ON_PAGES):
            GroupPagePermission.objects.create(
                group=group, page=Page.get_first_root_node(), permission=permission
            )
        for permission in can(content_type__app_label="wagtailimages", codename__in=ON_PICTURES):
            GroupCollectionPermission.objects.create(
                group=group, collection=Collection.get_first_root_node(), permission=permission
            )
    return group
