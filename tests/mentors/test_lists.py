"""Many people and coaches come from a list: looked through first, and nobody twice."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lms import privacy, programmes
from lms.models.people import KeyCard, Person, User, WayIn
from lms.models.programme import Membership
from lms.models.reception import Enrolment
from mentors import access, lists
from mentors.models.bonds import Look
from mentors.models.coaching import CoachProfile
from mentors.models.lists import ListKey, ListUpload
from tests.cast import NOON, _staff
from tests.inside import come_in

PEOPLE = "key,name,age,reads,number\n"
TWO = PEOPLE + "1,Zara,18+,ur,0300 1112233\n2,Hina,16-17,de,\n"
COACHES = "key,username,first name,gender,mother tongue,languages,district,comfortable,largest\n"
YUSUF = COACHES + "7,yusuf,Yusuf,man,pnb,ur de,Okara,2,4\n"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def page(home_programme) -> str:
    return f"/desk/lists/{home_programme.pk}/"


@pytest.fixture
def desk(tariq):
    return come_in(tariq)


def bring(desk, page, text: str | bytes, kind: str = "people"):
    """Choose a file and look through it."""
    content = text.encode() if isinstance(text, str) else text
    file = SimpleUploadedFile("list.csv", content, content_type="text/csv")
    answer = desk.post(page, {"act": "bring", "kind": kind, "list": file})
    return desk.get(page) if answer.status_code == 302 else answer


def take(desk, page, *lines: int, **otherwise):
    """All good lines, or these."""
    said = {"act": "chosen" if lines else "all", "list": ListUpload.objects.first().pk, "line": lines}
    return desk.post(page, said | otherwise)


def states(shown) -> list[str]:
    return [one.state for one in shown.context["page"]]


def troubles(text: str | bytes, kind: str = "people") -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    return [str(line.trouble) for line in lists.read(content, kind, country="PK").lines]


def refusal(content: bytes) -> str:
    with pytest.raises(lists.NotAList) as error:
        lists.read(content, "people", country="PK")
    return str(error.value)


# ── Who may come in ──────────────────────────────────────────────────────────────────────────────────────


def test_only_those_who_take_people_in_find_the_page(
    page, home_programme, other_programme, bilal, sana, tariq, amina
):
    stranger = _staff(other_programme, "rehan", "lead")
    coordinator = _staff(home_programme, "maria", "coordinator")

    for who in (bilal, sana, amina, stranger):
        for door in (page, f"/desk/lists/{uuid.uuid4()}/"):
            assert come_in(who).get(door).status_code == 404
            assert come_in(who).post(door, {"act": "all"}).status_code == 404
    assert [come_in(who).get(page).status_code for who in (tariq, coordinator)] == [200, 200]


def test_the_desk_leads_to_the_page(desk, page, bilal):
    assert f'href="{page}"' in desk.get("/desk/").text
    assert page not in come_in(bilal).get("/desk/").text


# ── Looked through first ─────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_looked_through_and_nobody_is_taken_in_yet(desk, page):
    shown = bring(desk, page, TWO + "3,,18+,ur,\n")

    assert states(shown) == ["new", "new", "error"]
    assert "Please write a name." in shown.text
    assert not Person.objects.exists()
    assert not ListKey.objects.exists()


def test_a_colleague_does_not_see_what_somebody_else_brought(desk, page, home_programme):
    bring(desk, page, TWO)
    other = come_in(_staff(home_programme, "maria", "coordinator"))

    assert "Zara" not in other.get(page).text
    answer = other.post(page, {"act": "all", "list": ListUpload.objects.get().pk})
    assert answer.status_code == 422
    assert not Person.objects.exists()


def test_a_list_goes_after_a_day_or_when_it_is_put_away(desk, page):
    bring(desk, page, TWO)
    privacy.expire(NOON + timedelta(days=2), real=True)
    assert not ListUpload.objects.exists()

    bring(desk, page, TWO)
    desk.post(page, {"act": "drop"})
    assert not ListUpload.objects.exists()


def test_the_next_list_takes_the_place_of_the_first(desk, page):
    bring(desk, page, TWO)
    desk.post(page, {"act": "drop"})
    bring(desk, page, TWO)
    bring(desk, page, PEOPLE + "9,Gita,18+,ur,\n")

    assert ListUpload.objects.count() == 1


def test_a_hundred_lines_stand_on_a_page_and_all_are_counted(desk, page):
    shown = bring(desk, page, PEOPLE + "".join(f"{n},P{n},18+,ur,\n" for n in range(250)) + "x,,,,\n")

    assert len(states(shown)) == 100
    assert dict(shown.context["counts"]) == {"new": 250, "changed": 0, "known": 0, "error": 1}
    assert states(desk.get(page, {"only": "error"})) == ["error"]
    assert len(states(desk.get(page, {"page": "3"}))) == 51


# ── Taken in ─────────────────────────────────────────────────────────────────────────────────────────────


def test_all_good_lines_are_taken_in_and_each_can_read_it(desk, page, tariq, home_programme):
    bring(desk, page, TWO + "3,,18+,ur,\n")
    shown = desk.get(take(desk, page)["Location"])

    people = Person.objects.order_by("name")
    assert [(one.name, one.age, one.reads, one.hears) for one in people] == [
        ("Hina", "16-17", "de", "de"), ("Zara", "18+", "ur", "ur"),
    ]  # fmt: skip
    assert set(access.learning_in(home_programme)) == {one.pk for one in people}
    assert Enrolment.objects.get(person__name="Zara").number == "+923001112233"
    assert set(Look.objects.values_list("by__username", "person__name", "what")) == {
        ("tariq", "Hina", "desk"), ("tariq", "Zara", "desk"),
    }  # fmt: skip
    assert "2 lines were taken in." in shown.text
    assert states(shown) == ["known", "known", "error"]


def test_only_the_chosen_lines_are_taken_in_and_never_a_wrong_one(desk, page):
    bring(desk, page, TWO + "3,,18+,ur,\n")
    take(desk, page, 3, 4, 99)

    assert [one.name for one in Person.objects.all()] == ["Hina"]
    assert take(desk, page, act="chosen").status_code == 422


def test_who_was_taken_in_gets_a_card_that_opens_their_place(desk, page, monkeypatch):
    drawn = []
    monkeypatch.setattr("lms.sheets.draw", lambda codes, **said: drawn.append((list(codes), said)) or b"%PDF")
    bring(desk, page, TWO + "3,,18+,ur,\n")
    upload = ListUpload.objects.get().pk
    assert desk.post(page, {"act": "cards", "list": upload}).status_code == 422
    take(desk, page, 2)

    answer = desk.post(page, {"act": "cards", "list": upload})

    assert answer["Content-Type"] == "application/pdf"
    [(codes, said)] = drawn
    assert said["keys"] == ["1"]
    phone = Client()
    phone.post("/k", {"card": codes[0]})
    assert "Zara" in phone.get("/en/mine/").text
    assert desk.post(page, {"act": "cards", "list": upload}).status_code == 422  # it was used
    take(desk, page, 3)
    Enrolment.objects.update(at=NOON - timedelta(hours=1))
    assert desk.post(page, {"act": "cards", "list": upload}).status_code == 422


def test_a_sheet_of_cards_has_the_keys_on_it(desk, page):
    bring(desk, page, PEOPLE + "".join(f"زارا {n},P{n},18+,ur,\n" for n in range(9)))
    take(desk, page)

    answer = desk.post(page, {"act": "cards", "list": ListUpload.objects.get().pk})

    assert answer.content.startswith(b"%PDF")
    assert answer.content.count(b"/Type /Page\n") == 2
    assert 'filename="key-cards.pdf"' in answer["Content-Disposition"]


def test_the_same_list_twice_makes_nobody_twice_whoever_brings_it(desk, page, home_programme):
    maria = come_in(_staff(home_programme, "maria", "coordinator"))
    bring(desk, page, TWO)
    bring(maria, page, TWO)
    first, second = ListUpload.objects.order_by("by__username")

    for browser, upload in ((maria, first), (desk, second), (desk, second), (maria, first)):
        browser.post(page, {"act": "all", "list": upload.pk})

    assert Person.objects.count() == ListKey.objects.count() == KeyCard.objects.count() == 2
    assert Look.objects.count() == 2


def test_two_who_press_at_once_make_one_person(tariq, home_programme):
    said = lists.read(TWO.encode(), "people", country="PK").lines[0].said
    from lms.reception import Said

    for _colleague in range(2):  # both saw the line as new
        access.take_in_listed(
            tariq, home_programme.pk, "1", uuid.uuid4(), Said(picture="", hears="ur", **said), now=NOON
        )

    assert Person.objects.count() == Look.objects.count() == 1


def test_the_same_key_in_another_programme_is_somebody_else(desk, page, tariq, other_programme):
    programmes.appoint(tariq, other_programme, "lead", at=NOON)
    for where in (page, f"/desk/lists/{other_programme.pk}/"):
        bring(desk, where, PEOPLE + "1,Zara,18+,ur,\n")
        upload = ListUpload.objects.order_by("at").last()
        desk.post(where, {"act": "all", "list": upload.pk})
        ListUpload.objects.all().delete()

    assert Person.objects.count() == 2


def test_what_a_list_corrects_holds_until_they_were_in_their_place(desk, page):
    bring(desk, page, TWO)
    take(desk, page)
    desk.post(page, {"act": "drop"})
    better = TWO.replace("Zara", "Zahra").replace("Hina", "Henna")
    User.objects.filter(person__name="Hina").update(last_login=NOON)

    assert states(bring(desk, page, better)) == ["changed", "known"]
    take(desk, page)

    assert set(Person.objects.values_list("name", flat=True)) == {"Zahra", "Hina"}
    assert states(desk.get(page)) == ["known", "known"]


def test_a_number_that_cannot_be_is_said(desk, page):
    shown = bring(desk, page, PEOPLE + "2,Hina,18+,ur,12\n3,Noor,18+,ur,+1 202 555 0123\n")

    assert states(shown) == ["error"] * 2
    assert {str(one.trouble) for one in shown.context["page"]} == {str(lists.NUMBER)}


def test_a_number_that_is_somebodys_way_in_is_taken_like_any_other_and_tells_nobody(desk, page, farid):
    assert states(bring(desk, page, PEOPLE + "1,Zara,18+,ur,0333 1112222\n")) == ["new"]
    take(desk, page)

    assert WayIn.objects.get(number="+923331112222").person == farid  # it opens nothing before it is proven


def test_five_hundred_are_taken_in_with_one_press_and_the_page_says_how_many_are_left(
    desk, page, monkeypatch
):
    monkeypatch.setattr("mentors.importing.AT_ONCE", 5)
    bring(desk, page, PEOPLE + "".join(f"{n},P{n},18+,ur,\n" for n in range(12)))

    shown = desk.get(take(desk, page)["Location"])
    assert "5 lines were taken in. 7 are left." in " ".join(shown.text.split())
    take(desk, page)
    shown = desk.get(take(desk, page)["Location"])

    assert Person.objects.count() == 12
    assert "left" not in shown.text.split('role="status"')[1].split("</p>")[0]


def test_who_is_forgotten_leaves_no_key_behind(desk, page):
    bring(desk, page, TWO)
    take(desk, page)

    privacy.erase(Person.objects.get(name="Zara"), now=NOON)

    assert [one.person.name for one in ListKey.objects.all()] == ["Hina"]


# ── Coaches ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_coach_from_a_list_has_no_password_and_waits_for_two_yeses(desk, page, home_programme):
    assert states(bring(desk, page, YUSUF, "coaches")) == ["new"]
    take(desk, page)

    coach = User.objects.get(username="yusuf")
    profile = CoachProfile.objects.get(coach=coach)
    assert (coach.first_name, coach.is_staff, coach.is_superuser) == ("Yusuf", True, False)
    assert not coach.has_usable_password()
    assert coach.pk in access.coaching_in(home_programme)
    assert (profile.state, profile.gender, profile.mother, profile.languages) == (
        "applied", "man", "pnb", ["ur", "de"],
    )  # fmt: skip
    assert (profile.district, profile.comfortable, profile.largest) == ("okara", 2, 4)
    assert states(desk.get(page)) == ["known"]


def test_a_list_takes_over_nobody_who_works_here_already(desk, page, bilal, sana):
    shown = bring(desk, page, YUSUF.replace("yusuf", "sana") + "8,bilal,B,man,ur,,,1,1\n", "coaches")

    assert states(shown) == ["error", "error"]
    take(desk, page)
    assert not Membership.objects.filter(staff=sana, role="coach").exists()
    assert not ListKey.objects.exists()


def test_a_coach_is_corrected_until_they_signed_in(desk, page):
    bring(desk, page, YUSUF, "coaches")
    take(desk, page)
    desk.post(page, {"act": "drop"})

    assert states(bring(desk, page, YUSUF.replace("2,4", "3,6"), "coaches")) == ["changed"]
    take(desk, page)
    assert CoachProfile.objects.get().largest == 6
    assert states(desk.get(page)) == ["known"]

    desk.post(page, {"act": "drop"})
    User.objects.filter(username="yusuf").update(last_login=NOON)
    assert states(bring(desk, page, YUSUF, "coaches")) == ["known"]
    desk.post(page, {"act": "drop"})
    assert states(bring(desk, page, YUSUF.replace("yusuf", "another"), "coaches")) == ["error"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1,Yu suf,Y,man,ur,,,1,2", lists.USERNAME),
        ("1,yusuf,Y,boy,ur,,,1,2", lists.GENDER),
        ("1,yusuf,Y,man,xx,,,1,2", lists.TONGUE),
        ("1,yusuf,Y,man,ur,ur xx,,1,2", lists.TONGUE),
        ("1,yusuf,Y,man,ur,,Nowhere,1,2", lists.DISTRICT),
        ("1,yusuf,Y,man,ur,,,3,2", lists.SEATS),
        ("1,yusuf,Y,man,ur,,,1,21", lists.SEATS),
        ("1,yusuf,Y,man,ur,,,-1,2", lists.SEATS),
        ("1,yusuf,Y,man,ur,,,²,2", lists.SEATS),
    ],
)
def test_a_line_about_a_coach_says_what_to_look_at(line, words):
    assert troubles(COACHES + line, "coaches") == [str(words)]


# ── How tables are written ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_however_a_table_program_wrote_it(encoding, separator, end):
    text = "KEY,Name,age,Mobile\n1,زارا,18+,03001112233\n".replace(",", separator).replace("\n", end)

    found = lists.read(text.encode(encoding), "people", country="PK")

    assert [(line.key, line.called, line.said["number"]) for line in found.lines] == [
        ("1", "زارا", "+923001112233")
    ]
    assert not found.guessed


@pytest.mark.parametrize(
    ("name", "encoding"), [("Jürgen Müßig", "cp1252"), ("زارا علی", "cp1256"), ("Fatima Öz", "cp1252")]
)
def test_older_letters_are_guessed_and_the_page_asks_to_look(desk, page, name, encoding):
    name = name.replace("ی", "ي")  # the older letters know no other
    shown = bring(desk, page, f"key,name,age\n1,{name},18+\n".encode(encoding))

    assert name in shown.text
    assert "If letters look wrong" in shown.text


def test_a_line_of_excel_about_separators_and_columns_nobody_knows_are_fine():
    found = lists.read(
        b"sep=;\nage;key;remarks;name\n18+;1;nice;Zara\n\n;;;\n17;2;;Hina\n", "people", country="PK"
    )

    assert [(line.number, line.key, line.said["age"]) for line in found.lines] == [
        (3, "1", "18+"), (6, "2", "16-17"),
    ]  # fmt: skip
    assert found.left_out == ["remarks"]


def test_a_name_with_a_line_break_in_quotes_counts_as_a_table_program_does():
    found = lists.read(b'key,name,age\n1,"Zara\nAli",18+\n2,,18+\n', "people", country="PK")

    assert [(line.number, line.called) for line in found.lines] == [(2, "Zara Ali"), (4, "")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (",Zara,18+,ur,", lists.NO_KEY),
        ("k" * 61 + ",Zara,18+,ur,", lists.LONG_KEY),
        ("1,,18+,ur,", lists.NO_NAME),
        (f"1,{'Z' * 61},18+,ur,", lists.LONG_NAME),
        ("1,Zara,,ur,", lists.AGE),
        ("1,Zara,old,ur,", lists.AGE),
        ("1,Zara,²,ur,", lists.AGE),
        ("1,Zara,15,ur,", lists.TOO_YOUNG),
        ("1,Zara,18+,fr,", lists.READS),
        ("1,Zara,18+,ur,042 1234567", lists.NUMBER),
        ("1,Zara,18+,ur,,more", lists.MORE_CELLS),
        ("1", lists.NO_NAME),
    ],
)
def test_a_line_about_a_person_says_what_to_look_at(line, words):
    assert troubles(PEOPLE + line) == [str(words)]


def test_somebody_who_stands_there_twice_is_taken_once():
    text = (
        PEOPLE + "1,Zara,18+,ur,03001112233\n1,Hina,18+,ur,\n2,zara,18+,ur,0092 300 1112233\n3,Zara,18+,ur,\n"
    )

    assert troubles(text) == ["", "This key stands in line 2 already.", "This looks the same as line 2.", ""]


def test_a_cell_that_begins_like_a_formula_stays_text(desk, page):
    shown = bring(
        desk, page, PEOPLE + '=1+1,"=HYPERLINK(""x"",""<b>"")",18+,ur,+923001112233\n@2,-Zara,18+,ur,\n'
    )

    assert states(shown) == ["new", "new"]
    assert "<b>&quot;)" not in shown.text
    take(desk, page)
    assert set(Person.objects.values_list("name", flat=True)) == {'=HYPERLINK("x","<b>")', "-Zara"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this one"),
        (b" \n\n", "nothing in this one"),
        (b"key,name,age\n", "no lines below"),
        (b"name,age\nZara,18+\n", "These are missing: key."),
        (b"key,name,age,Name\n1,Zara,18+,Z\n", "The column “Name” is there twice."),
        (b"key,name,age\n1,Za\0ra,18+\n", "CSV UTF-8"),
        ("key,name,age\n1,Zara,18+\n".encode("utf-16-le"), "CSV UTF-8"),
        (b"PK\x03\x04\x14\x00\x08\x08", "CSV UTF-8"),
        (b"\xff\xfe\x00\xd8\x00", "CSV UTF-8"),
        (b'key,name,age\n1,Zara,18+\n2,"Hina,18+\n3,Noor,18+\n', "line 3"),
        (b'key,name,age\n1,"Za"ra,18+\n', "line 2"),
        (b"key,name,age\n1," + b"z" * 200_000 + b",18+\n", "line 2"),
        (b"key,name,age" + b",x" * 200 + b"\n", "CSV UTF-8"),
        (b"x" * (lists.LARGEST + 1), "10 MB"),
        (b"key,name,age\n" + b"1,a,18\n" * (lists.MOST_LINES + 1), "100,000"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_a_sentence(content, words):
    assert words in refusal(content)


def test_what_is_refused_is_said_on_the_page_and_not_kept(desk, page):
    for content in (b"key,name\n\0", b"x" * (lists.LARGEST + 1)):
        answer = bring(desk, page, content)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    for wrong in ({"act": "bring", "kind": "people"}, {"act": "bring", "kind": "cows"}, {}, {"act": "all"}):
        assert desk.post(page, wrong).status_code == 422
    assert desk.post(page, {"act": "chosen", "list": "x"}).status_code == 422
    assert not ListUpload.objects.exists()


@given(st.binary(max_size=400), st.sampled_from(["people", "coaches"]))
def test_whatever_bytes_come_there_are_lines_or_a_sentence(content, kind):
    _lines_or_a_sentence(content, kind)


@given(st.text(max_size=300), st.sampled_from([("people", PEOPLE), ("coaches", COACHES)]))
def test_whatever_stands_below_the_columns_there_are_lines_or_a_sentence(text, kind):
    _lines_or_a_sentence((kind[1] + text).encode("utf-8", "surrogatepass"), kind[0])


def _lines_or_a_sentence(content: bytes, kind: str) -> None:
    try:
        found = lists.read(content, kind, country="PK").lines
    except lists.NotAList as error:
        said = str(error).endswith(".")
    else:
        said = all(bool(line.said) != bool(str(line.trouble)) for line in found)
    assert said


# ── Large and small ──────────────────────────────────────────────────────────────────────────────────────


def test_a_hundred_thousand_lines_are_looked_through_while_one_waits(desk, page):
    text = PEOPLE + "".join(f"{n},Person {n},18+,ur,0300{n:07}\n" for n in range(100_000))
    began = time.perf_counter()

    shown = bring(desk, page, text)

    assert dict(shown.context["counts"])["new"] == 100_000
    assert time.perf_counter() - began < 30  # about 5 s for both steps; a busy machine is slower


def test_looking_through_asks_as_little_for_two_lines_as_for_many(desk, page, django_assert_max_num_queries):
    bring(desk, page, PEOPLE + "".join(f"{n},P{n},18+,ur,0300111{n:04}\n" for n in range(150)))
    take(desk, page)

    with django_assert_max_num_queries(16):
        desk.get(page)


# ── On paper ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_to_print_says_names_and_keys_and_each_look_is_noted(desk, page, amina, farid, tariq):
    bring(desk, page, TWO)
    take(desk, page)
    Look.objects.all().delete()

    shown = desk.get(page, {"show": "people"})

    assert [(one.key, one.person.name) for one in shown.context["page"]] == [("1", "Zara"), ("2", "Hina")]
    assert "Amina" not in shown.text
    assert "+92300" not in shown.text
    assert set(Look.objects.values_list("by", "person__name", "what")) == {
        (tariq.pk, "Zara", "list"), (tariq.pk, "Hina", "list"),
    }  # fmt: skip


def test_who_learns_here_no_more_stands_on_no_list(desk, page, home_programme):
    bring(desk, page, TWO)
    take(desk, page)
    membership = Membership.objects.get(person__name="Zara")
    programmes.leave(membership, at=timezone.now())

    shown = desk.get(page, {"show": "people"})

    assert [one.key for one in shown.context["page"]] == ["2"]


@pytest.mark.parametrize(("language", "direction"), [("ur", "rtl"), ("de", "ltr")])
def test_the_page_is_read_in_the_language_of_the_desk(desk, page, language, direction):
    desk.post("/desk/language/", {"language": language, "next": "/desk/"})
    shown = bring(desk, page, TWO)

    assert f'<html lang="{language}" dir="{direction}">' in shown.text
    assert "Take in all good lines" not in shown.text
