"""manage.py programme: open a programme, and say who works and who learns in it."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from phonenumbers import SUPPORTED_REGIONS

from lms import programmes
from lms.models.people import User
from lms.models.programme import OF_LEARNERS, Organisation, Programme, Role

OF_STAFF = [role for role in Role.values if role not in OF_LEARNERS]


class Command(BaseCommand):
    help = "Open a programme, and say who works and who learns in it. Twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, metavar="open|appoint|leave|join")

        opened = verbs.add_parser("open", help="begin a programme of an organisation")
        opened.add_argument("name", type=_name)
        opened.add_argument("--organisation", required=True, type=_name, help="is written down if it is new")
        opened.add_argument("--kind", required=True, choices=Organisation.Kind.values, help="of organisation")
        opened.add_argument("--country", required=True, type=_country, help="where its people live: PK")
        opened.add_argument("--works-in", type=_country, help="country of a new organisation, if another")
        opened.add_argument("--time-zone", required=True, type=_time_zone, help="Asia/Karachi")
        opened.add_argument("--languages", required=True, type=_languages, help="ur,en")
        opened.set_defaults(act=_open)

        appointed = verbs.add_parser("appoint", help="give somebody a role; who is new gets an account")
        appointed.add_argument("username")
        appointed.add_argument("role", choices=OF_STAFF)
        appointed.add_argument("--password-file", metavar="FILE", help="for who is new; else it is asked for")
        appointed.set_defaults(act=_appoint)

        left = verbs.add_parser("leave", help="end a role; what it opened closes at once")
        left.add_argument("who", help="a username; of who learns, the number")
        left.add_argument("role", choices=Role.values)
        left.set_defaults(act=_leave)

        joined = verbs.add_parser("join", help="take in the person whose place a number opens")
        joined.add_argument("number")
        joined.set_defaults(act=_join)

        for verb in (appointed, left, joined):
            verb.add_argument("--programme", required=True, metavar="NAME")

    def handle(self, *args: Any, act: Any, **options: Any) -> None:
        try:
            self.stdout.write(act(options, timezone.now()))
        except programmes.Unknown as who:
            raise CommandError(str(who)) from None


# ── What is done ─────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def _open(said: dict[str, Any], now: datetime) -> str:
    name, organisation = said["name"], _organisation(said)
    there = Programme.objects.filter(name=name).select_related("organisation").first()
    if there and there.organisation != organisation:
        raise CommandError(f"“{name}” is open already, and belongs to {there.organisation}.")
    if there:
        return f"“{name}” is open already."
    programmes.open_programme(
        name,
        organisation,
        country=said["country"],
        languages=said["languages"],
        time_zone=said["time_zone"],
        on=now.astimezone(ZoneInfo(said["time_zone"])).date(),
    )
    return f"“{name}” is open."


def _organisation(said: dict[str, Any]) -> Organisation:
    name, country = said["organisation"], said["works_in"] or said["country"]
    there = Organisation.objects.filter(name=name).first()
    return there or programmes.found(name, Organisation.Kind(said["kind"]), country=country)


def _appoint(said: dict[str, Any], now: datetime) -> str:
    programme, username, role = programmes.named(said["programme"]), said["username"], Role(said["role"])
    new = not User.objects.filter(username=username).exists()
    user = _new_colleague(username, said["password_file"]) if new else programmes.colleague(username)
    programmes.appoint(user, programme, role, at=now)
    then = f" They come in at {settings.SITE_ADDRESS}/staff/login/." if new else ""
    return f"{username} is {role.label} in “{programme}”.{then}"


def _leave(said: dict[str, Any], now: datetime) -> str:
    programme, who, role = programmes.named(said["programme"]), said["who"], Role(said["role"])
    if role in OF_LEARNERS:
        there = programmes.person_at(who, programme, now=now, even_quiet=True)
    else:
        there = programmes.colleague(who)
    if membership := programmes.present(there, programme, role):
        programmes.leave(membership, at=now)
    return f"{who} is not {role.label} in “{programme}” any more."


def _join(said: dict[str, Any], now: datetime) -> str:
    programme = programmes.named(said["programme"])
    programmes.join(programmes.person_at(said["number"], programme, now=now), programme, at=now)
    return f"Whoever comes in with {said['number']} learns in “{programme}”."


def _new_colleague(username: str, password_file: str | None) -> User:
    password = _read(password_file) if password_file else _asked(username)
    try:
        User.username_validator(username)
        validate_password(password, User(username=username))
    except ValidationError as trouble:
        raise CommandError(" ".join(trouble.messages)) from None
    return User.objects.create_user(username, password=password, is_staff=True)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as trouble:
        raise CommandError(f"The password file {path} cannot be read: {trouble}.") from None


def _asked(username: str) -> str:
    try:
        password = getpass(f"{username} is new here. A password for them: ")
        if getpass("Once more: ") == password:
            return password
    except EOFError:
        raise CommandError("Nobody is here to be asked: please give a --password-file.") from None
    raise CommandError("These were two different passwords. Nothing was done.")


# ── What is written ──────────────────────────────────────────────────────────────────────────────────────


def _name(written: str) -> str:
    if not 0 < len(name := written.strip()) <= 120:
        raise ArgumentTypeError("a name has between 1 and 120 letters.")
    return name


def _country(written: str) -> str:
    if written.upper() not in SUPPORTED_REGIONS:
        raise ArgumentTypeError(f"{written} is no country; please write two letters, such as PK or DE.")
    return written.upper()


def _time_zone(written: str) -> str:
    if written not in available_timezones():
        raise ArgumentTypeError(f"{written} is no time zone; please write it as Asia/Karachi.")
    return written


def _languages(written: str) -> list[str]:
    languages = [language.strip() for language in written.split(",")]
    if unread := [language for language in languages if language not in settings.READING]:
        raise ArgumentTypeError(f"nobody reads “{unread[0]}” here; there are: {', '.join(settings.READING)}.")
    return languages
