"""Pages that nobody writes and that are the same for everybody, in every language that people read.

They are published files like lessons, so that a phone can open them without a network later. Whoever has such
a page registers it; this module knows none.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from wagtail.models import Locale

NAMESPACE = uuid.UUID("5f1c1d0e-7a52-4b0e-9d0c-6f2d1a9f0b7e")


@dataclass(frozen=True)
class Draft:
    """What a fixed page is made of."""

    template: str
    title: Promise
    sentences: tuple[str, ...]  # of the interface, that it speaks
    values: Callable[[], dict]  # what else the template needs, in the language that is spoken now
    apart: bool  # kept on phones by itself, by those who need it; all others come with the way to the units


_drafts: dict[str, Draft] = {}


def register(
    name: str,
    *,
    template: str,
    title: Promise,
    sentences: tuple[str, ...] = (),
    values: Callable[[], dict] = dict,
    apart: bool = False,
) -> None:
    """Have a page stand at /<language>/<name>/ in every language that people read."""
    _drafts[name] = Draft(template, title, sentences, values, apart)


def names() -> list[str]:
    """The last part of each address; no course may be called so."""
    return sorted(_drafts)


def is_apart(name: str) -> bool:
    """Is this page kept by itself?"""
    return _drafts[name].apart


def apart() -> list[tuple[str, str]]:
    """Address and title of each page that is, in the language that is spoken now."""
    return [(name, str(_drafts[name].title)) for name in names() if is_apart(name)]


def sentences() -> list[str]:
    """All that these pages speak."""
    return [sentence for name in names() for sentence in _drafts[name].sentences]


def key(name: str) -> uuid.UUID:
    """What names the page in every language."""
    return uuid.uuid5(NAMESPACE, name)


@dataclass(frozen=True)
class Fixed:
    """One fixed page in one language. To phones it is a page."""

    name: str
    locale: Locale

    @property
    def draft(self) -> Draft:
        """What it is made of."""
        return _drafts[self.name]

    @property
    def kind(self) -> str:
        """What its rendering is."""
        return "apart" if is_apart(self.name) else "fixed"

    @property
    def specific(self) -> "Fixed":
        """As of a page."""
        return self

    @property
    def translation_key(self) -> uuid.UUID:
        """Its name in every language."""
        return key(self.name)

    @property
    def url_path(self) -> str:
        """Below the catalogue."""
        return f"/catalogue/{self.name}/"

    @property
    def title(self) -> str:
        """What it is about, in the language that is spoken now."""
        return str(self.draft.title)
