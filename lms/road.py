"""The way, drawn: a road that winds up to a house, with a place for each stage. On plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import dist, sin, tau

Point = tuple[float, float]

BEGIN, END = (22.0, 124.0), (278.0, 52.0)
BENDS, SWING = 1.5, 22.0
FINE = 96  # short lines that make a bend


@dataclass(frozen=True)
class Place:
    """A stage on the road: `done`, `now`, or still to come."""

    x: float
    y: float
    state: str


@dataclass(frozen=True)
class Road:
    """Lines as SVG writes them, and the places on it."""

    whole: str
    walked: str  # as far as somebody is
    places: list[Place]

    @property
    def now(self) -> Place | None:
        """Where two stand who walk side by side."""
        return next((place for place in self.places if place.state == "now"), None)


def draw(states: Iterable[str]) -> Road:
    """A road with a place for each of these states, one as far from the next as another."""
    states = list(states)
    line = _line()
    at = [_along(line, place / max(len(states) - 1, 1)) for place in range(len(states))]
    places = [Place(*line[n], state) for n, state in zip(at, states, strict=True)]
    until = max((n for n, state in zip(at, states, strict=True) if state), default=0)
    return Road(_written(line), _written(line[: until + 1]), places)


def _line() -> list[Point]:
    (x, y), (to_x, to_y) = BEGIN, END
    parts = [n / FINE for n in range(FINE + 1)]
    swing = [SWING * sin(part * BENDS * tau) * (1 - part / 3) for part in parts]
    return [
        (round(x + (to_x - x) * part, 1), round(y + (to_y - y) * part + off, 1))
        for part, off in zip(parts, swing, strict=True)
    ]


def _along(line: list[Point], part: float) -> int:
    """Which point of a line lies so far along it."""
    steps = [dist(one, other) for one, other in pairwise(line)]
    left = sum(steps) * part
    for n, step in enumerate(steps):
        if left < step / 2:
            return n
        left -= step
    return len(steps)


def _written(line: list[Point]) -> str:
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in line[::2] + ([line[-1]] if len(line) % 2 == 0 else []))
