"""Which texts of a page can be heard, in which voice, and where the sound lies."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.utils.translation import gettext_noop

from media import files, voices

# Sentences of the interface that lesson pages speak.
INTERFACE = (
    "Not yet",
    "Yes, right",
    "Kept. It will be checked.",
    "You have heard it all",
    "When it is done, each of you touches one.",
    "Yes, done",
    "Not for me",
    "Yes, it is so",
    "No, it is not so",
    "Right already",
    "Thank you",
    "Well done",
    "Each of you opens one card, and not the other's.",
    "What you say or write stays on this phone. Nobody marks it.",
    "Tap one here, then what belongs to it there.",
    "Tap what comes first, then what comes next.",
    "Not yet reviewed by a vet.",
    "Not yet read by a native speaker.",
    "Only you see what came of it.",
)
# One that stands only where an answer is sealed.
NOBODY_READS = "Nobody can read your answer on this phone."
# One for a language that people read, and in which nobody has written yet.
NOTHING_YET = gettext_noop("There are no lessons in this language yet. Here they are in others:")
# And those of the page on which lessons are found.
FINDING = (
    "Find a lesson",
    "We do not have this word yet. Try a shorter one, or look at the pictures.",
)


class Sounds:
    """The recordings of one page. `sounds.links` names one small file a voice, fetched at the first tap.

    `sealed`: text key -> another name under which this page has it, where its own would tell too much.
    """

    def __init__(
        self,
        locale: str,
        keys: Iterable[str],
        *,
        sentences: Iterable[str] = INTERFACE,
        sealed: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        found = voices.sounds([*keys, *map(voices.sentence, sentences)])
        self._by_voice = {
            voice: {sealed.get(key, key): sound for key, sound in heard.items()}
            for voice, heard in found.items()
        }
        self._own = self._by_voice.get(locale, {})

    def get(self, key: str) -> voices.Sound | None:
        """The recording in the language of the page, for a phone without scripts."""
        return self._own.get(key)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Voice and address of its list."""
        return [
            (voice, files.keep(voices.table(heard), "json"))
            for voice, heard in sorted(self._by_voice.items())
        ]
