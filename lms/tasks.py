"""Work of lms that may take a moment."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from lms import remarks, sms

PAUSE = 3  # seconds


@shared_task
def send_code(uid: str, tries: int = 2) -> None:
    """Send one code; when the gateway does not answer, try once more."""
    if not sms.deliver(uid, now=timezone.now()) and tries > 1:
        send_code.apply_async((uid, tries - 1), countdown=PAUSE)


@shared_task
def make_remark_small(uid: str) -> None:
    """Make one voice note small. Twice is as good as once."""
    remarks.make_small(UUID(uid))
