"""The tables follow the models, and an empty database can be filled."""

import os
import re
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

OURS = ["mentors", "lms", "courses", "assessments", "media"]


def test_every_change_of_a_model_has_its_migration(db, settings):
    settings.MIGRATION_MODULES = {}
    out = StringIO()

    try:
        call_command("makemigrations", *OURS, check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(f"Please run manage.py makemigrations:\n{out.getvalue()}")


def test_every_migration_is_named_for_what_it_does():
    names = [path.stem for app in OURS for path in (settings.BASE_DIR / app / "migrations").glob("0*.py")]

    assert [name for name in names if re.search(r"_auto_|_\d{8}_\d{4}$|_alter_.*_and_more$", name)] == []


def test_an_empty_database_becomes_one_that_works(tmp_path):
    look = (
        "from wagtail.models import Page, Locale, Collection;"
        "print(Page.objects.filter(depth=1).count(), Collection.objects.filter(depth=1).count(),"
        " Locale.objects.filter(language_code='en').count())"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "VAR_DIR": str(tmp_path),
        "DEMO": "yes",
    }

    def manage(*words: str) -> str:
        run = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout

    manage("migrate", "--verbosity", "0")

    assert manage("shell", "--verbosity", "0", "--command", look).split() == ["1", "1", "1"]
