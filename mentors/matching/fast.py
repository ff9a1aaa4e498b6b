"""The same answer by OR-tools, where it is installed: for very many people.

Which of several equally good answers comes out may differ; the weight and the prices do not.
"""

from collections.abc import Sequence
from importlib import import_module, metadata, util
from typing import Any

from mentors.matching.pairs import Row
from mentors.matching.solver import NOBODY, prices_of

NAME = "ortools"


class NotInstalled(RuntimeError):
    """OR-tools was asked for by name, and is not there."""


def version() -> str:
    """Which OR-tools is installed; empty without one."""
    return f"{NAME} {metadata.version(NAME)}" if util.find_spec(NAME) else ""


def solve(rows: Sequence[Row], seats: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """What `solver.solve` says, as a flow of least cost: from people by coaches, or past them, to a drain."""
    if not version():
        raise NotInstalled("OR-tools is not installed.")
    if not rows:
        return [], [0] * len(seats)
    flow = import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    people, drain = len(rows), len(rows) + len(seats)
    pairs = [
        (person, people + offer, 1, -weight)
        for person, row in enumerate(rows)
        for offer, weight in zip(*row, strict=True)
    ]
    waits = [(person, drain, 1, 0) for person in range(people)]
    chairs = [(people + offer, drain, 1, cost) for offer, costs in enumerate(seats) for cost in costs]
    numbers = flow.add_arcs_with_capacity_and_unit_cost(*_columns([*pairs, *waits, *chairs]))
    for person in range(people):
        flow.set_node_supply(person, 1)
    flow.set_node_supply(drain, -people)
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("OR-tools found no flow, and there always is one.")
    at = [NOBODY] * people
    for (person, node, _, _), there in zip(pairs, flow.flows(numbers[: len(pairs)]), strict=True):
        if there:
            at[person] = node - people
    return at, prices_of(rows, seats, at)


def _columns(arcs: list[tuple[int, int, int, int]]) -> list[Any]:
    numpy = import_module("numpy")  # comes with OR-tools
    return [numpy.array(column, dtype=numpy.int64) for column in zip(*arcs, strict=True)]
