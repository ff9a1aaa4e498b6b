"""Two who walk together write to each other; one may stop it, and one may ask for help."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from courses.spelling import shown
from lms import consent, privacy, programmes
from media import sound
from mentors import access, bonds, messages
from mentors.models.bonds import Bond, Look
from mentors.models.messages import Message, ReportedMessage, Side
from tests.cast import NOON, _learner, _staff
from tests.inside import come_in
from tests.lms.conftest import many_at_once  # noqa: F401 - threads that see one database
from tests.lms.phone import at_once
from tests.media.stuff import tone

OWN = "/en/mine/coach/messages/"
JSON = {"accept": "application/json"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def time(time_machine):
    time_machine.move_to(NOON + DAY, tick=False)
    return time_machine


@pytest.fixture
def huma(home_programme):
    return _staff(home_programme, "huma", "safeguarding")


@pytest.fixture
def hers(amina):
    return come_in(amina)


@pytest.fixture
def his(amina, bilal):
    return come_in(bilal)


@pytest.fixture
def desk(amina):
    return f"/desk/people/{amina.pk}/messages/"


def voice(seconds: float = 1, name: str = "told.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, tone(seconds, before=0.2, after=0.2))


def form(text: str = "", **more) -> dict:
    return {"uid": str(uuid.uuid4()), "text": text} | more


def say(bond: Bond, side: Side, text: str = "Salaam", **said) -> Message:
    return messages.send(bond, side, uuid.uuid4(), messages.Said(text, **said), now=NOON)


def bond_of(person) -> Bond:
    return Bond.objects.get(person=person)


def on_disk() -> list[str]:
    folder = Path(default_storage.path("messages"))
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


# ── The two ──────────────────────────────────────────────────────────────────────────────────────────────


def test_amina_writes_bilal_reads_and_answers(hers, his, desk):
    answer = hers.post(OWN, form("The calf drinks."))
    assert answer["Location"] == f"{OWN}#last"

    assert "The calf drinks." in his.get(desk).text
    assert his.post(desk, form("Very good!"))["Location"] == f"{desk}#last"

    page = hers.get(OWN).text
    assert page.index("The calf drinks.") < page.index("Very good!")
    assert [(one.side, one.text) for one in Message.objects.order_by("pk")] == [
        ("person", "The calf drinks."),
        ("coach", "Very good!"),
    ]


def test_before_the_first_message_both_read_who_can_see_it(hers, his, desk):
    for page in (hers.get(OWN).text, his.get(desk).text):
        assert re.search(r"<details[^>]* open>", page)
        assert "Only you two read what is written here." in page
        assert "They read only what one of you reports, and up to ten messages before it." in page

    hers.post(OWN, form("Salaam"))

    page = hers.get(OWN).text
    assert "Who can see this?" in page
    assert not re.search(r"<details[^>]* open>", page)


def test_a_second_tap_is_no_second_message(hers, his, desk):
    twice = form("Salaam")
    for _ in range(2):
        assert hers.post(OWN, twice).status_code == 302
    spoken = form()
    for _ in range(2):
        assert his.post(desk, spoken | {"recording": voice()}).status_code == 302

    assert Message.objects.count() == 2
    assert len(on_disk()) == 1


def test_a_form_that_was_used_for_something_else_loses_nothing(hers, his, desk):
    once = form("Salaam")
    hers.post(OWN, once)

    other = hers.post(OWN, once | {"text": "How are you?"})
    anothers = his.post(desk, once)
    asked = hers.post(OWN, once | {"text": "How are you?"}, headers=JSON)

    assert (other.status_code, anothers.status_code, asked.status_code) == (422, 422, 422)
    assert "How are you?" in other.text
    assert Message.objects.count() == 1
    assert hers.post(OWN, {"uid": asked.json()["uid"], "text": "How are you?"}).status_code == 302
    assert Message.objects.count() == 2


def test_taps_in_the_same_moment_are_one_message_and_all_others_follow_each_other(
    many_at_once,  # noqa: F811
    amina,
    gul,
):
    once, outcomes = uuid.uuid4(), []

    def send(person, form, text):
        try:
            messages.send(bond_of(person), Side.PERSON, form, messages.Said(text), now=NOON)
        except messages.UsedForm:
            outcomes.append("used")

    at_once(
        *[lambda: send(amina, once, "Salaam")] * 3,
        *[lambda: send(gul, once, "Salaam")] * 2,
        *[lambda n=n: send(amina, uuid.uuid4(), f"{n}") for n in range(4)],
    )

    assert Message.objects.count() == 5
    assert Message.objects.filter(uid=once).count() == 1
    assert outcomes in (["used"] * 2, ["used"] * 3)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Please speak, or write a few words."),
        ({"text": " \r\n "}, "Please speak, or write a few words."),
        ({"text": "\u202e"}, "Please speak, or write a few words."),
        ({"text": "a" * 501}, "This is longer than 500 letters."),
        ({"text": "Keep this", "uid": "not a form"}, "send this once more"),
        ({"text": "Keep this", "recording": voice(62)}, "This is longer than one minute."),
        (
            {"text": "Keep this", "recording": SimpleUploadedFile("told.wav", b"")},
            "We cannot hear this file.",
        ),
        (
            {"text": "Keep this", "recording": SimpleUploadedFile("told.wav", b"no")},
            "We cannot hear this file.",
        ),
        (
            {"text": "Keep this", "recording": SimpleUploadedFile("told.exe", b"no")},
            "We cannot hear this file.",
        ),
        (
            {"text": "Keep this", "recording": SimpleUploadedFile("told.wav", tone(2, loud=0))},
            "We hear nothing in this recording.",
        ),
        (
            {"recording": SimpleUploadedFile("told.wav", b"0" * (5 * 1024 * 1024 + 1))},
            "This recording is too large.",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_and_nothing_that_was_typed_is_lost(hers, said, sentence):
    answer = hers.post(OWN, form() | said)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert said.get("text", "").strip() in answer.text
    assert not Message.objects.exists()
    fresh = re.search(r'name="uid" value="([^"]+)"', answer.text)[1]
    assert hers.post(OWN, {"uid": fresh, "text": "Salaam"}).status_code == 302


def test_five_hundred_letters_fit_with_the_ends_of_lines_as_browsers_send_them(hers):
    assert hers.post(OWN, form("a" * 249 + "\r\n" + "b" * 250)).status_code == 302
    assert len(Message.objects.get().text) == 500


def test_what_somebody_writes_turns_no_line_around_and_runs_nowhere(hers, his, desk):
    hers.post(OWN, form("<script>alert(1)</script>\n\u202eSalaam\u2066 Bilal"))

    page = his.get(desk).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>Salaam Bilal" in page
    assert 'dir="auto"' in page


@given(st.text(max_size=520))
def test_what_is_kept_of_any_text_fits_and_is_itself_again(text):
    once = shown(text)

    assert shown(once) == once
    assert not any(sign in once for sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u0000")


def test_much_in_one_hour_is_asked_to_come_later_and_nothing_is_lost(hers, monkeypatch):
    monkeypatch.setattr(messages, "AN_HOUR", 2)
    for _ in range(2):
        assert hers.post(OWN, form("Salaam")).status_code == 302

    answer = hers.post(OWN, form("One more"))

    assert answer.status_code == 429
    assert "You have written much in one hour." in answer.text
    assert "One more" in answer.text
    assert Message.objects.count() == 2


def test_a_script_is_told_in_sentences(hers):
    assert hers.post(OWN, form("Salaam"), headers=JSON).json() == {"next": OWN}
    answer = hers.post(OWN, form(), headers=JSON)
    assert (answer.status_code, answer.json()["sentences"]) == (422, ["Please speak, or write a few words."])


# ── Voices ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_voice_note_is_made_small_and_heard_by_the_two_alone(
    hers, his, desk, farid, huma, sana, home_programme, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        hers.post(OWN, form(recording=voice()))

    message = Message.objects.get()
    assert (message.sound, message.seconds, on_disk()) == ("ready", 1, [f"{message.uid.hex}.mp3"])
    assert not list(Path(settings.PUBLISHED_ROOT).rglob("*.mp3"))
    sounds = f"{message.uid}/sound/"
    for browser, address in ((hers, OWN + sounds), (his, desk + sounds)):
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
        assert answer["Cache-Control"].startswith("private, no-store")
        assert browser.get(address, headers={"range": "bytes=0-9"}).status_code == 206
    assert come_in(farid).get(OWN + sounds).status_code == 404
    for stranger in (huma, sana):
        assert come_in(stranger).get(desk + sounds).status_code == 404


def test_before_it_is_small_a_voice_note_plays_as_it_came_if_a_browser_can(hers, amina):
    say(bond_of(amina), Side.COACH, "", voice=voice(name="told.ogg"))
    assert "<audio" in hers.get(OWN).text

    say(bond_of(amina), Side.COACH, "", voice=voice(name="told.amr"))
    assert "The voice note is still being made small." in hers.get(OWN).text
    last = Message.objects.latest("pk")
    assert hers.get(f"{OWN}{last.uid}/sound/").status_code == 404


def test_what_a_lost_task_left_behind_is_done_with_the_next_tick(amina, time):
    say(bond_of(amina), Side.PERSON, "", voice=voice())
    assert Message.objects.get().sound == "waiting"

    call_command("tick")

    assert Message.objects.get().sound == "ready"


def test_without_ffmpeg_a_voice_note_is_kept_as_it_came(
    hers, monkeypatch, django_capture_on_commit_callbacks
):
    def none() -> str:
        raise sound.NoFfmpeg(sound.NO_FFMPEG)

    monkeypatch.setattr(sound, "find_ffmpeg", none)
    with django_capture_on_commit_callbacks(execute=True):
        assert hers.post(OWN, form(recording=voice())).status_code == 302

    assert (Message.objects.get().sound, len(on_disk())) == ("failed", 1)


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────


def test_for_strangers_there_is_no_such_page(
    amina, bilal, farid, gul, sana, tariq, huma, home_programme, desk
):
    say(bond_of(amina), Side.PERSON)
    other = _staff(home_programme, "maryam", "coach")

    for somebody in (farid, gul):
        assert come_in(somebody).get(OWN).status_code == 404
        assert come_in(somebody).post(OWN, form("Salaam")).status_code == 404
    for staff in (other, sana, tariq, huma):
        assert come_in(staff).get(desk).status_code == 404
        assert come_in(staff).post(desk, form("Salaam")).status_code == 404
    assert come_in(bilal).get(f"/desk/people/{gul.pk}/messages/").status_code == 404
    assert come_in().get(OWN).status_code == come_in().get(desk).status_code == 302
    assert Message.objects.count() == 1


def test_who_found_a_card_reads_no_messages(amina, hers):
    session = hers.session
    session["courses_only"] = NOON.isoformat()
    session.save()

    assert hers.get(OWN).status_code == hers.post(OWN, form("Salaam")).status_code == 403
    assert not Message.objects.exists()


def test_when_they_part_she_may_read_and_nobody_writes_and_he_sees_nothing(amina, hers, his, desk):
    say(bond_of(amina), Side.COACH, "Good luck!")
    bonds.end(bond_of(amina), at=NOON + DAY)

    page = hers.get(OWN)
    assert "Good luck!" in page.text
    assert "nobody writes any more" in page.text
    assert f'href="{OWN}#last"' in hers.get("/en/mine/coach/").text
    answer = hers.post(OWN, form("Thank you!"))
    assert (answer.status_code, "Thank you!" in answer.text) == (422, True)
    assert "It was not sent: the two of you do not walk together now." in answer.text
    assert his.get(desk).status_code == his.post(desk, form("Salaam")).status_code == 404
    assert Message.objects.count() == 1


@pytest.mark.parametrize("how", ["takes her yes back", "leaves the programme", "he coaches no more"])
def test_with_the_next_request_he_sees_nothing_more(amina, bilal, hers, his, desk, how):
    say(bond_of(amina), Side.PERSON, "For you alone")
    if how == "takes her yes back":
        consent.answer(amina, "coach", "no", at=NOON, locale="ur")
    else:
        who = {"person": amina} if how == "leaves the programme" else {"staff": bilal}
        programmes.leave(access._here(**who).get(), at=NOON)

    assert his.get(desk).status_code == 404
    assert his.post(desk, form("Salaam")).status_code == 404
    assert "For you alone" in hers.get(OWN).text
    assert hers.post(OWN, form("Salaam")).status_code == 422


def test_with_a_new_coach_she_begins_anew(amina, bilal, hers, home_programme):
    say(bond_of(amina), Side.COACH, "From Bilal")
    bonds.end(bond_of(amina), at=NOON)
    maryam = _staff(home_programme, "maryam", "coach")
    bonds.begin(maryam, amina, home_programme, at=NOON + timedelta(hours=1))

    assert "From Bilal" not in hers.get(OWN).text
    hers.post(OWN, form("Salaam Maryam"))
    assert "Salaam Maryam" in come_in(maryam).get(f"/desk/people/{amina.pk}/messages/").text
    assert "From Bilal" not in come_in(maryam).get(f"/desk/people/{amina.pk}/messages/").text


def test_a_message_that_came_while_they_parted_is_not_kept(amina):
    bond = bond_of(amina)
    bonds.end(Bond.objects.get(pk=bond.pk), at=NOON)

    with pytest.raises(messages.Closed):
        say(bond, Side.PERSON)


# ── Something new ────────────────────────────────────────────────────────────────────────────────────────


def test_something_new_is_told_quietly_until_it_was_seen(amina, hers, his, desk):
    assert "Something new for you" not in hers.get("/en/mine/").text
    say(bond_of(amina), Side.COACH, "Sell the calf")

    for page in ("/en/mine/", "/en/mine/coach/"):
        text = hers.get(page).text
        assert "Something new for you" in text
        assert "Sell the calf" not in text
    assert "bilal" not in hers.get("/en/mine/").text
    assert hers.head(OWN).status_code == 200
    assert messages.waits_for(amina)
    hers.get(OWN)
    assert "Something new for you" not in hers.get("/en/mine/").text


def test_bilal_sees_on_his_board_who_wrote_and_amina_never_learns_what_he_read(amina, hers, his, desk):
    hers.post(OWN, form("One"))
    hers.post(OWN, form("Two"))
    before = hers.get(OWN).text

    assert "2 new messages" in his.get("/desk/").text
    assert "2 new messages" in his.get(f"/desk/people/{amina.pk}/").text
    his.get(desk)
    assert "new message" not in his.get("/desk/").text
    strip = re.compile(r'csrf[^>]*>|value="[^"]*"|content="[^"]*"')
    assert strip.sub("", hers.get(OWN).text) == strip.sub("", before)
    assert not Look.objects.filter(person=amina, what="messages").exists()
    [row] = privacy.export(amina)["held"]["mentors.Bond"]["rows"]
    assert {"coach_read", "coach_paused_at"} & set(row) == set()


def test_nobodys_own_message_is_new_to_them(amina, hers, his):
    say(bond_of(amina), Side.PERSON)
    assert not messages.waits_for(amina)
    assert "new message" in his.get("/desk/").text


def test_the_newest_thirty_stand_there_and_the_others_before_them(amina, hers):
    for n in range(65):
        say(bond_of(amina), Side.COACH, f"Message {n:02}.")

    def shown_at(address: str) -> list[int]:
        return [int(n) for n in re.findall(r"Message (\d\d)\.", hers.get(address).text)]

    assert shown_at(OWN) == list(range(35, 65))
    earlier = re.search(r'href="([^"]+\?before=\d+)"', hers.get(OWN).text)[1]
    assert shown_at(earlier) == list(range(5, 35))
    earlier = re.search(r'href="([^"]+\?before=\d+)"', hers.get(earlier).text)[1]
    assert shown_at(earlier) == list(range(5))
    assert "?before=" not in hers.get(earlier).text
    for odd in ("x", "-1", "9" * 30, "%D9%A3"):
        assert hers.get(f"{OWN}?before={odd}").status_code == 200


@pytest.mark.parametrize("who", ["hers", "his"])
def test_a_page_asks_as_often_for_thirty_messages_as_for_one(
    request, who, amina, desk, django_assert_max_num_queries
):
    browser, address = request.getfixturevalue(who), OWN if who == "hers" else desk
    counts = []
    for many in (1, 40):
        for _ in range(many):
            say(bond_of(amina), Side.COACH)
            last = say(bond_of(amina), Side.PERSON)
        messages.report(last, Side.COACH, now=NOON)
        with django_assert_max_num_queries(40) as asked:
            assert browser.get(address).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]


# ── To stop ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("first", ["hers", "his"])
def test_either_stops_it_with_one_button_and_the_other_reads_only_that_it_is_paused(
    request, first, amina, hers, his, desk
):
    pages = {"hers": (hers, OWN), "his": (his, desk)}
    mine, here = pages.pop(first)
    other, there = next(iter(pages.values()))

    for _ in range(2):
        mine.post(here, {"act": "pause"})

    assert "You paused the messages." in mine.get(here).text
    page = other.get(there).text
    assert "Messages are paused." in page
    assert "You paused" not in page
    assert "data-message" not in page
    for browser, address in ((mine, here), (other, there)):
        answer = browser.post(address, form("Are you there?"))
        assert (answer.status_code, "Are you there?" in answer.text) == (422, True)
    other.post(there, {"act": "go-on"})
    assert "Messages are paused." in other.get(there).text
    assert bond_of(amina).ended_at is None

    mine.post(here, {"act": "go-on"})
    assert other.post(there, form("There you are")).status_code == 302


def test_what_both_stopped_goes_on_when_both_want_it(amina, hers, his, desk):
    hers.post(OWN, {"act": "pause"})
    his.post(desk, {"act": "pause"})
    hers.post(OWN, {"act": "go-on"})

    assert "Messages are paused." in hers.get(OWN).text
    his.post(desk, {"act": "go-on"})
    assert hers.post(OWN, form("Salaam")).status_code == 302


# ── To ask for help ──────────────────────────────────────────────────────────────────────────────────────


def report(browser, address: str, message: Message):
    asked = browser.get(f"{address}?report={message.uid}")
    assert "They read this message, and up to ten before it." in asked.text
    return browser.post(address, {"act": "report", "message": message.uid}, follow=True)


def safe_room(lead, programme, **said):
    browser, address = come_in(lead), f"/desk/safeguarding/{programme.pk}/"
    return browser.post(address, said, follow=True) if said else browser.get(address)


def test_amina_reports_a_message_and_huma_alone_reads_it_with_ten_before_it(
    amina, bilal, tariq, huma, home_programme, hers, his, desk
):
    for n in range(15):
        say(bond_of(amina), Side.COACH if n % 2 else Side.PERSON, f"Word {n:02}.")
    bad = Message.objects.get(text="Word 13.")

    answer = report(hers, OWN, bad)

    assert "Thank you. The safeguarding lead of the programme reads it." in answer.text
    told = ReportedMessage.objects.get()
    assert (told.message, told.side, told.person) == (bad, "person", amina)
    assert "1 reported message waits for you" in come_in(huma).get("/desk/").text
    room = safe_room(huma, home_programme).text
    assert "The person reported it" in room
    assert "Word" not in room
    page = come_in(huma).get(f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/")
    assert re.findall(r"Word (\d\d)\.", page.text) == [f"{n:02}" for n in range(3, 14)]
    assert "no-store" in page["Cache-Control"]
    assert "Reported" not in his.get(desk).text.replace("Report these", "")
    for stranger in (bilal, tariq):
        assert (
            come_in(stranger).get(f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/").status_code
            == 404
        )


def test_each_look_of_huma_at_what_was_written_is_noted_and_can_be_read(amina, huma, home_programme, hers):
    message = say(bond_of(amina), Side.COACH)
    told = messages.report(message, Side.PERSON, now=NOON)
    page = f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/"

    for _ in range(2):
        come_in(huma).get(page)

    assert Look.objects.filter(by=huma, person=amina, what="messages").count() == 2
    assert "read messages, to make sure that they are safe" in hers.get("/en/mine/looks/").text


def test_bilal_may_report_as_well_and_her_copy_does_not_say_that_it_was_he(
    amina, huma, home_programme, his, desk
):
    message = say(bond_of(amina), Side.PERSON, "Give me money")
    report(his, desk, message)
    report(his, desk, message)

    assert ReportedMessage.objects.count() == 1
    assert "The coach reported it" in safe_room(huma, home_programme).text
    [row] = privacy.export(amina)["held"]["mentors.ReportedMessage"]["rows"]
    assert "side" not in row


def test_a_reported_voice_is_heard_by_huma_and_what_was_not_reported_is_not(
    amina, huma, home_programme, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        bad = say(bond_of(amina), Side.COACH, "", voice=voice())
        later = say(bond_of(amina), Side.COACH, "", voice=voice())
    told = messages.report(bad, Side.PERSON, now=NOON)
    page = f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/"
    browser = come_in(huma)

    answer = browser.get(f"{page}{bad.uid}/sound/")
    assert (answer.status_code, answer["Cache-Control"][:17]) == (200, "private, no-store")
    assert browser.get(f"{page}{later.uid}/sound/").status_code == 404
    assert browser.get(f"{page}{uuid.uuid4()}/sound/").status_code == 404


def test_huma_takes_care_of_it_once_and_it_waits_no_more(amina, huma, home_programme):
    told = messages.report(say(bond_of(amina), Side.COACH), Side.PERSON, now=NOON)

    for _ in range(2):
        answer = safe_room(huma, home_programme, act="heard-report", told=told.pk, person=amina.pk)
        assert answer.status_code == 200

    told.refresh_from_db()
    assert (told.heard_by, messages.waiting_in(home_programme)) == (huma, 0)
    assert "in the hands of" in safe_room(huma, home_programme).text


def test_what_was_reported_in_another_programme_is_not_humas(
    amina, farid, bilal, huma, home_programme, other_programme
):
    bond = Bond.objects.create(coach=bilal, person=farid, programme=other_programme, began_at=NOON)
    told = messages.report(say(bond, Side.COACH, "Elsewhere"), Side.PERSON, now=NOON)

    page = come_in(huma).get(f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/")
    heard = safe_room(huma, home_programme, act="heard-report", told=told.pk)

    assert (page.status_code, heard.status_code) == (404, 422)
    told.refresh_from_db()
    assert told.heard_at is None


def test_nobody_reports_what_two_others_wrote(amina, gul, hers):
    others = say(bond_of(gul), Side.COACH)

    assert hers.get(f"{OWN}?report={others.uid}").status_code == 404
    assert hers.get(f"{OWN}?report=x").status_code == 404
    assert hers.post(OWN, {"act": "report", "message": others.uid}).status_code == 404
    assert not ReportedMessage.objects.exists()


def test_huma_sees_that_people_write_how_often_and_who_paused_it_and_nothing_of_it(
    amina, bilal, huma, home_programme, hers
):
    for _ in range(3):
        say(bond_of(amina), Side.PERSON, "For Bilal alone")
    hers.post(OWN, {"act": "pause"})
    browser, room = come_in(huma), f"/desk/safeguarding/{home_programme.pk}/"

    page = browser.get(room)
    person = browser.get(f"{room}?person={amina.pk}")

    assert (page.context["numbers"].pairs, page.context["numbers"].lately) == (1, 3)
    assert "The person paused it" in page.text
    assert "3 messages with" in person.text
    assert "For Bilal alone" not in page.text + person.text
    assert Look.objects.filter(by=huma, person=amina, what="safe").count() == 2


# ── What is kept ─────────────────────────────────────────────────────────────────────────────────────────


def test_no_cache_keeps_a_page_of_theirs(hers, his, desk, amina):
    message = say(bond_of(amina), Side.COACH)
    for browser, address in ((hers, OWN), (his, desk)):
        for page in (address, f"{address}?report={message.uid}"):
            said = set(re.split(r",\s*", browser.get(page)["Cache-Control"]))
            assert {"no-store", "private"} <= said


def test_words_and_voices_go_half_a_year_after_the_two_parted(
    amina, time, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        message = say(bond_of(amina), Side.COACH, "Salaam", voice=voice())
    messages.report(message, Side.PERSON, now=NOON)
    bonds.end(bond_of(amina), at=NOON + DAY)

    time.move_to(NOON + timedelta(days=182))
    call_command("tick")
    assert (Message.objects.count(), len(on_disk())) == (1, 1)
    time.move_to(NOON + timedelta(days=184))
    call_command("tick")

    assert (Message.objects.count(), on_disk()) == (0, [])
    assert ReportedMessage.objects.get().message is None


def test_the_page_of_a_report_stays_when_its_messages_are_gone(amina, huma, home_programme):
    told = messages.report(say(bond_of(amina), Side.COACH), Side.PERSON, now=NOON)
    Message.objects.all().delete()

    page = come_in(huma).get(f"/desk/safeguarding/{home_programme.pk}/reported/{told.pk}/")

    assert "These messages are gone by now." in page.text


def test_with_amina_go_their_words_and_voices_and_before_it_she_may_take_them_along(
    amina, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        message = say(bond_of(amina), Side.COACH, "Salaam", voice=voice())
    messages.report(message, Side.PERSON, now=NOON)
    [row] = privacy.export(amina)["held"]["mentors.Message"]["rows"]
    assert (row["text"], row["side"]) == ("Salaam", "coach")

    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(amina, now=NOON)

    assert (Message.objects.count(), ReportedMessage.objects.count(), on_disk()) == (0, 0, [])


def test_a_person_of_another_coach_is_not_in_the_way(amina, gul, home_programme):
    """Bilal's marks are by bond: what one wrote is not new because of another."""
    zara = _learner(home_programme, "Zara", "+923001230001", said={"coach": "yes"})
    bond = bonds.begin(bond_of(amina).coach, zara, home_programme, at=NOON)
    say(bond_of(amina), Side.PERSON)
    last = say(bond, Side.PERSON)
    messages.read(bond, Side.COACH, last)

    assert messages.waiting_for_coach([bond_of(amina), bond]) == {bond_of(amina).pk: 1}
