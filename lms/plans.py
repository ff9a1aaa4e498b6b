"""Somebody's list on one page of paper, to be folded and carried: boxes to tick, and lines for numbers."""

from collections.abc import Sequence
from contextlib import closing

from django.utils.translation import gettext

from lms.paper import HIGH, LOW, Paper

LEFT, TOP, WIDE, HIGH_ENOUGH = 20, 20, 170, 257  # mm
SIZES = (14, 12, 10.5, 9)  # pt: the largest with which all of it stands on one page
BOX, DAY = 5, 32  # mm
LINES = 4  # for numbers, to be written by hand


def draw(language: str, *, stage: str, lines: Sequence[tuple[str, str]]) -> bytes:
    """A PDF of what is still to do: each task, and until when."""
    for size in SIZES:
        drawn, fits = _draw(language, stage, lines, size)
        if fits:
            break
    return drawn


def _draw(language: str, stage: str, lines: Sequence[tuple[str, str]], size: float) -> tuple[bytes, bool]:
    with closing(_Plan(gettext("My way"), language)) as paper:
        paper.add_page()
        paper.heading(stage)
        for task, day in lines:
            paper.task(task, day, size)
        paper.numbers(size)
        return bytes(paper.output()), paper.get_y() <= TOP + HIGH_ENOUGH


class _Plan(Paper):
    def __init__(self, title: str, language: str) -> None:
        super().__init__(title, language)
        self.language, self.called = language, title
        self.from_right = language == "ur"

    def heading(self, stage: str) -> None:
        self.set_xy(LEFT, TOP)
        self.say(self.language, self.called, 22, WIDE)
        self.say(self.language, stage, 14, WIDE)
        self.ln(4)

    def task(self, task: str, day: str, size: float) -> None:
        """A box, what to do, and until when; mirrored where one reads from the right."""
        y, gap = self.get_y(), 3
        self.set_line_width(0.4)
        self.rect(LEFT + WIDE - BOX if self.from_right else LEFT, y + 0.5, BOX, BOX)
        self.set_xy(LEFT if self.from_right else LEFT + WIDE - DAY, y)
        self.say(self.language, day, size - 1, DAY)
        self.set_xy(LEFT + DAY + gap if self.from_right else LEFT + BOX + gap, y)
        self.say(self.language, task, size, WIDE - BOX - DAY - 2 * gap)
        self.set_y(max(self.get_y(), y + BOX) + gap)

    def numbers(self, size: float) -> None:
        self.ln(3)
        self.set_x(LEFT)
        self.say(self.language, gettext("Numbers that I need"), size + 2, WIDE)
        for _line in range(LINES):
            self.ln(size * (HIGH if self.from_right else LOW) + 4)
            self.set_line_width(0.2)
            self.line(LEFT, self.get_y(), LEFT + WIDE, self.get_y())
