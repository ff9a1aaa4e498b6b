"""`make bench`: our site beside its nearest peer, on this machine, in turns.

Says for each promise whether it is met, and writes everything to var/bench.json. It measures and does not
judge: its exit code is 0 even where a promise is not met.
"""

import argparse
import fcntl
import json
import platform
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "deploy"), str(ROOT)]

import chromium  # noqa: E402
import psutil  # noqa: E402
import services  # noqa: E402
from bench import browser, desks, load, machine, matching, measure, ours, peer, phones, verdict  # noqa: E402
from bench.sites import Failed, Site  # noqa: E402

VAR = ROOT / "var"
RESULT = VAR / "bench.json"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Make both sites, measure them, take them away."""
    options = _options()
    for number in STOPS:
        signal.signal(number, _stop)
    if options.only_matching:
        _say(verdict.table(verdict.matching(matching.look())))
        return
    try:
        with ExitStack() as later:
            later.enter_context(_alone())
            server = later.enter_context(services.database())
            _say("Making the peer's site …")
            theirs = later.enter_context(peer.running(server, VAR / "bench" / "peer"))
            _say("Making our site …")
            mine = later.enter_context(ours.running(server, VAR / "bench" / "ours"))
            facts, rows = _measure([theirs, mine], options)
    except (Failed, load.Unfit, machine.NotStarted, services.Missing) as trouble:
        sys.exit(f"Nothing was measured. {trouble}")
    except psutil.NoSuchProcess:
        sys.exit("Nothing was measured. A server was stopped by somebody else.")
    except KeyboardInterrupt:
        sys.exit("Stopped; nothing is left running.")
    facts["table"] = rows
    RESULT.write_text(json.dumps(facts, default=asdict, indent=1, ensure_ascii=False))
    notes = [verdict.FOOTNOTE, *verdict.doubts(facts["rounds"], sees_database=facts["sees_database"])]
    _say("\n".join(["", verdict.table(rows), "", *notes, verdict.conclusion(rows)]))


def _stop(*_: object) -> None:
    """Leave, and take along what was started; whoever presses twice does not leave it behind."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each site has its turn")
    parser.add_argument("--seconds", type=float, default=3, help="how long each reads in a round")
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait for a quiet machine")
    parser.add_argument("--only-matching", action="store_true", help="people and coaches, and no site")
    parser.add_argument("--no-browser", action="store_true", help="leave the weight of pages out")
    return parser.parse_args()


def _measure(sites: Sequence[Site], options: argparse.Namespace) -> tuple[dict, list[verdict.Row]]:
    """Everything that is known afterwards, and the table. Sites: the peer, then ours."""
    facts = _machine(sites)
    facts["bytes"] = {site.name: load.check(site.doors.load, site.readers(), site.expected) for site in sites}
    _say("Counting queries …")
    queries = [site.queries() for site in sites]
    _say(f"Reading and answering, {options.rounds} rounds …")
    found = measure.rounds(sites, options.rounds, seconds=options.seconds, patience=options.patience)
    _say("Sending the same answers again …")
    replays = [measure.replay(site) for site in sites]
    rows = [*verdict.speeds(found, sites), *verdict.queries(*queries), *verdict.replays(*replays)]
    facts |= {"rounds": found, "queries": _by_name(sites, queries), "replays": _by_name(sites, replays)}
    _say("Filling desks …")
    facts["desks"] = desks.look(sites[-1])
    rows += verdict.desks(facts["desks"])
    if not options.no_browser:
        _say("Looking with Chromium …")
        seen = [browser.look(site, _chromium()) for site in sites]
        rows += verdict.weights(*seen)
        facts["browser"] = _by_name(sites, seen)
        _say("Phones that come back …")
        facts["phones"] = phones.look(sites[-1], _chromium())
        rows += verdict.phones(facts["phones"])
    _say("Matching people and coaches …")
    facts["matching"] = matching.look()
    rows += verdict.matching(facts["matching"])
    return facts, rows


def _machine(sites: Sequence[Site]) -> dict:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": psutil.cpu_count(),
        "python": platform.python_version(),
        "postgresql": sites[0].sql("SHOW server_version")[0][0],
        "sees_database": machine.sees(sites[0].database),
        "client": load.client(),
    }


def _by_name(sites: Sequence[Site], values: Sequence[object]) -> dict[str, object]:
    return dict(zip([site.name for site in sites], values, strict=True))


@contextmanager
def _alone() -> Iterator[None]:
    """Two of these at once would drop each other's databases, and measure each other."""
    (VAR / "bench").mkdir(parents=True, exist_ok=True)
    with (VAR / "bench" / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed("Another run is measuring here.") from None
        yield


def _chromium() -> str:
    found = chromium.find()
    if not found:
        raise Failed("Chromium is missing; --no-browser measures the rest.")
    return found


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
