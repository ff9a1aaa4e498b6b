"""The inline style, without what only people need."""

import re


def squeeze(css: str) -> str:
    """The same rules without comments, line breaks and spare spaces.

    >>> squeeze("/* calm */ .a { color: red; }\\n.b > i { margin: 0 auto }")
    '.a{color:red}.b>i{margin:0 auto}'
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r"\s*([{};,>])\s*", r"\1", css)
    css = re.sub(r":\s+", ":", css)
    return css.replace(";}", "}").strip()
