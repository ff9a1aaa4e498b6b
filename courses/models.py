"""What is taught: a catalogue of courses, their units, and lessons; and what phones were given of them."""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses import districts, fixed
from courses.blocks import LessonBlocks, SourceBlock

MOST_TWICE = 8  # questions before and after a unit: more would stand in the way
TAKEN = _("Another page has this address already. Please choose another short name.")
CATALOGUE = uuid.UUID(int=0)  # stands for "the catalogue and its courses" where a unit is named


class Label(models.Model):
    """A stage, trade, region or audience something is meant for. Data, so that a country can be added."""

    class Kind(models.TextChoices):
        STAGE = "stage", _("stage")
        TRADE = "trade", _("trade")
        REGION = "region", _("region")
        AUDIENCE = "audience", _("audience")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    key = models.SlugField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=80)

    panels = [FieldPanel("kind"), FieldPanel("key"), FieldPanel("name")]

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="a_label_exists_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class TaughtPage(Page):
    """What catalogue, course, unit and lesson share: they are read on phones as published files."""

    admin_icon = "doc-full"  # in the page tree
    admin_default_ordering = "ord"  # trainers see pages in the order in which they are learned

    class Meta:
        abstract = True

    @property
    def preview_sizes(self) -> list[dict]:
        """As the phones of those who learn: one of today, and the smallest that is still in use."""
        return [
            {"name": "phone", "icon": "mobile-alt", "device_width": 360, "label": _("Preview on a phone")},
            {
                "name": "small",
                "icon": "mobile-alt",
                "device_width": 320,
                "label": _("Preview on a small phone"),
            },
        ]

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer a first visit before the worker was there; all later ones end in the middleware."""
        from courses import published  # published renders pages, so it knows this module

        return published.serve(self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The lesson as a phone will show it, not yet published."""
        from courses import published

        return HttpResponse(published.preview(self))


class CataloguePage(TaughtPage):
    """All courses in one language. The first page a learner sees in it."""

    admin_icon = "home"
    subpage_types = ["courses.CoursePage"]
    parent_page_types = ["wagtailcore.Page"]
    translatable_fields = [TranslatableField("title"), SynchronizedField("slug")]

    class Meta:
        verbose_name = _("catalogue")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Below the catalogue stand the courses, and the pages that nobody writes."""
        name = path_components[0] if len(path_components) == 1 else ""
        here = self.live and self.locale.language_code == get_language()
        if here and name in fixed.names():
            return RouteResult(self, kwargs={"fixed": name})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer for the catalogue, or for a page that nobody writes."""
        from courses import published

        name = kwargs.get("fixed")
        return published.serve(fixed.Fixed(str(name), self.locale) if name else self)


class CoursePage(TaughtPage):
    """A subject, such as healthy animals."""

    admin_icon = "list-ul"

    summary = models.CharField(_("in one sentence"), max_length=200, blank=True)
    picture = models.ForeignKey("media.Picture", models.SET_NULL, null=True, blank=True, related_name="+")
    labels = ParentalManyToManyField(Label, verbose_name=_("meant for"), blank=True)
    for_coaches = models.BooleanField(
        _("for coaches"),
        default=False,
        help_text=_(
            "It stands at its own address for everybody, and its lessons are found by a word. But it is no"
            " card on the first page; coaches find it on their desk."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("picture")]
    promote_panels = [*Page.promote_panels, FieldPanel("labels"), FieldPanel("for_coaches")]
    subpage_types = ["courses.UnitPage"]
    parent_page_types = ["courses.CataloguePage"]
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("summary"),
        SynchronizedField("slug"),
        SynchronizedField("picture"),
        SynchronizedField("labels"),
        SynchronizedField("for_coaches"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        verbose_name = _("course")

    def clean(self) -> None:
        """At some addresses stands something else."""
        super().clean()
        if self.slug in fixed.names():
            raise ValidationError({"slug": TAKEN})


class UnitPage(TaughtPage):
    """A few lessons that belong together, and are published and kept on phones together."""

    admin_icon = "folder-open-inverse"

    picture = models.ForeignKey("media.Picture", models.SET_NULL, null=True, blank=True, related_name="+")
    labels = ParentalManyToManyField(Label, verbose_name=_("meant for"), blank=True)

    test = StreamField(
        [("question", SnippetChooserBlock("assessments.Question", label=_("question")))],
        verbose_name=_("questions before and after"),
        blank=True,
        max_num=MOST_TWICE,
        help_text=_(
            "The same questions are asked before the unit and after it, and may be skipped. Only the server"
            " marks them. Afterwards everybody sees alone what they have learned. Four to six are enough."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("picture"), FieldPanel("test")]
    promote_panels = [*Page.promote_panels, FieldPanel("labels")]
    subpage_types = ["courses.LessonPage"]
    parent_page_types = ["courses.CoursePage"]
    translatable_fields = [
        TranslatableField("title"),
        SynchronizedField("slug"),
        SynchronizedField("picture"),
        SynchronizedField("labels"),
        SynchronizedField("test"),
    ]

    class Meta:
        verbose_name = _("unit")

    def clean(self) -> None:
        """What nobody marks cannot show what was learned."""
        super().clean()
        if any(asked.value and not asked.value.is_marked for asked in self.test):
            raise ValidationError({"test": _("Please choose questions that have a right answer.")})

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Below a unit stand its lessons, and what follows from it."""
        from courses import published  # published renders pages, so it knows this module

        found = {page.slug: page for page in published.beside(self)} if self.live else {}
        if path_components and path_components[0] in found and len(path_components) == 1:
            return RouteResult(self, kwargs={"beside": found[path_components[0]]})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer for the unit, or for what stands beside it."""
        from courses import published
        from courses.beside import BesideUnit

        found = kwargs.get("beside")
        return published.serve(found if isinstance(found, BesideUnit) else self)


class LessonPage(TaughtPage):
    """One goal, a few ideas, something to do this week."""

    goal = models.CharField(_("goal"), max_length=200, blank=True, help_text=_("After this lesson you can …"))
    picture = models.ForeignKey("media.Picture", models.SET_NULL, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=4, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    body = StreamField(LessonBlocks(), verbose_name=_("screens"), blank=True)
    step_by_step = models.BooleanField(
        _("step by step"),
        default=True,
        help_text=_("One idea a screen. Without it, all of the lesson stands on one page."),
    )
    sources = StreamField([("source", SourceBlock())], verbose_name=_("sources"), blank=True)
    needs_vet = models.BooleanField(_("is about animal health"), default=False)

    content_panels = [
        *Page.content_panels,
        FieldPanel("goal"),
        FieldPanel("picture", help_text=_("Shown on the first screen, and wherever the lesson is offered.")),
        FieldPanel("step_by_step"),
        FieldPanel(
            "body",
            help_text=_(
                "One idea a screen: a picture, a title, one to three short sentences. "
                "Ask a question soon after what it is about."
            ),
        ),
        FieldPanel("sources", help_text=_("Who says so, and where it can be read.")),
    ]
    settings_panels = [
        MultiFieldPanel(
            [
                FieldPanel("minutes", help_text=_("How long it takes to hear and answer everything.")),
                FieldPanel(
                    "needs_vet",
                    help_text=_("The lesson then says whether a vet has read it. Reviews are noted by name."),
                ),
            ],
            heading=_("About this lesson"),
        ),
        *Page.settings_panels,
    ]
    subpage_types = []
    parent_page_types = ["courses.UnitPage"]
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("goal"),
        TranslatableField("body"),
        SynchronizedField("slug"),
        SynchronizedField("picture"),
        SynchronizedField("minutes"),
        SynchronizedField("step_by_step"),
        SynchronizedField("sources"),
        SynchronizedField("needs_vet"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("goal"), index.SearchField("body")]

    class Meta:
        verbose_name = _("lesson")

    def clean(self) -> None:
        """At some addresses below a unit stands something else."""
        from courses import published

        super().clean()
        if self.slug in published.names_beside():
            raise ValidationError({"slug": TAKEN})


class LocalNote(TranslatableMixin):
    """What is otherwise in one district than a screen of a lesson says, and when somebody told us."""

    lesson = models.UUIDField(editable=False)  # translation_key: it stays when the page moves or is made anew
    block = models.CharField(max_length=36, editable=False)
    district = models.CharField(_("district"), max_length=40, blank=True, choices=districts.choices)
    place = models.CharField(_("another place"), max_length=80, blank=True)
    on = models.DateField(_("told in"))
    text = models.TextField(_("what is different there"), max_length=400)
    withdrawn_on = models.DateField(
        _("withdrawn on"), null=True, blank=True, help_text=_("From then on no lesson shows it.")
    )

    panels = [
        FieldPanel("text"),
        FieldPanel("district"),
        FieldPanel("place"),
        FieldPanel("on"),
        FieldPanel("withdrawn_on"),
    ]
    translatable_fields = [
        TranslatableField("text"),
        TranslatableField("place"),
        SynchronizedField("lesson"),
        SynchronizedField("block"),
        SynchronizedField("district"),
        SynchronizedField("on"),
        SynchronizedField("withdrawn_on"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("local note")
        verbose_name_plural = _("local notes")
        indexes = [models.Index(fields=["lesson"], name="notes_of_a_lesson")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(district="", place=""), name="a_local_note_names_its_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_district_display() or self.place}: {self.text[:60]}"


class Review(models.Model):
    """Somebody who knows has read a lesson, in one language."""

    class By(models.TextChoices):
        VET = "vet", _("a vet")
        NATIVE = "native", _("a native speaker")

    lesson = models.ForeignKey(LessonPage, models.CASCADE, verbose_name=_("lesson"), related_name="+")
    by = models.CharField(_("read by"), max_length=10, choices=By.choices)
    name = models.CharField(_("name and office"), max_length=120)
    on = models.DateField(_("read on"))

    panels = [FieldPanel("lesson"), FieldPanel("by"), FieldPanel("name"), FieldPanel("on")]

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self) -> str:
        return f"{self.lesson.title}: {self.get_by_display()}, {self.on:%Y-%m-%d}"


class Rendering(models.Model):
    """One page as it was given to phones. Written once, kept for ever, with the keys of its questions."""

    rev = models.CharField(primary_key=True, max_length=64)  # digest of the page, its own name left blank
    page_key = models.UUIDField()  # translation_key: no foreign key on purpose, a page may go
    locale = models.CharField(max_length=5)
    kind = models.CharField(max_length=12)
    body = models.BinaryField()  # gzip
    keys = models.JSONField(default=dict)  # block id -> what marking needs
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["page_key", "locale"], name="renderings_of_a_page")]

    def __str__(self) -> str:
        return f"{self.kind} {self.rev[:12]} ({self.locale})"


class Publication(models.Model):
    """What stands at an address now, and what should. The files on disk only follow this table."""

    path = models.CharField(max_length=255, unique=True)
    page_key = models.UUIDField()
    locale = models.CharField(max_length=5)
    rendering = models.ForeignKey(Rendering, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(auto_now_add=True)  # no line can have happened before
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page_key", "locale"], name="a_page_stands_at_one_address")
        ]

    def __str__(self) -> str:
        return self.path


class Pack(models.Model):
    """What phones can keep of a unit now, in one language and with one voice. See `courses.packs`."""

    unit_key = models.UUIDField()  # all zeros: the pages that lead to the units
    locale = models.CharField(max_length=5)
    voice = models.CharField(max_length=5, blank=True)
    address = models.CharField(max_length=60)  # of the list of its files
    bytes = models.PositiveIntegerField()  # on the way to a phone that has nothing of it yet
    seconds = models.PositiveIntegerField()  # of listening
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_key", "locale", "voice"], name="a_pack_is_offered_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_key} ({self.locale}, {self.voice})"


class Wanted(models.Model):
    """A unit to render again in one language. The row goes when it is done: a lost task costs a minute."""

    unit_key = models.UUIDField()  # all zeros: the catalogue and its courses
    locale = models.CharField(max_length=5)
    since = models.DateTimeField(auto_now_add=True)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_key", "locale"], name="a_unit_is_wanted_once")]

    def __str__(self) -> str:
        return f"{self.unit_key} ({self.locale})"
