"""A lesson in Urdu that asks one question of each kind, for the site of the browser tests: `plant(use)`."""

from decimal import Decimal
from typing import Any

from wagtail.models import Locale

from assessments.models import Question
from courses.models import LessonPage, UnitPage
from media.models import Picture

SLUG = "all-kinds"
SEALED = "sealed"
REASON = "صاف دودھ زیادہ دیر رہتا ہے۔"
HINT = "پہلے کیا ہوتا ہے؟"


def plant(use: str = "practice", slug: str = SLUG) -> None:
    """Have the lesson there and published."""
    urdu = Locale.objects.get(language_code="ur")
    unit = UnitPage.objects.get(locale=urdu, slug="rains")
    questions = [_question(urdu, slug, **{"use": use, **asked}) for asked in _asked()]
    quiz = [_question(urdu, f"{slug}-quiz{n}", use=use, **asked) for n, asked in enumerate(_in_the_quiz())]
    page = LessonPage(
        title="ہر قسم کا سوال",
        slug=slug,
        locale=urdu,
        goal="سب کچھ آزمائیں۔",
        picture=unit.picture,
        body=[
            *(("question", {"question": question, "only_in": []}) for question in questions),
            (
                "quiz",
                {"questions": [("question", one) for one in quiz], "pass_mark": 3, "tries": 2, "only_in": []},
            ),
        ],
    )
    unit.add_child(instance=page)
    page.save_revision().publish()


def take_away(slug: str = SLUG) -> None:
    """No other test meets it."""
    LessonPage.objects.get(slug=slug).delete()
    Question.objects.filter(key__startswith=slug).delete()


def _question(urdu: Locale, slug: str, *, kind: str, use: str, **values: Any) -> Question:
    said = {} if use == SEALED else {"reason": "" if kind == "say" else REASON, "hint": HINT}
    key = f"{slug}-{SEALED if use == SEALED else kind}".replace("_", "-")
    return Question.objects.create(locale=urdu, kind=kind, use=use, key=key, **said | values)


STEPS = ("ہاتھ دھوئیں", "تھن صاف کریں", "پہلی دھاریں پیالے میں دیکھیں", "دودھ نکالیں", "تھن دوا میں ڈبوئیں")
PAIRS = {
    "گل گھوٹو کا ٹیکا": "برسات سے پہلے",
    "تازہ پانی": "ہر روز",
    "کیڑوں کی دوا": "تین مہینے بعد",
    "ٹھنڈا ڈبہ": "ٹیکا لاتے وقت",
}


def _asked() -> list[dict]:
    pairs = [("pair", {"left": one, "picture": None, "right": other}) for one, other in PAIRS.items()]
    washed = _options("*ہاتھ", "*تھن", "کپڑے کا رومال", "*بالٹی", "چارپائی")
    half_a_mann = {"value": Decimal("18.7"), "tolerance": Decimal("0.5"), "unit": "لیٹر"}
    boxes = [("option", _with_picture("ٹھنڈا ڈبہ", True)), ("option", _with_picture("دھوپ میں", False))]
    return [
        {"kind": "one", "prompt": "بھینس کو سارا دن کیا چاہیے؟", "options": _options("چائے", "*صاف پانی")},
        {"kind": "many", "prompt": "دودھ نکالنے سے پہلے کیا دھوتے ہیں؟ سب چنیں۔", "options": washed},
        {"kind": "true_false", "prompt": "بیمار بھینس کا دودھ باقی دودھ میں ملا سکتے ہیں۔", "truth": "no"},
        {"kind": "order", "prompt": "دودھ نکالنے کا کام ترتیب سے بتائیں۔", "options": _options(*STEPS)},
        {"kind": "pairs", "prompt": "کون سا کام کب ہوتا ہے؟", "options": pairs},
        {"kind": "number", "prompt": "آدھے من دودھ سے کتنے لیٹر بنتے ہیں؟", **half_a_mann},
        {"kind": "say", "prompt": "آپ کے گھر میں جانوروں کو کون دیکھتا ہے؟"},
        {"kind": "picture", "prompt": "ٹیکا کس میں رکھتے ہیں؟", "options": boxes},
        {
            "kind": "one",
            "use": SEALED,
            "prompt": "آج آپ پر کسی کا قرض ہے؟",
            "options": _options("نہیں", "تھوڑا", "بہت"),
        },
    ]


def _in_the_quiz() -> list[dict]:
    number = {"value": Decimal(2), "tolerance": Decimal(0), "unit": "بار"}
    return [
        {"kind": "true_false", "prompt": "گرمی میں بھینس کو زیادہ پانی چاہیے۔", "truth": "yes"},
        {"kind": "order", "prompt": "پہلے کیا ہوتا ہے؟", "options": _options(*STEPS[:3])},
        {"kind": "number", "prompt": "دن میں کتنی بار دودھ نکالتے ہیں؟", **number},
    ]


def _with_picture(words: str, right: bool) -> dict:
    drawing = Picture.objects.filter(title__endswith="/cool-box").first()
    shown = {"image": drawing, "alt_text": words, "decorative": False}
    return {"text": words, "picture": shown, "right": right}


def _options(*words: str) -> list[tuple[str, dict]]:
    """The right ones begin with a star."""
    return [
        ("option", {"text": word.lstrip("*"), "picture": None, "right": word.startswith("*")})
        for word in words
    ]
