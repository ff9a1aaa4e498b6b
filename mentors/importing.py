"""Many people or coaches are taken in from a list: first looked through, then all good lines or chosen ones.

A line does its work once, however often it is sent. Each is taken in by itself, so a line that breaks loses
nothing, and pressing again goes on where it stopped.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from lms import cards, reception, sheets, staff
from lms.requests import StaffRequest, uid
from mentors import access, coaches, lists
from mentors.models.coaching import CoachProfile
from mentors.models.lists import ListKey, ListUpload
from mentors.views import for_staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lms.models.people import User
    from lms.models.programme import Programme

View = Callable[..., HttpResponse]
ON_A_PAGE = 100
ON_PAPER = 500
AT_ONCE = 500  # lines taken in with one press
NEW, CHANGED, KNOWN, ERROR = "new", "changed", "known", "error"
STATES = (NEW, CHANGED, KNOWN, ERROR)

GONE = _("This list is not here any more. Please bring it again.")
CHOOSE_LINES = _("Please choose at least one line.")
CHOOSE_KIND = _("Please choose what the list is about.")
NO_CARDS = _("Nobody on this page was taken in by you within the last hour, with a card that still opens.")
OTHER_NAME = _("Please choose another user name.")
SAME_NAME = _("The user name of this key is another one.")


@dataclass(frozen=True)
class Judged:
    """A line of a list, and what would become of it."""

    line: lists.Line
    state: str
    trouble: Promise | str = ""

    @property
    def is_good(self) -> bool:
        return self.state in (NEW, CHANGED)


def for_lists(view: View) -> View:
    """For coordinators and leads, with one of their programmes. For others there is no such page."""

    @for_staff
    @wraps(view)
    def guarded(request: StaffRequest, programme: UUID) -> HttpResponse:
        there = next((one for one in access.receives_for(request.user) if one.pk == programme), None)
        if there is None:
            raise Http404
        return view(request, there)

    return guarded


@for_lists
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Bring a list, look through it, take people in. `show=people` and `show=coaches` are for paper."""
    if request.method == "POST":
        return _ACTS.get(request.POST.get("act", ""), _bring)(request, programme)
    if request.GET.get("show") == "people":
        return _print(request, programme)
    if request.GET.get("show") == "coaches":
        return _ways_in(request, programme)
    return _page(request, programme)


# ── What would become of each line ───────────────────────────────────────────────────────────────────────


def judge(read: lists.Read, kind: str, programme: "Programme") -> list[Judged]:
    """Every line, with what would become of it now. Nothing is written."""
    if kind == ListKey.Kind.PEOPLE:
        return _judge_people(read.lines, programme)
    return _judge_coaches(read.lines, programme)


def _judge_people(lines: Iterable[lists.Line], programme: "Programme") -> list[Judged]:
    known = access.listed_people(programme)
    return [_judge_person(line, known.get(line.key)) for line in lines]


def _judge_person(line: lists.Line, there: access.Listed | None) -> Judged:
    if line.trouble:
        return Judged(line, ERROR, line.trouble)
    if there and (there.been or there.said == line.said):
        return Judged(line, KNOWN)
    return Judged(line, CHANGED if there else NEW)


def _judge_coaches(lines: Iterable[lists.Line], programme: "Programme") -> list[Judged]:
    known = access.listed_coaches(programme)
    taken = access.names_in_use(line.said["username"] for line in lines if line.said)
    offers = {one.coach_id: one for one in CoachProfile.objects.filter(programme=programme, ended_at=None)}
    return [_judge_coach(line, known.get(line.key), taken, offers) for line in lines]


def _judge_coach(
    line: lists.Line, there: "User | None", taken: set[str], offers: dict[int, CoachProfile]
) -> Judged:
    if line.trouble:
        return Judged(line, ERROR, line.trouble)
    if not there:
        name = line.said["username"]
        return Judged(line, ERROR, OTHER_NAME) if name in taken else Judged(line, NEW)
    if there.username != line.said["username"]:
        return Judged(line, ERROR, SAME_NAME)
    offer = offers.get(there.pk)
    if there.last_login or not offer or _offers_the_same(offer, there, line.said):
        return Judged(line, KNOWN)
    return Judged(line, CHANGED)


def _offers_the_same(offer: CoachProfile, coach: "User", said: dict[str, object]) -> bool:
    offered = {name: getattr(offer, name) for name in _offer(said)}
    return coach.first_name == said["first_name"] and offered == _offer(said)


def _offer(said: dict[str, object]) -> dict[str, object]:
    """What of a line is the offer of a coach."""
    return {name: value for name, value in said.items() if name not in ("username", "first_name")}


# ── What can be done ─────────────────────────────────────────────────────────────────────────────────────


def _bring(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """A file has come: it is read once, to refuse what is no list, and waits."""
    kind, file = request.POST.get("kind", ""), request.FILES.get("list")
    if kind not in ListKey.Kind.values:
        return _page(request, programme, trouble=CHOOSE_KIND)
    if file and (file.size or 0) > lists.LARGEST:
        return _page(request, programme, trouble=lists.TOO_LARGE)
    content = file.read() if file else b""
    try:
        lists.read(content, kind, country=programme.country)
    except lists.NotAList as error:
        return _page(request, programme, trouble=str(error))
    with transaction.atomic():
        _uploads(request, programme).delete()
        ListUpload.objects.create(
            programme=programme, by=request.user, kind=kind, content=content, at=timezone.now()
        )
    return redirect("mentors:lists", programme.pk)


def _take(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Take in all good lines, so many at once, or those that were chosen."""
    upload = _uploads(request, programme).filter(pk=uid(request.POST.get("list"))).first()
    if upload is None:
        return _page(request, programme, trouble=GONE)
    good = [one.line for one in _judged(upload, programme)[1] if one.is_good]
    if request.POST["act"] == "chosen":
        numbers = set(request.POST.getlist("line"))
        good = [line for line in good if str(line.number) in numbers]
        if not numbers:
            return _page(request, programme, trouble=CHOOSE_LINES)
    verb = _take_person if upload.kind == ListKey.Kind.PEOPLE else _take_coach
    done = sum(verb(request, programme, upload, line) for line in good[:AT_ONCE])
    kept = {name: request.POST[name] for name in ("page", "only") if request.POST.get(name)}
    return redirect(f"{reverse('mentors:lists', args=[programme.pk])}?{urlencode({'done': done, **kept})}")


def _cards(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """First cards for those on this page whom this list took in within the hour, each with its key."""
    upload = _uploads(request, programme).filter(pk=uid(request.POST.get("list"))).first()
    if upload is None:
        return _page(request, programme, trouble=GONE)
    shown = _only(_judged(upload, programme)[1], request.POST.get("only", ""))
    page = Paginator(shown, ON_A_PAGE).get_page(request.POST.get("page"))
    forms = {one.line.key: uuid5(upload.pk, one.line.key) for one in page if one.state == KNOWN}
    found = reception.first_cards(forms, by=request.user, now=timezone.now())
    if not found:
        return _page(request, programme, trouble=NO_CARDS)
    ends_on = (timezone.now() + reception.UNUSED_FOR).date()
    drawn = sheets.draw(found.values(), room=programme.name, ends_on=ends_on, keys=list(found))
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="key-cards.pdf"'
    return answer


def _take_person(request: StaffRequest, programme: "Programme", upload: ListUpload, line: lists.Line) -> bool:
    said = reception.Said(picture="", hears=line.said["reads"], **line.said)
    form = uuid5(upload.pk, line.key)
    return access.take_in_listed(request.user, programme.pk, line.key, form, said, now=timezone.now())


@transaction.atomic
def _take_coach(request: StaffRequest, programme: "Programme", upload: ListUpload, line: lists.Line) -> bool:
    name, called = line.said["username"], line.said["first_name"]
    coach = access.take_on_listed(request.user, programme.pk, line.key, name, called, now=timezone.now())
    if coach:
        coaches.offer(coach, programme, _offer(line.said))
    return coach is not None


def _drop(request: StaffRequest, programme: "Programme") -> HttpResponse:
    _uploads(request, programme).delete()
    return redirect("mentors:lists", programme.pk)


_ACTS: dict[str, Callable[[StaffRequest, "Programme"], HttpResponse]] = {
    "bring": _bring,
    "all": _take,
    "chosen": _take,
    "cards": _cards,
    "drop": _drop,
}


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────


def _page(request: StaffRequest, programme: "Programme", *, trouble: Promise | str = "") -> HttpResponse:
    upload = _uploads(request, programme).first()
    values = {
        "programme": programme,
        "upload": upload,
        "kinds": ListKey.Kind.choices,
        "columns": [(kind, _columns(kind)) for kind in ListKey.Kind],
        "trouble": trouble,
        "done": reception.how_many(request.GET.get("done", ""), most=AT_ONCE),
        "at_once": AT_ONCE,
        "reads": settings.READING,
        "receives": True,
        **(_preview(request, programme, upload) if upload else {}),
    }
    return render(request, "mentors/lists/room.html", values, status=422 if trouble else 200)


def _preview(request: StaffRequest, programme: "Programme", upload: ListUpload) -> dict[str, object]:
    read, judged = _judged(upload, programme)
    count = Counter(one.state for one in judged)
    only = request.GET.get("only", "")
    return {
        "read": read,
        "counts": [(state, count[state]) for state in STATES],
        "good": count[NEW] + count[CHANGED],
        "only": only,
        "page": Paginator(_only(judged, only), ON_A_PAGE).get_page(request.GET.get("page")),
    }


def _only(judged: list[Judged], state: str) -> list[Judged]:
    return [one for one in judged if one.state == state] if state in STATES else judged


def _print(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """Names and keys, for paper. Everybody on the page can read that they stood in a list."""
    found = access.people_on_lists(request.user, programme.pk)
    page = Paginator(found, ON_PAPER).get_page(request.GET.get("page"))
    people = [one.person for one in page.object_list if one.person]
    access.seen_in_a_list(request.user, people, now=timezone.now())
    values = {"programme": programme, "page": page, "reads": settings.READING, "receives": True}
    return render(request, "mentors/lists/printed.html", values)


def _ways_in(request: StaffRequest, programme: "Programme") -> HttpResponse:
    """A sheet for each coach of a list who was never here: where they choose a password."""
    now = timezone.now()
    found = [(key, one, access.way_in_of(one, now=now)) for key, one in access.coaches_not_been(programme)]
    values = {
        "programme": programme,
        "sheets": [(key, one, address, cards.drawn(address)) for key, one, address in found[:ON_A_PAGE]],
        "until": now + staff.FIRST_FOR,
        "reads": settings.READING,
        "receives": True,
    }
    return render(request, "mentors/lists/ways_in.html", values)


def _judged(upload: ListUpload, programme: "Programme") -> tuple[lists.Read, list[Judged]]:
    read = lists.read(bytes(upload.content), upload.kind, country=programme.country)
    return read, judge(read, upload.kind, programme)


def _uploads(request: StaffRequest, programme: "Programme") -> "QuerySet[ListUpload]":
    """What this member of staff has brought; nobody else sees it."""
    return ListUpload.objects.filter(programme=programme, by=request.user)


def _columns(kind: str) -> list[tuple[str, bool]]:
    known = lists.KINDS[kind]
    return [(lists.heading(kind, name), name in known.needed) for name in known.columns]
