import json
import time
from datetime import timedelta
from hashlib import sha256

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from lms import staff
from tests.inside import come_in as come_in_as_staff
from tests.lms.ways import come_in

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def sealed(settings):
    settings.MFA_ADAPTER = "lms.staff.SecondFactors"
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def app(settings, sana):
    """Sana's authenticator app: call it for a code that was not used yet."""
    settings.DEMO = True
    staff.enrol_demo(sana)
    steps = iter((0, 1, -1))  # now first: half a minute may end between asking and opening
    return lambda: staff.demo_code(sana, now=timezone.now() + timedelta(seconds=30 * next(steps)))


def log_in(client: Client, name: str = "sana", password: str = PASSWORD):
    """Name and password."""
    return client.post("/staff/login/", {"login": name, "password": password})


def test_password_and_code_open_the_staff_rooms(client, sana, app):
    assert log_in(client).headers["Location"] == "/staff/2fa/authenticate/"
    assert client.get("/cms/").headers["Location"] == "/staff/login/?next=%2Fcms%2F"
    client.post("/staff/2fa/authenticate/", {"code": app()})

    assert staff_room(client) == "open"


def staff_room(client: Client) -> str:
    """Open, or where one is sent instead."""
    answer = client.get("/desk/")
    return answer.headers.get("Location") or (
        "open" if answer.status_code == 200 else str(answer.status_code)
    )


def test_A11_a_password_alone_leads_to_setting_up_a_second_factor(client, sana):
    log_in(client)

    assert staff_room(client) == "/staff/2fa/?next=%2Fdesk%2F"
    assert client.get("/cms/pages/").headers["Location"].startswith("/staff/2fa/")
    assert client.post("/desk/language/").headers["Location"] == "/staff/2fa/"


def test_who_has_a_second_factor_but_did_not_show_it_is_asked(client, sana, settings):
    settings.DEMO = True
    log_in(client)
    staff.enrol_demo(sana)

    assert staff_room(client) == "/staff/2fa/reauthenticate/?next=%2Fdesk%2F"
    client.post("/staff/2fa/reauthenticate/", {"code": staff.demo_code(sana, now=timezone.now())})
    assert staff_room(client) == "open"


def test_who_has_only_a_passkey_is_asked_for_it_and_not_for_a_code(client, sana):
    log_in(client)
    _passkey(sana)

    asked = staff_room(client)
    assert asked == "/staff/2fa/passkeys/again/?next=%2Fdesk%2F"
    page = client.post("/staff/2fa/passkeys/again/?next=/desk/", {"credential": "{}"}, follow=True)
    assert page.redirect_chain == [("/staff/2fa/passkeys/again/?passkey=unknown&next=%2Fdesk%2F", 302)]
    assert "This passkey is not known here." in page.text


def test_after_the_password_one_is_asked_for_what_one_has(client, sana, app):
    log_in(client)
    page = client.get("/staff/2fa/authenticate/").text
    assert ("The code from your app" in page, "With my passkey" in page) == (True, False)

    _passkey(sana)
    page = client.get("/staff/2fa/authenticate/").text
    assert ("The code from your app" in page, "With my passkey" in page) == (True, True)

    Authenticator.objects.filter(user=sana, type="totp").delete()
    page = client.get("/staff/2fa/authenticate/").text
    assert ("The code from your app" in page, "With my passkey" in page) == (False, True)
    assert "I have a recovery code" in page


def test_a_passkey_that_nobody_knows_is_answered_in_a_sentence(client, sana):
    page = client.post("/staff/2fa/passkeys/login/", {"credential": "{}"}, follow=True)

    assert page.redirect_chain == [("/staff/login/?passkey=unknown", 302)]
    assert "This passkey is not known here." in page.text


def _passkey(user) -> None:
    """One that was set up long ago, as a phone described it."""
    wire = websafe_encode
    rp = sha256(b"testserver").digest()
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    seen = AttestedCredentialData.create(b"\0" * 16, b"one", public)
    data = AuthenticatorData.create(rp, AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, seen)
    told = {"type": "webauthn.create", "challenge": wire(b"x"), "origin": "http://testserver"}
    credential = {
        "id": wire(b"one"),
        "rawId": wire(b"one"),
        "type": "public-key",
        "response": {
            "clientDataJSON": wire(json.dumps(told).encode()),
            "attestationObject": wire(AttestationObject.create("none", data, {})),
        },
    }
    Authenticator.objects.create(
        user=user, type="webauthn", data={"name": "Passkey 1", "credential": credential}
    )


def test_a_coach_who_opens_the_trainers_room_finds_the_desk(bilal):
    answer = come_in_as_staff(bilal).get("/cms/pages/")

    assert answer.headers["Location"] == "/desk/"


def test_a_code_opens_once(client, sana, app):
    code = app()
    log_in(client)
    client.post("/staff/2fa/authenticate/", {"code": code})
    other = Client()
    log_in(other)
    page = other.post("/staff/2fa/authenticate/", {"code": code})

    assert "This code does not fit" in page.text


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_wrong_password_is_answered_in_our_words(client, sana, password):
    page = log_in(client, password=password)

    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    if password:
        assert "This name and this password do not belong together" in page.text


def test_after_five_wrong_passwords_one_waits_and_others_do_not(client, sana, tariq):
    for _ in range(6):
        page = log_in(client, password="wrong")

    assert "Those were too many tries" in page.text
    assert "Those were too many tries" not in log_in(client, "tariq", "wrong").text


def test_nobody_signs_up(client, db):
    assert not staff.StaffAdapter().is_open_for_signup(None)
    for page in ("signup", "email", "password/reset", "phone/verify"):
        assert client.get(f"/staff/{page}/", follow=True).status_code == 404


def test_no_other_door_takes_a_password(client, sana):
    said = {"username": "sana", "password": PASSWORD}

    assert client.post("/cms/login/", said).headers["Location"] == "/staff/login/"
    assert client.post("/en/_util/login/", said).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_learner_finds_no_staff_rooms(client, amina):
    come_in(client, amina)
    pages = [client.get(f"/{page}/", follow=True) for page in ("cms", "desk", "nothing-here")]

    assert [page.status_code for page in pages] == [404, 404, 404]
    assert len({page.text for page in pages}) == 1


def test_a_session_of_staff_ends_after_a_working_day(client, sana, app):
    log_in(client)
    client.post("/staff/2fa/authenticate/", {"code": app()})
    assert staff_room(client) == "open"
    session = client.session
    session["staff_until"] = time.time() - 1
    session.save()

    assert staff_room(client) == "/staff/login/?next=%2Fdesk%2F"
    assert "_auth_user_id" not in client.session


def test_a_learners_session_lasts_for_a_year_and_a_month(client, amina):
    come_in(client, amina)

    assert client.session.get_expiry_age() == 400 * 24 * 60 * 60
    assert "staff_until" not in client.session


def test_staff_who_also_learn_get_no_staff_rooms_through_a_phone_code(client, amina):
    amina.user.is_staff = True
    amina.user.save()
    come_in(client, amina)

    assert staff_room(client) == "/staff/2fa/?next=%2Fdesk%2F"
    assert client.get("/staff/2fa/app/").headers["Location"].startswith("/staff/reauthenticate/")


def test_secrets_are_sealed_before_they_are_stored(sana, app):
    stored = Authenticator.objects.get(user=sana).data["secret"]
    opened = staff.SecondFactors().decrypt(stored)

    assert opened not in stored
    counter = int(time.time()) // 30
    assert format_hotp_value(hotp_value(opened, counter)) in {
        staff.demo_code(sana, now=timezone.now() + timedelta(seconds=s)) for s in (-30, 0, 30)
    }


def test_enrolling_twice_keeps_the_same_app(sana, app):
    before = Authenticator.objects.get(user=sana).data
    staff.enrol_demo(sana)

    assert Authenticator.objects.get(user=sana).data == before


def test_the_command_says_the_code_in_a_demo_only(sana, app, settings, capsys):
    call_command("code", "sana")
    assert capsys.readouterr().out.strip() in {
        staff.demo_code(sana, now=timezone.now() + timedelta(seconds=s)) for s in (-30, 0)
    }

    with pytest.raises(CommandError):
        call_command("code", "nobody")
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("code", "sana")
    for forbidden in (lambda: staff.enrol_demo(sana), lambda: staff.demo_code(sana, now=timezone.now())):
        with pytest.raises(PermissionDenied):
            forbidden()


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_A17_staff_go_on_only_within_the_site(client, sana, app, wish):
    client.post("/staff/login/", {"login": "sana", "password": PASSWORD, "next": wish})
    answer = client.post("/staff/2fa/authenticate/", {"code": app()})

    assert answer.headers["Location"] == "/desk/"


@pytest.mark.parametrize("language", ["en", "de", "ur"])
@pytest.mark.parametrize(
    "page",
    [
        "2fa/",
        "2fa/codes/new/",
        "2fa/passkeys/",
        "reauthenticate/",
        "2fa/app/",
        "2fa/passkeys/add/",
        "2fa/codes/",
        "2fa/app/remove/",
        "2fa/reauthenticate/",
        "logout/",
    ],
)
def test_every_staff_page_is_ours(client, sana, app, settings, page, language):
    client.cookies["reads"] = language
    log_in(client)
    client.post("/staff/2fa/authenticate/", {"code": app()})
    client.post("/staff/reauthenticate/", {"password": PASSWORD})
    client.post("/staff/2fa/codes/new/")
    answer = client.get(f"/staff/{page}", follow=True)

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.text
    ours = str(settings.BASE_DIR)
    named = [one.origin.name for one in answer.templates if one.origin]
    assert [name for name in named if not name.startswith(ours) or "site-packages" in name] == []
