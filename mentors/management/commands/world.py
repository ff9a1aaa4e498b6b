"""manage.py world: the invented people of the demo."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses import published
from courses.models import LessonPage, Rendering
from mentors import demo


class Command(BaseCommand):
    help = "Invent a small believable world (DEMO=yes only). Twice changes nothing."

    def handle(self, **options: object) -> None:
        _publish_first()
        try:
            new = demo.invent(now=timezone.now())
        except PermissionDenied as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(
            f"{len(new)} people live here now: {', '.join(new[:13])} …"
            if new
            else "Everybody is here already."
        )


def _publish_first() -> None:
    """What people did names the pages that they saw, so these must be there."""
    live = LessonPage.objects.live()  # ty: ignore[missing-attribute] - Wagtail ships no types
    if live.exists() and not Rendering.objects.exists():
        published.after_release()
        if not Rendering.objects.exists():
            raise CommandError(
                "The lessons could not be published, the log says why. Nobody has moved in yet."
            )
