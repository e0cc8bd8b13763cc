"""容联云's two ways of writing the same thing: JSON and XML."""

import json
import re
from typing import Any, Literal
from xml.etree import ElementTree as ET

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


def decode(raw: bytes) -> dict[str, Any]:
    """The members of a reply in either form. Raises ValueError if it is neither."""
    if raw.lstrip()[:1] == b"{":
        reply = json.loads(raw)
        return reply if isinstance(reply, dict) else {}
    try:
        document = ET.fromstring(raw)  # noqa: S314 (expat 2.4.1 and later bound entity expansion)
    except ET.ParseError as error:
        raise ValueError(str(error)) from None
    if document.tag != "Response":
        raise ValueError("not a reply of the platform")
    return {element.tag: _value(element) for element in document}


def _value(element: ET.Element) -> Any:
    return {child.tag: _value(child) for child in element} if len(element) else element.text or ""
