"""Drawings that are safe to give to anybody: SVG, down to the shapes.

Only what is listed here survives. What an editor adds for itself is dropped without a word; what could
run, load or crash is refused with a sentence, so that its author can mend it.
"""

import re
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

LARGEST = 100 * 1024
MOST_PARTS = 5000
DEEPEST = 40

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

_PARTS = """
    svg g defs symbol use title desc path circle ellipse rect line polyline polygon text tspan
    linearGradient radialGradient stop clipPath mask pattern marker
"""
_LOOKS = """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility stop-color
    stop-opacity clip-path clip-rule mask marker-start marker-mid marker-end paint-order vector-effect
    font-size font-family font-weight font-style text-anchor dominant-baseline letter-spacing
"""
_SHAPES = """
    id viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points dx dy
    rotate transform pathLength offset gradientUnits gradientTransform spreadMethod clipPathUnits
    maskUnits maskContentUnits patternUnits patternContentUnits patternTransform markerUnits
    markerWidth markerHeight refX refY orient textLength lengthAdjust href
"""
PARTS, LOOKS, SHAPES = (frozenset(words.split()) for words in (_PARTS, _LOOKS, _SHAPES))
CALLS = frozenset({"rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy"})
NOT_DRAWN = frozenset({"metadata"})

_LOCAL = re.compile(r"#[\w.:-]+")
_LOCAL_URL = re.compile(r"""url\(\s*(["']?)#[\w.:-]+\1\s*\)""", re.IGNORECASE)
_CALL = re.compile(r"([\w-]*)\s*\(")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


class NotADrawing(ValueError):
    """The sentence says why, and what its author can do."""


def clean(svg: bytes) -> bytes:
    """The same drawing with nothing but shapes in it. What is clean already comes back unchanged."""
    if len(svg) > LARGEST:
        raise NotADrawing(_("This drawing is larger than 100 KB. Please draw it with fewer points."))
    root = _read(svg)
    if root.tag != f"{{{SVG}}}svg":
        raise NotADrawing(_("This is not an SVG drawing."))
    _count(root)
    drawing = _cleaned(root)
    _no_chains(drawing)
    drawing.attrib = {"xmlns": SVG, **_framed(drawing.attrib)}
    # In what is written here, a bare > only ever ends a tag.
    return tostring(drawing, encoding="utf-8", xml_declaration=False).replace(b" />", b"/>")


def size(svg: bytes) -> tuple[int, int]:
    """Width and height of a clean drawing, as its frame says."""
    _left, _top, width, height = map(float, _numbers(_read(svg).get("viewBox", "")))
    return max(round(width), 1), max(round(height), 1)


def _read(svg: bytes) -> Element:
    try:
        return fromstring(svg, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise NotADrawing(
            _("This drawing defines words of its own (DOCTYPE). Please save it again as plain SVG.")
        ) from None
    except (ParseError, ValueError, LookupError):
        raise NotADrawing(_("This is not an SVG drawing.")) from None


def _count(root: Element) -> None:
    """Refuse what would only be drawn to exhaust a phone, before anything walks into its depth."""
    level, parts, depth = [root], 0, 0
    while level:
        parts, depth = parts + len(level), depth + 1
        if parts > MOST_PARTS or depth > DEEPEST:
            raise NotADrawing(_("This drawing has too many parts. Please draw it with fewer."))
        level = [child for element in level for child in element]


def _cleaned(element: Element) -> Element:
    space, name = _named(element.tag)
    if space != SVG or name not in PARTS:
        raise NotADrawing(_refusal(name))
    copy = Element(name, _cleaned_attributes(element))
    copy.text, copy.tail = element.text, None
    last = None
    for child in element:
        if _dropped(child):
            if last is not None:
                last.tail = (last.tail or "") + (child.tail or "")
            else:
                copy.text = (copy.text or "") + (child.tail or "")
            continue
        last = _cleaned(child)
        last.tail = child.tail
        copy.append(last)
    return copy


def _named(tag: str) -> tuple[str, str]:
    space, _brace, name = tag.rpartition("}")
    return space.removeprefix("{"), name


def _dropped(element: Element) -> bool:
    space, name = _named(element.tag)
    return name in NOT_DRAWN if space == SVG else space not in {"", XHTML}


def _refusal(name: str) -> str:
    if name.lower() in {"script", "foreignobject", "iframe", "a", "animate", "set", "handler"}:
        return _("This drawing holds a program or a link. Please save it as plain SVG.")
    if name == "style":
        return _("This drawing has a style sheet. Please save it with “presentation attributes”.")
    if name == "image":
        return _("There is a picture inside this drawing. Please upload that picture itself.")
    return _("A cheap phone cannot draw “%(part)s”. Please leave it out.") % {"part": name}


def _cleaned_attributes(element: Element) -> dict[str, str]:
    kept = {}
    for key, value in element.attrib.items():
        space, name = _named(key)
        if name.lower().startswith("on"):
            raise NotADrawing(_refusal("script"))
        if key == XLINK_HREF:
            space, name = "", "href"
        if not space and (name in LOOKS or name in SHAPES):
            kept[name] = _harmless(name, value)
    kept.update(_from_style(element.get("style", "")))
    return kept


def _from_style(style: str) -> dict[str, str]:
    """A style attribute would be blocked by our own policy; what it says can be said as attributes."""
    looks = {}
    for rule in style.split(";"):
        name, _colon, value = rule.partition(":")
        if name.strip().lower() in LOOKS:
            looks[name.strip().lower()] = _harmless(name.strip(), value.replace("!important", "").strip())
        elif "(" in value or "\\" in rule:
            _harmless(name, value)
    return looks


def _harmless(name: str, value: str) -> str:
    if name == "id":
        return value
    if name == "href":
        if not _LOCAL.fullmatch(value.strip()):
            raise NotADrawing(_("This drawing points to something outside of itself. Please put it inside."))
        return value.strip()
    outside = _LOCAL_URL.sub("", value)
    calls = {call.lower() for call in _CALL.findall(outside)}
    # A backslash can spell url( in another way; a comment can hide it.
    if "\\" in value or "/*" in value or not calls <= CALLS:
        raise NotADrawing(_("This drawing points to something outside of itself. Please put it inside."))
    return value


def _no_chains(drawing: Element) -> None:
    """A copy of a copy of a copy is how a small file becomes a billion shapes."""
    used = list(drawing.iter("use"))
    if len(used) > 200:
        raise NotADrawing(_("This drawing has too many parts. Please draw it with fewer."))
    targets = {element.get("href", "")[1:] for element in used}
    for element in drawing.iter():
        if element.get("id") in targets and next(element.iter("use"), None) is not None:
            raise NotADrawing(_("This drawing copies its own copies. Please draw it with fewer."))


def _framed(attributes: dict[str, str]) -> dict[str, str]:
    """Every drawing says its frame; a phone decides how large it is shown."""
    frame = _numbers(attributes.get("viewBox", ""))
    if len(frame) != 4:
        across, down = (_numbers(attributes.get(side, "").removesuffix("px")) for side in ("width", "height"))
        if len(across) != 1 or len(down) != 1:
            raise NotADrawing(_("This drawing does not say how large it is. Please give it a viewBox."))
        frame = ["0", "0", across[0], down[0]]
    if float(frame[2]) <= 0 or float(frame[3]) <= 0 or any(abs(float(number)) > 1e6 for number in frame):
        raise NotADrawing(_("This drawing does not say how large it is. Please give it a viewBox."))
    rest = {key: value for key, value in attributes.items() if key not in {"viewBox", "width", "height"}}
    return {"viewBox": " ".join(frame), **rest}


def _numbers(words: str) -> list[str]:
    parts = words.replace(",", " ").split()
    return parts if all(_NUMBER.fullmatch(part) for part in parts) else []
