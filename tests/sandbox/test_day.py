"""`python -m sandbox.day`: a day that is always the same, and like one of the mall's."""

import csv
import hashlib
import re
import subprocess
import sys
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from sandbox.day import CAMPUS, HOUR, MINUTE, Text, day, main
from tests.live import ROOT

EVERYTHING = day(1)
SHOPPERS = [text for text in EVERYTHING if text.attack == "0"]


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Any Python's: docs/guard.md quotes what comes of them."""
    command = [sys.executable, "-m", "sandbox.day", "--seed", "1"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60).stdout
    assert (
        hashlib.sha256(output).hexdigest()
        == "174d56e23048cb5967a3a5b8ec6634baa1b4193eb6e72967e99d4bbfb61fcb00"
    )
    header, *rows = csv.reader(output.decode().splitlines())
    assert header == ["time", "address", "phone", "verified", "attack"]
    assert len(rows) == len(EVERYTHING)


def test_another_seed_gives_another_day() -> None:
    assert day(2) != EVERYTHING


def test_some_attacks_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--attack", "pump", "--attack", "bomber"]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert {row["attack"] for row in rows} == {"0", "pump", "bomber"}
    assert [row for row in rows if row["attack"] == "0"] == [
        dict(zip(rows[0], str(text).split(","), strict=True)) for text in SHOPPERS
    ]


def test_it_goes_on_in_the_order_of_time() -> None:
    assert all(earlier.at <= later.at for earlier, later in pairwise(EVERYTHING))
    assert EVERYTHING[-1].at < 24 * HOUR + 3 * MINUTE
    assert all(text.at % 1000 <= 500 for text in EVERYTHING)
    assert str(EVERYTHING[0]).startswith("2026-06-18T00:00:")


def test_there_are_as_many_texts_as_were_ordered() -> None:
    counts = Counter(text.attack for text in EVERYTHING)
    assert counts.pop("0") == len(SHOPPERS)
    assert counts == {"flood": 10_000, "pump": 4800, "bomber": 1500, "proxies": 6000}
    assert 15_600 < len(SHOPPERS) < 20_000


def test_shoppers_verify_and_attackers_do_not() -> None:
    assert 0.85 < sum(text.verified for text in SHOPPERS) / len(SHOPPERS) < 0.92
    assert not any(text.verified for text in EVERYTHING if text.attack != "0")


def test_a_shopper_asks_again_after_a_minute() -> None:
    asked = defaultdict[str, list[Text]](list)
    for text in SHOPPERS:
        asked[text.phone].append(text)
    again = [texts for texts in asked.values() if len(texts) > 1]
    assert len(again) > 500
    assert all(late.at - early.at > MINUTE for texts in again for early, late in pairwise(texts))


def test_addresses_are_shared_as_they_are() -> None:
    phones = defaultdict[str, set[str]](set)
    evening: Counter[str] = Counter()
    for text in SHOPPERS:
        phones[text.address].add(text.phone)
        evening[text.address] += 20 * HOUR <= text.at < 21 * HOUR
    nat = [len(those) for address, those in phones.items() if address.startswith("203.0.113.")]
    assert len(nat) == 20
    assert min(nat) > 200
    assert min(evening[address] for address in CAMPUS) > 300
    homes = [those for address, those in phones.items() if address.startswith("198.18.")]
    assert max(map(len, homes)) < 10


def test_every_attack_is_what_it_is_said_to_be() -> None:
    parts = defaultdict[str, list[Text]](list)
    for text in EVERYTHING:
        parts[text.attack].append(text)
    addresses = {name: {text.address for text in texts} for name, texts in parts.items()}
    assert {name: len(found) for name, found in addresses.items() if name != "0"} == {
        "flood": 1,
        "pump": 300,
        "bomber": 25,
        "proxies": 2000,
    }
    assert len({text.phone for text in parts["bomber"]}) == 3
    assert len({text.phone[:7] for text in parts["pump"]}) == 24
    assert len({text.phone[:7] for text in parts["proxies"]}) == 8
    assert set(Counter(text.address for text in parts["proxies"]).values()) == {3}


def test_only_numbers_and_addresses_that_look_like_some() -> None:
    for text in EVERYTHING:
        assert re.fullmatch("1[3-9][0-9]{9}", text.phone)
        assert re.match(
            r"192\.0\.2\.|198\.1[89]\.|198\.51\.100\.|203\.0\.113\.|2001:db8:", text.address
        )
