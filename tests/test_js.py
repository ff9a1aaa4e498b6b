"""The phone's own modules, tried by node's own runner: tests/js/*.test.mjs."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "js"


@pytest.mark.parametrize("tests", sorted(HERE.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_phones_modules_do_what_they_say(tests):
    node = shutil.which("node") or shutil.which("nodejs")
    assert node, (
        "Please install node (Debian: apt-get install nodejs): the phone's modules are tested with it."
    )

    run = subprocess.run(
        [node, "--test", str(tests)], capture_output=True, text=True, timeout=120, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr
