import gzip
import json
import logging
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import Rendering
from lms import epoch, intake, limits, phones
from lms.models.people import Device, Person
from lms.models.record import RecordLine, Standing
from tests.cast import NOON
from tests.inside import come_in
from tests.lms.phone import HOUR, answered, batch, lesson, line, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(time_machine):
    """Each test has a server of its own, which has not yet looked at its epoch."""
    time_machine.move_to(NOON, tick=False)
    caches["process"].clear()


@pytest.fixture
def browser():
    """A browser without a cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def token(amina):
    return phones.issue(amina, now=NOON)[1]


def sync(browser, token, *records, **changes):
    return post(browser, "sync", batch(*records, **changes), token=token)


# ── A token ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_phone_gets_a_guest_and_a_token(browser):
    said = {"locale": "en", "voice": "pnb", "time_zone": "Europe/Berlin"}

    answer = post(browser, "device", said, **{"User-Agent": "Mozilla/5.0 (Linux; Android 9; ...) Chrome/90"})

    assert answer.status_code == 201
    guest = Person.objects.get()
    assert phones.person_of(answer.json()["token"]) == guest
    assert (guest.user, guest.reads, guest.hears, guest.time_zone) == (None, "en", "pnb", "Europe/Berlin")
    assert Device.objects.get().label == "Android"


@pytest.mark.parametrize("said", [{}, {"locale": "xx", "voice": "xx", "time_zone": "../../etc/passwd"}])
def test_what_a_new_phone_says_wrongly_is_left_out(browser, said):
    assert post(browser, "device", said).status_code == 201

    guest = Person.objects.get()
    assert (guest.reads, guest.hears, guest.time_zone) == ("ur", "ur", "Asia/Karachi")


def test_a_phone_with_a_session_asks_claim_instead(amina):
    answer = post(come_in(amina), "device", {})

    assert (answer.status_code, answer.json()) == (400, {"code": "use_claim"})
    assert Device.objects.count() == 0


def test_a_page_of_another_site_cannot_make_guests(browser):
    answer = post(browser, "device", {}, **{"X-Requested-With": ""})

    assert answer.status_code == 400
    assert Person.objects.count() == 0


def test_one_address_cannot_make_guests_without_end(browser, monkeypatch):
    monkeypatch.setattr(limits, "GUESTS_AN_HOUR", 3)

    codes = [post(browser, "device", {}).status_code for _ in range(4)]

    assert codes == [201, 201, 201, 429]
    assert post(browser, "device", {})["Retry-After"] == "600"


# ── Claiming ─────────────────────────────────────────────────────────────────────────────────────────────


def claim(browser, body):
    cookie = "a" * 32
    browser.cookies["c"] = cookie
    return post(browser, "claim", body, **{"X-CSRFToken": cookie, "X-Requested-With": ""})


def test_who_signs_in_takes_along_what_the_guest_did(nadia, amina):
    device, token = phones.issue(nadia, now=NOON)
    milk = lesson()
    intake.receive(nadia, device, [answered(milk)], sent_at=NOON, now=NOON)
    inside = come_in(amina, enforce_csrf_checks=True)

    for _ in range(2):
        answer = claim(inside, {"token": token})
        assert (answer.status_code, answer.json()) == (200, {"token": token})

    assert RecordLine.objects.get().person == amina
    assert phones.person_of(token) == amina


def test_on_a_shared_phone_what_another_did_stays_theirs(amina, farid):
    _, theirs = phones.issue(farid, now=NOON)

    mine = claim(come_in(amina, enforce_csrf_checks=True), {"token": theirs}).json()["token"]

    assert mine != theirs
    assert (phones.person_of(mine), phones.person_of(theirs)) == (amina, farid)


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": "unknown"}])
def test_a_phone_without_a_token_gets_one_for_whoever_is_signed_in(amina, body):
    token = claim(come_in(amina, enforce_csrf_checks=True), body).json()["token"]

    assert phones.person_of(token) == amina


def test_nobody_claims_without_being_signed_in(browser, nadia):
    _, token = phones.issue(nadia, now=NOON)

    assert claim(browser, {"token": token}).status_code == 401
    assert phones.person_of(token) == nadia


def test_A13_a_page_of_another_site_cannot_claim(amina, nadia):
    _, token = phones.issue(nadia, now=NOON)

    answer = post(come_in(amina, enforce_csrf_checks=True), "claim", {"token": token})

    assert (answer.status_code, answer.json()) == (403, {"code": "csrf"})
    assert phones.person_of(token) == nadia


# ── Sending ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_answered_line_by_line(browser, amina, token):
    milk = lesson()
    new, again, strange = answered(milk), line(milk), line(milk, rev="00ff")
    sync(browser, token, again)

    answer = sync(browser, token, again, new, {"id": "x"}, strange, nonce="n-2")

    assert answer.status_code == 200
    said = answer.json()
    assert said["results"] == [
        {"id": again["id"], "s": "known"},
        {"id": new["id"], "s": "kept"},
        {"id": None, "s": "refused", "c": "schema"},
        {"id": strange["id"], "s": "held", "c": "unknown_rev"},
    ]
    assert said["progress"] == [
        {
            "lesson": str(milk.page_key),
            "begun_at": "2026-11-22T11:00:00.000Z",
            "done": None,
            "answers": {"q1": 1.0},
        }
    ]
    assert (said["v"], said["nonce"], said["server_time"]) == (1, "n-2", "2026-11-22T12:00:00.000Z")
    assert said["epoch"] == str(epoch.present(now=NOON).uid)
    assert "notice" not in said
    assert [kept.person for kept in RecordLine.objects.all()] == [amina, amina]


def test_a_phone_that_asks_hears_of_what_was_done_on_another(browser, amina, token):
    milk = lesson()
    _, other = phones.issue(amina, now=NOON)
    sync(browser, other, line(milk, "completed"))

    told = sync(browser, token, cursor="").json()
    silent = sync(browser, token).json()
    later = sync(browser, token, cursor="2026-11-23T00:00:00.000Z").json()

    assert [one["done"] for one in told["progress"]] == ["2026-11-22T11:00:00.000Z"]
    assert silent["progress"] == later["progress"] == []


def test_what_a_phone_must_be_told_is_told(browser, amina, token):
    Device.objects.update(notice="card-used")

    assert sync(browser, token).json()["notice"] == "card-used"


def test_lines_may_come_packed(browser, token):
    packed = gzip.compress(json.dumps(batch(line(lesson()))).encode())

    answer = post(browser, "sync", packed, token=token, **{"Content-Encoding": "gzip"})

    assert answer.json()["results"][0]["s"] == "kept"


@pytest.mark.parametrize("lessons", [1, 40])
def test_one_answer_costs_the_same_few_queries_for_one_lesson_or_forty(
    browser, amina, token, lessons, django_assert_max_num_queries
):
    """Eight with the lock that PostgreSQL needs, however much was done before; savepoints are counted too."""
    pages = [lesson() for _ in range(lessons)]
    sync(browser, token, *[line(page) for page in pages])

    with django_assert_max_num_queries(8 + 2 * SAVEPOINTS) as asked:
        answer = sync(browser, token, answered(pages[0]))

    assert answer.json()["results"][0]["s"] == "kept"
    selects = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(selects) <= 8


SAVEPOINTS = 3  # receive, and the two bulk writes that open their own


def test_S07_a_phone_that_was_shut_out_is_told_so_and_keeps_its_lines(browser, amina, token):
    phones.revoke(amina, Device.objects.get().pk, now=NOON)

    assert sync(browser, token, line(lesson())).status_code == 403
    assert RecordLine.objects.count() == 0


@pytest.mark.parametrize("token", ["", "unknown", "x" * 3000, "ü"])
def test_S05_without_a_known_token_nothing_opens(browser, amina, token):
    answer = post(browser, "sync", batch(line(lesson())), Authorization=f"Device {token}")

    assert (answer.status_code, answer.json()) == (401, {"code": "unknown_token"})
    assert sync(browser, "").status_code == 401


def test_S08_the_phone_of_somebody_who_was_forgotten_is_told_to_clear_itself(browser, amina, token):
    phones.let_go([amina], on=NOON.date())
    amina.delete()

    assert sync(browser, token).status_code == 410


@pytest.mark.parametrize(
    ("v", "app", "code"), [(1, "0.9", 426), (0, "1.0", 426), (1, "1", 200), (1, "12.3.4", 200)]
)
def test_C26_a_phone_that_is_too_old_is_asked_to_update(browser, token, v, app, code):
    assert sync(browser, token, v=v, app=app).status_code == code


def test_S14_more_than_a_batch_may_hold_is_too_much(browser, token):
    milk = lesson()
    bomb = gzip.compress(b"[" * 50_000_000)

    assert sync(browser, token, *[line(milk) for _ in range(200)]).status_code == 200
    assert sync(browser, token, *[line(milk) for _ in range(201)]).status_code == 413
    assert sync(browser, token, "x" * 257 * 1024).status_code == 413
    assert post(browser, "sync", b"x" * 2_000_000, token=token).status_code == 413
    assert post(browser, "sync", bomb, token=token, **{"Content-Encoding": "gzip"}).status_code == 413
    assert RecordLine.objects.count() == 200


NONSENSE = {
    "nothing": b" ",
    "no json": b"{",
    "a list": b"[]",
    "half a letter": b'{"v":1,"nonce":"\\ud800"}',
    "no utf-8": b'{"v":"\xff"}',
    "utf-16": '{"v":1}'.encode("utf-16"),
    "not a number": b'{"v":NaN}',
    "infinity": b'{"v":1e999}',
    "a huge number": b'{"v":' + b"9" * 5000 + b"}",
    "a name twice": b'{"v":1,"v":1}',
    "a name twice in a line": json.dumps(batch({"id": 1})).replace('"id": 1', '"id": 1, "id": 2').encode(),
    "a deep nest": b"[" * 20_000 + b"]" * 20_000,
    "a nest in a line": json.dumps(batch([[[[[[[[[[[[[[1]]]]]]]]]]]]]])).encode(),
    "yes for a version": json.dumps(batch(v=True)).encode(),
    "a nonce that turns around": json.dumps(batch(nonce="\u202ex")).encode(),
    "no time": json.dumps(batch(sent_at="today")).encode(),
    "no cursor": json.dumps(batch(cursor="today")).encode(),
    "records that are none": json.dumps(batch(records={})).encode(),
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_S15_what_cannot_be_understood_is_said_to_be_so(browser, token, body):
    answer = post(browser, "sync", body, token=token)

    assert (answer.status_code, answer.json()) == (400, {"code": "not_understood"})


def test_S15_what_is_packed_wrongly_is_said_to_be_so(browser, token):
    packed = gzip.compress(json.dumps(batch()).encode())

    def sent(body, coding):
        return post(browser, "sync", body, token=token, **{"Content-Encoding": coding}).status_code

    assert [sent(packed, "gzip"), sent(packed[:-9], "gzip"), sent(packed + b"x", "gzip")] == [200, 400, 400]
    assert [sent(b"no", "gzip"), sent(packed, "br")] == [400, 415]
    headers = {"X-Requested-With": "sync", "Authorization": f"Device {token}"}
    assert browser.post("/api/v1/sync", {"v": 1}, headers=headers).status_code == 415


def test_S12_S15_a_poisoned_line_comes_back_alone(browser, token):
    milk = lesson()
    lines = [
        line(milk),
        {**line(milk), "voice": "\ud800\x00"},
        {**line(milk), "seq": 10**30},
        "\u202e",
        line(milk),
    ]

    answers = [one["s"] for one in sync(browser, token, *lines).json()["results"]]

    assert answers == ["kept", "refused", "refused", "refused", "kept"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_S15_whatever_comes_the_answer_is_json_and_never_an_error(browser, token, data):
    milk = Rendering.objects.first() or lesson()
    whole = batch(line(milk), answered(milk))
    for name in data.draw(st.sets(st.sampled_from(list(whole)), max_size=2)):
        whole[name] = data.draw(json_values)
    body = data.draw(
        st.just(json.dumps(whole).encode()) | st.binary(max_size=40) | json_values.map(json.dumps)
    )
    path = data.draw(st.sampled_from(["sync", "device", "claim"]))
    coding = data.draw(st.sampled_from(["", "", "gzip", "identity"]))

    answer = post(browser, path, body, token=token, **{"Content-Encoding": coding})

    assert answer.status_code < 500
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    json.loads(answer.content)


@pytest.mark.parametrize("path", ["device", "claim", "sync", "elsewhere", "sync/"])
@pytest.mark.parametrize("method", ["get", "put", "delete", "options", "post"])
def test_every_answer_is_json_kept_by_nobody_and_guessed_at_by_no_browser(browser, path, method):
    answer = getattr(browser, method)(f"/api/v1/{path}")

    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer
    assert "code" in answer.json()


@pytest.mark.parametrize("trouble", [DatabaseError, InterfaceError])
def test_I01_when_the_database_is_away_the_phone_is_asked_to_come_again(
    browser, token, monkeypatch, caplog, trouble
):
    def away(*args, **kwargs):
        raise trouble("could not connect as postgres")

    monkeypatch.setattr(intake, "receive", away)

    answer = sync(browser, token, line(lesson()))

    assert (answer.status_code, answer.json(), answer["Retry-After"]) == (503, {"code": "busy"}, "30")
    assert "postgres" not in caplog.text


def test_S29_a_token_in_an_address_opens_nothing_and_is_never_logged(browser, token, caplog):
    caplog.set_level(logging.DEBUG)

    answer = post(browser, f"sync?token={token}", batch())
    sync(browser, token, line(lesson()))
    sync(browser, token + "x")

    assert answer.status_code == 401
    assert token not in caplog.text


def test_S30_a_request_that_was_overheard_and_sent_again_changes_nothing(browser, amina, token):
    body = json.dumps(batch(*[answered(lesson(), chosen) for chosen in "abc"]))
    first = post(browser, "sync", body, token=token).json()
    before = list(RecordLine.objects.order_by("pk").values()), list(Standing.objects.order_by("pk").values())

    again = [post(browser, "sync", body, token=token).json() for _ in range(3)]

    assert {one["s"] for one in first["results"]} == {"kept"}
    assert {one["s"] for reply in again for one in reply["results"]} == {"known"}
    after = list(RecordLine.objects.order_by("pk").values()), list(Standing.objects.order_by("pk").values())
    assert after == before


# ── What the server says about itself ────────────────────────────────────────────────────────────────────


def test_S20_a_restored_server_has_another_epoch(browser, token):
    first = sync(browser, token).json()
    assert sync(browser, token).json()["epoch"] == first["epoch"]

    epoch.begin_anew(backup_of=NOON - HOUR)

    restored = sync(browser, token).json()
    assert restored["epoch"] != first["epoch"]
    assert restored["kept_until"] == "2026-11-22T10:55:00.000Z"


def test_S20_phones_may_let_go_of_what_is_in_a_verified_backup(browser, token):
    sync(browser, token)
    epoch.backed_up(NOON + HOUR)
    epoch.backed_up(NOON - timedelta(days=9))

    assert sync(browser, token).json()["kept_until"] == "2026-11-22T12:55:00.000Z"


def test_what_came_in_while_a_backup_began_is_kept_on_the_phone(browser, token):
    """The request began before the backup and ended after it, so the backup does not have its lines."""
    epoch.present(now=NOON - HOUR)
    epoch.backed_up(NOON + timedelta(seconds=30))

    told = sync(browser, token, line(lesson())).json()

    assert [one["s"] for one in told["results"]] == ["kept"]
    assert told["kept_until"] < told["server_time"]


def test_the_description_is_for_those_who_work_on_it(browser, amina, sana):
    where = "/api/v1/openapi.json"

    assert browser.get(where).status_code == come_in(amina).get(where).status_code == 404
    described = come_in(sana).get(where)
    assert set(described.json()["paths"]) == {"/api/v1/device", "/api/v1/claim", "/api/v1/sync"}
