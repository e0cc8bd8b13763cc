"""The mall's web server, which is another origin than ours: a page of the mall, with its jQuery."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.contrib import admin

ORIGIN = "http://127.0.0.1"
STRANGERS = ("http://evil.example", "http://127.0.0.1:8080")
ORIGINS = (ORIGIN, *STRANGERS)

# What a test makes the mall serve beside its own page, by path.
PAGES: dict[str, str] = {}

_PAGE = Path(__file__).with_name("mall.html")
_JQUERY = Path(admin.__file__).parent / "static/admin/js/vendor/jquery/jquery.min.js"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/jquery.js":
            body = _JQUERY.read_bytes()
        else:
            body = PAGES.get(self.path, "").encode() or _PAGE.read_bytes()
        script = self.path.endswith(".js")
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """While it serves: Chromium's rule that this is what it finds at each of ORIGINS.

    Port 80 is not ours to take. Nor could Playwright answer for the mall: a page that came from
    no address counts as a public one, and Chromium keeps such a page away from this machine.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hosts = [origin.removeprefix("http://") for origin in ORIGINS]
    named = [host if ":" in host else f"{host}:80" for host in hosts]
    yield ", ".join(f"MAP {host} 127.0.0.1:{server.server_port}" for host in named)
    server.shutdown()
    server.server_close()
