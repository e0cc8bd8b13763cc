"""The listening socket and the open connections."""

import socket
import socketserver
import ssl
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sandbox import sockets
from sandbox.handler import Handler, Serving
from sandbox.world import World

HANDSHAKE = 10.0  # seconds that a client has to agree on TLS


def tls_context(certificate: str, key: str) -> ssl.SSLContext:
    """For the two PEM files; raises OSError that names the file, or ssl.SSLError (an OSError)."""
    for file in (certificate, key):
        Path(file).stat()  # load_cert_chain does not tell which one is missing
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class Server(ThreadingHTTPServer, Serving):
    """One thread a connection. Keeps the open ones in sight, to cut them when it stops."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(
        self, host: str, port: int, world: World, tls: tuple[str, str] | None = None
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.world = world
        self._tls = tls_context(*tls) if tls else None
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((host, port), Handler)

    def server_bind(self) -> None:
        """Binds without HTTPServer's look-up of the host's name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)

    @property
    def url(self) -> str:
        """Where it listens."""
        host, port = self.server_address[:2]
        name = host if isinstance(host, str) else host.decode()
        scheme = "https" if self._tls else "http"
        return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"

    def run(self) -> None:
        """Serves until `stop`."""
        self.serve_forever(poll_interval=0.05)

    def stop(self) -> None:
        """Stops listening, then cuts what is open; call it from another thread than `run`."""
        self.shutdown()
        self.server_close()
        with self._lock:
            for connection in self._open:
                sockets.cut(connection)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accepts a connection."""
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One connection, in its own thread: so a slow handshake holds up nobody else."""
        try:
            connection = self._secure(request, self._tls) if self._tls else request
        except OSError:  # a client that left, does not trust the certificate, or speaks no TLS
            self.shutdown_request(request)
            return
        super().process_request_thread(connection, client_address)

    def _secure(self, request: socket.socket, tls: ssl.SSLContext) -> ssl.SSLSocket:
        secured = tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open.discard(request)
            self._open.add(secured)
        secured.settimeout(HANDSHAKE)
        try:
            secured.do_handshake()
        except OSError:
            self.shutdown_request(secured)
            raise
        return secured

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here; anything else is shown on stderr."""
        if not isinstance(sys.exception(), ConnectionError | ssl.SSLError):
            super().handle_error(request, client_address)
