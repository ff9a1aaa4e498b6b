"""A person's own place: how far they are, and everything that is theirs to see and change."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import outline
from lms import cards, phones, privacy, reception, signin, standings, waiting
from lms.models.people import Person, WayIn
from lms.requests import PlaceRequest, Request, uid
from lms.views.arrive import remember
from lms.views.doors import has_place, whole_place
from media import voices

DIGITS = {"en", "ur"}  # 123 or ۱۲۳, whatever the language
NOTICES = {
    "card-used": _("Your key card was used on a phone. Was it not you? Please call your coach."),
    "number-added": _("A new number was added to your place. Was it not you? Please call your coach."),
    "pin-changed": _("Your PIN was changed. Was it not you? Please call your coach."),
    "choose-pin": _("Please choose a PIN. You need it when you come in with your number."),
}
TOLD = {
    "number-added": _("Your new number is added."),
    "pin-kept": _("Your PIN is kept. Tell it to nobody."),
    "joined": _("You have joined. Welcome."),
    "way-ended": _("Your list is closed. Lessons and your place stay open. All the best!"),
    "not-invited": _("Your invitation was used up or too old. Please ask who gave it to you for a new one."),
}


@dataclass(frozen=True)
class Heard:
    """A sentence, and by which key it is heard."""

    key: str
    words: str


@dataclass(frozen=True)
class Way:
    """How far somebody is on one course."""

    title: str
    url: str
    done: int
    of: int
    steps: list[str]


@never_cache
def mine(request: Request) -> HttpResponse:
    """Salaam, and the way so far. A guest sees it too."""
    if not request.person:
        return redirect("lms:start")
    said = {"ways": ways_of(request.person, outline.shelf(get_language())), "has_place": has_place(request)}
    if not request.courses_only:
        said["waits"] = [(one, _heard(gettext_lazy(one.sentence))) for one in _waiting(request.person)]
        said["notices"] = _notices(request.person)
        said["number_to_prove"] = reception.number_to_prove(request.person)
    elif has_place(request):
        said["has_new_number"] = signin.has_new_number(request.person)
    if told := TOLD.get(request.session.pop("told", "")):
        said["told"] = _heard(told)
    return render(request, "lms/mine.html", said)


def ways_of(person: Person, courses: Iterable[outline.CourseCard]) -> list[Way]:
    """Every course with its lessons as steps: done, the next one, and those to come. One query.

    What coaches learn is among them once somebody has done a lesson of it.
    """
    done = {lesson for lesson, so_far in standings.standings_of(person).items() if so_far.done_at}
    ways = [(course, _way(course, done)) for course in courses]
    return [way for course, way in ways if way.done or not course.for_coaches]


def _way(course: outline.CourseCard, done: set[str]) -> Way:
    lessons = course.lessons
    following = next((lesson for lesson in lessons if lesson.key not in done), None)
    steps = ["done" if lesson.key in done else "now" if lesson is following else "" for lesson in lessons]
    url = following.url if following else course.url
    return Way(course.title, url, done=steps.count("done"), of=len(lessons), steps=steps)


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: PlaceRequest) -> HttpResponse:
    """A new key card, shown this once. Only the button makes one: looking at the page changes nothing."""
    if request.method != "POST":
        return render(request, "lms/card.html", {"has_one": cards.has_one(request.person)})
    code = cards.issue(request.person, now=timezone.now())
    shown = {"groups": cards.groups(code), "qr": cards.qr(code), "address": cards.page()}
    return render(request, "lms/card_new.html", shown)


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def my_phones(request: PlaceRequest) -> HttpResponse:
    """Which phones know this place; one of them can be shut out."""
    if request.method == "POST":
        return _close(request, phone) if (phone := uid(request.POST.get("phone"))) else _have_read(request)
    said = {
        "phones": phones.phones_of(request.person),
        "here": phones.known_here(request.person, signin.mark_of(request)),
        "zone": request.person.time_zone,
        "numbers": WayIn.objects.filter(person=request.person, ended_at=None).order_by("added_at"),
        "notices": _notices(request.person),
    }
    return render(request, "lms/phones.html", said)


def _close(request: PlaceRequest, phone: UUID) -> HttpResponse:
    """Whoever closes the phone in their hand is out at once."""
    here = phones.known_here(request.person, signin.mark_of(request))
    phones.revoke(request.person, phone, now=timezone.now())
    if not here or here.pk != phone:
        return redirect("lms:phones")
    signin.sign_out(request)
    return redirect(f"/{get_language()}/")


def _have_read(request: PlaceRequest) -> HttpResponse:
    signin.tell_phones(request.person, "")
    return redirect("lms:phones")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: Request) -> HttpResponse:
    """In which language to read, and in which to hear, for everybody; in Urdu, also how to write numbers."""
    if request.method != "POST":
        said = {"read_in": settings.READING, "hear_in": settings.HEARING, **_languages(request)}
        if get_language() == "ur":
            said["digits"] = request.COOKIES.get("digits", "en")
        return render(request, "lms/voice.html", said)
    reads, hears = request.POST.get("reads", ""), request.POST.get("hears", "")
    if reads not in settings.READING or hears not in settings.HEARING:
        return redirect("lms:voice")
    if request.person:
        Person.objects.filter(pk=request.person.pk).update(reads=reads, hears=hears)
    with override(reads):
        answer = redirect("lms:mine" if request.person else f"/{reads}/")
    return remember(answer, reads=reads, hears=hears, digits=_digits(request))


def _digits(request: Request) -> str:
    said = request.POST.get("digits", "")
    return said if said in DIGITS else ""


def _languages(request: Request) -> dict[str, str]:
    if request.person:
        return {"reads": get_language(), "hears": request.person.hears}
    return {"reads": get_language(), "hears": request.COOKIES.get("hears", get_language())}


@whole_place
@require_http_methods(["GET", "HEAD"])
def data(request: PlaceRequest) -> HttpResponse:
    """What is kept here about the person, and how to take a copy."""
    return render(request, "lms/data.html")


@whole_place
@require_http_methods(["POST"])
def data_copy(request: PlaceRequest) -> HttpResponse:
    """Everything, in a file whose name tells nothing."""
    answer = JsonResponse(
        privacy.export(request.person), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    answer["Content-Disposition"] = 'attachment; filename="hamrah.json"'
    return answer


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: PlaceRequest) -> HttpResponse:
    """Ask once more, then forget everything about whoever asks it."""
    if request.method != "POST":
        return render(request, "lms/forget.html")
    person = request.person
    signin.sign_out(request)
    privacy.erase(person, now=timezone.now())
    return render(request, "lms/forgotten.html")


def _waiting(person: Person) -> list[waiting.Waits]:
    """What waits for somebody who has a place of their own."""
    return waiting.waits_for(person, now=timezone.now()) if person.user_id else []


def _notices(person: Person) -> list[Heard]:
    said = set(phones.phones_of(person).values_list("notice", flat=True))
    return [_heard(sentence) for notice, sentence in NOTICES.items() if notice in said]


def _heard(sentence: Promise) -> Heard:
    with override(None):
        key = voices.sentence(str(sentence))
    return Heard(key, str(sentence))
