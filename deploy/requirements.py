"""Writes requirements*.txt from uv.lock, for machines without uv.

With `--check` it says whether they agree, which needs no uv.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ["--extra", "postgres", "--extra", "redis", "--extra", "media"]
GROUPS = ["--group", "test", "--group", "lint", "--group", "bench"]
FILES = {
    "requirements.txt": [],  # what the demo needs
    "requirements-service.txt": EXTRAS,
    "requirements-test.txt": [*EXTRAS, *GROUPS],
}
HEADER = "# Written by deploy/requirements.py from uv.lock: please change pyproject.toml instead.\n"


def write() -> None:
    """Lock, then export each file with its digests."""
    subprocess.run(["uv", "lock"], cwd=ROOT, check=True)
    for name, options in FILES.items():
        export = ["uv", "export", "--frozen", "--no-default-groups", "--no-header", "--no-annotate"]
        answer = subprocess.run([*export, *options], cwd=ROOT, check=True, capture_output=True, text=True)
        (ROOT / name).write_text(HEADER + answer.stdout, encoding="utf-8")


def disagreements() -> list[str]:
    """What requirements*.txt say that uv.lock does not, and what pyproject.toml asks for that is nowhere."""
    locked = _locked()
    found = []
    for name in FILES:
        pins = _pins(name)
        found += [f"{name}: {pin} is not in uv.lock" for pin in sorted(pins - locked)]
        missing = _asked(name) - {pin.split("==")[0] for pin in pins}
        found += [f"{name}: {package} of pyproject.toml is missing" for package in sorted(missing)]
    return found


def _locked() -> set[str]:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return {f"{package['name']}=={package['version']}" for package in packages}


def _pins(name: str) -> set[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {f"{package}=={version}" for package, version in re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", text)}


def _asked(name: str) -> set[str]:
    """The packages that pyproject.toml names for this file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = list(project["project"]["dependencies"])
    tables = {"--extra": project["project"]["optional-dependencies"], "--group": project["dependency-groups"]}
    for kind, key in zip(FILES[name][::2], FILES[name][1::2], strict=True):
        asked += tables[kind][key]
    return {re.match(r"[\w.-]+", line)[0].lower() for line in asked}


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if lines := disagreements():
            sys.exit("\n".join([*lines, "Please run: python deploy/requirements.py"]))
    else:
        write()
