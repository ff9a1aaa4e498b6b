"""Which coaches a programme should look for: what one more of a kind would be worth, read off the prices."""

from collections import Counter
from datetime import date
from typing import Any

from mentors import matching, times

# When most people can talk: every evening, and all of the weekend.
FREE = times.bits([(day, 2) for day in range(7)] + [(day, part) for day in (5, 6) for part in range(3)])
SEATS, NEAR_KM = 4, 50
MOST = 3  # kinds of coaches that are named


def wanted(
    problem: matching.Problem, result: matching.MatchResult, zone: str, *, monday: date
) -> list[dict[str, Any]]:
    """The coaches who would help most: woman or man, by phone or near a district; for how many more."""
    waiting = {one.seeker for one in result.waiting}
    people = [one for one in problem.looking if one.id in waiting]
    if not people:
        return []
    kinds = _kinds(people, times.hours(FREE, zone, monday=monday))
    gaps = matching.recruitment_gaps(problem, result, kinds)
    found = [
        {"gender": gap.template.gender, "district": gap.template.district, "people": gap.people}
        for gap in gaps
        if gap.people
    ]
    return found[:MOST]


def _kinds(people: list[matching.Seeker], hours: int) -> list[matching.Offer]:
    """Women and men, who talk by phone or live where most people wait who would like to meet."""
    mother = Counter(one.mother for one in people).most_common(1)[0][0]
    districts = Counter(one.district for one in people if one.district and not one.remote)
    places = ["", *(district for district, _ in districts.most_common(MOST))]
    return [
        matching.Offer(
            id=f"{gender} {district}",
            gender=gender,
            mother=mother,
            languages=frozenset({"ur"}),
            walks_with="any",
            district=district,
            reach_km=NEAR_KM if district else 0,
            remote=not district,
            slots=hours,
            trades=tuple((trade, 3) for trade in sorted({one.trade for one in people if one.trade})),
            trauma_informed=True,
            ready=True,
            comfortable=SEATS - 1,
            largest=SEATS,
        )
        for gender in ("woman", "man")
        for district in places
    ]
