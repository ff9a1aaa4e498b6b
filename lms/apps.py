from django.apps import AppConfig


class LmsConfig(AppConfig):
    name = "lms"

    def import_models(self) -> None:
        """Load every noun: `lms.models` re-exports nothing, so Django would not find them by itself."""
        from lms.models import consent, journey, people, programme, reception, record, remarks  # noqa: F401

        super().import_models()

    def ready(self) -> None:
        from lms import countries, help, sent, texts  # noqa: F401 - the last three register themselves

        countries.load()
