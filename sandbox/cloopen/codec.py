"""The two formats of the platform, JSON and XML, read strictly and written alike.

A request becomes a dict of strings and lists of strings. An answer is a dict of strings, dicts and
lists of dicts; in XML a list is its element repeated, under one <Response>.
"""

import json
import re
from collections.abc import Mapping
from typing import TypeAlias
from xml.sax.saxutils import escape  # nosec B406  # it writes, and parses nothing

from sandbox.cloopen import codes
from sandbox.cloopen.codes import PlatformError
from sandbox.cloopen.xmltree import Node, XmlError, parse
from sandbox.wire import Answer, Request

Fields: TypeAlias = dict[str, str | list[str]]
Body: TypeAlias = Mapping[str, "str | Mapping[str, str] | list[dict[str, str]]"]

XML = "application/xml;charset=utf-8"

# The charset and the closing semicolon are as the mall's description shows them.
_MEDIA = re.compile(r"application/(json|xml) *(?:; *charset=utf-8 *)?;?", re.IGNORECASE)
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def media(request: Request, header: str) -> str | None:
    """'json' or 'xml' as the header says; None if it says anything else."""
    match = _MEDIA.fullmatch(request.headers.get(header, ""))
    return match[1].lower() if match else None


def read(request: Request, root: str, known: set[str], lists: frozenset[str]) -> Fields:
    """The body's fields; those in `lists` are lists, the rest strings. `root` is XML's root.

    Raises PlatformError: another Content-Type, no body; ValueError: it cannot be parsed, or a field
    is unknown, repeated or of the wrong type.
    """
    kind = media(request, "Content-Type")
    if kind is None:
        raise PlatformError(codes.CONTENT_TYPE)
    if not request.body:
        raise PlatformError(codes.BODY_EMPTY)
    fields = _json(request.body) if kind == "json" else _xml(request.body, root, lists)
    for name, value in fields.items():
        if name not in known:
            raise ValueError(f"不认识{name}")
        _check(name, value, name in lists)
    return fields  # type: ignore[return-value]  # each one checked above


def _check(name: str, value: object, is_list: bool) -> None:
    strings = value if is_list else [value]
    if not isinstance(strings, list) or not all(isinstance(item, str) for item in strings):
        raise ValueError(f"{name}的类型不对")
    "".join(strings).encode()  # a lone surrogate is no text: UnicodeEncodeError, a ValueError


def _json(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body.decode(), object_pairs_hook=_unique)
    except RecursionError:
        raise ValueError("嵌套过深") from None
    if not isinstance(value, dict):
        raise ValueError("不是JSON对象")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("字段重复")
    return value


def _xml(body: bytes, root: str, lists: frozenset[str]) -> dict[str, object]:
    tree = parse(body)
    if tree.tag != root:
        raise XmlError(f"根节点不是{root}")
    return _unique([(node.tag, _xml_value(node, node.tag in lists)) for node in tree.children])


def _xml_value(node: Node, is_list: bool) -> str | list[str]:
    if not is_list:
        if node.children:
            raise XmlError(f"{node.tag}的类型不对")
        return node.text
    if node.text.strip() or any(item.tag != "data" or item.children for item in node.children):
        raise XmlError(f"{node.tag}下只能是data")
    return [item.text for item in node.children]


def write(request: Request, body: Body) -> Answer:
    """The answer in the format that Accept asks for; JSON if it asks for neither."""
    if media(request, "Accept") == "xml":
        return Answer(200, XML, document("Response", body))
    text = json.dumps(body, ensure_ascii=False)
    return Answer(200, "application/json;charset=utf-8", text.encode())


def document(root: str, body: Body) -> bytes:
    """The body as XML in UTF-8."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{head}<{root}>{_elements(body)}</{root}>".encode()


def _elements(body: Body) -> str:
    return "".join(
        f"<{name}>{_element(item)}</{name}>"
        for name, value in body.items()
        for item in (value if isinstance(value, list) else [value])
    )


def _element(value: str | Mapping[str, str]) -> str:
    return escape(_NOT_IN_XML.sub("", value)) if isinstance(value, str) else _elements(value)
