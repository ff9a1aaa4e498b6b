"""Make everybody's standings again from the record, or only look whether they are right."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms import standings


class Command(BaseCommand):
    help = "Make all standings again from the record. With --check, only say whether they are right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only look")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.stdout.write(f"{standings.rebuild(now=timezone.now())} standings were made again.")
            return
        if wrong := standings.wrong_ones():
            raise CommandError(f"{len(wrong)} standings are wrong. Please run: manage.py standings")
        self.stdout.write("All standings are right.")
