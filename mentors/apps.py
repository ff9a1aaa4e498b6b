from typing import Any

from django.apps import AppConfig, apps


class MentorsConfig(AppConfig):
    name = "mentors"

    def import_models(self) -> None:
        """Load every noun: `mentors.models` re-exports nothing, so Django would not find them by itself."""
        from mentors.models import (  # noqa: F401
            bonds,
            circles,
            coaching,
            complaints,
            contacts,
            lists,
            matching,
            messages,
            training,
        )

        super().import_models()

    def ready(self) -> None:
        """Texts register. Wagtail's room for users knows staff only: this is what its config is asked for."""
        from mentors import calls, messages, texts  # noqa: F401 - they register themselves

        room: Any = apps.get_app_config("wagtailusers")
        room.user_viewset = "mentors.staff_room.StaffViewSet"
