"""What a deployer may set stands in .env.example, and nothing else does."""

import ast
import re

from django.conf import settings

NAME = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def _asked_for() -> set[str]:
    tree = ast.parse((settings.BASE_DIR / "config" / "settings.py").read_text(encoding="utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    }


def _listed() -> list[str]:
    return NAME.findall((settings.BASE_DIR / ".env.example").read_text(encoding="utf-8"))


def test_every_setting_is_listed_with_its_reason():
    assert _asked_for() - set(_listed()) == set(), "Please add these to .env.example, with a sentence each."


def test_nothing_is_listed_that_is_never_read():
    assert set(_listed()) - _asked_for() == set(), "Nobody reads these; please take them out of .env.example."


def test_nothing_is_listed_twice():
    assert sorted(_listed()) == sorted(set(_listed()))
