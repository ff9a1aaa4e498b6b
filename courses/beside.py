"""Pages that nobody writes: they follow from a unit in one language. To phones they are like all others."""

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from wagtail.models import Locale

from courses.models import UnitPage


def key(unit: uuid.UUID, name: str) -> uuid.UUID:
    """What such a page is called where no page is at hand."""
    return uuid.uuid5(unit, name)


@dataclass(frozen=True)
class BesideUnit:
    """What Wagtail's pages and these have in common is all that publishing asks for."""

    unit: UnitPage

    @property
    def name(self) -> str:
        """What the record calls it, within the unit."""
        raise NotImplementedError

    @property
    def slug(self) -> str:
        """Its address, below the unit's."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """In the language that is spoken now."""
        raise NotImplementedError

    @property
    def specific(self) -> Self:
        """As of a page."""
        return self

    @cached_property
    def translation_key(self) -> uuid.UUID:
        """The same in every language."""
        return key(self.unit.translation_key, self.name)

    @property
    def locale(self) -> Locale:
        """The language of the unit."""
        return self.unit.locale

    @property
    def locale_id(self) -> int:
        """As of a page."""
        return self.unit.locale_id

    @property
    def url_path(self) -> str:
        """Below the unit."""
        return f"{self.unit.url_path}{self.slug}/"
