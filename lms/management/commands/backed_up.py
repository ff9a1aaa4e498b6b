"""manage.py backed_up: a backup was tried and is good, so phones need not keep what is in it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms import epoch


class Command(BaseCommand):
    help = "Say until when the last good backup holds everything. It never goes back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until", required=True, metavar="TIME", help="when it was begun: 2027-01-31T02:00Z"
        )

    def handle(self, *args: Any, until: str, **options: Any) -> None:
        now = timezone.now()
        try:
            at = epoch.time_of_backup(until, now=now)
        except epoch.NoTimeOfABackup as why:
            raise CommandError(str(why)) from None
        news, here = epoch.backed_up(at), epoch.present(now=now)
        if news:
            safe = epoch.safe_before(here).isoformat()
            self.stdout.write(f"Phones may let go of what arrived before {safe}.")
        else:
            until = here.kept_until.isoformat()
            self.stdout.write(f"Nothing has changed: backups hold everything until {until}.")
