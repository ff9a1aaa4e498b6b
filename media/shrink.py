"""A picture that fits: into the width of a phone, and into a few kilobytes."""

import io
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

from media import drawings, files
from media.models import Picture, Rendition

logger = logging.getLogger("hamrah.media")

WIDTH = 720  # of the picture in a lesson, on a phone with two dots a pixel
BUDGET = 25 * 1024  # bytes at that width; a smaller one has less
LEAST = 6 * 1024
QUALITIES = (82, 74, 66, 58, 50, 42, 34)
RECIPE = 1  # another number makes every picture anew


@dataclass(frozen=True)
class Fitted:
    """Either a drawing, or one photo in two formats."""

    width: int
    height: int
    svg: bytes = b""
    webp: bytes = b""
    jpeg: bytes = b""


def fit(picture: Picture, width: int = WIDTH) -> Fitted:
    """The picture at this width or less, within its bytes, without a word of where it was taken."""
    with picture.open_file() as file:
        content = file.read()
    if picture.is_svg():
        svg = drawings.clean(content)
        return Fitted(*drawings.size(svg), svg=svg)
    with Image.open(io.BytesIO(content)) as opened:
        opened.draft("RGB", (width, width))  # a JPEG can be read small at once
        whole = ImageOps.exif_transpose(opened)
        whole = whole.convert("RGBA" if whole.has_transparency_data else "RGB")
    return fit_image(whole, width)


def fit_image(whole: Image.Image, width: int = WIDTH) -> Fitted:
    """A picture that is open already, at this width or less, in two formats within its bytes."""
    whole.info = {}
    if whole.width > width:
        height = max(1, round(whole.height * width / whole.width))
        whole = whole.resize((width, height), Image.Resampling.LANCZOS)
    budget = max(LEAST, BUDGET * width // WIDTH)
    return Fitted(
        *whole.size, webp=_within(whole, "WEBP", budget), jpeg=_within(on_white(whole), "JPEG", budget)
    )


def addresses(picture: Picture, width: int = WIDTH) -> dict[str, str | int]:
    """Where a phone gets the picture: `svg`, or `webp` and `jpeg`; with `width` and `height` of its place.

    Empty when the uploaded file is lost: a lesson without a picture is better than no lesson.
    """
    try:
        note = _note_for(picture, width)
        if (known := _remembered(note)) is not None:
            return known
        fitted = fit(picture, width)
    except OSError:
        logger.warning("The file of picture %s cannot be read", picture.pk)
        return {}
    found: dict[str, str | int] = {"width": fitted.width, "height": fitted.height}
    for suffix in ("svg", "webp", "jpeg"):
        if content := getattr(fitted, suffix):
            found[suffix] = files.keep(content, suffix)
    _remember(note, found)
    return found


def address_of(rendition: Rendition) -> str:
    """Where the trainers' room gets a thumbnail."""
    name = rendition.file.name or ""
    note = _note("rendition", name, str(rendition.pk))
    found = _remembered(note)
    if found is None:
        with rendition.file.storage.open(name) as file:
            content = file.read()
        suffix = name.rpartition(".")[2].lower()
        if suffix == "svg":
            content = drawings.clean(content)
        found = {"address": files.keep(content, {"jpg": "jpeg", "gif": "png"}.get(suffix, suffix))}
        _remember(note, found)
    return str(found["address"])


def on_white(image: Image.Image) -> Image.Image:
    """The same picture without holes, for formats that have none."""
    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _within(image: Image.Image, form: str, budget: int) -> bytes:
    """First less quality, then less width: a soft picture is kinder than a tiny one."""
    least = _written(image, form, QUALITIES[-1])
    while len(least) > budget and min(image.size) > 1:
        factor = min(0.9, max(0.5, (budget / len(least)) ** 0.5))
        smaller = (max(1, int(image.width * factor)), max(1, int(image.height * factor)))
        image = image.resize(smaller, Image.Resampling.LANCZOS)
        least = _written(image, form, QUALITIES[-1])
    best, low, high = least, 0, len(QUALITIES) - 1  # the best quality that fits lies between the two
    while low < high:
        middle = (low + high) // 2
        tried = _written(image, form, QUALITIES[middle])
        if len(tried) <= budget:
            best, high = tried, middle
        else:
            low = middle + 1
    return best


def _written(image: Image.Image, form: str, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, quality=quality, **({"method": 4} if form == "WEBP" else {"optimize": True}))
    return out.getvalue()


def _note_for(picture: Picture, width: int) -> Path:
    """A picture is known by its content: a new file under the old row is a new picture."""
    return _note("picture", str(RECIPE), str(width), picture.file.name or "", picture.get_file_hash())


def _note(*known_by: str) -> Path:
    name = sha256(":".join(known_by).encode()).hexdigest()[:40]
    return Path(settings.PUBLISHED_ROOT) / "pictures" / name[:2] / f"{name}.json"


def _remembered(note: Path) -> dict[str, str | int] | None:
    try:
        found = json.loads(note.read_bytes())
    except (OSError, ValueError):
        return None
    kept = all(files.holds(address) for address in found.values() if isinstance(address, str))
    return found if kept else None


def _remember(note: Path, found: Mapping[str, str | int]) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    draft = note.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(found), encoding="utf-8")
    draft.replace(note)
