"""What the worker does for courses."""

from celery import shared_task

from courses import published


@shared_task
def work_off_wanted() -> None:
    """Render what is wanted. Twice is as good as once."""
    published.work_off()
