"""A member of staff, a passkey, and a phone or computer that answers for it, or does not.

Browsers give passkeys to secure addresses that have a name: here that is localhost, never 127.0.0.1.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser import steps
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser

HIRE = """
from lms.models.people import User
from allauth.mfa.models import Authenticator
user, _ = User.objects.get_or_create(username="asma", defaults={{"is_staff": True}})
user.set_password({password!r})
user.save()
Authenticator.objects.filter(user=user).delete()
"""
INSIDE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Finger:
    """The part of a computer that asks for a finger, and keeps the keys."""

    def __init__(self, page: Page) -> None:
        self.chrome: CDPSession = page.context.new_cdp_session(page)
        self.chrome.send("WebAuthn.enable")
        self.id = self.chrome.send("WebAuthn.addVirtualAuthenticator", {"options": INSIDE})["authenticatorId"]

    def kept(self) -> list[dict]:
        return self.chrome.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]

    def refuses(self) -> None:
        """Whoever sits there is somebody else, or takes the finger away."""
        self.chrome.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})

    def forgets(self) -> None:
        self.chrome.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})


@pytest.fixture
def asma(phones, site) -> Callable[..., Page]:
    """A new coach at her computer: a password, and no second factor yet."""
    site.does(HIRE.format(password=PASSWORD))

    def sits_down(host: str = "localhost", **options: object) -> Page:
        address = site.address.replace("127.0.0.1", host)
        return phones(base_url=address, viewport={"width": 1280, "height": 900}, has_touch=False, **options)

    return sits_down


def test_T8_asma_sets_up_a_passkey_and_comes_in_with_it(asma):
    page = asma()
    finger = Finger(page)
    _password(page)
    _set_up(page)
    expect(page.locator("main li.digits")).to_have_count(10)  # recovery codes, made at once
    page.click("footer .go")
    page.wait_for_url("**/desk/")  # who has just shown it is not asked again
    assert [key["isResidentCredential"] for key in finger.kept()] == [True]

    _leave(page)
    _password(page)
    page.wait_for_url("**/2fa/authenticate/")
    assert _status(page, "/desk/") != 200  # the password alone opens nothing
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url("**/desk/")
    expect(page.locator("nav.rail .me")).to_have_text("asma")

    _leave(page)
    page.goto("/staff/login/")
    page.click("#passkey_login")  # and instead of the password
    page.wait_for_url("**/desk/")


def test_T8_a_passkey_that_nobody_answers_for_opens_nothing_and_says_what_to_do(asma):
    page = asma()
    finger = Finger(page)
    _password(page)
    _set_up(page)
    page.click("footer .go")
    page.wait_for_url("**/desk/")
    _leave(page)

    finger.forgets()
    page.goto("/staff/login/")
    page.click("#passkey_login")
    _is_told(page, "No passkey answered. Please try again, or choose another way.")
    _password(page)
    page.click("#mfa_webauthn_authenticate")
    _is_told(page, "No passkey answered. Please try again, or choose another way.")
    assert page.url.endswith("/2fa/authenticate/")
    assert _status(page, "/desk/") != 200

    expect(page.locator("details")).not_to_have_attribute("open", "")
    page.locator("summary").click()  # the way that is left
    expect(page.locator("[name=code]")).to_be_visible()


def test_T8_setting_up_goes_on_after_a_finger_that_was_taken_away(asma):
    page = asma()
    finger = Finger(page)
    _password(page)
    finger.refuses()
    _set_up(page, wait=False)

    _is_told(page, "No passkey answered. Please try again, or choose another way.")
    assert finger.kept() == []


def test_T8_at_an_address_without_a_name_the_page_says_that_passkeys_do_not_work(asma):
    page = asma("127.0.0.1")
    page.goto("/staff/login/")
    page.click("#passkey_login")

    _is_told(page, "Passkeys do not work at this address. Please choose another way.")


def test_a_passkey_of_somebody_who_left_is_answered_in_a_sentence(asma, site):
    page = asma()
    Finger(page)
    _password(page)
    _set_up(page)
    page.click("footer .go")
    page.wait_for_url("**/desk/")
    _leave(page)
    site.does(HIRE.format(password=PASSWORD))  # all she had set up is gone

    page.goto("/staff/login/")
    page.click("#passkey_login")
    _is_told(page, "This passkey is not known here. Please try again, or choose another way.")


def _password(page: Page) -> None:
    page.goto("/staff/login/")
    page.fill("[name=login]", "asma")
    page.fill("[name=password]", PASSWORD)
    page.click("footer [form=form]")
    page.wait_for_url(lambda url: "/login/" not in url)


def _set_up(page: Page, *, wait: bool = True) -> None:
    page.goto("/desk/")
    page.wait_for_url("**/staff/2fa/**")
    steps.follow(page, "a[href$='/passkeys/add/']")
    if "/reauthenticate/" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.click("footer .go")
    page.click("#mfa_webauthn_add")
    if wait:
        page.wait_for_url("**/2fa/codes/")


def _leave(page: Page) -> None:
    page.locator("nav.rail form[action*=logout] button").click()
    page.wait_for_url(lambda url: "/desk/" not in url)


def _status(page: Page, address: str) -> int:
    return page.request.get(address, max_redirects=0).status


def _is_told(page: Page, sentence: str) -> None:
    expect(page.get_by_role("alert")).to_have_text(sentence)
