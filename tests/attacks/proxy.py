"""The nginx of deploy/nginx.conf in front of the product, but for TLS; where there is an nginx."""

import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dadashop.processes import Child
from tests.attacks.wire import HOST
from tests.live import ROOT, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def in_front(port: int, place: Path) -> Iterator[int]:
    """The port of the proxy of that port."""
    place.mkdir()
    own = free_port()
    (place / "nginx.conf").write_text(_main(place))
    (place / "dadashop.conf").write_text(_plain(port, own))
    child = Child([str(NGINX), "-p", str(place), "-c", str(place / "nginx.conf")])
    try:
        deadline = time.monotonic() + 10
        while not _answers(own):
            assert time.monotonic() < deadline, (place / "error.log").read_text()
            time.sleep(0.02)
        yield own
    finally:
        child.stop()


def _main(place: Path) -> str:
    paths = "".join(f"{name}_temp_path {place / name};" for name in _TEMPORARY)
    return (
        f"daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;"
        f"events {{}} http {{ access_log off; {paths} include {place}/dadashop.conf; }}"
    )


def _plain(port: int, own: int) -> str:
    text = (ROOT / "deploy/nginx.conf").read_text()
    text = re.sub(r"(?m)^ *(ssl_.*|listen \[.*)\n", "", text)
    there_and_here = {
        "listen 443 ssl;": f"listen {HOST}:{own};",
        "listen 80;": f"listen {HOST}:{free_port()};",
        "127.0.0.1:8000": f"{HOST}:{port}",
    }
    for there, here in there_and_here.items():
        assert there in text
        text = text.replace(there, here)
    return text


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port), timeout=5):
        return True
    return False
