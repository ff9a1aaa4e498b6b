"""Small things that templates draw: icons, and the one inline style."""

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.core.cache import caches
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from lms import seal
from media import files, voices

register = template.Library()
SOUNDS = "sounds-of-the-interface"
ICONS = Path(__file__).parent / "static" / "icons"


@register.simple_tag
def icon(name: str, *, turns: bool = False) -> SafeString:
    """A drawn sign. It is never alone: the word beside it is what a screen reader says."""
    kind = "i turns" if turns else "i"
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', kind, _drawing(name)
    )


@register.simple_tag
def critical_css() -> SafeString:
    """What the first screen needs before any file has come; the Content-Security-Policy has its hash."""
    return mark_safe(f"<style>{settings.CRITICAL_CSS}</style>")  # noqa: S308 - our own file


@register.simple_tag
def seal_key() -> str:
    """What a phone seals to, where only the server may read."""
    return seal.public()


@register.simple_tag
def interface_sounds() -> list[tuple[str, str]]:
    """Voice and address of the sounds of the interface, for pages that are made anew each time."""
    cache = caches["process"]
    links = cache.get(SOUNDS)
    if links is None:
        heard = voices.sounds_of_the_interface()
        links = [(voice, files.keep(voices.table(sounds), "json")) for voice, sounds in sorted(heard.items())]
        cache.set(SOUNDS, links, 60)
    return links


@register.filter
def direction(language: str) -> str:
    """rtl or ltr."""
    return "rtl" if language in settings.LANGUAGES_BIDI else "ltr"


@register.filter
def autonym(language: str) -> str:
    """A language's name in itself."""
    return dict(settings.LANGUAGES)[language]


@cache
def _drawing(name: str) -> SafeString:
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return mark_safe(svg[svg.index(">") + 1 : svg.rindex("</svg>")].strip())  # noqa: S308 - our own file
