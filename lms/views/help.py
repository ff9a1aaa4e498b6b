"""Where to turn. Only contacts that somebody has checked may stand here; while there is none, it says so."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods


@require_http_methods(["GET", "HEAD"])
def help_page(request: HttpRequest) -> HttpResponse:
    """The same for everybody, signed in or not."""
    return render(request, "lms/help.html")
