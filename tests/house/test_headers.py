"""What every answer says to the browser."""

import re

from tests.house.doors import KINDS, doors
from tests.inside import come_in

WAGTAILS = "/cms/"  # its rooms still use inline scripts and styles


def test_every_page_comes_with_its_headers(cast):
    missing = {}
    for kind in KINDS:
        browser = come_in(cast[kind])
        for door in doors(cast):
            if door.gets[kind] == 200:
                missing[door.address] = _missing(browser.get(door.address), door.address)

    assert {address: what for address, what in missing.items() if what} == {}


def _missing(answer, address: str) -> set[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    has = {
        "nosniff": answer.headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": answer.headers.get("Referrer-Policy") in {"same-origin", "no-referrer"},
        "frame": answer.headers.get("X-Frame-Options") in {"SAMEORIGIN", "DENY"},
        "permissions": "microphone=" in answer.headers.get("Permissions-Policy", ""),
        "policy": address.startswith(WAGTAILS) or _is_strict(policy),
    }
    return {name for name, there in has.items() if not there}


def _is_strict(policy: str) -> bool:
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";") if rule.strip())
    return (
        rules.get("default-src") == "'none'"
        and rules.get("script-src") == "'self'"
        and "unsafe" not in policy
        and not re.search(r"https?:|\*", policy)
    )


def test_what_is_about_somebody_is_kept_by_no_cache(cast):
    kept = []
    for kind in ("amina", "bilal", "tariq"):
        browser = come_in(cast[kind])
        for door in doors(cast):
            if door.gets[kind] == 200 and door.address.startswith(("/desk/", "/ur/mine/")):
                said = browser.get(door.address).headers.get("Cache-Control", "")
                if not {"no-store", "private"} & set(re.split(r",\s*", said)):
                    kept.append((kind, door.address))

    assert kept == []


def test_no_page_tells_another_site_anything(cast):
    """No learner's page asks for a file from elsewhere, or leads there by itself."""
    elsewhere = {}
    browser = come_in(cast["amina"])
    for door in doors(cast):
        if door.gets["amina"] == 200:
            page = browser.get(door.address).content.decode(errors="replace")
            elsewhere[door.address] = re.findall(
                r"""(?:src|href|action)=["']?((?:https?:)?//[^"'>\s]+)""", page
            )

    assert {address: found for address, found in elsewhere.items() if found} == {}
