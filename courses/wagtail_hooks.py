"""The trainers' room: questions, labels, and texts that wait for a voice."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from assessments.models import Question
from courses import views
from courses.models import Label, LocalNote, Review


class ByHandOnly:
    """A question has no draft: what Wagtail keeps by itself, half written, would be on phones at once."""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """As Wagtail does, and then without that."""
        super().setup(request, *args, **kwargs)  # ty: ignore[missing-attribute] - of the view beside it
        self.autosave_enabled = False

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Nor is it kept for a page that was open before this was so."""
        if "application/json" in request.headers.get("accept", ""):
            return JsonResponse({"success": False, "error_code": "by_hand"}, status=400)
        return super().post(request, *args, **kwargs)  # ty: ignore[missing-attribute]


class AddQuestion(ByHandOnly, CreateView):
    pass


class EditQuestion(ByHandOnly, EditView):
    pass


class QuestionViewSet(SnippetViewSet):
    model = Question
    add_view_class = AddQuestion
    edit_view_class = EditQuestion
    icon = "help"
    add_to_admin_menu = True
    menu_order = 210
    list_display = ["prompt", "kind", "use", "locale"]
    list_filter = ["kind", "use"]


class LabelViewSet(SnippetViewSet):
    model = Label
    icon = "tag"
    list_display = ["name", "kind"]
    list_filter = ["kind"]


class ReviewViewSet(SnippetViewSet):
    model = Review
    icon = "check"
    add_to_admin_menu = True
    menu_order = 230
    list_display = ["lesson", "by", "name", "on"]
    list_filter = ["by"]


class LocalNoteViewSet(SnippetViewSet):
    """Changed, translated and withdrawn here; a new one begins with what somebody told (`/desk/remarks/`)."""

    model = LocalNote
    icon = "home"
    list_display = ["text", "district", "place", "on", "withdrawn_on", "locale"]
    list_filter = ["district"]


register_snippet(QuestionViewSet)
register_snippet(LocalNoteViewSet)
register_snippet(ReviewViewSet)
register_snippet(LabelViewSet)


@hooks.register("register_admin_urls")
def on_phones_address() -> list[URLPattern]:
    return [path("on-phones/", views.what_phones_can_keep, name="on_phones")]


@hooks.register("register_admin_menu_item")
def on_phones_menu_item() -> MenuItem:
    return MenuItem(
        _("On phones"), reverse_lazy("on_phones"), name="on-phones", icon_name="mobile-alt", order=330
    )


@hooks.register("insert_global_admin_css")
def texts_in_their_own_direction() -> str:
    """An Urdu sentence in an English form begins on the right."""
    return format_html('<link rel="stylesheet" href="{}">', static("courses/cms.css"))


@hooks.register("insert_global_admin_js")
def one_hand_at_a_time() -> str:
    """Wagtail 7.4 keeps a new page twice when a button is pressed while it keeps a draft by itself."""
    return format_html('<script type="module" src="{}"></script>', static("courses/one-hand.mjs"))
