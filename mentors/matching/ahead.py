"""Seats are kept for people who will come, as far as last year tells, and nobody waits long because of it.

Who came in the same weeks a year ago stands in for who will come (`Problem.expected`). Stand-ins take seats
as everybody does, by tier and fit, so that a seat that few can take is not given away a week too early. But
whoever waited as long as the policy lets people wait, and would have a coach if nobody were expected, has
one. Every set of people who can all be served at once is served when it goes before all others, and those
are such a set: they are part of the best answer without stand-ins.
"""

from dataclasses import replace

from mentors.matching import fast, solver
from mentors.matching.answer import seat
from mentors.matching.problem import Problem


def due_first(problem: Problem) -> Problem:
    """The same problem, in which nobody who waited long enough loses a seat to somebody who is not there."""
    if not problem.expected:
        return problem
    plain = replace(problem, expected=(), first=frozenset())
    at, _ = seat(plain, fast.solve if fast.version() else solver.solve)
    served = (seeker for seeker, offer in zip(plain.looking, at, strict=True) if offer != solver.NOBODY)
    return replace(problem, first=frozenset(seeker.id for seeker in served if problem.is_due(seeker)))
