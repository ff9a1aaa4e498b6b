"""The rooms where trainers read texts aloud and send films."""

from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import any_permission_required, permission_denied, permission_required
from wagtail.snippets.views.snippets import CreateView, EditView

from media import sound, voices
from media.forms import FilmForm, RecordingForm
from media.models import VOICES, Recording
from media.requests import TrainerRequest

STANDINGS = {
    "missing": gettext_lazy("no voice yet"),
    "coming": gettext_lazy("being made small"),
    "failed": gettext_lazy("kept, not made small"),
    "stale": gettext_lazy("the text has changed"),
    "machine": gettext_lazy("read by a machine"),
    "ready": gettext_lazy("can be heard"),
}

trainers_only = any_permission_required("media.add_recording", "media.change_recording")


@trainers_only
@require_http_methods(["GET"])
def index(request: HttpRequest) -> HttpResponse:
    voice, wanted = _voice(request), request.GET.get("show", "")
    everything = voices.lines(voice)
    shown = [line for line in everything if wanted in {"", line.standing}]
    context = {
        "voice": voice,
        "voices": VOICES,
        "show": wanted,
        "filters": [
            (key, name, sum(line.standing == key for line in everything)) for key, name in STANDINGS.items()
        ],
        "how_many": len(everything),
        "places": [
            {"where": where, "lines": [_row(voice, line) for line in group]}
            for where, group in groupby(sorted(shown, key=_where), key=_where)
        ],
    }
    return render(request, "media/voices.html", context)


@trainers_only
@require_http_methods(["GET", "POST"])
def record(request: TrainerRequest) -> HttpResponse:
    """Read one text aloud, or mend the words of what was read."""
    voice = _voice(request)
    line = voices.line(voice, request.GET.get("key", ""))
    if line is None:
        raise Http404
    if request.method == "GET":
        words = line.recording.transcript if line.recording else _first_words(line, voice)
        return _studio(request, voice, line, RecordingForm(initial={"transcript": words}))

    needed = "media.change_recording" if line.recording else "media.add_recording"
    if not request.user.has_perm(needed):
        return _may_not_replace(request)
    form = RecordingForm(request.POST, request.FILES, has_one=line.recording is not None)
    if not form.is_valid():
        if _wants_json(request):
            return JsonResponse({"sentences": _sentences(form)}, status=422)
        return _studio(request, voice, line, form, status=422)
    recording = sound.take(
        line.text.key,
        voice,
        upload=form.cleaned_data["recording"],
        transcript=form.cleaned_data["transcript"],
        read_from=line.text.text,
        now=timezone.now(),
    )
    if _wants_json(request):
        return JsonResponse({"status": reverse("voices:status", args=[recording.pk])})
    messages.success(request, _("The recording is kept. It is being made small for phones."))
    return redirect(_address(voice, line))


@trainers_only
@require_http_methods(["GET"])
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is, for the page that waits for it."""
    recording = get_object_or_404(Recording, pk=pk)
    answer = {
        "state": recording.state,
        "percent": recording.percent,
        "sentence": _(recording.trouble) if recording.trouble else "",
        "sounds": [address for address in (recording.opus, recording.mp3) if address],
        "seconds": round(recording.milliseconds / 1000, 1),
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


@permission_required("media.change_recording")
@require_http_methods(["POST"])
def again(request: HttpRequest, pk: int) -> HttpResponse:
    recording = get_object_or_404(Recording, pk=pk)
    sound.try_again(recording, now=timezone.now())
    return redirect(_record_address(recording.voice, recording.text_key))


@permission_required("media.delete_recording")
@require_http_methods(["POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    recording = get_object_or_404(Recording, pk=pk)
    voice = recording.voice
    sound.forget(recording)
    messages.success(request, _("The recording is gone, here and for phones."))
    return redirect(f"{reverse('voices:index')}?{urlencode({'voice': voice})}")


class InOneBreath:
    """Wagtail's form for a film. The bar of a large upload asks in JSON; without it all is as ever."""

    request: HttpRequest
    expects_json_response = False  # Wagtail's own is for drafts, and keeps its sentences to itself

    def form_valid(self, form: FilmForm) -> HttpResponse:
        """Where to go next, for the script or for the browser."""
        answer = super().form_valid(form)  # ty: ignore[missing-attribute] - of Wagtail's view beside it
        if _wants_json(self.request) and "Location" in answer:
            return JsonResponse({"go": answer["Location"]})
        return answer

    def form_invalid(self, form: FilmForm) -> HttpResponse:
        """What is refused, in sentences."""
        if _wants_json(self.request):
            return JsonResponse({"sentences": _sentences(form)}, status=422)
        return super().form_invalid(form)  # ty: ignore[missing-attribute]


class AddFilm(InOneBreath, CreateView):
    pass


class EditFilm(InOneBreath, EditView):
    pass


def _sentences(form: BaseForm) -> list[str]:
    return [str(one) for all_ in form.errors.values() for one in all_]


def _studio(
    request: HttpRequest, voice: str, line: voices.Line, form: RecordingForm, *, status: int = 200
) -> HttpResponse:
    following = next(
        (one for one in voices.lines(voice) if one.standing == "missing" and one.text.key != line.text.key),
        None,
    )
    recording = line.recording
    context = {
        "form": form,
        "voice": voice,
        "voice_name": dict(VOICES)[voice],
        "row": _row(voice, line),
        "recording": recording,
        "trouble": _(recording.trouble) if recording and recording.trouble else "",
        "following": _address(voice, following) if following else "",
        "suffixes": ",".join(f".{suffix}" for suffix in sorted(sound.SUFFIXES)),
        "words": _studio_words(),
    }
    return render(request, "media/record.html", context, status=status)


def _may_not_replace(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        sentence = _("There is a recording already. Please ask who may replace it.")
        return JsonResponse({"sentences": [sentence]}, status=403)
    return permission_denied(request)


def _studio_words() -> dict[str, str | int]:
    """What the page says while it records; the script itself knows no language."""
    return {
        "longest": int(sound.LONGEST.total_seconds()),
        "ask": _("Please let this page use the microphone."),
        "refused": _(
            "The microphone is closed to this page. Please open it in the browser, or choose a file."
        ),
        "soon": _("Speak in %(seconds)s …"),
        "speak": _("Speak now."),
        "quiet": _("We hear nothing. Is the microphone on?"),
        "taken": _("Recorded. Listen to it, then keep it."),
        "sending": _("Sending …"),
        "shrinking": _("Kept. It is being made small for phones …"),
        "ready": _("Done. It can be heard."),
        "unsent": _("It was not sent. The recording is still on this page: please try again."),
    }


def _row(voice: str, line: voices.Line) -> dict[str, object]:
    return {
        "text": line.text,
        "recording": line.recording,
        "standing": line.standing,
        "standing_words": STANDINGS[line.standing],
        "address": _address(voice, line),
        "sounds": [address for address in (line.recording.opus, line.recording.mp3) if address]
        if line.recording
        else [],
    }


def _first_words(line: voices.Line, voice: str) -> str:
    """The text itself, when it is in the language of the voice."""
    return line.text.text if line.text.language == voice else ""


def _voice(request: HttpRequest) -> str:
    voice = request.GET.get("voice", VOICES[0][0])
    if voice not in dict(VOICES):
        raise Http404
    return voice


def _where(line: voices.Line) -> str:
    return line.text.where


def _address(voice: str, line: voices.Line) -> str:
    return _record_address(voice, line.text.key)


def _record_address(voice: str, key: str) -> str:
    return f"{reverse('voices:record')}?{urlencode({'voice': voice, 'key': key})}"


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
