"""Cards on paper, looked at as a person and a phone would: the page is drawn, read, and scanned."""

import itertools
from contextlib import closing
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from django.test import override_settings

from lms import cards, sheets

ENDS = date(2027, 2, 20)
CODES = [f"{1000_0000_0000 + 7_0707_0707 * n}" for n in range(25)]
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def pages():
    with override_settings(SITE_ADDRESS="https://lessons.example.org"):
        paper = pypdfium2.PdfDocument(sheets.draw(CODES, room="Hand in hand", ends_on=ENDS))
        yield list(paper)
        paper.close()


def text_of(page) -> str:
    textpage = page.get_textpage()
    text = textpage.get_text_bounded()
    textpage.close()
    return text


def as_picture(page):
    return page.render(scale=3, grayscale=True).to_pil()


def test_eight_cards_stand_on_each_page_of_a4(pages):
    assert [tuple(round(side) for side in page.get_size()) for page in pages] == [A4] * 4
    assert [text_of(page).count("Key card") for page in pages] == [8, 8, 8, 1]


def test_every_qr_is_scanned_and_carries_its_card_after_the_hash(pages):
    scanned = [{read.text for read in zxingcpp.read_barcodes(as_picture(page))} for page in pages]

    wanted = [{cards.address(code) for code in CODES[at : at + 8]} for at in range(0, len(CODES), 8)]
    assert scanned == wanted
    assert all("/k#" in address for address in set().union(*scanned))


def test_the_digits_stand_in_groups_beside_the_address_where_they_are_typed(pages):
    words = text_of(pages[0]).split()

    for code in CODES[:8]:
        groups = cards.groups(code)
        assert any(words[at : at + 3] == groups for at in range(len(words)))
    assert words.count("lessons.example.org/k") == 8


def test_it_says_until_when_in_both_languages(pages):
    text = text_of(pages[3])

    assert "Use it before 20 February 2027." in text
    assert text.count("2027") == 2


def test_the_letters_of_urdu_join():
    """A joined word is narrower than its letters, each drawn by itself."""
    with closing(sheets._Paper("")) as paper:
        paper.set_font("naskh", size=20)
        alone = sum(paper.get_string_width(letter) for letter in "چابی")

        assert paper.get_string_width("چابی") < 0.85 * alone


def test_nothing_is_cut_off_or_lies_on_something_else(pages):
    """Between the QR and the edge of a card, and between its lines, there is white."""
    picture = as_picture(pages[0])
    mm = picture.width / 210
    left, top = sheets.LEFT * mm, sheets.TOP * mm

    for row, column in itertools.product(range(sheets.DOWN), range(sheets.ACROSS)):
        x, y = left + column * sheets.WIDTH * mm, top + row * sheets.HEIGHT * mm
        for above, below in [(1, 4), (40, 41.5), (62.5, 65)]:
            strip = picture.crop((int(x + mm), int(y + above * mm), int(x + 91 * mm), int(y + below * mm)))
            assert strip.getextrema()[0] > 200, (row, column, above)


def test_one_card_and_none_make_a_file_too():
    for some, how_many in ((CODES[:1], 1), ([], 0)):
        paper = pypdfium2.PdfDocument(sheets.draw(some, room="Apna Kaam", ends_on=ENDS))
        assert len(paper) == max(how_many, 1)
        paper.close()
