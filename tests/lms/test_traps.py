"""The nine traps of accounts (docs/decisions/0006): each was walked into once, and never again."""

from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from lms import limits
from lms.models.people import CodeSent, Person, WayIn
from tests.cast import NOON
from tests.lms.ways import NEW, ask, code_for, come_in, prove, say_who

LEARNERS_PAGES = [
    "start/", "start/number/", "start/code/", "start/card/", "start/again/", "leave/", "mine/voice/",
    "mine/", "mine/card/", "mine/number/", "mine/number/code/", "mine/phones/", "mine/consent/",
    "mine/consent/record/", "mine/data/", "nothing-here/",
]  # fmt: skip


def test_T1_a_whole_class_signs_up_from_one_address(db):
    answers = []
    for n in range(25):
        learner, number = Client(REMOTE_ADDR="203.0.113.7"), f"+9231111111{n:02}"
        answers.append(prove(learner, number).status_code)
        answers.append(say_who(learner).status_code)

    assert set(answers) == {302}
    assert (Person.objects.count(), WayIn.objects.count(), CodeSent.objects.count()) == (25, 25, 25)


@pytest.mark.parametrize(
    "written", ["0300 1234567", "0092 300 1234567", "+92 300 1234567", "۰۳۰۰ ۱۲۳۴۵۶۷", "٠٣٠٠-١٢٣٤٥٦٧"]
)
def test_T2_a_number_is_understood_as_people_write_it(client, db, written):
    answer = ask(client, written)

    assert answer.headers["Location"] == "/en/start/code/"
    assert CodeSent.objects.get().number == "+923001234567"


def test_T2_a_number_from_germany_is_understood(client, db):
    ask(client, "+49 151 23456789")

    assert CodeSent.objects.get().number == "+4915123456789"


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("0300", "Please look at the number again"),
        ("my number", "Please look at the number again"),
        ("", "Please look at the number again"),
        ("+1 202 555 0123", "We cannot send messages to this country yet"),
    ],
)
def test_T2_a_bad_number_is_answered_with_a_sentence_beside_the_field(client, db, written, sentence):
    page = ask(client, written)

    assert page.status_code == 422
    assert sentence in page.text
    assert 'aria-describedby="trouble"' in page.text
    assert not CodeSent.objects.exists()


@pytest.mark.parametrize("zero", ["0", "۰", "٠"])
def test_T3_six_digits_are_typed_in_any_script_with_spaces(client, db, zero):
    ask(client)
    code = code_for(NEW)
    typed = "".join(chr(ord(zero) + int(digit)) for digit in code)

    assert len(code) == 6
    assert (
        client.post("/en/start/code/", {"code": f" {typed[:3]} {typed[3:]} "}).headers["Location"]
        == "/en/start/you/"
    )


def test_T3_the_phone_shows_its_number_keys_and_offers_the_code(client, db):
    page = client.get("/en/start/code/").text

    assert 'inputmode="numeric" autocomplete="one-time-code"' in page
    assert 'inputmode="tel" autocomplete="tel"' in page


def test_T4_staff_have_a_field_for_their_password(client, db):
    page = client.get("/staff/login/").text

    assert 'type="password"' in page
    assert 'name="login"' in page


def test_T5_staff_without_a_phone_come_in(client, sana):
    answer = client.post("/staff/login/", {"login": "sana", "password": "a long enough password"})

    assert answer.headers["Location"] == "/desk/"
    assert client.session["_auth_user_id"] == str(sana.pk)
    assert not WayIn.objects.exists()


@pytest.mark.parametrize("language", ["ur", "en", "de"])
@pytest.mark.parametrize("page", LEARNERS_PAGES)
def test_T6_no_sentence_for_learners_comes_from_somebody_elses_templates(
    client, amina, settings, page, language
):
    come_in(client, amina)
    answer = client.get(f"/{language}/{page}", follow=True)
    named = [one.origin.name for one in answer.templates if one.origin]

    assert named
    assert [
        name for name in named if "site-packages" in name or not name.startswith(str(settings.BASE_DIR))
    ] == []


def test_T6_our_python_takes_no_words_from_libraries():
    ours = Path(__file__).parents[2] / "lms"
    lent = [
        path.name
        for path in [*ours.glob("*.py"), *ours.glob("views/*.py")]
        for line in path.read_text(encoding="utf-8").splitlines()
        if "error_messages" in line and "error_messages={" not in line and path.name != "staff.py"
    ]

    assert lent == []


def test_T7_a_code_asked_for_on_one_phone_is_entered_on_another(client, db):
    ask(client)
    other = Client()
    assert 'name="number"' in other.get("/en/start/code/").text
    answer = other.post("/en/start/code/", {"number": "0311 1111111", "code": code_for(NEW)})

    assert answer.headers["Location"] == "/en/start/you/"
    assert say_who(other).headers["Location"] == "/en/mine/consent/"


def test_T7_three_wrong_codes_are_no_reason_to_start_over(client, db):
    ask(client)
    wrong = f"{(int(code_for(NEW)) + 1) % 10**6:06}"
    for _ in range(3):
        client.post("/en/start/code/", {"code": wrong})

    assert client.post("/en/start/code/", {"code": code_for(NEW)}).headers["Location"] == "/en/start/you/"


def _sign_in_and_show_the_password_again(client: Client) -> None:
    client.post("/staff/login/", {"login": "sana", "password": "a long enough password"})
    asked = client.get("/staff/2fa/app/")
    assert asked.headers["Location"].startswith("/staff/reauthenticate/")
    client.post("/staff/reauthenticate/", {"password": "a long enough password"})


def test_T8_an_authenticator_app_is_set_up_and_the_rooms_open(client, sana, settings, monkeypatch):
    # A test is one long transaction: what waits for its end would come after the answer.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda then, **more: then())
    settings.MFA_ADAPTER = "lms.staff.SecondFactors"
    _sign_in_and_show_the_password_again(client)
    page = client.get("/staff/2fa/app/").text
    secret = client.session[SECRET_SESSION_KEY]
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))
    client.post("/staff/2fa/app/", {"code": code})

    assert secret in page
    assert "data:image/svg+xml" in page
    assert secret not in str(Authenticator.objects.get(user=sana, type="totp").data)
    assert client.get("/desk/").status_code == 200


def test_T8_a_passkey_is_offered_after_the_password(client, sana):
    _sign_in_and_show_the_password_again(client)
    page = client.get("/staff/2fa/passkeys/add/")

    assert page.status_code == 200
    assert '"creation_options"' in page.text
    assert '"rp"' in page.text


def test_T9_limits_are_shared_between_processes(db, settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    limits.within("x", "a", most=1, per=timedelta(hours=1), now=NOON)

    # What another process would see: a cache object of its own, on the same table.
    other = DatabaseCache(settings.CACHES["default"]["LOCATION"], {})
    [key] = [row for row in _keys() if row.startswith(":1:limit:")]
    assert other.get(key.removeprefix(":1:")) == 1
    assert caches["default"] is not other
    assert not limits.within("x", "a", most=1, per=timedelta(hours=1), now=NOON)


def _keys() -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("language", ["ur", "en", "de"])
def test_no_page_of_the_way_in_tells_on_anybody(client, amina, language):
    """Names of what people went through stand on no screen of the way in, in no language."""
    told = {
        "en": ["deport", "migrant", "asylum", "returnee", "reintegration"],
        "de": ["abschieb", "migrant", "asyl", "rückkehr", "ausreise"],
        "ur": ["ڈی پورٹ", "ملک بدر", "مہاجر", "پناہ", "واپسی"],
    }[language]
    come_in(client, amina)
    with override(language):
        pages = {page: client.get(f"/{language}/{page}").text.lower() for page in LEARNERS_PAGES}

    assert [(page, word) for page, text in pages.items() for word in told if word in text] == []
