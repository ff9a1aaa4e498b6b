"""manage.py publish: have on the disk what phones should get."""

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError

from courses import published
from courses.models import Wanted


class Command(BaseCommand):
    help = "Render what is wanted, all of it after a release, and write what the disk has lost."

    def handle(self, **options: object) -> None:
        if _not_gathered():
            raise CommandError("Styles and scripts are not gathered yet. Please run: manage.py collectstatic")
        rendered, written = published.after_release()
        lost = f"{written} files that the disk had lost are back." if written else "No file was missing."
        self.stdout.write(f"{rendered} units rendered. {lost}")
        if left := Wanted.objects.exclude(trouble="").count():
            first = Wanted.objects.exclude(trouble="").order_by("since")[0]
            raise CommandError(f"{left} units were not rendered and stay wanted. The first: {first.trouble}")


def _not_gathered() -> bool:
    """Pages name files by their content; without the list of those names none can be made."""
    read = getattr(staticfiles_storage, "read_manifest", None)
    return callable(read) and read() is None
