"""The worker: what may take a moment is done here, never what is due in a month (see `manage.py tick`)."""

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hamrah")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect  # ty: ignore[missing-union-attribute] - a signal once there is an app
def _make_folders(sender: Celery, **kwargs: object) -> None:
    """The folder that stands in for a broker must exist before the first message."""
    for key, folder in (sender.conf.broker_transport_options or {}).items():
        if key.endswith(("folder", "folder_in", "folder_out")):
            Path(folder).mkdir(parents=True, exist_ok=True)
