import contextlib

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from assessments.numbers import NotANumber, read_number
from tests.phones import on_a_phone
from tests.shared_cases import cases

AS_IT_COMES = (Phase.explicit, Phase.generate)  # to shrink a hundred answers takes minutes
SCRIPTS = {"arabic": "٠١٢٣٤٥٦٧٨٩", "urdu": "۰۱۲۳۴۵۶۷۸۹", "latin": "0123456789"}
decimals = st.decimals(-999_999, 999_999, places=3)


@pytest.mark.parametrize("case", cases("numbers"))
def test_a_number_is_read_as_it_was_meant_or_not_at_all(case):
    how = {"comma": case["comma"], "unit": case["unit"]}
    if case["read"] is None:
        with pytest.raises(NotANumber):
            read_number(case["typed"], **how)
    else:
        assert str(read_number(case["typed"], **how)) == str(float(case["read"]))  # -0.0 is not 0.0


@given(decimals, st.sampled_from(sorted(SCRIPTS)), st.sampled_from(["", " ", "\u200f", "\u00a0"]))
def test_in_any_digits_with_any_space_it_is_the_same_number(number, script, space):
    typed = f"{number:f}".translate(str.maketrans("0123456789", SCRIPTS[script]))

    assert read_number(f"{space}{typed}{space}") == float(number)


@given(decimals)
def test_a_number_as_each_language_writes_it_is_read_back(number):
    in_english = f"{number:,.3f}"
    in_german = in_english.translate(str.maketrans(",.", ".,"))

    assert read_number(in_english) == read_number(in_german, comma=True) == float(number)


@settings(max_examples=12, deadline=None, phases=AS_IT_COMES)
@given(
    st.lists(
        st.tuples(
            st.text("0123456789.,'-+٫٬،۔−–’*۱۲٥ \u00a0\u200flmkg", max_size=12) | st.text(max_size=50),
            st.booleans(),
            st.sampled_from(["", "l", "ml", "kg", "litres", "لیٹر"]),
        ),
        min_size=60,
        max_size=120,
    )
)
@example([("−١٬٢٠٠٫٥ l", False, "litres"), ("\u2028İ", True, ""), ("12 ΑΣ", False, "ας.")])
def test_whatever_is_typed_the_phone_reads_it_as_we_do(typed):
    on_the_phone = on_a_phone(
        """
        import { readNumber } from "./assessments/static/assessments/numbers.mjs";
        import { NotAnAnswer } from "./assessments/static/assessments/marking.mjs";

        export default ([typed, comma, unit]) => {
          try {
            return readNumber(typed, comma, unit);
          } catch (trouble) {
            if (!(trouble instanceof NotAnAnswer)) throw trouble;
            return null;
          }
        };
        """,
        typed,
    )

    assert on_the_phone == [_read(*one) for one in typed]


def _read(typed: str, comma: bool, unit: str) -> float | None:
    with contextlib.suppress(NotANumber):
        return read_number(typed, comma=comma, unit=unit)
