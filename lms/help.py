"""Where to turn: a page that is the same for everybody, which phones keep with the way to their lessons.

Only contacts that somebody has checked may stand here; while there is none, it says so. The page is a file:
whoever adds contacts publishes it anew.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy, gettext_noop

from courses import fixed

ASK = gettext_noop("Do you need help?")


@dataclass(frozen=True)
class Turn:
    """One of those to whom somebody can turn."""

    icon: str
    sentence: str
    look: str = ""


TO = [
    Turn("together", gettext_noop("Ask the person who gave you this address. They know you."), "sent"),
    Turn(
        "call",
        gettext_noop(
            "Phone numbers stand here when somebody has called them and checked them. There is none yet."
        ),
    ),
    Turn(
        "vaccine",
        gettext_noop(
            "Is an animal ill? Call your vet or the livestock office now. Do not wait for an answer here."
        ),
        "need",
    ),
]
SENT = gettext_noop("On this phone and sent")

fixed.register(
    "help",
    template="lms/help.html",
    title=gettext_lazy("Help"),
    sentences=(ASK, *(turn.sentence for turn in TO), SENT),
    values=lambda: {"ask": ASK, "to": TO, "sent": SENT},
)
