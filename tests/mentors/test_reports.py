from hypothesis import given
from hypothesis import strategies as st

from mentors.reports import FEWEST, shown, shown_pair

people = st.integers(0, 60)


@given(people, people)
def test_nothing_smaller_than_the_limit_is_shown_or_can_be_worked_out(part, rest):
    whole, seen = shown(part + rest), shown_pair(part, of=part + rest)

    assert whole is None or whole >= FEWEST
    if seen is not None:
        assert seen >= FEWEST
        assert rest == 0 or rest >= FEWEST


def test_large_numbers_are_shown():
    assert (shown(10), shown_pair(20, of=30), shown_pair(10, of=10)) == (10, 20, 10)
