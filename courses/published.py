"""Pages as files: rendered once when something changes, then given to everybody as they are.

The tables are the truth (`Rendering`: every page that ever was, with its keys; `Publication`: what stands
where now; `Wanted`: what must be rendered again). The files under PUBLISHED_ROOT follow, and may be lost.
"""

import gzip
import hashlib
import json
import logging
import os
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Page

from assessments.models import Question
from courses import fixed, keeping, packs, pages, sealed, twice
from courses.beside import BesideUnit, key
from courses.fixed import Fixed
from courses.models import (
    CATALOGUE,
    CataloguePage,
    CoursePage,
    LessonPage,
    Publication,
    Rendering,
    UnitPage,
    Wanted,
)
from courses.outline import Shown, address
from media import files, films, sound
from media.models import Film, Recording

logger = logging.getLogger("hamrah.published")

ADDRESS = re.compile(r"/(?:p|[a-z]{2,3})/(?:[a-z0-9_-]+/)*\Z")  # /p/: one rendering, by its name
ON_THE_WAY = ("catalogue", "course", "fixed")  # kinds of pages that lead to a unit, or belong to none
TAUGHT = (CataloguePage, CoursePage, UnitPage, LessonPage)
SHAPES = {
    "config/templates": {".html"},
    "config/static": {".css", ".mjs", ".svg", ".woff2"},
    "config/locale": {".po"},
    "courses": {".html", ".py"},
    "courses/countries": {".toml"},
    "assessments/static": {".mjs"},
    "lms/static": {".mjs"},
    "lms/templates": {".html"},
    "media/static": {".mjs"},
}


@dataclass(frozen=True)
class Published:
    """One page as it lies on the disk."""

    rev: str
    locale: str
    body: bytes  # gzip


# ── Asking for work ──────────────────────────────────────────────────────────────────────────────────────


def want(page: Page) -> None:
    """Have a page, and all that shows it, rendered soon: its unit in its language, or the whole catalogue."""
    page = page.specific
    unit = page if isinstance(page, UnitPage) else page.get_parent() if isinstance(page, LessonPage) else None
    if unit:
        _want(unit.translation_key, page.locale.language_code)
    _want(CATALOGUE, page.locale.language_code)


def want_all() -> None:
    """Have everything rendered soon."""
    # Wagtail ships no types, so its managers seem to lack `live`.
    for unit in UnitPage.objects.live().select_related("locale"):  # ty: ignore[missing-attribute]
        _want(unit.translation_key, unit.locale.language_code)
    for page in CataloguePage.objects.live().select_related("locale"):  # ty: ignore[missing-attribute]
        _want(CATALOGUE, page.locale.language_code)


def catch_up(now: datetime) -> None:
    """Render what was asked for and not done: the worker was away, or was killed."""
    if Wanted.objects.filter(since__lt=now - timedelta(seconds=30)).exists():
        work_off()


def _want(unit_key: uuid.UUID, locale: str) -> None:
    from courses.tasks import work_off_wanted  # tasks call this module

    # A row that is being worked off may already be read: a younger `since` keeps it from being deleted.
    Wanted.objects.update_or_create(
        unit_key=unit_key, locale=locale, defaults={"since": timezone.now(), "trouble": ""}
    )
    # Where no worker can be told, the row stays and `manage.py tick` finds it.
    transaction.on_commit(work_off_wanted.delay, robust=True)


# ── Doing it ─────────────────────────────────────────────────────────────────────────────────────────────


def work_off() -> int:
    """Render all that is wanted; say how many units that were. What fails stays wanted, with its reason."""
    done = 0
    for wanted in Wanted.objects.order_by("since"):
        try:
            _publish(wanted.unit_key, wanted.locale)
        except Exception as trouble:
            logger.exception("Unit %s in %s could not be published", wanted.unit_key, wanted.locale)
            Wanted.objects.filter(pk=wanted.pk).update(trouble=repr(trouble)[:500])
        else:
            Wanted.objects.filter(pk=wanted.pk, since=wanted.since).delete()
            done += 1
    return done


def _publish(unit_key: uuid.UUID, locale: str) -> None:
    if unit_key == CATALOGUE:
        for model in (CataloguePage, CoursePage):
            _publish_all(model.objects.filter(locale__language_code=locale))
        _publish_fixed(locale)
        _pack(unit_key, locale)
        return
    unit = UnitPage.objects.filter(translation_key=unit_key, locale__language_code=locale).first()
    if unit:
        _publish_all([unit, *unit.get_children()])
        _publish_beside(unit)
        _pack(unit_key, locale)


def _publish_all(found) -> None:
    for page in found:
        if page.live and all(parent.live for parent in page.get_ancestors().filter(depth__gt=1)):
            publish(page)
        else:
            take_down(page.translation_key, page.locale.language_code)


def _publish_fixed(locale: str) -> None:
    """What nobody writes, where there is a catalogue."""
    live = CataloguePage.objects.live().filter(locale__language_code=locale)  # ty: ignore[missing-attribute] - Wagtail ships no types
    catalogue = live.select_related("locale").first()
    for name in fixed.names():
        if catalogue and locale in settings.READING:
            publish(Fixed(name, catalogue.locale))
        else:
            take_down(fixed.key(name), locale)
        if fixed.is_apart(name):
            _pack(fixed.key(name), locale)


def names_beside() -> set[str]:
    """The last part of the addresses below every unit; no lesson may be called so."""
    return {keeping.Keeping.slug, *twice.SLUGS.values()}


def beside(unit: UnitPage) -> list[BesideUnit]:
    """The pages that follow from a unit."""
    return [*twice.of(unit), *keeping.of(unit)]


def _publish_beside(unit: UnitPage) -> None:
    """What follows from a unit, where the unit itself stands."""
    locale = unit.locale.language_code
    stands = Publication.objects.filter(page_key=unit.translation_key, locale=locale).exists()
    here = beside(unit) if stands else []
    for page in here:
        publish(page)
    take_down_beside(unit.translation_key, locale, but=[page.name for page in here])


def take_down_beside(unit_key: uuid.UUID, locale: str, *, but: Collection[str] = ()) -> None:
    """What follows from a unit stands there no more, but for some of it."""
    for name in {*twice.SLUGS, keeping.Keeping.name}.difference(but):
        take_down(key(unit_key, name), locale)


def _pack(unit_key: uuid.UUID, locale: str) -> None:
    """What phones may keep: a unit; of the catalogue, all pages that lead to one; of a page apart, itself."""
    standing = Publication.objects.filter(locale=locale).select_related("rendering").order_by("path")
    unit = standing.filter(page_key=unit_key).first()
    if unit_key == CATALOGUE:
        pages = list(standing.filter(rendering__kind__in=ON_THE_WAY))
    elif unit and unit.rendering.kind == "apart":
        pages = [unit]
    else:
        pages = list(standing.filter(path__startswith=unit.path)) if unit else []
        pages = pages if any(page.rendering.kind == "keep" for page in pages) else []
    if pages:
        packs.build(unit_key, locale, pages)
    else:
        packs.drop(unit_key, locale)


def publish(page: Shown) -> Rendering:
    """Render one page and put it at its address. The same content is the same rendering."""
    rendering = _rendering(page)
    path = address(page)
    with transaction.atomic():
        before = Publication.objects.filter(page_key=page.translation_key, locale=rendering.locale).first()
        if before and before.path != path:
            _remove_file(before.path)
        Publication.objects.filter(path=path).exclude(page_key=page.translation_key).delete()
        if not before or (before.path, before.rendering_id) != (path, rendering.pk):
            Publication.objects.update_or_create(
                page_key=page.translation_key,
                locale=rendering.locale,
                defaults={"path": path, "rendering": rendering},
            )
        transaction.on_commit(lambda: _write_file(path, rendering))
    return rendering


def take_down(page_key: uuid.UUID, locale: str) -> None:
    """Nothing stands there any more. What was rendered is kept, so that late records can be marked."""
    for publication in Publication.objects.filter(page_key=page_key, locale=locale):
        path = publication.path
        publication.delete()
        transaction.on_commit(lambda path=path: _remove_file(path))


def refill() -> int:
    """Write every published page that the disk has lost or has otherwise, and say how many."""
    written = 0
    for publication in Publication.objects.select_related("rendering"):
        found = read(publication.path)
        if not found or found.rev != publication.rendering_id:
            _write_file(publication.path, publication.rendering)
            written += 1
    return written


def _rendering(page: Shown) -> Rendering:
    drawn = pages.draw(page)
    rev = _rev(drawn)
    html = drawn.html.replace(pages.NO_REV, rev)
    sealed.check([drawn.keys], [html])
    rendering, _ = Rendering.objects.get_or_create(
        rev=rev,
        defaults={
            "page_key": page.translation_key,
            "locale": page.locale.language_code,
            "kind": drawn.kind,
            "keys": drawn.keys,
            "body": gzip.compress(html.encode(), 9, mtime=0),
        },
    )
    return rendering


def _rev(drawn: pages.Drawn) -> str:
    """The name of a page: the digest of all of it, and of those keys that are not in it.

    They go in sealed with the server's own key; a plain digest could be tried out, answer by answer.
    """
    hidden = {block: key for block, key in drawn.keys.items() if key["use"] == Question.Use.COUNTS}
    seal = (
        salted_hmac("hamrah.rev", json.dumps(hidden, sort_keys=True), algorithm="sha256").hexdigest()
        if hidden
        else ""
    )
    return hashlib.sha256(f"{drawn.html}{seal}".encode()).hexdigest()


def after_release() -> tuple[int, int]:
    """Render everything when the templates or sentences are not those of last time; then whatever is wanted.

    Returns how many units were rendered and how many lost files were written again.
    """
    mark, edition = Path(settings.PUBLISHED_ROOT, "edition"), _edition()
    if not mark.exists() or mark.read_text() != edition:
        want_all()
    lost = (
        0 if mark.exists() else _refill_sounds() + _refill_films()
    )  # the mark goes when the folder is emptied
    rendered, written = work_off(), refill() + lost
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(edition)
    return rendered, written


def _refill_sounds() -> int:
    """Write every recording that the disk has lost, and say how many."""
    written = 0
    for recording in Recording.objects.filter(state=Recording.State.READY):
        if all(files.holds(address) for address in (recording.opus, recording.mp3) if address):
            continue
        try:
            sound.refill(recording)
            written += 1
        except OSError:
            logger.warning("Recording %s is lost: no copy of it is kept anywhere", recording.pk)
    return written


def _refill_films() -> int:
    """Write every film that the disk has lost, and say how many files that were."""
    written = 0
    for film in Film.objects.filter(state=Film.State.READY):
        try:
            written += films.refill(film)
        except OSError:
            logger.warning("Film %s is lost: no copy of it is kept anywhere", film.pk)
    return written


def _edition() -> str:
    """A digest of all that shapes a page besides its content."""
    digest = hashlib.sha256(salted_hmac("hamrah.edition", settings.SEAL_KEYS[0], algorithm="sha256").digest())
    for folder, kinds in SHAPES.items():
        for file in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if file.suffix in kinds:
                digest.update(file.read_bytes())
    return digest.hexdigest()


# ── Giving it ────────────────────────────────────────────────────────────────────────────────────────────


def serve(page: Shown) -> HttpResponse:
    """Answer for a page whose file is not there: write it, and give it this once from here."""
    if not isinstance(page, (*TAUGHT, BesideUnit, Fixed)):
        raise Http404
    rendering = publish(page)
    return HttpResponse(gzip.decompress(bytes(rendering.body)))


def preview(page: Shown) -> str:
    """A page as it would be published now, drafts included."""
    return pages.draw(page).html


def read(path: str) -> Published | None:
    """What stands at an address, from the disk alone."""
    if not ADDRESS.match(path):
        return None
    try:
        head, body = _file(path).read_bytes().split(b"\n", 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    about = json.loads(head)
    return Published(about["rev"], about["locale"], body)


def stamp(path: str) -> int | None:
    """When the file at an address was written (nanoseconds), or None."""
    try:
        return os.stat(_file(path)).st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return None


def _file(path: str) -> Path:
    return Path(settings.PUBLISHED_ROOT, "pages", path.strip("/"), "page")


def _write_file(path: str, rendering: Rendering) -> None:
    head = json.dumps({"rev": rendering.rev, "locale": rendering.locale}).encode()
    for place in (_file(path), _file(f"/p/{rendering.rev}/")):  # where it stands now, and by its own name
        files.put(place, head + b"\n" + bytes(rendering.body))


def _remove_file(path: str) -> None:
    _file(path).unlink(missing_ok=True)
