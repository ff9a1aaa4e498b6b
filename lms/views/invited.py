"""Ten digits from a programme: kept until whoever types them has a place."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms import invitations, limits
from lms.numbers import digits
from lms.requests import Request
from lms.views.arrive import A_WHILE, TRY_LATER, take_along
from lms.views.doors import has_place

NOT_INVITED = _(
    "This invitation does not open any more. Please look at the 10 numbers again, "
    "or ask who gave it to you for a new one."
)

TOO_SHORT = _("An invitation has 10 digits. Some are missing here. Please look again.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request) -> HttpResponse:
    """Ten digits: typed, or taken out of the address by `card.mjs`. Who has no place yet gets one first."""
    if request.method != "POST":
        return render(request, "lms/invitation.html", {"languages": settings.READING})
    typed = request.POST.get("invitation", "")
    if trouble := _keep(request, typed):
        said = {"typed": typed, "trouble": trouble, "languages": settings.READING}
        return render(request, "lms/invitation.html", said, status=422)
    if not has_place(request):
        return render(request, "lms/invited.html")
    take_along(request, request.person, [], now=timezone.now())
    request.session.setdefault("told", "joined")
    return redirect("lms:mine")


def _keep(request: Request, typed: str) -> Promise | None:
    """Remember the digits in this session; or say why they are of no use."""
    now = timezone.now()
    by_address = limits.within("invitation", limits.address(request), most=300, per=A_WHILE, now=now)
    by_all = limits.within("invitation", "everybody", most=1000, per=A_WHILE, now=now)
    if not (by_address and by_all):
        return TRY_LATER
    try:
        invitations.find(typed, now=now)
    except invitations.NotInvited:
        return TOO_SHORT if len(digits(typed)) < invitations.LENGTH else NOT_INVITED
    request.session["invited"] = typed
    return None
