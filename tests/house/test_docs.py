"""What the docs say can be done."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = settings.BASE_DIR
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MAKE = re.compile(r"(?:^|`|\$ |&& )make ([a-z][a-z-]*)", re.MULTILINE)
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_there_is_a_first_walk():
    assert (ROOT / "README.md").exists()
    assert "make demo" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_link_exists(page):
    text = page.read_text(encoding="utf-8")

    assert set(MAKE.findall(text)) - _targets() == set()
    assert set(MANAGE.findall(text)) - set(get_commands()) == set()
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_every_noun_of_the_tables_is_in_the_glossary():
    from django.apps import apps

    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    nouns = {
        re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
        for model in apps.get_models()
        if model._meta.app_label in {"mentors", "lms", "courses", "assessments", "media"}
    }
    missing = {noun for noun in nouns if f"**{noun.removesuffix(' page')}**" not in glossary}

    assert missing == set(), "One entry per noun in docs/glossary.md, with the words to avoid."
