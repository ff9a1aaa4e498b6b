"""One row of any model, made from its fields: for laws that hold for every model, also for tomorrow's."""

import uuid
from datetime import UTC, datetime

from django.db import models

from tests.cast import NOON

# What the constraints of a model ask for beyond its fields.
ASKED_FOR = {
    "lms.Membership": {"role": "learner", "staff": None},
    "lms.ConsentEntry": {"purpose": "record", "answer": "yes"},
    "lms.RecordLine": {"verb": "completed"},
    "lms.Remark": {"state": "accepted"},
    "lms.Journey": {"plan": "going", "ending": "stays"},
    "mentors.Bond": {"ended_at": NOON},
    "mentors.CoachProfile": {"co_trainer_too_by": None},
    "mentors.Meeting": {"link": "", "phone": ""},
    "mentors.ListKey": {"kind": "people", "staff": None},
}


def a_row(
    model: type[models.Model], person: models.Model, *, staff: models.Model, at: datetime = NOON, **values
):
    """A row about this person, with every field filled; every date is `at`, and everybody is this person."""
    values = ASKED_FOR.get(model._meta.label, {}) | values
    for field in model._meta.concrete_fields:
        if field.name in values or isinstance(field, models.AutoField):
            continue
        values[field.name] = _fill(field, person, staff, at)
    row = model(**values)
    row.save(force_insert=True)
    clocks = [field.name for field in model._meta.concrete_fields if getattr(field, "auto_now_add", False)]
    model._base_manager.filter(pk=row.pk).update(**dict.fromkeys(clocks, at))
    return row


def _fill(field: models.Field, person: models.Model, staff: models.Model, at: datetime) -> object:
    if field.is_relation:
        return _other_row(field, person, staff, at)
    if field.choices:
        return field.choices[0][0]
    if field.has_default() and not field.unique:
        return field.get_default()
    match field:
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField():
            return at
        case models.DateField():
            return at.astimezone(UTC).date()
        case models.BooleanField():
            return True
        case models.IntegerField():
            return 1
        case models.FloatField():
            return 1.0
        case models.JSONField():
            return {"said": "something"}
        case models.CharField() if field.name == "number":
            return f"+92300{uuid.uuid4().int % 10**7:07}"
        case models.CharField():
            return uuid.uuid4().hex[: field.max_length]
        case models.FileField():
            return ""
        case models.TextField():
            return "something"
    raise NotImplementedError(f"Please teach tests/rows.py to fill {field}.")


def _other_row(field: models.Field, person: models.Model, staff: models.Model, at: datetime) -> object:
    label = field.related_model._meta.label
    if label == "lms.Person":
        return person
    if label == "lms.User":
        return staff
    there = field.related_model._base_manager.first()
    return there or a_row(field.related_model, person, staff=staff, at=at)
