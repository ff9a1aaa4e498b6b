"""What the questions about a coach say, for the list of voices. What stands in templates is found by lms."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext, override

from media import voices
from media.voices import Text
from mentors import complaints, my_circle, seeking, waits


@voices.register_texts
def for_voice(voice: str) -> Iterator[Text]:
    """In the language of the voice, or in Urdu where nobody reads that."""
    language = voice if voice in settings.READING else "ur"
    with override(language):
        texts = [
            (said, " ".join(gettext(part) for part in (said, more) if part))
            for said, more in [
                *seeking.spoken(),
                *complaints.spoken(),
                *waits.spoken(),
                *my_circle.spoken(),
            ]
        ]
    for said, text in texts:
        yield Text(voices.sentence(said), text, "Hamrah", language)
