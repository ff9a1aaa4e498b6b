"""Phone numbers, as people write them, in one form: 0300…, 0092…, +92…, ۰۳۰۰… are the same."""

import re
import unicodedata
from functools import cache

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, PhoneNumberType

LONGEST = 40  # more than any number with its brackets and spaces
GETS_MESSAGES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NotANumber(ValueError):
    """No mobile phone has this number."""


class CountryNotServed(ValueError):
    """A number of a country that gets no messages from here."""


def normalise(text: str, region: str = "PK") -> str:
    """A number in E.164. Without a country, it is read as one of the region."""
    if quick := _national(text, region):
        return quick
    number = _parse(text, region)
    if str(number.country_code) not in settings.CODE_COUNTRIES:
        raise CountryNotServed
    if phonenumbers.number_type(number) not in GETS_MESSAGES:
        raise NotANumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _national(text: str, region: str) -> str:
    """A mobile number as most write it, twenty times as fast: lists have many thousands. Else nothing."""
    country, mobile = _mobiles(region)
    typed = text.replace(" ", "").replace("-", "") if len(text) <= LONGEST else ""
    for before in (f"+{country}", f"00{country}", "0"):
        if typed.startswith(before) and mobile.fullmatch(typed[len(before) :]):
            return f"+{country}{typed[len(before) :]}" if country in settings.CODE_COUNTRIES else ""
    return ""


@cache
def _mobiles(region: str) -> tuple[str, re.Pattern[str]]:
    """The code of a country, and what stands after the 0 of its mobile numbers."""
    told = PhoneMetadata.metadata_for_region(region, None)
    pattern = told.mobile.national_number_pattern if told and told.mobile else None
    if not told or not pattern or (told.national_prefix, told.international_prefix) != ("0", "00"):
        return "", re.compile(r"(?!)")
    return str(told.country_code), re.compile(pattern, re.ASCII)


def _parse(text: str, region: str) -> PhoneNumber:
    if len(text) > LONGEST:
        raise NotANumber
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NotANumber from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotANumber
    return number


def digits(text: str) -> str:
    """The digits of a code, typed in any script, with or without spaces."""
    return "".join(str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal())


def western(text: str) -> str:
    """The same text with its digits as 0 to 9, in whatever script they were typed."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
