"""Has a machine read the starter and the interface aloud, until a person has time: `python deploy/speak.py`.

Only for whoever changes the prose: what it makes is committed, and nothing of it runs in the product. Makes
what is new, removes what nobody says any more. `--all` makes everything anew, after a change to the voices.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django
from django.core.management import call_command
from django.utils.translation import gettext, override

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "courses" / "starter"
SPEED = ["-s", "135", "-g", "2", "-p", "45"]  # words a minute, pause between words, pitch
VOICES = {"ur": ["-v", "ur", *SPEED], "en": ["-v", "en-gb", *SPEED]}
LOUDNORM_NEEDS = 3.5  # seconds
AT_ONCE = 4
STOP = {"ur": "۔", "en": "."}
# What the machine would say wrongly, as it must be written for it. Urdu leaves short vowels out, and
# espeak-ng guesses; the English voice has never heard of these illnesses. Capitals make no difference.
AS_HEARD = {
    "ur": {
        "گل": "گَل",
        "کھر": "کھُر",
        "کھروں": "کھُروں",
        "ٹیکا": "ٹِیکا",
        "بھینس": "بھَینس",
        "بھینسوں": "بھَینسوں",
        "سوجا": "سُوجا",
        "سوجے": "سُوجے",
        "صحت": "سیحت",
        "صحیح": "سحیح",
        "صبح": "سُبَح",
        "صرف": "سِرْف",
        "اٹھائیں": "اُٹھائیں",
        "قسم": "قِسم",
    },
    "en": {
        "gal": "gull",
        "ghotu": "[[g'oUtu:]]",
        "munh": "[[m'u:n]]",
        "khur": "[[k'Ur]]",
        "mandi": "mundee",
    },
}


def main() -> None:
    """Speak every text of the starter, and every sentence beside a speaker, in every voice."""
    if not shutil.which("espeak-ng"):
        sys.exit("espeak-ng is missing. Please run: sudo apt-get install espeak-ng")
    anew = sys.argv[1:] == ["--all"]
    with tempfile.TemporaryDirectory(prefix="hamrah-speak-") as folder:
        _world(Path(folder))
        for voice in VOICES:
            for place, texts in _texts(voice).items():
                _speak_all(place, voice, texts, anew)


def _world(folder: Path) -> None:
    """A database that holds the starter and nothing else, and vanishes."""
    from languages import compile_all

    compile_all()
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", DEMO="yes", VAR_DIR=str(folder))
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    django.setup()
    print("Loading the starter …", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("starter", verbosity=0)


def _texts(voice: str) -> dict[Path, list[tuple[str, str, str]]]:
    """Folder → key, text, and how it is to be said."""
    from courses import starter
    from media import voices

    courses = {
        voices.title(starter.key_of(path.parent.name)): path.parent for path in STARTER.glob("*/course.toml")
    }
    said = {title + " " + text: f"{_stopped(title, voice)}\n{text}" for title, text in _screens(voice)}
    found, interface = defaultdict(list), STARTER / "interface"
    place = interface
    for text in voices.texts(voice):
        place = courses.get(text.key, place)  # the texts of a course begin with its title
        untranslated = voice != starter.SOURCE and text.key == voices.sentence(text.text)
        if untranslated:
            continue
        where = interface if voices.parse(text.key).about is None else place
        found[where].append((text.key, text.text, said.get(text.text) or _stopped(text.text, voice)))
    return found


def _screens(voice: str) -> Iterator[tuple[str, str]]:
    """Title and sentences of every screen: between the two one draws breath."""
    from courses.models import LessonPage
    from lms.texts import sentences

    with override(voice):
        yield from [(gettext(title), gettext(more)) for title, more in sentences().items() if more]
    for page in LessonPage.objects.filter(locale__language_code=voice):
        for block in page.body:
            if block.value.get("title") and block.value.get("text"):
                yield block.value["title"], block.value["text"]


def _stopped(text: str, voice: str) -> str:
    return text if text[-1] in ".?!:۔؟" else text + STOP[voice]


def _speak_all(place: Path, voice: str, texts: list[tuple[str, str, str]], anew: bool) -> None:
    folder = place / "voices" / voice
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.json"
    before = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    after, new = {}, {}
    for key, text, said in texts:
        name = hashlib.sha256(f"{key}{text}".encode()).hexdigest()[:16] + ".opus"
        after[key] = known = before.get(key, {})
        if anew or known.get("file") != name or not (folder / name).exists():
            after[key], new[key] = {"file": name, "transcript": text}, said
    with ThreadPoolExecutor(AT_ONCE) as pool:  # each waits for programs of its own
        lengths = pool.map(lambda key: _speak(new[key], voice, folder / after[key]["file"]), new)
        for key, milliseconds in zip(new, lengths, strict=True):
            after[key]["ms"] = milliseconds
    index.write_text(json.dumps(after, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    orphans = {path.name for path in folder.glob("*.opus")} - {row["file"] for row in after.values()}
    for name in orphans:
        (folder / name).unlink()
    size = sum(path.stat().st_size for path in folder.iterdir())
    where = folder.relative_to(ROOT)
    print(f"{where}: {len(after)} texts, {len(new)} made, {len(orphans)} removed, {size:,} bytes", flush=True)


def _speak(text: str, voice: str, target: Path) -> int:
    """Make one file as media.sound would, only smaller: a machine has little to lose. Gives milliseconds."""
    from media import sound

    text = re.sub(r"\w+", lambda word: AS_HEARD[voice].get(word[0].lower(), word[0]), text)
    with tempfile.TemporaryDirectory(prefix="hamrah-speak-") as folder:
        wave = Path(folder, "said.wav")
        order = ["espeak-ng", *VOICES[voice], "-w", str(wave), "--stdin"]
        subprocess.run(order, input=text, text=True, check=True)
        try:
            ffmpeg = sound.find_ffmpeg()
            heard = sound.listen(ffmpeg, wave)
            small = Path(folder, "small.opus")
            _shrink(ffmpeg, wave, small, heard.start, heard.end)
            sound.listen(ffmpeg, small)  # a file in which nothing is heard stops here
        except sound.NotConverted as why:
            sys.exit(f"{text!r}: {why}")
        shutil.copyfile(small, target)
    return round((heard.end - heard.start) * 1000)


def _shrink(ffmpeg: str, wave: Path, target: Path, start: float, end: float) -> None:
    """Without the silence around it, as loud as all others, and the same bytes every time."""
    # loudnorm makes what is shorter than three seconds nearly silent: a short text is said again and cut off.
    again = int(LOUDNORM_NEEDS / (end - start))
    chain = (
        f"atrim=start={start:.3f}:end={end:.3f},asetpts=PTS-STARTPTS,aloop=loop={again}:size=1000000,"
        f"loudnorm=I=-18:TP=-2:LRA=11,atrim=end={end - start:.3f},"
        "aresample=48000,aformat=channel_layouts=mono"
    )
    order = [ffmpeg, "-nostdin", "-hide_banner", "-v", "error", "-y", "-i", str(wave), "-af", chain]
    order += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
    order += ["-c:a", "libopus", "-b:a", "16k", "-application", "voip", "-frame_duration", "60"]
    subprocess.run([*order, str(target)], check=True)


if __name__ == "__main__":
    main()
