"""Key cards on paper, eight on an A4 page to be cut apart: in Urdu and English, for a course room.

Nothing on a card tells what it is for.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import NamedTuple

import segno
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from lms import cards
from lms.paper import Paper

ACROSS, DOWN = 2, 4
WIDTH, HEIGHT = 92, 66  # mm: a card fits a shirt pocket
LEFT, TOP = (210 - ACROSS * WIDTH) / 2, (297 - DOWN * HEIGHT) / 2
PAD, QR = 5, 34
QUIET = 2  # modules of white around a QR; beyond it the card is white as well
HAND, DIGITS, SMALL = 13, 19, 8.5  # pt


def draw(codes: Iterable[str], *, room: str, ends_on: date, keys: Sequence[str] = ()) -> bytes:
    """A PDF of these cards, each to be used by the day before `ends_on`. `room` stands in the margin only.

    `keys` say for whom each is, as a list calls them; they stand small on the edge.
    """
    with closing(_Paper(room)) as paper:
        for at, code in enumerate(codes):
            if at % (ACROSS * DOWN) == 0:
                paper.add_page()
                paper.cutting_lines()
            row, column = divmod(at % (ACROSS * DOWN), ACROSS)
            paper.card(code, LEFT + column * WIDTH, TOP + row * HEIGHT, ends_on)
            if keys:
                paper.edge(keys[at], LEFT + column * WIDTH, TOP + row * HEIGHT)
        return bytes(paper.output())


class _Paper(Paper):
    def __init__(self, room: str) -> None:
        super().__init__(gettext("Key cards"), "en")
        self.room = room

    def header(self) -> None:
        """Which room, and which page, for whoever hands the cards out."""
        self.set_font("hand", size=SMALL)
        self.set_xy(LEFT, TOP - 8)
        self.cell(ACROSS * WIDTH, 5, f"{self.room} · {self.page_no()}/{{nb}}", align="C")

    def cutting_lines(self) -> None:
        self.set_line_width(0.2)
        self.set_dash_pattern(dash=2, gap=1.5)
        for column in range(ACROSS + 1):
            x = LEFT + column * WIDTH
            self.line(x, TOP, x, TOP + DOWN * HEIGHT)
        for row in range(DOWN + 1):
            y = TOP + row * HEIGHT
            self.line(LEFT, y, LEFT + ACROSS * WIDTH, y)
        self.set_dash_pattern()

    def card(self, code: str, x: float, y: float, ends_on: date) -> None:
        """One card, with its upper corner at x, y."""
        inside, middle = WIDTH - 2 * PAD, WIDTH - 3 * PAD - QR
        self._qr(code, x + PAD, y + PAD)
        self.set_xy(x + WIDTH - PAD - middle, y + PAD)
        for language, before in _words(ends_on):
            self.say(language, before.name, HAND, middle)
            self.say(language, before.what, SMALL, middle)
        self.set_font("hand", "B", DIGITS)
        self.set_xy(x + PAD, y + 41)
        self.cell(inside, 9, "    ".join(cards.groups(code)), align="C")
        self.set_font("hand", size=SMALL + 1)
        self.set_xy(x + PAD, y + 50)
        self.cell(inside, 5, cards.page(), align="C")
        for language, before in _words(ends_on):
            self.set_xy(x + PAD, y + HEIGHT - PAD - 4.5)
            self.say(language, before.until, SMALL - 1, inside)

    def edge(self, key: str, x: float, y: float) -> None:
        """For whom a card is, above everything else on it."""
        self.set_font("hand", size=SMALL - 1)
        self.set_xy(x + PAD, y + 1)
        self.cell(WIDTH - 2 * PAD, 4, key[:40], align="C")

    def _qr(self, code: str, x: float, y: float) -> None:
        drawn = segno.make(cards.address(code), error="m", micro=False)
        rows = list(drawn.matrix_iter(border=QUIET))
        side = QR / len(rows)
        for down, row in enumerate(rows):
            for across, length in _runs(row):
                self.rect(x + across * side, y + down * side, length * side, side, style="F")


class _Words(NamedTuple):
    name: str
    what: str
    until: str


def _words(ends_on: date) -> Iterator[tuple[str, _Words]]:
    """What stands on a card, in both languages."""
    for language in ("ur", "en"):
        with override(language):
            day = date_format(ends_on, "j F Y")
            until = gettext("Use it before {day}.").format(day=day)
            yield (
                language,
                _Words(gettext("Key card"), gettext("Scan it with your phone. It opens once."), until),
            )


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where the dark parts of a row begin, and how long they are."""
    begun, at = None, -1
    for at, dark in enumerate(row):
        if dark and begun is None:
            begun = at
        elif not dark and begun is not None:
            yield begun, at - begun
            begun = None
    if begun is not None:
        yield begun, at + 1 - begun
