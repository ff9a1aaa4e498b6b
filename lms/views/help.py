"""Help where there is no catalogue yet, and so no file of it (lms.help)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from wagtail.models import Locale

from courses import published
from courses.fixed import Fixed


@require_http_methods(["GET", "HEAD"])
def help_page(request: HttpRequest) -> HttpResponse:
    """The same for everybody, signed in or not."""
    return HttpResponse(published.preview(Fixed("help", Locale.get_active())))
