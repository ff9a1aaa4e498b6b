from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.numbers import CountryNotServed, NotANumber, digits, normalise

AMINA = "+923001234567"


@pytest.mark.parametrize(
    "written",
    [
        "0300 1234567", "03001234567", "0300-1234567", "(0300) 1234567", "+92 300 1234567",
        "0092 300 1234567",
        "۰۳۰۰ ۱۲۳۴۵۶۷", "٠٣٠٠-١٢٣٤٥٦٧", "3001234567", " 0300 123 45 67 ", "+92\u00a0300\u00a01234567",
    ],
)  # fmt: skip
def test_one_number_is_written_in_many_ways(written):
    assert normalise(written) == AMINA


def test_a_number_from_another_country_says_so_itself():
    assert normalise("+49 151 23456789") == "+4915123456789"
    assert normalise("0151 23456789", region="DE") == "+4915123456789"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0300",
        "hello",
        "0300 12345678901234",
        "042 35761999",
        "+92",
        "<script>",
        "0300 1234567 ext 5",
        "1" * 500,
    ],
)
def test_what_no_mobile_phone_has_is_refused(written):
    with pytest.raises(NotANumber):
        normalise(written)


@pytest.mark.parametrize("written", ["+1 202 555 0123", "+44 7400 123456", "+882 16 1234567"])
def test_a_country_that_gets_no_messages_is_named_before_a_message_costs_anything(written):
    with pytest.raises(CountryNotServed):
        normalise(written)


def test_countries_are_a_setting(settings):
    settings.CODE_COUNTRIES = ["44"]

    assert normalise("+44 7400 123456") == "+447400123456"
    with pytest.raises(CountryNotServed):
        normalise(AMINA)


@pytest.mark.parametrize("typed", ["123456", "123 456", "۱۲۳۴۵۶", "١٢٣ ٤٥٦", "1-2-3-4-5-6", "\u200f۱۲۳٤٥٦"])
def test_digits_are_digits_in_every_script(typed):
    assert digits(typed) == "123456"


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_a_number(text):
    with suppress(NotANumber, CountryNotServed):
        assert normalise(text).startswith("+")
    assert digits(text).isascii()


@given(
    st.from_regex(
        r"(\+92|0092|0)[ -]?3[0-9]{2}[ -]?[0-9]{7}|(\+49|0049|0)[ -]?1[5-7][0-9]{8,10}", fullmatch=True
    ),
    st.sampled_from(["PK", "DE"]),
)
def test_a_number_as_most_write_it_is_read_as_any_other(written, region):
    assert _read(written, region) == _read(f"({written}", region)  # a bracket goes the long way


def _read(written: str, region: str) -> str:
    with suppress(NotANumber, CountryNotServed):
        return normalise(written, region)
    return ""
