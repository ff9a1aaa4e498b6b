"""Pictures in templates."""

from django import template

from media import shrink
from media.models import Picture

register = template.Library()


@register.simple_tag
def picture_files(picture: Picture | None) -> dict:
    """The addresses of a picture in the forms that phones take; nothing where there is no picture."""
    return shrink.addresses(picture) if picture else {}
