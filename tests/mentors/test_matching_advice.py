"""Short lists to choose from, and which coaches are missing."""

from dataclasses import replace

from hypothesis import assume, given, settings

from mentors.matching import Bond, eligible, match, recruitment_gaps, score, shortlist
from tests.mentors.matching import COACH, FARMER, FEW, ask, offers, problems

# ── Short lists ──────────────────────────────────────────────────────────────────────────────────────────


@given(problems())
@FEW
def test_a_short_list_has_three_at_most_all_of_whom_somebody_may_have_and_the_worthiest_first(problem):
    result = match(problem)
    free = {offer.id for offer, seats in zip(problem.coaches, problem.seats, strict=True) if seats}
    for seeker in problem.looking:
        options = shortlist(problem, result, seeker.id)
        suitable = [
            offer for offer in problem.offers if offer.id in free and not eligible(seeker, offer, problem)
        ]

        assert len(options) == min(3, len(suitable))
        assert [option.worth for option in options] == sorted((one.worth for one in options), reverse=True)
        assert {option.offer.id for option in options} <= {offer.id for offer in suitable}
        assert all(option.score == score(seeker, option.offer, problem) for option in options)


@given(problems())
@FEW
def test_the_coach_who_is_proposed_to_somebody_leads_their_list_or_is_as_worthy(problem):
    result = match(problem)
    for pair in result.pairs:
        options = shortlist(problem, result, pair.seeker.id, k=4)
        (own,) = [option.worth for option in options if option.offer == pair.offer]

        assert own == options[0].worth


def test_a_coach_whom_everybody_wants_does_not_lead_every_list():
    both = [replace(FARMER, id="amina", stage="grow"), replace(FARMER, id="gul")]
    wanted = replace(COACH, id="wanted")
    other = replace(COACH, id="other", stages=frozenset({"grow"}), slots=0b0111)
    problem = ask(both, [wanted, other])
    result = match(problem)

    assert max([wanted, other], key=lambda offer: score(both[0], offer, problem).total) == other
    assert shortlist(problem, result, "amina")[0].offer == other
    assert shortlist(problem, result, "gul")[0].offer == wanted


def test_a_coach_whose_seats_are_all_taken_stands_on_no_list():
    problem = ask([FARMER], [COACH, replace(COACH, id="p")], bonds=frozenset({Bond("x", "o")}))

    assert [option.offer.id for option in shortlist(problem, match(problem), "s")] == ["p"]


def test_who_picks_from_their_list_has_their_pick_unless_an_urgent_person_needs_the_seat():
    other = replace(COACH, id="other", slots=0b0111)
    picky = replace(FARMER, choices=("other",))
    urgent = replace(FARMER, id="urgent", tier=4, slots=0b0100, remote=True)
    proposed = {pair.seeker.id: pair.offer.id for pair in match(ask([picky], [COACH, other])).pairs}
    crowded = {pair.seeker.id: pair.offer.id for pair in match(ask([picky, urgent], [other])).pairs}

    assert proposed == {"s": "other"}
    assert crowded == {"urgent": "other"}


# ── Which coaches are missing ────────────────────────────────────────────────────────────────────────────


@given(problems(coaches=3, people=5), offers)
@settings(max_examples=80)
def test_what_a_new_coach_would_be_worth_is_what_a_new_run_would_find(problem, template):
    assume(template.largest)
    template = replace(template, id="new")
    result = match(problem)
    (gap,) = recruitment_gaps(problem, result, [template])
    one_seat = replace(template, comfortable=min(1, template.comfortable), largest=1)
    with_one, with_all = (
        match(replace(problem, offers=(*problem.offers, coach))) for coach in (one_seat, template)
    )

    assert gap.first_seat == with_one.certificate.primal - result.certificate.primal
    assert gap.at_most >= with_all.certificate.primal - result.certificate.primal
    assert gap.people >= len(with_all.pairs) - len(result.pairs)


def test_the_coach_whom_most_wait_for_comes_first():
    women = [replace(FARMER, id=f"w{n}", gender="woman", wish="", tier=3) for n in range(3)]
    problem = ask([*women, FARMER], [COACH])
    roomy = {"comfortable": 5, "largest": 5}
    woman = replace(COACH, id="woman", gender="woman", **roomy)
    man = replace(COACH, id="man", **roomy)
    far = replace(woman, id="far", district="lahore", remote=False)
    gaps = recruitment_gaps(problem, match(problem), [far, man, woman])

    assert [(gap.template.id, gap.people) for gap in gaps] == [("woman", 3), ("far", 0), ("man", 0)]
    assert gaps[0].first_seat > 0 == gaps[1].first_seat == gaps[2].first_seat
