"""What the READMEs tell to type works."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.docs.pages import blocks, read, run_curl
from tests.live import ROOT, Live, clean_environment
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


@pytest.mark.live
@BOTH
def test_curl(name: str, live: Live, phone: str) -> None:
    script = blocks(read(name), "sh")[1].replace("http://127.0.0.1:8000", live.url)
    script = script.replace("13800138000", phone)
    send, verify = re.findall(r"^curl .*?'$", script, re.DOTALL | re.MULTILINE)
    shown = re.findall(r"^# (\{.*\})$", script, re.MULTILINE)
    assert _keys(run_curl(send)) == _keys(shown[0])
    text = live.texts(phone)[0]["text"]
    code = re.findall(r"\d{6}", text)[0]
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


@BOTH
def test_going_live_passes_the_deploy_check(name: str) -> None:
    script = blocks(read(name), "sh")[2]
    values = {
        "CLOOPEN_TEMPLATE_ID": "1",
        "REDIS_URL": "redis://r",
        "DATABASE_URL": "postgres://p/d",
    }
    values |= {"DADASHOP_SECRET_KEY": "".join(map(chr, range(48, 110)))}
    exports = re.findall(r"([A-Z_]+)=(\S+)", script)
    environment = {key: values.get(key, value.replace("…", "x")) for key, value in exports}
    assert len(environment) == 9
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
