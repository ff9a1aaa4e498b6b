"""What a lesson's forms are sent to when the browser runs no script.

The page they stand in is the same for everybody and carries no token, so this is the one view that asks
the browser instead where the form came from.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assessments import forms
from assessments.marking import NotAnAnswer, mark, right_parts
from assessments.models import Question
from assessments.quiz import Stand
from courses.models import Publication, Rendering
from lms import intake, limits
from lms.models.people import Person
from lms.models.record import Verb
from lms.quizzes import stand_of
from lms.requests import Request

FROM_FORMS = {Verb.ANSWERED, Verb.COMPLETED}


@csrf_exempt
@require_http_methods(["POST"])
def answer(request: Request) -> HttpResponse:
    """Write down one answer, or the end of a lesson, and say what came of it."""
    if not _comes_from_here(request):
        raise Http404
    rendering = Rendering.objects.filter(rev=request.POST.get("rev", "")).first()
    verb = request.POST.get("verb", Verb.ANSWERED)
    if rendering is None or verb not in FROM_FORMS or request.POST.get("about") != str(rendering.page_key):
        raise Http404
    if verb == Verb.COMPLETED:
        if not _write_down(request, rendering, verb, "", None):
            return _too_many(request)
        return redirect(f"{_address(rendering)}#s1")
    return _answer(request, rendering, request.POST.get("block", ""))


def _answer(request: Request, rendering: Rendering, block: str) -> HttpResponse:
    key = rendering.keys.get(block)
    if key is None:
        raise Http404
    response = forms.answer(key["kind"], dict(request.POST.lists()))
    try:
        score = mark(key, response)
    except NotAnAnswer:
        return _tell(request, rendering, block, "unclear", status=422)
    person = _write_down(request, rendering, Verb.ANSWERED, block, response)
    if not person:
        return _too_many(request)
    quiz = stand_of(person, rendering, key["quiz"]) if "quiz" in key else None
    return _tell(request, rendering, block, _told(key, score), response=response, quiz=quiz)


def _told(key: dict, score: float | None) -> str:
    """What is said to an answer; of one that counts, nothing."""
    without_mark = {Question.Kind.SAY: "said", "ticks": "ticked"}
    if key["use"] == Question.Use.SEALED:
        return "said"
    if key["kind"] in without_mark:
        return without_mark[key["kind"]]
    if key["use"] == Question.Use.COUNTS or score is None:
        return "later"
    return "right" if score == 1 else "not-yet"


def _comes_from_here(request: HttpRequest) -> bool:
    """Browsers say where a form was; one too old to say it sends at least the page it was on."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    return origin == here if origin else request.headers.get("Referer", "").startswith(f"{here}/")


def _write_down(
    request: Request, rendering: Rendering, verb: str, block: str, response: dict | None
) -> Person | None:
    """Keep the line, and say whose it is; None when this address has made too many guests in an hour."""
    now = timezone.now()
    person = _whoever(request, now)
    if not person:
        return None
    line = {
        "id": str(_line_id(person, rendering, verb, block, response, now)),
        "seq": 0,
        "verb": verb,
        "about": str(rendering.page_key),
        "block": block or None,
        "rev": rendering.rev,
        "locale": rendering.locale,
        "voice": "",
        "at": now.replace(second=0, microsecond=0).isoformat(),
        "ms": 0,
        "response": response,
    }
    return intake.receive(person, None, [line], sent_at=None, now=now).person


def _whoever(request: Request, now: datetime) -> Person | None:
    """The person of this session; somebody who just learns gets a guest's mark, and can claim it later."""
    if not request.person:
        if not limits.a_guest_more(request, now=now):
            return None
        guest = Person.objects.create(reads=get_language())
        request.session["person"] = str(guest.pk)
        return guest
    return request.person


def _line_id(
    person: Person, rendering: Rendering, verb: str, block: str, response: dict | None, now: datetime
) -> UUID:
    """A UUIDv7 that a second tap on the same button makes again: the minute, and a digest of what is said."""
    minute = int(now.replace(second=0, microsecond=0).timestamp() * 1000)
    said = f"{person.pk} {rendering.rev} {verb} {block} {response}"
    tail = int.from_bytes(hashlib.sha256(said.encode()).digest()[:10]) & ((1 << 74) - 1)
    return UUID(int=minute << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1))


def _tell(
    request: HttpRequest,
    rendering: Rendering,
    block: str,
    told: str,
    *,
    status: int = 200,
    response: dict | None = None,
    quiz: Stand | None = None,
) -> HttpResponse:
    key = rendering.keys[block]
    question = _question(key["question"], rendering.locale) if "question" in key else None
    values = {
        "question": question,
        "kind": key["kind"],
        "told": told,
        "parts": _right_already(question, key, response)
        if question and response and told == "not-yet"
        else [],
        "quiz": quiz,
        "rules": key.get("quiz"),
        "back": _address(rendering),
        "screen": block,
    }
    return render(request, "lms/answered.html", values, status=status)


def _right_already(question: Question, key: dict, response: dict) -> list[str]:
    """What of an answer is right already, in the words of the question."""
    told = {option.id: option.value for option in question.options}
    parts = [name for name in right_parts(key, response) if name in told]
    if key["kind"] == Question.Kind.PAIRS:
        return [f"{told[name]['left']} – {told[name]['right']}" for name in parts]
    if key["kind"] == Question.Kind.ORDER:
        return [f"{response['order'].index(name) + 1} · {told[name]['text']}" for name in parts]
    return [told[name]["text"] for name in parts]


def _too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "lms/answered.html", {"told": "too-many"}, status=429)


def _question(key: str, locale: str) -> Question | None:
    asked = Question.objects.filter(translation_key=key)
    return asked.filter(locale__language_code=locale).first() or asked.first()


def _address(rendering: Rendering) -> str:
    """Where the lesson stands today; its catalogue when it is gone."""
    here = Publication.objects.filter(page_key=rendering.page_key, locale=rendering.locale).first()
    return here.path if here else f"/{rendering.locale}/"
