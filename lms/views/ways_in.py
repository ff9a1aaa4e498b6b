"""The way in, one question a page. Each page can be opened at any time, in any order, twice."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses.outline import for_everybody, shelf
from lms import cards, limits, numbers, pins, reception, signin
from lms.models.people import PICTURES, CodeSent, Person, WayIn
from lms.requests import PlaceRequest, Request, uid
from lms.signin import Outcome
from lms.views.arrive import (
    A_WHILE,
    TRY_LATER,
    guests_here,
    onward,
    open_place,
    proven,
    remember,
    take_along,
)
from lms.views.doors import has_place, own_place, safe

JUST_NOW = timedelta(minutes=1)  # a message that was sent within it may still be on its way
LATE = timedelta(minutes=1)  # a message that has not left by now is late
AGES = reception.AGES

NOT_A_NUMBER = _("Please look at the number again. It is the number of a mobile phone, like 0300 1234567.")
NOT_SERVED = _("We cannot send messages to this country yet. You can learn without a number.")
TOO_MANY_CODES = _("This number had many messages today. Please try again tomorrow, or use your key card.")
NO_MORE_TODAY = _("No more messages can go out today. Please try again tomorrow, or use your key card.")
CODE_WORDS = {
    Outcome.WRONG: _("This is not the code of the newest message. Please look again."),
    Outcome.EXPIRED: _("This code is too old. Please ask for a new one."),
    Outcome.TOO_MANY: _("Those were many tries. Please ask for a new code."),
}
SENT_WORDS = {
    "anew": _("A new code was sent. Only the newest one opens."),
    "just-now": _("The code was just sent. Please wait a minute."),
}
NOT_A_PIN = _("A PIN has 4, 5 or 6 digits.")
TOO_EASY = _("This PIN is easy to guess. Please choose other digits.")
WRONG_CARD = _("This card does not open. Please look at the 12 numbers again, or ask your trainer.")


@require_http_methods(["GET", "HEAD"])
def choose_language(request: HttpRequest) -> HttpResponse:
    """The first page of all, the same for everybody."""
    with override(settings.READING[0]):
        return render(request, "lms/languages.html", {"languages": settings.READING})


@require_http_methods(["GET", "HEAD"])
def healthy(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: the process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest) -> HttpResponse:
    """Just learn, or keep a place: two equal ways."""
    if onward := safe(request.GET.get("next", "")):
        request.session["next"] = onward
    return render(request, "lms/start.html", {"lessons": bool(for_everybody(shelf(get_language())))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def number(request: Request, *, adding: bool = False) -> HttpResponse:
    """Which number gets the code?"""
    if request.method != "POST":
        if not adding:
            request.session["anew"] = "new" in request.GET
        said = reception.number_to_prove(request.person) if adding and request.person else ""
        asked = {"adding": adding, "again": "again" in request.GET, "typed": said}
        return render(request, "lms/number.html", asked)
    typed = request.POST.get("number", "")
    if trouble := _send_code(request, typed):
        return render(
            request, "lms/number.html", {"adding": adding, "typed": typed, "trouble": trouble}, status=422
        )
    return redirect("lms:own-code" if adding else "lms:code")


def _send_code(request: HttpRequest, typed: str) -> Promise | None:
    """Ask for a code and remember the number; or say what is in the way."""
    now = timezone.now()
    if not limits.within("ask", limits.address(request), most=300, per=A_WHILE, now=now):
        return TRY_LATER
    try:
        to = numbers.normalise(typed)
        signin.ask_for_code(to, locale=get_language(), now=now)
    except numbers.CountryNotServed:
        return NOT_SERVED
    except numbers.NotANumber:
        return NOT_A_NUMBER
    except signin.TooManyCodes:
        return TOO_MANY_CODES
    except signin.NoMoreCodesToday:
        return NO_MORE_TODAY
    request.session["number"] = to
    return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """The six digits. On another phone than the one that asked, the number is asked for as well."""
    if request.method != "POST":
        return render(request, "lms/code.html", _about_code(request))
    if "anew" in request.POST:
        return _code_anew(request)
    to, outcome = _enter_code(request)
    if outcome is Outcome.USED:
        return redirect("lms:again")  # a second tap: this browser may be in already
    if outcome is not Outcome.RIGHT:
        return render(request, "lms/code.html", _about_code(request, outcome), status=422)
    return _number_is_proven(request, to)


def _code_anew(request: HttpRequest, *, adding: bool = False) -> HttpResponse:
    """One more message to the same number; where that is unknown, it is asked for."""
    now = timezone.now()
    page = "lms:own-code" if adding else "lms:code"
    to = request.session.get("number", "")
    if not to:
        return redirect("lms:own-number" if adding else "lms:number")
    last = signin.last_message(to, now=now)
    if last and last.made_at > now - JUST_NOW and last.state != CodeSent.State.FAILED:
        return redirect(f"{reverse(page)}?just-now")
    if trouble := _send_code(request, to):
        said = {**_about_code(request, trouble), "adding": adding}
        return render(request, "lms/code.html", said, status=422)
    return redirect(f"{reverse(page)}?anew")


def _enter_code(request: HttpRequest) -> tuple[str, Outcome | Promise]:
    now = timezone.now()
    if not limits.within("enter", limits.address(request), most=600, per=A_WHILE, now=now):
        return "", TRY_LATER
    to = request.session.get("number", "")
    if typed := request.POST.get("number", "").strip():
        try:
            to = numbers.normalise(typed)
        except (numbers.NotANumber, numbers.CountryNotServed):
            return "", NOT_A_NUMBER
    return to, signin.enter_code(to, request.POST.get("code", ""), now=now)


def _about_code(request: HttpRequest, trouble: Outcome | Promise | None = None) -> dict[str, object]:
    now = timezone.now()
    to = request.session.get("number", "")
    sent = signin.last_message(to, now=now) if to else None
    return {
        "number": to,
        "typed": request.POST.get("number", ""),
        "late": sent and _is_late(sent, now),
        "sent": next((words for when, words in SENT_WORDS.items() if when in request.GET), ""),
        "trouble": CODE_WORDS.get(trouble, trouble) if trouble else None,
    }


def _is_late(sent: CodeSent, now: datetime) -> bool:
    waits = sent.state == CodeSent.State.WAITING and sent.made_at < now - LATE
    return waits or sent.state == CodeSent.State.FAILED


def _number_is_proven(request: Request, to: str) -> HttpResponse:
    now = timezone.now()
    way = _opened_by(request, to)
    if way and not signin.is_quiet(way, now=now):
        return _come_in(request, way, now=now)
    request.session["proven"] = {"number": to, "at": now.isoformat()}
    return redirect("lms:quiet" if way else "lms:you")


def _opened_by(request: Request, number: str) -> WayIn | None:
    """The place that this number opens; none for who has said that they are new here."""
    return None if request.session.get("anew") else signin.opened_by(number)


def _come_in(request: Request, way: WayIn, *, now: datetime) -> HttpResponse:
    guests = guests_here(request)
    signin.come_in(request, way, now=now)
    take_along(request, way.person, guests, now=now)
    return redirect(onward(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiet(request: Request) -> HttpResponse:
    """A proven number that was unused for long: the key card opens its place, or a new one begins."""
    to = proven(request)
    if not to:
        return _from_the_beginning(request)
    now = timezone.now()
    way = _opened_by(request, to)
    if way and not signin.is_quiet(way, now=now):
        return _from_the_beginning(request)
    if way and request.method != "POST":
        return render(request, "lms/quiet.html")
    signin.begin_anew(to, now=now)
    return redirect("lms:you")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def you(request: Request) -> HttpResponse:
    """What to be called, a picture, an age; then the place is there."""
    to = proven(request)
    if not to:
        return _from_the_beginning(request)
    if _opened_by(request, to):  # a second tap, or a second tab
        return _number_is_proven(request, to) if request.method == "POST" else redirect("lms:quiet")
    if request.method != "POST":
        return render(request, "lms/you.html", {"pictures": PICTURES})
    if request.POST.get("age") == AGES[0]:
        return _too_young(request, to)
    if troubles := what_is_missing(request, pin=False):
        return ask_again(request, "lms/you.html", troubles)
    return _sign_up(request, to)


def _sign_up(request: Request, to: str) -> HttpResponse:
    now = timezone.now()
    signin.begin_anew(to, now=now)  # a number that was quiet is theirs alone
    guests = guests_here(request)
    person = signin.sign_up(
        to, name=request.POST.get("name", ""), picture=request.POST["picture"], age=request.POST["age"],
        locale=get_language(), now=now, guest=guests[0] if guests else None,
        beside=bool(signin.way_of(to)),
    )  # fmt: skip
    open_place(request, person, now=now)
    return redirect(onward(request))


def what_is_missing(request: HttpRequest, *, pin: bool) -> dict[str, object]:
    """What must be said once more before there can be a place: a sentence for each."""
    troubles: dict[str, object] = {}
    if request.POST.get("picture") not in dict(PICTURES):
        troubles["trouble_picture"] = True
    if request.POST.get("age") not in AGES:
        troubles["trouble_age"] = True
    if pin and (words := pin_trouble(request.POST.get("pin", ""))):
        troubles["trouble_pin"] = words
    return troubles


def pin_trouble(typed: str) -> Promise | None:
    """Why these digits are no PIN to choose."""
    try:
        pins.read(typed)
    except pins.NotAPin:
        return NOT_A_PIN
    except pins.TooEasy:
        return TOO_EASY
    return None


def ask_again(request: HttpRequest, page: str, troubles: dict[str, object]) -> HttpResponse:
    """The same page, with what was said already. A PIN is never written back."""
    said = {word: request.POST.get(word, "") for word in ("name", "age", "picture")}
    return render(request, page, {"pictures": PICTURES, **said, **troubles}, status=422)


def _too_young(request: HttpRequest, to: str) -> HttpResponse:
    """Nothing is kept: no name, no number."""
    signin.forget(to)
    for step in signin.STEPS:
        request.session.pop(step, None)
    return render(request, "lms/young.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request) -> HttpResponse:
    """Twelve digits: typed, or taken out of the address by `card.mjs`."""
    if request.method != "POST":
        return render(request, "lms/card_in.html", {"languages": settings.READING})
    now = timezone.now()
    typed = request.POST.get("card", "")
    try:
        person = _open_card(request, typed, now=now)
    except cards.UsedCard:
        return redirect("lms:again")
    except cards.WrongCard:
        return _card_again(request, typed, WRONG_CARD, 422)
    except cards.NobodyYet:
        return _ask_who(request, typed, uuid4())
    if person is None:
        return _card_again(request, typed, TRY_LATER, 429)
    return _home(request, person)


def _open_card(request: Request, typed: str, *, now: datetime) -> Person | None:
    if not _may_try_a_card(request, now=now):
        return None
    person = cards.open_with(typed, now=now)
    known = has_place(request) and request.person.pk == person.pk and not request.courses_only
    _wake_number(request, person, now=now)
    open_place(request, person, now=now, courses_only=not known and signin.waits_for_a_yes(person))
    return person


def _may_try_a_card(request: Request, *, now: datetime) -> bool:
    by_address = limits.within("card", limits.address(request), most=100, per=A_WHILE, now=now)
    return limits.within("card", "everybody", most=1000, per=A_WHILE, now=now) and by_address


def _home(request: Request, person: Person) -> HttpResponse:
    """On in the language that they read, and with the voice that they hear."""
    with override(person.reads if person.reads in settings.READING else get_language()):
        answer = redirect(onward(request))
    return remember(answer, reads=person.reads, hears=person.hears)


def _card_again(request: HttpRequest, typed: str, trouble: Promise, status: int) -> HttpResponse:
    said = {"typed": typed, "trouble": trouble, "languages": settings.READING}
    return render(request, "lms/card_in.html", said, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_card(request: Request) -> HttpResponse:
    """A card from a course room: whoever uses it first makes the place that it opens.

    The card and an id of the form stand in the page, so that a second tap finds the place of the first.
    """
    typed, form = request.POST.get("card", ""), uid(request.POST.get("form"))
    if not form:
        return redirect("lms:card-in")
    said, still_open = reception.heard(request.POST)
    if said.age == reception.TOO_YOUNG:
        return render(request, "lms/young.html")
    if still_open:
        return _ask_who(request, typed, form, still_open=still_open)
    now = timezone.now()
    if not _may_try_a_card(request, now=now):
        return _card_again(request, typed, TRY_LATER, 429)
    guests = guests_here(request)
    try:
        person = reception.move_in(typed, form, said, guest=guests[0] if guests else None, now=now)
    except cards.UsedCard:
        return redirect("lms:again")
    except cards.WrongCard:
        return _card_again(request, typed, WRONG_CARD, 422)
    open_place(request, person, now=now)
    return _home(request, person)


def _ask_who(request: Request, typed: str, form: UUID, *, still_open: Collection[str] = ()) -> HttpResponse:
    """The form of a new place; what was answered before stands in it."""
    here = get_language() if get_language() in settings.READING else settings.READING[0]
    asked = {
        "reads": here,
        "hears": here,
        **request.POST.dict(),
        "first_card": typed,
        "form": form,
        "pictures": PICTURES,
        "read_in": settings.READING,
        "hear_in": settings.HEARING,
        "trouble_picture": "picture" in still_open,
        "trouble_age": "age" in still_open,
    }
    return render(request, "lms/you.html", asked, status=422 if still_open else 200)


def _wake_number(request: Request, person: Person, *, now: datetime) -> None:
    """A quiet number that was proven, and then the card of the same place: the number opens courses again."""
    way = signin.way_of(proven(request))
    if way and way.person_id == person.pk:
        WayIn.objects.filter(pk=way.pk).update(last_used_at=now, courses_only=True)


@never_cache
@require_http_methods(["GET", "HEAD"])
def again(request: Request) -> HttpResponse:
    """A code or card that was used a moment ago: by a second tap, or by somebody else."""
    if has_place(request):
        return redirect(onward(request))
    if to := proven(request):
        return redirect("lms:quiet" if _opened_by(request, to) else "lms:you")
    return render(request, "lms/again.html")


@own_place
@require_http_methods(["GET", "HEAD", "POST"])
def own_number(request: PlaceRequest) -> HttpResponse:
    """One more number for a place."""
    return number(request, adding=True)


@own_place
@require_http_methods(["GET", "HEAD", "POST"])
def own_code(request: PlaceRequest) -> HttpResponse:
    """The code that proves the new number."""
    if request.method != "POST":
        return render(request, "lms/code.html", {**_about_code(request), "adding": True})
    if "anew" in request.POST:
        return _code_anew(request, adding=True)
    to, outcome = _enter_code(request)
    if outcome is Outcome.USED:
        return redirect("lms:mine")
    if outcome is not Outcome.RIGHT:
        return render(request, "lms/code.html", {**_about_code(request, outcome), "adding": True}, status=422)
    now = timezone.now()
    way = signin.add_number(request.person, to, now=now, courses_only=bool(request.courses_only))
    signin.come_in(request, way, now=now)
    request.session["told"] = "number-added"
    return redirect("lms:mine")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, to a page that tells nothing. What waits on the phone stays on the phone."""
    if request.method != "POST":
        return render(request, "lms/leave.html")
    signin.sign_out(request)
    return redirect(f"/{get_language()}/")


def _from_the_beginning(request: Request) -> HttpResponse:
    """A page of the way in without what comes before it: the session ended, or this is a second tap."""
    return redirect("lms:mine") if has_place(request) else redirect(f"{reverse('lms:number')}?again")
