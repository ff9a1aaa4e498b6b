"""The project's own settings, as in the demo: real processes, hashed files, queue and database on disk."""

from config.settings import *  # noqa: F403


class _NoMigrations:
    """The tables are made at once, as in every other test."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = _NoMigrations()
if REDIS_URL:  # noqa: F405 - the worker of another site takes nothing from this one's queue
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"{VAR_DIR}:"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
