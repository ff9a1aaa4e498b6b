"""How staff come in: a name, a password and a second factor, or a passkey. Nobody signs up."""

import base64
import time
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.models.people import User
from lms.requests import Request

SHIFT = timedelta(hours=12)
FIRST_FOR = timedelta(days=14)  # so long a first way in stands on paper
SECONDS_OF_A_CODE = 30
NO_MATCH = _("This name and this password do not belong together. Please try again.")
STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class StaffAdapter(DefaultAccountAdapter):
    """What allauth may say to staff, in our words and languages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NO_MATCH,
        "invalid_login": NO_MATCH,
        "incorrect_password": _("This is not your password. Please try again."),
        "too_many_login_attempts": _("Those were too many tries. Please wait five minutes."),
        "rate_limited": _("Those were too many tries. Please wait a little."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Staff are added by a coordinator."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this site, without a host of their own."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: such a message could turn up on a learner's page of the same browser."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: staff need no e-mail address."""


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps are sealed with the site's secret before they are stored."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Please try the next one."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """What a new passkey is called until somebody calls it otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def encrypt(self, text: str) -> str:
        """Sealed."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Opened."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def showed_second_factor(request: Request) -> bool:
    """Did this session begin with a second factor, a passkey, or give one since?"""
    user = request.user if request.user.is_authenticated else None
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def second_factors_of(user: User) -> set[str]:
    """What there is to ask for: "totp" is an app, "webauthn" a passkey."""
    kinds = Authenticator.objects.filter(user=user, type__in=STRONG).values_list("type", flat=True)
    return set(kinds)


def day_is_over(request: HttpRequest, *, now: datetime) -> bool:
    """A staff session ends after a working day, even in a browser that was never closed."""
    return request.session.get("staff_until", 0) <= now.timestamp()


def first_way_in(user: User, *, now: datetime) -> str:
    """What opens a page once, on which somebody who was never here chooses a password. It stands on paper."""
    until = int((now + FIRST_FOR).timestamp())
    return f"{user.pk}-{until}-{_first_digest(user, until)}"


def who_comes_in_first(said: str, *, now: datetime) -> User | None:
    """Whose paper it is: nobody's, if it is too old, or was used, or somebody made it up."""
    pk, _, rest = said.partition("-")
    until, _, digest = rest.partition("-")
    if not (_is_number(pk) and _is_number(until)) or int(until) < now.timestamp():
        return None
    user = User.objects.filter(pk=int(pk), is_staff=True, is_active=True, last_login=None).first()
    if user is None or user.has_usable_password():
        return None
    return user if constant_time_compare(digest, _first_digest(user, int(until))) else None


def choose_first_password(user: User, password: str) -> None:
    """From now on they come in with it, and their paper opens nothing any more."""
    user.set_password(password)
    user.save(update_fields=["password"])


def _first_digest(user: User, until: int) -> str:
    secret = f"{user.pk} {user.password} {until}"
    return salted_hmac("hamrah.first-way-in", secret, algorithm="sha256").hexdigest()[:32]


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) < 13


def enrol_demo(user: User) -> None:
    """Give a demo member of staff an authenticator app of their own, whose codes `manage.py code` can say."""
    _demo_only()
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())


def demo_code(user: User, *, now: datetime) -> str:
    """The six digits that a demo member of staff would read from their app now."""
    _demo_only()
    app = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    counter = int(now.timestamp()) // SECONDS_OF_A_CODE
    return format_hotp_value(hotp_value(decrypt(app.data["secret"]), counter))


@receiver(user_logged_in)
def _begin_shift(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    if user.is_staff:
        request.session["staff_until"] = time.time() + SHIFT.total_seconds()
        request.session.set_expiry(SHIFT)


@receiver(authenticator_added)
def _it_was_just_shown(sender: type, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Who has just set up a second factor has shown it: nobody asks for it again a second later."""
    authenticator = kwargs["authenticator"]
    if authenticator.type in STRONG:
        record_authentication(request, user, method="mfa", type=authenticator.type, reauthenticated=True)


def _seal() -> Fernet:
    key = salted_hmac("hamrah.second-factor", "seal", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _demo_only() -> None:
    if not settings.DEMO:
        raise PermissionDenied("Only a demo may know the second factors of its staff.")
