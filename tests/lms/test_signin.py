import http.server
import json
import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lms import limits, phones, signin, sms
from lms.models.consent import ConsentEntry
from lms.models.people import CodeSent, Device, Person, User, WayIn
from lms.models.record import RecordLine
from lms.signin import Outcome
from tests.cast import NOON
from tests.lms.ways import NEW, ask, code_for, come_in, prove, say_who

MINUTE = timedelta(minutes=1)


# ── The code ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_code_opens_once(db):
    signin.ask_for_code(NEW, locale="ur", now=NOON)
    code = code_for(NEW)

    assert signin.enter_code(NEW, code, now=NOON + MINUTE) is Outcome.RIGHT
    assert signin.enter_code(NEW, code, now=NOON + MINUTE) is Outcome.USED


def test_a_code_is_kept_nowhere(db):
    sent = signin.ask_for_code(NEW, locale="ur", now=NOON)

    assert len(code_for(NEW)) == 6
    assert code_for(NEW) not in json.dumps(CodeSent.objects.filter(pk=sent.pk).values().get(), default=str)


def test_a_code_is_good_for_ten_minutes(db):
    signin.ask_for_code(NEW, locale="ur", now=NOON)

    assert signin.enter_code(NEW, code_for(NEW), now=NOON + 10 * MINUTE) is Outcome.EXPIRED
    assert signin.enter_code(NEW, code_for(NEW), now=NOON + 9 * MINUTE) is Outcome.RIGHT


def test_the_newest_code_alone_opens(db):
    signin.ask_for_code(NEW, locale="ur", now=NOON)
    old = code_for(NEW)
    signin.ask_for_code(NEW, locale="ur", now=NOON + MINUTE)

    assert signin.enter_code(NEW, old, now=NOON + MINUTE) is Outcome.WRONG
    assert signin.enter_code(NEW, code_for(NEW), now=NOON + MINUTE) is Outcome.RIGHT


def test_after_five_wrong_tries_the_right_code_is_too_late(db):
    signin.ask_for_code(NEW, locale="ur", now=NOON)
    wrong = f"{(int(code_for(NEW)) + 1) % 10**6:06}"

    assert [signin.enter_code(NEW, wrong, now=NOON) for _ in range(5)] == [Outcome.WRONG] * 5
    assert signin.enter_code(NEW, code_for(NEW), now=NOON) is Outcome.TOO_MANY


def test_a_code_belongs_to_its_number(db):
    signin.ask_for_code(NEW, locale="ur", now=NOON)
    signin.ask_for_code("+923122222222", locale="ur", now=NOON)

    assert signin.enter_code("+923122222222", code_for(NEW), now=NOON) is Outcome.WRONG


@pytest.mark.parametrize("number", ["", "+923999999999", "no number"])
def test_a_number_that_never_asked_has_no_code(db, number):
    assert signin.enter_code(number, "000000", now=NOON) is Outcome.EXPIRED


def test_a_second_tap_sends_no_second_message(db):
    first = signin.ask_for_code(NEW, locale="ur", now=NOON)

    assert signin.ask_for_code(NEW, locale="ur", now=NOON + timedelta(seconds=5)) == first
    assert CodeSent.objects.count() == 1


def test_a_number_has_five_codes_a_day_and_five_more_tomorrow(db):
    for at in range(5):
        signin.ask_for_code(NEW, locale="ur", now=NOON + at * MINUTE)

    with pytest.raises(signin.TooManyCodes):
        signin.ask_for_code(NEW, locale="ur", now=NOON + 6 * MINUTE)
    assert signin.ask_for_code(NEW, locale="ur", now=NOON + timedelta(days=1, minutes=6))


def test_the_whole_site_has_a_budget(db, settings):
    settings.CODES_A_DAY = 2
    signin.ask_for_code("+923111111111", locale="ur", now=NOON)
    signin.ask_for_code("+923111111112", locale="ur", now=NOON)

    with pytest.raises(signin.NoMoreCodesToday):
        signin.ask_for_code("+923111111113", locale="ur", now=NOON)


def test_a_known_number_and_an_unknown_one_are_answered_alike(amina, client):
    known, unknown = ask(client, "03001234567"), ask(Client(), NEW)

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )


# ── The message ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_message_says_the_name_and_the_code_and_nothing_else(db):
    sent = signin.ask_for_code(NEW, locale="en", now=NOON)

    assert sms.message(sent) == f"Hamrah: {code_for(NEW)}"


def test_in_a_demo_the_message_is_a_line_in_a_file(
    db, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        sent = signin.ask_for_code(NEW, locale="en", now=timezone.now())

    sent.refresh_from_db()
    assert sent.state == "sent"
    assert (tmp_path / "log" / "sms.log").read_text() == f"{NEW} Hamrah: {code_for(NEW)}\n"


def test_where_real_people_are_the_console_writes_nothing(
    db, settings, tmp_path, caplog, django_capture_on_commit_callbacks
):
    settings.VAR_DIR = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        sent = signin.ask_for_code(NEW, locale="en", now=timezone.now())

    sent.refresh_from_db()
    assert sent.state == "failed"
    assert not (tmp_path / "log").exists()
    assert NEW not in caplog.text
    assert code_for(NEW) not in caplog.text


class _Desk(http.server.BaseHTTPRequestHandler):
    """A gateway that answers what it is told to, and remembers what it got."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.headers["Authorization"], body))
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def desk(settings):
    server = http.server.HTTPServer(("127.0.0.1", 0), _Desk)
    server.got, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_GATEWAY, settings.SMS_HTTP_TOKEN = "http", "secret"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_gateway_gets_json_and_a_token(db, desk, django_capture_on_commit_callbacks):
    desk.answers = [202]
    with django_capture_on_commit_callbacks(execute=True):
        sent = signin.ask_for_code(NEW, locale="en", now=timezone.now())

    sent.refresh_from_db()
    assert sent.state == "sent"
    assert desk.got == [("Bearer secret", {"from": "Hamrah", "to": NEW, "text": f"Hamrah: {code_for(NEW)}"})]


def test_a_gateway_that_stumbles_is_asked_once_more(db, desk, django_capture_on_commit_callbacks):
    desk.answers = [500, 200]
    with django_capture_on_commit_callbacks(execute=True):
        sent = signin.ask_for_code(NEW, locale="en", now=timezone.now())

    sent.refresh_from_db()
    assert sent.state == "sent"
    assert len(desk.got) == 2


def test_I07_a_gateway_that_is_down_is_said_kindly_and_the_card_is_offered(
    client, db, desk, django_capture_on_commit_callbacks
):
    desk.answers = [503, 503]
    with django_capture_on_commit_callbacks(execute=True):
        asked = ask(client)
    page = client.get(asked.headers["Location"])

    assert CodeSent.objects.get().state == "failed"
    assert page.status_code == 200
    assert "The message could not go out yet" in page.text
    assert "/en/start/card/" in page.text


def test_a_message_that_waits_too_long_is_said_kindly_too(client, db):
    ask(client)
    CodeSent.objects.update(made_at=timezone.now() - timedelta(minutes=2))

    assert "The message could not go out yet" in client.get("/en/start/code/").text


def test_a_code_that_waited_too_long_in_the_queue_is_not_sent(db, desk):
    sent = signin.ask_for_code(NEW, locale="en", now=NOON)

    assert sms.deliver(sent.pk, now=NOON + 10 * MINUTE)
    assert desk.got == []


def test_without_a_queue_the_page_still_comes(client, db, monkeypatch, django_capture_on_commit_callbacks):
    def broken(*args: object) -> None:
        raise OSError("no queue")

    monkeypatch.setattr("lms.tasks.send_code.delay", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client).status_code == 302


# ── A new place ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_person_comes_in_and_is_asked_for_consent(client, db):
    assert prove(client).headers["Location"] == "/en/start/you/"
    assert say_who(client).headers["Location"] == "/en/mine/consent/"

    person = WayIn.objects.get(number=NEW).person
    assert (person.name, person.picture, person.age, person.reads) == ("Zara", "lamp", "18+", "en")
    assert "Salaam" in client.get("/en/mine/").text


def test_below_sixteen_nothing_is_kept_and_the_lessons_are_open(client, db):
    prove(client)
    page = say_who(client, age="under-16")

    assert "All lessons are open for you" in page.text
    assert (Person.objects.count(), User.objects.count(), WayIn.objects.count()) == (0, 0, 0)
    assert NEW not in json.dumps(list(CodeSent.objects.values()), default=str)
    assert say_who(client, age="18+").headers["Location"] == "/en/start/number/?again"


def test_forgetting_a_number_gives_it_no_new_budget(db):
    for at in range(5):
        signin.ask_for_code(NEW, locale="ur", now=NOON + at * MINUTE)
    signin.forget(NEW)

    with pytest.raises(signin.TooManyCodes):
        signin.ask_for_code(NEW, locale="ur", now=NOON + 6 * MINUTE)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zara   Bibi ", "Zara Bibi"),
        ("\u202eZara\u202c", "Zara"),
        ("Z\u2066a\nra\x00", "Z a ra"),
        ("زُہرا\u200cبی", "زُہرا\u200cبی"),
        ("x" * 90, "x" * 60),
        ("<b>Z</b>", "<b>Z</b>"),
        ("", ""),
    ],
)
def test_any_name_is_welcome_and_turns_no_line_around(typed, kept):
    assert signin.tidy(typed) == kept


def test_a_name_is_shown_as_text(client, db):
    prove(client)
    say_who(client, name="<b>Zara</b>")

    assert "&lt;b&gt;Zara&lt;/b&gt;" in client.get("/en/mine/").text


@pytest.mark.parametrize("wrong", [{"age": ""}, {"age": "12"}, {"picture": ""}, {"picture": "../x"}])
def test_what_is_missing_is_asked_again_and_what_was_said_stays(client, db, wrong):
    prove(client)
    page = say_who(client, **{"name": "Zara", **wrong})

    assert page.status_code == 422
    assert 'value="Zara"' in page.text
    assert Person.objects.count() == 0


def test_a_second_tap_makes_no_second_place(client, db):
    prove(client)
    say_who(client)

    assert say_who(client).headers["Location"] == "/en/mine/"
    assert Person.objects.count() == 1


def test_two_tabs_that_sign_up_make_one_place(client, db):
    prove(client)
    other = Client()
    signin.ask_for_code(NEW, locale="en", now=timezone.now() + MINUTE)
    other.post("/en/start/code/", {"number": NEW, "code": code_for(NEW)})
    say_who(client)
    answer = say_who(other, name="Zara again")

    assert answer.headers["Location"] == "/en/mine/consent/"
    assert [person.name for person in Person.objects.all()] == ["Zara"]


def test_a_race_for_one_number_makes_one_place(db):
    first = signin.sign_up(NEW, name="A", picture="pot", age="18+", locale="ur", now=NOON)
    second = signin.sign_up(NEW, name="B", picture="pot", age="18+", locale="ur", now=NOON)

    assert first == second
    assert User.objects.count() == 1


def test_a_code_that_was_used_a_moment_ago_leads_on_when_one_is_in(client, amina):
    come_in(client, amina)
    client.session["number"] = "+923001234567"
    used = client.post("/en/start/code/", {"number": "03001234567", "code": code_for("+923001234567")})

    assert used.headers["Location"] == "/en/start/again/"
    assert client.get("/en/start/again/").headers["Location"] == "/en/mine/"
    assert "This was used already" in Client().get("/en/start/again/").text


@pytest.mark.parametrize("page", ["you", "quiet"])
def test_a_page_out_of_order_leads_to_the_beginning(client, db, page):
    for answer in (client.get(f"/en/start/{page}/"), client.post(f"/en/start/{page}/", {"age": "18+"})):
        assert answer.headers["Location"] == "/en/start/number/?again"
    assert "Please write your number once more" in client.get("/en/start/number/?again").text


def test_a_session_that_ended_in_the_middle_loses_nothing(client, db):
    prove(client)
    Session.objects.all().delete()

    assert say_who(client).headers["Location"] == "/en/start/number/?again"


def test_a_proven_number_does_not_stay_proven_all_day(client, db):
    prove(client)
    session = client.session
    session["proven"] = {"number": NEW, "at": (timezone.now() - timedelta(hours=2)).isoformat()}
    session.save()

    assert say_who(client).headers["Location"] == "/en/start/number/?again"


@pytest.mark.parametrize("code", ["", "000", "abcdef", "١" * 20, "1" * 5000])
def test_whatever_is_typed_as_a_code_is_answered_with_a_sentence(client, db, code):
    ask(client)
    page = client.post("/en/start/code/", {"code": code})

    assert page.status_code == 422
    assert "This is not the code of the newest message" in page.text


def test_a_new_code_goes_to_the_same_number_with_one_tap(client, db):
    with time_machine.travel(NOON, tick=False):
        ask(client)
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        answer = client.post("/en/start/code/", {"anew": "yes"}, follow=True)

    assert answer.redirect_chain == [("/en/start/code/?anew", 302)]
    assert "A new code was sent." in answer.text
    assert CodeSent.objects.filter(number=NEW).count() == 2


def test_who_asks_again_too_soon_is_asked_to_wait_and_no_message_goes(client, db):
    ask(client)

    answer = client.post("/en/start/code/", {"anew": "yes"}, follow=True)

    assert "The code was just sent. Please wait a minute." in answer.text
    assert CodeSent.objects.filter(number=NEW).count() == 1


def test_a_sixth_code_of_a_day_is_refused_with_a_sentence(client, db):
    for minutes in range(0, 10, 2):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            ask(client)
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        answer = client.post("/en/start/code/", {"anew": "yes"})

    assert answer.status_code == 422
    assert "This number had many messages today" in answer.text


def test_who_asks_for_a_code_on_another_phone_is_asked_for_the_number(client, db):
    assert client.post("/en/start/code/", {"anew": "yes"}).headers["Location"] == "/en/start/number/"


def test_a_new_code_for_one_more_number_goes_there_again(client, amina):
    come_in(client, amina)
    client.post("/en/mine/number/", {"number": NEW})

    answer = client.post("/en/mine/number/code/", {"anew": "yes"})

    assert answer.headers["Location"] == "/en/mine/number/code/?just-now"


def test_a_budget_that_is_used_up_is_said_kindly(client, db, settings):
    settings.CODES_A_DAY = 0
    page = ask(client)

    assert page.status_code == 422
    assert "No more messages can go out today" in page.text
    assert "/en/start/card/" in page.text


# ── Coming back ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_known_number_opens_its_place(client, amina):
    come_in(client, amina)

    assert "Amina" in client.get("/en/mine/").text


def test_A10_the_session_key_changes_on_the_way_in(client, amina):
    ask(client, "03001234567")
    before = client.session.session_key
    WayIn.objects.update(last_used_at=timezone.now())
    client.post("/en/start/code/", {"code": code_for("+923001234567")})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_another_profile_ends_the_first_ones_session(client, amina, farid):
    come_in(client, amina)
    first = client.session.session_key
    come_in(client, farid)

    assert "Farid" in client.get("/en/mine/").text
    assert not Session.objects.filter(session_key=first).exists()


def test_A05_a_number_unused_for_a_season_does_not_open_the_place_alone(client, amina):
    WayIn.objects.update(last_used_at=timezone.now() - timedelta(days=91))
    answer = prove(client, "+923001234567")

    assert answer.headers["Location"] == "/en/start/quiet/"
    assert client.get("/en/mine/").headers["Location"] == "/en/start/"
    page = client.get("/en/start/quiet/")
    assert "Do you have a key card?" in page.text
    assert "Amina" not in page.text


def test_the_new_owner_of_a_number_starts_fresh_and_the_old_place_stays(client, amina):
    WayIn.objects.update(last_used_at=timezone.now() - timedelta(days=91))
    prove(client, "+923001234567")
    assert client.post("/en/start/quiet/").headers["Location"] == "/en/start/you/"
    say_who(client, name="Somebody else")

    assert Person.objects.filter(name="Amina").exists()
    assert signin.way_of("+923001234567").person.name == "Somebody else"


def test_C25_who_leaves_is_signed_out_and_the_phones_storage_is_left_alone(client, amina):
    come_in(client, amina)
    asked, done = client.get("/en/leave/"), client.post("/en/leave/")

    assert asked.status_code == 200
    assert done.headers["Location"] == "/en/"
    assert "Clear-Site-Data" not in done.headers
    assert client.get("/en/mine/").headers["Location"] == "/en/start/"


def test_a_blocked_user_is_nobody(client, amina):
    come_in(client, amina)
    User.objects.filter(pk=amina.user_id).update(is_active=False)

    assert client.get("/en/mine/").headers["Location"] == "/en/start/"


@pytest.mark.parametrize(
    ("wish", "goes"),
    [
        ("/en/mine/phones/", "/en/mine/phones/"),
        ("https://evil.example/", "/en/mine/"),
        ("//evil.example/", "/en/mine/"),
        ("/\\evil.example/", "/en/mine/"),
        ("javascript:alert(1)", "/en/mine/"),
        ("mine/", "/en/mine/"),
    ],
)
def test_A17_one_goes_on_only_within_the_site(client, amina, wish, goes):
    client.get("/en/start/", {"next": wish})
    WayIn.objects.update(last_used_at=timezone.now())

    assert prove(client, "+923001234567").headers["Location"] == goes


# ── Guests ───────────────────────────────────────────────────────────────────────────────────────────────


def _as_guest(client: Client, guest: Person) -> None:
    session = client.session
    session["person"] = str(guest.pk)
    session.save()


def test_a_guest_who_signs_up_is_the_same_person(client, nadia):
    _as_guest(client, nadia)
    prove(client)
    say_who(client)

    assert WayIn.objects.get(number=NEW).person_id == nadia.pk
    assert Person.objects.count() == 1


def test_a_guest_with_a_known_number_gives_what_they_did_to_the_person(client, nadia, amina):
    device, _token = phones.issue(nadia, now=NOON)
    _as_guest(client, nadia)
    come_in(client, amina)

    device.refresh_from_db()
    nadia.refresh_from_db()
    assert device.person_id == amina.pk
    assert nadia.merged_into_id == amina.pk


def test_a_phones_own_token_is_enough_to_claim_what_it_did(client, nadia):
    _device, token = phones.issue(nadia, now=NOON)
    prove(client)
    say_who(client, guest=token)

    assert WayIn.objects.get(number=NEW).person_id == nadia.pk


def test_a_token_of_somebody_with_a_place_claims_nothing(client, amina, farid):
    device, token = phones.issue(farid, now=NOON)
    WayIn.objects.update(last_used_at=timezone.now())
    prove(client, "+923001234567", guest=token)

    device.refresh_from_db()
    assert device.person_id == farid.pk


def test_a_guests_old_mark_does_not_open_the_place_that_was_made_since(client, nadia):
    other = Client()
    _as_guest(client, nadia)
    _as_guest(other, nadia)
    prove(client)
    say_who(client)

    assert other.get("/en/mine/").headers["Location"] == "/en/start/"


def test_nothing_that_was_recorded_is_lost_on_the_way_in(client, nadia, amina):
    assert not RecordLine.objects.exists()
    ConsentEntry.objects.filter(person=nadia).delete()
    _as_guest(client, nadia)
    come_in(client, amina)

    assert not Device.objects.filter(person=nadia).exists()


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_limit_counts_each_by_itself_and_begins_again(db):
    hour = timedelta(hours=1)
    tries = [limits.within("x", "a", most=2, per=hour, now=NOON) for _ in range(3)]

    assert tries == [True, True, False]
    assert limits.within("x", "b", most=2, per=hour, now=NOON)
    assert limits.within("x", "a", most=2, per=hour, now=NOON + hour)


@pytest.mark.parametrize(
    ("proxies", "said", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (1, "", "9.9.9.9"),
    ],
)
def test_a_forged_address_counts_for_nothing(rf, settings, proxies, said, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    assert limits.address(rf.get("/", REMOTE_ADDR="9.9.9.9", headers={"X-Forwarded-For": said})) == address


# ── What shows ───────────────────────────────────────────────────────────────────────────────────────────


def test_14_no_number_and_no_code_ever_stands_in_an_address(client, db):
    steps = [ask(client), prove(client), say_who(client)]

    for step in steps:
        for secret in (NEW, NEW[1:], "3111111111", code_for(NEW)):
            assert secret not in step.headers["Location"]


@pytest.mark.parametrize(
    "page", ["mine/", "mine/card/", "mine/phones/", "mine/consent/", "mine/data/", "start/code/"]
)
def test_personal_pages_are_kept_by_nobody(client, amina, page):
    come_in(client, amina)

    assert "no-store" in client.get(f"/en/{page}").headers["Cache-Control"]


def test_the_first_page_is_the_same_for_everybody(client, amina):
    stranger = Client().get("/")
    come_in(client, amina)
    known = client.get("/")

    assert stranger.content == known.content
    assert not stranger.cookies
    assert all(name in stranger.text for name in ("اردو", "English", "Deutsch"))


def test_the_watching_machine_gets_ok(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content, dict(answer.cookies)) == (200, b"ok", {})


def test_a_page_that_says_something_went_wrong_asks_nobody_and_nothing(rf, django_assert_num_queries, db):
    from lms.views.errors import went_wrong

    with django_assert_num_queries(0):
        page = went_wrong(rf.get("/en/"))

    assert page.status_code == 500
    assert "It is not your fault" in page.text


def test_a_second_tap_on_a_right_code_leads_on_to_the_name(client, db):
    ask(client)
    digits = code_for(NEW)
    client.post("/en/start/code/", {"code": digits})

    second = client.post("/en/start/code/", {"code": digits}, follow=True)

    assert second.request["PATH_INFO"] == "/en/start/you/"
