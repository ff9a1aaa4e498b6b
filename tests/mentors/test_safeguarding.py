"""The safeguarding lead's room: a yes for those of 16 and 17, whom to keep apart, who is urgent."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest

from lms import privacy, programmes
from mentors import access, asking, bonds, needs, runs, safety
from mentors.models.bonds import Bond, Look
from mentors.models.coaching import Exclusion, MatchNeeds
from mentors.models.matching import MatchRun, Proposal, ProposedCoach, Waits
from tests.cast import NOON, _learner, _staff
from tests.inside import come_in
from tests.mentors.matched import A_NEED, a_coach, a_draft, a_seeker, asked

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def huma(home_programme):
    return _staff(home_programme, "huma", "safeguarding")


@pytest.fixture
def room(home_programme, huma):
    return come_in(huma), f"/desk/safeguarding/{home_programme.pk}/"


@pytest.fixture
def zara(home_programme):
    return a_seeker(home_programme, "Zara", "+923005550001")


@pytest.fixture
def young(zara):
    type(zara).objects.filter(pk=zara.pk).update(age="16-17")
    zara.refresh_from_db()
    return zara


@pytest.fixture
def yusuf(home_programme):
    return a_coach(home_programme, "yusuf").coach


def _needs(person) -> MatchNeeds:
    return MatchNeeds.objects.get(person=person)


def _kept_apart(programme, person, coach, by, kind: str = "kin") -> Exclusion:
    safety.keep_apart(programme, person, coach, kind, by=by, now=NOON)
    return Exclusion.objects.get(person=person, coach=coach)


def _apart(person, coach, **said: str) -> dict[str, str]:
    return {"act": "apart", "person": str(person.pk), "coach": str(coach.pk), "kind": "kin"} | said


# ── Who may come in ──────────────────────────────────────────────────────────────────────────────────────


def test_only_the_safeguarding_lead_of_the_programme_finds_the_room(
    home_programme, other_programme, bilal, sana, tariq, amina
):
    page = f"/desk/safeguarding/{home_programme.pk}/"
    stranger = _staff(other_programme, "rehan", "safeguarding")
    coordinator = _staff(home_programme, "maria", "coordinator")

    for who in (bilal, sana, tariq, stranger, coordinator, amina):
        browser = come_in(who)
        assert browser.get(page).status_code == 404
        assert browser.post(page, {"act": "agree", "who": amina.pk}).status_code == 404
    assert come_in(stranger).get(f"/desk/safeguarding/{uuid.uuid4()}/").status_code == 404
    assert come_in().get(page).status_code == 302
    assert not Look.objects.exists()


def test_who_is_no_longer_the_safeguarding_lead_finds_no_room(room, home_programme, huma):
    browser, page = room
    assert browser.get(page).status_code == 200
    membership = access._here(staff=huma).get()

    programmes.leave(membership, at=NOON + DAY)

    assert browser.get(page).status_code == 404


def test_the_desk_leads_into_the_room_and_says_how_many_wait(room, home_programme, huma, young):
    browser, page = room

    desk = browser.get("/desk/").content.decode()
    assert f'href="{page}"' in desk
    assert "1 person of 16 or 17 waits for your yes" in desk
    assert "One day you will see here" not in desk

    needs.agree(_needs(young), huma)
    assert "nobody waits for your yes" in browser.get("/desk/").content.decode()
    assert not Look.objects.exists()


def test_who_works_here_without_that_role_reads_nothing_of_the_room(home_programme, tariq, young):
    assert "/desk/safeguarding/" not in come_in(tariq).get("/desk/").content.decode()


# ── Those of 16 and 17 ───────────────────────────────────────────────────────────────────────────────────


def test_with_a_yes_somebody_of_16_is_proposed_a_coach_and_without_it_nobody_is(
    room, home_programme, tariq, huma, young, yusuf
):
    browser, page = room
    run = a_draft(home_programme, tariq)
    assert Waits.objects.get(run=run).rule == "safeguarding"
    runs.drop(run, now=NOON)
    shown = browser.get(page).content.decode()
    assert "Zara" in shown
    assert "both are fine" in shown
    assert "Agree: may have a coach" in shown

    for _twice in range(2):
        assert browser.post(page, {"act": "agree", "who": young.pk})["Location"] == page

    assert _needs(young).agreed_by == huma
    assert "Take the yes back" in browser.get(page).content.decode()
    proposal = asked(home_programme, tariq, young)
    asking.choose(young, proposal, 0, now=NOON)
    assert asking.accept(yusuf, proposal, now=NOON).person == young
    assert "has a coach now" in browser.get(page).content.decode()


def test_a_yes_that_is_taken_back_stops_what_they_are_asked(room, home_programme, tariq, huma, young, yusuf):
    browser, page = room
    needs.agree(_needs(young), huma)
    proposal = asked(home_programme, tariq, young)

    answer = browser.post(page, {"act": "take-back", "who": young.pk})
    again = browser.post(page, {"act": "take-back", "who": young.pk})

    assert (answer["Location"], again["Location"]) == (f"{page}?stopped=1", page)
    assert "has stopped" in browser.get(answer["Location"]).content.decode()
    proposal.refresh_from_db()
    assert (proposal.state, _needs(young).agreed_by) == ("withdrawn", None)
    assert Waits.objects.filter(run=a_draft(home_programme, tariq)).get().rule == "safeguarding"


def test_a_yes_that_is_taken_back_while_a_draft_waits_holds_when_it_is_released(
    room, home_programme, tariq, huma, young, yusuf
):
    browser, page = room
    needs.agree(_needs(young), huma)
    run = a_draft(home_programme, tariq)
    browser.post(page, {"act": "take-back", "who": young.pk})
    Proposal.objects.update(state="drafted")  # as if the worker had written it a moment later

    assert runs.release(run, tariq, now=NOON) == 0
    assert Proposal.objects.get().state == "withdrawn"


def test_a_yes_ends_no_bond_when_it_is_taken_back(room, home_programme, huma, young, yusuf):
    browser, page = room
    needs.agree(_needs(young), huma)
    bonds.begin(yusuf, young, home_programme, at=NOON, approved_by=huma)

    browser.post(page, {"act": "take-back", "who": young.pk})

    assert bonds.present(young).coach == yusuf


def test_a_yes_of_somebody_who_left_is_asked_for_again(room, home_programme, tariq, huma, young, yusuf):
    browser, page = room
    before = _staff(home_programme, "rehan", "safeguarding")
    needs.agree(_needs(young), before)
    programmes.leave(access._here(staff=before).get(), at=NOON + DAY)

    run = a_draft(home_programme, tariq)
    assert Waits.objects.get(run=run).rule == "safeguarding"
    browser.post(page, {"act": "agree", "who": young.pk})

    assert _needs(young).agreed_by == huma


def test_the_first_of_two_who_say_yes_has_said_it(room, home_programme, huma, young):
    browser, page = room
    needs.agree(_needs(young), _staff(home_programme, "rehan", "safeguarding"))

    browser.post(page, {"act": "agree", "who": young.pk})

    assert _needs(young).agreed_by.username == "rehan"


def test_who_is_older_or_asked_for_nobody_or_is_elsewhere_does_not_stand_there(
    room, home_programme, other_programme, zara, farid
):
    browser, page = room
    silent = _learner(home_programme, "Hina", "+923005550003", said={})
    elsewhere = a_seeker(other_programme, "Noor", "+923005550004")
    type(zara).objects.filter(pk__in=[silent.pk, elsewhere.pk]).update(age="16-17")

    shown = browser.get(page).content.decode()
    assert not [name for name in ("Zara", "Hina", "Noor", "Farid") if name in shown]
    assert "Nobody of 16 or 17 asked for a coach yet." in shown
    for who in (zara, silent, elsewhere, farid):
        answer = browser.post(page, {"act": "agree", "who": who.pk})
        assert answer.status_code == 422
        assert "does not wait for your yes just now" in answer.content.decode()
    assert not MatchNeeds.objects.exclude(agreed_by=None).exists()


def test_a_girl_who_said_nothing_is_shown_to_want_a_woman(room, home_programme, young):
    browser, page = room
    MatchNeeds.objects.update(gender="woman", wish="")

    assert "only a woman" in browser.get(page).content.decode()


def test_a_yes_is_not_lost_when_they_change_their_answers_in_the_same_moment(home_programme, huma, young):
    read_before = _needs(young)
    needs.agree(_needs(young), huma)

    needs.tell(young, home_programme, A_NEED | {"trade": "shop"}, now=NOON)
    needs.urge(read_before, urgent=True)

    told = _needs(young)
    assert (told.agreed_by, told.trade, told.version, told.urgent) == (huma, "shop", 2, True)


# ── Whom to keep apart ───────────────────────────────────────────────────────────────────────────────────


def test_two_are_kept_apart_once_however_often_it_is_said(room, home_programme, tariq, huma, zara, yusuf):
    browser, page = room

    for _twice in range(2):
        answer = browser.post(page, _apart(zara, yusuf, find="zar"))
        assert answer["Location"] == f"{page}?find=zar&person={zara.pk}"

    kept = Exclusion.objects.get()
    assert (kept.programme, kept.person, kept.coach) == (home_programme, zara, yusuf)
    assert (kept.kind, kept.by, kept.at) == ("kin", huma, NOON)
    shown = browser.get(page).content.decode()
    assert "Zara" in shown
    assert "family" in shown
    assert "huma" in shown
    assert not Proposal.objects.filter(run=a_draft(home_programme, tariq)).exists()


def test_another_reason_takes_the_place_of_the_first(room, zara, yusuf):
    browser, page = room
    browser.post(page, _apart(zara, yusuf))
    browser.post(page, _apart(zara, yusuf, kind="wish"))

    assert Exclusion.objects.get().kind == "wish"


def test_who_is_no_longer_kept_apart_is_proposed_again(room, home_programme, tariq, huma, zara, yusuf):
    browser, page = room
    kept = _kept_apart(home_programme, zara, yusuf, huma)

    for _twice in range(2):
        assert browser.post(page, {"act": "let-meet", "pair": kept.pk}).status_code == 302

    assert not Exclusion.objects.exists()
    assert Proposal.objects.filter(run=a_draft(home_programme, tariq), person=zara).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"coach": ""}, "Please choose a coach of this programme."),
        ({"coach": "99999999999999999999"}, "Please choose a coach of this programme."),
        ({"coach": "x\x00"}, "Please choose a coach of this programme."),
        ({"kind": ""}, "Please choose why."),
        ({"kind": "grudge"}, "Please choose why."),
        ({"person": ""}, "Please look for a person of this programme first."),
        ({"person": "x"}, "Please look for a person of this programme first."),
        ({"act": "dance"}, "Please press one of the buttons on this page."),
        ({"act": ""}, "Please press one of the buttons on this page."),
        ({"act": "part", "pair": "x"}, "These two are not kept apart any more."),
        ({"act": "part", "pair": "99999999999999999999"}, "These two are not kept apart any more."),
        ({"act": "withdraw"}, "These two are not kept apart any more."),
        ({"act": "agree", "who": "x"}, "This person does not wait for your yes just now."),
        ({"act": "take-back"}, "This person does not wait for your yes just now."),
        ({"act": "urgent", "who": "\x00"}, "This person does not look for a coach just now."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_nothing_is_lost(room, zara, yusuf, wrong, sentence):
    browser, page = room

    answer = browser.post(page, _apart(zara, yusuf, find="Zara") | wrong)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in shown
    assert 'value="Zara"' in shown
    if wrong.keys() == {"kind"}:
        assert f'<option value="{yusuf.pk}" selected>' in shown
    if wrong.keys() == {"coach"}:
        assert '<option value="kin" selected>' in shown
    assert not Exclusion.objects.exists()


def test_only_people_and_coaches_of_the_programme_can_be_kept_apart(
    room, home_programme, other_programme, zara, farid, yusuf, sana
):
    browser, page = room
    stranger = _staff(other_programme, "rehan", "coach")

    for person, coach in ((farid, yusuf), (zara, stranger), (zara, sana)):
        assert browser.post(page, _apart(person, coach)).status_code == 422
    shown = browser.get(page, {"person": zara.pk}).content.decode()

    assert not Exclusion.objects.exists()
    assert f'<option value="{yusuf.pk}">' in shown
    assert "rehan" not in shown
    assert "sana" not in shown


def test_what_another_programme_keeps_apart_is_not_theirs(room, other_programme, huma, farid):
    browser, page = room
    coach = _staff(other_programme, "rehan", "coach")
    kept = _kept_apart(other_programme, farid, coach, _staff(other_programme, "nida", "safeguarding"))

    assert "Farid" not in browser.get(page).content.decode()
    browser.post(page, {"act": "let-meet", "pair": kept.pk})
    assert browser.post(page, {"act": "part", "pair": kept.pk, "sure": "yes"}).status_code == 422

    assert Exclusion.objects.get() == kept


def test_two_who_walk_together_part_only_after_a_tick(room, home_programme, huma, amina, bilal):
    browser, page = room
    browser.post(page, _apart(amina, bilal))
    kept = Exclusion.objects.get()
    assert "These two walk together now." in browser.get(page).content.decode()

    answer = browser.post(page, {"act": "part", "pair": kept.pk})
    assert answer.status_code == 422
    assert "Please say with the tick" in answer.content.decode()
    assert bonds.present(amina).coach == bilal

    for _twice in range(2):
        assert browser.post(page, {"act": "part", "pair": kept.pk, "sure": "yes"}).status_code == 302

    assert Bond.objects.get(person=amina).ended_at == NOON
    assert list(access.learners_of(bilal)) == []
    assert "These two walk together now." not in browser.get(page).content.decode()


def test_parting_two_leaves_another_coach_of_hers_alone(room, home_programme, huma, amina, bilal, yusuf):
    browser, page = room
    kept = _kept_apart(home_programme, amina, yusuf, huma)

    browser.post(page, {"act": "part", "pair": kept.pk, "sure": "yes"})

    assert bonds.present(amina).coach == bilal


@pytest.mark.parametrize("chosen", [False, True])
def test_a_question_about_the_two_stops_and_the_seat_is_free_again(
    room, home_programme, tariq, zara, yusuf, chosen
):
    browser, page = room
    proposal = asked(home_programme, tariq, zara)
    if chosen:
        asking.choose(zara, proposal, 0, now=NOON)

    answer = browser.post(page, _apart(zara, yusuf))

    assert answer["Location"].endswith("&stopped=1")
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert asking.asked(zara, now=NOON) is None
    assert asking.asked_of(yusuf, now=NOON) == []
    with pytest.raises(asking.NotAskedNow):
        asking.accept(yusuf, proposal, now=NOON)


def test_one_of_the_other_coaches_is_left_out_and_the_question_goes_on(
    room, home_programme, tariq, zara, yusuf
):
    browser, page = room
    a_coach(home_programme, "imran")
    proposal = asked(home_programme, tariq, zara)
    first, second = asking.options(proposal)

    answer = browser.post(page, _apart(zara, second.coach))

    assert "stopped" not in answer["Location"]
    assert asking.asked(zara, now=NOON) == proposal
    assert asking.options(proposal) == [first]
    with pytest.raises(asking.NotAskedNow):
        asking.choose(zara, proposal, second.rank, now=NOON)


def test_a_draft_that_was_written_before_asks_nobody_who_is_kept_apart_since(
    room, home_programme, tariq, huma, zara, yusuf
):
    browser, page = room
    run = a_draft(home_programme, tariq)
    browser.post(page, _apart(zara, yusuf))
    proposal = Proposal.objects.get(run=run)
    assert proposal.state == "withdrawn"
    runs.leave_out(proposal, tariq, "Neighbours.", now=NOON)
    runs.put_back(proposal, now=NOON)

    assert runs.release(run, tariq, now=NOON) == 0
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_a_question_that_a_worker_wrote_in_the_same_moment_is_shown_and_can_be_stopped(
    room, home_programme, tariq, huma, zara, yusuf
):
    browser, page = room
    proposal = asked(home_programme, tariq, zara)
    kept = Exclusion.objects.create(
        programme=home_programme, person=zara, coach=yusuf, kind="complaint", by=huma, at=NOON
    )
    assert "A question about these two is under way." in browser.get(page).content.decode()

    browser.post(page, {"act": "withdraw", "pair": kept.pk})

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert "A question about these two is under way." not in browser.get(page).content.decode()


def test_neither_the_lead_nor_the_two_read_anything_of_it(room, home_programme, tariq, huma, zara, yusuf):
    run = a_draft(home_programme, tariq)
    runs.release(run, tariq, now=NOON)
    proposal = Proposal.objects.get()
    _kept_apart(home_programme, zara, yusuf, huma, kind="creditor")

    for who, page in (
        (tariq, f"/desk/matching/{home_programme.pk}/"), (yusuf, "/desk/"), (zara, "/en/mine/coach/"),
    ):  # fmt: skip
        shown = come_in(who).get(page).content.decode()
        assert "one owes the other" not in shown
        assert "apart" not in shown.lower()
    assert (proposal.reason, proposal.by) == ("", None)


# ── Urgent ───────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_urgent_comes_first_and_nobody_reads_why(room, home_programme, tariq, zara):
    browser, page = room
    a_coach(home_programme, "yusuf", comfortable=1, largest=1)
    early = a_seeker(home_programme, "Hina", "+923005550003")
    MatchNeeds.objects.filter(person=early).update(waiting_since=NOON - 100 * DAY)

    for _twice in range(2):
        answer = browser.post(page, {"act": "urgent", "who": zara.pk, "person": zara.pk})
        assert answer["Location"] == f"{page}?person={zara.pk}"

    assert needs.tier(_needs(zara), now=NOON) == needs.URGENT
    assert "Not urgent any more" in browser.get(page).content.decode()
    run = a_draft(home_programme, tariq)
    assert Proposal.objects.get(run=run).person == zara
    lead = come_in(tariq).get(f"/desk/matching/{home_programme.pk}/").content.decode()
    assert "urgent" in lead
    assert "huma" not in lead


def test_who_is_not_urgent_any_more_waits_as_all_others(room, zara):
    browser, page = room
    needs.urge(_needs(zara), urgent=True)

    for _twice in range(2):
        browser.post(page, {"act": "not-urgent", "who": zara.pk})

    assert not _needs(zara).urgent
    assert "Nobody who waits for a coach is urgent just now." in browser.get(page).content.decode()


def test_only_who_waits_for_a_coach_of_this_programme_can_be_urgent(
    room, home_programme, other_programme, amina, bilal, farid
):
    browser, page = room
    elsewhere = a_seeker(other_programme, "Noor", "+923005550004")
    needs.tell(amina, home_programme, A_NEED, now=NOON)  # bilal walks with her

    for who in (amina, farid, elsewhere):
        assert browser.post(page, {"act": "urgent", "who": who.pk}).status_code == 422
    assert not MatchNeeds.objects.filter(urgent=True).exists()
    shown = browser.get(page, {"person": amina.pk}).content.decode()
    assert "This person does not look for a coach just now." in shown


# ── To find somebody, and who looked ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "asked_for"),
    [("Zara", " zAR "), ("Ümit", "ümi"), ("زارا علی", "علي"), ("Zara", "\u200fZara\u200c")],
)
def test_somebody_is_found_however_the_name_is_typed(room, zara, name, asked_for):
    browser, page = room
    type(zara).objects.filter(pk=zara.pk).update(name=name)

    assert list(browser.get(page, {"find": asked_for}).context["hits"]) == [zara]


def test_nobody_of_another_programme_is_found_or_opened(room, farid, zara):
    browser, page = room

    shown = browser.get(page, {"find": "Farid"}).content.decode()
    assert "Nobody in this programme is called so." in shown
    for person in (farid.pk, uuid.uuid4(), "x", "\x00"):
        assert browser.get(page, {"person": person}).status_code == 404
    assert not Look.objects.exists()


def test_at_most_twenty_are_shown_and_the_page_says_so(room, home_programme):
    browser, page = room
    for n in range(22):
        _learner(home_programme, f"Asma {n}", f"+9230055503{n:02}", said={})

    shown = browser.get(page, {"find": "asma"})

    assert len(shown.context["hits"]) == 20
    assert "There are more." in shown.content.decode()
    assert Look.objects.count() == 20


def test_an_empty_search_shows_nobody(room, zara):
    browser, page = room

    for nothing in ("", "  ", "\u200c", "\x00", "%", "x" * 500):
        assert list(browser.get(page, {"find": nothing}).context["hits"]) == []
    assert not Look.objects.exists()


def test_everybody_who_stands_on_the_page_can_read_that_they_were_seen(
    room, home_programme, huma, young, amina, bilal, yusuf
):
    browser, page = room
    _kept_apart(home_programme, amina, bilal, huma)
    hina = a_seeker(home_programme, "Hina", "+923005550003")
    needs.urge(_needs(hina), urgent=True)
    gita = _learner(home_programme, "Gita", "+923005550005", said={})
    _learner(home_programme, "Nobody looks at me", "+923005550006", said={})

    browser.get(page, {"find": "Gita"})

    looks = Counter(Look.objects.values_list("by__username", "person__name", "what"))
    assert looks == Counter(("huma", one.name, "safe") for one in (young, amina, hina, gita))


def test_who_stands_there_twice_was_looked_at_once_and_a_sentence_is_a_look_too(room, young):
    browser, page = room
    needs.urge(_needs(young), urgent=True)

    browser.post(page, {"act": "dance", "find": "zara"})

    assert list(Look.objects.values_list("person", "what")) == [(young.pk, "safe")]


def test_a_button_alone_is_no_look(room, young):
    browser, page = room

    browser.post(page, {"act": "agree", "who": young.pk})

    assert not Look.objects.exists()


def test_the_safeguarding_lead_reads_every_look_at_a_person_and_that_is_a_look_as_well(
    room, huma, amina, bilal, home_programme
):
    browser, page = room
    come_in(bilal).get(f"/desk/people/{amina.pk}/")

    shown = browser.get(page, {"person": amina.pk})

    assert [(look.by, look.what) for look in shown.context["looks"]] == [
        (huma, "looks"), (huma, "safe"), (bilal, "progress"),
    ]  # fmt: skip
    assert "bilal" in shown.content.decode()
    assert "read who looked at them" in come_in(amina).get("/en/mine/looks/").content.decode()


def test_the_last_hundred_looks_are_shown(room, amina, bilal):
    browser, page = room
    Look.objects.bulk_create(Look(by=bilal, person=amina, what="list", at=NOON - n * DAY) for n in range(120))

    assert len(browser.get(page, {"person": amina.pk}).context["looks"]) == 100


def test_nobody_else_reads_who_looked_at_whom(home_programme, tariq, bilal, amina):
    page = f"/desk/safeguarding/{home_programme.pk}/"

    assert [come_in(who).get(page, {"person": amina.pk}).status_code for who in (tariq, bilal)] == [404, 404]
    assert not Look.objects.filter(what="looks").exists()


# ── Large and small ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("language", "direction"), [("ur", "rtl"), ("de", "ltr")])
def test_the_room_is_read_in_the_language_of_the_desk(room, young, language, direction):
    browser, page = room
    browser.post("/desk/language/", {"language": language, "next": "/desk/"})

    shown = browser.get(page, {"person": young.pk}).content.decode()

    assert f'<html lang="{language}" dir="{direction}">' in shown
    assert "Those of 16 and 17" not in shown


def test_the_room_costs_the_same_for_two_people_or_twelve(
    room, home_programme, huma, yusuf, django_assert_max_num_queries
):
    browser, page = room
    for n in range(12):
        one = a_seeker(home_programme, f"P{n}", f"+9230055502{n:02}")
        _kept_apart(home_programme, one, yusuf, huma)
        needs.urge(_needs(one), urgent=True)
    MatchNeeds.objects.first().person.__class__.objects.update(age="16-17")

    with django_assert_max_num_queries(24):
        browser.get(page, {"find": "P"})


def test_a_release_of_many_heeds_what_was_said_in_one_go(home_programme, tariq, huma):
    coach = a_coach(home_programme, "yusuf", comfortable=12, largest=12).coach
    people = [a_seeker(home_programme, f"P{n}", f"+9230055502{n:02}") for n in range(6)]
    run = a_draft(home_programme, tariq)
    Exclusion.objects.create(
        programme=home_programme, person=people[0], coach=coach, kind="kin", by=huma, at=NOON
    )

    assert runs.release(run, tariq, now=NOON) == 5
    assert Proposal.objects.get(person=people[0]).state == "withdrawn"
    assert ProposedCoach.objects.filter(proposal__run=run).count() == 6
    assert MatchRun.objects.get().state == "released"


def test_her_copy_says_that_she_is_kept_apart_and_not_from_whom_or_why(amina, bilal, huma, home_programme):
    safety.keep_apart(home_programme, amina, bilal, "wish", by=huma, now=NOON)

    (row,) = privacy.export(amina)["held"]["mentors.Exclusion"]["rows"]

    assert row.keys() == {"id", "programme", "person", "at"}
    assert "without `by`, `coach`, `kind`" in privacy.describe()


def test_somebody_without_a_name_is_found_by_number_by_key_and_among_the_nameless(
    home_programme, other_programme, farid, amina
):
    from lms.models.people import Person
    from mentors.models.lists import ListKey

    Person.objects.filter(pk__in=[amina.pk, farid.pk]).update(name="")
    ListKey.objects.create(programme=home_programme, kind="people", key="B-17", person=amina, at=NOON)
    huma = _staff(home_programme, "huma-too", "safeguarding")
    page, browser = f"/desk/safeguarding/{home_programme.pk}/", come_in(huma)

    for search in ({"find": "0300 1234567"}, {"find": "B-17"}, {"nameless": "1"}):
        assert f"person={amina.pk}" in browser.get(page, search).text
    for search in ({"find": "0333 1112222"}, {"find": "B-1"}, {"nameless": "1"}):
        assert f"person={farid.pk}" not in browser.get(page, search).text
    assert {look.person for look in Look.objects.filter(by=huma, what="safe")} == {amina}
