"""The peers: none of them is measured here, as they are no part of what is installed for tests."""

import re

from benchmarks.peers import __main__ as peers
from benchmarks.peers.phones import EARLIER, NOW, shoppers
from benchmarks.peers.rounds import KINDS, Pair
from benchmarks.peers.sites import PEERS
from benchmarks.report import PEER_BARS
from tests.docs.pages import read


def _pinned(path: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w-]+)(?:\[\w+\])?==(\S+)", read(path), re.MULTILINE))


def test_they_run_on_what_the_product_runs_on() -> None:
    ours, theirs = _pinned("requirements.txt"), _pinned("benchmarks/peers/requirements.txt")
    for package in ("django", "granian", "psycopg", "psycopg-binary"):
        assert theirs[package] == ours[package]


def test_what_is_asked_for_is_what_is_compiled() -> None:
    compiled = _pinned("benchmarks/peers/requirements.txt")
    asked = _pinned("benchmarks/peers/requirements.in")
    assert asked.items() <= compiled.items()
    text = read("benchmarks/peers/requirements.txt")
    assert len(re.findall(r"== ?\S+.*\\\n +--hash=sha256:", text)) == len(compiled)


def test_every_bar_has_its_row() -> None:
    measured = {
        (site.name, kind, aged): Pair([1.0], [1.0])
        for site in PEERS
        for kind in KINDS
        for aged in (False, True)
    }
    assert {row.name for row in peers._rows(measured)} == set(PEER_BARS)


def test_no_two_shoppers_share_a_phone_and_no_address_has_too_many() -> None:
    everyone = shoppers(NOW, 0, 1000) + shoppers(EARLIER, 0, 1000)
    assert len({one.phone for one in everyone}) == len(everyone)
    addresses = [one.address for one in everyone]
    assert max(addresses.count(each) for each in addresses) <= 300
    own = [one.of_their_own for one in everyone]
    assert len(set(own)) == len(own)
