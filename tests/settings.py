"""The project's own settings, with folders and a database that vanish, and work done at once."""

import os
import tempfile

VAR = tempfile.mkdtemp(prefix="hamrah-tests-")
os.environ.update({"VAR_DIR": VAR, "TASKS_AT_ONCE": "yes", "DEMO": "no", "DEBUG": "no"})
os.environ.setdefault("SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("SEAL_KEYS", "only-for-tests")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,127.0.0.1,localhost")

from config.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{VAR}/test.sqlite3"}  # noqa: F405 - a file: threads can meet in it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
