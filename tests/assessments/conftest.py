"""One question of each kind."""

from decimal import Decimal

import pytest
from wagtail.models import Locale

from assessments.models import Question

REASON = "Clean milk keeps longer."
WORDS = ("Wash your hands", "Clean the udder", "Dry it", "Milk")


def options(*right: str) -> list[tuple[str, dict]]:
    return [("option", {"text": words, "picture": None, "right": words in right}) for words in WORDS]


PAIRS = [("pair", {"left": f"{animal}", "picture": None, "right": young}) for animal, young in
         {"Cow": "Calf", "Goat": "Kid", "Sheep": "Lamb"}.items()]  # fmt: skip
KINDS = {
    "one": {"options": options("Milk")},
    "many": {"options": options("Milk", "Dry it")},
    "true_false": {"truth": "no"},
    "order": {"options": options()},
    "pairs": {"options": PAIRS},
    "number": {"value": Decimal("1.75"), "tolerance": Decimal("0.1"), "unit": "litres"},
    "say": {"reason": ""},
}
SEALABLE = {
    "one": {"options": options()},
    "many": {"options": options()},
    "true_false": {"truth": ""},
}


def question(kind: str, **changes: object) -> Question:
    """A question of a kind; changes win."""
    values = {"prompt": f"A question: {kind}?", "reason": REASON, "hint": "Think."} | KINDS[kind] | changes
    english = Locale.objects.get(language_code="en")
    made = Question(locale=english, kind=kind, key=kind.replace("_", "-"), **values)
    made.options.get_prep_value()  # blocks have their names from now on
    return made


@pytest.fixture
def ask(db):
    """A question of a kind, saved."""

    def make(kind: str, **changes: object) -> Question:
        made = question(kind, **changes)
        made.save()
        return made

    return make
