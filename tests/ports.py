"""Ports for the servers of a test."""

import contextlib
import random
import socket

_chance = random.SystemRandom()  # pytest-randomly gives all workers the same seed


def free_port() -> int:
    """One that stays free until it is used.

    It is below those that the kernel hands out by itself (net.ipv4.ip_local_port_range).
    """
    while True:
        port = _chance.randint(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
