"""The settings as the scripts of Redis read them."""

import re
from typing import Any

import pytest

from tests.conftest import Configure
from verifications import conf, limits

EVERYONE: tuple[limits.Kind, ...] = ("ip", "prefix", "country", "global")
GUARDS = [0, 1_800_000] * 2  # texts asked for, texts verified


@pytest.fixture(autouse=True)
def _unlike_each_other(configure: Configure) -> None:
    configure(
        CODE_TTL=200,
        CODE_MAX_LIFE=700,
        MAX_GUESSES=4,
        FAILURE_LIMIT=[9, 3000],
        RESEND_INTERVAL=50,
        PHONE_LIMITS=[[6, 3601], [11, 80_000]],
        STRANGER_LIMITS=[[2, 3602]],
        KNOWN_TTL=90_000,
        IP_LIMITS=[[21, 60], [22, 70]],
        PREFIX_LIMITS=[[23, 80]],
        GLOBAL_LIMITS=[[24, 90]],
        GUARD="enforce",
        GUARD_WINDOW=1800,
        GUARD_BOUNDS={"ip": [31, 0.5], "country": [32, 1.5]},
        CAPTCHA="adaptive",
        CAPTCHA_ABOVE={"ip": 41, "global": 42},
    )


def _lua(*kinds: limits.Kind, spare: bool = False) -> str:
    return limits.plan(conf.get(), kinds, spare=spare).decode()


def _constants(*kinds: limits.Kind, spare: bool = False) -> dict[str, str]:
    line = _lua(*kinds, spare=spare).splitlines()[0].removeprefix("local ")
    names, values = (side.split(", ") for side in line.split(" = "))
    return dict(zip(names, values, strict=True))


def _lists(*kinds: limits.Kind) -> list[Any]:
    """What lists() gives: the phone's limits, the strangers' and the scopes."""
    line = _lua(*kinds).splitlines()[1]
    inside = re.fullmatch(r"local function lists\(\) return (.*) end", line)
    assert inside
    return list(eval(_python(inside[1])))


def _python(lua: str) -> str:
    """A table of names is a dict, any other a list."""
    text = re.sub(r"\{(?=\w+ = )([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", r"dict(\1)", lua)
    return text.replace("{", "[").replace("}", "]")


def test_times_are_milliseconds() -> None:
    assert _constants() == {
        "TTL": "200000",
        "MAX_LIFE": "700000",
        "LEAST": "60000",
        "MAX_GUESSES": "4",
        "FAILURES": "9",
        "FAILURE_WINDOW": "3000000",
        "RESEND": "50000",
        "SCOPES": "0",
        "WATCH": "true",
        "GUARD_WINDOW": "1800000",
        "ENFORCE": "true",
        "ASK": "1",
        "MOST": "11",
        "KEEP": "80000000",
        "KNOWN": "90000000",
    }


def test_the_limits_of_a_phone_begin_with_the_resend_interval() -> None:
    phone, strangers, _ = _lists()
    assert phone == [1, 50_000, 6, 3_601_000, 11, 80_000_000]
    assert strangers == [1, 50_000, 2, 3_602_000]


def test_each_scope_has_its_quotas_behind_the_rings_of_the_guard() -> None:
    ip, prefix, country, everyone = _lists(*EVERYONE)[2]
    assert ip["limits"] == [*GUARDS, 21, 60_000, 22, 70_000]
    assert prefix["limits"] == [*GUARDS, 23, 80_000]
    assert everyone["limits"] == [*GUARDS, 24, 90_000]
    assert country["limits"] == GUARDS
    assert [scope["kind"] for scope in (ip, prefix, country, everyone)] == list(EVERYONE)
    assert [scope["heads"].count("I6I4") for scope in (ip, prefix, country)] == [4, 3, 2]
    assert ip["heads"].startswith(">I6I4")


def test_each_scope_has_its_bounds() -> None:
    ip, prefix, country, everyone = _lists(*EVERYONE)[2]
    assert (ip["normal"], ip["floor"], ip["share"]) == (41, 31, 0.5)
    assert (prefix["normal"], prefix["floor"], prefix["share"]) == (0, 0, 0.0)
    assert (country["normal"], country["floor"], country["share"]) == (0, 32, 1.5)
    assert (everyone["normal"], everyone["floor"], everyone["share"]) == (42, 0, 0.0)


def test_there_are_as_many_scopes_as_are_told() -> None:
    assert _constants(*EVERYONE)["SCOPES"] == "4"


@pytest.mark.parametrize(
    ("guard", "captcha", "watch", "enforce"),
    [
        ("enforce", "never", "true", "true"),
        ("record", "never", "true", "false"),
        ("off", "adaptive", "true", "false"),
        ("off", "never", "false", "false"),
        ("off", "always", "false", "false"),
    ],
)
def test_the_rings_of_the_guard_are_there_for_whom_they_serve(
    guard: str, captcha: str, watch: str, enforce: str, configure: Configure
) -> None:
    configure(GUARD=guard, CAPTCHA=captcha)
    constants = _constants("ip")
    assert (constants["WATCH"], constants["ENFORCE"]) == (watch, enforce)
    ((scope,),) = _lists("ip")[2:]
    quotas = [21, 60_000, 22, 70_000]
    assert scope["limits"] == (GUARDS if watch == "true" else []) + quotas
    assert scope["floor"] == (0 if guard == "off" else 31)


@pytest.mark.parametrize(("captcha", "ask"), [("never", "0"), ("adaptive", "1"), ("always", "2")])
def test_no_captcha_is_asked_of_whom_an_operator_allowed(
    captcha: str, ask: str, configure: Configure
) -> None:
    configure(CAPTCHA=captcha)
    assert _constants()["ASK"] == ask
    assert _constants(spare=True)["ASK"] == "0"
    assert limits.plan(conf.get()) == limits.plan(conf.get(), (), spare=False)


@pytest.mark.parametrize(
    ("changed", "keep", "known"),
    [
        ({"STRANGER_LIMITS": [[12, 85_000]]}, "85000000", "90000000"),
        ({"FAILURE_LIMIT": [9, 86_000]}, "86000000", "90000000"),
        ({"FAILURE_LIMIT": [9, 91_000]}, "91000000", "91000000"),
        (
            {"PHONE_LIMITS": [], "STRANGER_LIMITS": [], "FAILURE_LIMIT": [9, 60]},
            "700000",
            "90000000",
        ),
    ],
)
def test_a_state_is_kept_for_as_long_as_any_rule_asks_for_it(
    changed: dict[str, Any], keep: str, known: str, configure: Configure
) -> None:
    configure(**changed)
    constants = _constants()
    assert (constants["KEEP"], constants["KNOWN"]) == (keep, known)


def test_as_many_sends_are_remembered_as_any_limit_counts(configure: Configure) -> None:
    configure(STRANGER_LIMITS=[[12, 3600]])
    assert _constants()["MOST"] == "12"


def test_a_code_lives_no_shorter_than_it_was_promised(configure: Configure) -> None:
    configure(CODE_TTL=800)
    assert _constants()["MAX_LIFE"] == "800000"
