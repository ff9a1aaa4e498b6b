"""The rows that Wagtail's own migrations would have made."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Collection, Locale, Page


def plant() -> None:
    """A locale for each language people read, the root of all pages, the root of all collections."""
    MigrationRecorder(connection).ensure_schema()  # Wagtail Localize looks there before it writes
    for code in ("en", "ur", "de"):
        Locale.objects.get_or_create(language_code=code)
    if not Page.objects.exists():
        Page.add_root(
            title="Root",
            slug="root",
            content_type=ContentType.objects.get_for_model(Page),
            locale=Locale.objects.get(language_code="en"),
        )
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
