"""How often something may be tried. The counts are in the shared cache, so all processes see the same ones.

A training centre, or a whole mobile network, shares one address: limits per address are wide.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

GUESTS_AN_HOUR = 1000  # from one address: a whole mobile network may share one


def within(what: str, whose: str, *, most: int, per: timedelta, now: datetime) -> bool:
    """Count one more try; False when there were too many in this stretch of time.

    Two processes that count in the same moment may count once. A limit need not be exact.
    """
    seconds = int(per.total_seconds())
    stretch = int(now.timestamp()) // seconds
    # Hashed, so that no address or number stands in the cache.
    key = "limit:" + salted_hmac("hamrah.limits", f"{what}:{whose}:{stretch}", algorithm="sha256").hexdigest()
    if cache.add(key, 1, timeout=seconds):
        return most >= 1
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines
        return True


def address(request: HttpRequest) -> str:
    """Where a request comes from. What a client says about itself counts only behind our own proxies."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(said) >= proxies:
        return said[-proxies]
    return request.META.get("REMOTE_ADDR", "")


def a_guest_more(request: HttpRequest, *, now: datetime) -> bool:
    """Count one more guest from an address; False when there were too many in an hour."""
    return within("guest", address(request), most=GUESTS_AN_HOUR, per=timedelta(hours=1), now=now)
