"""`manage.py replay_guard`: whom the guard would have stopped, tried on texts of the past."""

import io
import json
import os
import pty
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from redis import Redis
from redis.exceptions import ConnectionError as RedisDown

from tests.conftest import Configure
from tests.live import ROOT, clean_environment
from verifications import conf, replay, rules, store
from verifications.exceptions import Unavailable
from verifications.models import ListEntry, Message
from verifications.providers import locmem
from verifications.services import send_code
from verifications.traffic import SHOPPER, Text

pytestmark = pytest.mark.redis

HEADER = "time,address,phone,verified,attack"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NINE = 1_781_744_400  # 2026-06-18 09:00 in Shanghai

Replay = Callable[..., Any]

PRINTED = """\
                       texts        sent     captcha    unsolved     refused  own limits
shopper                    1           0           0           0           1           0
attack                     9           6           3           0           3           0

Of the attacks' texts 33.3% were stopped (recall).
Of what was stopped 75.0% was theirs (precision).

Suspicious                                        captcha  refused  first
address 203.0.113.7                                     3        4  2026-06-18 09:00:03

Shoppers who got no text: 1
2026-06-18 09:01:00  131****0000  203.0.113.7  limit
"""


@pytest.fixture(autouse=True)
def _bounds(configure: Configure) -> None:
    bounds = {"ip": [3, 1.0]}
    configure(GUARD="off", GUARD_BOUNDS=bounds, CAPTCHA="adaptive", CAPTCHA_ABOVE={})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "asked.csv"


@pytest.fixture
def told(file: Path) -> Replay:
    """told(rows, "--window", "60"): what the command says of them in JSON."""

    def run(rows: list[str], *options: str, header: str = HEADER) -> Any:
        file.write_text("\n".join([header, *rows]) + "\n")
        out = io.StringIO()
        call_command("replay_guard", str(file), "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    return run


@pytest.fixture
def printed(file: Path) -> Callable[..., str]:
    def run(rows: list[str], *options: str, header: str = HEADER) -> str:
        file.write_text("\n".join([header, *rows]) + "\n")
        out = io.StringIO()
        call_command("replay_guard", str(file), *options, stdout=out)
        return out.getvalue()

    return run


def _phones(first: int = 13_100_000_000) -> Iterator[int]:
    """Each in a segment of its own."""
    return iter(range(first, 13_200_000_000, 10_000))


def _attack(times: int, every: int = 1, address: str = HERE) -> list[str]:
    return [
        f"{NINE + number * every},{address},{phone},0,1"
        for number, phone in zip(range(times), _phones(), strict=False)
    ]


def _shoppers(times: int, address: str = HERE, start: int = NINE) -> list[str]:
    return [
        f"{start + number * 60},{address},{phone},1,0"
        for number, phone in zip(range(times), _phones(13_150_000_000), strict=False)
    ]


def test_who_does_not_solve_goes_no_further_than_the_bound(told: Replay) -> None:
    answer = told(_attack(10))
    assert answer["parts"] == {
        "attack": {
            "texts": 10,
            "sent": 3,
            "asked": 7,
            "unsolved": 7,
            "listed": 0,
            "limit": 0,
            "own": 0,
        }
    }
    assert answer["stopped"] == [
        {
            "kind": "address",
            "name": HERE,
            "asked": 7,
            "refused": 0,
            "first": "2026-06-18 09:00:03",
        }
    ]
    assert (answer["recall"], answer["precision"]) == (0.7, 1.0)


def test_who_solves_is_refused_at_twice_the_bound(told: Replay) -> None:
    answer = told(_attack(10), "--attacker-solves")
    counts = answer["parts"]["attack"]
    assert (counts["sent"], counts["asked"], counts["unsolved"], counts["limit"]) == (6, 3, 0, 4)
    (cause,) = answer["stopped"]
    assert (cause["asked"], cause["refused"]) == (3, 4)
    assert answer["recall"] == 0.4


def test_a_file_need_not_be_sorted(told: Replay) -> None:
    rows = _attack(10) + _shoppers(4, ELSEWHERE)
    assert told(rows) == told(rows[::-1])


def test_shoppers_who_verify_are_let_through(told: Replay) -> None:
    """Though the bound is passed by far; their codes count, at the time they are typed in."""
    answer = told(_shoppers(30))
    assert answer["parts"][SHOPPER]["sent"] == 30
    assert answer["stopped"] == answer["shoppers"] == []


def test_codes_that_are_not_typed_in_yet_do_not_count(told: Replay) -> None:
    rows = [row.replace(row.split(",")[0], f"{NINE}.{n}") for n, row in enumerate(_shoppers(5))]
    assert told(rows)["parts"][SHOPPER]["asked"] == 2


def test_hours_pass_between_texts(told: Replay) -> None:
    assert told(_attack(10, every=3900 // 3))["parts"]["attack"]["sent"] == 10
    assert told(_attack(10, every=600))["parts"]["attack"]["sent"] < 10


def test_a_shopper_behind_the_same_address_solves_and_in_the_end_is_hurt(told: Replay) -> None:
    solving = told(_attack(5) + _shoppers(1, start=NINE + 60))
    assert solving["parts"][SHOPPER]["asked"] == solving["parts"][SHOPPER]["sent"] == 1
    refused = told(_attack(9) + _shoppers(1, start=NINE + 60), "--attacker-solves")
    assert refused["shoppers"] == [
        {
            "time": "2026-06-18 09:01:00",
            "address": HERE,
            "phone": "131****0000",
            "by": "limit",
        }
    ]
    assert refused["precision"] == 0.75


def test_the_phones_own_limits_are_counted_apart(told: Replay) -> None:
    answer = told(
        [f"{NINE},{HERE},13800138000,0,bomber", f"{NINE + 9},{HERE},13800138000,0,bomber"]
    )
    assert answer["parts"]["bomber"]["own"] == 1
    assert (answer["recall"], answer["precision"]) == (0.5, 0.0)
    assert answer["stopped"] == []


def test_segments_and_countries(told: Replay, configure: Configure) -> None:
    configure(
        GUARD_BOUNDS={"prefix": [2, 1.0], "country": [3, 1.0]}, ALLOWED_COUNTRIES=["CN", "HK"]
    )
    mainland = [f"{NINE + n},,1380013800{n},0,1" for n in range(6)]
    hongkong = [f"{NINE + n},,+852510{n}4567,0,1" for n in range(1, 9)]
    causes = told(mainland, "--attacker-solves", "--bound", "country=off")["stopped"]
    assert [(cause["kind"], cause["name"]) for cause in causes] == [("segment", "1380013****")]
    (cause,) = told(hongkong, "--attacker-solves")["stopped"]
    assert cause == {
        "kind": "country",
        "name": "HK",
        "asked": 3,
        "refused": 2,
        "first": "2026-06-18 09:00:04",
    }


def test_an_hour_may_just_be_busy(told: Replay) -> None:
    answer = told(_attack(5), "--bound", "ip=off", "--captcha-above", "ip=4")
    assert [(cause["kind"], cause["asked"]) for cause in answer["stopped"]] == [("busy", 1)]


def test_a_captcha_for_everyone_accuses_nobody(told: Replay, configure: Configure) -> None:
    configure(CAPTCHA="always")
    answer = told(_shoppers(2))
    assert answer["parts"][SHOPPER]["asked"] == 2
    assert answer["stopped"] == []


def test_a_plain_quota_is_a_limit_too(told: Replay, configure: Configure) -> None:
    configure(GUARD_BOUNDS={}, GLOBAL_LIMITS=[[2, 3600]])
    (cause,) = told(_attack(3))["stopped"]
    assert (cause["kind"], cause["refused"]) == ("global", 1)


def test_settings_to_try(told: Replay) -> None:
    assert told(_attack(10), "--bound", "ip=5:1")["parts"]["attack"]["sent"] == 5
    assert told(_attack(10), "--bound", "ip=off")["parts"]["attack"]["sent"] == 10
    assert told(_attack(10), "--captcha-above", "ip=2")["parts"]["attack"]["sent"] == 2
    assert told(_attack(10, every=60), "--window", "60")["parts"]["attack"]["sent"] == 10


def test_the_share_of_the_verified_ones(told: Replay) -> None:
    rows = _shoppers(10) + [
        f"{NINE + 900 + number},{HERE},{phone},0,1"
        for number, phone in zip(range(10), _phones(), strict=False)
    ]
    assert told(rows)["parts"]["attack"]["sent"] == 10
    assert told(rows, "--bound", "ip=3:0.5")["parts"]["attack"]["sent"] == 5


@pytest.mark.parametrize(
    ("what", "value", "parts"),
    [
        ("address", HERE, {"listed": 0, "sent": 10}),
        ("phone", "13100000000", {"listed": 0, "sent": 4}),
    ],
)
def test_whom_an_operator_allowed(
    what: str, value: str, parts: dict[str, int], told: Replay
) -> None:
    ListEntry.objects.create(list="allow", what=what, value=value)
    rules.forget()
    counts = told(_attack(10))["parts"]["attack"]
    assert {name: counts[name] for name in parts} == parts


@pytest.mark.parametrize(
    ("what", "value", "listed"),
    [("address", HERE, 10), ("phone", "13100000000", 1), ("segment", "1310000", 1)],
)
def test_whom_an_operator_blocked(what: str, value: str, listed: int, told: Replay) -> None:
    ListEntry.objects.create(list="block", what=what, value=value)
    rules.forget()
    assert told(_attack(10))["parts"]["attack"]["listed"] == listed


@pytest.fixture(autouse=True)
def _no_lists() -> Iterator[None]:
    yield
    rules.forget()


def test_a_row_that_says_verified_twice(told: Replay) -> None:
    rows = [f"{NINE},{HERE},13800138000,1,0", f"{NINE + 70},{HERE},13800138000,1,0"]
    assert told(rows)["parts"][SHOPPER]["sent"] == 2


def test_without_the_truth_nothing_is_said_of_precision(
    told: Replay, printed: Callable[..., str]
) -> None:
    rows = [row.rpartition(",")[0] for row in _attack(5) + _shoppers(1)]
    header = HEADER.rpartition(",")[0]
    answer = told(rows, header=header)
    assert {name: part["texts"] for name, part in answer["parts"].items()} == {
        SHOPPER: 1,
        "unverified": 5,
    }
    assert "recall" not in answer
    assert "precision" not in printed(rows, header=header)


def test_what_it_prints(printed: Callable[..., str]) -> None:
    rows = _attack(9) + _shoppers(1, start=NINE + 60)
    assert printed(rows, "--attacker-solves") == PRINTED


def test_no_phone_is_printed_whole(printed: Callable[..., str]) -> None:
    rows = _attack(9) + _shoppers(1, start=NINE + 60)
    for options in ([], ["--json"]):
        output = printed(rows, "--attacker-solves", *options)
        assert not any(row.split(",")[2] in output for row in rows)


def test_of_many_the_worst_are_printed(printed: Callable[..., str]) -> None:
    rows = [
        f"{NINE + number},192.0.2.{address},{phone},0,1"
        for address in range(25)
        for number, phone in zip(range(5), _phones(13_100_000_000 + address * 10**6), strict=False)
    ]
    output = printed(rows)
    assert output.count("address 192.0.2.") == 20
    assert "... and 5 more; --json has all." in output


def test_an_empty_file(told: Replay, printed: Callable[..., str]) -> None:
    assert told([])["parts"] == {}
    assert "Shoppers who got no text: 0" in printed([])


def test_nobody_is_texted_and_nothing_live_is_touched(told: Replay, redis: Redis) -> None:
    send_code("13100000000", "login", ip=HERE)
    before = {key: redis.dump(key) for key in redis.scan_iter()}
    told(_attack(50) + _shoppers(20, ELSEWHERE), "--attacker-solves")
    assert {key: redis.dump(key) for key in redis.scan_iter()} == before
    assert len(locmem.outbox) == Message.objects.count() == 1


def test_while_it_runs_its_keys_are_its_own(redis: Redis) -> None:
    with replay.rehearsal():
        assert conf.get().guard == "enforce"
        text = Text(NINE * 1000, "+8613800138000", HERE, True, SHOPPER)
        assert [fate.stopped for _, fate in replay.run([text])] == [""]
        keys = [key.decode() for key in redis.scan_iter()]
        assert keys
        assert all(key.startswith("sms.replay.") for key in keys)


def test_the_longest_prefix_leaves_room(configure: Configure, redis: Redis) -> None:
    configure(KEY_PREFIX="x" * 32)
    with replay.rehearsal():
        assert len(conf.get().key_prefix) == 32
        assert conf.get().key_prefix != "x" * 32


def test_ctrl_c_leaves_nothing_behind(
    told: Replay, redis: Redis, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live, issue, calls = settings.VERIFICATIONS, store.issue, iter(range(10))

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 5:
            assert list(redis.scan_iter())
            raise KeyboardInterrupt
        return issue(*args, **kwargs)

    monkeypatch.setattr(store, "issue", interrupted)
    with pytest.raises(SystemExit, match="130"):
        told(_attack(10))
    assert not list(redis.scan_iter())
    assert live == settings.VERIFICATIONS
    assert (conf.get().guard, store.ahead_ms) == ("off", 0)


def test_a_bad_file_is_refused_before_anything(told: Replay) -> None:
    with pytest.raises(CommandError) as refusal:
        told([*_attack(3), f"{NINE},here,13800138000,0,1", f"{NINE},,1380013800012,0,1"])
    assert str(refusal.value).splitlines() == [
        "line 5: address: an IPv4 or IPv6 address is expected, or none",
        "line 6: phone: 138****0012: invalid_phone",
        "Nothing was replayed.",
    ]


def test_of_many_bad_rows_the_first_are_told(told: Replay) -> None:
    with pytest.raises(CommandError, match=r"line 21: .*\n\.\.\. and 5 more\nNothing was replayed"):
        told(["x"] * 25)


@pytest.mark.parametrize(
    "options",
    [
        ["--bound", "ip"],
        ["--bound", "ip=3"],
        ["--bound", "ip=3:-1"],
        ["--bound", "ip=0:1"],
        ["--bound", "ip=3:99"],
        ["--bound", "street=3:1"],
        ["--captcha-above", "ip"],
        ["--captcha-above", "ip=0"],
        ["--captcha-above", "country=5"],
        ["--window", "5"],
        ["--window", "long"],
    ],
    ids=" ".join,
)
def test_settings_that_are_wrong(options: list[str], told: Replay, redis: Redis) -> None:
    with pytest.raises(CommandError):
        told(_attack(3), *options)
    assert not list(redis.scan_iter())
    assert conf.get().guard == "off"


def test_redis_away(told: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_alias: str) -> Any:
        raise RedisDown

    monkeypatch.setattr(replay, "get_redis_connection", away)
    with pytest.raises(CommandError, match="Redis is out of reach"):
        told(_attack(3))
    assert conf.get().guard == "off"


def test_redis_gone_half_way(told: Replay, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any, **__: Any) -> Any:
        raise Unavailable

    monkeypatch.setattr(store, "issue", gone)
    with pytest.raises(CommandError, match=r"out of reach; manage\.py doctor tells which"):
        told(_attack(3))
    assert (conf.get().guard, store.ahead_ms) == ("off", 0)


def test_at_a_terminal_there_is_a_progress_bar(tmp_path: Path, file: Path) -> None:
    file.write_text("\n".join([HEADER, *_attack(5)]) + "\n")
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    environment = clean_environment(DADASHOP_DATA_DIR=str(tmp_path), SMS_PROVIDERS="locmem")
    for arguments in (["migrate", "-v0"], ["replay_guard", str(file), "--json"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=terminal,
            timeout=60,
            check=True,
        )
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    os.close(terminal)
    assert "100%" in shown
    assert json.loads(done.stdout)["parts"]["attack"]["texts"] == 5
