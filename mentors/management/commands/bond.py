"""manage.py bond: a coach and a person begin to walk together, or part."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms import programmes
from mentors import access, bonds


class Command(BaseCommand):
    help = "Begin or end a bond of a coach and a person, when both have said yes. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, metavar="begin|end")
        begun = verbs.add_parser("begin", help="they walk together from now on")
        begun.set_defaults(act=_begin)
        ended = verbs.add_parser("end", help="they part; what the coach could see closes with it")
        ended.set_defaults(act=_end)
        for verb in (begun, ended):
            verb.add_argument("coach", help="the username")
            verb.add_argument("number", help="with which the person comes in")
            verb.add_argument("--programme", required=True, metavar="NAME")
        begun.add_argument(
            "--approved-by", metavar="USERNAME", help="for people of 16 and 17: the safeguarding lead"
        )

    def handle(self, *args: Any, act: Any, **options: Any) -> None:
        try:
            self.stdout.write(act(options, timezone.now()))
        except programmes.Unknown as who:
            raise CommandError(str(who)) from None


def _begin(said: dict[str, Any], now: datetime) -> str:
    programme, coach = programmes.named(said["programme"]), programmes.colleague(said["coach"])
    person = programmes.person_at(said["number"], programme, now=now)
    approved_by = programmes.colleague(said["approved_by"]) if said["approved_by"] else None
    there = bonds.present(person)
    if there and (there.coach, there.programme) == (coach, programme):
        return "They walk together already."
    try:
        bonds.begin(coach, person, programme, at=now, approved_by=approved_by)
    except bonds.NotHere:
        coaches = access.works_for(coach, programme, programmes.Role.COACH)
        missing = "The person does not learn" if coaches else f"{coach} is no coach"
        raise CommandError(f"{missing} in “{programme}”. See manage.py programme.") from None
    except bonds.NeedsSafeguarding:
        raise CommandError(
            f"This person is 16 or 17: please name the safeguarding lead of “{programme}” who agrees, "
            "with --approved-by."
        ) from None
    except bonds.AlreadyBonded:
        who = (
            f"{there.coach} walks with this person in “{there.programme}”"
            if there
            else "Somebody was quicker"
        )
        raise CommandError(f"{who}. Please end that bond first.") from None
    return "They walk together now. The coach sees the person as soon as they say yes to that, too."


def _end(said: dict[str, Any], now: datetime) -> str:
    programme, coach = programmes.named(said["programme"]), programmes.colleague(said["coach"])
    there = bonds.present(programmes.person_at(said["number"], programme, now=now, even_quiet=True))
    if there and (there.coach, there.programme) == (coach, programme):
        bonds.end(there, at=now)
    return "They do not walk together any more."
