"""Every row of `catalogue.toml` is proven by a test that bears its name, or says why not."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ROWS = tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))
EXCUSES = {"open", "untestable"}
NAMES = {  # where the rows stand in the name of a test
    ".py": re.compile(r"^\s*(?:async )?def test_((?:[A-Z]\d\d_)+)", re.MULTILINE),
    ".mjs": re.compile(r"""\btest\(\s*["'`]((?:[A-Z]\d\d )+)"""),
}


def rows_in(source: str, ending: str) -> set[str]:
    """The rows that the tests of one file bear in their names."""
    return {row for named in NAMES[ending].findall(source) for row in re.findall(r"\w\d\d", named)}


def _proven() -> Iterator[str]:
    for ending in NAMES:
        for path in TESTS.rglob(f"*{ending}"):
            yield from rows_in(path.read_text(encoding="utf-8"), ending)


PROVEN = set(_proven())


def test_names_of_tests_are_read_as_people_write_them():
    python = "def test_S09_twice():\n    def test_C12_C13_both():\ndef test_T8_none():\ndef test_a_S01():"
    javascript = 'test("S04 S07 after", …)\n  test(`C29 a ${status}`)\ntest("no S01")\ntest("T8 none")'

    assert rows_in(python, ".py") == {"S09", "C12", "C13"}
    assert rows_in(javascript, ".mjs") == {"S04", "S07", "C29"}


def test_a_row_says_what_happens_and_how_it_ends_and_has_one_excuse_at_most():
    for name, row in ROWS.items():
        assert re.fullmatch(r"[A-Z]\d\d", name)
        assert {"event", "outcome"} <= set(row) <= {"event", "outcome", *EXCUSES}, name
        assert len(EXCUSES & set(row)) <= 1, name
        assert all(text.endswith(".") for text in row.values()), name


def test_every_row_has_a_test_or_says_why_not():
    missing = {name for name, row in ROWS.items() if not EXCUSES & set(row)} - PROVEN

    assert missing == set(), "Write test_<row>_…, or say in catalogue.toml what is missing first."


def test_no_row_is_excused_that_has_a_test():
    excused = {name for name, row in ROWS.items() if EXCUSES & set(row)}

    assert excused & PROVEN == set(), "There is a test by now: take the excuse out of catalogue.toml."


def test_no_test_bears_a_row_that_is_not_in_the_list():
    assert PROVEN - set(ROWS) == set(), "Give the row an entry in catalogue.toml, or the test another name."
