"""What the worker does for mentors."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from mentors import asking, forming, meetings, messages, runs


@shared_task
def work_off_run(uid: str) -> None:
    """Look for pairs. Twice is as good as once."""
    runs.work(UUID(uid), now=timezone.now())


@shared_task
def make_message_small(pk: int) -> None:
    """Make one voice note small. Twice is as good as once."""
    messages.make_small(pk)


@shared_task
def send_reminder(uid: str) -> None:
    """Send one short message that something waits, if it still does. It is asked for once."""
    asking.send_reminder(uid, now=timezone.now())


@shared_task
def work_off_circles(uid: str) -> None:
    """Plan circles. Twice is as good as once."""
    forming.work(UUID(uid), now=timezone.now())


@shared_task
def make_meeting_small(uid: str) -> None:
    """Make the recording of a meeting small. Twice is as good as once."""
    meetings.make_small(UUID(uid))
