"""Rounds in which the sites take turns, so that a slow minute of the machine is slow for both."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from bench import load, machine
from bench.load import Asked, Heard
from bench.sites import Kept, Site


@dataclass(frozen=True)
class Speed:
    """How quickly one site did one thing once."""

    per_second: float
    p50: float
    p95: float
    cpu: float  # milliseconds of processor time for one request, the database included
    errors: int
    others: float  # share of the machine that somebody else had


@dataclass(frozen=True)
class Replay:
    """What the database held after one sending, after three in a row, and after three at once."""

    once: Kept
    in_a_row: Kept
    at_once: Kept
    errors: int

    @property
    def changed_nothing(self) -> bool:
        return self.once == self.in_a_row == self.at_once and not self.errors


Round = dict[str, dict[str, Speed]]  # site -> "lesson", "home" or "answer"


def rounds(sites: Sequence[Site], how_many: int, *, seconds: float, patience: float) -> list[Round]:
    """Each site reads and writes in every round; who goes first changes."""
    meters = {site.name: machine.Meter(site.doors.pid, site.database) for site in sites}
    for site in sites:  # nobody is measured cold
        load.read(site.doors.load, site.readers(), seconds=1)
        _send(site, site.answers())
    found: list[Round] = []
    for number in range(how_many):
        order = sites if number % 2 else list(reversed(sites))
        found.append({site.name: _round(site, meters[site.name], seconds, patience) for site in order})
    return found


def _round(site: Site, meter: machine.Meter, seconds: float, patience: float) -> dict[str, Speed]:
    machine.wait_until_quiet(at_most=patience)
    lesson = _speed(meter, partial(load.read, site.doors.load, site.readers(), seconds=seconds))
    home = _speed(meter, partial(load.read, site.doors.load, site.homes(), seconds=seconds))
    site.forget()
    machine.wait_until_quiet(at_most=patience)
    answer = _speed(meter, partial(load.send, site.doors.load, site.answers(), good=site.took))
    return {"lesson": lesson, "home": home, "answer": answer}


def _speed(meter: machine.Meter, run: partial[Heard]) -> Speed:
    with meter.running():
        heard = run()
    cpu = 1000 * meter.seconds / heard.count
    return Speed(heard.per_second, heard.p50, heard.p95, cpu, heard.errors, meter.others)


def replay(site: Site) -> Replay:
    """Send the same answers three times, as a phone does that never heard back."""
    site.forget()
    answers = site.answers()
    errors = _send(site, answers)
    once = site.kept()
    errors += _send(site, answers) + _send(site, answers)
    in_a_row = site.kept()
    site.forget()
    errors += _send(site, [same for answer in site.answers() for same in (answer, answer, answer)])
    at_once = site.kept()
    site.forget()
    return Replay(once, in_a_row, at_once, errors)


def _send(site: Site, answers: Iterable[Asked]) -> int:
    return load.send(site.doors.load, answers, good=site.took).errors


def median(found: Sequence[Round], site: str, what: str, of: str) -> float:
    """The middle one of all rounds."""
    return statistics.median(getattr(one[site][what], of) for one in found)


def ratio(found: Sequence[Round], sites: Sequence[Site], what: str, of: str) -> float:
    """The second site's share of the first's: the middle one of the shares within each round."""
    first, second = (site.name for site in sites)
    shares = [getattr(one[second][what], of) / getattr(one[first][what], of) for one in found]
    return statistics.median(shares)
