import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lms import cards, phones, signin
from lms.models.people import Device, KeyCard, WayIn
from tests.cast import NOON
from tests.lms.ways import NEW, ask, code_for, come_in, come_in_by_card, prove

SHUT = ["mine/card/", "mine/phones/", "mine/consent/", "mine/consent/record/", "mine/data/"]
OPEN = ["mine/", "mine/number/", "mine/voice/", "start/"]


def test_a_card_opens_once(amina):
    code = cards.issue(amina, now=NOON)

    assert cards.open_with(code, now=NOON) == amina
    with pytest.raises(cards.UsedCard):
        cards.open_with(code, now=NOON)


def test_a_card_has_twelve_digits_that_are_kept_nowhere(amina):
    code = cards.issue(amina, now=NOON)

    assert re.fullmatch(r"\d{12}", code)
    assert "".join(cards.groups(code)) == code
    assert [len(group) for group in cards.groups(code)] == [4, 4, 4]
    assert code not in json.dumps(KeyCard.objects.values().get(), default=str)


def test_a_new_card_closes_the_old_one(amina):
    old, new = cards.issue(amina, now=NOON), cards.issue(amina, now=NOON)

    with pytest.raises(cards.UsedCard):
        cards.open_with(old, now=NOON)
    assert cards.open_with(new, now=NOON) == amina


@pytest.mark.parametrize("typed", ["", "1234", "000000000000", "abc", "۱" * 12, "1" * 4000])
def test_what_is_on_no_card_opens_nothing(amina, typed):
    cards.issue(amina, now=NOON)

    with pytest.raises(cards.WrongCard):
        cards.open_with(typed, now=NOON)


def test_a_card_may_be_typed_with_spaces_and_in_any_script(amina):
    code = cards.issue(amina, now=NOON)
    in_urdu = " ".join(cards.groups(code)).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert cards.open_with(in_urdu, now=NOON) == amina


def test_the_address_carries_the_code_after_the_hash(settings):
    settings.SITE_ADDRESS = "https://lessons.example"

    assert cards.address("123456789012") == "https://lessons.example/k#123456789012"
    assert cards.qr("123456789012").startswith("<svg")
    assert "style=" not in cards.qr("123456789012")


def test_the_other_phones_are_told_in_neutral_words(client, amina):
    phone, _token = phones.issue(amina, now=NOON)
    come_in_by_card(client, amina)

    phone.refresh_from_db()
    assert phone.notice == "card-used"
    home = Client()
    come_in(home, amina)
    assert "Your key card was used on a phone" in home.get("/en/mine/").text
    assert "Your key card was used on a phone" not in client.get("/en/mine/").text


def test_a_notice_stays_until_it_was_read(client, amina):
    phones.issue(amina, now=NOON)
    signin.tell_phones(amina, "card-used")
    come_in(client, amina)
    client.get("/en/mine/phones/")

    assert "was used on a phone" in client.get("/en/mine/phones/").text
    client.post("/en/mine/phones/")
    assert "was used on a phone" not in client.get("/en/mine/phones/").text


def test_looking_at_the_page_makes_no_card(client, amina):
    come_in(client, amina)
    client.get("/en/mine/card/")

    assert not KeyCard.objects.exists()


def test_a_card_is_shown_once_with_its_qr(client, amina):
    come_in(client, amina)
    page = client.post("/en/mine/card/")
    groups = re.findall(r"<li>(\d{4})</li>", page.text)

    assert cards.open_with("".join(groups), now=timezone.now()) == amina
    assert "<svg" in page.text
    assert "".join(groups) not in client.get("/en/mine/card/").text


# ── What a card opens ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", SHUT)
def test_a_card_alone_opens_no_private_page_and_says_why(client, amina, page):
    come_in_by_card(client, amina)
    answer = client.get(f"/en/{page}")

    assert answer.status_code == 403
    assert "You came in with a key card" in answer.text


@pytest.mark.parametrize("page", OPEN)
def test_a_card_opens_lessons_and_what_belongs_to_them(client, amina, page):
    come_in_by_card(client, amina)

    assert client.get(f"/en/{page}").status_code == 200


def test_a_card_alone_takes_no_copy_and_makes_no_card(client, amina):
    come_in_by_card(client, amina)

    assert client.post("/en/mine/data/copy/").status_code == 403
    assert client.post("/en/mine/card/").status_code == 403
    assert client.post("/en/mine/consent/record/", {"answer": "no", "version": "1"}).status_code == 403


def test_somebody_who_knows_the_person_opens_the_rest(client, amina):
    come_in_by_card(client, amina)
    signin.confirm_phone(amina, now=timezone.now())

    assert client.get("/en/mine/phones/").status_code == 200


def test_what_was_confirmed_once_does_not_confirm_the_next_card(client, amina):
    signin.confirm_phone(amina, now=timezone.now() - timedelta(days=1))
    come_in_by_card(client, amina)

    assert client.get("/en/mine/phones/").status_code == 403


def test_a_card_then_a_new_number_and_the_old_one_stays(client, amina):
    come_in_by_card(client, amina)
    client.post("/en/mine/number/", {"number": NEW})
    answer = client.post("/en/mine/number/code/", {"code": code_for(NEW)})

    assert answer.headers["Location"] == "/en/mine/"
    ways = dict(WayIn.objects.filter(person=amina, ended_at=None).values_list("number", "courses_only"))
    assert ways == {"+923001234567": False, NEW: True}


def test_who_added_a_number_after_a_card_is_told_so_and_not_asked_again(client, amina):
    come_in_by_card(client, amina)
    assert "Add my new number" in client.get("/en/mine/").text

    client.post("/en/mine/number/", {"number": NEW})
    client.post("/en/mine/number/code/", {"code": code_for(NEW)})
    page = client.get("/en/mine/").text

    assert "Your new number is added." in page
    assert "Add my new number" not in page
    assert "No coach yet? Ask where you got the card." in page
    assert "Add my new number" not in client.get("/en/mine/phones/").text


def test_whoever_found_a_card_gains_no_more_through_a_number_of_their_own(client, amina):
    come_in_by_card(client, amina)
    client.post("/en/mine/number/", {"number": NEW})
    client.post("/en/mine/number/code/", {"code": code_for(NEW)})
    later = Client()
    WayIn.objects.update(last_used_at=timezone.now())
    ask(later, NEW)
    sent_again = signin.ask_for_code(NEW, locale="en", now=timezone.now() + timedelta(minutes=1))
    later.post("/en/start/code/", {"code": code_for(sent_again.number)})

    assert "Amina" in later.get("/en/mine/").text
    assert later.get("/en/mine/phones/").status_code == 403


def test_a_persons_own_old_number_opens_everything_again(client, amina):
    come_in_by_card(client, amina)
    WayIn.objects.update(last_used_at=timezone.now())
    client.post("/en/mine/number/", {"number": "03001234567"})
    client.post("/en/mine/number/code/", {"code": code_for("+923001234567")})

    assert client.get("/en/mine/phones/").status_code == 200


def test_a_number_of_another_place_is_added_without_a_word_and_opens_by_pin_only(client, amina, farid):
    come_in(client, amina)
    WayIn.objects.update(last_used_at=timezone.now())
    client.post("/en/mine/number/", {"number": "+923331112222"})
    answer = client.post("/en/mine/number/code/", {"code": code_for("+923331112222")})

    assert answer.headers["Location"] == "/en/mine/"
    assert "Farid" not in client.get("/en/mine/phones/").text
    assert signin.way_of("+923331112222").person == farid
    assert WayIn.objects.get(person=amina, number="+923331112222").with_pin


def test_a_quiet_number_and_the_card_of_its_place_belong_together(client, amina):
    WayIn.objects.update(last_used_at=timezone.now() - timedelta(days=100))
    prove(client, "+923001234567")
    come_in_by_card(client, amina)

    way = signin.way_of("+923001234567")
    assert not signin.is_quiet(way, now=timezone.now())
    assert way.courses_only
    assert client.get("/en/mine/phones/").status_code == 403


def test_one_s_own_card_on_an_open_phone_shuts_nothing(client, amina):
    come_in(client, amina)
    come_in_by_card(client, amina)

    assert client.get("/en/mine/phones/").status_code == 200


# ── At the door ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_short_address_works_without_javascript(client, amina):
    code = cards.issue(amina, now=NOON)
    page = client.get("/k")
    answer = client.post("/k", {"card": " ".join(cards.groups(code))})

    assert 'name="card"' in page.text
    assert answer.headers["Location"] == "/ur/mine/"


def test_a_wrong_card_is_answered_with_a_sentence(client, db):
    page = client.post("/en/start/card/", {"card": "1234 5678 9012"})

    assert page.status_code == 422
    assert "This card does not open" in page.text
    assert "1234 5678 9012" in page.text


def test_a_used_card_says_so_and_a_second_tap_leads_on(client, amina):
    code = cards.issue(amina, now=NOON)
    client.post("/en/start/card/", {"card": code})
    second = client.post("/en/start/card/", {"card": code})

    assert second.headers["Location"] == "/en/start/again/"
    assert client.get("/en/start/again/").headers["Location"] == "/en/mine/"
    stranger = Client()
    stranger.post("/en/start/card/", {"card": code})
    assert "This was used already" in stranger.get("/en/start/again/").text


def test_a_lost_card_is_replaced_and_then_worthless(client, amina):
    lost = cards.issue(amina, now=NOON)
    come_in(client, amina)
    client.post("/en/mine/card/")

    assert Client().post("/en/start/card/", {"card": lost}).headers["Location"] == "/en/start/again/"


def test_guessing_cards_soon_ends_with_a_kind_wait(client, amina, monkeypatch):
    monkeypatch.setattr("lms.limits.within", lambda what, whose, **more: False)
    page = client.post("/en/start/card/", {"card": cards.issue(amina, now=NOON)})

    assert page.status_code == 429
    assert "Please try again in a few minutes" in page.text
    assert KeyCard.objects.get().used_at is None


# ── Phones ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_lost_phone_is_closed_and_only_ones_own(client, amina, farid):
    mine, _token = phones.issue(amina, now=NOON, label="Nokia")
    other, _token = phones.issue(farid, now=NOON)
    come_in(client, amina)
    assert "Nokia" in client.get("/en/mine/phones/").text
    for phone in (mine, other):
        client.post("/en/mine/phones/", {"phone": str(phone.pk)})

    assert list(Device.objects.filter(pk__in=[mine.pk, other.pk], revoked_at=None)) == [other]
    assert client.post("/en/mine/phones/", {"phone": "no phone"}).status_code == 302


def test_the_day_a_phone_was_here_is_a_day_where_the_person_is(client, amina):
    come_in(client, amina)
    before_midnight = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # in Karachi it is one o'clock in the night
    phones.issue(amina, now=before_midnight, label="Nokia")

    assert "last here: 23 November 2026" in client.get("/en/mine/phones/").text


def test_the_phone_in_the_hand_is_named_and_whoever_closes_it_is_out(client, amina):
    other, _token = phones.issue(amina, now=NOON, label="Linux")
    come_in(client, amina)
    page = client.get("/en/mine/phones/")

    assert page.text.count("This phone. If you close it, you leave") == 1
    assert page.context["here"] != other
    client.post("/en/mine/phones/", {"phone": str(other.pk)})
    assert client.get("/en/mine/phones/").status_code == 200
    assert (
        client.post("/en/mine/phones/", {"phone": str(page.context["here"].pk)}).headers["Location"] == "/en/"
    )
    assert client.get("/en/mine/phones/").status_code == 302
