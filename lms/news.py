"""Whether something new waits for a person. Never what, and never from whom: others may look at the phone.

Whoever has news registers a question here; lms knows none of them.
"""

from collections.abc import Callable

from lms.models.people import Person

Source = Callable[[Person], bool]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """Ask this, too, whether something new waits."""
    _sources.append(source)
    return source


def waits_for(person: Person) -> bool:
    """Is there anything new for them?"""
    return any(source(person) for source in _sources)
