"""Every kind of question, and the questions of a unit, as prose files say them."""

import pytest
from django.test import override_settings

from assessments.marking import mark
from assessments.models import Question
from courses import pages, screens, starter, twice
from courses.models import LessonPage, UnitPage
from tests.standing import standing

pytestmark = pytest.mark.xdist_group("shipped")

COURSE = """
key = "small"
picture = "cup"
title = {en = "Small", ur = "چھوٹا"}
summary = {en = "Small.", ur = "چھوٹا۔"}
[[units]]
key = "milk"
picture = "cup"
lessons = ["clean"]
test = "tests/milk"
title = {en = "Milk", ur = "دودھ"}
"""
QUESTIONS = """
[[questions]]
key = "wash"
kind = "many"
use = "counts"
options = [{key = "hands", right = true}, {key = "teats", right = true}, {key = "hat"}]
[[questions]]
key = "mix"
kind = "true_false"
use = "counts"
right = false
[[questions]]
key = "turn"
kind = "order"
use = "counts"
options = [{key = "wash"}, {key = "dry"}, {key = "milk"}]
[[questions]]
key = "young"
kind = "pairs"
use = "counts"
options = [{key = "cow", picture = "cup"}, {key = "goat"}]
[[questions]]
key = "much"
kind = "number"
use = "counts"
value = 1.75
tolerance = 0.1
"""
WORDS = {
    "en": """
[wash]
prompt = "What do you wash?"
reason = "Clean milk keeps."
hint = "Both touch the milk."
[wash.options]
hands = "Hands"
teats = "Teats"
hat = "Hat"
[mix]
prompt = "Milk of a sick animal may be mixed in."
reason = "It spoils the rest."
[turn]
prompt = "What comes first?"
reason = "Clean before milking."
[turn.options]
wash = "Wash"
dry = "Dry"
milk = "Milk"
[young]
prompt = "Whose young?"
reason = "So they are called."
[young.options]
cow = {left = "Cow", right = "Calf"}
goat = {left = "Goat", right = "Kid"}
[young.alts]
cow = "A cow"
[much]
prompt = "How much milk for the calf?"
reason = "A tenth of its weight."
unit = "litres"
""",
    "ur": """
[wash]
prompt = "آپ کیا دھوتے ہیں؟"
reason = "صاف دودھ دیر تک رہتا ہے۔"
hint = "دونوں دودھ کو لگتے ہیں۔"
[wash.options]
hands = "ہاتھ"
teats = "تھن"
hat = "ٹوپی"
[mix]
prompt = "بیمار جانور کا دودھ ملا سکتے ہیں۔"
reason = "باقی دودھ خراب ہو جاتا ہے۔"
[turn]
prompt = "پہلے کیا ہوتا ہے؟"
reason = "پہلے صفائی۔"
[turn.options]
wash = "دھوئیں"
dry = "خشک کریں"
milk = "دودھ نکالیں"
[young]
prompt = "کس کا بچہ؟"
reason = "ایسے کہتے ہیں۔"
[young.options]
cow = {left = "گائے", right = "بچھڑا"}
goat = {left = "بکری", right = "میمنا"}
[young.alts]
cow = "ایک گائے"
[much]
prompt = "بچھڑے کو کتنا دودھ؟"
reason = "وزن کا دسواں حصہ۔"
unit = "لیٹر"
""",
}
LESSON = """
key = "clean"
picture = "cup"
minutes = 3
review = []
sources = []
[[blocks]]
key = "try-it"
kind = "quiz"
questions = ["heat", "fly"]
pass = 2
tries = 3
[[questions]]
key = "heat"
kind = "true_false"
use = "practice"
right = true
[[questions]]
key = "fly"
kind = "say"
use = "practice"
"""
ASKED = {
    "en": """
[heat]
prompt = "Heat spoils milk."
reason = "It turns sour."
[fly]
prompt = "What do you do against flies?"
""",
    "ur": """
[heat]
prompt = "گرمی دودھ کو خراب کرتی ہے۔"
reason = "وہ کھٹا ہو جاتا ہے۔"
[fly]
prompt = "آپ مکھیوں کا کیا کرتے ہیں؟"
""",
}
HEAD = '+++\ntitle = "{title}"\ngoal = "{title}"\n+++\n'
CUP = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240"><path d="M9 9h99v99z"/></svg>'


@pytest.fixture(autouse=True, scope="module")
def own_folders(tmp_path_factory):
    """The files of the unit stand as long as it does."""
    folder = tmp_path_factory.mktemp("files")
    with override_settings(PUBLISHED_ROOT=folder / "published", MEDIA_ROOT=folder / "uploads"):
        yield folder


@pytest.fixture(scope="module")
def unit(django_db_setup, django_db_blocker, own_folders):
    """A small course that is shipped."""
    folder = own_folders / "small"
    files = {
        "course.toml": COURSE,
        "drawings/cup.svg": CUP,
        "tests/milk/test.toml": QUESTIONS,
        "clean/lesson.toml": LESSON,
        **{f"clean/questions.{code}.toml": words for code, words in ASKED.items()},
        "clean/lesson.en.md": HEAD.format(title="Clean milk"),
        "clean/lesson.ur.md": HEAD.format(title="صاف دودھ"),
        **{f"tests/milk/questions.{code}.toml": words for code, words in WORDS.items()},
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with standing(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(starter, "HERE", own_folders)
        starter.load(say=print)
        yield UnitPage.objects.get(locale__language_code="en")


def asked(key: str, locale: str = "en") -> Question:
    return Question.objects.get(key=key, locale__language_code=locale)


@pytest.mark.django_db
def test_every_kind_comes_from_its_file_and_can_be_answered(unit):
    keys = {name: asked(name).answer_key() for name in ("wash", "mix", "turn", "young", "much")}

    assert len(keys["wash"]["right"]) == 2
    assert keys["mix"]["right"] == ["no"]
    assert [part.value["text"] for part in asked("turn").options] == ["Wash", "Dry", "Milk"]
    assert asked("turn").right_words == ["1 · Wash", "2 · Dry", "3 · Milk"]
    assert asked("young").right_words == ["Cow – Calf", "Goat – Kid"]
    assert asked("young").options[0].value["picture"].contextual_alt_text == "A cow"
    assert mark(keys["much"], {"typed": "1,8 litres"}) == 1


@pytest.mark.django_db
def test_every_kind_is_there_in_urdu_with_the_same_names(unit):
    assert asked("young", "ur").right_words == ["گائے – بچھڑا", "بکری – میمنا"]
    assert asked("much", "ur").unit == "لیٹر"
    assert asked("wash", "ur").hint == "دونوں دودھ کو لگتے ہیں۔"
    for name in ("wash", "mix", "turn", "young", "much"):
        english, urdu = asked(name).answer_key(), asked(name, "ur").answer_key()
        assert {**english, "unit": ""} == {**urdu, "unit": ""}


@pytest.mark.django_db
def test_a_unit_asks_its_questions_before_and_after_in_both_languages(unit):
    urdu = unit.get_translations().get(locale__language_code="ur").specific

    assert [block.value.key for block in unit.test] == ["wash", "mix", "turn", "young", "much"]
    assert [block.id for block in urdu.test] == [block.id for block in unit.test]
    assert "بچھڑے کو کتنا دودھ؟" in pages.draw(twice.of(urdu)[1]).html


@pytest.mark.django_db
def test_a_quiz_has_its_rules_and_one_name_for_each_question_in_both_languages(unit):
    english, urdu = [
        LessonPage.objects.get(locale__language_code=code, title=title)
        for code, title in (("en", "Clean milk"), ("ur", "صاف دودھ"))
    ]

    assert [screen.kind for screen in screens.of(urdu)] == ["question", "question", "quiz"]
    assert pages.draw(urdu).keys == pages.draw(english).keys
    assert screens.of(urdu)[-1].quiz == screens.Quiz([*pages.draw(english).keys], pass_mark=2, tries=3)
    assert screens.of(urdu)[0].spoken == "گرمی دودھ کو خراب کرتی ہے۔"


@pytest.mark.django_db
def test_loading_them_twice_changes_nothing(unit):
    before = [Question.objects.count(), unit.revisions.count(), list(Question.objects.values())]

    starter.load(say=print)

    assert [Question.objects.count(), unit.revisions.count(), list(Question.objects.values())] == before
