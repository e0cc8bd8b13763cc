"""A peer on the wire: whatever bytes it says, at whatever pace, to whoever asks."""

import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Peer:
    """`url` to ask; `heard` is what it was asked, `said` how many bytes it got rid of."""

    def __init__(self, words: Iterable[bytes], pause: float) -> None:
        self._words, self._pause = words, pause
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.heard: list[bytes] = []
        self.said = 0

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                asking, _ = self._listener.accept()
                with asking:
                    self._speak(asking)

    def _speak(self, asking: socket.socket) -> None:
        self.heard.append(asking.recv(65536))
        with contextlib.suppress(OSError):  # who had enough hangs up
            for word in self._words:
                asking.sendall(word)
                self.said += len(word)
                if self._over.wait(self._pause):
                    return

    def stop(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # ends accept()
        self._listener.close()


@contextmanager
def speaking(words: Iterable[bytes], pause: float = 0) -> Iterator[Peer]:
    """`pause` seconds between two words."""
    peer = Peer(words, pause)
    thread = threading.Thread(target=peer.serve)
    thread.start()
    try:
        yield peer
    finally:
        peer.stop()
        thread.join()
