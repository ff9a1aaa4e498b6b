"""The site that the browser tests visit: prepared as `make demo` prepares it, then a web server and a worker.

Run as `python -m tests.browser.served PORT` with VAR_DIR and DEMO=yes. It ends when its parent does.
"""

import ctypes
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone

HEARD = [
    "برسات: گل گھوٹو اور منہ کھر",
    "فوراً ڈاکٹر کو بلائیں",
]  # what somebody has read aloud, and nothing else


def prepare() -> None:
    """Everything that the first visitor finds."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.roots import plant

    plant()
    call_command("starter", verbosity=0)
    call_command("world", verbosity=0)
    _read_aloud()
    call_command("publish", verbosity=0)
    _note_authenticators()


def _read_aloud() -> None:
    from media import sound, voices
    from tests.media.stuff import tone

    for line in voices.lines("ur"):
        if line.text.text.startswith(tuple(HEARD)):
            take = SimpleUploadedFile("take.wav", tone(2, before=0.2, after=0.2, loud=0.5))
            recording = sound.take(
                line.text.key, "ur", upload=take, transcript=line.text.text, read_from=line.text.text,
                now=timezone.now(),
            )  # fmt: skip
            sound.convert(recording.pk)


def _note_authenticators() -> None:
    """What the staff's phones know, for whoever plays the staff."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt

    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user")
    secrets = {app.user.username: decrypt(app.data["secret"]) for app in apps}
    (settings.VAR_DIR / "authenticators.json").write_text(json.dumps(secrets))


def web(port: int) -> None:
    from gunicorn.app.base import BaseApplication

    class Web(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("workers", 2)
            self.cfg.set("threads", 4)
            self.cfg.set("control_socket_disable", True)

        def load(self) -> Callable:
            return get_wsgi_application()

    Web().run()


def worker() -> None:
    from config.celery import app

    app.worker_main(
        [
            "worker",
            "--loglevel=INFO",
            "--pool=solo",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


def _start(name: str, run: Callable[[], None]) -> multiprocessing.Process:
    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_run, args=(name, run), name=name)
    child.start()
    return child


def _run(name: str, run: Callable[[], None]) -> None:
    die_with_parent()
    with Path(settings.VAR_DIR, f"{name}.log").open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    run()


def die_with_parent() -> None:
    """Nothing holds the port when the tests were killed."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGTERM)


if __name__ == "__main__":
    die_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.settings"
    django.setup()
    prepare()
    children = [_start("web", lambda: web(int(sys.argv[1]))), _start("worker", worker)]
    try:
        children[0].join()
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.join(10)
