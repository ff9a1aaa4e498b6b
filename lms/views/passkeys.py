"""Passkeys of staff, where allauth's own pages would say nothing or ask for what somebody does not have."""

from typing import Any
from urllib.parse import urlencode

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect

from lms import staff


class SecondStep(AuthenticateView):
    """After the password: asks for what this person has set up, an app, a passkey or both."""

    def get_context_data(self, **kwargs: Any) -> dict:
        """Which of the two there is."""
        return super().get_context_data(**kwargs) | {"has": staff.second_factors_of(self.stage.login.user)}


class ComeIn(LoginWebAuthnView):
    """A passkey instead of name and password."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Back to the page, with a sentence."""
        return _not_known("account_login")


class StillYou(ReauthenticateWebAuthnView):
    """A passkey once more, in a session that has begun."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Back to the page, with a sentence, and with the way on that was wanted."""
        return _not_known("mfa_reauthenticate_webauthn", next=self.get_next_url() or "/desk/")


def _not_known(page: str, **more: str) -> HttpResponse:
    answer = redirect(page)
    answer["Location"] += "?" + urlencode({"passkey": "unknown", **more})
    return answer
