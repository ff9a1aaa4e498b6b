"""The questions of a unit, asked twice: before its lessons and after them.

They are a page each, like a lesson, but nobody writes it: it follows from the unit. Only the server marks
them, and both are named by keys that are the same in every language.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from courses.beside import BesideUnit
from courses.models import UnitPage

BEFORE, AFTER = "before", "after"
SLUGS = {BEFORE: "questions-before", AFTER: "questions-after"}
TITLES = {
    BEFORE: gettext_noop("What do you know already?"),
    AFTER: gettext_noop("What do you know now?"),
}
HOW = {
    BEFORE: gettext_noop("A few questions before you begin. You may skip each one."),
    AFTER: gettext_noop("The same questions as before you began. You may skip each one."),
}
SENTENCES = (*TITLES.values(), *HOW.values())


@dataclass(frozen=True)
class Asking(BesideUnit):
    """The questions of one unit in one language, at one of the two moments."""

    moment: str
    step_by_step = True  # one question a screen

    @property
    def name(self) -> str:
        """Its moment."""
        return self.moment

    @property
    def slug(self) -> str:
        """Below the unit."""
        return SLUGS[self.moment]

    @property
    def title(self) -> str:
        """What it asks, in the language that is spoken now."""
        return gettext(TITLES[self.moment])

    @property
    def how(self) -> str:
        """What to expect."""
        return gettext(HOW[self.moment])


def of(unit: UnitPage) -> list[Asking]:
    """Both pages of a unit, or none where it asks nothing."""
    return [Asking(unit, moment) for moment in SLUGS] if unit.test else []
