from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from media.models import Film


class MediaConfig(AppConfig):
    name = "media"

    def ready(self) -> None:
        from django.db.models.signals import post_delete

        post_delete.connect(_forget_film, sender="media.Film", dispatch_uid="film forgotten")


def _forget_film(instance: "Film", **kwargs: object) -> None:
    from media import films  # models are not there yet when this module is read

    films.forget(instance)
