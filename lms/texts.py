"""The sentences of a learner's own pages that can be read aloud, for the trainers' list of voices."""

import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, override

from lms import countries
from lms.consent import WORDINGS
from lms.views import way
from lms.views.mine import NOTICES, TOLD
from media import voices
from media.voices import Text

# As templates write it beside a speaker. What stands below a heading is heard with it: lms/say.html.
SPOKEN = re.compile(
    r'translate "(?P<more>[^"]+)" as more %}|(?P<whole>lms/say\.html" with )?key="ui:(?P<said>[^"]+)"'
)


@voices.register_texts
def for_voice(voice: str) -> Iterator[Text]:
    """In the language of the voice, or in Urdu where nobody reads that."""
    language = voice if voice in settings.READING else "ur"
    for msgid, more in sentences().items():
        with override(language):
            text = " ".join(gettext(part) for part in (msgid, more) if part)
        yield Text(voices.sentence(msgid), text, "Hamrah", language)
    for task in countries.everywhere():
        yield Text(voices.sentence(task.said["en"]), countries.said(task.said, language), "Hamrah", language)


@cache
def sentences() -> dict[str, str]:
    """What stands beside a speaker in our templates, each with what is heard after it, and what is asked."""
    found: dict[str, str] = {}
    for file in sorted(settings.BASE_DIR.glob("*/templates/**/*.html")):
        found |= _spoken_in(file.read_text(encoding="utf-8"))
    with override(None):
        asked = [str(words) for wording in WORDINGS.values() for words in (wording.sentence, wording.sees)]
        told = [str(words) for words in (*NOTICES.values(), *TOLD.values())]
    return found | dict.fromkeys([*asked, *told], "") | dict(way.spoken())


def _spoken_in(template: str) -> dict[str, str]:
    more, found = "", {}
    for hit in SPOKEN.finditer(template):
        if hit["more"]:
            more = hit["more"]
        else:
            found[hit["said"]] = more if hit["whole"] else ""
    return found
