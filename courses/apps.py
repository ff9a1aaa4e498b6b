from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import signals, texts  # noqa: F401 - texts register themselves

        signals.connect()
