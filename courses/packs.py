"""What a phone keeps to learn without a network: the published files of a unit, in a language, with a voice.

A pack is a list of files with their exact sizes and digests, and is itself a file named by its content. Which
list holds now stands at `/packs/<language>/<unit>.json`. Nothing in it is about a person, and nothing in its
files tells the key of a question that counts.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from gzip import compress, decompress
from pathlib import Path
from posixpath import dirname, join, normpath
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from courses import sealed
from courses.models import Pack, Publication
from media import files

ADDRESS = re.compile(r"/packs/[a-z]{2,3}/[0-9a-f-]{36}\.json\Z")
NAMED = re.compile(r"/(?:f|static)/[\w./-]*\w", re.ASCII)
TABLE = re.compile(r'<link rel="sounds" href="([^"]+)" data-voice="([a-z]+)">')
NAMED_THERE = {
    ".mjs": re.compile(r"""\b(?:from|import)\s*\(?\s*["'](\.{1,2}/[^"']+)["']"""),
    ".css": re.compile(r"""url\(["']?([^"')]+)["']?\)"""),
}
WORDS = {".json", ".mjs", ".css", ".svg"}  # these go over the line packed, and could tell a key
# A film needs a line. Sounds are listed apart, so that they may be left out. What is a JPEG is a WebP, too.
LEFT_OUT = {".mp4", ".webm", ".m4a", ".opus", ".ogg", ".mp3", ".jpeg"}


class Missing(Exception):
    """A page names a file that is not here, so a phone would miss it, too."""


@dataclass(frozen=True)
class File:
    """One file of a pack. Bytes: `size` on the phone, `line` on the way to it.

    digest: SHA-256; of a file that is named by its digest, only what the name leaves out.
    """

    address: str
    digest: str
    size: int
    line: int


def build(unit: UUID, locale: str, pages: Iterable[Publication]) -> None:
    """Make the packs of a unit anew, one for each voice that something of it can be heard in.

    Raises sealed.KeyTold or Missing, and leaves then what phones were offered before.
    """
    pages = list(pages)
    texts = {page.path: decompress(bytes(page.rendering.body)).decode() for page in pages}
    voices = {voice for text in texts.values() for _, voice in TABLE.findall(text)}
    tables = {voice: _tables(texts.values(), voice) for voice in sorted(voices)}
    contents = _contents(texts.values(), {table for voice in tables.values() for table in voice})
    sealed.check([page.rendering.keys for page in pages], [*texts.values(), *_words(contents)])
    plain = [_page(page, texts[page.path]) for page in pages]
    plain += [_file(address, content) for address, content in sorted(contents.items())]
    offered = {
        voice: _keep(unit, locale, voice, pages, plain, [json.loads(contents[table]) for table in heard])
        for voice, heard in (tables or {"": []}).items()
    }
    Pack.objects.filter(unit_key=unit, locale=locale).exclude(voice__in=offered).delete()
    files.put(_offer(unit, locale), json.dumps({"v": 1, "voices": offered}).encode())


def drop(unit: UUID, locale: str) -> None:
    """Nothing of this unit is offered any more. What phones have, they keep."""
    Pack.objects.filter(unit_key=unit, locale=locale).delete()
    _offer(unit, locale).unlink(missing_ok=True)


def offer(path: str) -> bytes | None:
    """Which packs of a unit there are now, by voice; from the disk alone."""
    try:
        return _at(path).read_bytes() if ADDRESS.match(path) else None
    except FileNotFoundError:
        return None


def _offer(unit: UUID, locale: str) -> Path:
    return _at(f"/packs/{locale}/{unit}.json")


def _at(path: str) -> Path:
    return Path(settings.PUBLISHED_ROOT, path.strip("/"))


def _keep(
    unit: UUID, locale: str, voice: str, pages: list[Publication], plain: list[File], tables: list[dict]
) -> str:
    heard = {key: row for table in tables for key, row in table.items()}
    sounds = sorted({(row[0], row[1]) for row in heard.values()})
    listed = {
        "v": 1,
        "unit": str(unit),
        "locale": locale,
        "voice": voice,
        "seconds": round(sum(row[2] for key, row in heard.items() if not key.startswith("ui:")) / 1000),
        "pages": {page.path: _kept_at(page) for page in pages},
        "files": [astuple(file) for file in plain],
        # Each as Opus and as MP3, of which a phone takes one.
        "sounds": [[astuple(_sound(address)) for address in pair if address] for pair in sounds],
    }
    content = json.dumps(listed, separators=(",", ":")).encode()
    address = files.keep(content, "json")
    line = sum(file.line for file in plain) + sum(pair[0][3] for pair in listed["sounds"]) + _line(content)
    Pack.objects.update_or_create(
        unit_key=unit,
        locale=locale,
        voice=voice,
        defaults={"address": address, "bytes": line, "seconds": listed["seconds"]},
    )
    return address


# ── What is in it ────────────────────────────────────────────────────────────────────────────────────────


def _tables(texts: Iterable[str], voice: str) -> list[str]:
    """The lists of what can be heard in one voice, one for each page."""
    return sorted({table for text in texts for table, said in TABLE.findall(text) if said == voice})


def _contents(texts: Iterable[str], tables: set[str]) -> dict[str, bytes]:
    """Every file that the pages name, and every file that these name in turn."""
    found: dict[str, bytes] = {}
    open_ones = {address for text in texts for address in NAMED.findall(text)} | tables
    while open_ones:
        address = open_ones.pop()
        if address in found or Path(address).suffix in LEFT_OUT:
            continue
        found[address] = _read(address)
        if names := NAMED_THERE.get(Path(address).suffix):
            named = names.findall(found[address].decode())
            open_ones |= {normpath(join(dirname(address), name)) for name in named if ":" not in name}
    return found


def _words(contents: dict[str, bytes]) -> list[str]:
    return [content.decode() for address, content in contents.items() if Path(address).suffix in WORDS]


def _read(address: str) -> bytes:
    try:
        if address.startswith("/f/"):
            return files.path_of(address).read_bytes()
        name = address.removeprefix(settings.STATIC_URL)
        if staticfiles_storage.exists(name):
            with staticfiles_storage.open(name) as file:
                return file.read()
        return Path(finders.find(name) or "").read_bytes()  # in a development server nothing is gathered
    except (OSError, files.NotKept) as trouble:
        raise Missing(f"{address} is named by a page, and is not here.") from trouble


def _page(page: Publication, text: str) -> File:
    content = text.encode()
    return File(_kept_at(page), _digest(content), len(content), len(page.rendering.body))


def _kept_at(page: Publication) -> str:
    return f"/p/{page.rendering_id}/"


def _file(address: str, content: bytes) -> File:
    line = _line(content) if Path(address).suffix in WORDS else len(content)
    digest = _digest(content)
    known = files.DIGITS if address.startswith("/f/") else 0
    return File(address, digest[known:], len(content), line)


def _sound(address: str) -> File:
    return _file(address, _read(address))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _line(content: bytes) -> int:
    return len(compress(content, 9, mtime=0))
