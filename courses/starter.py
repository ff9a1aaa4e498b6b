"""Loads courses from prose files, by key: `courses/starter/<course>/` (see the README there).

Loading twice changes nothing. A page that a trainer has changed since is left alone, and said so. So is what
a person has read aloud: the machine's recordings that are shipped (`deploy/speak.py`) only fill the gaps.
"""

import json
import re
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.images import ImageFile
from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from assessments.models import Question
from courses import published
from courses.models import CataloguePage, CoursePage, Label, LessonPage, UnitPage
from media import sound, voices
from media.models import VOICES, Picture, Recording

HERE = Path(__file__).parent / "starter"
SOURCE = "en"
NAMES = uuid.UUID("5f6d1c8e-7a34-4c0b-9d2f-3b1a60e4c9d7")
CATALOGUE_TITLE = {"en": "Lessons", "ur": "سبق", "de": "Lektionen"}
HEADING = re.compile(r"^## +(?P<key>[a-z0-9-]+)\s*$", re.MULTILINE)
PART = re.compile(r"^### +(?P<key>[a-z0-9-]+)\s*$", re.MULTILINE)
PARTS = {"story": "step", "steps": "step", "checklist": "item", "role_play": "card"}
WITHOUT_PICTURE = {"story", "steps"}  # their steps have them
LISTED_AS = {"story": "steps", "steps": "steps", "checklist": "items", "role_play": "cards"}
ALT = re.compile(r"^!\[(?P<alt>.*)\]\s*$", re.MULTILINE)

Taught = TypeVar("Taught", bound=Page)


class ProseProblem(ValueError):
    """A prose file does not say what it should; the sentence says which and where."""


@dataclass(frozen=True)
class MachineMade:
    """One recording that is shipped, until a person has time."""

    transcript: str
    opus: Path
    milliseconds: int


@dataclass(frozen=True)
class Told:
    """One block, or one part of a block, in one language."""

    title: str
    text: str
    alt: str
    parts: "dict[str, Told]" = field(default_factory=dict)


def load(say=print) -> None:
    """Load every course that is shipped."""
    for code in CATALOGUE_TITLE:
        Locale.objects.get_or_create(language_code=code)
    catalogue = _catalogue()
    for folder in sorted(path.parent for path in HERE.glob("*/course.toml")):
        _Course(folder, say).load(catalogue)
    load_voices(say)


def load_voices(say=print) -> None:
    """Have a machine's recording heard wherever nobody has read a text aloud yet."""
    if sum(_load_voice(voice, say) for voice, _name in VOICES):
        with transaction.atomic():  # the worker is told once, when all of it is wanted
            published.want_all()


def key_of(*names: str) -> uuid.UUID:
    """The same names give the same key on every machine."""
    return uuid.uuid5(NAMES, "/".join(names))


def read_prose(path: Path) -> tuple[dict, dict[str, Told]]:
    """Front matter and blocks of one `lesson.<language>.md`."""
    told = re.match(r"\+\+\+\n(.*?)\n\+\+\+\n(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if told is None:
        raise ProseProblem(f"{path.name}: please begin with front matter between two lines of +++.")
    head, body = told.groups()
    _, blocks = _headed(HEADING, body)
    return tomllib.loads(head), {key: _told(text, f"{path.name}: {key}") for key, text in blocks.items()}


def _headed(heading: re.Pattern, text: str) -> tuple[str, dict[str, str]]:
    """What stands before the first heading, and what stands below each."""
    before, *rest = heading.split(text)
    return before, dict(zip(rest[::2], rest[1::2], strict=True))


def _told(text: str, where: str) -> Told:
    own, below = _headed(PART, text)
    title, words, alt = _words(own)
    if not title or not (words or below):
        raise ProseProblem(f"{where}: please write one title line, an empty line, and the sentences.")
    return Told(title, words, alt, {key: _told_part(part, f"{where}: {key}") for key, part in below.items()})


def _told_part(text: str, where: str) -> Told:
    """A card has a title; a step and a thing on a list are only said."""
    title, words, alt = _words(text)
    if not title:
        raise ProseProblem(f"{where}: please write what it says.")
    return Told(title if words else "", words or title, alt)


def _words(text: str) -> tuple[str, str, str]:
    alt = ALT.search(text)
    title, _, words = ALT.sub("", text).strip().partition("\n\n")
    return " ".join(title.split()), " ".join(words.split()), alt["alt"] if alt else ""


def _catalogue() -> CataloguePage:
    """The root of all courses in the source language, and in the others."""
    source = Locale.objects.get(language_code=SOURCE)
    page = CataloguePage.objects.filter(translation_key=key_of("catalogue"), locale=source).first()
    if not page:
        page = CataloguePage(
            title=CATALOGUE_TITLE[SOURCE],
            slug="catalogue",
            locale=source,
            translation_key=key_of("catalogue"),
        )
        Page.get_first_root_node().add_child(instance=page)
        page.save_revision().publish()
        _be_the_site(page)
    for code in set(CATALOGUE_TITLE) - {SOURCE}:
        _translate(page, code, {"title": CATALOGUE_TITLE[code]})
    return page


def _be_the_site(page: CataloguePage) -> None:
    Page.objects.filter(depth=2, slug="home").exclude(pk=page.pk).delete()  # Wagtail's own welcome page
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": page}
    )


def machine_made(voice: str) -> dict[str, MachineMade]:
    """Text key → the recording that is shipped in this voice."""
    return {
        key: MachineMade(row["transcript"], index.with_name(row["file"]), row["ms"])
        for index in sorted(HERE.glob(f"*/voices/{voice}/index.json"))
        for key, row in json.loads(index.read_text(encoding="utf-8")).items()
        if index.with_name(row["file"]).exists()
    }


def _load_voice(voice: str, say) -> int:
    """Have the rows and files of one voice, and say how many rows are new."""
    shipped = machine_made(voice)
    if not shipped:
        return 0
    texts = {text.key: text.text for text in voices.texts(voice)}
    same = {key: made for key, made in shipped.items() if texts.get(key) == made.transcript}
    if others := len(shipped) - len(same):
        say(f"{voice}: {others} texts have changed since a machine read them; it is not heard there.")
    addresses = {
        key: sound.keep(sound.Small(made.opus.read_bytes(), b"", made.milliseconds))[0]
        for key, made in same.items()
    }
    new = 0
    with transaction.atomic():
        there = {row.text_key: row for row in Recording.objects.select_for_update().filter(voice=voice)}
        for key, made in same.items():
            row = there.get(key)
            if row and (not _is_ours(row) or (row.opus, row.transcript) == (addresses[key], made.transcript)):
                continue
            row = row or Recording(text_key=key, voice=voice)
            row.transcript, row.made_by = made.transcript, Recording.MadeBy.MACHINE
            row.opus, row.mp3, row.milliseconds = addresses[key], "", made.milliseconds
            row.state, row.percent = Recording.State.READY, 100
            row.save()
            new += 1
    return new


def _is_ours(recording: Recording) -> bool:
    """Whether it was shipped: what a trainer gave us has an original, or says what it was read from."""
    by_machine = recording.made_by == Recording.MadeBy.MACHINE
    return by_machine and not recording.original and not recording.read_from


class _Course:
    """One folder of prose on its way into the page tree."""

    def __init__(self, folder: Path, say) -> None:
        self.folder = folder
        self.say = say
        self.about = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))
        self.key = self.about["key"]
        self.asked: set[str] = set()
        self.locale = Locale.objects.get(language_code=SOURCE)

    # No transaction around all of it: Wagtail Localize publishes a translation when the outermost transaction
    # ends, as it was when it was made, and would so forget the children it was given since.
    def load(self, catalogue: CataloguePage) -> None:
        titles, summaries = self.about["title"], self.about["summary"]
        course = self._page(
            CoursePage,
            catalogue,
            self.key,
            key_of(self.key),
            title=titles[SOURCE],
            summary=summaries[SOURCE],
            picture=self._picture(self.about["picture"]),
            for_coaches=self.about.get("for_coaches", False),
        )
        self._label(course)
        for code in set(titles) - {SOURCE}:
            _translate(course, code, {"title": titles[code], "summary": summaries[code]})
        for unit in self.about["units"]:
            self._load_unit(course, unit)

    def _load_unit(self, course: CoursePage, about: dict) -> None:
        titles = about["title"]
        unit = self._page(
            UnitPage,
            course,
            about["key"],
            key_of(self.key, about["key"]),
            title=titles[SOURCE],
            picture=self._picture(about["picture"]),
            test=self._test(about["test"]) if "test" in about else [],
        )
        for code in set(titles) - {SOURCE}:
            _translate(unit, code, {"title": titles[code]})
        for lesson in about["lessons"]:
            self._load_lesson(unit, lesson)

    def _test(self, name: str) -> list[dict]:
        """The questions before and after a unit. The name of one is its name in the record, at both times."""
        folder = self.folder / name
        about = tomllib.loads((folder / "test.toml").read_text(encoding="utf-8"))
        return _stream(
            about["questions"],
            lambda asked: (
                "question",
                key_of(self.key, name, asked["key"]),
                self._question(asked, folder).pk,
            ),
        )

    def _load_lesson(self, unit: UnitPage, name: str) -> None:
        folder = self.folder / name
        about = tomllib.loads((folder / "lesson.toml").read_text(encoding="utf-8"))
        questions = {asked["key"]: self._question(asked, folder) for asked in about["questions"]}
        head, told = read_prose(folder / f"lesson.{SOURCE}.md")
        page = self._page(
            LessonPage,
            unit,
            name,
            key_of(self.key, name),
            title=head["title"],
            goal=head["goal"],
            picture=self._picture(about["picture"]),
            minutes=about["minutes"],
            needs_vet="vet" in about["review"],
            sources=_stream(
                about["sources"], lambda source: ("source", key_of(name, "source", source["where"]), source)
            ),
            body=_stream(about["blocks"], lambda block: self._block(name, block, told, questions)),
        )
        for code in self._languages(folder, "lesson.*.md"):
            _translate(page, code, _lesson_texts(self.key, about, *read_prose(folder / f"lesson.{code}.md")))

    def _block(
        self, lesson: str, block: dict, told: dict[str, Told], questions: dict[str, Question]
    ) -> tuple:
        block_id = key_of(self.key, lesson, "block", block["key"])
        if block["kind"] == "question":
            return "question", block_id, {"question": questions[block["question"]].pk, "only_in": []}
        if block["kind"] == "quiz":
            return "quiz", block_id, self._quiz(lesson, block, questions)
        words = told[block["key"]]
        value: dict[str, Any] = {"title": words.title, "text": words.text, "only_in": []}
        if block["kind"] in PARTS:
            value["parts"] = self._parts(lesson, block, words)
        if block["kind"] not in WITHOUT_PICTURE:
            value["picture"] = self._chosen(block.get("picture"), words.alt)
        return block["kind"], block_id, value

    def _quiz(self, lesson: str, block: dict, questions: dict[str, Question]) -> dict[str, Any]:
        def part(name: str) -> tuple:
            return "question", key_of(self.key, lesson, "block", block["key"], name), questions[name].pk

        asked = _stream(block["questions"], part)
        return {"questions": asked, "pass_mark": block["pass"], "tries": block["tries"], "only_in": []}

    def _parts(self, lesson: str, block: dict, words: Told) -> list[dict]:
        kind = PARTS[block["kind"]]

        def part(about: dict) -> tuple:
            said = words.parts[about["key"]]
            value: Any = {"title": said.title, "text": said.text}
            if kind == "item":
                value = said.text
            elif kind == "step":
                value = {"picture": self._chosen(about.get("picture"), said.alt), "text": said.text}
            return kind, key_of(self.key, lesson, "block", block["key"], about["key"]), value

        return _stream(block[LISTED_AS[block["kind"]]], part)

    def _question(self, asked: dict, folder: Path) -> Question:
        if asked["key"] in self.asked:
            raise ProseProblem(f"{folder.name}: another question of this course is called {asked['key']}.")
        self.asked.add(asked["key"])
        texts = _read_questions(folder, SOURCE)[asked["key"]]
        key = key_of(self.key, "question", asked["key"])
        question = Question.objects.filter(translation_key=key, locale=self.locale).first() or Question(
            translation_key=key, locale=self.locale
        )
        if _differs(question, self._asked(asked, texts)):
            if question.latest_revision and question.latest_revision.user_id:
                self.say(
                    f"{asked['key']}: a trainer has changed this question; the prose file is left aside."
                )
                question.refresh_from_db()
            else:
                question.clean()
                question.save()
        for code in self._languages(folder, "questions.*.toml"):
            told = _read_questions(folder, code)[asked["key"]]
            _translate(question, code, _question_texts(self.key, asked, told))
        return question

    def _asked(self, asked: dict, texts: dict) -> dict[str, Any]:
        """The fields of a question. What its kind does not need stays empty."""
        kind, right = asked["kind"], asked.get("right")
        value, tolerance = asked.get("value"), asked.get("tolerance", 0)
        return {
            "key": asked["key"],
            "kind": kind,
            "use": asked["use"],
            "prompt": texts["prompt"],
            "reason": texts.get("reason", ""),
            "hint": texts.get("hint", ""),
            "options": _stream(asked.get("options", []), lambda option: self._option(asked, option, texts)),
            "truth": ("yes" if right else "no") if kind == "true_false" else "",
            "value": None if value is None else Decimal(str(value)),
            "tolerance": Decimal(str(tolerance)),
            "unit": texts.get("unit", ""),
        }

    def _option(self, asked: dict, option: dict, texts: dict) -> tuple:
        option_id = key_of(self.key, "question", asked["key"], option["key"])
        words, alt = texts["options"][option["key"]], texts.get("alts", {}).get(option["key"], "")
        picture = self._chosen(option.get("picture"), alt)
        if asked["kind"] == "pairs":
            return "pair", option_id, {"left": words["left"], "picture": picture, "right": words["right"]}
        return "option", option_id, {"text": words, "picture": picture, "right": option.get("right", False)}

    def _page(self, model: type[Taught], parent: Page, slug: str, key: uuid.UUID, **values: Any) -> Taught:
        page = model.objects.filter(translation_key=key, locale=self.locale).first()
        if page is None:
            page = model(slug=slug, locale=self.locale, translation_key=key, **values)
            Page.objects.get(pk=parent.pk).add_child(instance=page)
            page.save_revision().publish()
        elif _differs(page, values):
            if page.latest_revision and page.latest_revision.user_id:
                self.say(f"{slug}: a trainer has changed this page; the prose file is left aside.")
            else:
                page.save_revision().publish()
        return page

    def _label(self, course: CoursePage) -> None:
        wanted = set()
        for kind in Label.Kind:
            for key in self.about.get(
                {"stage": "stages", "trade": "trades", "region": "regions", "audience": "audiences"}[kind], []
            ):
                wanted.add(
                    Label.objects.get_or_create(kind=kind, key=key, defaults={"name": key.replace("-", " ")})[
                        0
                    ]
                )
        if not course.labels.exists():
            course.refresh_from_db()  # it was published since it was read
            course.labels.set(wanted)
            course.save_revision().publish()

    def _chosen(self, name: str | None, alt: str) -> dict:
        """A picture as Wagtail keeps it; where there is none, it keeps three blanks."""
        if not name:
            return dict.fromkeys(("image", "alt_text", "decorative"))
        return {"image": self._picture(name).pk, "alt_text": alt, "decorative": not alt}

    def _picture(self, name: str) -> Picture:
        """One of this course's own, or `course/name` for one that is drawn for another."""
        course, _, drawing = name.rpartition("/")
        title = f"{course or self.key}/{drawing}"
        found = Picture.objects.filter(title=title).first()
        if found:
            return found
        path = (HERE / course if course else self.folder) / "drawings" / f"{drawing}.svg"
        with path.open("rb") as file:
            picture = Picture(
                title=title, credit="Hamrah", file=ImageFile(file, name=f"{title.replace('/', '-')}.svg")
            )
            picture.file_size = path.stat().st_size
            picture.save()
        return picture

    def _languages(self, folder: Path, files: str) -> list[str]:
        codes = {path.suffixes[0][1:] for path in folder.glob(files)} - {SOURCE}
        return sorted(codes & set(CATALOGUE_TITLE))


def _stream(items: list, block) -> list[dict]:
    """Raw stream data with ids that stay."""
    return [
        {"type": kind, "id": str(block_id), "value": value} for kind, block_id, value in map(block, items)
    ]


def _differs(thing: Page | Question, values: dict) -> bool:
    """Set what is new, and say whether anything was."""
    changed = False
    for name, value in values.items():
        now = getattr(thing, name)
        if hasattr(now, "get_prep_value"):
            if _comparable(now.get_prep_value()) != _comparable(value):
                setattr(thing, name, _as_stream(thing, name, value))
                changed = True
        elif now != value:
            setattr(thing, name, value)
            changed = True
    return changed


def _comparable(stream: list[dict]) -> list:
    return [(block["type"], block["id"], block["value"]) for block in stream]


def _as_stream(thing: Page | Question, name: str, raw: list[dict]) -> StreamValue:
    return getattr(thing, name).stream_block.to_python(raw)


def _lesson_texts(course: str, about: dict, head: dict, told: dict[str, Told]) -> dict[str, str]:
    """Wagtail Localize's paths of a lesson, and what stands there in another language."""
    texts = {"title": head["title"], "goal": head["goal"]}
    for block in about["blocks"]:
        if block["kind"] in ("question", "quiz"):
            continue
        words, path = told[block["key"]], f"body.{key_of(course, about['key'], 'block', block['key'])}"
        texts |= _told_texts(path, words)
        for key, part in words.parts.items():
            part_path = f"{path}.parts.{key_of(course, about['key'], 'block', block['key'], key)}"
            texts |= {part_path: part.text} if block["kind"] == "checklist" else _told_texts(part_path, part)
    return texts


def _told_texts(path: str, told: Told) -> dict[str, str]:
    return {f"{path}.title": told.title, f"{path}.text": told.text, f"{path}.picture.alt_text": told.alt}


def _read_questions(folder: Path, code: str) -> dict[str, dict]:
    return tomllib.loads((folder / f"questions.{code}.toml").read_text(encoding="utf-8"))


def _question_texts(course: str, asked: dict, told: dict) -> dict[str, str]:
    texts = {part: told.get(part, "") for part in ("prompt", "reason", "hint", "unit")}
    for option in asked.get("options", []):
        path = f"options.{key_of(course, 'question', asked['key'], option['key'])}"
        words = told["options"][option["key"]]
        said = words if isinstance(words, dict) else {"text": words}
        texts |= {f"{path}.{part}": text for part, text in said.items()}
        texts[f"{path}.picture.alt_text"] = told.get("alts", {}).get(option["key"], "")
    return texts


def _translate(thing: Page | Question, code: str, texts: dict[str, str]) -> None:
    """Have a page or question in another language, through the same tables a translator works with."""
    locale = Locale.objects.get(language_code=code)
    source, _ = TranslationSource.update_or_create_from_instance(thing)
    translation, made = Translation.objects.get_or_create(source=source, target_locale=locale)
    new = [_put(locale, segment, texts) for segment in _segments(source)]  # each of them, not until the first
    if any(new) or made:
        translation.save_target(publish=True)


def _segments(source: TranslationSource) -> Iterator[StringSegment]:
    yield from StringSegment.objects.filter(source=source).select_related("context", "string")


def _put(locale: Locale, segment: StringSegment, texts: dict[str, str]) -> bool:
    """Write one translated string; True when it is new. One that a person wrote in the meantime stays."""
    text = texts.get(segment.context.path)
    if not text:
        return False
    found, made = StringTranslation.objects.get_or_create(
        translation_of=segment.string,
        locale=locale,
        context=segment.context,
        defaults={"data": text, "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL},
    )
    if made or found.data == text or found.last_translated_by_id:
        return made
    StringTranslation.objects.filter(pk=found.pk).update(data=text)
    return True
