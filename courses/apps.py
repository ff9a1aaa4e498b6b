from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from assessments.models import asked_by
        from courses import needed, signals, texts  # noqa: F401 - texts register themselves

        signals.connect()
        asked_by(needed.check)
