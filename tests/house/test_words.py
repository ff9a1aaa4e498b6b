"""Nothing on the outside tells on the person who holds the phone."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.house.doors import patterns

ROOT = settings.BASE_DIR
WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
APPS = ["config", "media", "assessments", "courses", "lms", "mentors"]
SENTENCE = re.compile(
    r"""{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')|{%\s*blocktrans(?:late)?.*?%}(.*?){%\s*endblocktrans""",
    re.DOTALL,
)
TITLE = re.compile(r"<title>(.*?)</title>|{% block title %}(.*?){% endblock", re.DOTALL)
IN_PYTHON = re.compile(r"""\b(?:_|gettext|gettext_lazy|ngettext|pgettext)\(\s*((?:"[^"]*"\s*,?\s*)+)""")


def found_in(text: str, language: str) -> set[str]:
    """Which forbidden words of a language stand in a text."""
    text = text.lower()
    words = WORDS[language]
    return {part for part in words["parts"] if part in text} | {
        word for word in words["whole"] if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)
    }


def found_anywhere(text: str) -> set[str]:
    """The same in all languages, for what has none: names, addresses, files."""
    return set().union(*(found_in(text, language) for language in WORDS))


def _files(*globs: str) -> Iterator[Path]:
    for app in APPS:
        for glob in globs:
            yield from (ROOT / app).glob(glob)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("After your return", "en", {"return"}),
        ("The turn of the year", "en", set()),
        ("Der Rückkehrer", "de", {"rückkehr"}),
        ("Zurück", "de", set()),
        ("واپس جائیں", "ur", set()),
        ("وطن واپسی", "ur", {"وطن واپسی", "واپسی"}),
        ("مہاجرین", "ur", {"مہاجر"}),
    ],
)
def test_the_list_finds_what_it_should(text, language, found):
    assert found_in(text, language) == found


def test_no_sentence_of_a_template_tells():
    told = {}
    for path in _files("templates/**/*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            said = " ".join("".join(parts) for parts in SENTENCE.findall(text) + TITLE.findall(text))
            told |= {str(path.relative_to(ROOT)): words for words in [found_in(said, "en")] if words}

    assert told == {}


def test_no_sentence_of_the_code_tells():
    told = {}
    for path in _files("**/*.py"):
        if "migrations" not in path.parts:
            said = " ".join(IN_PYTHON.findall(path.read_text(encoding="utf-8")))
            told |= {str(path.relative_to(ROOT)): words for words in [found_in(said, "en")] if words}

    assert told == {}


@pytest.mark.parametrize("language", ["ur", "de"])
def test_no_translation_tells(language):
    told = {}
    for path in ROOT.glob(f"*/locale/{language}/LC_MESSAGES/*.po"):
        for entry in polib.pofile(str(path)):
            said = " ".join([entry.msgstr, *entry.msgstr_plural.values()])
            told[entry.msgid] = found_in(said, language)

    assert {sentence: words for sentence, words in told.items() if words} == {}


def test_no_address_tells():
    assert {
        pattern: words for pattern in patterns() if (words := found_anywhere(pattern.replace("/", " ")))
    } == {}


def test_no_file_that_a_phone_gets_tells():
    names = [path.relative_to(ROOT) for path in _files("static/**/*", "templates/**/*") if path.is_file()]

    assert {str(name): words for name in names if (words := found_anywhere(name.as_posix()))} == {}


def test_no_name_and_no_cookie_tells():
    names = [
        settings.WAGTAIL_SITE_NAME,
        str(settings.SITE_NAME),
        settings.MFA_TOTP_ISSUER,
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        settings.SMS_HTTP_SENDER,
    ]

    assert [name for name in names if found_anywhere(name)] == []


def test_no_title_of_a_course_tells(db):
    """What stands on the shelf is a title and a menu, so it is read here too."""
    told = {}
    for path in (ROOT / "courses" / "starter").glob("*/course.toml"):
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        titles = [about["title"], about["summary"], *(unit["title"] for unit in about["units"])]
        for title in titles:
            for language, text in title.items():
                told[text] = found_in(text, language)

    assert {text: words for text, words in told.items() if words} == {}
