"""The same answer by OR-tools, where it is installed: for very many people.

Which of several equally good answers comes out may differ; the weight and the prices do not.
"""

from collections.abc import Sequence
from importlib import import_module, metadata, util
from itertools import chain
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
    numpy: Any = import_module("numpy")  # comes with OR-tools
    flow: Any = import_module("ortools.graph.python.min_cost_flow").SimpleMinCostFlow()
    people, drain = len(rows), len(rows) + len(seats)
    everybody = numpy.arange(people)
    who = numpy.repeat(everybody, [len(offers) for offers, _ in rows])
    offers, weights = (
        numpy.fromiter(chain.from_iterable(row[column] for row in rows), numpy.int64, len(who))
        for column in (0, 1)
    )
    whose = numpy.repeat(numpy.arange(len(seats)), [len(costs) for costs in seats])
    costs = numpy.fromiter(chain.from_iterable(seats), numpy.int64, len(whose))
    tails = numpy.concatenate([who, everybody, people + whose])
    heads = numpy.concatenate([people + offers, numpy.full(people + len(whose), drain)])
    lengths = numpy.concatenate([-weights, numpy.zeros(people, numpy.int64), costs])
    numbers = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, numpy.ones_like(tails), lengths)
    flow.set_nodes_supplies(everybody, numpy.ones_like(everybody))
    flow.set_node_supply(drain, -people)
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("OR-tools found no flow, and there always is one.")
    at = numpy.full(people, NOBODY)
    sits = numpy.flatnonzero(flow.flows(numbers[: len(who)]))
    at[who[sits]] = offers[sits]
    return at.tolist(), prices_of(rows, seats, at.tolist())
