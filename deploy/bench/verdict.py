"""What was promised, and whether it holds: one row for each promise, for the screen and the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.browser import Seen
from bench.desks import Desks
from bench.load import Heard
from bench.machine import QUIET
from bench.matching import Matched, Matching
from bench.measure import Replay, Round, median, ratio
from bench.phones import Phones
from bench.sites import Kept, Site

Queries = Mapping[str, tuple[int, int]]  # what: queries, and BEGIN, COMMIT and the like

ASKED_OF_ALL = {
    "p50": "half are quicker than",
    "p95": "95 of 100 are quicker than",
}
WEIGHTS = {  # what: (name, most, in what)
    "slow line: requests before text": ("requests before the text can be read", 6, ""),
    "first screen": ("first lesson before scrolling", 50, "KB"),
    "whole lesson": ("first lesson to its end *", 100, "KB"),
    "next lesson": ("next lesson with its question *", 25, "KB"),
    "slow line: text": ("slow line: text can be read after", 1.1, "s"),
    "slow line: answerable": ("slow line: question can be answered after", 3, "s"),
    "slow line and phone: text": ("slow line, slow phone: text", 2.5, "s"),
    "slow line and phone: answerable": ("slow line, slow phone: question", 4, "s"),
}
FOOTNOTE = "* without sound and the Nastaliq font. The peer's question is the smallest H5P there can be."


@dataclass(frozen=True)
class Row:
    """One line of the table. `met` is None where nothing was promised."""

    what: str
    ours: str
    peer: str
    target: str = ""
    met: bool | None = None


def speeds(found: Sequence[Round], sites: Sequence[Site]) -> list[Row]:
    """Reading and answering. Sites: the peer, then ours."""
    return [
        _at_least(found, sites, "lesson", 10, "lessons, 20 readers at once"),
        *_times(found, sites, "lesson"),
        _processor(found, sites, "lesson", 1 / 10),
        _at_most(found, sites, "home", "p95", 150, "home, 20 at once: 95 of 100 are quicker than"),
        _at_least(found, sites, "answer", 3, "answers, 20 people at once"),
        *_times(found, sites, "answer"),
        _processor(found, sites, "answer"),
        _failures(found, sites),
    ]


def queries(peer: Queries, ours: Queries) -> list[Row]:
    """How often the database is asked."""

    def row(what: str, name: str, most: int | None = None) -> Row:
        (theirs, _), (mine, around) = peer[what], ours[what]
        said = f"{mine} (and {around} around)" if around else str(mine)
        target, met = ("", None) if most is None else (f"≤ {most}", mine <= most)
        return Row(name, said, str(theirs), target, met)

    return [
        row("lesson", "queries of a lesson"),
        row("answer", "queries of an answer", 8),
        row("shared answer", "… if 5 lessons use the question", ours["answer"][0]),
    ]


def replays(peer: Replay, ours: Replay) -> list[Row]:
    """What three times the same answers leave behind."""
    rows = []
    for how, name in (("in_a_row", "in a row"), ("at_once", "at once")):
        for part, told in (("rows", _rows), ("score", _score), ("time", _time)):
            before, after = told(ours.once), told(getattr(ours, how))
            theirs = f"{told(peer.once)} → {told(getattr(peer, how))}"
            what = f"answers sent 3 times {name}: {part}"
            rows.append(Row(what, f"{before} → {after}", theirs, "unchanged", before == after))
    return rows


def weights(peer: Seen, ours: Seen) -> list[Row]:
    """What a browser gets, and when."""
    return [_weight(what, peer.numbers, ours.numbers) for what in WEIGHTS]


def desks(seen: Desks) -> list[Row]:
    """What staff wait for, four at once. The peer has no such rooms."""
    return [
        *_desk("a coach's desk, 8 people", seen.coach),
        *_desk("a coordinator's board, 2,000 people", seen.lead),
    ]


def phones(seen: Phones) -> list[Row]:
    """What phones ask when they come back. The peer takes no lines from phones."""

    def row(what: str, value: float, most: float, unit: str = "", *, least: bool = False) -> Row:
        met = value >= most if least else value <= most
        said = f"{value:,.0f}" if value >= 100 or float(value).is_integer() else f"{value:.2f}"
        return Row(
            what, f"{said} {unit}".strip(), "-", f"{'≥' if least else '≤'} {most:,g} {unit}".strip(), met
        )

    return [
        row("20 answers, 400 ms: requests", seen.twenty.requests, 2),
        row("… both ways, without heads", seen.twenty.bytes, 6 * 1024, "B"),
        row("… sent and answered after", seen.twenty.took / 1000, 2, "s"),
        row("50 answers: up, without heads", seen.fifty.up, 2 * 1024, "B"),
        row("nothing new: requests", seen.nothing.requests, 1),
        row("… both ways, without heads", seen.nothing.bytes, 512, "B"),
        row("25 phones with 200 lines each: all answered after", seen.back, 10, "s"),
        row("… lines lost", seen.lost, 0),
        row("… lines doubled", seen.doubled, 0),
        row("lines in batches of 50", seen.per_second, 2000, "/s", least=True),
        row("50 batches a second: 95 of 100 are quicker than", seen.steady.p95, 300, "ms"),
        row("… batches that failed", seen.steady.errors, 0),
        row("a batch at 1,000,000 lines, in times of one at 10,000", seen.dearer, 1.2),
    ]


def matching(seen: Matching) -> list[Row]:
    """People and coaches. The peer matches nobody; beside ours stands the best score first."""
    rows = [row for size in seen.sizes for row in _matched(size)]
    return [
        *rows,
        _ours_alone(
            "1 in 100 leaves: matched anew after",
            f"{seen.again:.0f} ms",
            "≤ 100 ms",
            seen.again <= 100,
        ),
        _ours_alone("… bonds broken", str(seen.broken), "0", not seen.broken),
        _ours_alone("coach is of the short list", f"{seen.listed:.2%}", "≥ 98%", seen.listed >= 0.98),
        _ours_alone(
            "200 people in groups: of the bound", f"{seen.cohorts:.2%}", "≥ 99%", seen.cohorts >= 0.99
        ),
    ]


def table(rows: Sequence[Row]) -> str:
    """For the screen."""
    head = Row("", "ours", "peer", "promised")
    wide = [max(len(getattr(row, of)) for row in [head, *rows]) for of in ("what", "ours", "peer", "target")]
    return "\n".join(_line(row, wide) for row in [head, *rows])


def doubts(found: Sequence[Round], *, sees_database: bool) -> list[str]:
    """What makes these numbers worth less."""
    others = max(speed.others for one in found for site in one.values() for speed in site.values())
    doubted = {
        f"Others had up to {others:.0%} of this machine. Please run it again later.": others > QUIET,
        "The database runs elsewhere: its processor time is not counted.": not sees_database,
    }
    return [sentence for sentence, so in doubted.items() if so]


def conclusion(rows: Sequence[Row]) -> str:
    """How many promises are met, and which are not."""
    promised = [row for row in rows if row.met is not None]
    missed = [f"Not met: {row.what}" for row in promised if not row.met]
    return "\n".join([f"{len(promised) - len(missed)} of {len(promised)} promises are met.", *missed])


def _line(row: Row, wide: Sequence[int]) -> str:
    met = {True: "met", False: "NOT MET", None: ""}[row.met]
    what, ours, peer, target = wide
    cells = (row.what.ljust(what), row.ours.rjust(ours), row.peer.rjust(peer), row.target.ljust(target), met)
    return "  ".join(cells).rstrip()


def _at_least(found: Sequence[Round], sites: Sequence[Site], what: str, times: float, name: str) -> Row:
    share = ratio(found, sites, what, "per_second")
    theirs, mine = (median(found, site.name, what, "per_second") for site in sites)
    return Row(name, f"{mine:.0f}/s = {share:.1f}×", f"{theirs:.0f}/s", f"≥ {times}×", share >= times)


def _at_most(found: Sequence[Round], sites: Sequence[Site], what: str, of: str, most: int, name: str) -> Row:
    theirs, mine = (median(found, site.name, what, of) for site in sites)
    return Row(name, f"{mine:.0f} ms", f"{theirs:.0f} ms", f"≤ {most} ms", mine <= most)


def _processor(found: Sequence[Round], sites: Sequence[Site], what: str, most: float | None = None) -> Row:
    share = ratio(found, sites, what, "cpu")
    theirs, mine = (f"{median(found, site.name, what, 'cpu'):.1f} ms" for site in sites)
    if most is None:
        return Row("… processor time of one", mine, theirs)
    return Row("… processor time of one", f"{mine} = {share:.3f}×", theirs, f"≤ {most:g}×", share <= most)


def _times(found: Sequence[Round], sites: Sequence[Site], what: str) -> list[Row]:
    rows = []
    for of, name in ASKED_OF_ALL.items():
        theirs, mine = (f"{median(found, site.name, what, of):.0f} ms" for site in sites)
        rows.append(Row(f"… {name}", mine, theirs))
    return rows


def _desk(what: str, heard: Heard) -> list[Row]:
    most = 150
    quick = Row(
        f"{what}: 95 of 100 are quicker than", f"{heard.p95:.0f} ms", "-", f"≤ {most} ms", heard.p95 <= most
    )
    return [quick, Row("… requests that failed", str(heard.errors), "-", "0", not heard.errors)]


def _failures(found: Sequence[Round], sites: Sequence[Site]) -> Row:
    theirs, mine = (sum(speed.errors for one in found for speed in one[site.name].values()) for site in sites)
    return Row("requests that failed", str(mine), str(theirs), "0", mine == 0)


def _weight(what: str, peer: Mapping[str, float | None], ours: Mapping[str, float | None]) -> Row:
    name, most, unit = WEIGHTS[what]
    mine = ours[what]
    met = mine is not None and _in(unit, mine) <= most
    return Row(name, _said(unit, mine), _said(unit, peer[what]), f"≤ {most:g} {unit}".strip(), met)


def _in(unit: str, value: float) -> float:
    return value / {"KB": 1024, "s": 1000, "": 1}[unit]


def _said(unit: str, value: float | None) -> str:
    if value is None:
        return "never"
    places = {"KB": 1, "s": 2, "": 0}[unit]
    return f"{_in(unit, value):.{places}f} {unit}".strip()


def _matched(size: Matched) -> list[Row]:
    seconds, megabytes = {200: (0.1, 150)}.get(size.people, (4, 150))
    served, possible = size.served, size.possible
    women, for_women = size.women, size.women_possible
    return [
        Row(
            f"{size.people:,} people, {size.coaches} coaches: matched and proven",
            f"{size.seconds:.2f} s",
            "-",
            f"≤ {seconds:g} s",
            size.seconds <= seconds,
        ),
        Row("… memory", f"{size.megabytes:.0f} MB", "-", f"≤ {megabytes} MB", size.megabytes <= megabytes),
        Row("… weight of the bound", f"{size.primal / size.dual:.6f}", "-", "1", size.primal == size.dual),
        Row(
            "… served of possible",
            f"{served} of {possible}",
            str(size.greedy_served),
            "all",
            served == possible,
        ),
        Row(
            "… women who asked for a woman",
            f"{women} of {for_women}",
            str(size.greedy_women),
            "all",
            women == for_women,
        ),
    ]


def _ours_alone(what: str, ours: str, target: str, met: bool) -> Row:
    return Row(what, ours, "-", target, met)


def _rows(kept: Kept) -> str:
    return str(sum(kept.rows.values()))


def _score(kept: Kept) -> str:
    return f"{kept.score:g}"


def _time(kept: Kept) -> str:
    return f"{kept.seconds:g} s"
