"""`python -m sandbox`: the simulated platforms and phones as a process of their own."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

from sandbox import Sandbox


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8883, help="port; 0 takes any free one")
    parser.add_argument(
        "--receipts-to",
        metavar="URL",
        help="where status reports are pushed, on this machine; {provider} in it stands for the "
        "platform's name",
    )
    return parser.parse_args(argv)


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set `stop`. Python takes signals in the main thread alone, so a caller
    in another thread must end the process its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until SIGINT or SIGTERM and gives the exit status: 0, or 1 if it could not start."""
    arguments = _arguments(argv)
    try:
        box = Sandbox(arguments.host, arguments.port, receipts_to=arguments.receipts_to)
    except (OSError, OverflowError, ValueError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    stop = threading.Event()
    with _signals(stop), box:
        sys.stdout.write(f"Sandbox listening on {box.url}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
