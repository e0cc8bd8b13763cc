"""Who asks for codes: no two share a phone, and no address passes its quota."""

from typing import NamedTuple

EARLIER, NOW = "+86139", "+86138"
_PER_ADDRESS = 200  # phones; our default quota of an address is 300 sends an hour


class Shopper(NamedTuple):
    phone: str  # E.164
    address: str  # IPv4
    of_their_own: str  # an address of nobody else's


def shoppers(prefix: str, first: int, count: int) -> list[Shopper]:
    """Those of so many numbers from `first` on."""
    return [_shopper(prefix, n) for n in range(first, first + count)]


def _shopper(prefix: str, n: int) -> Shopper:
    net = 10 if prefix == NOW else 11
    return Shopper(f"{prefix}{n:08d}", _address(net, n // _PER_ADDRESS), _address(net, n))


def _address(net: int, n: int) -> str:
    return f"{net}.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
