"""What the READMEs tell to type works."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.docs.pages import blocks, prose, read
from tests.docs.typed import dry_run, run_curl
from tests.live import Live
from verifications.conf import Conf
from verifications.exceptions import CodeExpired
from verifications.providers import locmem
from verifications.services import redeem_pickup_code

READMES = ["README.md", "README.zh-CN.md"]
BOTH = pytest.mark.parametrize("name", READMES)


def test_both_say_the_same() -> None:
    """In commands and snippets; their words are each language's own."""

    def code(name: str) -> list[str]:
        page = read(name)
        lines = "".join(blocks(page, "sh") + blocks(page, "python")).splitlines()
        return [re.sub(r'\s*#.*|"[^"]*[：:]\s*"', "", line) for line in lines]

    assert code(READMES[0]) == code(READMES[1])


def test_both_lead_to_the_same_pages() -> None:
    def targets(name: str) -> list[str]:
        return sorted({*re.findall(r"\]\((docs/[^)#]+|CONTRIBUTING.md)", read(name))})

    assert targets(READMES[0]) == targets(READMES[1])


def test_the_limits_that_are_promised_are_the_defaults() -> None:
    page, defaults = read(READMES[1]), Conf()
    (an_hour, _), (a_day, _) = defaults.phone_limits
    promised = f"{defaults.resend_interval} 秒一条，一小时 {an_hour} 条，一天 {a_day} 条"
    assert f"同一个手机号 {promised}" in page
    assert f"猜错 {defaults.max_guesses} 次就不能再猜" in page
    assert "22 点到次日 8 点" in page
    assert defaults.quiet_hours == ("22:00", "08:00")
    assert f"`DADASHOP_GUARD` 默认是 `{defaults.guard}`" in page


def test_the_codes_of_cloopen_mean_what_is_told() -> None:
    page = read(READMES[1])
    rows = json.loads(read("verifications/providers/cloopen_errors.json"))
    meanings = {row["code"]: row["meaning"] for row in rows}
    told = {
        "111115": "白名单",
        "160053": "IP",
        "112305": "应用未上线",
        "112310": "应用未上线",
        "112323": "未过审",
        "111109": "",
        "111142": "余额不足",
        "160019": "签名无效",
        "160038": "过频",
        "160040": "当日上限",
    }
    assert {*re.findall(r"\b1\d{5}\b", prose(page))} == {*told}
    assert {code: words in meanings[code] for code, words in told.items()} == dict.fromkeys(
        told, True
    )
    assert "签名长度须 2-16 字" in meanings["112357"]


@BOTH
def test_make_knows_its_targets(name: str) -> None:
    script = blocks(read(name), "sh")[0]
    assert [line.split()[1] for line in script.splitlines()] == ["run", "test"]
    for line in script.splitlines():
        assert dry_run(line)
    (elsewhere,) = re.findall(r"`(make run PORT=[^`]+)`", read(name))
    assert dry_run(elsewhere)


@pytest.mark.live
@BOTH
def test_curl(name: str, live: Live, phone: str) -> None:
    script = blocks(read(name), "sh")[1].replace("http://127.0.0.1:8000", live.url)
    script = script.replace("http://127.0.0.1:8883", live.sandbox_url)
    script = script.replace("13800138000", phone)
    send, received, verify = re.findall(r"^curl .*?'$", script, re.DOTALL | re.MULTILINE)
    shown = re.findall(r"^# (\{.*\})$", script, re.MULTILINE)
    assert _keys(run_curl(send)) == _keys(shown[0])
    code = re.findall(r"\d{6}", json.loads(run_curl(received))[0]["text"])[0]
    assert _keys(run_curl(verify.replace("123456", code))) == _keys(shown[1])


def _keys(document: str) -> list[str]:
    return re.findall(r'"(\w+)":', document)


@pytest.fixture
def type_the_code(monkeypatch: pytest.MonkeyPatch, last_code: Callable[[], str]) -> None:
    monkeypatch.setattr("builtins.input", lambda _prompt: last_code())


@pytest.mark.django_db
@pytest.mark.usefixtures("type_the_code")
@BOTH
def test_the_python_of_codes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    snippet = blocks(read(name), "python")[0]
    names: dict[str, Any] = {}
    exec(snippet, names)
    assert names["phone"] == "+8613800138000"
    exec(snippet, names)
    assert capsys.readouterr().out.startswith("cooldown 验证码刚刚发过")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("type_the_code")
@BOTH
def test_the_python_of_notices(name: str) -> None:
    exec(blocks(read(name), "python")[1], {})
    shipped, pickup = locmem.outbox
    assert shipped.params == {"order": "D1001", "company": "顺丰", "number": "SF1"}
    assert pickup.params["order"] == "D1001"
    with pytest.raises(CodeExpired):
        redeem_pickup_code(pickup.params["code"], order="D1001")
