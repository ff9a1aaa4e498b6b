"""What a question's form says when it is sent without a script. Its twin is `answer` in marking.mjs."""

from collections.abc import Mapping
from typing import Any

Posted = Mapping[str, list[str]]


def answer(kind: str, posted: Posted) -> dict[str, Any]:
    """The response, as a line of the record has it. Whether it is an answer is for `marking` to say."""
    if kind == "order":
        # The places are keys, so two in one place are one too few.
        places = {place: option for option, place in _filled(posted, "place:") if place.isdecimal()}
        return {"order": [places[place] for place in sorted(places, key=int)]}
    if kind == "pairs":
        return {"pairs": dict(_filled(posted, "with:"))}
    if kind == "number":
        return {"typed": _first(posted, "typed")}
    if kind == "say":
        return {"said": True}  # the words have no name in the form, so no browser sends them
    return {"chosen": list(posted.get("chosen", []))}


def _filled(posted: Posted, name: str) -> list[tuple[str, str]]:
    """The fields that begin so and were filled: what follows in their name, and what they say."""
    fields = [(field.removeprefix(name), _first(posted, field)) for field in posted if field.startswith(name)]
    return [(rest, said) for rest, said in fields if said]


def _first(posted: Posted, field: str) -> str:
    return next(iter(posted.get(field, [])), "")
