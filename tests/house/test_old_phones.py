"""Nothing that a phone of 2021 lacks: Chromium 90 is the oldest browser that we promise.

What is only plainer there may stay: `size-adjust`, `prefers-contrast`, `<details name>`. What stops a script
may not, nor what loses a rule that somebody needs. `make old` tries the rest in that browser.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
OURS = ("config", "media", "assessments", "courses", "lms", "mentors")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)

# What it looks like, and the Chromium that has it.
SCRIPTS = {
    r"\.at\(": 92,
    r"randomUUID": 92,
    r"#\w+ in \b": 91,
    r"\bhasOwn\(": 93,
    r"\bcause:": 93,
    r"AbortSignal\.(abort|any|timeout)": 93,  # timeout: 103, any: 116
    r"\bstatic \{": 94,
    r"\breportError\(": 95,
    r"\bfindLast(Index)?\(": 97,
    r"\bstructuredClone\(": 98,
    r"\bshowPicker\(": 99,
    r"supportedValuesOf": 99,
    r"\.inert\b": 102,
    r"\bcheckVisibility\(": 105,
    r"Response\.json\(": 105,
    r"\bto(Sorted|Reversed|Spliced)\(": 110,
    r"\bstartViewTransition\(": 111,
    r"scrollend": 114,
    r"\b(show|hide|toggle)Popover\(": 114,
    r"\bgroupBy\(": 117,
    r"\bwithResolvers\(": 119,
    r"\bcanParse\(": 120,
    r"\bfromAsync\(": 121,
    r"\.(union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": 122,
    r"\bfrom [\"'][^\"']+[\"'] (with|assert) \{": 123,
    r"\bPromise\.try\(": 128,
    r"\b(fromBase64|toBase64|fromHex|toHex)\(": 140,
}
STYLES = {
    r"\baccent-color:": 93,
    r"\bscrollbar-gutter:": 94,
    r"@layer\b": 99,
    r"(?<![\w-])(translate|rotate|scale):": 104,
    r"\(\s*(width|height|inline-size|block-size) *[<>]": 104,
    r":has\(": 105,
    r"@container\b": 105,
    r":modal\b": 105,
    r"\d[dsl]v(h|w|i|b|min|max)\b": 108,
    r"\dr?lh\b": 109,
    r"\b(color-mix|oklch|oklab|lch|lab)\(": 111,
    r":nth-(last-)?child\([^)]* of ": 111,
    r"(?m)^\s*&|\{[^{}]*&": 112,
    r"\btext-wrap": 114,
    r":popover-open\b": 114,
    r"\bsubgrid\b": 117,
    r"@starting-style\b": 117,
    r"@scope\b": 118,
    r"\bfloat: *inline-": 118,
    r":user-(in)?valid\b": 119,
    r"\(scripting\b": 120,
    r"(?<![\w-])mask(-\w+)?:": 120,
    r":dir\(": 120,
    r"\blight-dark\(": 123,
    r"\bfield-sizing:": 123,
}
PAGES = {r"<[^>]*\sinert[\s>]": 102, r"\spopover(target)?[=\s>]": 114}
LACKING = {".mjs": SCRIPTS, ".js": SCRIPTS, ".css": STYLES, ".html": PAGES}


def _sources() -> list[Path]:
    found = [path for app in OURS for path in (ROOT / app).rglob("*") if path.suffix in LACKING]
    return sorted(path for path in found if {"static", "templates"} & set(path.parts))


def lacking(source: str, kind: str) -> Iterator[str]:
    """Each thing in it that a Chromium 90 does not have, and since when there is one that has it."""
    said = COMMENT.sub("", source)
    for shape, since in LACKING[kind].items():
        for found in re.finditer(shape, said):
            yield f"{found[0].strip()!r}: from Chromium {since} on"


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_an_old_phone_has_all_that_this_file_uses(path):
    assert list(lacking(path.read_text(encoding="utf-8"), path.suffix)) == []


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (".mjs", "const last = rows.at(-1);"),
        (".mjs", "const id = crypto.randomUUID();"),
        (".mjs", "class Log { static { this.all = []; } }"),
        (".css", ".card:has(img) { padding: 0; }"),
        (".css", ".screen { min-block-size: 100dvh; }"),
        (".css", "@media (width >= 40rem) { .card { gap: 0; } }"),
        (".css", "@media screen and (scripting: enabled) { .screen { display: none; } }"),
        (".html", "<main inert>"),
    ],
)
def test_what_is_too_new_is_found(kind, source):
    assert len(list(lacking(source, kind))) == 1


def test_what_is_only_talked_about_is_not():
    assert list(lacking("// not rows.at(-1)\n/* nor structuredClone(it) */", ".mjs")) == []
