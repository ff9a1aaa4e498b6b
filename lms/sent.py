"""The page on which a phone shows what it still keeps and what was sent. It says the same to everybody.

Which of its notes is true, only the phone knows: lms/sent.mjs.
"""

from dataclasses import dataclass

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from courses import fixed
from lms import seal

TITLE = gettext_noop("On this phone and sent")
STILL = gettext_noop("Still on this phone")
GONE = gettext_noop("Sent")
CARRY = gettext_noop(
    "No network for a long time? Give what waits here to somebody as a file. Only we can open it."
)
TAKE_BACK = gettext_noop("Shall we remember no more what you learn? The lessons stay open to you.")
MADE = gettext_noop("The file is made. Give it to your coach or to somebody who goes to town.")


@dataclass(frozen=True)
class Note:
    """One thing that may be true just now, and what somebody can do about it."""

    name: str
    icon: str
    sentence: str
    look: str = ""
    to: str = ""  # an address below the language, and what its link says
    way: str = ""
    counted: bool = False


NEXT = [
    Note(
        "late",
        "attention",
        gettext_noop(
            "Something has waited here for three days."
            " Please go once to where there is a network, and open this page."
        ),
        "look",
    ),
    Note(
        "full",
        "attention",
        gettext_noop(
            "This phone is full. Please remove a film or a few pictures, so that it can keep your answers."
        ),
        "look",
    ),
    Note(
        "closed",
        "attention",
        gettext_noop(
            "This browser does not let us keep anything on this phone. Please open Hamrah in another one."
        ),
        "look",
    ),
    Note(
        "alone",
        "offline",
        gettext_noop("There is no network just now. When it comes, everything is sent by itself."),
        "wait",
    ),
    Note("sending", "again", gettext_noop("It is being sent."), "wait"),
    Note(
        "later",
        "waiting",
        gettext_noop("It has not gone through yet. This page tries again by itself."),
        "wait",
    ),
    Note(
        "sign-in",
        "person",
        gettext_noop("Please come in to your place again. Then it is sent."),
        "look",
        "start/",
        gettext_noop("Come in"),
    ),
    Note(
        "revoked",
        "locked",
        gettext_noop(
            "This phone was taken out of your place. What is on it stays here. Come in again, and it is sent."
        ),
        "look",
        "start/",
        gettext_noop("Come in"),
    ),
    Note(
        "update",
        "again",
        gettext_noop("These pages have become old. Please open this page anew when there is a network."),
        "look",
        "sent/",
        gettext_noop("Open this page anew"),
    ),
    Note(
        "broken",
        "help",
        gettext_noop(
            "Our computer does not understand this phone. Nothing of it is lost."
            " Please tell the person who gave you this address."
        ),
        "look",
        "help/",
        gettext_noop("Help"),
    ),
    Note("all", "yes", gettext_noop("Everything has been sent."), "sent"),
    Note("none", "lesson", gettext_noop("Nothing is here yet. What you do in the lessons is shown here.")),
]
BESIDES = [
    Note(
        "refused",
        "attention",
        gettext_noop("This much could not be taken, and stays here. Please go through the lesson once more."),
        "look",
        counted=True,
    ),
    Note(
        "held",
        "locked",
        gettext_noop("This much has come, and waits for your yes or no."),
        "",
        "mine/consent/",
        gettext_noop("My yes and no"),
        counted=True,
    ),
    Note(
        "no",
        "no",
        gettext_noop("Nothing is written down on this phone any more. You can say yes again on any day."),
        "",
        "mine/consent/",
        gettext_noop("My yes and no"),
    ),
    Note(
        "home-screen",
        "share",
        gettext_noop(
            "An iPhone clears what was not opened for a week."
            " Touch this sign below, then “Add to Home Screen”, and open Hamrah from there."
        ),
        "look",
    ),
    Note(
        "others",
        "onphone",
        gettext_noop("Something else on this phone is still to be sent. That happens by itself."),
    ),
]


def _values() -> dict:
    """What the template needs, in the language that is spoken now."""
    return {
        "still": STILL,
        "gone": GONE,
        "next": NEXT,
        "besides": BESIDES,
        "carry": CARRY,
        "made": MADE,
        "take_back": TAKE_BACK,
        "seal": seal.public(),
        "days": {
            "today": gettext("today"),
            "yesterday": gettext("yesterday"),
            "weekdays": [str(WEEKDAYS[(day - 1) % 7]) for day in range(7)],  # from Sunday, as scripts count
            "months": [str(MONTHS[month]) for month in range(1, 13)],
            "date": gettext("{date} {month}"),
            "at": gettext("{day}, {time}"),
        },
    }


fixed.register(
    "sent",
    template="lms/sent.html",
    title=gettext_lazy(TITLE),
    sentences=(TITLE, STILL, GONE, CARRY, MADE, TAKE_BACK, *(note.sentence for note in [*NEXT, *BESIDES])),
    values=_values,
)
