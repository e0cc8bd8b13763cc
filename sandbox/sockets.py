"""What a fault does to a connection, below HTTP."""

import socket
import struct
import time
from io import BufferedIOBase

_TICK = 0.05  # seconds between two looks at a connection that hangs


def hang(connection: socket.socket, seconds: float) -> None:
    """Waits until the client goes away or the time is up, without taking what it sends."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        connection.settimeout(min(left, _TICK))
        try:
            if not socket.socket.recv(connection, 1, socket.MSG_PEEK):  # below TLS, if there is any
                return
        except TimeoutError:
            continue
        except OSError:
            return
        time.sleep(min(left, _TICK))  # it has sent more: it is still there


def reset(connection: socket.socket, reader: BufferedIOBase) -> None:
    """Cuts the connection with a TCP RST: a close that may not linger sends no FIN.

    `reader` must go first, or the socket stays open for its sake.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reader.close()
    connection.close()


def cut(connection: socket.socket) -> None:
    """Ends a connection that another thread is using, in an orderly way."""
    try:
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # TLS may be in use by that thread
    except OSError:
        return  # it was gone already
