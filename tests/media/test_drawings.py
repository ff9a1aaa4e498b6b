import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from media import drawings
from media.drawings import NotADrawing, clean

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 4 3"'


def svg(inside: str, attributes: str = "") -> bytes:
    return f"{HEAD} {attributes}>{inside}</svg>".encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<SCRIPT xmlns="http://www.w3.org/2000/svg">alert(1)</SCRIPT>',
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        '<g><path d="M0 0" onclick="alert(1)"/></g>',
        '<g ONLOAD="alert(1)"/>',
        "<foreignObject><p>hello</p></foreignObject>",
        '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<animate attributeName="href" values="javascript:alert(1)"/>',
        '<image href="https://elsewhere.example/a.png"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<use href="https://elsewhere.example/a.svg#x"/>',
        '<use xlink:href="data:image/svg+xml,x"/>',
        "<style>path{fill:url(https://elsewhere.example)}</style>",
        '<path d="M0 0" style="fill:url(https://elsewhere.example/a)"/>',
        '<path d="M0 0" style="background:url(//elsewhere.example/a)"/>',
        '<path d="M0 0" fill="url(https://elsewhere.example/a#b)"/>',
        '<path d="M0 0" fill="URL( //elsewhere.example )"/>',
        r'<path d="M0 0" fill="\75rl(https://elsewhere.example)"/>',
        '<path d="M0 0" fill="src(&quot;https://elsewhere.example&quot;)"/>',
        '<path d="M0 0" mask="url(#a) url(http://elsewhere.example)"/>',
        '<filter id="f"/>',
        "<unheard/>",
    ],
)
def test_U01_what_could_run_or_load_is_refused_with_a_sentence(inside):
    with pytest.raises(NotADrawing, match=r"^[A-Z].*\.$"):
        clean(svg(inside))


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
        b'<!DOCTYPE svg SYSTEM "http://elsewhere.example/a.dtd">' + svg(""),
        svg("<g/>" * 6000),
        svg("<g>" * 300 + "</g>" * 300),
        svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        svg('<use id="a" href="#a"/>'),
        svg('<path id="a" d="M0 0"/>' + '<use href="#a"/>' * 201),
        svg(f"<!-- {'x' * 110_000} -->"),
    ],
    ids=["entities", "file", "dtd", "wide", "deep", "ring", "itself", "copies", "heavy"],
)
def test_U08_what_is_made_to_exhaust_or_to_fetch_is_refused(bomb):
    with pytest.raises(NotADrawing):
        clean(bomb)


@pytest.mark.parametrize(
    "other", [b"", b"hello", b"<html></html>", b"\x00\xff", b"\x1f\x8b\x08", b"<svg viewBox='0 0 1 1'/>"]
)
def test_what_is_no_drawing_is_called_so(other):
    with pytest.raises(NotADrawing, match="not an SVG drawing"):
        clean(other)


FROM_AN_EDITOR = b"""<?xml version="1.0"?><?xml-stylesheet href="http://elsewhere.example"?><!-- hi -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:i="http://editor.example" width="40px" height="30" class="a">\
<metadata>Lahore</metadata><i:view i:x="1"/><path i:y="2" data-x="1" d="M0 0h4" style="fill:#fff; -i-z:1"/>\
<linearGradient id="l"/><rect fill="url(#l)" transform="rotate(3 1 1)"/><text>&lt;script&gt;</text></svg>"""


def test_what_an_editor_adds_for_itself_is_dropped_and_the_rest_stays():
    assert clean(FROM_AN_EDITOR) == (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0h4" fill="#fff"/>'
        b'<linearGradient id="l"/><rect fill="url(#l)" transform="rotate(3 1 1)"/>'
        b"<text>&lt;script&gt;</text></svg>"
    )


@pytest.mark.parametrize(
    "frame",
    ["", 'width="100%" height="100%"', 'viewBox="0 0 0 0"', 'viewBox="0 0 1e9 1"', 'viewBox="a b c d"'],
)
def test_a_drawing_says_how_large_it_is(frame):
    with pytest.raises(NotADrawing, match="how large"):
        clean(f'<svg xmlns="http://www.w3.org/2000/svg" {frame}/>'.encode())


def test_our_own_drawings_are_clean_and_light():
    ours = list((settings.BASE_DIR / "courses" / "starter").rglob("*.svg"))
    assert len(ours) > 10

    for path in ours:
        assert clean(clean(path.read_bytes())) == clean(path.read_bytes())
        assert len(clean(path.read_bytes())) <= 6 * 1024


tags = st.sampled_from(["g", "path", "use", "text", "i:x", "metadata", "script", "style", "title", "a"])
values = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters='<&"'), max_size=12
)
attributes = st.dictionaries(
    st.sampled_from(["fill", "style", "href", "onload", "d", "id", "x"]), values, max_size=3
)


def _element(tag: str, given_attributes: dict[str, str], inside: list[str]) -> str:
    said = "".join(f' {name}="{value}"' for name, value in given_attributes.items())
    return f"<{tag}{said}>{''.join(inside)}</{tag}>"


pictures = st.recursive(
    st.just(""),
    lambda inside: st.builds(_element, tags, attributes, st.lists(inside, max_size=3)),
    max_leaves=6,
)


@given(pictures)
def test_cleaning_twice_is_cleaning_once(inside):
    try:
        once = clean(svg(inside, 'xmlns:i="urn:editor"'))
    except NotADrawing:
        return

    assert clean(once) == once
    assert not any(word in once.lower() for word in (b"onload=", b"<script", b"style="))
    assert drawings.size(once) == (4, 3)
