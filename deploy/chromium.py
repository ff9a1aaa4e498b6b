"""Prints where Chromium is, for the tests that look at real pages."""

import os
import shutil
import sys

from packages import install

NAMES = (
    "chromium-headless-shell",  # three times quicker: it draws no window
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find() -> str | None:
    """The one that CHROMIUM names, or the first that is installed."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    path = find() or (install(NAMES[0]) and find())
    if not path:
        sys.exit(f"Chromium is missing. Please run: sudo apt-get install {NAMES[0]}, or set CHROMIUM to it.")
    print(path)
