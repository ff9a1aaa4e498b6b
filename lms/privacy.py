"""What is held about people, why and for how long. Models declare it; everything here walks the declarations.

A model that touches a person ends with an inner class:

    class Privacy:
        subject = "journey__person"   # the way to the person; "self" on Person; None: no way leads there
        purpose = Purpose.COACH       # why it may be held
        keep = 3 * YEARS              # for how long
        names = {"note"}              # fields that say something about somebody
        plain = {"id"}                # fields that do not
        withheld = {"by"}             # if any: not in the person's own copy, since it would tell on another

So what `mentors` holds is exported and erased without being imported here.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Protocol, cast
from uuid import UUID

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.translation import override

from lms import seal
from lms.consent import WORDINGS, agreed_to, answer, last_answer
from lms.models.consent import DAYS, YEARS, ConsentEntry, Purpose
from lms.models.people import Device, Person, User, WayIn
from lms.models.record import Erased, RecordLine, Standing

__all__ = [
    "DAYS",
    "YEARS",
    "Purpose",
    "describe",
    "erase",
    "expire",
    "export",
    "ledger",
    "personal_models",
    "replay_erasures",
    "replay_noes",
    "withheld",
]

Model = type[models.Model]


class Declaration(Protocol):
    """The inner class, as it is read here."""

    subject: str | None
    purpose: Purpose
    keep: int
    names: set[str]
    plain: set[str]


NO = "no:"  # begins the lines of a ledger that are about a no
GUEST_DAYS = 30  # somebody without a way in who agreed to nothing, and does not come back
SECRETS = {
    "password",
    "token_digest",
    "digest",
    "pin",
    "mark",
}  # they open or guard something, and tell a person nothing

# Fields from which a row ages, the first that it has. A row whose end is still to come does not age: it goes
# with the person.
CLOCKS = [
    ("expires_at",),
    ("seen_at",),
    ("ended_at",),
    ("used_at", "replaced_at"),
    ("received_at",),
    ("begun_at",),
    ("at",),
]
SIGNS = [(Device, "seen_at"), (WayIn, "last_used_at"), (RecordLine, "received_at"), (ConsentEntry, "at")]


# ── What there is ────────────────────────────────────────────────────────────────────────────────────────


def personal_models() -> list[Model]:
    """Every model that declares what it holds about people; the people themselves come last."""
    declared = [model for model in apps.get_models() if hasattr(model, "Privacy")]
    return sorted(declared, key=lambda model: (model is Person, model is User))


def rows_about(model: Model, people: Iterable[Person]) -> QuerySet:
    """The rows of one model that are about these people, whichever of its fields names them."""
    declared = _declared(model)
    if declared.subject is None:
        return model._base_manager.none()
    ways = {"pk" if declared.subject == "self" else declared.subject} | {
        field.name
        for field in model._meta.concrete_fields
        if field.related_model is Person and field.name in declared.names
    }
    keys = [person.pk for person in people]
    return model._base_manager.filter(_either(Q(**{f"{way}__in": keys}) for way in ways))


# ── A person's own copy ──────────────────────────────────────────────────────────────────────────────────


def export(person: Person) -> dict[str, Any]:
    """Everything that is held about a person, in a form that another program can read."""
    people = _with_guests(person)
    held = {
        model._meta.label: {
            "what": _first_line(model),
            "why": _declared(model).purpose.value,
            "kept_for_days": _declared(model).keep,
            "rows": [_told(row) for row in rows_about(model, people).order_by("pk")],
        }
        for model in personal_models()
        if _declared(model).subject
    }
    without = [model for model in personal_models() if not _declared(model).subject]
    not_here = {model._meta.label: _reason(model) for model in without}
    return {"person": str(person.pk), "held": held, "not_here": not_here}


def _told(row: models.Model) -> dict[str, Any]:
    hidden = SECRETS | withheld(type(row))
    values = {
        field.name: _value(row, field) for field in row._meta.concrete_fields if field.name not in hidden
    }
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


def _value(row: models.Model, field: models.Field) -> Any:
    """Staff by their user name, since a person may ask who it was; seals opened; all else as it is stored."""
    if isinstance(field, models.FileField):
        return getattr(row, field.name).name
    if field.related_model is User and (user := getattr(row, field.name)) and user.is_staff:
        return user.get_username()
    value = getattr(row, field.attname)
    return _opened(value) if seal.is_closed(value) else value


def _opened(response: Mapping[str, Any]) -> Any:
    """What somebody answered; as it is stored where its key is no longer among ours."""
    try:
        return seal.open_answer(response)
    except seal.NotSealed:
        return response


# ── To be forgotten ──────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def erase(person: Person, *, now: datetime) -> dict[str, int]:
    """Remove every row, file, token and session of a person; keep only digests of their keys, and the day."""
    from lms import phones  # knows the lessons, which models that declare their privacy must not wait for

    people = _with_guests(person)
    phones.let_go(people, on=now.date())
    # Found before anything goes: without the person, no way leads to their user any more.
    about = {model: list(rows_about(model, people)) for model in personal_models()}
    about[User] = [user for user in about[User] if not user.is_staff]  # who also works here goes on working
    _end_sessions(people)
    for model, rows in about.items():
        for file in _files(rows):
            transaction.on_commit(lambda file=file: file.storage.delete(file.name or ""))
        model._base_manager.filter(pk__in=[row.pk for row in rows]).delete()
    Erased.objects.bulk_create(
        [Erased(digest=_digest(one), on=now.date()) for one in people], ignore_conflicts=True
    )
    return {model._meta.label: len(rows) for model, rows in about.items() if rows}


def _files(rows: Iterable[models.Model] | QuerySet) -> list[FieldFile]:
    if isinstance(rows, QuerySet) and not _holds_files(rows.model):
        return []
    return [
        file
        for row in rows
        for field in row._meta.concrete_fields
        if isinstance(field, models.FileField) and (file := getattr(row, field.name))
    ]


def _holds_files(model: Model) -> bool:
    return any(isinstance(field, models.FileField) for field in model._meta.concrete_fields)


def _end_sessions(people: Iterable[Person]) -> None:
    """A session is a sealed text, so each is opened. It is slow, and happens a few times a year."""
    keys = {str(person.pk) for person in people}
    users = {str(person.user_id) for person in people if person.user_id and not person.user.is_staff}
    for session in Session.objects.iterator():
        said = session.get_decoded()
        if said.get(SESSION_KEY) in users or keys & {str(value) for value in said.values()}:
            session.delete()


def _digest(person: Person) -> str:
    """A key is random, so its digest names nobody to those who do not hold the key already."""
    return hashlib.sha256(f"erased:{person.pk}".encode()).hexdigest()


# ── After a restore ──────────────────────────────────────────────────────────────────────────────────────


def ledger() -> list[str]:
    """What a restored backup must not forget: who was forgotten, and who says no to what. It names nobody."""
    gone = Erased.objects.order_by("on", "digest").values_list("digest", flat=True)
    said = ConsentEntry.objects.filter(pk__in=_answers_that_hold(), answer=ConsentEntry.Answer.NO)
    noes = [_no(person, purpose) for person, purpose in said.values_list("person", "purpose")]
    return [*gone, *sorted(noes)]


def replay_erasures(lines: Iterable[str] = (), *, now: datetime) -> int:
    """Forget again whom the backup still remembers. `lines` come from a newer ledger.

    Phones that came after the backup hear it as well, and clear themselves.
    """
    newer = [Erased(digest=line, on=now.date()) for line in lines if not line.startswith(NO)]
    Erased.objects.bulk_create(newer, ignore_conflicts=True)
    known = set(Erased.objects.values_list("digest", flat=True))
    again = [person for person in Person.objects.iterator() if _digest(person) in known]
    for person in again:
        erase(person, now=now)
    return len(again)


def replay_noes(lines: Iterable[str], *, now: datetime) -> int:
    """Write down again every no that the backup does not know, and say how many those were."""
    from lms import intake  # as `phones` above

    known = set(lines)
    again = [
        (person, purpose)
        for person in (Person.objects.iterator() if known else [])
        for purpose in WORDINGS
        if _no(person.pk, purpose) in known and last_answer(person, purpose) != ConsentEntry.Answer.NO
    ]
    for person, purpose in again:
        answer(person, purpose, ConsentEntry.Answer.NO, at=now, locale=person.reads)
        intake.look_again(person, now=now)
    return len(again)


def _no(person: UUID, purpose: str) -> str:
    return NO + hashlib.sha256(f"{purpose}:{person}".encode()).hexdigest()


# ── No longer than needed ────────────────────────────────────────────────────────────────────────────────


def expire(now: datetime, *, real: bool = False) -> dict[str, int]:
    """Count what has been kept for long enough; with `real`, remove it."""
    old = {model._meta.label: _aged(model, now) for model in personal_models() if model not in (Person, User)}
    due = {label: count for label, rows in old.items() if (count := rows.count())}
    gone = {"people not seen for years": long_gone(now), "guests who agreed to nothing": guests(now)}
    due |= {who: count for who, people in gone.items() if (count := people.count())}
    due |= {label: count for label, rows in unwanted(now).items() if (count := rows.count())}
    if real:
        for rows in [*old.values(), *unwanted(now).values()]:
            _remove(rows)
        for people in gone.values():
            for person in people:
                erase(person, now=now)
    return due


def _remove(rows: QuerySet) -> None:
    for file in _files(rows):
        file.storage.delete(file.name or "")
    rows.delete()


def long_gone(now: datetime) -> QuerySet[Person]:
    """Nothing has been heard of them for as long as a person is kept."""
    return _quiet_since(now - timedelta(days=Person.Privacy.keep))


def guests(now: datetime) -> QuerySet[Person]:
    """They never gave a way in, agreed to nothing, and have not been here for a month."""
    quiet = _quiet_since(now - timedelta(days=GUEST_DAYS))
    return quiet.filter(~agreed_to(Purpose.RECORD), user=None, merged_into=None)


def unwanted(now: datetime) -> dict[str, QuerySet]:
    """What was remembered of people until they said no to it, and did not take the no back within a month."""
    before = now - timedelta(days=GUEST_DAYS)
    last = ConsentEntry.objects.filter(purpose=Purpose.RECORD, pk__in=_answers_that_hold())
    people = last.filter(answer=ConsentEntry.Answer.NO, at__lt=before).values("person")
    return {
        f"{model._meta.label} after a no": model.objects.filter(person__in=people)
        for model in (RecordLine, Standing)
    }


def _aged(model: Model, now: datetime) -> QuerySet:
    before = now - timedelta(days=_declared(model).keep)
    rows = model._base_manager.filter(_either(Q(**{f"{name}__lt": before}) for name in _clock(model)))
    return rows.exclude(pk__in=_answers_that_hold()) if model is ConsentEntry else rows


def _clock(model: Model) -> tuple[str, ...]:
    has = {field.name for field in model._meta.concrete_fields}
    return next(clock for clock in CLOCKS if has.issuperset(clock))


def _answers_that_hold() -> QuerySet:
    return ConsentEntry.objects.values("person", "purpose").annotate(last=Max("id")).values("last")


def _quiet_since(before: datetime) -> QuerySet[Person]:
    """People who were made before, and from whom no sign has come since."""
    signs = [
        Exists(model.objects.filter(person=OuterRef("pk"), **{f"{clock}__gte": before}))
        for model, clock in SIGNS
    ]
    people = Person.objects.filter(*[~sign for sign in signs], made_at__lt=before)
    return people.filter(Q(user=None) | Q(user__last_login=None) | Q(user__last_login__lt=before))


# ── Said to everybody ────────────────────────────────────────────────────────────────────────────────────


def describe() -> str:
    """The page docs/personal-data.md: what is held, why, how long, and in which fields."""
    head = (
        "# What is held about people\n\n"
        "Written by `manage.py privacy --describe` from what the models declare. Please change those.\n\n"
        "A person can take a copy of all of it, and can have all of it removed, at any time.\n"
    )
    return "\n".join([head, *map(_described, sorted(personal_models(), key=lambda model: model.__name__))])


def _described(model: Model) -> str:
    declared = _declared(model)
    with override("en"):
        why = Purpose(declared.purpose).label
        copy = f"yes{_without(model)}" if declared.subject else f"no. {_reason(model)}"
        return (
            f"## {model.__name__}\n\n{_first_line(model)}\n\n"
            f"- Why: {why}\n"
            f"- How long: {_long(declared.keep)} after {_from_when(model)}\n"
            f"- Says something about somebody: {_listed(declared.names)}\n"
            f"- Does not: {_listed(declared.plain)}\n"
            f"- In a person's own copy: {copy}\n"
        )


def withheld(model: Model) -> set[str]:
    """What a person's copy leaves out, because it is about somebody else as well (GDPR, article 15.4)."""
    return getattr(_declared(model), "withheld", set())


def _without(model: Model) -> str:
    hidden = withheld(model)
    return f", without {_listed(hidden)}: it would tell on somebody else" if hidden else ""


def _from_when(model: Model) -> str:
    if model in (Person, User):
        return "the last sign of the person"
    return " or ".join(f"`{name}`" for name in _clock(model))


def _long(days: int) -> str:
    if days % YEARS:
        return f"{days} days"
    return f"{days // YEARS} year" if days == YEARS else f"{days // YEARS} years"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "nothing"


def _reason(model: Model) -> str:
    return f"No way leads from it to a person; it goes after {_long(_declared(model).keep)}, whoever it was."


def _first_line(model: Model) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


# ── Small things ─────────────────────────────────────────────────────────────────────────────────────────


def _declared(model: Model) -> Declaration:
    return cast("Any", model).Privacy


def _with_guests(person: Person) -> list[Person]:
    """The person, and every guest whose place was joined to theirs."""
    people = newest = [person]
    while newest:
        newest = list(Person.objects.filter(merged_into__in=newest))
        people = people + newest
    return people


def _either(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)
