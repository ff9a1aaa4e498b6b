"""Content knows no learner; learners know no coach; only one door asks for people."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_the_layers_hold():
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_the_nouns_are_imported_from_the_module_that_holds_them():
    """A name that lms/models/__init__.py passed on would get around the contract."""
    import lms.models

    assert [name for name in vars(lms.models) if not name.startswith("_") and name[0].isupper()] == []
