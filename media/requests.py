"""What a request carries in the trainers' room. For the type check: at work it is Django's own."""

from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest


class TrainerRequest(HttpRequest):
    """Behind Wagtail's own door, where everybody is signed in."""

    user: AbstractUser
