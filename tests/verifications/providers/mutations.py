"""What may come of an honest document on its way, or in the hands of somebody who knows us."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

DEEP = 10_000
_ODD: list[Any] = [
    *(None, True, False, 0, -1, 10**400, -(10**30), 1e308, 0.1, "", " ", "0", "x" * 70_000),
    *("\0", "\ud800", "\uffff", "‮", "<a>", "&amp;", "]]>", "1" * 5000, [], {}, [[]], [{}]),
    *([None] * 300, {"": None}, {"Code": "OK"}, {"statusCode": "000000"}, "OK", "Ok", "000000"),
]
_WORDS = [
    *(b"\0", b"\xff\xfe", b"\xed\xa0\x80", b"\xf8", b"NaN", b"-Infinity", b"1e99999", b"9" * 5000),
    *(b"[" * DEEP, b'{"a":' * DEEP, b"<a>" * DEEP, b"</a>", b"<![CDATA[", b"<!--", b"<?x", b"&#0;"),
    *(b"&#xD800;", b"&b;", b'"', b"\\u0000", b"\\ud800", b"{", b"}", b",", b"\xef\xbb\xbf"),
]
_DOCTYPES = [
    b'<!DOCTYPE a [<!ENTITY b "%s">]>' % (b"x" * 1000),
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
    b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:1/"> %b;]>',
    b"<!DOCTYPE a [<!ENTITY a0 'ha'>%s]>"
    % b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)),
]


def documents(honest: bytes) -> st.SearchStrategy[bytes]:
    """Broken in its bytes; where it is JSON in its members too, where it is XML with a DTD."""
    ways = [_bytes(honest)]
    if honest.lstrip()[:1] in b"[{":
        ways.append(_members(json.loads(honest)))
        ways.append(_twice(honest))
    else:
        ways.append(st.sampled_from(_DOCTYPES).map(lambda dtd: _with(honest, dtd)))
    return st.one_of(ways)


def doctypes(honest: bytes) -> Iterator[bytes]:
    """Each with an entity used, as UTF-8 and as UTF-16."""
    for dtd in _DOCTYPES:
        whole = _with(honest, dtd)
        yield whole
        yield whole.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def _with(honest: bytes, dtd: bytes) -> bytes:
    declaration, end, rest = honest.partition(b"?>")
    start, tag, tail = rest.rpartition(b"</")
    entity = b"&a11;" if b"a11" in dtd else b"&b;"
    return declaration + end + dtd + start + b"<x>" + entity + b"</x>" + tag + tail


@st.composite
def _bytes(draw: st.DrawFn, honest: bytes) -> bytes:
    start = draw(st.integers(0, len(honest)))
    end = draw(st.integers(start, min(len(honest), start + 40)))
    words = st.binary(max_size=9) | st.sampled_from(_WORDS)
    whole = honest[:start] + draw(words) + honest[end:]
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.booleans()) else whole


@st.composite
def _members(draw: st.DrawFn, honest: Any) -> bytes:
    places = [*_places(honest)]
    *way, last = draw(st.sampled_from(places))
    document = json.loads(json.dumps(honest))
    inner = document
    for step in way:
        inner = inner[step]
    if draw(st.booleans()):
        inner[last] = draw(st.sampled_from(_ODD))
    else:
        del inner[last]
    return json.dumps(document, ensure_ascii=draw(st.booleans())).encode(errors="surrogatepass")


def _places(document: Any) -> Iterator[tuple[Any, ...]]:
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield (key,)
        if isinstance(value, dict | list):
            yield from ((key, *rest) for rest in _places(value))


@st.composite
def _twice(draw: st.DrawFn, honest: bytes) -> bytes:
    """Each name a second time, with another value."""
    odd = json.dumps(draw(st.sampled_from(_ODD))).encode()
    first = honest.index(b'"')
    name = honest[first : honest.index(b'"', first + 1) + 1]
    return honest.replace(name, name + b":" + odd + b"," + name, 1)
