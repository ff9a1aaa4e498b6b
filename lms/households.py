"""People who said that they belong together: a label that opens nothing, and shows nobody more."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from lms import invitations
from lms.locks import one_at_a_time
from lms.models.people import Person
from lms.models.programme import OF_LEARNERS, Membership, Role

HANDED_OVER = timedelta(hours=1)  # the phone goes from one hand to the other


@transaction.atomic
def invite(person: Person, *, now: datetime) -> tuple[uuid.UUID, str]:
    """The label for somebody of the family, and the digits with which they join where the person learns."""
    one_at_a_time(person.pk)
    person.refresh_from_db(fields=["household"])
    if not person.household:
        person.household = uuid.uuid4()
        person.save(update_fields=["household"])
    here = Membership.objects.filter(person=person, role__in=OF_LEARNERS, ended_at=None)
    last = here.select_related("programme").order_by("-since", "-pk").first()
    if not last:
        return person.household, ""
    return person.household, invitations.make(last.programme, Role.FAMILY, 1, now + HANDED_OVER, None)
