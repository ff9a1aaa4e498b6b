"""What a phone shows of keeping: the page of a unit on which it is kept, and the one without a network."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, gettext_noop

from courses import fixed
from courses.beside import BesideUnit
from courses.models import UnitPage

TITLE = gettext_noop("Keep on this phone?")
SENTENCES = (
    TITLE,
    gettext_noop("If the network breaks, it goes on later from the same place."),
    gettext_noop("It is on this phone. You need no network for it."),
)


def of(unit: UnitPage) -> list["Keeping"]:
    """The page, or none where there is nothing to keep."""
    return [Keeping(unit)] if unit.get_children().live().exists() else []


@dataclass(frozen=True)
class Keeping(BesideUnit):
    """To keep one unit, in one language."""

    name = slug = "keep"

    @property
    def title(self) -> str:
        """What it asks, in the language that is spoken now."""
        return gettext(TITLE)


AWAY = gettext_noop("There is no network just now")
STILL_HERE = gettext_noop("What you kept on this phone is open all the same. Your answers wait here, too.")
fixed.register(
    "offline",
    template="courses/offline.html",
    title=gettext_lazy("There is no network just now"),
    sentences=(AWAY, STILL_HERE),
    values=lambda: {"title": AWAY, "how": STILL_HERE, "apart": fixed.apart()},
)
