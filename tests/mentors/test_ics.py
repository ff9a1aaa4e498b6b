"""A meeting as a file for calendars: read back by the rules of RFC 5545, whatever stands in it."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from mentors import ics

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]) | st.just("\n"), max_size=200
)
MOMENTS = st.datetimes(
    datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=5))])
)


def read(file: bytes) -> dict[str, str]:
    """Names and values of the event: lines unfolded (3.1), text unescaped (3.3.11)."""
    assert file.endswith(b"\r\n")
    lines = file.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    inside = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    return {name: _unescaped(value) for name, value in (line.split(":", 1) for line in inside)}


def _unescaped(value: str) -> str:
    out, signs = "", iter(value)
    for sign in signs:
        if sign == "\\":
            sign = next(signs)
            out += "\n" if sign in "nN" else sign
        else:
            assert sign not in ",;\n\r", "An unescaped sign ends the value."
            out += sign
    return out


def an_event(**said) -> ics.Event:
    known = {
        "uid": "1@hamrah", "title": "We meet", "begins": datetime(2026, 12, 3, 14, tzinfo=UTC),
        "lasts": timedelta(hours=1), "where": "Chak 12", "changes": 0,
        "changed_at": datetime(2026, 11, 22, tzinfo=UTC),
    }  # fmt: skip
    return ics.Event(**(known | said))


@given(title=TEXTS, where=TEXTS, begins=MOMENTS, minutes=st.integers(1, 600), changes=st.integers(0, 99))
def test_a_calendar_reads_what_was_written(title, where, begins, minutes, changes):
    lasts = timedelta(minutes=minutes)
    file = ics.calendar(an_event(title=title, where=where, begins=begins, lasts=lasts, changes=changes))

    event = read(file)
    assert (event["SUMMARY"], event["LOCATION"], event["SEQUENCE"]) == (title, where, str(changes))
    for name, moment in (("DTSTART", begins), ("DTEND", begins + lasts)):
        there = datetime.strptime(event[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert there == moment.replace(microsecond=0)


@given(title=TEXTS, where=TEXTS)
def test_no_line_is_longer_than_75_octets_and_no_letter_is_cut(title, where):
    for line in ics.calendar(an_event(title=title, where=where)).split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@given(st.text())
def test_nothing_that_somebody_typed_becomes_a_line_of_the_calendar(where):
    lines = ics.calendar(an_event(where=where)).replace(b"\r\n ", b"").decode().split("\r\n")

    assert len(lines) == 19
    assert not any(sign in lines[13] for sign in "\n\r\x00\x0b\x1b\u2028")


def test_what_is_called_off_says_so():
    assert read(ics.calendar(an_event(called_off=True)))["STATUS"] == "CANCELLED"
    assert read(ics.calendar(an_event()))["STATUS"] == "CONFIRMED"
