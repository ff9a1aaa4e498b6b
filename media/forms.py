"""What trainers hand in is looked at before it is kept."""

import io
import os
import re
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media import drawings, films, shrink, sound
from media.models import Film, Picture

JOINERS = "\u200c\u200d"  # Urdu writes with them
LONGEST_EDGE = 2400  # enough for a printed page
# What Pillow may open, and what it is kept as. A moving picture becomes a still one.
OPENED = ["JPEG", "PNG", "WEBP", "GIF"]
PICTURES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "png"}
SAVED_AS = {
    "jpg": ("JPEG", {"quality": 90}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"quality": 90}),
}


def launder(name: str, content: bytes) -> UploadedFile:
    """The same picture, written anew by us: no place, no owner, no second meaning, and a plain name."""
    if name.lower().endswith(".svg") or content.lstrip()[:5].lower() in {b"<svg ", b"<?xml", b"<!doc"}:
        try:
            return SimpleUploadedFile(f"{_stem(name)}.svg", drawings.clean(content), "image/svg+xml")
        except drawings.NotADrawing as why:
            raise ValidationError(str(why), code="not_a_drawing") from None
    suffix, image = _opened(content)
    form, options = SAVED_AS[suffix]
    out = io.BytesIO()
    image.save(out, form, **options)
    return SimpleUploadedFile(f"{_stem(name)}.{suffix}", out.getvalue(), f"image/{form.lower()}")


class PictureField(WagtailImageField):
    """Wagtail's field unpacks a picture before it counts its points; this one counts first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page for many pictures says two of these before it sends anything.
        self.error_messages |= {
            "empty": _("There is nothing in this file. Please choose another one."),
            "file_too_large_unknown_size": self._too_large(),
            "invalid_image_extension": _cannot_be_opened(),
        }

    def to_python(self, data: File | None) -> File | None:
        given = forms.FileField.to_python(self, data)  # says when there is nothing in it
        if given is None:
            return None
        if given.size > self.max_upload_size:
            raise ValidationError(self._too_large(), code="file_too_large")
        given.seek(0)
        return super().to_python(launder(given.name or "", given.read()))

    def _too_large(self) -> str:
        most = self.max_upload_size_text
        return _("This picture has more than %(most)s. Please make it smaller first.") % {"most": most}


class TitleField(forms.CharField):
    """A title comes from the name of the file: it is cut, not refused, and says nothing backwards."""

    def to_python(self, value: object) -> str:
        said = super().to_python(value) or ""
        said = "".join(letter for letter in said if letter.isprintable() or letter in JOINERS)
        return said.strip()[: self.max_length].strip()


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail binds its fields while it begins: they are exchanged before, for this one form only.
        fields = {name: _stricter(name, field) for name, field in self.base_fields.items()}
        self.base_fields = fields  # ty: ignore[invalid-attribute-access]
        super().__init__(*args, **kwargs)

    def save(self, commit: bool = True) -> Picture:
        """Wagtail's upload of many keeps a file aside when a title is missing, and files it past the form."""
        if self.instance.pk is None and "file" not in self.fields and self.instance.file:
            self._launder_what_was_kept_aside()
        return super().save(commit=commit)

    def _launder_what_was_kept_aside(self) -> None:
        stored = self.instance.file
        with stored.storage.open(stored.name) as file:
            clean = launder(os.path.basename(stored.name), file.read())
        stored.storage.delete(stored.name)
        self.instance.file.save(clean.name, clean, save=False)
        self.instance._set_image_file_metadata()


class RecordingForm(forms.Form):
    """A take, and what is said in it."""

    recording = forms.FileField(
        label=gettext_lazy("recording"),
        required=False,
        error_messages={"empty": gettext_lazy("There is nothing in this recording. Please record it again.")},
    )
    transcript = forms.CharField(
        label=gettext_lazy("what is said"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Please write what is said, for those who cannot hear it.")},
    )

    def __init__(self, *args: Any, has_one: bool = False, **kwargs: Any) -> None:
        self.has_one = has_one  # then the words alone may be mended
        super().__init__(*args, **kwargs)

    def clean_recording(self) -> UploadedFile | None:
        """Refuse what is far too large or no sound by its name; the worker looks inside."""
        given = self.cleaned_data["recording"]
        if given is None:
            if self.has_one:
                return None
            raise ValidationError(_("Please record it first, or choose a file."))
        most = settings.LARGEST_RECORDING_MB
        if given.size > most * 1024 * 1024:
            raise ValidationError(
                _("This recording has more than %(most)s MB. Please make it shorter.") % {"most": most}
            )
        if sound.suffix_of(given.name) is None:
            raise ValidationError(_("This is not a sound file we know. Please use MP3, M4A, OGG or WAV."))
        return given


class FilmForm(WagtailAdminModelForm):
    """A film, and what is said in it. Large ones are sent with a bar that grows."""

    class Media:
        js = [Script("media/film_upload.mjs", type="module")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["original"].error_messages["empty"] = _(
            "There is nothing in this file. Please choose the film again."
        )
        self.fields["transcript"].error_messages["required"] = _(
            "Please write what is said, for those who cannot hear it."
        )

    def clean_original(self) -> File:
        """Refuse what is far too large or no film by its name; the worker looks inside."""
        given = self.cleaned_data["original"]
        if not isinstance(given, UploadedFile):
            return given
        most = settings.LARGEST_FILM_MB
        if (given.size or 0) > most * 1024 * 1024:
            raise ValidationError(
                _("This film has more than %(most)s MB. Please make it shorter.") % {"most": most}
            )
        if films.suffix_of(given.name or "") is None:
            raise ValidationError(_("This is not a film we know. Please use MP4, MOV, WebM or 3GP."))
        return given

    def save(self, commit: bool = True) -> Film:
        """A new film is made small; so is one that could not be, when it is kept once more."""
        film = super().save(commit=False)
        is_new = "original" in self.changed_data
        if is_new or film.state == Film.State.FAILED:
            before = str(self.initial.get("original") or "") if is_new else ""
            films.take(film, replaces=before, now=timezone.now())
        else:
            film.save()
        return film


def _stricter(name: str, field: forms.Field) -> forms.Field:
    said: dict[str, Any] = {"label": field.label, "widget": field.widget, "required": field.required}
    if name == "file":
        return PictureField(**said)
    if name == "title" and isinstance(field, forms.CharField):
        return TitleField(**said, max_length=field.max_length)
    return field


def _stem(name: str) -> str:
    """Letters of the file's name that no system stumbles over, or a name of our own."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", os.path.splitext(name)[0][:200]).strip("-")[:60].strip("-")
    return stem or f"picture-{uuid.uuid4().hex[:8]}"


def _opened(content: bytes) -> tuple[str, Image.Image]:
    """The ending it is kept under, and the picture: upright, bare, and no larger than anybody needs."""
    try:
        return _read(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_points() from None
    except ValidationError:
        raise
    except Exception:  # Pillow raises whatever broken bytes lead it to
        raise ValidationError(_cannot_be_opened(), code="invalid_image") from None


def _cannot_be_opened() -> str:
    return _("This is not a picture we can open. Please use JPG, PNG, WebP or SVG.")


def _read(content: bytes) -> tuple[str, Image.Image]:
    Image.init()  # asked for certain formats, Pillow does not look for those it has not met
    with Image.open(io.BytesIO(content), formats=OPENED) as image:  # reads the head only
        if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
            raise _too_many_points()
        suffix = PICTURES[image.format or ""]
        upright = ImageOps.exif_transpose(image)
        clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    if suffix == "jpg":
        clean = shrink.on_white(clean)
    clean.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    clean.info = {}
    return suffix, clean


def _too_many_points() -> ValidationError:
    return ValidationError(
        _("This picture has too many points. At most %(most)s million can be used: please make it smaller.")
        % {"most": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000},
        code="file_too_many_pixels",
    )
