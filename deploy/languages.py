"""Keeps the sentences on screen and their translations together, without gettext's own programs.

`python deploy/languages.py` turns each .po into the .mo that Django reads. `--check` names every sentence
without a translation, and every translation without its sentence. `--update` writes new sentences into the
.po files, for translators to fill, and drops those that are gone.
"""

import ast
import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "config" / "locale"
COMPLETE = ("ur", "de")  # English is the source; Pashto and Punjabi are heard, not yet read
APPS = ("config", "media", "assessments", "courses", "lms", "mentors")


class Sentence(NamedTuple):
    """What a translator sees."""

    text: str
    plural: str = ""
    context: str | None = None


# How each function takes its words: positions of text, plural, context.
CALLS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"], (0, None, None)),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (0, 1, None)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], (1, None, 0)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], (1, 2, 0)),
}


def compile_all() -> None:
    """Write each .mo that is older than its .po."""
    for po in _catalogues().values():
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))


def problems() -> Iterator[str]:
    """Every reason why somebody would read a sentence in the wrong language, or with a hole in it."""
    said = sentences(ROOT)
    for language, path in _catalogues().items():
        entries = {_key(entry): entry for entry in polib.pofile(str(path)) if not entry.obsolete}
        missing = said.keys() - entries.keys() if language in COMPLETE else set()
        for sentence in sorted(missing, key=_order):
            yield f"{language}: not in the catalogue: {sentence.text!r} ({', '.join(sorted(said[sentence]))})"
        for sentence, entry in entries.items():
            if sentence not in said:
                yield f"{language}: nobody says this any more: {sentence.text!r}"
            elif fault := _fault(entry, language):
                yield f"{language}: {fault}: {sentence.text!r}"
    for language in COMPLETE:
        if language not in _catalogues():
            yield f"{language}: there is no catalogue"


def update() -> None:
    """Add what is new, empty, and drop what is gone."""
    said = sentences(ROOT)
    for language, path in _catalogues().items():
        catalogue = polib.pofile(str(path), wrapwidth=110)
        for entry in list(catalogue):
            if entry.obsolete or _key(entry) not in said:
                catalogue.remove(entry)
        have = {_key(entry) for entry in catalogue}
        new = said.keys() - have if language in COMPLETE else set()
        catalogue.extend(_entry(sentence, said[sentence]) for sentence in sorted(new, key=_order))
        catalogue.save(str(path))


def sentences(root: Path) -> dict[Sentence, set[str]]:
    """Every sentence that asks to be translated, and the files that say it."""
    found = defaultdict(set)
    for path, read in _sources(root):
        for sentence in read(path.read_text(encoding="utf-8")):
            found[sentence].add(str(path.relative_to(root)))
    return dict(found)


def in_python(source: str) -> Iterator[Sentence]:
    """Words given to gettext and its siblings. A word that is only known at run time cannot be translated."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            words = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            yield from _sentence(name, words)


def in_template(source: str) -> Iterator[Sentence]:
    """Words in translate, blocktranslate and _("…")."""
    with warnings.catch_warnings(action="ignore"):
        code = templatize(source)
    for call in re.finditer(rf"\b({'|'.join(CALLS)})\(((?:\s*{_LITERAL}\s*,?)+)", code):
        words = [ast.literal_eval(word) for word in re.findall(_LITERAL, call[2])]
        yield from _sentence(call[1], words)


_LITERAL = r"""u?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""


def _sentence(name: str, words: list) -> Iterator[Sentence]:
    if name not in CALLS:
        return
    text, plural, context = (_at(words, position) for position in CALLS[name])
    if text:
        yield Sentence(text, plural or "", context)


def _at(words: list, position: int | None) -> str | None:
    word = words[position] if position is not None and position < len(words) else None
    return word if isinstance(word, str) else None


def _sources(root: Path) -> Iterator[tuple]:
    for app in APPS:
        for path in sorted((root / app).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield path, in_python
            elif "templates" in path.parts and path.is_file():
                yield path, in_template


def _catalogues() -> dict[str, Path]:
    return {path.parts[-3]: path for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))}


def _key(entry: polib.POEntry) -> Sentence:
    return Sentence(entry.msgid, entry.msgid_plural or "", entry.msgctxt)


def _order(sentence: Sentence) -> tuple:
    return sentence.text, sentence.plural, sentence.context or ""


def _entry(sentence: Sentence, files: Iterable[str]) -> polib.POEntry:
    places = [(file, "") for file in sorted(files)]
    entry = polib.POEntry(msgid=sentence.text, msgctxt=sentence.context, occurrences=places)
    if sentence.plural:
        entry.msgid_plural = sentence.plural
        entry.msgstr_plural = {0: "", 1: ""}
    if re.search(r"%\(|%[sd]", sentence.text):
        entry.flags.append("python-format")
    return entry


def _fault(entry: polib.POEntry, language: str) -> str:
    """What is wrong with one translation, or nothing."""
    given = [entry.msgstr_plural[form] for form in sorted(entry.msgstr_plural)] or [entry.msgstr]
    if not all(given):
        return "not translated" if language in COMPLETE else ""
    if entry.fuzzy:
        return "marked as a guess (fuzzy)"
    wanted = _holes(entry.msgid_plural or entry.msgid)
    # "One lesson" may leave the number out; the last form may not.
    if _holes(given[-1]) != wanted or any(_holes(form) - wanted for form in given):
        return f"the placeholders {sorted(wanted)} differ"
    return ""


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        if found := list(problems()):
            sys.exit("\n".join([*found, "Please run: python deploy/languages.py --update, then translate."]))
    elif sys.argv[1:] == ["--update"]:
        update()
    else:
        compile_all()
