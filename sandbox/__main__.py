"""`python -m sandbox`: the simulated platforms and phones as a process of their own."""

import argparse
import contextlib
import queue
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
    parser.add_argument(
        "--latency",
        metavar="SECONDS",
        type=float,
        default=0.0,
        help="how much later each answer of a platform leaves",
    )
    parser.add_argument(
        "--origin",
        metavar="HOST",
        default="",
        help="the web site that texts of codes are bound to by their last line (WebOTP)",
    )
    parser.add_argument("--certificate", metavar="FILE", help="PEM; serves HTTPS, needs --key")
    parser.add_argument("--key", metavar="FILE", help="the certificate's private key, PEM")
    arguments = parser.parse_args(argv)
    if (arguments.certificate is None) != (arguments.key is None):
        parser.error("--certificate and --key go together")
    return arguments


def _sandbox(arguments: argparse.Namespace) -> Sandbox:
    return Sandbox(
        arguments.host,
        arguments.port,
        receipts_to=arguments.receipts_to,
        latency=arguments.latency,
        origin=arguments.origin,
        tls=(arguments.certificate, arguments.key) if arguments.certificate else None,
    )


@contextlib.contextmanager
def _signals(heard: queue.SimpleQueue[int]) -> Iterator[None]:
    """SIGINT and SIGTERM go into `heard`, whose put() may be interrupted by itself: an Event's
    set() would wait for ever for the one it has interrupted. Python takes signals in the main
    thread alone, so a caller in another thread must end the process its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda n, _: heard.put(n)) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until SIGINT or SIGTERM and gives the exit status: 0, or 1 if it could not start."""
    arguments = _arguments(argv)
    try:
        box = _sandbox(arguments)
    except (OSError, OverflowError, ValueError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 1
    heard = queue.SimpleQueue[int]()
    with _signals(heard), box:
        sys.stdout.write(f"Sandbox listening on {box.url}\n")
        sys.stdout.flush()
        heard.get()
    return 0


if __name__ == "__main__":
    sys.exit(main())
