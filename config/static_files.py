"""Static files named by their content, ES modules included."""

import re

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

# A comment behind code counts as one only where nothing in it could end a text: "a // b" stays.
FOR_PEOPLE = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+|[ \t]+// [^\"'`\n]*$", re.MULTILINE)


def squeeze_module(script: str) -> str:
    r"""A module without what only people need: comments, indentation, empty lines.

    No code is touched, so no parser is needed; our modules have no text that spans lines.

    >>> squeeze_module("// Why.\nexport const a = 1;\n\n  const b = 'x // y'; // c\n")
    "export const a = 1;\nconst b = 'x // y';\n"
    """
    return FOR_PEOPLE.sub("", script)


class HashedModules(CompressedManifestStaticFilesStorage):
    """An `import` in a module follows the hashed name of what it imports."""

    # Django knows how, but looks into .js only; a module that is named in two ways is loaded and run twice.
    _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]  # ty: ignore[missing-attribute]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*.mjs", _IMPORTS))

    def _save(self, name: str, content: File) -> str:
        if name.endswith(".mjs"):
            content.seek(0)  # it was read to its end for the digest
            content = ContentFile(squeeze_module(content.read().decode()).encode())
        return super()._save(name, content)  # ty: ignore[missing-attribute] - the stubs leave out what is private
