"""What the worker does for recordings and films."""

from celery import shared_task

from media import films, sound


@shared_task
def convert(recording: int) -> None:
    sound.convert(recording)


@shared_task
def convert_film(film: int) -> None:
    films.convert(film)
