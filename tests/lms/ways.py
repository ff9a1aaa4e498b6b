"""What a person does to come in, step by step, in a browser without JavaScript."""

from django.http import HttpResponse
from django.test import Client

from lms import sms
from lms.models.people import CodeSent

NEW = "+923111111111"


def code_for(number: str) -> str:
    """The six digits of the newest message to a number."""
    return sms.code_of(CodeSent.objects.filter(number=number).order_by("-made_at").first().pk)


def ask(client: Client, number: str = NEW, language: str = "en") -> HttpResponse:
    """Write the number down."""
    return client.post(f"/{language}/start/number/", {"number": number})


def prove(client: Client, number: str = NEW, **more: str) -> HttpResponse:
    """Ask for a code and enter it."""
    ask(client, number)
    return client.post("/en/start/code/", {"code": code_for(number), **more})


def say_who(
    client: Client, *, name: str = "Zara", age: str = "18+", picture: str = "lamp", **more: str
) -> HttpResponse:
    """Name, picture, age."""
    return client.post("/en/start/you/", {"name": name, "age": age, "picture": picture, **more})


def come_in(client: Client, person) -> None:
    """Sign in somebody of the cast."""
    from django.utils import timezone

    from lms.models.people import WayIn

    way = WayIn.objects.get(person=person)
    WayIn.objects.filter(pk=way.pk).update(last_used_at=timezone.now())
    prove(client, way.number)


def come_in_by_card(client: Client, person) -> HttpResponse:
    """With twelve digits from paper."""
    from django.utils import timezone

    from lms import cards

    return client.post("/en/start/card/", {"card": cards.issue(person, now=timezone.now())})
