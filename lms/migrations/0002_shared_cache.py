"""The table of the shared cache: rate limits and one-time codes are the same for all processes."""

from django.core.management import call_command
from django.db import migrations


def make(apps, schema_editor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop(apps, schema_editor) -> None:
    schema_editor.execute("DROP TABLE IF EXISTS cache")


class Migration(migrations.Migration):
    dependencies = [("lms", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
