"""Pictures, sounds and films to test with, made here so that nobody's photo is in the repository."""

import io
import math
import struct
import wave
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.models import Collection

from media import sound
from media.models import Picture

# Wagtail opens a picture to measure it and a thumbnail to write it, and leaves both to be collected.
WAGTAIL_LEAVES_FILES_OPEN = [
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file:ResourceWarning"),
    pytest.mark.usefixtures("tidied"),
]
PLACE = {1: "N", 2: (31.0, 33.0, 0.0), 3: "E", 4: (74.0, 21.0, 0.0)}  # GPS: Lahore
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240">'
    b'<path d="M0 0h4v4z" fill="#25346e"/></svg>'
)


def photo(width: int = 1000, height: int = 750, form: str = "JPEG", *, turned: int = 1) -> bytes:
    """Noise, the hardest to make small, red at the upper left, with place and owner in it."""
    noise = Image.effect_noise((width, height), 90).convert("RGB")
    noise.paste((255, 0, 0), (0, 0, width // 4, height // 4))
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turned, "Amina of Lahore"
    exif.get_ifd(0x8825).update(PLACE)
    out = io.BytesIO()
    more = {"comment": b"Amina of Lahore"} if form == "JPEG" else {}
    noise.save(out, form, exif=exif, **more)
    return out.getvalue()


def picture(content: bytes, name: str = "yard.jpg") -> Picture:
    return Picture.objects.create(
        title="The yard", file=SimpleUploadedFile(name, content), collection=Collection.get_first_root_node()
    )


def tone(
    seconds: float, *, before: float = 0, after: float = 0, loud: float = 0.1, rate: int = 16000
) -> bytes:
    """A WAV of something like a vowel, with silence around it."""
    heard = [
        loud * math.sin(2 * math.pi * 220 * n / rate) * (0.6 + 0.4 * math.sin(2 * math.pi * 5 * n / rate))
        for n in range(int(seconds * rate))
    ]
    samples = [0.0] * int(before * rate) + heard + [0.0] * int(after * rate)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{len(samples)}h", *(int(one * 32000) for one in samples)))
    return out.getvalue()


def a_film(
    folder: Path,
    seconds: float,
    *,
    size: str = "640x360",
    rate: int = 25,
    seen: bool = True,
    heard: bool = True,
    suffix: str = "mp4",
    codecs: tuple[str, str] | list[str] = ("libx264", "aac"),
) -> bytes:
    """A test picture that counts, and a tone, with the place and the owner of the phone in it."""
    made, length = folder / f"made.{suffix}", ["-t", str(seconds)]
    order = [sound.find_ffmpeg(), "-nostdin", "-hide_banner", "-v", "error", "-y", "-progress", "pipe:1"]
    order += ["-f", "lavfi", *length, "-i", f"testsrc=size={size}:rate={rate}"] if seen else []
    order += ["-f", "lavfi", *length, "-i", "sine=frequency=300"] if heard else []
    order += ["-c:v", codecs[0], "-pix_fmt", "yuv420p"] if seen else []
    order += ["-preset", "ultrafast"] if seen and codecs[0] == "libx264" else []
    order += ["-c:a", codecs[1]] if heard else []
    order += ["-metadata", "title=Amina of Lahore", "-metadata", "location=+31.5497+074.3436/"]
    order += ["-metadata", "creation_time=2026-11-22T10:00:00Z", str(made)]
    sound.run(order)
    return made.read_bytes()
