"""Messages with a code: what stands in them, and how they leave the house.

The code is never stored. It follows from the row's random key and the site's secret, so that the
worker can work it out again, and neither the queue nor a copy of the database can.
"""

import json
import logging
import urllib.error
import urllib.request
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, override

from lms.models.people import CodeSent

logger = logging.getLogger("hamrah.sms")
DIGITS = 6
PATIENCE = 5  # seconds


class NotSent(Exception):
    """The message did not leave."""


class Gateway(Protocol):
    """Whatever takes a message to a phone."""

    def send(self, to: str, text: str) -> None:
        """Hand over one message, or raise NotSent."""


def deliver(uid: UUID | str, *, now: datetime) -> bool:
    """Send the code of one row, and write down what became of it. What is old or done is left alone."""
    waiting = CodeSent.objects.filter(pk=uid, used_at=None, expires_at__gt=now)
    sent = waiting.exclude(state=CodeSent.State.SENT).first()
    if not sent:
        return True
    try:
        gateway().send(sent.number, message(sent))
    except NotSent as trouble:
        logger.warning("Message %s did not leave: %s", sent.pk, trouble)
        CodeSent.objects.filter(pk=uid).update(state=CodeSent.State.FAILED)
        return False
    CodeSent.objects.filter(pk=uid).update(state=CodeSent.State.SENT)
    return True


def message(sent: CodeSent) -> str:
    """The name and the code, nothing else: somebody else may be looking at the screen."""
    with override(sent.locale):
        return gettext("Hamrah: %(code)s") % {"code": code_of(sent.pk)}


def code_of(uid: UUID) -> str:
    """The six digits of a row."""
    digest = salted_hmac("hamrah.code", str(uid), algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def gateway() -> Gateway:
    """The one that the setting names."""
    return {"console": Console, "http": Http}[settings.SMS_GATEWAY]()


class Console:
    """For looking around on one machine: a file that the person at the keyboard can read."""

    def send(self, to: str, text: str) -> None:
        """Write one line. Real people's numbers and codes are never written down."""
        if not settings.DEMO:
            raise NotSent("SMS_GATEWAY is console, which only works in a demo")
        path = settings.VAR_DIR / "log" / "sms.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{to} {text}\n")
        logger.info("%s %s", to, text)


class Http:
    """A gateway that takes JSON: {"from", "to", "text"}, with a bearer token."""

    def send(self, to: str, text: str) -> None:
        """Post one message."""
        if not settings.SMS_HTTP_URL.startswith(("https://", "http://")):
            raise NotSent("SMS_HTTP_URL is not set")
        body = json.dumps({"from": settings.SMS_HTTP_SENDER, "to": to, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_HTTP_TOKEN}"}
        request = urllib.request.Request(settings.SMS_HTTP_URL, body, headers)  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310
                pass
        except (OSError, urllib.error.URLError) as trouble:
            raise NotSent(type(trouble).__name__) from trouble
