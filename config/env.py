"""What the machine tells the project: one function per kind of value.

A secret may also be given as a file: `SECRET_KEY_FILE=/run/secrets/key`.
"""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, *, default: str | None = None) -> str:
    """The value, or the content of the file that NAME_FILE points to, or the default."""
    if name in os.environ:
        return os.environ[name].strip()
    if f"{name}_FILE" in os.environ:
        return Path(os.environ[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    if default is None:
        raise ImproperlyConfigured(
            f"Please set {name} (see .env.example), or run with DEMO=yes to look around."
        )
    return default


def yes_no(name: str, *, default: bool) -> bool:
    """Yes for yes, true, on and 1; no for no, false, off, 0 and an empty value."""
    said = text(name, default="yes" if default else "no").lower()
    if said in {"yes", "true", "on", "1"}:
        return True
    if said in {"no", "false", "off", "0", ""}:
        return False
    raise ImproperlyConfigured(f"{name} is {said!r}: please say yes or no.")


def number(name: str, *, default: int) -> int:
    """A whole number."""
    said = text(name, default=str(default))
    try:
        return int(said)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {said!r}: please give a whole number.") from None


def words(name: str, *, default: str | None = "") -> list[str]:
    """Words parted by commas."""
    return [word.strip() for word in text(name, default=default).split(",") if word.strip()]


def database(name: str, *, default: str) -> dict:
    """`sqlite:///path` or `postgresql://user:password@host:port/name?option=value`."""
    url = urlsplit(text(name, default=default))
    if url.scheme == "sqlite":
        return _sqlite(url.path[1:])
    if url.scheme in {"postgres", "postgresql"}:
        return _postgresql(url)
    raise ImproperlyConfigured(f"{name} begins with {url.scheme!r}: please use sqlite:/// or postgresql://")


def _sqlite(path: str) -> dict:
    # IMMEDIATE: two writers wait for each other instead of failing at their first write.
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options}


def _postgresql(url) -> dict:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **dict(parse_qsl(url.query))},  # seconds; else it may be for ever
    }
