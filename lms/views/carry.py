"""A file of somebody's answers, sent by whoever has a network: a coach, a centre, a cousin in town."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms import carried, limits
from lms.carried import Came
from lms.requests import Request
from lms.views.arrive import A_WHILE, TRY_LATER

MOST_FILES = 30
CHOOSE = _("Please choose the file. Its name begins with answers.")
FEWER = _("Please send thirty files at most at once.")
NOT_OURS = _("One of these files holds no answers, or not all of it came through. Please get it once more.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def carry(request: Request) -> HttpResponse:
    """Anybody may: a file opens here only, and whoever sends it learns how much came and nothing else."""
    if request.method != "POST":
        return render(request, "lms/carry.html")
    files = request.FILES.getlist("carried")
    if not files:
        return _not_yet(request, CHOOSE)
    if len(files) > MOST_FILES:
        return _not_yet(request, FEWER)
    if not limits.within("carried", limits.address(request), most=300, per=A_WHILE, now=timezone.now()):
        return _not_yet(request, TRY_LATER, status=429)
    came, whole = _take(request, files)
    said = {"came": came if came != Came() else None, "trouble": "" if whole else NOT_OURS}
    return render(request, "lms/carry.html", said, status=200 if whole else 422)


def _take(request: Request, files: list[UploadedFile]) -> tuple[Came, bool]:
    """What came of all of them together, and whether each was one of ours."""
    now, came, whole = timezone.now(), Came(), True
    for file in files:
        try:
            came += carried.take(
                _content(file), now=now, a_guest_more=lambda: limits.a_guest_more(request, now=now)
            )
        except carried.NotCarried:
            whole = False
    return came, whole


def _content(file: UploadedFile) -> bytes:
    if not file.size or file.size > carried.MOST_BYTES:
        raise carried.NotCarried
    return file.read()


def _not_yet(request: Request, trouble: Promise, status: int = 422) -> HttpResponse:
    return render(request, "lms/carry.html", {"trouble": trouble}, status=status)
