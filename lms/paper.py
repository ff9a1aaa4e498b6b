"""Paper in our own letters. fpdf2 draws, HarfBuzz joins the letters of Urdu; all of it is black on white."""

from django.conf import settings
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont

FONTS = settings.BASE_DIR / "config" / "static" / "fonts"
HIGH, LOW = 0.56, 0.45  # mm of a line for each point of Urdu, and of Latin letters


class Paper(FPDF):
    """A4, with both scripts. Close it: fpdf2 keeps the files of its fonts open."""

    def __init__(self, title: str, language: str) -> None:
        super().__init__(format="A4", unit="mm")
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang(language)
        self.add_font("hand", fname=FONTS / "hamrah-hand-400.ttf")
        self.add_font("hand", style="B", fname=FONTS / "hamrah-hand-700.ttf")
        self.add_font("naskh", fname=FONTS / "noto-naskh-urdu-500.ttf")
        self.set_fallback_fonts(["naskh", "hand"], exact_match=False)
        self.set_text_shaping(True)

    def close(self) -> None:
        """Let go of the fonts."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def say(self, language: str, sentence: str, size: float, width: float) -> None:
        """A sentence where the pen is, in as many lines as it takes; the pen stands below it afterwards."""
        urdu = language == "ur"
        self.set_font("naskh" if urdu else "hand", size=size)
        self.set_text_shaping(True, direction="rtl" if urdu else "ltr")
        self.multi_cell(
            width,
            size * (HIGH if urdu else LOW),
            sentence,
            align="R" if urdu else "L",
            new_x=XPos.LEFT,
            new_y=YPos.NEXT,
        )
        self.set_text_shaping(True)
