"""What the worker does for mentors."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from mentors import runs


@shared_task
def work_off_run(uid: str) -> None:
    """Look for pairs. Twice is as good as once."""
    runs.work(UUID(uid), now=timezone.now())
