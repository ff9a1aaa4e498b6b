"""Yes, no or later: one purpose a page, three equal answers, and all of them open to change on any day."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_http_methods

from lms import consent, intake
from lms.consent import WORDINGS
from lms.models.consent import ConsentEntry
from lms.requests import PlaceRequest
from lms.views.arrive import onward
from lms.views.doors import whole_place

ANSWERS = (ConsentEntry.Answer.YES, ConsentEntry.Answer.NO, ConsentEntry.Answer.LATER)


@whole_place
@require_http_methods(["GET", "HEAD"])
def answers(request: PlaceRequest) -> HttpResponse:
    """What was answered so far; or the first question that was never asked."""
    if open_questions := consent.still_to_ask(request.person):
        return redirect("lms:question", open_questions[0].purpose)
    said = [(_spoken(one), consent.last_answer(request.person, one.purpose)) for one in WORDINGS.values()]
    return render(request, "lms/answers.html", {"said": said})


@whole_place
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: PlaceRequest, purpose: str) -> HttpResponse:
    """One question, who would see it, and three buttons of one size."""
    wording = WORDINGS.get(purpose)
    if not wording:
        raise Http404
    said = request.POST.get("answer")
    if said not in ANSWERS or request.POST.get("version") != str(wording.version):
        return render(request, "lms/question.html", _about(request, wording))
    asked_first_time = wording in consent.still_to_ask(request.person)
    _write_down(request, wording, said)
    return redirect(onward(request) if asked_first_time else "lms:consent")


def _about(request: PlaceRequest, wording: consent.Wording) -> dict[str, object]:
    purposes = [one.purpose for one in WORDINGS.values() if one.at_first]
    at = purposes.index(wording.purpose) if wording.at_first else 0
    steps = ["done"] * at + ["now"] + [""] * (len(purposes) - at - 1) if wording.at_first else []
    now_said = consent.last_answer(request.person, wording.purpose)
    return {
        "asked": _spoken(wording),
        "steps": steps,
        "at": at + 1,
        "of": len(purposes),
        "now_said": now_said,
    }


def _spoken(wording: consent.Wording) -> dict[str, object]:
    """The words, with the keys under which their recordings are filed: the English sentences."""
    with override(None):
        keys = {"key": f"ui:{wording.sentence}", "sees_key": f"ui:{wording.sees}"}
    return {"purpose": wording.purpose, "version": wording.version, "sentence": wording.sentence,
            "sees": wording.sees, **keys}  # fmt: skip


def _write_down(request: PlaceRequest, wording: consent.Wording, said: str) -> None:
    now = timezone.now()
    consent.answer(
        request.person, wording.purpose, ConsentEntry.Answer(said), at=now, locale=get_language(),
        voice=request.person.hears, heard=request.POST.get("heard") == "yes",
    )  # fmt: skip
    if said != ConsentEntry.Answer.LATER:
        intake.look_again(request.person, now=now)
