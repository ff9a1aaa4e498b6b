"""Browsers in which somebody is already inside, without the pages on the way."""

import time

from allauth.account.internal.flows import login
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

FACTOR = [{"method": "mfa", "type": "totp", "at": time.time()}]


def come_in(who: object = None, **kind: object) -> Client:
    """A browser of a person, a guest, a member of staff with a second factor, or of nobody."""
    client = Client(**kind)
    if isinstance(who, AbstractBaseUser):
        client.force_login(who, backend=settings.AUTHENTICATION_BACKENDS[0])
        _remember(
            client,
            **{
                login.AUTHENTICATION_METHODS_SESSION_KEY: FACTOR,
                login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(who.pk),
                "staff_until": time.time() + 3600,
            },
        )
    elif who is not None:
        if who.user:
            client.force_login(who.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        _remember(client, person=str(who.pk))
    return client


def _remember(client: Client, **what: object) -> None:
    session = client.session
    session.update(what)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
