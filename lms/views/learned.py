"""What somebody has learned in a unit: shown to them alone."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from courses import twice
from courses.models import UnitPage
from courses.outline import address
from courses.sounds import Sounds
from lms.learned import Learned, learned
from lms.requests import PlaceRequest
from lms.texts import sentences
from lms.views.doors import own_place
from media import voices


@own_place
@require_http_methods(["GET", "HEAD"])
def what_i_learned(request: PlaceRequest, unit: UUID) -> HttpResponse:
    """Before and now, and why every answer is so. Nothing is told before the questions after the unit."""
    units = UnitPage.objects.live().select_related("locale")  # ty: ignore[missing-attribute] - Wagtail ships no types
    page = units.filter(translation_key=unit, locale__language_code=get_language()).first()
    if page is None or not page.test:
        raise Http404
    found = learned(request.person, page)
    values = {
        "unit": page,
        "learned": found,
        "of": len(found.rows),
        "back": address(page),
        "asking": address(twice.Asking(page, twice.AFTER)),
        "sounds": Sounds(page.locale.language_code, _heard(found), sentences=sentences()),
    }
    return render(request, "lms/learned.html", values)


def _heard(found: Learned) -> list[str]:
    keys = [row.question.translation_key for row in found.rows]
    return [voices.question(key, part) for key in keys for part in ("prompt", "reason")]
