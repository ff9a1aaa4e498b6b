"""Wagtail's room for users, for those who work here: what learners sign in with is never listed there."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn
from wagtail.users.forms import UserCreationForm
from wagtail.users.views.users import IndexView, UserViewSet

User = get_user_model()


class StaffForm(UserCreationForm):
    """Who is added here works here."""

    def save(self, commit: bool = True) -> AbstractBaseUser:
        """Say so, before anything is kept."""
        self.instance.is_staff = True
        return super().save(commit)


class StaffList(IndexView):
    """Without boxes to tick: 'all of them' would mean learners too."""

    @cached_property
    def columns(self) -> list:
        """Wagtail's columns."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]

    def get_base_queryset(self) -> QuerySet:
        """Staff."""
        return super().get_base_queryset().filter(is_staff=True)


class StaffViewSet(UserViewSet):
    """Everything that Wagtail does with users, done with staff."""

    index_view_class = StaffList

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        """New ones get their mark as staff."""
        return super().get_form_class(for_update) if for_update else StaffForm

    def construct_view(self, view_class: type, **kwargs: Any) -> Callable[..., HttpResponse]:
        """A learner's number opens no page, whatever the page would do with it."""
        view = super().construct_view(view_class, **kwargs)

        def guarded(request: HttpRequest, *args: Any, **where: Any) -> HttpResponse:
            if "pk" in where and not User.objects.filter(pk=where["pk"], is_staff=True).exists():
                raise Http404
            return view(request, *args, **where)

        return guarded
