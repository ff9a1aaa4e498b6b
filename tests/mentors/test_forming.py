"""Plans of circles: from what coaches offer and people wish to who is asked, and when a circle begins."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from mentors import access, bonds, circles, coaches, forming, needs, safety, times
from mentors.models.bonds import Look
from mentors.models.circles import Circle, CircleDraft, CircleOffer, CircleSeat
from mentors.models.coaching import MatchNeeds
from tests.cast import NOON, _staff
from tests.inside import come_in
from tests.mentors.matched import A_COACH, a_coach, a_seeker

DAY = timedelta(days=1)
AN_OFFER = {"language": "ur", "day": 3, "hour": 19, "company": "women", "smallest": 2, "largest": 3}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def maryam(home_programme):
    """She would lead a circle of women on Thursdays at 19:00."""
    profile = a_coach(home_programme, "maryam", gender="woman")
    coaches.offer_circle(profile, AN_OFFER)
    return profile


@pytest.fixture
def women(home_programme):
    """Four who wait for a coach."""
    return [
        a_seeker(home_programme, name, f"+92300555000{n}", gender="woman", wish="woman")
        for n, name in enumerate(["Asma", "Bushra", "Fozia", "Hina"])
    ]


def a_plan(programme, by) -> CircleDraft:
    draft = forming.begin(programme, by, now=NOON)
    forming.work(draft.pk, now=NOON)
    draft.refresh_from_db()
    return draft


def planned(draft) -> list[set[str]]:
    return [{seat.person.name for seat in seats} for _circle, seats in forming.planned(draft)]


# ── What a coach offers ──────────────────────────────────────────────────────────────────────────────────


def a_form(**said) -> dict:
    form = AN_OFFER | said
    return {"act": "circle", **{f"circle-{name}": value for name, value in form.items()}}


def test_maryam_offers_a_circle_changes_it_and_takes_it_back(home_programme):
    profile = a_coach(home_programme, "maryam")
    desk, address = come_in(profile.coach), f"/desk/coach/{home_programme.pk}/"

    for hour in (19, 19, 20):
        assert desk.post(address, a_form(hour=hour)).status_code == 302
    assert CircleOffer.objects.get().hour == 20
    assert coaches.profile_in(home_programme, profile.coach).largest == A_COACH["largest"]

    desk.post(address, {"act": "no-circle"})
    assert not CircleOffer.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "sd"},  # she does not talk it
        {"day": 7},
        {"hour": 3},
        {"company": "friends"},
        {"smallest": 1},
        {"largest": 26},
        {"smallest": 5, "largest": 4},
        {"smallest": "many"},
    ],
)
def test_an_offer_that_cannot_be_is_said_so_and_not_kept(wrong, home_programme):
    profile = a_coach(home_programme, "maryam")

    answer = come_in(profile.coach).post(f"/desk/coach/{home_programme.pk}/", a_form(**wrong))

    assert answer.status_code == 422
    assert answer.context["circle"].errors
    assert not answer.context["form"].errors
    assert not CircleOffer.objects.exists()


def test_the_database_knows_no_circle_without_room(maryam):
    for wrong in ({"smallest": 4, "largest": 3}, {"largest": 26}, {"day": 7}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CircleOffer.objects.update(**wrong)


# ── A plan ───────────────────────────────────────────────────────────────────────────────────────────────


def test_women_who_wait_are_planned_into_her_circle_and_nobody_hears_of_it(
    home_programme, tariq, maryam, women
):
    draft = a_plan(home_programme, tariq)

    assert (draft.state, draft.weight, draft.waiting, draft.better) == ("draft", draft.bound, 1, 0)
    [(circle, seats)] = forming.planned(draft)
    assert (circle.leader, circle.day, circle.hour, circle.company) == (maryam.coach, 3, 19, "women")
    assert len(seats) == 3
    assert not any(circles.asked(one, now=NOON) for one in women)
    assert list(access.circles_led_by(maryam.coach)) == []


def test_who_has_a_coach_is_in_a_plan_only_if_she_said_that_she_would_like_it(
    home_programme, tariq, maryam, women, bilal
):
    for one in women[:2]:
        bonds.begin(bilal, one, home_programme, at=NOON)
    assert planned(a_plan(home_programme, tariq)) == [{"Fozia", "Hina"}]
    forming.drop(forming.open_in(home_programme), now=NOON)

    needs.say_circle(needs.of(women[0]), "same")
    needs.say_circle(needs.of(women[3]), "no")
    assert planned(a_plan(home_programme, tariq)) == [{"Asma", "Fozia"}]


@pytest.mark.parametrize("wish", ["", "same", "any"])
def test_women_and_men_sit_together_only_if_all_of_them_said_so(home_programme, tariq, maryam, wish):
    coaches.offer_circle(maryam, {**AN_OFFER, "company": "mixed"})
    for n, gender in enumerate(["man", "woman"]):
        one = a_seeker(home_programme, gender, f"+92300556000{n}", gender=gender)
        needs.say_circle(needs.of(one), wish)

    assert planned(a_plan(home_programme, tariq)) == ([{"man", "woman"}] if wish == "any" else [])


@pytest.mark.parametrize("why", ["time", "language", "gender", "apart", "gone"])
def test_a_must_keeps_somebody_out_of_a_plan(why, home_programme, tariq, maryam, women):
    one = women[0]
    change = {
        "time": {"slots": times.bits([(0, 0)])},
        "language": {"mother": "sd"},
        "gender": {"gender": "man"},
    }
    if why == "apart":
        safety.keep_apart(home_programme, one, maryam.coach, "kin", by=tariq, now=NOON)
    elif why == "gone":
        needs.take_back(one)
    else:
        MatchNeeds.objects.filter(person=one).update(**change[why])

    assert planned(a_plan(home_programme, tariq)) == [{"Bushra", "Fozia", "Hina"}]


def test_a_coach_who_carries_nobody_alone_may_lead_a_circle(home_programme, tariq, maryam, women):
    coaches.offer(maryam.coach, home_programme, {"comfortable": 0, "largest": 0})

    assert len(planned(a_plan(home_programme, tariq))) == 1


def test_a_coach_who_rests_or_leads_a_planned_circle_is_in_no_plan(home_programme, tariq, maryam, women):
    coaches.rest(maryam, until=(NOON + DAY).date())
    assert planned(a_plan(home_programme, tariq)) == []
    forming.drop(forming.open_in(home_programme), now=NOON)
    coaches.rest(maryam, until=None)
    forming.release(a_plan(home_programme, tariq), tariq, now=NOON)

    assert planned(a_plan(home_programme, tariq)) == []


def test_a_programme_has_one_plan_at_a_time(home_programme, tariq, maryam, women):
    a_plan(home_programme, tariq)

    with pytest.raises(forming.AlreadyOpen):
        forming.begin(home_programme, tariq, now=NOON)


def test_a_plan_that_a_worker_left_is_done_by_the_next_tick(home_programme, tariq, maryam, women):
    draft = forming.begin(home_programme, tariq, now=NOON)
    CircleDraft.objects.update(state="working")

    forming.catch_up(NOON + timedelta(minutes=6))

    draft.refresh_from_db()
    assert draft.state == "draft"


# ── Asking ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_circle_begins_with_the_yes_that_makes_it_large_enough(home_programme, tariq, maryam, women):
    desk, address = come_in(tariq), f"/desk/circles/plan/{home_programme.pk}/"
    draft = a_plan(home_programme, tariq)
    page = desk.get(address)
    assert page.context["seated"] == 3
    assert "there is no better plan" in page.text
    assert Look.objects.filter(by=tariq, what="match").count() == 3
    for _ in range(2):
        desk.post(address, {"act": "release"})
    draft.refresh_from_db()
    assert (draft.state, draft.released_by) == ("released", tariq)

    asked = [one for one in women if circles.asked(one, now=NOON)]
    assert len(asked) == 3
    hers = come_in(asked[0])
    assert "Thursday, 19:00" in hers.get("/en/mine/circle/").text
    said = {"act": "join", "circle": str(Circle.objects.get().pk)}
    for _ in range(2):
        hers.post("/en/mine/circle/", said)
    assert Circle.objects.get().began_at is None
    assert "It begins when enough others have said yes" in hers.get("/en/mine/circle/").text
    come_in(asked[1]).post("/en/mine/circle/", said)

    circle = Circle.objects.get()
    assert circle.began_at == NOON
    assert [one.name for one in access.members_of(circle)] == [one.name for one in asked[:2]]
    assert list(access.circles_led_by(maryam.coach)) == [circle]


def test_what_was_said_since_the_draft_is_heeded_at_its_release(home_programme, tariq, maryam, women):
    coaches.offer_circle(maryam, {**AN_OFFER, "largest": 4})
    draft = a_plan(home_programme, tariq)
    needs.say_circle(needs.of(women[0]), "no")
    safety.keep_apart(home_programme, women[1], maryam.coach, "wish", by=tariq, now=NOON)

    assert forming.release(draft, tariq, now=NOON) == 2
    assert [bool(circles.asked(one, now=NOON)) for one in women] == [False, False, True, True]


def test_a_circle_that_became_too_small_asks_nobody(home_programme, tariq, maryam, women):
    draft = a_plan(home_programme, tariq)
    for one in women[:3]:
        needs.take_back(one)

    assert forming.release(draft, tariq, now=NOON) == 0
    assert not Circle.objects.exists()


def test_a_circle_that_too_few_want_is_over_after_a_week_and_they_may_be_asked_again(
    home_programme, tariq, maryam, women
):
    forming.release(a_plan(home_programme, tariq), tariq, now=NOON)
    asked = next(one for one in women if circles.asked(one, now=NOON))
    circles.join(asked, Circle.objects.get().pk, now=NOON)

    circles.expire(NOON + 8 * DAY)

    assert Circle.objects.get().ended_at == NOON + 8 * DAY
    assert circles.of(asked) == []
    assert needs.for_circles(home_programme).count() == 4


def test_a_dropped_plan_leaves_nothing(home_programme, tariq, maryam, women):
    a_plan(home_programme, tariq)

    for _ in range(2):
        come_in(tariq).post(f"/desk/circles/plan/{home_programme.pk}/", {"act": "drop"})

    assert (Circle.objects.count(), CircleSeat.objects.count()) == (0, 0)


def test_nobody_is_asked_into_a_circle_without_a_human(home_programme, tariq, maryam, women):
    a_plan(home_programme, tariq)

    with pytest.raises(IntegrityError), transaction.atomic():
        CircleDraft.objects.update(state="released")


def test_a_coach_and_another_programmes_lead_find_no_plan(home_programme, other_programme, maryam, women):
    for who in (maryam.coach, _staff(other_programme, "nadeem", "lead")):
        browser = come_in(who)
        address = f"/desk/circles/plan/{home_programme.pk}/"
        assert browser.get(address, follow=True).status_code == 404
        assert browser.post(address, {"act": "begin"}, follow=True).status_code == 404
    assert not CircleDraft.objects.exists()


def test_at_16_nobody_is_planned_before_the_safeguarding_lead_says_so(home_programme, tariq, maryam, women):
    huma = _staff(home_programme, "huma", "safeguarding")
    type(women[0]).objects.filter(pk=women[0].pk).update(age="16-17")
    assert needs.for_circles(home_programme).count() == 3

    needs.agree(needs.of(women[0]), huma)

    assert needs.for_circles(home_programme).count() == 4
