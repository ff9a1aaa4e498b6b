"""How an answer is marked. Its twin on the phone, static/assessments/marking.mjs, satisfies the same cases.

A key is what `Question.answer_key()` says. What is right stands in `key["right"]` and nowhere else, so that a
key without it can be given to anybody. Kinds, and what is answered to them:

- one, picture, true_false   {"chosen": [option]}           1 or 0
- many                       {"chosen": [option, …]}        1 for all the right ones and no other, else 0
- order                      {"order": [option, …]}         the share that stands in its place
- pairs                      {"pairs": {option: partner}}   the share that found its partner
- number                     {"typed": "12.5"}              1 near enough, else 0
- say                        {"said": true}                 is never marked; the words stay on the phone
- ticks                      {"chosen": [thing, …]}         is never marked: a list, how a week went
"""

from collections.abc import Mapping
from typing import Any

from assessments.numbers import NotANumber, read_number

CHOICES = ("one", "picture", "true_false")  # the kinds in which a person chooses one of the options
KINDS = (*CHOICES, "many", "order", "pairs", "number", "say", "ticks")


class NotAnAnswer(ValueError):
    """The response is no answer to this question."""


def mark(key: Mapping[str, Any], response: object) -> float | None:
    """0 to 1; None where the key cannot tell: stripped, of a new kind, or of one without a mark."""
    kind = key.get("kind")
    if kind not in KINDS:
        return None
    given = _given(key, response)
    right = key.get("right")
    if kind in ("say", "ticks") or not right:
        return None
    if kind == "number":
        return 1.0 if _is_near(given, right) else 0.0
    if kind in ("order", "pairs"):
        return len(right_parts(key, response)) / len(right)
    # Who chooses everything has not chosen: one option is asked for, or all the right ones and no other.
    is_right = set(given) == set(right) if kind == "many" else len(given) == 1 and given[0] in right
    return 1.0 if is_right else 0.0


def right_parts(key: Mapping[str, Any], response: object) -> list[str]:
    """Which options of an answer are right already, so that nobody begins again from nothing."""
    kind, right = key.get("kind"), key.get("right")
    if kind not in KINDS or not right:
        return []
    given = _given(key, response)
    if kind == "order":
        return [option for option, there in zip(given, right, strict=False) if option == there]
    if kind == "pairs":
        return [option for option in right if given.get(option) == right[option]]
    return [option for option in given if option in right] if kind == "many" else []


def right_answer(key: Mapping[str, Any]) -> dict[str, Any]:
    """What earns all: for invented people, and for tests. The key must say what is right."""
    kind, right = key["kind"], key["right"]
    if kind == "number":
        typed = str(right["value"])
        return {"typed": typed.replace(".", ",") if key.get("comma") else typed}
    if kind in ("order", "pairs"):
        return {kind: right}
    return {"chosen": right if kind == "many" else right[:1]}


def _is_near(given: float, right: Mapping[str, float]) -> bool:
    # 1.85 is not more than 0.1 away from 1.75, whatever binary fractions say.
    spare = 1e-9 * max(1.0, abs(right["value"]))
    return abs(given - right["value"]) <= right["tolerance"] + spare


# ── What was answered ────────────────────────────────────────────────────────────────────────────────────


def _given(key: Mapping[str, Any], response: object) -> Any:
    kind, offered = key["kind"], key.get("options", [])
    said = response if isinstance(response, Mapping) else {}
    if kind == "order":
        return _ordered(said.get("order"), offered)
    if kind == "pairs":
        return _paired(said.get("pairs"), offered, key.get("partners", []))
    if kind == "number":
        return _typed(said.get("typed"), key)
    if kind == "say":
        return _said(said)
    if kind == "ticks" and said.get("chosen") == []:
        return []  # the last tick was taken away
    return _chosen(said.get("chosen"), offered)


def _chosen(chosen: object, offered: list[str]) -> list[str]:
    if not isinstance(chosen, list) or not chosen:
        raise NotAnAnswer("Nothing was chosen.")
    if not all(isinstance(option, str) and option in offered for option in chosen):
        raise NotAnAnswer("Something was chosen that was not offered.")
    if len(set(chosen)) < len(chosen):
        raise NotAnAnswer("Something was chosen twice.")
    return chosen


def _ordered(order: object, offered: list[str]) -> list[str]:
    order = _chosen(order, offered)
    if len(order) < len(offered):
        raise NotAnAnswer("Something has no place yet.")
    return order


def _paired(pairs: object, offered: list[str], partners: list[str]) -> Mapping[str, str]:
    if not isinstance(pairs, Mapping):
        raise NotAnAnswer("Nothing was paired.")
    _ordered(list(pairs), offered)
    _ordered(list(pairs.values()), partners)
    return pairs


def _typed(typed: object, key: Mapping[str, Any]) -> float:
    try:
        return read_number(typed, comma=key.get("comma", False), unit=key.get("unit", ""))
    except NotANumber as trouble:
        raise NotAnAnswer("No number can be read.") from trouble


def _said(said: Mapping[str, Any]) -> bool:
    if said.get("said") is not True or len(said) > 1:
        raise NotAnAnswer("Only that something was said is told, never what.")
    return True
