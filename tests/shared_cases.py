"""Cases that Python and the phone both satisfy: tests/shared/*.json, each with its reason."""

import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parent / "shared"


def cases(name: str) -> list:
    """The cases of one file, named by their `why`."""
    told = json.loads((SHARED / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["why"]) for case in told]
