"""What the trainers' room may not do to people who learn, and its door to what they told."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("before_bulk_action")
def leave_learners_alone(request: HttpRequest, action: str, objects: Iterable[Model], view: object) -> None:
    """Nothing is done to many users at once when one of them learns."""
    if any(isinstance(one, AbstractUser) and not one.is_staff for one in objects):
        raise Http404


@hooks.register("register_admin_menu_item")
def what_people_told() -> MenuItem:
    """From where lessons are written to what people say about them."""
    where = reverse_lazy("mentors:remarks")
    return MenuItem(_("Not like this here"), where, name="remarks", icon_name="comment", order=320)
