"""How quickly staff see who needs a call first, on our site: a coach's desk and a coordinator's board."""

import json
from dataclasses import dataclass

from bench import load
from bench.load import Asked, Heard
from bench.ours import Ours
from bench.sites import BENCH, inside

PEOPLE = 2000
AT_ONCE = 4  # two for each worker: staff are few beside those who learn
SECONDS = 5


@dataclass(frozen=True)
class Desks:
    """What four at once heard: of coaches with eight people each, of coordinators of 2,000."""

    coach: Heard
    lead: Heard


def look(site: Ours) -> Desks:
    """Fill the site with a programme, and read both."""
    said = inside(site.python, site.env, BENCH / "ours_desks.py", PEOPLE)
    rooms = {who: _asked(room) for who, room in json.loads(said.splitlines()[-1]).items()}
    for asked in rooms.values():
        load.check(site.doors.load, [asked], "Person ")  # nobody is measured cold, or before the door
    return Desks(
        **{
            who: load.read(site.doors.load, [one], seconds=SECONDS, at_once=AT_ONCE)
            for who, one in rooms.items()
        }
    )


def _asked(room: dict[str, str]) -> Asked:
    return Asked(room["path"], {"Cookie": room["cookie"]})
