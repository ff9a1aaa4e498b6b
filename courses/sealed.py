"""The keys of questions that count never leave the server: whatever phones are given is searched for them."""

import html
import json
from collections.abc import Iterable, Iterator

from assessments.models import Question


class KeyTold(Exception):
    """What is right stands in something that phones would get."""


def check(pages: Iterable[dict[str, dict]], texts: Iterable[str]) -> None:
    """Raise KeyTold if one of the texts tells the key of a question that counts wherever it is asked.

    pages: of each what its questions are marked by, as `Rendering.keys` has it. What counts before and after
    a unit may be practised in its lessons: then there is nothing to hide.
    """
    keys = [(block, key) for page in pages for block, key in page.items() if key.get("right")]
    practised = [key["right"] for _, key in keys if key["use"] != Question.Use.COUNTS]
    texts = list(texts)
    for block, key in keys:
        if key["right"] in practised:
            continue
        if any(said in text for said in _forms(key["right"]) for text in texts):
            raise KeyTold(f"The question {block} counts, and a phone could read what is right.")


def _forms(right: object) -> Iterator[str]:
    """However it may be written down."""
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (True, False):
            said = json.dumps(right, separators=separators, ensure_ascii=ascii_only)
            yield said
            yield html.escape(said)
