"""The trainers' room gets a door to the voices, and one to the films."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.forms import FileInput
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from media import films, views
from media.forms import FilmForm
from media.models import Film
from media.requests import TrainerRequest


class VoicesMenuItem(MenuItem):
    """Shown to those who may record."""

    def is_shown(self, request: TrainerRequest) -> bool:
        return request.user.has_perm("media.add_recording") or request.user.has_perm("media.change_recording")


class FilmPanel(Panel):
    """Where the worker is with a film, the film as phones get it, and the bar of the upload."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "media/film.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The film besides what every panel shows."""
            return {**super().get_context_data(parent_context), "film": self.instance}


class FilmViewSet(SnippetViewSet):
    model = Film
    icon = "media"
    menu_label = _("Films")
    add_to_admin_menu = True
    menu_order = 320
    list_display = ["title", "voice", "standing"]
    list_filter = ["voice", "state"]
    copy_view_enabled = False  # two films with one original would lose it together
    add_view_class = views.AddFilm
    edit_view_class = views.EditFilm
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("voice"),
            FieldPanel(
                "original",
                help_text=format_lazy(
                    _("At most ten minutes and {most} MB. The place where it was made is taken out."),
                    most=settings.LARGEST_FILM_MB,
                ),
                widget=FileInput(
                    attrs={"accept": ",".join(["video/*", *(f".{one}" for one in sorted(films.SUFFIXES))])}
                ),
            ),
            FilmPanel(heading=_("On phones")),
            FieldPanel("transcript"),
        ],
        base_form_class=FilmForm,
    )


register_snippet(FilmViewSet)


@hooks.register("register_admin_urls")
def voices_addresses() -> list[URLPattern | URLResolver]:
    pages = [
        path("", views.index, name="index"),
        path("record/", views.record, name="record"),
        path("<int:pk>/status/", views.status, name="status"),
        path("<int:pk>/again/", views.again, name="again"),
        path("<int:pk>/remove/", views.remove, name="remove"),
    ]
    return [path("voices/", include((pages, "voices")))]


@hooks.register("register_admin_menu_item")
def voices_menu_item() -> MenuItem:
    return VoicesMenuItem(
        _("Voices"), reverse_lazy("voices:index"), name="voices", icon_name="microphone", order=310
    )


@hooks.register("register_icons")
def microphone(icons: list[str]) -> list[str]:
    return [*icons, "media/microphone.svg"]


@hooks.register("register_permissions")
def recording_permissions() -> QuerySet[Permission]:
    """A group of trainers can be given these on its page."""
    names = ["add_recording", "change_recording", "delete_recording"]
    return Permission.objects.filter(content_type__app_label="media", codename__in=names)
