"""Codes of platforms and carriers, and our own words, in an operator's words."""

import ast
import re
from pathlib import Path

import pytest

import verifications
from verifications import reasons
from verifications.models import Message


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("sent", "", ""),
        ("failed", "cloopen: 160042", "（160042）"),
        ("failed", "aliyun: isv.MOBILE_NUMBER_ILLEGAL", "（isv.MOBILE_NUMBER_ILLEGAL）"),
        ("failed", "cloopen: budget", "预算已用完"),
        ("unknown", "tencent: ReadTimeout", "平台没有及时应答"),
        ("queued", "baidu: HTTP 502", "平台的应答是 HTTP 502"),
        ("failed", "gone_platform: X1", "X1"),
        ("failed", "../../secrets: X1", "X1"),
        ("failed", "cloopen: no such code", "no such code"),
        ("failed", "cancelled", "已取消"),
        ("expired", "expired", "到有效期仍未发出"),
        ("undelivered", "MK:0012", "空号（MK:0012）"),
        ("undelivered", "XX:9", "未知代码（XX:9）"),
        ("undelivered", "", ""),
    ],
)
def test_a_reason(status: str, reason: str, words: str) -> None:
    told = reasons.of_message(Message(status=status, reason=reason))
    assert told == words or (words.startswith("（") and told.endswith(words) and told != words)


def test_every_word_of_ours_has_words() -> None:
    """Those that the code writes as a reason: found where it does."""
    source = Path(verifications.__file__).parent
    named = set()
    for name in ("planning.py", "claims.py", "pickups.py", "outgoing.py", "operations.py"):
        named |= _reasons_in((source / name).read_text())
    assert {"no template", "blocked", "redis", "budget", "cancelled"} <= named
    assert named <= set(reasons._OURS), named - set(reasons._OURS)


def _reasons_in(source: str) -> set[str]:
    """The literals in the place of a reason: of Moved, Waits and withdraw(), and `reason=`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            places = {"Moved": 2, "Waits": 2, "withdraw": 1}
            given = node.args[places[name] :][:1] if name in places else []
            given += [word.value for word in node.keywords if word.arg == "reason"]
            found |= {
                leaf.value
                for one in given
                for leaf in ast.walk(one)
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
            }
    return {word for word in found if re.search(r"[a-z]", word)}
