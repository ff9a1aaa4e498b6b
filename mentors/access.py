"""The one door outside `lms` through which staff ask for people. Every look is noted here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.urls import reverse

from courses.spelling import plain
from courses.spelling import shown as visible
from lms import invitations, phones, programmes, reception, remarks, signin, way
from lms import staff as ways
from lms.consent import agreed_then, agreed_to
from lms.locks import one_at_a_time
from lms.models.consent import Purpose
from lms.models.people import Person, User, WayIn
from lms.models.programme import OF_LEARNERS, Invitation, Membership, Programme, Role
from lms.models.reception import CardBatch, Enrolment
from lms.models.record import RecordLine, Standing
from lms.models.remarks import Remark
from lms.numbers import CountryNotServed, NotANumber, normalise
from lms.reception import Said, TakenIn
from lms.standings import of_lessons
from mentors.models.bonds import Bond, Look
from mentors.models.circles import Circle, CircleSeat, Meeting
from mentors.models.coaching import CoachProfile, Exclusion, MatchNeeds
from mentors.models.lists import ListKey
from mentors.reports import shown, shown_pair

if TYPE_CHECKING:

    class Learner(Person):
        """As `learners_of` finds them."""

        learned_at: datetime | None


RECEPTION = (Role.COORDINATOR, Role.LEAD)  # who may take people in
AT_ONCE = 5000  # values in one question to the database
MATCHING = (Role.COORDINATOR, Role.LEAD)  # who may look for pairs, and have people asked
LEADING = (Role.COACH, Role.TRAINER)  # who may lead a circle
NOT_AGAIN = timedelta(weeks=8)  # so long nobody is asked into the same circle twice, whatever they said


class NotYours(Http404):
    """Somebody else's, or nobody: whoever asks cannot tell which."""


@dataclass(frozen=True)
class Numbers:
    """A programme in numbers of people; None where they are too few to be shown."""

    programme: str
    organisation: str
    people: int | None
    learned: int | None  # finished a lesson


@dataclass(frozen=True)
class Teller:
    """Somebody who may be asked about what they told."""

    name: str
    numbers: list[str]


WRITERS = (Role.TRAINER, Role.REVIEWER)


# ── A coach ──────────────────────────────────────────────────────────────────────────────────────────────


def learners_of(coach: User) -> "QuerySet[Learner]":
    """Walked with now, by somebody who still works there, and agreed to be seen. All of it, always."""
    coached = _here(role=Role.COACH, staff=coach).values("programme")
    learning = _here(role__in=OF_LEARNERS, person=OuterRef("person"), programme=OuterRef("programme"))
    bonds = Bond.objects.filter(Exists(learning), coach=coach, ended_at=None, programme__in=coached)
    last_line = (
        RecordLine.objects.filter(person=OuterRef("pk"), subject=None)
        .order_by("-happened_at")
        .values("happened_at")[:1]
    )
    people = Person.objects.filter(agreed_to(Purpose.COACH), pk__in=bonds.values("person"), merged_into=None)
    dated = people.annotate(learned_at=Subquery(last_line)).order_by("name", "pk")
    return cast("QuerySet[Learner]", dated)


def caseload(coach: User, *, now: datetime) -> "list[Learner]":
    """Everybody whom a coach walks with; that they stood in a list is noted for each of them."""
    people = list(learners_of(coach))
    seen_in_a_list(coach, people, now=now)
    return people


def learner(coach: User, uid: UUID, *, now: datetime) -> "Learner":
    """One of a coach's people; that they were looked at is noted before anything is shown."""
    person = _one_of(coach, uid)
    Look.objects.create(by=coach, person=person, what=Look.What.PROGRESS, at=now)
    return person


def walks_with(coach: User, uid: UUID) -> "Learner":
    """One of a coach's people, about whom the coach says something; nothing is looked at."""
    return _one_of(coach, uid)


def are_together(bond: Bond) -> bool:
    """Does this bond hold now: both are there, and the person agrees?"""
    return bond.ended_at is None and learners_of(bond.coach).filter(pk=bond.person_id).exists()


def bonds_of(coach: User, people: Iterable[Person]) -> QuerySet[Bond]:
    """The bonds that hold these people and their coach together."""
    return Bond.objects.filter(coach=coach, person__in=people, ended_at=None).select_related("person")


def walked_then(author: UUID, subject: UUID, at: datetime) -> Bond | None:
    """The bond, locked, if a phone's person coached another at that moment, and was seen with consent."""
    then = Q(ended_at=None) | Q(ended_at__gt=at)
    bonds = Bond.objects.select_for_update(of=("self",)).select_related("person", "coach")
    bond = bonds.filter(then, coach__person=author, person=subject, began_at__lte=at).first()
    if bond is None or not agreed_then(subject, Purpose.COACH, at):
        return None
    roles = Membership.objects.filter(then, programme=bond.programme_id, since__lte=at)
    coached = roles.filter(staff=bond.coach_id, role=Role.COACH)
    learned = roles.filter(person=subject, role__in=OF_LEARNERS)
    return bond if coached.exists() and learned.exists() else None


@transaction.atomic
def phone_of(coach: User, token: str, *, label: str, now: datetime) -> None:
    """The phone that made this token writes for this coach from now on. Twice is once.

    Raises NotYours where the token is another's already.
    """
    me, _ = Person.objects.get_or_create(user=coach, defaults={"age": Person.Age.ADULT})
    if (theirs := phones.person_of(token)) is None:
        phones.issue(me, token=token, label=label, now=now)
    elif theirs.pk != me.pk:
        raise NotYours


def phone_waits(person: Person) -> bool:
    """Did this person come in by key card, and does the rest of their place wait for their coach?"""
    return signin.waits_for_a_yes(person)


@transaction.atomic
def confirm_phone(coach: User, uid: UUID, *, now: datetime) -> None:
    """A coach says that a new phone is really theirs, and all of their place opens. Twice is once."""
    one_at_a_time(uid)
    person = _one_of(coach, uid)
    if phone_waits(person):
        signin.confirm_phone(person, now=now)
        Look.objects.create(by=coach, person=person, what=Look.What.PHONE, at=now)


def progress_of(people: Iterable[Person]) -> dict[UUID, list[Standing]]:
    """Where each of these people is with each lesson that they began, in one query."""
    standings = defaultdict(list)
    for standing in of_lessons().filter(person__in=people).order_by("begun_at", "pk"):
        standings[standing.person_id].append(standing)
    return dict(standings)


def ways_of(people: Iterable[Person], *, now: datetime) -> dict[UUID, str]:
    """Where each of these people is on their way, such as "First 90 days, day 23", in one query."""
    return {journey.person_id: way.in_words(journey, now=now) for journey in way.on_the_way(people)}


def _one_of(coach: User, uid: UUID) -> "Learner":
    person = learners_of(coach).filter(pk=uid).first()
    if person is None:
        raise NotYours
    return person


# ── Those who write, and those who know the subject ──────────────────────────────────────────────────────


def remarks_for(user: User) -> QuerySet[Remark]:
    """What people told about lessons: those of the programmes one writes or reviews for, and guests'."""
    theirs = _here(staff=user, role__in=WRITERS)
    if not theirs.exists():
        return Remark.objects.none()
    return Remark.objects.filter(Q(programme=None) | Q(programme__in=theirs.values("programme")))


def remarks_that_wait(user: User) -> int:
    """How many of them nobody has decided yet."""
    return remarks_for(user).filter(state__in=remarks.OPEN).count()


def remark(user: User, uid: UUID) -> Remark:
    """One of them, whoever told it."""
    found = remarks_for(user).filter(pk=uid).first()
    if found is None:
        raise NotYours
    return found


def decides(user: User, told: Remark) -> bool:
    """Trainers decide; who knows the subject says whether it is so."""
    return _of(told, staff=user, role=Role.TRAINER)


def has_reviewer(told: Remark) -> bool:
    """Is there anybody who knows the subject to be asked?"""
    return _of(told, role=Role.REVIEWER)


def reviews(user: User, told: Remark) -> bool:
    """Is this somebody who knows the subject?"""
    return _of(told, staff=user, role=Role.REVIEWER)


def who_told(user: User, told: Remark, *, now: datetime) -> Teller | None:
    """The person who may be asked about it; nobody, unless they said so. The look is noted."""
    if not told.may_ask or not told.person:
        return None
    Look.objects.create(by=user, person=told.person, what=Look.What.REMARK, at=now)
    ways = WayIn.objects.filter(person=told.person, ended_at=None).order_by("-last_used_at")
    return Teller(told.person.name, list(ways.values_list("number", flat=True)))


def _of(told: Remark, **who: object) -> bool:
    there = _here(**who)
    return (there.filter(programme=told.programme_id) if told.programme_id else there).exists()


# ── A person ─────────────────────────────────────────────────────────────────────────────────────────────


def looks_at(person: Person) -> QuerySet[Look]:
    """Who looked at a person, the latest first."""
    return Look.objects.filter(person=person).select_related("by").order_by("-at", "-pk")


# ── Those who run a programme ────────────────────────────────────────────────────────────────────────────


def roles_of(user: User) -> set[str]:
    """What a member of staff is now, in any programme."""
    return set(_here(staff=user).values_list("role", flat=True))


def watches_over(user: User, programme: Programme) -> bool:
    """Is this the safeguarding lead of the programme?"""
    return _here(staff=user, programme=programme, role=Role.SAFEGUARDING).exists()


def works_for(user: User, programme: Programme, role: Role) -> bool:
    """Does this member of staff have that role there now?"""
    return _here(staff=user, programme=programme, role=role).exists()


def learns_where(person: Person) -> Programme | None:
    """The programme in which a person learns now; the first that they joined, if there are several."""
    first = (
        _here(person=person, role__in=OF_LEARNERS).order_by("since", "pk").select_related("programme").first()
    )
    return first.programme if first else None


def learning_in(programme: Programme) -> QuerySet[Membership, UUID]:
    """Who learns in a programme now, by their ids alone."""
    return _here(programme=programme, role__in=OF_LEARNERS).values_list("person", flat=True)


def coaching_in(programme: Programme) -> QuerySet[Membership, int]:
    """Who coaches in a programme now, by their ids alone."""
    return _here(programme=programme, role=Role.COACH).values_list("staff", flat=True)


def learns_in(person: Person, programme: Programme) -> bool:
    """Is this person in the programme now?"""
    return _here(person=person, programme=programme).exists()


def programme_people_count(lead: User) -> list[Numbers]:
    """How many people are in a lead's programmes: those who agreed to be counted, never who they are."""
    led = _here(staff=lead, role=Role.LEAD).values("programme")
    programmes = Programme.objects.filter(pk__in=led).select_related("organisation").order_by("name")
    return [_numbers(programme) for programme in programmes]


def programmes_by_name() -> dict[str, Programme]:
    """Every programme; a name stands for one."""
    return {programme.name: programme for programme in Programme.objects.all()}


# ── The reception desk ───────────────────────────────────────────────────────────────────────────────────


def matches_for(staff: User) -> list[Programme]:
    """The programmes in which a member of staff may look for pairs."""
    where = _here(staff=staff, role__in=MATCHING).values("programme")
    return list(Programme.objects.filter(pk__in=where, closed_on=None).order_by("name"))


def coaches_for(staff: User) -> list[Programme]:
    """The programmes in which a member of staff walks with people."""
    where = _here(staff=staff, role=Role.COACH).values("programme")
    return list(Programme.objects.filter(pk__in=where, closed_on=None).order_by("name"))


def watched_by(staff: User) -> list[Programme]:
    """The programmes whose safeguarding lead somebody is."""
    where = _here(staff=staff, role=Role.SAFEGUARDING).values("programme")
    return list(Programme.objects.filter(pk__in=where, closed_on=None).order_by("name"))


def watching(programme: Programme) -> QuerySet[Membership, int]:
    """Who says what is safe in a programme now, by their ids alone."""
    return _here(programme=programme, role=Role.SAFEGUARDING).values_list("staff", flat=True)


def coaches_of(programme: Programme) -> list[User]:
    """Who coaches in a programme now, by name."""
    found = User.objects.filter(pk__in=coaching_in(programme))
    return list(found.order_by("first_name", "last_name", "username"))


def people_called(programme: Programme, said: str, *, most: int) -> list[Person]:
    """Who learns in a programme and is called so, however it is typed; at most so many.

    A number that opens their place, or was told at the desk, finds somebody too, and so does a key of a list.
    The names are compared here, since no database knows that two spellings sound the same.
    """
    wanted = plain(said).strip()
    if not wanted:
        return []
    if known := _known_as(programme, visible(said).strip()):
        return known[:most]
    there = Person.objects.filter(pk__in=learning_in(programme), merged_into=None).order_by("name", "pk")
    called = (uid for uid, theirs in there.values_list("pk", "name") if wanted in plain(theirs))
    return list(there.filter(pk__in=list(islice(called, most))))


def people_without_name(programme: Programme, *, most: int) -> list[Person]:
    """Who learns in a programme and never gave a name, the newest first; at most so many."""
    there = Person.objects.filter(pk__in=learning_in(programme), merged_into=None, name="")
    return list(there.order_by("-made_at", "pk")[:most])


def _known_as(programme: Programme, said: str) -> list[Person]:
    """Of whom this is a number, or the key in a list."""
    keys = ListKey.objects.filter(programme=programme, kind=ListKey.Kind.PEOPLE, key=said)
    who = Q(pk__in=keys.values("person"))
    try:
        number = normalise(said, programme.country)
    except (NotANumber, CountryNotServed):
        pass
    else:
        who |= Q(pk__in=WayIn.objects.filter(number=number, ended_at=None).values("person"))
        who |= Q(pk__in=Enrolment.objects.filter(number=number).values("person"))
    found = Person.objects.filter(who, pk__in=learning_in(programme), merged_into=None)
    return list(found.order_by("name", "pk"))


def person_in(programme: Programme, uid: UUID) -> Person | None:
    """Somebody who learns in a programme."""
    return Person.objects.filter(pk__in=learning_in(programme), merged_into=None).filter(pk=uid).first()


def seen_by_safeguarding(lead: User, people: Iterable[UUID], *, now: datetime) -> None:
    """The safeguarding lead has these people in front of them; each of them can read it."""
    Look.objects.bulk_create(
        [Look(by=lead, person_id=person, what=Look.What.SAFE, at=now) for person in people]
    )


def read_looks(lead: User, person: Person, *, now: datetime) -> QuerySet[Look]:
    """Who looked at a person, for the safeguarding lead. That they read it is a look as well."""
    Look.objects.create(by=lead, person=person, what=Look.What.LOOKS, at=now)
    return looks_at(person)


def seen_in_a_run(staff: User, people: Iterable[UUID], *, now: datetime) -> None:
    """Somebody looked for coaches for these people; each of them can read it."""
    Look.objects.bulk_create(
        [Look(by=staff, person_id=person, what=Look.What.MATCH, at=now) for person in people]
    )


def walking_in(programme: Programme) -> QuerySet[Bond]:
    """Who walks with whom in a programme now, of those who agreed that it is seen."""
    seen = Person.objects.filter(agreed_to(Purpose.COACH), merged_into=None)
    bonds = Bond.objects.filter(programme=programme, ended_at=None, person__in=seen.values("pk"))
    return bonds.select_related("person", "coach")


def on_the_way(staff: User, programme: UUID, person: UUID, *, now: datetime) -> tuple[Programme, Person]:
    """Somebody of the board of who walks with whom; that they were looked at is noted."""
    where = next((one for one in matches_for(staff) if one.pk == programme), None)
    bond = walking_in(where).filter(person=person).first() if where else None
    if where is None or bond is None:
        raise NotYours
    Look.objects.create(by=staff, person=bond.person, what=Look.What.PROGRESS, at=now)
    return where, bond.person


def seen_in_a_list(staff: User, people: Iterable[Person], *, now: datetime) -> None:
    """These people stood in a list; each of them can read who saw it."""
    Look.objects.bulk_create([Look(by=staff, person=one, what=Look.What.LIST, at=now) for one in people])


def number_of(coach: User, person: Person) -> str:
    """A person's number, for the coach whom they told it; else nothing."""
    told = Bond.objects.filter(coach=coach, person=person, ended_at=None, person_tells_number=True)
    way = WayIn.objects.filter(person=person, ended_at=None).order_by("-last_used_at").first()
    return way.number if way and told.exists() else ""


def receives_for(staff: User) -> list[Programme]:
    """The programmes into which a member of staff may take people."""
    where = _here(staff=staff, role__in=RECEPTION).values("programme")
    return list(Programme.objects.filter(pk__in=where, closed_on=None).order_by("name"))


@transaction.atomic
def take_in(staff: User, form: UUID, said: Said, programme: UUID, *, now: datetime) -> TakenIn:
    """Somebody stands at the desk, and has a place from now on; that they were seen is noted once."""
    taken = reception.enrol(form, said, _received(staff, programme), by=staff, now=now)
    if taken.is_new:
        Look.objects.create(by=staff, person=taken.person, what=Look.What.DESK, at=now)
    return taken


def print_cards(staff: User, form: UUID, programme: UUID, how_many: int, *, now: datetime) -> CardBatch:
    """Cards for a course room. Who will use them, nobody knows yet."""
    return reception.prepare(form, _received(staff, programme), how_many, by=staff, now=now)


def open_invitations(staff: User, *, now: datetime) -> list[Invitation]:
    """With which people may still join a member of staff's programmes. What families hand over is theirs."""
    of_staff = (invitations.still_open(one, now=now) for one in receives_for(staff))
    found = (one for some in of_staff for one in some.select_related("programme", "made_by") if one.made_by)
    return sorted(found, key=lambda one: one.until)


def invite(staff: User, programme: UUID, uses: int, *, until: datetime) -> str:
    """So many people may join by a day. The digits are said this once."""
    return invitations.make(_received(staff, programme), Role.LEARNER, uses, until, staff)


def end_invitation(staff: User, uid: UUID, *, now: datetime) -> None:
    """From now on nobody joins with it; twice is once."""
    for programme in receives_for(staff):
        invitations.take_back(programme, str(uid), now=now)


# ── Circles ──────────────────────────────────────────────────────────────────────────────────────────────


def leads_in(staff: User) -> list[Programme]:
    """The programmes in which a member of staff may lead circles."""
    where = _here(staff=staff, role__in=LEADING).values("programme")
    return list(Programme.objects.filter(pk__in=where, closed_on=None).order_by("name"))


def could_lead(programme: Programme) -> list[User]:
    """Who may lead a circle of a programme now, by name."""
    there = _here(programme=programme, role__in=LEADING).values("staff")
    left = CoachProfile.objects.filter(programme=programme).exclude(ended_at=None).values("coach")
    found = User.objects.filter(pk__in=there).exclude(pk__in=left)
    return list(found.order_by("first_name", "last_name", "username"))


def circles_led_by(staff: User) -> QuerySet[Circle]:
    """What somebody leads now: they work there, and did not stop being a coach. All of it, always."""
    works = _here(staff=staff, role__in=LEADING, programme=OuterRef("programme"))
    left = CoachProfile.objects.filter(coach=staff, programme=OuterRef("programme")).exclude(ended_at=None)
    return circles_going_on().filter(Exists(works), ~Exists(left), leader=staff)


def circles_in(programme: Programme) -> QuerySet[Circle]:
    """All circles of a programme of which anybody heard, and which have not ended."""
    return circles_going_on().filter(programme=programme)


def circles_going_on() -> QuerySet[Circle]:
    """Those in which people are, or into which they are asked."""
    there = Circle.objects.filter(asked_at__isnull=False, ended_at=None, programme__closed_on=None)
    return there.select_related("programme", "leader").order_by("made_at", "pk")


def circle(staff: User, uid: UUID) -> Circle:
    """One that somebody leads, or one of a programme that they run."""
    found = circles_led_by(staff).filter(pk=uid).first()
    found = found or circles_going_on().filter(pk=uid, programme__in=matches_for(staff)).first()
    if found is None:
        raise NotYours
    return found


def meeting(staff: User, uid: UUID) -> Meeting:
    """A meeting of such a circle."""
    found = Meeting.objects.filter(pk=uid).select_related("circle__programme", "circle__leader").first()
    if found is None:
        raise NotYours
    circle(staff, found.circle_id)
    return found


def leads(staff: User, there: Circle) -> bool:
    """Do they lead this circle now?"""
    return circles_led_by(staff).filter(pk=there.pk).exists()


def members_of(there: Circle) -> QuerySet[Person]:
    """Who is in a circle now, by name: who said yes to it, learns there, agreed to be seen, and is not kept
    apart from who leads it."""
    seats = CircleSeat.objects.filter(circle=there, joined_at__isnull=False, ended_at=None)
    return seen_in(there.programme).filter(pk__in=seats.values("person")).exclude(pk__in=apart_from(there))


def members_in(programme: Programme) -> QuerySet[Person]:
    """Who is in any circle of a programme now: each heard before the yes that whoever runs it sees them."""
    seats = CircleSeat.objects.filter(joined_at__isnull=False, ended_at=None, circle__ended_at=None)
    return seen_in(programme).filter(pk__in=seats.filter(circle__programme=programme).values("person"))


def seen_in(programme: Programme) -> QuerySet[Person]:
    """Who learns in a programme now and agreed to be seen, by name."""
    there = Person.objects.filter(agreed_to(Purpose.COACH), pk__in=learning_in(programme), merged_into=None)
    return there.order_by("name", "pk")


def could_join(there: Circle, by: User, *, now: datetime) -> QuerySet[Person]:
    """Whom somebody may ask into a circle: who leads it their own people; who runs the programme everybody.

    Who was asked lately is not there, whatever they said, so that nobody can tell a no.
    """
    asked = CircleSeat.objects.filter(circle=there, asked_at__gt=now - NOT_AGAIN)
    open_seats = CircleSeat.objects.filter(circle=there, ended_at=None)
    agreed = MatchNeeds.objects.filter(person=OuterRef("pk"), agreed_by__in=watching(there.programme))
    found = seen_in(there.programme).filter(~Q(age="16-17") | Exists(agreed))
    for gone in (asked.values("person"), open_seats.values("person"), apart_from(there)):
        found = found.exclude(pk__in=gone)
    if there.programme in matches_for(by):
        return found
    return found.filter(pk__in=learners_of(by).values("pk"))


def may_be_in(there: Circle, person: Person) -> bool:
    """Do they learn there, and agree to be seen, so that they may say yes to a circle?"""
    return seen_in(there.programme).filter(pk=person.pk).exclude(pk__in=apart_from(there)).exists()


def seats_of(person: Person) -> QuerySet[CircleSeat]:
    """A person's own seats: in circles that go on, of a programme in which they learn."""
    learning = _here(person=person, role__in=OF_LEARNERS).values("programme")
    apart = Exclusion.objects.filter(
        person=person, coach=OuterRef("circle__leader"), programme=OuterRef("circle__programme")
    )
    seats = CircleSeat.objects.filter(
        ~Exists(apart), person=person, ended_at=None, asked_at__isnull=False, circle__programme__in=learning
    )
    seats = seats.filter(circle__ended_at=None, circle__programme__closed_on=None)
    return seats.select_related("circle__programme", "circle__leader").order_by("asked_at", "pk")


def apart_from(there: Circle) -> QuerySet:
    """Who is never in a circle of whoever leads this one."""
    apart = Exclusion.objects.filter(programme=there.programme_id, coach=there.leader_id)
    return apart.values("person")


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Listed:
    """Somebody whom a list brought: what it said of them, and whether they speak for themselves by now."""

    said: dict[str, object]
    been: bool


def listed_people(programme: Programme) -> dict[str, Listed]:
    """Whom lists brought into a programme, by their keys."""
    keys = ListKey.objects.filter(programme=programme, kind=ListKey.Kind.PEOPLE)
    found = Enrolment.objects.filter(person__in=keys.values("person"), person__user__last_login=None)
    numbers = dict(found.values_list("person", "number"))
    rows = keys.values_list("key", "person", "person__name", "person__age", "person__reads")
    return {
        key: Listed(
            {"name": name, "age": age, "reads": reads, "number": numbers.get(person)}, person not in numbers
        )
        for key, person, name, age, reads in rows
    }


def listed_coaches(programme: Programme) -> dict[str, User]:
    """Whom lists brought as coaches of a programme, by their keys."""
    keys = ListKey.objects.filter(programme=programme, kind=ListKey.Kind.COACHES).select_related("staff")
    return {one.key: one.staff for one in keys if one.staff}


def names_in_use(names: Iterable[str]) -> set[str]:
    """Those of these user names that somebody has."""
    wanted, found = iter(names), set[str]()
    while some := list(islice(wanted, AT_ONCE)):
        found |= set(User.objects.filter(username__in=some).values_list("username", flat=True))
    return found


@transaction.atomic
def take_in_listed(staff: User, programme: UUID, key: str, form: UUID, said: Said, *, now: datetime) -> bool:
    """A line of a list makes one person, whoever brings it and however often. Did it do something?"""
    where = _received(staff, programme)
    one_at_a_time(f"{where.pk}:{ListKey.Kind.PEOPLE}:{key}")
    there = _listed(where, ListKey.Kind.PEOPLE, key)
    if there and there.person:
        return reception.correct(there.person, said)
    taken = reception.enrol(form, said, where, by=staff, now=now)
    ListKey.objects.create(programme=where, kind=ListKey.Kind.PEOPLE, key=key, person=taken.person, at=now)
    Look.objects.create(by=staff, person=taken.person, what=Look.What.DESK, at=now)
    return True


@transaction.atomic
def take_on_listed(
    staff: User, programme: UUID, key: str, username: str, first_name: str, *, now: datetime
) -> User | None:
    """A line of a list makes one coach, without a password. Nobody, if they came in or have the name."""
    where = _received(staff, programme)
    one_at_a_time(f"{where.pk}:{ListKey.Kind.COACHES}:{key}", f"username:{username}")
    there = _listed(where, ListKey.Kind.COACHES, key)
    if there and there.staff:
        return _called_anew(there.staff, username, first_name, where)
    if User.objects.filter(username=username).exists():
        return None
    coach = User(username=username, first_name=first_name, is_staff=True)
    coach.set_unusable_password()
    coach.save()
    programmes.appoint(coach, where, Role.COACH, at=now)
    ListKey.objects.create(programme=where, kind=ListKey.Kind.COACHES, key=key, staff=coach, at=now)
    return coach


def people_on_lists(staff: User, programme: UUID) -> QuerySet[ListKey]:
    """Whom lists brought into a programme and who learns there now, to be printed: by their keys."""
    where = _received(staff, programme)
    here = learning_in(where)
    found = ListKey.objects.filter(programme=where, kind=ListKey.Kind.PEOPLE, person__in=here)
    return found.select_related("person").order_by("key", "pk")


def coaches_not_been(programme: Programme) -> list[tuple[str, User]]:
    """Coaches whom lists brought, who were never here and have no password: with their keys."""
    found = [(key, coach) for key, coach in listed_coaches(programme).items() if coach.last_login is None]
    here = set(coaching_in(programme))
    return sorted((key, one) for key, one in found if one.pk in here and not one.has_usable_password())


def way_in_of(coach: User, *, now: datetime) -> str:
    """Where such a coach chooses a password, once."""
    path = reverse("first_way_in", args=[ways.first_way_in(coach, now=now)])
    return f"{settings.SITE_ADDRESS}{path}"


def _listed(where: Programme, kind: str, key: str) -> ListKey | None:
    found = ListKey.objects.filter(programme=where, kind=kind, key=key)
    return found.select_related("person", "staff").first()


def _called_anew(coach: User, username: str, first_name: str, where: Programme) -> User | None:
    if coach.last_login or coach.username != username or coach.pk not in coaching_in(where):
        return None
    coach.first_name = first_name
    coach.save(update_fields=["first_name"])
    return coach


def _received(staff: User, uid: UUID) -> Programme:
    for programme in receives_for(staff):
        if programme.pk == uid:
            return programme
    raise NotYours


# ── Small things ─────────────────────────────────────────────────────────────────────────────────────────


def _numbers(programme: Programme) -> Numbers:
    inside = _here(programme=programme, role__in=OF_LEARNERS).values("person")
    counted = Person.objects.filter(agreed_to(Purpose.COUNT), pk__in=inside)
    learned = counted.filter(Exists(of_lessons().filter(person=OuterRef("pk"), done_at__isnull=False)))
    people = counted.count()
    return Numbers(
        programme.name, programme.organisation.name, shown(people), shown_pair(learned.count(), of=people)
    )


def _here(**who: object) -> QuerySet[Membership]:
    """Memberships that have not ended."""
    return Membership.objects.filter(ended_at=None, **who)
