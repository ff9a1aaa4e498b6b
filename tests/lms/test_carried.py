"""Answers that somebody carried to where there is a network, in a file that only the server can read."""

import base64
import gzip
import json
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from lms import carried, limits, phones, seal
from lms.carried import Came
from lms.models.people import Device, Person
from lms.models.record import HeldLine, RecordLine
from tests.cast import NOON
from tests.lms.phone import HOUR, answered, batch, lesson, line, post, send

MODULE = Path(seal.__file__).parent / "static" / "lms" / "seal.mjs"


def made() -> str:
    """A token as a phone makes it for itself."""
    return secrets.token_hex(32)


def a_seal(token: str, *records: dict, device: dict | None = None, packed: bool = True) -> str:
    said = json.dumps({"token": token, "device": device, "records": records}).encode()
    return base64.b64encode(seal.close(gzip.compress(said) if packed else said)).decode()


def a_file(*seals: str) -> bytes:
    return "\n".join([carried.FIRST, *seals, ""]).encode()


# ── The seal ─────────────────────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_here_and_is_the_same(content):
    assert seal.open_sealed(seal.close(content)) == content


@given(st.data())
def test_a_seal_that_was_changed_anywhere_does_not_open(data):
    sealed = bytearray(seal.close(b"thirty thousand rupees"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))

    with pytest.raises(seal.NotSealed):
        seal.open_sealed(bytes(sealed))


@given(st.binary(max_size=200))
def test_what_is_no_seal_does_not_open(content):
    with pytest.raises(seal.NotSealed):
        seal.open_sealed(content)


def test_a_new_key_goes_in_front_and_what_was_sealed_to_the_old_one_still_opens(settings):
    settings.SEAL_KEYS = ["old"]
    before = seal.close(b"before")

    settings.SEAL_KEYS = ["new", "old"]

    assert seal.open_sealed(before) == b"before"
    assert seal.open_sealed(seal.close(b"after")) == b"after"
    settings.SEAL_KEYS = ["new"]
    with pytest.raises(seal.NotSealed):
        seal.open_sealed(before)


def test_a_phone_seals_as_the_server_opens():
    node = shutil.which("node") or shutil.which("nodejs")
    assert node
    call = f"sealed('دودھ, milk', '{seal.public()}')"
    script = f"import('{MODULE}').then(({{ sealed }}) => {call}).then(console.log)"

    run = subprocess.run([node, "-e", script], capture_output=True, text=True, timeout=60, check=True)

    said = seal.open_sealed(seal.from_text(run.stdout.strip()))
    assert gzip.decompress(said).decode() == "دودھ, milk"


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(amina):
    """Of Amina, who agreed to be remembered."""
    return phones.issue(amina, now=NOON - HOUR)


@pytest.mark.parametrize("packed", [True, False])
def test_what_was_carried_is_in_the_record_of_whoever_did_it(amina, phone, packed):
    one = lesson()
    device, token = phone

    came = carried.take(a_file(a_seal(token, line(one), answered(one), packed=packed)), now=NOON)

    assert came == Came(new=2)
    assert set(RecordLine.objects.values_list("person", "device")) == {(amina.pk, device.pk)}


def test_carried_twice_and_sent_besides_is_once(amina, phone):
    one = lesson()
    device, token = phone
    lines = [line(one), answered(one)]
    file = a_file(a_seal(token, *lines))
    assert send(amina, device, lines[0]) == ["kept"]

    assert carried.take(file, now=NOON) == Came(new=1, known=1)
    assert carried.take(file, now=NOON) == Came(known=2)
    assert send(amina, device, *lines) == ["known", "known"]

    assert RecordLine.objects.count() == 2


def test_the_clock_of_whoever_carries_it_says_nothing_about_when_it_was_done(phone):
    one = lesson()
    _, token = phone
    did = answered(one, at=NOON - 5 * HOUR)

    carried.take(a_file(a_seal(token, did)), now=NOON)

    assert RecordLine.objects.get().happened_at == NOON - 5 * HOUR


def test_a_phone_that_never_had_a_network_is_known_by_the_token_it_made(client):
    one, token = lesson(), made()
    told = {"locale": "ur", "time_zone": "Asia/Karachi"}
    first, second = line(one), answered(one)

    assert carried.take(a_file(a_seal(token, first, device=told)), now=NOON) == Came(new=1)
    assert post(client, "device", {**told, "token": token}).json() == {"token": token}
    answer = post(client, "sync", batch(first, second), token=token).json()

    assert [result["s"] for result in answer["results"]] == ["known", "held"]  # nobody has said yes yet
    guest = Person.objects.get(pk=Device.objects.get().person_id)
    assert (guest.reads, guest.time_zone) == ("ur", "Asia/Karachi")
    assert HeldLine.objects.filter(person=guest).count() == 2


def test_asked_first_and_carried_later_is_one_phone_too(client):
    one, token = lesson(), made()
    post(client, "device", {"token": token})

    carried.take(a_file(a_seal(token, line(one), device={})), now=NOON)

    assert Device.objects.count() == Person.objects.count() == 1


def test_what_cannot_be_taken_is_counted_and_does_not_stop_the_rest(amina, phone):
    one = lesson()
    _, token = phone
    gone, lost = phones.issue(amina, now=NOON - HOUR)
    phones.revoke(amina, gone.pk, now=NOON - HOUR)
    file = a_file(
        a_seal(lost, line(one)),
        a_seal(made(), line(one)),
        a_seal(token, line(one), {**line(one), "seq": "x"}),
    )

    assert carried.take(file, now=NOON) == Came(new=1, refused=3)


@pytest.mark.parametrize(
    "file",
    [
        b"", b"Hamrah 1", b"Hamrah 1\n", b"Hamrah 2\nAAAA", b"\xff\xfe", b"Hamrah 1\nAAAA\n",
        b"Hamrah 1\n%%\n", "ہمراہ".encode(), b"\x00" * 100,
    ],
)  # fmt: skip
def test_what_is_no_file_of_ours_is_said_to_be_none(file):
    with pytest.raises(carried.NotCarried):
        carried.take(file, now=NOON)


@pytest.mark.parametrize(
    "said",
    [
        b"no JSON", b"[]", b'{"token": "short", "records": []}', gzip.compress(b" " * 300_000),
        b"\x1f\x8b broken", json.dumps({"token": "t" * 43, "records": [{}] * 201}).encode(),
    ],
)  # fmt: skip
def test_a_seal_that_holds_something_else_takes_nothing_of_the_file(phone, said):
    one = lesson()
    _, token = phone
    strange = base64.b64encode(seal.close(said)).decode()

    with pytest.raises(carried.NotCarried):
        carried.take(a_file(a_seal(token, line(one)), strange), now=NOON)

    assert not RecordLine.objects.exists()


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────


def upload(client, *files: bytes, reads: str = "en"):
    carried_files = [SimpleUploadedFile(f"answers-{n}.txt", file) for n, file in enumerate(files)]
    return client.post(f"/{reads}/carry/", {"carried": carried_files})


@pytest.mark.parametrize("reads", ["ur", "en", "de"])
def test_whoever_carries_it_hears_how_much_came_and_nothing_of_whose_it_is(client, amina, phone, reads):
    one = lesson()
    _, token = phone

    answer = upload(client, a_file(a_seal(token, line(one), answered(one))), reads=reads)

    assert answer.status_code == 200
    assert "2" in answer.content.decode()
    assert amina.name not in answer.content.decode()
    assert answer.headers["Cache-Control"].startswith("max-age=0")


def test_two_files_at_once_are_counted_together_though_one_is_broken(client, phone):
    one = lesson()
    _, token = phone

    answer = upload(client, a_file(a_seal(token, line(one))), b"not ours")

    assert answer.status_code == 422
    said = answer.content.decode()
    assert "1 step has come" in said
    assert "One of these files holds no answers" in said


def test_more_files_than_are_taken_at_once_are_said_to_be_too_many_and_none_is_dropped(client, phone):
    one = lesson()
    _, token = phone

    answer = upload(client, *[a_file(a_seal(token, line(one)))] * 31)

    assert answer.status_code == 422
    assert "thirty files at most" in answer.content.decode()
    assert not RecordLine.objects.exists()


def test_files_make_no_more_guests_than_phones_do(client, monkeypatch):
    one = lesson()
    monkeypatch.setattr(limits, "GUESTS_AN_HOUR", 1)

    answer = upload(client, a_file(*(a_seal(made(), line(one), device={}) for _ in range(3))))

    assert Person.objects.count() == 1
    assert "2 could not be taken" in answer.content.decode()


def test_without_a_file_it_asks_for_one(client):
    answer = client.post("/en/carry/", {})

    assert answer.status_code == 422
    assert "Please choose the file" in answer.content.decode()


def test_a_file_that_is_too_large_is_not_read(client, monkeypatch):
    monkeypatch.setattr(carried, "MOST_BYTES", 100)

    answer = upload(client, b"Hamrah 1\n" + b"A" * 200)

    assert answer.status_code == 422
