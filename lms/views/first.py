"""Somebody who works here comes in for the first time: with a paper that says where to choose a password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms import staff
from lms.models.people import User
from lms.requests import Request

WEAK = _("Please choose a longer one that nobody guesses: twelve signs or more, and not your name.")
TWO = _("These were two different passwords. Please write the same one twice.")


class FirstPassword(forms.Form):
    """A password, twice."""

    password = forms.CharField(strip=False, max_length=200, error_messages={"required": WEAK})
    again = forms.CharField(strip=False, max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Long, and not what others choose."""
        password = self.cleaned_data["password"]
        try:
            validate_password(password, self.user)
        except ValidationError:
            raise forms.ValidationError(WEAK) from None
        return password

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        said = super().clean() or {}
        if "password" in said and said["password"] != said.get("again"):
            self.add_error("again", TWO)
        return said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: Request, paper: str) -> HttpResponse:
    """Choose a password, and go on to come in with it. The paper opens this once."""
    user = staff.who_comes_in_first(paper, now=timezone.now())
    if user is None:
        return render(request, "account/first_gone.html", status=404)
    form = FirstPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        staff.choose_first_password(user, form.cleaned_data["password"])
        return redirect("account_login")
    values = {"form": form, "name": user.get_username()}
    return render(request, "account/first.html", values, status=422 if form.errors else 200)
