"""Who belongs to a programme, as a learner or as staff, and since when."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from courses import trainers
from lms import signin
from lms.models.people import Person, User
from lms.models.programme import OF_LEARNERS, Membership, Organisation, Programme, Role
from lms.numbers import CountryNotServed, NotANumber, normalise

AT_LESSONS = {  # roles that have work in the trainers' room: what opens it, and what closes it
    Role.TRAINER: (trainers.welcome, trainers.see_off),
    Role.REVIEWER: (trainers.welcome_reviewer, trainers.see_off_reviewer),
}


class Unknown(LookupError):
    """No programme, colleague or person is found so. It says which, in a sentence."""


def found(name: str, kind: Organisation.Kind, *, country: str) -> Organisation:
    """Write down a body that runs or supports programmes."""
    return Organisation.objects.create(name=name, kind=kind, country=country)


def open_programme(
    name: str,
    organisation: Organisation,
    *,
    partners: Iterable[Organisation] = (),
    country: str,
    languages: list[str],
    time_zone: str,
    on: date,
) -> Programme:
    """Begin a programme of an organisation, with its partners."""
    programme = Programme.objects.create(
        name=name,
        organisation=organisation,
        country=country,
        languages=languages,
        time_zone=time_zone,
        opened_on=on,
    )
    programme.partners.set(partners)
    return programme


def join(person: Person, programme: Programme, *, at: datetime, role: Role = Role.LEARNER) -> Membership:
    """Somebody learns here from now on. Twice is once."""
    return Membership.objects.get_or_create(
        person=person, programme=programme, role=role, ended_at=None, defaults={"since": at}
    )[0]


@transaction.atomic
def appoint(user: User, programme: Programme, role: Role, *, at: datetime) -> Membership:
    """Somebody works here in this role from now on, and may do what it is for. Twice is once."""
    if role in AT_LESSONS:
        begin, _end = AT_LESSONS[role]
        begin(user)
    return Membership.objects.get_or_create(
        staff=user, programme=programme, role=role, ended_at=None, defaults={"since": at}
    )[0]


@transaction.atomic
def leave(membership: Membership, *, at: datetime) -> None:
    """They stop. What the role opened closes at once."""
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    if membership.role == Role.COACH and not _does_so_elsewhere(membership):
        trainers.see_off_draft(membership.staff)
    if membership.role in AT_LESSONS and not _does_so_elsewhere(membership):
        _begin, end = AT_LESSONS[Role(membership.role)]
        end(membership.staff)


def _does_so_elsewhere(membership: Membership) -> bool:
    """Lessons belong to no programme, so who still writes, reviews or coaches for one of them does so."""
    return Membership.objects.filter(staff=membership.staff, role=membership.role, ended_at=None).exists()


# ── Found by what they are called ────────────────────────────────────────────────────────────────────────


def named(name: str) -> Programme:
    """The programme of this name."""
    programme = Programme.objects.filter(name=name).first()
    if not programme:
        there = ", ".join(Programme.objects.order_by("name").values_list("name", flat=True))
        raise Unknown(f"No programme is called “{name}”. There are: {there or 'none yet'}.")
    return programme


def colleague(username: str) -> User:
    """The member of staff of this name."""
    user = User.objects.filter(username=username, is_staff=True).first()
    if not user:
        raise Unknown(f"Nobody who works here is called “{username}”.")
    return user


def person_at(number: str, programme: Programme, *, now: datetime, even_quiet: bool = False) -> Person:
    """Whose place a number opens, written as people of the programme write it.

    A quiet number may be somebody else's by now: with it people may be let go, and never taken in.
    """
    try:
        way = signin.way_of(normalise(number, programme.country))
    except NotANumber:
        raise Unknown(f"{number} is not the number of a mobile phone.") from None
    except CountryNotServed:
        raise Unknown(f"{number} is of a country that gets no messages from here.") from None
    if not way:
        raise Unknown(f"No place opens with {number}. The person must come in with it first.")
    if signin.is_quiet(way, now=now) and not even_quiet:
        raise Unknown(
            f"{number} was not used for {signin.QUIET.days} days, and may be somebody else's. "
            "The person must come in with it first."
        )
    return way.person


def present(who: User | Person, programme: Programme, role: Role) -> Membership | None:
    """What somebody is there now."""
    kind = "person" if role in OF_LEARNERS else "staff"
    return Membership.objects.filter(**{kind: who}, programme=programme, role=role, ended_at=None).first()
