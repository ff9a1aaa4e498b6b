"""Languages that Django does not know, and people do."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import get_language_bidi, get_language_info, override


@pytest.mark.parametrize("code", ["ur", "ps", "pnb"])
def test_a_language_from_right_to_left_is_known_by_name_and_direction(code):
    assert get_language_info(code)["bidi"] is True
    with override(code):
        assert get_language_bidi()


@pytest.mark.parametrize("code", ["ps", "pnb"])
def test_an_address_in_a_language_without_pages_is_not_sent_into_english(client, db, code):
    response = client.get(f"/{code}/")

    assert response.status_code == 404
    assert "Location" not in response


def test_a_language_nobody_speaks_here_is_simply_not_there(client, db):
    assert client.get("/xx/", follow=True).status_code == 404


@pytest.mark.parametrize("code", [code for code in settings.READING if get_language_info(code)["bidi"]])
def test_a_number_to_dial_stands_as_it_is_dialled_in_a_line_from_right_to_left(code):
    file = Path(settings.BASE_DIR, "config", "locale", code, "LC_MESSAGES", "django.po")
    said = [
        text for entry in polib.pofile(str(file)) for text in (entry.msgstr, *entry.msgstr_plural.values())
    ]

    numbers = [hit for text in said for hit in re.findall(r"(.?)\+?[0-9]{3,}[ -][0-9]{3,}(.?)", text)]
    assert numbers
    assert set(numbers) == {("\u2066", "\u2069")}
