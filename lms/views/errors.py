"""What a person reads when something is not there or went wrong: in their language, with a way home."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from lms.middleware import ROOMS


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long; what was typed is still in the browser."""
    return _say(request, "403_csrf.html", 403)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same as for what is not there, so that nobody learns what is."""
    return _say(request, "404.html", 404, desk=_works_here(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what does not exist and for what this person may not see."""
    return _say(request, "404.html", 404, desk=_works_here(request))


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """For an address that a library brings along and we do not want: as if it were not there."""
    raise Http404


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Nothing about the cause; the log has it."""
    return _say(request, "500.html", 500)


def _works_here(request: HttpRequest) -> bool:
    """Staff in one of their rooms. Nobody else may know that there are any."""
    user = getattr(request, "user", None)
    return bool(request.path.startswith(ROOMS) and user and user.is_staff)


def _say(request: HttpRequest, template: str, status: int, *, desk: bool = False) -> HttpResponse:
    language = get_language() if get_language() in settings.READING else settings.LANGUAGE_CODE
    home = "/desk/" if desk else f"/{language}/"
    answer = render(request, template, {"home": home, "desk": desk}, status=status)
    answer["Cache-Control"] = "no-store"
    return answer
