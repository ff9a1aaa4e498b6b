"""manage.py starter: load the courses that are shipped."""

from django.core.management.base import BaseCommand

from courses import starter


class Command(BaseCommand):
    help = "Load the starter courses by key. Twice changes nothing."

    def handle(self, **options: object) -> None:
        starter.load(say=self.stdout.write)
