"""Who might walk beside whom: the best answer there is, and a proof of it.

Pure: no Django, no clock, no files, no packages. Ids come in, ids go out, and nothing is kept.

- `match(problem)` seats people beside coaches: the urgent first, then as many as can be, then who fits best.
- `verify(problem, result)` proves it, or says what is wrong. Only what is `ok` may be released, by a human.
- `eligible` and `score` judge one pair; `shortlist` gives somebody a choice; `explain` says why.
- `due_first` sees to it that nobody waits long for who has not come yet (`Problem.expected`).
- `form_cohorts` seats people in groups; `recruitment_gaps` says which coaches a programme should look for.

Units: points are whole, 0 to 1000 for a pair; weights and prices are points too, with `problem.base` for one
step of a tier; distances are km; slots are bits of the coming week in UTC. Why it is like this:
docs/decisions/0015-matching.md.
"""

from mentors.matching.advice import Gap, Option, recruitment_gaps, shortlist
from mentors.matching.ahead import due_first
from mentors.matching.answer import match, pair
from mentors.matching.certificate import verify
from mentors.matching.cohorts import Cohort, CohortResult, form_cohorts
from mentors.matching.people import Bond, Hold, Offer, Points, Policy, Seeker, Terms, Unsound
from mentors.matching.problem import Problem
from mentors.matching.result import Certificate, MatchResult, Pair, Served, Stats, Waiting
from mentors.matching.rules import Score, eligible, score
from mentors.matching.speech import Sentence, explain

__all__ = [
    "Bond",
    "Certificate",
    "Cohort",
    "CohortResult",
    "Gap",
    "Hold",
    "MatchResult",
    "Offer",
    "Option",
    "Pair",
    "Points",
    "Policy",
    "Problem",
    "Score",
    "Seeker",
    "Sentence",
    "Served",
    "Stats",
    "Terms",
    "Unsound",
    "Waiting",
    "due_first",
    "eligible",
    "explain",
    "form_cohorts",
    "match",
    "pair",
    "recruitment_gaps",
    "score",
    "shortlist",
    "verify",
]
