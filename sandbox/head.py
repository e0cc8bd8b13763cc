"""The head of an HTTP/1.1 request, read strictly.

http.server hands it to the parser of e-mail, which forgives a lot and took a third of the time of
a whole request.
"""

import re
from email.message import Message as Headers
from io import BufferedIOBase

MAX_LINE = 65_536  # bytes, as http.server allows for the request line
MAX_HEADERS = 100

_REQUEST = re.compile(rb"([A-Z]+) ([\x21\x22\x24-\x7e\x80-\xff]+) HTTP/1\.([01])\r?\n")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)\r?\n")


class ReadError(Exception):
    """The request cannot be read, so neither can what follows it on the connection."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def request_line(line: bytes) -> tuple[str, str, bool]:
    """Method, target and whether it is HTTP/1.0, which closes; raises ReadError."""
    match = _REQUEST.fullmatch(line)
    if match is None:
        raise ReadError(400, "the request line is malformed")
    return match[1].decode(), match[2].decode("latin-1"), match[3] == b"0"


def headers(reader: BufferedIOBase) -> Headers:
    """All of them, in their order, a repeated one repeated; raises ReadError."""
    found: Headers = Headers()
    for _ in range(MAX_HEADERS + 1):
        line = reader.readline(MAX_LINE + 1)
        if line in {b"\r\n", b"\n", b""}:
            return found
        match = _HEADER.fullmatch(line)
        if match is None:
            raise ReadError(400, "a header is malformed")
        found[match[1].decode()] = match[2].decode("latin-1").rstrip(" \t")
    raise ReadError(431, f"more than {MAX_HEADERS} headers")
