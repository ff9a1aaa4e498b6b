"""What a programme decided about matching: numbers in versions, each of which holds once two have signed it.

Who writes a version signs it. Another one signs it too, and from then on it holds, and is never changed. What
nobody has signed too can be tried on the people of today (`runs.try_out`), and dropped.
"""

from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from mentors import matching
from mentors.models.coaching import Trade
from mentors.models.matching import MatchPolicy

if TYPE_CHECKING:
    from lms.models.people import User
    from lms.models.programme import Programme

ANIMALS = frozenset({Trade.DAIRY.value, Trade.SMALL.value})
RELATED = frozenset({ANIMALS, frozenset({Trade.DAIRY.value, Trade.FIELDS.value})})
AS_IT_COMES = matching.Policy(related_trades=RELATED, hold_weeks=2)  # version 0, with the software


class OneWaits(Exception):
    """Another version waits for its second signature."""


class NotTheirOwn(Exception):
    """Nobody signs twice."""


class NotWaiting(Exception):
    """It holds already, or was dropped."""


def holds_in(programme: "Programme") -> tuple[int, matching.Policy]:
    """The version that holds and what it says; 0 is the one that comes with the software."""
    last = _signed(programme).first()
    return (last.version, read(last.values)) if last else (0, AS_IT_COMES)


def waiting_in(programme: "Programme") -> MatchPolicy | None:
    """The version that waits for its second signature."""
    waiting = MatchPolicy.objects.filter(programme=programme, holds_since=None, dropped_at=None)
    return waiting.select_related("signed_by").first()


def signed_in(programme: "Programme") -> list[MatchPolicy]:
    """Every version that ever held, the latest first."""
    return list(_signed(programme).select_related("signed_by", "signed_too_by"))


def of_version(programme: "Programme", version: int) -> matching.Policy:
    """What one version says, whether it holds or not."""
    return read(MatchPolicy.objects.get(programme=programme, version=version).values)


def write(programme: "Programme", by: "User", policy: matching.Policy, *, now: datetime) -> MatchPolicy:
    """A new version, signed by who wrote it. The same twice is one."""
    values = values_of(policy)
    waiting = waiting_in(programme)
    if waiting and (waiting.signed_by_id, waiting.values) == (by.pk, values):
        return waiting
    last = MatchPolicy.objects.filter(programme=programme).order_by("-version").first()
    version = last.version + 1 if last else 1
    try:
        with transaction.atomic():
            return MatchPolicy.objects.create(
                programme=programme, version=version, values=values, signed_by=by, at=now
            )
    except IntegrityError:
        raise OneWaits from None


@transaction.atomic
def sign(version: MatchPolicy, by: "User", *, now: datetime) -> MatchPolicy:
    """The second signature: from now on it holds. Twice is once."""
    found = MatchPolicy.objects.select_for_update().get(pk=version.pk)
    if found.signed_by_id == by.pk:
        raise NotTheirOwn
    if found.dropped_at or (found.holds_since and found.signed_too_by_id != by.pk):
        raise NotWaiting
    if found.holds_since is None:
        found.signed_too_by, found.holds_since = by, now
        found.save(update_fields=["signed_too_by", "holds_since"])
    return found


def drop(version: MatchPolicy, *, now: datetime) -> None:
    """Nobody signs it any more; what holds already stays. Twice is once."""
    MatchPolicy.objects.filter(pk=version.pk, holds_since=None, dropped_at=None).update(dropped_at=now)


def values_of(policy: matching.Policy) -> dict[str, Any]:
    """Its numbers, as a version keeps them. Which trades are related comes with the software."""
    return {name: value for name, value in asdict(policy).items() if name != "related_trades"}


def read(values: dict[str, Any]) -> matching.Policy:
    """What a version says. What it does not say is as in the years before anybody could say it."""
    known = {field.name for field in fields(matching.Policy)} - {"points", "related_trades"}
    said = {name: value for name, value in values.items() if name in known}
    return matching.Policy(points=matching.Points(**values.get("points", {})), related_trades=RELATED, **said)


def _signed(programme: "Programme") -> Any:
    return MatchPolicy.objects.filter(programme=programme, holds_since__isnull=False).order_by("-version")
