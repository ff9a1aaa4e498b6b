"""manage.py restored: what must be done once after a backup was restored, before the site opens again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms import epoch, privacy, standings
from lms.management.commands.privacy import ledger_in


class Command(BaseCommand):
    help = "After a restore: forget again who was forgotten, hear every no, let phones offer, fold progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--backup-of", required=True, metavar="TIME", help="when it was made: 2027-01-31T02:00Z"
        )
        parser.add_argument("--ledger", metavar="FILE", help="a ledger that is newer than the backup")

    def handle(self, *args: Any, backup_of: str, ledger: str | None, **options: Any) -> None:
        now = timezone.now()
        try:
            at = epoch.time_of_backup(backup_of, now=now)
        except epoch.NoTimeOfABackup as why:
            raise CommandError(str(why)) from None
        newer = ledger_in(ledger) if ledger else []
        # First of all, so that nothing below speaks of somebody who wished to be forgotten.
        self.stdout.write(f"People forgotten again: {privacy.replay_erasures(newer, now=now)}.")
        self.stdout.write(f"Answers of no written down again: {privacy.replay_noes(newer, now=now)}.")
        self.stdout.write(f"Standings that were wrong: {standings.rebuild(now=now)}.")
        epoch.begin_anew(backup_of=at)
        self.stdout.write(f"Phones will offer again what they told since {at.isoformat()}.")
        self.stdout.write("Now run: manage.py publish. Then start gunicorn, the worker and cron.")
