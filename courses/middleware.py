"""Gives published pages and their files before a session is opened or a question asked of the database."""

import gzip
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from courses import packs, published
from media import files

Next = Callable[[HttpRequest], HttpResponseBase]


class PublishedPages:
    """The same bytes for everybody; a phone that has them already is told so."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            if request.path.startswith("/f/"):
                return files.serve(request, request.path.removeprefix("/f/"))
            if offered := packs.offer(request.path):
                return _offer(offered)
            if page := _page(request.path):
                return _answer(request, page)
        return self.get_response(request)


def _page(path: str) -> published.Published | None:
    if not published.ADDRESS.match(path):
        return None
    written = published.stamp(path)
    return _read(path, written) if written else None


@lru_cache(maxsize=500)
def _read(path: str, written: int) -> published.Published | None:
    return published.read(path)


def _offer(offered: bytes) -> HttpResponse:
    return HttpResponse(offered, content_type="application/json", headers={"Cache-Control": "no-cache"})


def _answer(request: HttpRequest, page: published.Published) -> HttpResponse:
    by_name = request.path.startswith("/p/")
    etag = f'"{page.rev}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response: HttpResponse = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(page.body, headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(page.body))
    response["ETag"] = etag
    # By its own name a rendering never changes. What stands at an address is asked after each time: it is new
    # ten seconds after publishing.
    response["Cache-Control"] = files.FOR_EVER if by_name else "no-cache"
    response["Content-Language"] = page.locale
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
