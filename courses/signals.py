"""Who must be rendered again when something changes."""

from collections.abc import Iterable

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, ReferenceIndex, TranslatableMixin
from wagtail.signals import page_published, page_unpublished, post_page_move

from assessments.models import Question
from courses import published
from courses.models import LessonPage, LocalNote, Review
from media import voices
from media.models import Film, Picture, Recording
from media.signals import heard_differently, seen_differently


def connect() -> None:
    """Listen to everything that a phone would see."""
    page_published.connect(_page_changed, dispatch_uid="published")
    page_unpublished.connect(_page_gone, dispatch_uid="unpublished")
    post_page_move.connect(_page_moved, dispatch_uid="moved")
    pre_delete.connect(_page_deleted, dispatch_uid="deleted")
    post_save.connect(_thing_changed, sender=Question, dispatch_uid="question changed")
    post_save.connect(_thing_changed, sender=Picture, dispatch_uid="picture changed")
    post_save.connect(_thing_changed, sender=Film, dispatch_uid="film changed")
    pre_delete.connect(_thing_changed, sender=Film, dispatch_uid="film deleted")
    post_save.connect(_review_changed, sender=Review, dispatch_uid="review written")
    post_delete.connect(_review_changed, sender=Review, dispatch_uid="review taken back")
    post_save.connect(_note_changed, sender=LocalNote, dispatch_uid="local note changed")
    post_delete.connect(_note_changed, sender=LocalNote, dispatch_uid="local note deleted")
    heard_differently.connect(_recording_changed, sender=Recording, dispatch_uid="recording changed")
    seen_differently.connect(_film_changed, sender=Film, dispatch_uid="film made small")


def pages_that_show(thing: Model) -> set[Page]:
    """Every page that shows a thing, itself or through another thing, in every language."""
    found: set[Page] = set()
    for twin in _twins(thing):
        for reference in ReferenceIndex.get_references_to(twin):
            owner = (
                reference.model_class
                if hasattr(reference, "model_class")
                else reference.content_type.model_class()
            )
            holder = owner.objects.filter(pk=reference.object_id).first()
            if isinstance(holder, Page):
                found.update(holder.get_translations(inclusive=True).specific())
            elif holder is not None:
                found |= pages_that_show(holder)
    return found


def _twins(thing: Model) -> Iterable[Model]:
    return thing.get_translations(inclusive=True) if isinstance(thing, TranslatableMixin) else [thing]


def _page_changed(instance: Page, **kwargs: object) -> None:
    if isinstance(instance, published.TAUGHT):
        published.want(instance)


def _page_gone(instance: Page, **kwargs: object) -> None:
    if isinstance(instance, published.TAUGHT):
        for page in instance.get_descendants(inclusive=True).select_related("locale"):
            published.take_down(page.translation_key, page.locale.language_code)
            published.take_down_beside(page.translation_key, page.locale.language_code)
        published.want(instance)


def _page_deleted(sender: type[Model], instance: Model, **kwargs: object) -> None:
    if isinstance(instance, published.TAUGHT):
        _page_gone(instance)


def _page_moved(instance: Page, **kwargs: object) -> None:
    for page in instance.get_descendants(inclusive=True).specific():
        _page_changed(page)


def _thing_changed(instance: Model, **kwargs: object) -> None:
    for page in pages_that_show(instance):
        _page_changed(page)


def _review_changed(instance: Review, **kwargs: object) -> None:
    published.want(instance.lesson)


def _note_changed(instance: LocalNote, **kwargs: object) -> None:
    for page in LessonPage.objects.filter(translation_key=instance.lesson):
        _page_changed(page)


def _recording_changed(text_key: str, **kwargs: object) -> None:
    about = voices.parse(text_key).about
    if about is None:  # a sentence of the interface stands on every page
        published.want_all()
        return
    for page in Page.objects.filter(translation_key=about).specific():  # ty: ignore[missing-attribute] - Wagtail ships no types
        _page_changed(page)
    for question in Question.objects.filter(translation_key=about)[:1]:
        _thing_changed(question)
    for note in LocalNote.objects.filter(translation_key=about)[:1]:
        _note_changed(note)


def _film_changed(film: Film, **kwargs: object) -> None:
    _thing_changed(film)
