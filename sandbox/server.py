"""The listening socket and the open connections."""

import socket
import socketserver
import sys
import threading
from http.server import ThreadingHTTPServer
from typing import Any

from sandbox import sockets
from sandbox.handler import Handler, Serving
from sandbox.world import World


class Server(ThreadingHTTPServer, Serving):
    """One thread a connection. Keeps the open ones in sight, to cut them when it stops."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, host: str, port: int, world: World) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.world = world
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
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"

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

    def shutdown_request(self, request: Any) -> None:
        """Closes a connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no error here; anything else is shown on stderr."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
