"""Seats beside a coach, one sign each."""

from django import template

from mentors.coaches import Seats

register = template.Library()


@register.filter
def seats(largest: int, now: Seats) -> list[str]:
    """taken, held, or free, in this order."""
    signs = ["taken"] * now.taken + ["held"] * now.held
    return (signs + [""] * largest)[: max(largest, len(signs))]
