"""The PIN of a place: four to six digits that open it, with name and picture, where its phone is known.

It keeps out who looks over a shoulder, not who takes a phone apart. So a PIN is tried on known phones only, a
few times, and nobody can tell whether there is a place of that name.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from lms.locks import one_at_a_time
from lms.models.people import Person, PinTry
from lms.numbers import digits

SHORTEST, LONGEST = 4, 6
TRIES = 5  # until the first wait, and until each further one
WAITS = [timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30)]
A_DAY = timedelta(days=1)
ON_A_PHONE = 50  # tries a day for one name on one phone
IN_ALL = 200  # for one place, wherever it is known: no single phone can shut the others out
HASHES = 2  # worked out for every try, whoever is found, so that all take the same time

RUNS = ["01234567890", "09876543210", "2580", "0852"]
ROWS = ["123", "456", "789", "147", "258", "369", "159", "357"]  # as they lie under the finger
YEARS = re.compile(r"19[3-9]\d|20[0-3]\d")
SAME_LETTERS = str.maketrans("يىكهة", "ییکہہ")  # as Arabic and Urdu keyboards write them


class NotAPin(ValueError):
    """A PIN has four to six digits."""


class TooEasy(ValueError):
    """Anybody would try this one first."""


class WrongPin(Exception):
    """Name, picture and PIN open nothing here. Which of the three it was, nobody is told."""


class Wait(Exception):
    """Those were many tries."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


# ── Chosen ───────────────────────────────────────────────────────────────────────────────────────────────


def read(typed: str) -> str:
    """The digits of a PIN that may be chosen."""
    pin = digits(typed)
    if not SHORTEST <= len(pin) <= LONGEST:
        raise NotAPin
    if is_easy(pin):
        raise TooEasy
    return pin


def is_easy(pin: str) -> bool:
    """1111, 1234, 1212, 112233, 2580 and years: what somebody who knows the person tries first."""
    half = len(pin) // 2
    rows = [*ROWS, *(row[::-1] for row in ROWS)]
    return (
        len(set(pin)) < 3
        or pin[:half] * 2 == pin
        or pin[::2] == pin[1::2]
        or any(pin in run for run in RUNS)
        or (pin[:half] in rows and pin[half:] in rows)
        or bool(YEARS.fullmatch(pin))
    )


def choose(person: Person, typed: str, *, now: datetime) -> None:
    """From now on this PIN opens the place."""
    pin = read(typed)
    person.pin, person.pin_chosen_at = make_password(_peppered(person, pin)), now
    Person.objects.filter(pk=person.pk).update(pin=person.pin, pin_chosen_at=now)


# ── Tried ────────────────────────────────────────────────────────────────────────────────────────────────


def find(
    people: Iterable[Person], *, name: str, picture: str, typed: str, phone: str, now: datetime
) -> Person:
    """Whose name, picture and PIN these are, among people whom the phone knows.

    An unknown name, a wrong picture and a wrong PIN are counted, take and say the same.
    """
    here = f"{phone}:{folded(name)}:{picture}"
    meant = [one for one in people if one.pin and (folded(one.name), one.picture) == (folded(name), picture)]
    places = [f"place:{one.pk}" for one in meant] or [f"place:{here}"]
    _count(here, ON_A_PHONE, now)
    for place in places:
        _count(place, IN_ALL, now)
    found = _whose(meant, digits(typed))
    if not found:
        raise WrongPin
    PinTry.objects.filter(pk=_key(here)).delete()
    PinTry.objects.filter(pk__in=map(_key, places), tries__gt=0).update(tries=F("tries") - 1)
    return found


def is_right(person: Person, typed: str, *, phone: str, now: datetime) -> bool:
    """Is this the PIN of a place that is open already? Counted as any other try."""
    try:
        find([person], name=person.name, picture=person.picture, typed=typed, phone=phone, now=now)
    except WrongPin:
        return False
    return True


def folded(name: str) -> str:
    """A name as one would hear it: without case, marks, joiners, and the habits of a keyboard."""
    signs = unicodedata.normalize("NFKD", name.casefold().translate(SAME_LETTERS))
    kept = "".join(sign if unicodedata.category(sign)[0] not in "CM" else "" for sign in signs)
    return " ".join(kept.translate(SAME_LETTERS).split())


def _whose(people: list[Person], pin: str) -> Person | None:
    found = None
    spare = [(None, _nobodys())] * (HASHES - len(people))
    for person, stored in [*((one, one.pin) for one in people), *spare]:
        if check_password(_peppered(person, pin), stored) and person:
            found = found or person
    return found


def _peppered(person: Person | None, pin: str) -> str:
    """Digits are few: without the server's key, a stolen table of hashes would tell them all."""
    return salted_hmac("hamrah.pin", f"{person.pk if person else ''}:{pin}", algorithm="sha256").hexdigest()


@cache
def _nobodys() -> str:
    return make_password("nobody's PIN")


@transaction.atomic
def _count(what: str, most: int, now: datetime) -> None:
    """One try more, written down before it is known whether it is right; or the time until the next."""
    key = _key(what)
    one_at_a_time(key)
    row = PinTry.objects.filter(pk=key, expires_at__gt=now).first()
    row = row or PinTry(key=key, wait_until=now, expires_at=now + A_DAY)
    if row.wait_until > now:
        raise Wait(row.wait_until)
    row.tries += 1
    if row.tries >= most:
        row.wait_until = row.expires_at
    elif most == ON_A_PHONE and row.tries % TRIES == 0:
        row.wait_until = now + WAITS[min(row.tries // TRIES, len(WAITS)) - 1]
    row.save()


def _key(what: str) -> str:
    return salted_hmac("hamrah.pin.tries", what, algorithm="sha256").hexdigest()
