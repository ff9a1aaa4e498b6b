"""Prints where a Chromium 90 is, for the tests that look at pages as the oldest phones do.

It lies packed in an npm package that was made for servers. npm fetches that, and the digest below says
whether it is still the same; it is unpacked once into `.tools`.
"""

import base64
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from contextlib import suppress
from pathlib import Path

from packages import install

PACKAGE = "chrome-aws-lambda@8.0.2"  # Chromium 90.0.4427, of 2021; MIT
DIGEST = "sha512-a4VEX6DknxISPqGLksZa/JuEnjc4nLXaG0BMp5c9qERvJ/eBHPUJ7oCRQQC+SxSxuxsEwxbBj2RBlCQbivnihg=="
PACKED = "package/bin/chromium.br"
UNPACK = """
const { createReadStream, createWriteStream } = require("fs");
const { pipeline } = require("stream");
const [from, to] = process.argv.slice(1);
const unpacked = require("zlib").createBrotliDecompress();
pipeline(createReadStream(from), unpacked, createWriteStream(to, { mode: 0o755 }), (trouble) => {
    if (trouble) throw trouble;
});
"""
TOOLS = Path(__file__).resolve().parent.parent / ".tools"
PROGRAM = TOOLS / "chromium-90" / "chromium"


class Missing(Exception):
    """It cannot be had here."""


def find() -> Path:
    """The program, fetched if it is not there yet."""
    if not PROGRAM.exists():
        if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
            raise Missing("Chromium 90 is to be had for Linux on x86-64 only.")
        TOOLS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOOLS) as folder:
            program = _unpack(_fetch(Path(folder)))
            if not _starts(program):
                needs = "sudo apt-get install libnss3 libexpat1"
                raise Missing(f"Chromium 90 does not start here. Please run: {needs}")
            PROGRAM.parent.mkdir(exist_ok=True)
            program.replace(PROGRAM)
    return PROGRAM


def _fetch(folder: Path) -> Path:
    """The package, from the registry that npm is set up with. None of its scripts runs."""
    npm = shutil.which("npm") or (install("npm") and shutil.which("npm"))
    if not npm:
        raise Missing("npm is missing, and Chromium 90 comes with it. Please run: sudo apt-get install npm")
    fetch = [npm, "pack", PACKAGE, "--ignore-scripts", "--loglevel=error", "--pack-destination", folder]
    done = subprocess.run(fetch, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    package = next(folder.glob("*.tgz"), None)
    if done.returncode or not package:
        raise Missing(f"npm could not fetch {PACKAGE}; the lines above say why.")
    if _digest(package) != DIGEST:
        raise Missing(f"What came as {PACKAGE} is not what it was; nothing of it was kept.")
    return package


def _digest(package: Path) -> str:
    """As npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()


def _unpack(package: Path) -> Path:
    """The program in it. Python does not know Brotli; node does, and the tests need that anyway."""
    node = shutil.which("node") or shutil.which("nodejs")
    if not node:
        raise Missing("node is missing. Please run: sudo apt-get install nodejs")
    packed, program = package.with_name("chromium.br"), package.with_name("chromium")
    with tarfile.open(package) as found, packed.open("wb") as out:
        shutil.copyfileobj(found.extractfile(PACKED), out)
    subprocess.run([node, "-e", UNPACK, packed, program], check=True)
    return program


def _starts(program: Path) -> bool:
    look = [program, "--no-sandbox", "--disable-gpu", f"--user-data-dir={program.parent}", "--dump-dom"]
    quiet = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.DEVNULL)
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run([*look, "about:blank"], timeout=60, check=False, **quiet)
        return done.returncode == 0
    return False


if __name__ == "__main__":
    try:
        print(find())
    except Missing as missing:
        sys.exit(str(missing))
