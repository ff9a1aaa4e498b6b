"""How a person who learns comes in: a code on a number, then a session that stays.

What was asked and proven is in the database, so a code asked for on one phone may be entered on another.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.spelling import JOINERS, shown
from lms import phones, pins, tasks
from lms.locks import one_at_a_time
from lms.models.people import CodeSent, Device, KeyCard, Person, User, WayIn
from lms.numbers import digits
from lms.requests import Request
from lms.sms import code_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
TRIES = 5
SAME_WISH = timedelta(seconds=30)  # a second tap on the button is the same wish, and costs no second message
QUIET = timedelta(days=90)  # a number unused for so long may be somebody else's by now
LONGEST_NAME = 60
SHORTEST_MARK, LONGEST_MARK = 40, 60
STEPS = ("number", "proven", "anew")  # what a session remembers between two pages of the way in
KEPT = ("invited", "household")  # what stays when another person's session ends


class TooManyCodes(Exception):
    """This number has had its codes for today."""


class NoMoreCodesToday(Exception):
    """The whole site has sent what a day may cost."""


class Outcome(enum.Enum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too many tries"


# ── The code ─────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def ask_for_code(number: str, *, locale: str, now: datetime) -> CodeSent:
    """Send a code to a number, known or not: nobody can tell. Older codes open nothing any more."""
    last = _last(number)
    if last and last.made_at > now - SAME_WISH and _can_open(last):
        return last
    _spend(number, now)
    sent = CodeSent(
        number=number, locale=locale, made_at=now, expires_at=now + timedelta(minutes=settings.CODE_MINUTES)
    )
    sent.digest = _digest(number, code_of(sent.pk))
    sent.save(force_insert=True)
    # Robust: without a queue the page still comes, and says that the message is late.
    transaction.on_commit(lambda: tasks.send_code.delay(str(sent.pk)), robust=True)
    return sent


def enter_code(number: str, typed: str, *, now: datetime) -> Outcome:
    """Try a code. Only the newest one of a number opens, once."""
    sent = _last(number)
    if not sent or sent.expires_at <= now:
        return Outcome.EXPIRED
    right = constant_time_compare(sent.digest, _digest(number, digits(typed)))
    if sent.used_at:
        return Outcome.USED if right else Outcome.WRONG
    this = CodeSent.objects.filter(pk=sent.pk, used_at=None)
    if not this.filter(tries__lt=TRIES).update(tries=F("tries") + 1):
        return Outcome.TOO_MANY
    if not right:
        return Outcome.WRONG
    return Outcome.RIGHT if this.update(used_at=now) else Outcome.USED


def last_message(number: str, *, now: datetime) -> CodeSent | None:
    """The newest code of a number that can still open, so that a page can say how far it got."""
    sent = _last(number)
    return sent if sent and sent.expires_at > now and not sent.used_at else None


def forget(number: str) -> None:
    """Somebody too young for a place gave this number: only the budget remembers, without knowing it."""
    CodeSent.objects.filter(number=number).update(number=_masked(number), digest="")


def _can_open(sent: CodeSent) -> bool:
    return not sent.used_at and sent.tries < TRIES and sent.state != CodeSent.State.FAILED


def _last(number: str) -> CodeSent | None:
    return CodeSent.objects.filter(number=number).order_by("-made_at").first()


def _spend(number: str, now: datetime) -> None:
    today = CodeSent.objects.filter(made_at__gt=now - timedelta(days=1))
    if today.filter(number__in=[number, _masked(number)]).count() >= settings.CODES_PER_NUMBER_A_DAY:
        raise TooManyCodes
    if today.count() >= settings.CODES_A_DAY:
        raise NoMoreCodesToday


def _digest(number: str, code: str) -> str:
    return salted_hmac("hamrah.code.digest", f"{number}:{code}", algorithm="sha256").hexdigest()


def _masked(number: str) -> str:
    return "x" + salted_hmac("hamrah.number", number, algorithm="sha256").hexdigest()[:15]


# ── The place behind a number ────────────────────────────────────────────────────────────────────────────


def way_of(number: str) -> WayIn | None:
    """The place that has a number today. Other places may have it too, each with its PIN."""
    ways = WayIn.objects.filter(number=number, ended_at=None, with_pin=False)
    return ways.select_related("person__user").first()


def opened_by(number: str) -> WayIn | None:
    """The place that a number opens by itself: nobody else has it, and no PIN was chosen."""
    way = way_of(number)
    return way if way and not way.person.pin and not _is_shared(number) else None


def people_at(number: str) -> list[Person]:
    """Everybody who has this number, for who gives their PIN after it."""
    ways = WayIn.objects.filter(number=number, ended_at=None)
    return list(Person.objects.filter(pk__in=ways.values("person"), merged_into=None))


def _is_shared(number: str) -> bool:
    return WayIn.objects.filter(number=number, ended_at=None, with_pin=True).exists()


def is_quiet(way: WayIn, *, now: datetime) -> bool:
    """A number unused for a season may be somebody else's now: a code alone is not enough."""
    return way.last_used_at < now - QUIET


@transaction.atomic
def begin_anew(number: str, *, now: datetime) -> None:
    """The new owner of a number starts fresh. The place it once opened stays; its key card opens it."""
    way = way_of(number)
    if way and is_quiet(way, now=now):
        WayIn.objects.filter(pk=way.pk).update(ended_at=now)


@dataclass(frozen=True)
class Newcomer:
    """What somebody says about themselves who wants a place."""

    name: str
    picture: str
    age: str
    locale: str
    pin: str = ""
    household: str = ""


def sign_up(
    number: str,
    *,
    name: str,
    picture: str,
    age: str,
    locale: str,
    now: datetime,
    guest: Person | None = None,
    beside: bool = False,
) -> Person:
    """Make a place for a proven number. A guest keeps what they did; a second tap finds the same place.

    `beside` a place that has the number already, the new one opens with it by PIN only; nobody is told so.
    """
    who = Newcomer(name, picture, age, locale)
    try:
        with transaction.atomic():
            one_at_a_time(number)
            if twin := _just_made(people_at(number), who, now):
                return twin
            person = new_place(who, guest=guest, now=now)
            first = way_of(number) if beside else None
            WayIn.objects.create(
                person=person, number=number, with_pin=bool(first), added_at=now, last_used_at=now
            )
            _ask_for_pin(first)
            return person
    except IntegrityError:
        if way := way_of(number):
            return way.person
        raise


@transaction.atomic
def sign_up_here(mark: str, who: Newcomer, *, now: datetime, guest: Person | None = None) -> Person:
    """Make a place without any number: name, picture and PIN open it, on this phone."""
    one_at_a_time(mark)
    if twin := _just_made(phones.people_on(mark, now=now), who, now):
        return twin
    person = new_place(who, guest=guest, now=now)
    phones.remember(person, mark, courses_only=False, now=now)
    return person


def new_place(who: Newcomer, *, guest: Person | None, now: datetime) -> Person:
    """Give somebody a place; a guest keeps what they did. Nobody is in it yet."""
    person = Person.objects.filter(pk=guest.pk, user=None, merged_into=None).first() if guest else None
    person = person or Person(hears=who.locale)
    person.user = User(is_staff=False)
    person.user.set_unusable_password()
    person.user.save()
    person.name, person.picture, person.age, person.reads = tidy(who.name), who.picture, who.age, who.locale
    person.household = UUID(who.household) if who.household else None
    person.save()
    if who.pin:
        pins.choose(person, who.pin, now=now)
    return person


def _just_made(people: Iterable[Person], who: Newcomer, now: datetime) -> Person | None:
    """A second tap on the button is the same wish."""
    said = (tidy(who.name), who.picture)
    recent = (one for one in people if one.made_at > now - SAME_WISH)
    return next((one for one in recent if (one.name, one.picture) == said), None)


@transaction.atomic
def add_number(person: Person, number: str, *, now: datetime, courses_only: bool) -> WayIn:
    """One more number for a place. The old one stays, and the other phones are told.

    If it is somebody else's number too, it opens this place by PIN only; nobody is told so.
    """
    begin_anew(number, now=now)
    way = WayIn.objects.filter(number=number, person=person, ended_at=None).first()
    if not way:
        first = way_of(number)
        way = WayIn.objects.create(
            person=person,
            number=number,
            with_pin=bool(first),
            added_at=now,
            last_used_at=now,
            courses_only=courses_only,
        )
        tell_phones(person, "number-added")
        _ask_for_pin(first)
    elif way.courses_only and not courses_only:
        way.courses_only = False
        way.save(update_fields=["courses_only"])
    return way


def has_new_number(person: Person) -> bool:
    """Did somebody who came in by key card add a number, which waits with the rest?"""
    return WayIn.objects.filter(person=person, ended_at=None, courses_only=True).exists()


def _ask_for_pin(first: WayIn | None) -> None:
    """Now that two have the number, it opens nothing by itself any more."""
    if first and not first.person.pin:
        tell_phones(first.person, "choose-pin")


def tell_phones(person: Person, notice: str) -> None:
    """Every phone of a person shows this until it was read."""
    Device.objects.filter(person=person, revoked_at=None).update(notice=notice)


def waits_for_a_yes(person: Person) -> bool:
    """A key card opened this place, its courses only, and nobody has said since that it was them."""
    cards = KeyCard.objects.filter(person=person, used_at__isnull=False)
    if person.confirmed_at:
        cards = cards.filter(used_at__gt=person.confirmed_at)
    return (
        cards.exists()
        or has_new_number(person)
        or Device.objects.filter(person=person, revoked_at=None, courses_only=True).exists()
    )


@transaction.atomic
def confirm_phone(person: Person, *, now: datetime) -> None:
    """Somebody who knows the person says that the new phone is theirs: everything opens again."""
    Person.objects.filter(pk=person.pk).update(confirmed_at=now)
    WayIn.objects.filter(person=person).update(courses_only=False)
    Device.objects.filter(person=person).update(courses_only=False)
    person.confirmed_at = now


def tidy(name: str) -> str:
    """What somebody wants to be called, without signs that turn the rest of a line around."""
    return " ".join(shown(name).split())[:LONGEST_NAME].strip(JOINERS + " ")


# ── The session ──────────────────────────────────────────────────────────────────────────────────────────


def sign_in(request: Request, person: Person, *, now: datetime, courses_only: bool = False) -> None:
    """Open a person's place in this browser. Whoever was here before is signed out."""
    kept = {name: request.session[name] for name in KEPT if name in request.session}
    login(request, person.user, backend=BACKEND)  # a new session key, and an empty one if it was another's
    request.session.update(kept)
    phones.remember(person, keep_mark(request), courses_only=courses_only, now=now)
    for step in STEPS:
        request.session.pop(step, None)
    request.session.pop("courses_only", None)
    request.session["person"] = str(person.pk)
    request.session["since"] = now.timestamp()
    if courses_only:
        request.session["courses_only"] = now.isoformat()
    request.person, request.courses_only = person, courses_only


def mark_of(request: HttpRequest) -> str:
    """What this browser is known by; empty if nobody ever came in here."""
    mark = request.COOKIES.get(settings.MARK_COOKIE_NAME, "")
    return mark if LONGEST_MARK >= len(mark) >= SHORTEST_MARK else ""


def keep_mark(request: Request) -> str:
    """The mark of this browser; a new one, if it has none."""
    mark = mark_of(request) or getattr(request, "new_mark", "")
    if not mark:
        mark = request.new_mark = phones.new_mark()
    return mark


def come_in(request: Request, way: WayIn, *, now: datetime) -> None:
    """Open the place of a number that was just proven."""
    WayIn.objects.filter(pk=way.pk).update(last_used_at=now)
    sign_in(request, way.person, now=now, courses_only=way.courses_only)


def sign_out(request: HttpRequest) -> None:
    """End the session. What the phone still has to send stays on the phone: nothing there is cleared."""
    logout(request)
