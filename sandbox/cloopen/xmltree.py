"""A small strict reader of XML: elements and text, nothing else.

No document type (so no entities of one's own, and none of the attacks made of them), no
attributes, no processing instructions, UTF-8 only, three levels deep: all that a request can hold.
"""

from dataclasses import dataclass, field
from xml.parsers import expat

_DEPTH = 3


class XmlError(ValueError):
    """Not the XML of a request; the text says why."""


@dataclass(slots=True)
class Node:
    """An element and the text directly in it."""

    tag: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)


class _Builder:
    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if attributes or len(self._open) > _DEPTH:
            raise XmlError(f"{tag}：不允许属性或更深的嵌套")
        node = Node(tag)
        self._open[-1].children.append(node)
        self._open.append(node)

    def text(self, text: str) -> None:
        self._open[-1].text += text

    def end(self, tag: str) -> None:
        node = self._open.pop()
        if node.children and node.text.strip():
            raise XmlError(f"{tag}：文字与元素混排")

    def refuse(self, *_: object) -> None:
        raise XmlError("不允许DOCTYPE和处理指令")

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise XmlError("编码须为UTF-8")


def parse(body: bytes) -> Node:
    """The root element; raises XmlError."""
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.XmlDeclHandler = builder.declaration
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.ProcessingInstructionHandler = builder.refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise XmlError(str(error)) from None
    return builder.root.children[0]
