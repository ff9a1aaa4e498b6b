"""The endpoint of phones: a token, and lines in exchange for answers.

Learner and phone come from the token, never from the body, and no cookie is read except by `claim`. Nothing
is ever answered with a page: a phone that gets one knows that something else answered.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseTrouble
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from ninja import Field, NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.utils import check_csrf
from pydantic import ValidationError

from lms import epoch, intake, limits, phones, signin, standings, wire
from lms.lines import Unreadable, is_a_clocks, read_time
from lms.models.consent import ConsentEntry
from lms.models.people import Device, Person
from lms.models.record import Standing
from lms.requests import PhoneRequest, Request

logger = logging.getLogger("hamrah.api")

VERSION = 1
OLDEST_APP = (1,)  # phones with an older one are asked to update; raise it a year after a new wire format
KINDS_OF_PHONES = ["Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux"]  # Android says Linux, too
BUSY = 30  # seconds after which a phone may try again when the database could not be reached


# ── What is said ─────────────────────────────────────────────────────────────────────────────────────────


class Claim(Schema, extra="ignore"):
    """The token under which somebody learned as a guest, if there is one."""

    token: str = Field("", pattern=r"^[0-9A-Za-z_-]{0,100}$")


class Batch(Schema, extra="ignore"):
    """Lines, and what is needed to answer them. The lines themselves are judged one by one."""

    v: int = Field(strict=True)
    epoch: str = Field("", max_length=40)
    sent_at: str = Field(max_length=40)
    app: str = Field(pattern=r"^\d{1,4}(\.\d{1,4}){0,2}$")
    cursor: str | None = Field(None, max_length=40)  # empty: everything; None: only what this batch changed
    nonce: str = Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")
    records: list[Any]


class Token(Schema):
    token: str


class Answer(Schema):
    id: str | None
    s: str
    c: str = ""


class Progress(Schema):
    lesson: str
    begun_at: str
    done: str | None
    answers: dict[str, float | None]


class Reply(Schema):
    v: int
    nonce: str
    epoch: str
    server_time: str
    results: list[Answer]
    kept_until: str
    remember: bool  # false after a no: the phone then writes nothing down
    progress: list[Progress]
    cursor: str
    notice: str = ""


class Trouble(Schema):
    """Why nothing was done."""

    code: str


# ── Who is there ─────────────────────────────────────────────────────────────────────────────────────────


class NotNow(Exception):
    """A refusal with its status and a word that programs read."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Api(NinjaAPI):
    """Answers are JSON, are kept by nobody, and are guessed at by no browser."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().create_response(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


class PhoneToken(HttpBearer):
    """`Authorization: Device <token>`"""

    openapi_scheme = "device"

    def authenticate(self, request: HttpRequest, token: str) -> Device:
        try:
            return phones.device_of(token, now=timezone.now())
        except phones.UnknownToken:
            raise NotNow(401, "unknown_token") from None
        except phones.RevokedToken:
            raise NotNow(403, "revoked") from None
        except phones.ForgottenPerson:
            raise NotNow(410, "forgotten") from None


def _for_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The description of the endpoint is for those who work on it."""

    @wraps(view, assigned=())
    def shown(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or request.user.is_staff):
            raise Http404
        return view(request, *args, **kwargs)

    return shown


api = Api(
    title="Hamrah for phones",
    version=str(VERSION),
    urls_namespace="api",
    docs_url=None,  # Swagger wants styles that our Content-Security-Policy forbids; the description is enough
    docs_decorator=_for_staff,
)


# ── The three verbs ──────────────────────────────────────────────────────────────────────────────────────


@api.post("device", response={201: Token, **dict.fromkeys([400, 413, 415, 429], Trouble)})
def device(request: HttpRequest) -> Status:
    """Make a guest whose phone is known by its token from now on. Who is signed in asks `claim` instead."""
    now = timezone.now()
    _from_a_phone(request)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        raise NotNow(400, "use_claim")
    told = _body(request, wire.Told)
    if not limits.a_guest_more(request, now=now):
        raise NotNow(429, "too_many")
    return Status(201, {"token": phones.begin(told, token=told.token, label=_label(request), now=now)})


@api.post("claim", response={200: Token, **dict.fromkeys([400, 401, 403, 413, 415], Trouble)})
def claim(request: HttpRequest) -> dict[str, str]:
    """Give the guest of this phone to the person of this session; or give this phone a token of its own."""
    now = timezone.now()
    if check_csrf(request):
        raise NotNow(403, "csrf")
    token = _body(request, Claim).token
    person = getattr(request, "person", None)
    if not person:
        raise NotNow(401, "not_signed_in")
    guest = phones.person_of(token) if token else None
    mark = signin.mark_of(request)
    if guest:
        try:
            phones.claim(guest, person, now=now)
            phones.settle(person, token, mark)
        except phones.NotAGuest:  # a shared phone: what another person did stays theirs
            guest = None
    if not guest:
        courses_only = bool(getattr(request, "courses_only", False))
        _, token = phones.issue(person, label=_label(request), now=now, courses_only=courses_only, mark=mark)
    return {"token": token}


@api.post(
    "sync",
    auth=PhoneToken(),
    response={200: Reply, **dict.fromkeys([400, 401, 403, 410, 413, 415, 426, 429, 503], Trouble)},
    exclude_unset=True,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": Batch.model_json_schema()}}}},
)
def sync(request: PhoneRequest) -> dict[str, Any]:
    """Take lines, and say of each what became of it."""
    now = timezone.now()
    _from_a_phone(request)
    batch = _body(request, Batch)
    if batch.v != VERSION or tuple(map(int, batch.app.split("."))) < OLDEST_APP:
        raise NotNow(426, "too_old")
    if len(batch.records) > wire.MOST_RECORDS:
        raise NotNow(413, "too_many_records")
    sent_at, since = _time(batch.sent_at), _time(batch.cursor) if batch.cursor else None
    phone = request.auth
    clock = sent_at if is_a_clocks(sent_at) else None
    try:
        received = intake.receive(Person(pk=phone.person_id), phone, batch.records, sent_at=clock, now=now)
    except intake.PersonGone:
        raise NotNow(410, "forgotten") from None
    changed = received.changed
    if batch.cursor is not None:
        changed = standings.news_for(received.person, since=since)
    here = epoch.present(now=now)
    return {
        "v": VERSION,
        "nonce": batch.nonce,
        "epoch": str(here.uid),
        "server_time": _said(now),
        "results": [_answer(one) for one in received.outcomes],
        "kept_until": _said(epoch.safe_before(here)),
        "remember": received.said != ConsentEntry.Answer.NO,
        "progress": [_progress(one) for one in changed],
        "cursor": _said(now),
        **({"notice": phone.notice} if phone.notice else {}),
    }


def _only_post(request: HttpRequest) -> None:
    raise NotNow(405, "only_post")


def _nothing_here(request: HttpRequest, rest: str) -> None:
    raise NotNow(400, "nothing_here")  # a 404 would be sent on to the pages of a language


NO_POST = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]
for path in ("device", "claim", "sync"):
    api.api_operation(NO_POST, path, include_in_schema=False)(_only_post)
api.api_operation([*NO_POST, "POST"], "{path:rest}", include_in_schema=False)(_nothing_here)


# ── Reading and saying ───────────────────────────────────────────────────────────────────────────────────


def _from_a_phone(request: HttpRequest) -> None:
    # A page of another site cannot set this header without asking first, and we never allow it.
    if request.headers.get("X-Requested-With") != "sync":
        raise NotNow(400, "header")


def _body(request: HttpRequest, schema: type[Schema]) -> Any:
    """The body as it should be, or the reason why it is not."""
    if request.content_type != "application/json":
        raise NotNow(415, "json_only")
    try:
        raw = wire.unpack(request.body, coding=request.headers.get("Content-Encoding", "").lower())
        return schema.model_validate(wire.read_json(raw))
    except (wire.TooMuch, RequestDataTooBig):
        raise NotNow(413, "too_big") from None
    except wire.UnknownForm:
        raise NotNow(415, "gzip_only") from None
    except (wire.NotUnderstood, ValidationError, UnreadablePostError):
        raise NotNow(400, "not_understood") from None


def _time(said: str) -> datetime:
    try:
        return read_time(said)
    except Unreadable:
        raise NotNow(400, "not_understood") from None


def _said(moment: datetime) -> str:
    """As JavaScript writes it, so that phones can compare times as text."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _answer(outcome: intake.Outcome) -> dict[str, str | None]:
    answer = {"id": outcome.id, "s": outcome.status}
    return {**answer, "c": outcome.code} if outcome.code else answer


def _progress(standing: Standing) -> dict[str, Any]:
    return {
        "lesson": str(standing.lesson),
        "begun_at": _said(standing.begun_at),
        "done": _said(standing.done_at) if standing.done_at else None,
        "answers": standing.answers,
    }


def _label(request: HttpRequest) -> str:
    """What kind of phone it is, in one word; the rest of what a browser says about itself is not kept."""
    said = request.headers.get("User-Agent", "")
    return next((kind for kind in KINDS_OF_PHONES if kind in said), "")


@api.exception_handler(NotNow)
def _not_now(request: HttpRequest, trouble: NotNow) -> HttpResponse:
    response = api.create_response(request, {"code": trouble.code}, status=trouble.status)
    if trouble.status == 429:
        response["Retry-After"] = "600"
    return response


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, trouble: AuthenticationError) -> HttpResponse:
    return api.create_response(request, {"code": "unknown_token"}, status=401)


@api.exception_handler(DatabaseTrouble)
def _busy(request: HttpRequest, trouble: DatabaseTrouble) -> HttpResponse:
    """The phone keeps its lines, and comes again."""
    logger.error("The record could not be written: %s", type(trouble).__name__)
    response = api.create_response(request, {"code": "busy"}, status=503)
    response["Retry-After"] = str(BUSY)
    return response
