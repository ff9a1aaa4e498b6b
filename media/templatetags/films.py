"""Films in templates."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext

from media.models import Copy, Film

register = template.Library()


@register.filter
def copy(film: Film | None, name: str) -> Copy | None:
    """What phones get of a film under this name; nothing where there is no film, or not yet."""
    return film.copy(name) if film else None


@register.filter
def megabytes(size: int) -> str:
    """Bytes as people count them: 2.3 MB, and never less than 0.1."""
    return gettext("%(many)s MB") % {"many": number_format(max(round(size / 1_000_000, 1), 0.1), 1)}
