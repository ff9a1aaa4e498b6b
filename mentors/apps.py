from typing import Any

from django.apps import AppConfig, apps


class MentorsConfig(AppConfig):
    name = "mentors"

    def ready(self) -> None:
        """Wagtail's room for users knows staff only: this is what its config is asked for."""
        room: Any = apps.get_app_config("wagtailusers")
        room.user_viewset = "mentors.staff_room.StaffViewSet"
