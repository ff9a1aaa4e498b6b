"""The browser of the tests: the one that `make test` has found, or the first that is installed."""

import os
import shutil

PATH = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
