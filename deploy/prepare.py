"""Makes `.venv`, so that `make demo` needs nothing but Python.

`python3 deploy/prepare.py run` installs what the service needs; `test` also what tests, checks and
measurements need.

Every file that is installed must match its digest in requirements*.txt. Standard library only: nothing is
there yet when this runs. The first lines also run on a Python that is too old, to say so.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Hamrah needs Python 3.11 or newer, and this is {}.{}; please name a newer one, "
        "for example: make demo PYTHON=python3.12".format(*sys.version_info[:2])
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "hamrah.json"
TOOLS = ROOT / ".tools"
PROFILES = {"run": "requirements.txt", "test": "requirements-test.txt"}  # each contains the one before it


def prepare(profile: str) -> None:
    """Install the profile unless it, or a larger one, is already there."""
    had = _stamp()
    profile = max(profile, had.get("profile", "run"), key=list(PROFILES).index)
    wanted = {"profile": profile, "lock": _digest(PROFILES[profile])}
    if had == wanted and _works():
        return
    STAMP.unlink(missing_ok=True)
    _install(PROFILES[profile])
    STAMP.write_text(json.dumps(wanted))


def _stamp() -> dict:
    try:
        said = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return said if said.get("profile") in PROFILES else {}


def _digest(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def _works() -> bool:
    """Whether `.venv` has a Python that starts: the one it points to may have been removed since."""
    newer = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([PYTHON, "-I", "-c", newer], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _install(requirements: str) -> None:
    """With uv if it is there, because it is quick; with pip if not, because it always is."""
    print(f"Installing {requirements} into .venv (once; a minute or two on a slow line) …", flush=True)
    uv = shutil.which("uv")
    if uv and _with_uv(uv, requirements):
        return
    if importlib.util.find_spec("ensurepip"):
        _with_pip(requirements)
    elif importlib.util.find_spec("pip"):
        # Debian without python3-venv. A plain `pip install uv` would be refused there (PEP 668); this is not.
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--target", TOOLS, "uv<1"])
        if not _with_uv(str(TOOLS / "bin" / "uv"), requirements):
            sys.exit("The packages could not be installed; the lines above say why.")
    else:
        sys.exit("Python's venv is missing. Please run: sudo apt-get install python3-venv")


def _with_uv(uv: str, requirements: str) -> bool:
    """Install, or say that it did not work. A uv that is only pyenv's shim fails here."""
    # uv is given this very Python: its own search stops at the first shim, and may try to download one.
    make = [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, VENV]
    fill = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes"]
    try:
        if not _works():
            shutil.rmtree(VENV, ignore_errors=True)
            _run(make)
        _run([*fill, "-r", ROOT / requirements])
    except (OSError, subprocess.CalledProcessError):
        print("uv could not do it.", flush=True)
        return False
    return True


def _with_pip(requirements: str) -> None:
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--no-compile", "--no-deps", "--require-hashes"]
    try:
        if not _works():
            shutil.rmtree(VENV, ignore_errors=True)
            _run([sys.executable, "-m", "venv", VENV])
        _run([PYTHON, "-m", "ensurepip"], stdout=subprocess.DEVNULL)  # a .venv that uv made has no pip
        _run([*pip, "-r", ROOT / requirements])
    except subprocess.CalledProcessError:
        sys.exit("The packages could not be installed; the lines above say why.")


def _run(command: list, **options: object) -> None:
    # Somebody else's active environment must not receive our packages.
    theirs = {"VIRTUAL_ENV", "UV_PYTHON", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME", "PIP_TARGET", "PIP_USER"}
    clean = {name: value for name, value in os.environ.items() if name not in theirs}
    subprocess.run([str(part) for part in command], cwd=ROOT, env=clean, check=True, **options)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PROFILES:
        sys.exit(f"Usage: python3 deploy/prepare.py {'|'.join(PROFILES)}")
    prepare(sys.argv[1])
