"""deploy/nginx.conf in a real nginx, in front of whatever listens on two ports of this machine."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import requests
import trustme

from dadashop.processes import Child
from tests.docs.pages import read
from tests.live import free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Proxy:
    """`port` takes https, `plain_port` http, both with the rules of https. `changes` are made to
    the file, in which each of their keys has to stand."""

    def __init__(
        self, place: Path, upstreams: tuple[int, int], changes: Mapping[str, str] | None = None
    ) -> None:
        self.port, self.plain_port, open_port = free_port(), free_port(), free_port()
        self.log = place / "access.log"
        self.errors = place / "error.log"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(place / "ca.pem")
        own = authority.issue_cert("localhost")
        own.cert_chain_pems[0].write_to_path(place / "fullchain.pem")
        own.private_key_pem.write_to_path(place / "key.pem")
        first, second = upstreams
        text = read("deploy/nginx.conf")
        for there, here in {
            "/etc/ssl/dadashop": str(place),
            "[::]:443": f"[::1]:{self.port}",
            "[::]:80": f"[::1]:{open_port}",
            "listen 443": f"listen 127.0.0.1:{self.plain_port}; listen 127.0.0.1:{self.port}",
            "listen 80": f"listen 127.0.0.1:{open_port}",
            "127.0.0.1:8000": f"127.0.0.1:{first}",
            "127.0.0.1:8001": f"127.0.0.1:{second}",
            **(changes or {}),
        }.items():
            assert there in text
            text = text.replace(there, here)
        (place / "dadashop.conf").write_text(text)
        paths = "".join(
            f"{name}_temp_path {place / name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self.conf = place / "nginx.conf"
        self.conf.write_text(
            f"daemon off; worker_processes 1; pid {place}/pid; error_log {self.errors} info;"
            f"events {{}} http {{ access_log {self.log}; {paths} include {place}/dadashop.conf; }}"
        )
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(place / "ca.pem")

    def command(self, *more: str) -> list[str]:
        return [str(NGINX), "-p", str(self.conf.parent), "-c", str(self.conf), *more]

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        tested = subprocess.run(self.command("-t"), capture_output=True, text=True, timeout=30)
        assert tested.returncode == 0, tested.stderr
        child = Child(self.command())
        try:
            while not _answers(self.port):
                assert not child.ended(), self.errors.read_text()
            yield
        finally:
            child.stop()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False
