"""Several people on one phone: who is learning, somebody new, a PIN, a hidden picture, a family."""

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms import households, limits, phones, pins, signin
from lms.models.people import PICTURES, Person
from lms.requests import PlaceRequest, Request
from lms.views.arrive import (
    A_WHILE,
    TRY_LATER,
    guests_here,
    household,
    onward,
    open_place,
    proven,
    take_along,
    wants_a_pin,
)
from lms.views.doors import whole_place
from lms.views.ways_in import AGES, ask_again, pin_trouble, what_is_missing

OPENS_NOTHING = _(
    "This picture, name and PIN open no place on this phone. Please look again. "
    "On a new phone you need your number or your key card."
)
WRONG_PIN = _("This is not your PIN. Please look again.")
NOT_THE_SAME = _("The two PINs are not the same. Please write them once more.")
WAITS = [
    (timedelta(minutes=1), _("Those were many tries. Please wait one minute.")),
    (timedelta(minutes=5), _("Those were many tries. Please wait five minutes.")),
    (timedelta(minutes=30), _("Those were many tries. Please wait half an hour.")),
]
TOMORROW = _("Those were many tries. Please try again tomorrow, or use your number or key card.")
AFTER_A_YES = timedelta(days=7)  # in which a coach's yes allows for a new PIN without the old one


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: Request) -> HttpResponse:
    """Who is learning? The phone shows the faces it knows; here name, picture and PIN open a place."""
    if request.method != "POST":
        return render(request, "lms/who.html", {"pictures": PICTURES})
    now = timezone.now()
    found = _whose(request, now)
    if not isinstance(found, Person):
        typed = {word: request.POST.get(word, "") for word in ("name", "picture")}
        said = {"pictures": PICTURES, "trouble": found, **typed}
        return render(request, "lms/who.html", said, status=422)
    # What a guest did on a shared phone may be somebody else's: it stays where it is.
    signin.sign_in(request, found, now=now)
    take_along(request, found, [], now=now)
    return redirect(onward(request))


def _whose(request: Request, now: datetime) -> Person | Promise:
    here = limits.address(request)
    if not limits.within("pin", here, most=600, per=A_WHILE, now=now):
        return TRY_LATER
    mark, number = signin.mark_of(request), proven(request)
    known = [*phones.people_on(mark, now=now), *(signin.people_at(number) if number else [])]
    try:
        return pins.find(
            {one.pk: one for one in known}.values(),
            name=signin.tidy(request.POST.get("name", "")),
            picture=request.POST.get("picture", ""),
            typed=request.POST.get("pin", ""),
            phone=mark or here,
            now=now,
        )
    except pins.Wait as trouble:
        return wait_words(trouble.until - now)
    except pins.WrongPin:
        return OPENS_NOTHING


def wait_words(left: timedelta) -> Promise:
    """How long to wait, in whole steps."""
    return next((words for step, words in WAITS if left <= step), TOMORROW)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Somebody new on this phone: name, picture, age and PIN; no number is needed."""
    if request.method != "POST":
        signin.keep_mark(request)
        return render(request, "lms/new.html", {"pictures": PICTURES})
    if request.POST.get("age") == AGES[0]:
        return render(request, "lms/young.html")
    if troubles := what_is_missing(request, pin=True):
        return ask_again(request, "lms/new.html", troubles)
    now = timezone.now()
    if not limits.a_guest_more(request, now=now):
        return ask_again(request, "lms/new.html", {"trouble_pin": TRY_LATER})
    guests = guests_here(request)
    who = signin.Newcomer(
        name=request.POST.get("name", ""), picture=request.POST["picture"], age=request.POST["age"],
        locale=get_language(), pin=request.POST["pin"], household=household(request),
    )  # fmt: skip
    mark = signin.keep_mark(request)
    person = signin.sign_up_here(mark, who, now=now, guest=guests[0] if guests else None)
    request.session.pop("household", None)
    open_place(request, person, now=now)
    return redirect(onward(request))


# ── In one's own place ───────────────────────────────────────────────────────────────────────────────────


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: PlaceRequest) -> HttpResponse:
    """Choose a PIN, or another one: with the old one, or after a key card and the coach's yes."""
    needs_old = bool(request.person.pin) and not _coach_said_yes(request)
    asked = {"needs_old": needs_old, "on_the_way_in": wants_a_pin(request)}
    if request.method != "POST":
        return render(request, "lms/pin.html", asked)
    if "later" in request.POST:
        request.session["pin_later"] = True
        return redirect(onward(request))
    if trouble := _pin_stays(request, needs_old=needs_old):
        return render(request, "lms/pin.html", asked | {"trouble": trouble}, status=422)
    if request.person.pin:
        signin.tell_phones(request.person, "pin-changed")
    pins.choose(request.person, request.POST["pin"], now=timezone.now())
    request.session.pop("courses_only", None)  # the yes was for one new PIN
    request.session["told"] = "pin-kept"
    return redirect(onward(request) if asked["on_the_way_in"] else "lms:mine")


def _pin_stays(request: PlaceRequest, *, needs_old: bool) -> Promise | None:
    """Why the PIN is not changed."""
    now = timezone.now()
    if trouble := pin_trouble(request.POST.get("pin", "")):
        return trouble
    if request.POST.get("again") != request.POST.get("pin"):
        return NOT_THE_SAME
    if not needs_old:
        return None
    phone = signin.mark_of(request) or limits.address(request)
    try:
        right = pins.is_right(request.person, request.POST.get("old", ""), phone=phone, now=now)
    except pins.Wait as trouble:
        return wait_words(trouble.until - now)
    return None if right else WRONG_PIN


def _coach_said_yes(request: PlaceRequest) -> bool:
    """This session began with a key card, and somebody who knows the person has said since: it is them."""
    said_yes = request.person.confirmed_at
    by_card = request.session.get("courses_only")
    return bool(
        by_card
        and said_yes
        and said_yes >= datetime.fromisoformat(by_card)
        and said_yes > timezone.now() - AFTER_A_YES
    )


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def hidden(request: PlaceRequest) -> HttpResponse:
    """Shall this picture stand among the faces on the phone?"""
    if request.method != "POST":
        return render(request, "lms/hidden.html")
    if request.person.pin:
        request.person.hidden = request.POST.get("hidden") == "yes"
        request.person.save(update_fields=["hidden"])
    return redirect("lms:mine")


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: PlaceRequest) -> HttpResponse:
    """Hand the phone to somebody of the family: a place of their own begins, and this one is closed."""
    if request.method != "POST":
        return render(request, "lms/family.html")
    now = timezone.now()
    label, code = households.invite(request.person, now=now)
    signin.sign_out(request)
    request.session["household"] = {"uid": str(label), "at": now.isoformat()}
    if code:
        request.session["invited"] = code
    return redirect("lms:new")
