"""manage.py ways_in: how to look around in the demo, as each kind of person."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.cards import groups
from mentors import demo, demo_pairs


class Command(BaseCommand):
    help = "Say how to come in as each of the demo's people (DEMO=yes only)."

    def handle(self, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("This works in a demo only (DEMO=yes).")
        self.stdout.write("\n".join(["", *_learner(), "", *_staff(), ""]))


def _learner() -> list[str]:
    code = " ".join(groups(demo.key_card(now=timezone.now())))
    number = f"{demo.AMINA.number[:4]} {demo.AMINA.number[4:]}"
    address = f"{settings.SITE_ADDRESS}/ur/"
    start = f"{address}start/  number {number}; the code appears in this window"
    return [
        f"To learn               {address}  (or /en/, /de/; nobody needs to sign in for it)",
        f"As {demo.AMINA.name}, who learns   {start}",
        f"  or with her key card {settings.SITE_ADDRESS}/k  {code}",
        f"As {demo_pairs.ASKED[0]}, who is asked about a coach: number {demo_pairs.ASKED[1]}",
    ]


def _staff() -> list[str]:
    lines = [
        f"Who works here         {settings.SITE_ADDRESS}/staff/login/  password for all: {demo.PASSWORD}",
        "  then six digits, which `make code WHO=sana` says in another window",
    ]
    rooms = {"trainer": "/cms/"}
    for one in demo.STAFF:
        room = rooms.get(one.role, "/desk/")
        lines.append(f"  {one.username:<20} {settings.SITE_ADDRESS}{room}  {one.does}")
    return lines
