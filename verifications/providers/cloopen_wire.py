"""容联云's two ways of writing the same thing: JSON and XML."""

import json
import re
from typing import Any, Literal
from xml.etree import ElementTree as ET  # nosec B405  # see _NoDoctype

# XML 1.0 has no way to write these, escaped or not.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def encode(form: Literal["json", "xml"], root: str, body: dict[str, Any]) -> bytes:
    """`root` names the XML document; JSON has none."""
    if form == "json":
        return json.dumps(body).encode()
    document = ET.Element(root)
    for name, value in body.items():
        element = ET.SubElement(document, name)
        if isinstance(value, list):
            for item in value:
                ET.SubElement(element, "data").text = _NOT_IN_XML.sub("", item)
        else:
            element.text = _NOT_IN_XML.sub("", value)
    written: bytes = ET.tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def form_of(raw: bytes) -> Literal["json", "xml"]:
    """What it is meant to be; it may still be neither."""
    return "json" if raw.lstrip()[:1] == b"{" else "xml"


def decode(raw: bytes, root: str = "Response") -> dict[str, Any]:
    """The members of a reply in either form, or what a push has under `root`.

    Raises ValueError if it is neither.
    """
    try:
        return _from_json(raw) if form_of(raw) == "json" else _from_xml(raw, root)
    except (ET.ParseError, LookupError, RecursionError) as error:  # Lookup: no such encoding
        raise ValueError(type(error).__name__) from None


def _from_json(raw: bytes) -> dict[str, Any]:
    reply = json.loads(raw)
    return reply if isinstance(reply, dict) else {}


class _NoDoctype(ET.TreeBuilder):
    """Where a document type begins, the document is refused: entities are declared there."""

    def doctype(self, *_: object) -> None:
        raise ValueError("a DTD")


def _from_xml(raw: bytes, root: str) -> dict[str, Any]:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314  # nosec B314  # no DTD, so no entity
    document = ET.fromstring(raw, parser)  # noqa: S314  # nosec B314  # as above
    if document.tag != root:
        raise ValueError(f"not a {root}")
    return {element.tag: _value(element) for element in document}


def _value(element: ET.Element) -> Any:
    return {child.tag: _value(child) for child in element} if len(element) else element.text or ""
