"""Templates hold no style, no script and no untranslatable sentence; styles turn with the script."""

import re
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ["config", "media", "assessments", "courses", "lms", "mentors"]
TEMPLATES = [path for app in APPS for path in (ROOT / app / "templates").rglob("*.html")]
STYLES = [path for app in APPS for path in (ROOT / app / "static").rglob("*.css")]

# Physical directions; what stands inside url(…) or a comment is taken out before.
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|(?:left|right|top|bottom)|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)(?![\w-])"
)
MEDIA = re.compile(r"@(?:media|container|page)[^{]*\{")
NAMES = {
    "Hamrah",
    "QR",
    "PIN",
    "©",
    "·",
    "–",
    "•",
    "×",
    "/",
    ":",
    ".",
    ",",
    "|",
    "→",
    "←",
    "?",
    "!",
    "…",
    "(",
    ")",
    "+",
}
ASIDE = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
ATTRIBUTES = re.compile(
    r"{%\s*block \w+_(?:attributes|data)\s*%}.*?{%\s*endblock.*?%}", re.DOTALL
)  # of another tag
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}", re.DOTALL)
CODE = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SAID_ALOUD = {"aria-label", "alt", "title", "placeholder"}


class _Reader(HTMLParser):
    """Collects what a person would read, and what a page must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.faults: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"style", "script"}
        if tag == "script" and "src" not in dict(attrs) and dict(attrs).get("type") != "application/json":
            self.faults.append("a script inside the page")
        if tag == "style":
            self.faults.append("a style inside the page")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{name}= on <{tag}>")
            if name in SAID_ALOUD and value:
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def _read(path: Path) -> _Reader:
    reader = _Reader()
    text = path.read_text(encoding="utf-8")
    for code in (ASIDE, ATTRIBUTES, TRANSLATED, CODE):
        text = code.sub("", text)
    reader.feed(text)
    return reader


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 20
    assert len(STYLES) > 2


def test_no_page_holds_a_style_or_a_script():
    assert {_name(path): faults for path in TEMPLATES if (faults := _read(path).faults)} == {}


def test_every_sentence_can_be_translated():
    said = {}
    for path in TEMPLATES:
        words = [word for text in _read(path).texts for word in text.split() if word not in NAMES]
        words = [
            word for word in words if re.search(r"[^\W\d_]{2}", word) and word.strip(".,:;–-()") not in NAMES
        ]
        said |= {_name(path): words for words in [words] if words}

    assert said == {}, "Please put these between translate tags."


def test_styles_know_no_left_and_no_right():
    physical = {}
    for path in STYLES:
        css = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found = SIDES.findall(MEDIA.sub("{", css))
        physical |= {_name(path): found for found in [found] if found}

    assert physical == {}, "Please say inline-start, block-size …, so that it turns with the script."


def test_styles_measure_letters_in_their_own_size():
    """Letters in pixels do not grow when a person asks for larger ones; drawings have their own scale."""
    pixels = {}
    for path in STYLES:
        rules = re.findall(r"([^{}]+)\{([^{}]*)\}", path.read_text(encoding="utf-8"))
        fixed = [
            rule.strip()
            for rule, body in rules
            if re.search(r"font(?:-size)?:[^;]*\d+px", body) and not re.search(r"\.(?:plot|chart)", rule)
        ]
        pixels |= {_name(path): fixed for fixed in [fixed] if fixed}

    assert pixels == {}
