"""manage.py code NAME: what the authenticator app of a demo member of staff shows now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lms import staff
from lms.models.people import User


class Command(BaseCommand):
    help = "Says the six digits that a member of staff of the demo would read from their app now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses wherever real people sign in."""
        if not settings.DEMO:
            raise CommandError("This works in a demo only (DEMO=yes). Real staff read it from their own app.")
        user = User.objects.filter(username=options["name"], is_staff=True).first()
        if not user or "totp" not in staff.second_factors_of(user):
            raise CommandError(f"Nobody called {options['name']} works here with an authenticator app.")
        self.stdout.write(staff.demo_code(user, now=timezone.now()))
