"""What a lesson is made of: one block is one screen, and one thing to hear."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    IntegerBlock,
    MultipleChoiceBlock,
    StreamBlock,
    StreamBlockValidationError,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    TextBlock,
)
from wagtail.blocks.struct_block import BlockGroup
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

MOST_STEPS = 6
MOST_ITEMS = 7
MOST_IN_A_QUIZ = 8
MOST_TRIES = 9


def _reading_languages() -> list[tuple[str, str]]:
    return [(code, name) for code, name in settings.LANGUAGES if code in settings.READING]


class ForSomeLanguages(StructBlock):
    """A block that some languages have and others lack.

    All blocks live in the source page, so that their ids and their order are the same everywhere; one
    that names languages here is shown in those only (docs/decisions/0005).
    """

    only_in = MultipleChoiceBlock(
        label=_("only in"),
        choices=_reading_languages,
        required=False,
        help_text=_("Leave empty to show it in every language."),
    )


class SpokenBlock(ForSomeLanguages):
    """One idea: a title, a picture and a few short sentences."""

    title = CharBlock(label=_("title"), max_length=80, required=False)
    picture = ImageBlock(label=_("picture"), required=False)
    text = TextBlock(label=_("sentences"), max_length=600, rows=3)

    class Meta:
        form_layout = BlockGroup(children=["title", "picture", "text"], settings=["only_in"])


class StepBlock(StructBlock):
    """One step of a story or of a how-to: a picture and one sentence. Its block id names it everywhere."""

    picture = ImageBlock(label=_("picture"), required=False)
    text = TextBlock(label=_("one sentence"), max_length=160, rows=2)

    class Meta:
        icon = "tick"
        label = _("step")


class StepsBlock(ForSomeLanguages):
    """Something done one step after the other."""

    title = CharBlock(label=_("title"), max_length=80)
    text = TextBlock(label=_("how it begins"), max_length=300, rows=2, required=False)
    parts = StreamBlock([("step", StepBlock())], label=_("steps"), min_num=2, max_num=MOST_STEPS)

    class Meta:
        form_layout = BlockGroup(children=["title", "text", "parts"], settings=["only_in"])
        icon = "list-ol"
        label = _("steps")


class StoryBlock(StepsBlock):
    """A story in pictures: every step has one."""

    class Meta:
        icon = "image"
        label = _("picture story")

    def clean(self, value: StructValue) -> StructValue:
        """Refuse a step without a picture, beside that step."""
        value = super().clean(value)
        bare = [n for n, part in enumerate(value["parts"]) if not part.value["picture"]]
        if bare:
            sentence = ValidationError(_("Please give every step of a picture story its picture."))
            raise StructBlockValidationError(
                {"parts": StreamBlockValidationError(block_errors=dict.fromkeys(bare, sentence))}
            )
        return value


class ChecklistBlock(ForSomeLanguages):
    """Things to have or to do. Each can be ticked, and the ticks stay."""

    title = CharBlock(label=_("title"), max_length=80)
    text = TextBlock(label=_("sentence"), max_length=300, rows=2, required=False)
    picture = ImageBlock(label=_("picture"), required=False)
    parts = StreamBlock(
        [("item", CharBlock(label=_("one thing"), max_length=120))],
        label=_("list"),
        min_num=2,
        max_num=MOST_ITEMS,
    )

    class Meta:
        form_layout = BlockGroup(children=["title", "picture", "text", "parts"], settings=["only_in"])
        icon = "list-ul"
        label = _("checklist")


class CardBlock(StructBlock):
    """What one of two people plays."""

    title = CharBlock(label=_("who"), max_length=60)
    text = TextBlock(label=_("what this person wants and knows"), max_length=400, rows=3)

    class Meta:
        icon = "user"
        label = _("card")


class RolePlayBlock(ForSomeLanguages):
    """A talk that two people try out: each reads or hears one card, and not the other's."""

    title = CharBlock(label=_("title"), max_length=80)
    text = TextBlock(label=_("what happens"), max_length=300, rows=2)
    picture = ImageBlock(label=_("picture"), required=False)
    parts = StreamBlock([("card", CardBlock())], label=_("two cards"), min_num=2, max_num=2)

    class Meta:
        form_layout = BlockGroup(children=["title", "picture", "text", "parts"], settings=["only_in"])
        icon = "group"
        label = _("role-play for two")


class RecordingBlock(SpokenBlock):
    """Something longer to hear, such as a farmer who tells. What is said stands there for those who read."""

    text = TextBlock(label=_("what is said"), max_length=2000, rows=6)

    class Meta:
        icon = "media"
        label = _("recording")


class FilmBlock(ForSomeLanguages):
    """A short film. Nothing of it is fetched before somebody touches it, and its bytes are told before."""

    title = CharBlock(label=_("title"), max_length=80)
    text = TextBlock(label=_("sentence"), max_length=300, rows=2, required=False)
    film = SnippetChooserBlock("media.Film", label=_("film"))

    class Meta:
        form_layout = BlockGroup(children=["title", "text", "film"], settings=["only_in"])
        icon = "media"
        label = _("film")


class FamilyBlock(SpokenBlock):
    """Something to do at home with somebody else. Both say when it is done."""

    class Meta:
        icon = "home"
        label = _("family task")


class IdeaBlock(SpokenBlock):
    class Meta:
        icon = "view"
        label = _("idea")


class TipBlock(SpokenBlock):
    class Meta:
        icon = "pick"
        label = _("tip")


class WarningBlock(SpokenBlock):
    class Meta:
        icon = "warning"
        label = _("warning")


class ThisWeekBlock(SpokenBlock):
    class Meta:
        icon = "calendar-alt"
        label = _("do this week")


class QuestionBlock(ForSomeLanguages):
    question = SnippetChooserBlock("assessments.Question", label=_("question"))

    class Meta:
        form_layout = BlockGroup(children=["question"], settings=["only_in"])
        icon = "help"
        label = _("question")


class QuizBlock(ForSomeLanguages):
    """Questions in their order, how many must be right, and how often it may be tried."""

    questions = StreamBlock(
        [("question", SnippetChooserBlock("assessments.Question", label=_("question")))],
        label=_("questions in their order"),
        min_num=2,
        max_num=MOST_IN_A_QUIZ,
    )
    pass_mark = IntegerBlock(
        label=_("how many must be right"),
        min_value=1,
        max_value=MOST_IN_A_QUIZ,
        help_text=_("Who has fewer is not yet through, and can try again."),
    )
    tries = IntegerBlock(
        label=_("how often it may be tried"),
        min_value=1,
        max_value=MOST_TRIES,
        default=3,
        help_text=_("Nobody is kept from going on: after the last try the lesson simply goes on."),
    )

    class Meta:
        form_layout = BlockGroup(children=["questions", "pass_mark", "tries"], settings=["only_in"])
        icon = "tasks"
        label = _("quiz")

    def clean(self, value: StructValue) -> StructValue:
        """Refuse a quiz that nobody can get through, or that the phone cannot mark."""
        value = super().clean(value)
        if value["pass_mark"] > len(value["questions"]):
            sentence = _("Please ask for no more right answers than there are questions.")
            raise StructBlockValidationError({"pass_mark": ValidationError(sentence)})
        if any(not part.value.is_marked or part.value.use == "counts" for part in value["questions"]):
            sentence = _("Please choose questions that have a right answer, for practice.")
            raise StructBlockValidationError({"questions": ValidationError(sentence)})
        return value


class LessonBlocks(StreamBlock):
    idea = IdeaBlock()
    story = StoryBlock()
    steps = StepsBlock()
    recording = RecordingBlock()
    film = FilmBlock()
    tip = TipBlock()
    warning = WarningBlock()
    checklist = ChecklistBlock()
    role_play = RolePlayBlock()
    family = FamilyBlock()
    this_week = ThisWeekBlock()
    question = QuestionBlock()
    quiz = QuizBlock()


class SourceBlock(StructBlock):
    """Where a fact comes from."""

    text = CharBlock(label=_("what"), max_length=200)
    where = CharBlock(label=_("where"), max_length=300)

    class Meta:
        icon = "openquote"
        label = _("source")
