"""What is asked."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.blocks import BooleanBlock, CharBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField


class Needs(NamedTuple):
    """What a kind of question must have among its answers."""

    block: str
    least: int
    most: int
    sentence: Any


FEW = _("Please give two, three or four answers.")  # what a person can keep in mind while listening
NEEDS = {
    "one": Needs("option", 2, 4, FEW),
    "picture": Needs("option", 2, 4, FEW),
    "many": Needs("option", 2, 6, _("Please give two to six answers.")),
    "order": Needs("option", 3, 6, _("Please give three to six answers, in their right order.")),
    "pairs": Needs("pair", 2, 4, _("Please give two, three or four pairs.")),
}
SEALABLE = ("one", "picture", "many", "true_false")
TOLD = {"yes": gettext_noop("Yes, it is so"), "no": gettext_noop("No, it is not so")}  # to a statement


_NEEDED: list[Callable[["Question"], None]] = []


def asked_by(check: Callable[["Question"], None]) -> None:
    """Whoever asks questions says here what they need of them: `check` refuses what does not fit any more."""
    if check not in _NEEDED:
        _NEEDED.append(check)


class OptionBlock(StructBlock):
    """One answer that can be chosen, or one part of an order. Its block id names it in every language."""

    text = CharBlock(label=_("words"), max_length=120, help_text=_("Three to six words that can be heard."))
    picture = ImageBlock(label=_("picture"), required=False)
    right = BooleanBlock(
        label=_("this is right"),
        required=False,
        help_text=_("Not needed for “put in order”: there the list itself is the right order."),
    )

    class Meta:
        icon = "radio-full"
        label = _("answer")


class PairBlock(StructBlock):
    """Two that belong together. The block id names the first, and a sealed name of it the second."""

    left = CharBlock(label=_("first"), max_length=80)
    picture = ImageBlock(label=_("picture of the first"), required=False)
    right = CharBlock(label=_("what belongs to it"), max_length=80)

    class Meta:
        icon = "link"
        label = _("pair")


class AnswerBlocks(StreamBlock):
    option = OptionBlock()
    pair = PairBlock()


class Question(TranslatableMixin, RevisionMixin, index.Indexed, ClusterableModel):
    """A question with its reason. The same question may stand in many lessons."""

    class Kind(models.TextChoices):
        ONE = "one", _("choose one")
        PICTURE = "picture", _("choose a picture")
        MANY = "many", _("choose all that are right")
        TRUE_FALSE = "true_false", _("true or not")
        ORDER = "order", _("put in order")
        PAIRS = "pairs", _("find pairs")
        NUMBER = "number", _("a number")
        SAY = "say", _("say or write")

    class Use(models.TextChoices):
        PRACTICE = "practice", _("practice: the answer is told at once")
        COUNTS = "counts", _("counts: the key never leaves the server")
        SEALED = "sealed", _("sealed: nothing is right, and nobody with the phone can read the answer")

    key = models.SlugField(
        _("key"), max_length=80, default=uuid.uuid4, help_text=_("Names the question in files.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind.choices,
        default=Kind.ONE,
        help_text=_("How it is answered. Words and pictures are tapped; nothing is dragged."),
    )
    use = models.CharField(
        _("use"),
        max_length=10,
        choices=Use.choices,
        default=Use.PRACTICE,
        help_text=_(
            "In a lesson: practice. “Counts” is for questions before and after a unit. “Sealed” is for what"
            " a family need not know, such as what somebody owes."
        ),
    )
    prompt = models.CharField(
        _("question"),
        max_length=200,
        help_text=_("One short sentence that can be heard. For “true or not”: a statement."),
    )
    options = StreamField(
        AnswerBlocks(),
        verbose_name=_("answers"),
        blank=True,
        help_text=_("Answers to choose from, parts in their right order, or pairs. A number has none."),
    )
    truth = models.CharField(
        _("is the statement true?"),
        max_length=3,
        choices=[(name, _(said)) for name, said in TOLD.items()],
        blank=True,
        help_text=_("Only for “true or not”. People answer with yes or no."),
    )
    value = models.DecimalField(
        _("right number"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("Only for “a number”."),
    )
    tolerance = models.DecimalField(
        _("how far away is near enough"),
        max_digits=12,
        decimal_places=4,
        default=0,
        help_text=_("Only for “a number”: 0.1 lets 1.65 to 1.85 be right where 1.75 is. 0 is exact."),
    )
    unit = models.CharField(
        _("unit"),
        max_length=30,
        blank=True,
        help_text=_("Only for “a number”: what is counted, such as litres. It stands beside the number."),
    )
    reason = models.CharField(
        _("reason"),
        max_length=300,
        blank=True,
        help_text=_("Why it is so. Said after every answer. Where nothing is right, it can be left out."),
    )
    hint = models.CharField(
        _("hint"), max_length=300, blank=True, help_text=_("Said when it is not yet right.")
    )
    voided_at = models.DateTimeField(
        _("does not count since"),
        null=True,
        blank=True,
        help_text=_("When the question was a mistake: whoever answered it has answered it rightly."),
    )

    panels = [
        FieldPanel("prompt"),
        MultiFieldPanel([FieldPanel("kind"), FieldPanel("use")], heading=_("How it is asked")),
        FieldPanel("options"),
        MultiFieldPanel(
            [
                FieldPanel("truth"),
                FieldRowPanel([FieldPanel("value"), FieldPanel("tolerance"), FieldPanel("unit")]),
            ],
            heading=_("Without answers to choose from"),
        ),
        FieldPanel("reason"),
        FieldPanel("hint"),
        FieldPanel("key"),
        FieldPanel("voided_at"),
    ]
    translatable_fields = [
        TranslatableField("prompt"),
        TranslatableField("options"),
        TranslatableField("unit"),
        TranslatableField("reason"),
        TranslatableField("hint"),
        SynchronizedField("kind"),
        SynchronizedField("use"),
        SynchronizedField("key"),
        SynchronizedField("truth"),
        SynchronizedField("value"),
        SynchronizedField("tolerance"),
        SynchronizedField("voided_at"),
    ]
    search_fields = [
        index.SearchField("prompt"),
        index.AutocompleteField("prompt"),
        index.FilterField("locale"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.prompt

    def clean(self) -> None:
        """It can be asked, and somebody can answer it rightly. Each kind says what it still needs."""
        super().clean()
        answers = [option.value for option in self.options]
        if self.kind in NEEDS:
            _have(NEEDS[self.kind], [option.block_type for option in self.options])
        if self.kind == self.Kind.PICTURE and not all(answer["picture"] for answer in answers):
            raise ValidationError({"options": _("Please give every answer a picture.")})
        rights = sum(answer.get("right") is True for answer in answers)
        if self.use == self.Use.SEALED:
            self._have_nothing_right(rights)
        else:
            self._have_what_is_right(answers, rights)
        for check in _NEEDED:
            check(self)

    def _have_nothing_right(self, rights: int) -> None:
        if self.kind not in SEALABLE:
            raise ValidationError({"use": _("Only answers that are chosen can be sealed.")})
        if rights or self.truth:
            raise ValidationError({"use": _("Please mark nothing as right: nobody marks what is sealed.")})

    def _have_what_is_right(self, answers: list, rights: int) -> None:
        if self.kind in (self.Kind.ONE, self.Kind.PICTURE) and rights != 1:
            raise ValidationError({"options": _("Please mark exactly one answer as right.")})
        if self.kind == self.Kind.MANY and not rights:
            raise ValidationError({"options": _("Please mark every answer that is right, at least one.")})
        if self.kind == self.Kind.PAIRS and len({pair["right"].strip() for pair in answers}) < len(answers):
            raise ValidationError({"options": _("Please let no two pairs end with the same words.")})
        if self.kind == self.Kind.TRUE_FALSE and not self.truth:
            raise ValidationError({"truth": _("Please say whether the statement is true.")})
        if self.kind == self.Kind.NUMBER:
            self._have_a_number()
        if self.kind != self.Kind.SAY and not self.reason:
            raise ValidationError({"reason": _("Please say why it is so.")})

    def _have_a_number(self) -> None:
        if self.value is None:
            raise ValidationError({"value": _("Please give the right number.")})
        if self.tolerance is None or self.tolerance < 0:
            raise ValidationError({"tolerance": _("Please give 0 or more: how far away is near enough.")})

    @property
    def is_marked(self) -> bool:
        """Is anything right?"""
        return self.kind != self.Kind.SAY and self.use != self.Use.SEALED

    @property
    def asked(self) -> list:
        """The answers in the order in which a page shows them; for an order never the right one."""
        return self._mixed() if self.kind == self.Kind.ORDER else list(self.options)

    @property
    def partners(self) -> list[tuple[str, Any]]:
        """The second halves of pairs: sealed name and block, in an order that tells nothing."""
        halves = self._mixed() if self.kind == self.Kind.PAIRS else []
        return [(self._sealed(half.id), half) for half in halves]

    @property
    def right_words(self) -> list[str]:
        """What is right, in the words of the question; nothing where nothing is."""
        if self.use == self.Use.SEALED:
            return []
        if self.kind == self.Kind.TRUE_FALSE:
            return [gettext(TOLD[self.truth])]
        if self.kind == self.Kind.NUMBER:
            return [f"{number_format(self.value.normalize())} {self.unit}".strip()]
        if self.kind == self.Kind.ORDER:
            return [f"{place} · {part.value['text']}" for place, part in enumerate(self.options, start=1)]
        if self.kind == self.Kind.PAIRS:
            return [f"{pair.value['left']} – {pair.value['right']}" for pair in self.options]
        return [option.value["text"] for option in self.options if option.value.get("right")]

    def answer_key(self) -> dict:
        """What `assessments.marking` needs. What is right stands in `right` only."""
        about = {"question": str(self.translation_key), "kind": self.kind, "use": self.use}
        key = about | self._offered()
        right = self._right()
        return key if right is None else {**key, "right": right}

    def _offered(self) -> dict:
        if self.kind == self.Kind.SAY:
            return {}
        if self.kind == self.Kind.NUMBER:
            comma = get_format("DECIMAL_SEPARATOR", self.locale.language_code) == ","
            return {"comma": comma, "unit": self.unit}
        if self.kind == self.Kind.TRUE_FALSE:
            return {"options": list(TOLD)}
        options = {"options": [option.id for option in self.asked]}
        partners = [name for name, _half in self.partners]
        return options | {"partners": partners} if partners else options

    def _right(self) -> Any:
        if not self.is_marked:
            return None
        if self.kind == self.Kind.NUMBER:
            return {"value": float(self.value), "tolerance": float(self.tolerance)}
        if self.kind == self.Kind.TRUE_FALSE:
            return [self.truth]
        if self.kind == self.Kind.ORDER:
            return [option.id for option in self.options]
        if self.kind == self.Kind.PAIRS:
            return {option.id: self._sealed(option.id) for option in self.options}
        return [option.id for option in self.options if option.value.get("right")]

    def _mixed(self) -> list:
        """Always the same order for the same parts, and one that nobody can work out from a page."""
        listed = list(self.options)
        mixed = sorted(listed, key=lambda option: self._sealed(f"place of {option.id}"))
        # Of two, one order must not always be the other.
        return [*mixed[1:], mixed[0]] if mixed == listed and len(mixed) > 2 else mixed

    def _sealed(self, name: str) -> str:
        name = f"{self.translation_key} {name}"
        return salted_hmac("hamrah.question", name, algorithm="sha256").hexdigest()[:12]


def _have(needs: Needs, given: list[str]) -> None:
    if not needs.least <= len(given) <= needs.most:
        raise ValidationError({"options": needs.sentence})
    if set(given) != {needs.block}:
        both = {"option": _("Please give answers here, no pairs."), "pair": _("Please give pairs here.")}
        raise ValidationError({"options": both[needs.block]})
