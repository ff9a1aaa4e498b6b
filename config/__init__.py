"""How the parts are put together and how they look."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
