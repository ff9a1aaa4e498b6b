from lms import texts
from media import voices


def heard(language: str) -> dict[str, str]:
    return {text.key: text.text for text in texts.for_voice(language)}


def test_what_stands_below_a_heading_is_heard_with_it():
    assert heard("en")["ui:What is the code?"] == "What is the code? Six digits in a message to your phone."
    assert heard("en")["ui:Who looked"].startswith("Who looked Here you see")  # on a page of another app


def test_a_small_speaker_says_its_own_sentence_and_no_more():
    assert heard("en")["ui:under 16"] == "under 16"
    assert heard("en")["ui:Only you see it."] == "Only you see it."


def test_every_sentence_is_read_in_the_language_of_the_voice_and_else_in_urdu():
    assert heard("ur").keys() == heard("en").keys() == heard("pnb").keys()
    assert heard("pnb") == heard("ur")
    same = [key for key, text in heard("ur").items() if text == heard("en")[key]]
    assert same == []
    assert all(voices.parse(key).about is None for key in heard("ur"))
