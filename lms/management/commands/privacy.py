"""What is held about people: described, aged out, and forgotten again after a restore."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms import privacy


class Command(BaseCommand):
    help = "Describe what is held about people, remove what was kept for long enough, replay erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--describe", action="store_true", help="print docs/personal-data.md")
        what.add_argument("--expire", action="store_true", help="count what has been kept for long enough")
        what.add_argument(
            "--ledger", action="store_true", help="print who was forgotten and who says no, as digests"
        )
        what.add_argument(
            "--replay", metavar="FILE", help="hear it again after a restore; FILE is a newer ledger"
        )
        parser.add_argument("--real", action="store_true", help="with --expire: remove it")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        if options["describe"]:
            self.stdout.write(privacy.describe(), ending="")
        elif options["ledger"]:
            self.stdout.write("\n".join(privacy.ledger()))
        elif options["replay"]:
            ledger = ledger_in(options["replay"])
            self.stdout.write(f"{privacy.replay_erasures(ledger, now=now)} forgotten again.")
            self.stdout.write(f"{privacy.replay_noes(ledger, now=now)} answers of no written down again.")
        else:
            due = privacy.expire(now, real=bool(options["real"]))
            done = "removed" if options["real"] else "to be removed (nothing was; add --real)"
            for what, count in due.items():
                self.stdout.write(f"{what}: {count} {done}")


def ledger_in(path: str) -> list[str]:
    """Who was forgotten and who said no, as `--ledger` printed it."""
    try:
        return Path(path).read_text(encoding="utf-8").split()
    except OSError as trouble:
        raise CommandError(f"The ledger {path} cannot be read: {trouble}.") from trouble
