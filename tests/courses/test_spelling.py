"""Whoever types a word finds it, on whatever keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.spelling import plain, same, sentences, words

URDU = "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھیے"
TWINS = {"ی": "يى", "ک": "كڪ", "ہ": "هھة"}  # how other keyboards write it
UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u064b\u064c\u064e\u064f\u0650\u0651\u0652\u0670ـ"
DIGITS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"]
urdu_words = st.text(URDU, min_size=1, max_size=12)
texts = st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("پاني", "پانی"),
        ("كپڑا", "کپڑا"),
        ("بهینس", "بھینس"),
        ("دُودھ", "دودھ"),
        ("دودھ\u200c", "دودھ"),
        ("آم", "ام"),
        ("گائے", "گایے"),
        ("۱۲ لیٹر", "12 لیٹر"),
        ("WATER", "water"),
        ("Kühe", "kuhe"),
        ("Fuß", "fuss"),
        ("ﭘﺎﻧﯽ", "پانی"),
    ],
)
def test_a_word_is_the_same_on_another_keyboard(typed, meant):
    assert plain(typed) == plain(meant)


def test_other_words_stay_other_words():
    assert len({plain(word) for word in ["پانی", "بانی", "نانی", "پانے", "12", "21"]}) == 6


@given(texts)
def test_plain_twice_is_plain_once(text):
    assert plain(plain(text)) == plain(text)


@given(urdu_words, st.data())
def test_letters_that_look_alike_are_one(word, data):
    typed = "".join(data.draw(st.sampled_from(letter + TWINS.get(letter, ""))) for letter in word)

    assert plain(typed) == plain(word)


@given(texts, st.data())
def test_what_nobody_sees_changes_nothing(text, data):
    at = data.draw(st.integers(0, len(text)))

    assert plain(text[:at] + data.draw(st.sampled_from(UNSEEN)) + text[at:]) == plain(text)


@given(st.integers(0, 10**9), st.sampled_from(DIGITS))
def test_a_number_is_the_same_in_every_script(number, digits):
    assert plain("".join(digits[int(one)] for one in str(number))) == str(number)


@given(st.lists(urdu_words, max_size=6))
def test_words_are_what_stands_between_spaces(said):
    assert words(" ".join(said)) == [plain(word) for word in said]


def test_a_sentence_ends_where_it_ends_in_urdu_and_in_english():
    assert sentences("پانی دیں۔ کیوں؟ گرمی ہے!") == ["پانی دیں۔", "کیوں؟", "گرمی ہے!"]
    assert sentences("Give 1.5 litres. Wait.\nLook.") == ["Give 1.5 litres.", "Wait.", "Look."]
    assert sentences(" ") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pani", "پانی"), ("paani", "پانی"), ("doodh", "دودھ"), ("dudh", "دودھ"), ("bhains", "بھینس"),
        ("bhens", "بھینس"), ("gaye", "گائے"), ("gai", "گائے"), ("gae", "گائے"), ("chara", "چارہ"),
        ("charah", "چارا"), ("tika", "ٹیکہ"), ("teeka", "ٹیکا"), ("makkhi", "مکھی"), ("bachhra", "بچھڑا"),
        ("bimari", "بیماری"), ("beemari", "بیماری"), ("khurak", "خوراک"), ("saaf", "صاف"),
        ("safai", "صفائی"), ("janwar", "جانور"), ("jaanvar", "جانور"), ("dawa", "دوا"), ("garmi", "گرمی"),
        ("barish", "بارش"), ("haath", "ہاتھ"), ("qarz", "قرض"), ("karz", "قرض"), ("aata", "آٹا"),
        ("andar", "اندر"), ("ilaj", "علاج"), ("ghas", "گھاس"), ("phal", "پھل"), ("zameen", "زمین"),
        ("PANI", "پانی"), ("bohat", "بہت"),
    ],
)  # fmt: skip
def test_a_word_in_latin_letters_is_the_urdu_one(typed, meant):
    assert same(plain(meant), plain(typed))


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("pani", "پونے"), ("pani", "پینا"), ("pani", "نانی"), ("pan", "پانی"), ("garmi", "گرم"),
        ("chara", "چور"), ("tika", "ٹوکا"), ("doodh", "دودھیا"), ("ka", "کا"), ("pani", "pan"),
        ("pa1i", "پانی"), ("bimari", "بیمار"),
    ],
)  # fmt: skip
def test_a_word_in_latin_letters_is_no_other_word(typed, other):
    assert not same(plain(other), plain(typed))


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=30), urdu_words)
def test_whatever_is_typed_in_latin_letters_is_looked_for_without_trouble(typed, word):
    assert same(plain(word), typed) in (True, False)
