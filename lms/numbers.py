"""Phone numbers, as people write them, in one form: 0300…, 0092…, +92…, ۰۳۰۰… are the same."""

import unicodedata

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

LONGEST = 40  # more than any number with its brackets and spaces
GETS_MESSAGES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class NotANumber(ValueError):
    """No mobile phone has this number."""


class CountryNotServed(ValueError):
    """A number of a country that gets no messages from here."""


def normalise(text: str, region: str = "PK") -> str:
    """A number in E.164. Without a country, it is read as one of the region."""
    number = _parse(text, region)
    if str(number.country_code) not in settings.CODE_COUNTRIES:
        raise CountryNotServed
    if phonenumbers.number_type(number) not in GETS_MESSAGES:
        raise NotANumber
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


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
